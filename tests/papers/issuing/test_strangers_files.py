"""Files that ask for much, or that no library takes: each has its answer, and nothing is held."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from flask import Flask

from tests.papers.issuing import hostile
from tests.recycling import Databases
from tests.web.pages import Browser, text_of
from tracker.core.db import db, units
from tracker.core.strangers import Bounds, Reason, UnreadableError, read_apart
from tracker.papers.common.identity import read_entries
from tracker.papers.issuing import queries, service, verification, views
from tracker.papers.issuing.cli import verify_command
from tracker.papers.issuing.verification import Answer, verify
from tracker.papers.issuing.volume import write_volume

NO_NUMBER = {"ShanhaiNumber": "SH2024-S09-0001"}


@pytest.fixture
def database_url(issued_database: Path, databases: Databases) -> Iterator[str]:
    """A copy of a database whose papers are issued."""
    with databases.sqlite(issued_database) as url:
        yield url


@pytest.fixture(autouse=True)
def reading(app: Flask) -> Iterator[None]:
    """Whoever verifies only reads."""
    with units.mode(writes=False):
        yield


@pytest.fixture
def paper(reading: None) -> bytes:
    """The bytes of an issued paper."""
    content = queries.content_of(queries.list_of(1)[-1])
    db.session.rollback()
    return content


@pytest.fixture
def told(
    app: Flask, reading_forked: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[bytes], Answer]:
    """Verifies a file by the command and on the page, which must say the same."""

    monkeypatch.setattr(service, "MOST_CHECKS", 1_000)
    page = Browser(app)

    def tell(content: bytes) -> Answer:
        file = tmp_path / "file.pdf"
        file.write_bytes(content)
        done = CliRunner().invoke(verify_command, [str(file)], standalone_mode=False)
        assert done.exception is None, done.exception
        label = done.stderr.splitlines()[0]
        db.session.rollback()
        shown = page.post("/verify", {"file": (io.BytesIO(content), "a.pdf")})
        assert shown.status_code == 200
        assert label in text_of(shown)
        answer = next(a for a in Answer if a.full_label == label)
        assert answer.code == done.return_value
        return answer

    return tell


def entries_of(paper: bytes, **others: str | bytes) -> dict[str, str | bytes]:
    return {**read_entries(paper), **others}


def test_what_follows_a_paper_is_told_apart_from_it(paper: bytes, told: Callable) -> None:
    """Whatever follows: the update here takes the paper's identity away."""
    number = read_entries(paper)["ShanhaiNumber"]
    update = hostile.updated(paper, b"<</Title(another)>>")
    with pikepdf.open(io.BytesIO(update)) as file:
        assert str(file.docinfo["/Title"]) == "another"
    marks = paper + b"%%EOF\r\n" * 100_000
    for content in (update, paper + b" ", paper + b"\r\n%%EOF\r\n", paper + paper, marks):
        verdict = verify(content, in_detail=False)
        assert verdict.answer is Answer.CHANGED
        more = len(content) - len(paper)
        assert f"编号 {number} 的存档原件之后有追加内容，多出 {more:,} 字节" in verdict.words[0]
        assert verdict.paper.number == number
    assert told(update) is Answer.CHANGED
    assert verify(update).differences


def test_bytes_are_enough_for_what_was_issued(
    paper: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: Any, **__: Any) -> None:
        raise AssertionError("a library was asked")

    monkeypatch.setattr(verification, "read_apart", opened)
    assert verify(paper).answer is Answer.GENUINE
    for stray in (b"x", b" ", b"\r\n%%EOF\r\n", b"%%EOF\r\n" * 100_000, b"\0" * 5_000):
        verdict = verify(paper + stray, in_detail=False)
        assert verdict.answer is Answer.CHANGED
        assert f"之后有追加内容，多出 {len(stray):,} 字节" in verdict.words[0]
    for update in (b"1 0 obj", b"startxref", b"trailer"):
        with pytest.raises(AssertionError, match="a library was asked"):
            verify(paper + update, in_detail=False)
    assert verify(b"PK\x03\x04").answer is Answer.NOT_OURS


def test_a_paper_saved_again_is_changed(paper: bytes, told: Callable) -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as file:
        file.save(saved, linearize=True)
    assert told(saved.getvalue()) is Answer.CHANGED
    assert told(b"\n" + paper) is Answer.CHANGED
    assert told(paper[:-1]) is Answer.CHANGED
    assert told(hostile.encrypted(paper, owner="a")) is Answer.CHANGED
    assert verify(hostile.encrypted(paper, owner="a")).differences[0].startswith("文字相同")


def test_what_no_library_takes(paper: bytes, told: Callable) -> None:
    info = entries_of(paper)
    begun = hostile.pages_of(hostile.info_of(info), 1, b"<<>>")
    assert told(hostile.encrypted(paper, owner="a", user="b")) is Answer.ENCRYPTED
    for content in (b"", b"no pdf", b"\0" * 5_000, b"PK\x03\x04" + bytes(99)):
        assert told(content) is Answer.NOT_OURS
    for content in (b"%PDF-1.7\n", paper[:3_000], b"%PDF-1.7\ntrailer<</Root 1 0 R>>"):
        assert told(content) is Answer.DAMAGED
    assert told(begun.replace(b"00000 n", b"00000 f")) is Answer.DAMAGED
    # Its table is not where it says, but the objects can be found.
    assert told(begun.replace(b"startxref\n", b"startxref\n9")) is Answer.CHANGED
    without = hostile.pages_of(b"<</Title(x)>>", 1, b"<<>>")
    assert told(without) is Answer.NOT_OURS
    # What was printed here and never issued, a hearing's paper or a form, bears no mark either.
    assert "不是签发的文书" in verify(without).words[0]
    loop = begun.replace(b"/Root", b"/Prev %d/Root" % begun.rindex(b"xref\n0"))
    assert told(loop) in {Answer.CHANGED, Answer.DAMAGED}


def test_an_identity_that_cannot_be(paper: bytes, told: Callable) -> None:
    refused = {Answer.NOT_OURS, Answer.DAMAGED}
    for entries in (
        {"ShanhaiNumber": "SH2024\0"},
        {"ShanhaiNumber": "\x1b[2J\x1b]0;x\a"},
        {"ShanhaiNumber": b"\xef\xbb\xbf\xff\xfe\xff"},
        {"ShanhaiNumber": "\u202e1-20S"},
        {"ShanhaiNumber": "1" * 100_000},
        {"ShanhaiYear": "9" * 10_000},
        {"ShanhaiYear": "２０２４"},
        {"ShanhaiYear": ""},
        {"ShanhaiLayout": "\n"},
        {"ShanhaiSnapshot": "0" * 63 + "\n"},
        {"ShanhaiSubject": "\ud800".encode("utf-16-be", "surrogatepass")},
    ):
        info = hostile.info_of(entries_of(paper, **entries))
        assert told(hostile.pages_of(info, 1, b"<<>>")) in refused, entries
    # Half a character is none: the file has no number and claims to be a draft.
    for number in (b"\xfe\xff\xd8\x00", b"\xfe\xff\x00"):
        info = hostile.info_of(entries_of(paper, ShanhaiNumber=number))
        assert told(hostile.pages_of(info, 1, b"<<>>")) in {Answer.CHANGED, *refused}


def test_an_identity_is_looked_up_as_it_is(paper: bytes, told: Callable) -> None:
    for entries in (NO_NUMBER, {"ShanhaiNumber": "", "ShanhaiSnapshot": "0" * 64}):
        info = hostile.info_of(entries_of(paper, **entries))
        assert told(hostile.pages_of(info, 1, b"<<>>")) is Answer.UNKNOWN
        assert told(hostile.file_in_a_stream(info, 10)) is Answer.UNKNOWN
    info = hostile.info_of(entries_of(paper, ShanhaiNumber="", ShanhaiSubject="nobody"))
    assert told(hostile.pages_of(info, 1, b"<<>>")) is Answer.UNKNOWN


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param(
            {
                "a font of everything",
                "blanks packed twice",
                "one stream, very many pages",
                "words packed twice",
            },
            id="some",
        ),
        pytest.param(frozenset(), id="all", marks=pytest.mark.soak),
    ],
)
def test_costly_files_are_cut_short(
    paper: bytes, monkeypatch: pytest.MonkeyPatch, left_out: set[str]
) -> None:
    monkeypatch.setattr(verification, "_FOR_TWO", Bounds(processor=1, clock=600))
    ends = {
        "pages in a circle": Answer.DAMAGED,
        "brackets": Answer.DAMAGED,
        "objects packed": Answer.NOT_OURS,
    }
    info = hostile.info_of(entries_of(paper))
    claims_layout = hostile.info_of(entries_of(paper, ShanhaiLayout="0"))
    for name, make in hostile.costly(claims_layout).items():
        if name in left_out:
            continue
        content = make()
        assert len(content) < 4 * 1024 * 1024
        verdict = verify(content)
        assert verdict.answer is ends.get(name, Answer.CHANGED), name
        if name == "one stream, some pages":
            assert str(UnreadableError(Reason.TOO_MUCH)) in verdict.differences[0]
    # Of the same layout nothing needs to be read to know that the bytes are not the original's.
    monkeypatch.setattr(verification, "compare", None)
    content = hostile.shared_content(info)
    assert verify(content, in_detail=False).answer is Answer.CHANGED


def test_text_of_a_file_does_not_steer_a_terminal(paper: bytes) -> None:
    content = hostile.steering(hostile.info_of(entries_of(paper)))
    lines = verify(content).differences
    assert any("steer" in line for line in lines)
    assert all(line.isprintable() or "　" in line for line in lines)
    assert "\x1b" not in "".join(lines)


def test_a_volume_says_what_it_is(paper: bytes) -> None:
    made = io.BytesIO()
    write_volume(queries.latest_issue(2024), made)
    verdict = verify(made.getvalue())
    assert verdict.answer is Answer.NOT_OURS
    assert "合订本" in verdict.words[0]


def test_nothing_is_held_while_a_file_is_read(
    app: Flask, paper: bytes, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor while a paper is printed anew: somebody else can write at once."""
    read, printed = [], []
    print_ = verification.paper_pdf

    def write() -> None:
        other = sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM paper_checks")
        other.rollback()
        other.close()

    def reading(*args: Any, **options: Any) -> Any:
        write()
        read.append(args[0].__name__)
        return read_apart(*args, **options)

    def printing(*args: Any) -> bytes:
        write()
        printed.append(args)
        return print_(*args)

    monkeypatch.setattr(verification, "read_apart", reading)
    monkeypatch.setattr(verification, "paper_pdf", printing)
    page = Browser(app)
    other = hostile.info_of(entries_of(paper, ShanhaiLayout="0"))
    draft = hostile.info_of(entries_of(paper, ShanhaiLayout="0", ShanhaiNumber=""))
    for content in (paper, *(hostile.pages_of(info, 1, b"<<>>") for info in (other, draft))):
        answer = page.post("/verify", {"file": (io.BytesIO(content), "a.pdf")})
        assert answer.status_code == 200
    assert read == [*["read_entries", "compare"] * 2, "lacking"]
    assert len(printed) == 3  # a draft as before its card was made final, and as after


def test_a_machine_without_time_says_so(
    app: Flask, paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_time(*_: Any, **__: Any) -> None:
        raise UnreadableError(Reason.NO_TIME)

    monkeypatch.setattr(verification, "read_apart", no_time)
    other = hostile.pages_of(hostile.info_of(entries_of(paper)), 1, b"<<>>")
    page = Browser(app).post("/verify", {"file": (io.BytesIO(other), "a.pdf")})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "暂时无法核验" in text_of(page)
    file = tmp_path / "file.pdf"
    file.write_bytes(other)
    done = CliRunner().invoke(verify_command, [str(file)], standalone_mode=False)
    assert done.return_value == 6


def test_whoever_finds_no_place_is_told_at_once(app: Flask, paper: bytes) -> None:
    page = Browser(app)
    with views.CHECKS.taken(app.config["TRACKER"].instance / "slots"):
        refused = page.post("/verify", {"file": (io.BytesIO(paper), "a.pdf")})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "正在核验其他文件，请稍后再试" in text_of(refused)
        assert queries.checks_since(service.now() - service.WINDOW, "127.0.0.1") == 0
        assert page.get("/verify?number=SH2024-S01-0001").status_code == 200
    assert page.post("/verify", {"file": (io.BytesIO(paper), "a.pdf")}).status_code == 200


def test_the_command_reads_no_more_than_a_paper_needs(
    paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = CliRunner().invoke(verify_command, ["/dev/zero"], standalone_mode=False)
    assert done.return_value == 2
    assert "超出限度" in done.stderr
    for wrong in (tmp_path, tmp_path / "nothing.pdf"):
        assert CliRunner().invoke(verify_command, [str(wrong)]).exit_code == 2
