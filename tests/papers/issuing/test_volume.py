"""The bound volume and the archive, read back."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdf
import pytest

from tests.papers.common.verapdf import Validator
from tests.papers.texts import page_texts
from tracker.core.db import db
from tracker.engine.typeset.binding import Part, bind
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, service
from tracker.papers.issuing.jobs import VOLUME, ask_for
from tracker.papers.issuing.models import IssuedPaper, PaperIssue
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.verification import Answer, verify
from tracker.papers.issuing.volume import (
    volume_name,
    write_archive,
    write_volume,
    write_whole,
)
from tracker.records.background.models import BackgroundJob
from tracker.records.background.queries import chunks
from tracker.records.background.running import run
from tracker.year.assessments.models import Snapshot

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def issue(snapshot: Snapshot) -> PaperIssue:
    found = service.start(snapshot, None)
    db.session.commit()
    run_issue(found.id)
    return db.session.get_one(PaperIssue, found.id)


_volumes: dict[tuple[str, ...], bytes] = {}


def volume_of(issue: PaperIssue) -> bytes:
    """The volume of an issue, bound once of the same papers."""
    papers = tuple(paper.sha256 for paper in queries.list_of(issue.id))
    if papers not in _volumes:
        _volumes[papers] = made(write_volume, issue)
    return _volumes[papers]


def made(write, issue: PaperIssue) -> bytes:
    out = io.BytesIO()
    write(issue, out)
    return out.getvalue()


def test_the_volume_is_whole(issue: PaperIssue) -> None:
    papers = queries.list_of(issue.id)
    volume = volume_of(issue)
    assert volume == made(write_volume, issue)
    with pikepdf.open(io.BytesIO(volume)) as pdf:
        assert pdf.check_pdf_syntax() == []
    reader = pypdf.PdfReader(io.BytesIO(volume))
    texts = page_texts(volume)
    own = len(texts) - sum(paper.pages for paper in papers)
    assert 1 <= own <= 2
    contents = re.findall(r"(SH2024-S01-\d{4})\s+(\d+)", "\n".join(texts[:own]))
    assert int(contents[0][1]) == own + 1
    assert [number for number, _ in contents] == [paper.number for paper in papers]
    for number, page in contents:
        first = texts[int(page) - 1]
        assert number in first
        assert "— 1 —" in first  # the part's own page number is kept
    _outline(reader, papers, own)
    _one_structure_tree(volume, len(texts))
    assert verify(volume).answer is Answer.NOT_OURS
    assert "合订本" in verify(volume).words[0]


def _outline(reader: pypdf.PdfReader, papers: list, own: int) -> None:
    """Every part has a bookmark that leads to its first page, with its sections below."""
    found: dict[str, int] = {}

    def walk(items: list) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                found[item.title] = reader.get_destination_page_number(item)

    walk(reader.outline)
    at = own
    for paper in papers:
        assert found[f"{paper.subject_name} {paper.kind.label}（{paper.number}）"] == at
        at += paper.pages
    assert found["目录"] == 0
    assert "核验信息" in found


def _one_structure_tree(volume: bytes, pages: int) -> None:
    with pikepdf.open(io.BytesIO(volume)) as pdf:
        tree = pdf.Root.StructTreeRoot
        (document,) = tree.K
        assert document.S == "/Document"
        assert {str(part.S) for part in document.K} == {"/Part"}
        limits = [[int(n) for n in leaf.Limits] for leaf in tree.ParentTree.Kids]
        *limits, links = limits
        assert limits[0][0] == 0
        assert limits[-1][1] == pages - 1 < links[0]
        assert links[1] == tree.ParentTreeNextKey - 1
        assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(limits))
        assert [int(page.obj.StructParents) for page in pdf.pages] == list(range(pages))


@pytest.mark.soak
def test_the_volume_is_compliant(issue: PaperIssue, tmp_path: Path) -> None:
    """As one of two papers is (`tests/papers/common/test_profiles.py`)."""
    file = tmp_path / "volume.pdf"
    file.write_bytes(volume_of(issue))
    validator = Validator(tmp_path)
    try:
        for flavour in ("2a", "ua1"):
            verdict = validator.check(file, flavour)
            assert verdict.failed == ()
            assert verdict.checks > 10_000
    finally:
        validator.stop()


def test_contents_and_bookmarks_name_each_paper_once(issue: PaperIssue) -> None:
    """One heading a kind of subject; a subject's card and its yearly sheet are told apart."""
    papers = queries.list_of(issue.id)
    reader = pypdf.PdfReader(io.BytesIO(volume_of(issue)))
    tops = [item.title for item in reader.outline if not isinstance(item, list)]
    assert len(tops) == len(set(tops))
    # The contents, the circular, the cities; then a heading for each sheet that has papers.
    assert len(tops) == 1 + len({p.sheet for p in papers if p.kind is PaperKind.SCORECARD}) + len(
        {p.kind for p in papers} & {PaperKind.PROVINCE, PaperKind.CITY}
    )
    below = [
        entry.title
        for item in reader.outline
        if isinstance(item, list)
        for entry in item
        if not isinstance(entry, list)
    ]
    parts = [title for title in below if "SH2024" in title]
    assert len(parts) == len(set(parts)) == len(papers)
    assert len({title.partition("（SH")[0] for title in parts}) == len(papers) - _on_two(papers)
    both = {p.subject_code for p in papers if p.kind is PaperKind.ENCLAVE}
    assert both
    own = len(reader.pages) - sum(paper.pages for paper in papers)
    contents = "".join(page.extract_text() for page in reader.pages[:own])
    for paper in papers:
        row = rf"{paper.subject_name}\s+(SH2024-S01-\d+\s+\d+\s+)?{paper.number}"
        assert re.search(row, contents), row


def test_every_line_of_the_contents_leads_to_its_paper(issue: PaperIssue) -> None:
    papers = queries.list_of(issue.id)
    volume = volume_of(issue)
    led: dict[str, set[int]] = {}
    with pikepdf.open(io.BytesIO(volume)) as pdf:
        numbers = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        named = list(pdf.Root.Names.Dests.Names)
        places = {
            str(k): numbers[v[0].objgen] for k, v in zip(named[::2], named[1::2], strict=True)
        }
        tree = pdf.Root.StructTreeRoot.ParentTree.Kids[-1].Nums
        owners = dict(zip(map(int, tree[::2]), tree[1::2], strict=True))
        spots = [spot for page in pdf.pages for spot in page.get("/Annots", ())]
        for spot in spots:
            assert (str(spot.Subtype), int(spot.F)) == ("/Link", 4)
            left, bottom, right, top = map(float, spot.Rect)
            assert 0 < left < right < 596
            assert 0 < bottom < top < 842
            owner = owners.pop(int(spot.StructParent))
            assert str(owner.S) == "/Link"
            assert any(
                kid.get("/Obj") is not None and kid.Obj.objgen == spot.objgen
                for kid in owner.K
                if isinstance(kid, pikepdf.Dictionary)
            )
            led.setdefault(str(spot.Contents), set()).add(places[str(spot.Dest)])
        assert not owners
    page = len(numbers) - sum(paper.pages for paper in papers)
    for paper in papers:
        words = next(words for words in led if f"（{paper.number}）" in words)
        assert words.startswith(paper.subject_name)
        assert paper.kind.label in words
        assert led.pop(words) == {page}
        page += paper.pages
    assert not led


def test_a_subject_stands_once_under_its_heading(issue: PaperIssue) -> None:
    papers = queries.list_of(issue.id)
    reader = pypdf.PdfReader(io.BytesIO(volume_of(issue)))
    own = len(reader.pages) - sum(paper.pages for paper in papers)
    contents = "\n".join(page.extract_text() for page in reader.pages[:own])
    both = [p for p in papers if p.kind in (PaperKind.ENCLAVE, PaperKind.PAIR)]
    assert both
    for paper in both:
        card = next(
            p
            for p in papers
            if p.kind is PaperKind.SCORECARD and p.subject_code == paper.subject_code
        )
        assert contents.count(paper.subject_name) == 1
        row = rf"\d+ {paper.subject_name}\s+{card.number}\s+\d+\s+{paper.number}\s+\d+"
        assert re.search(row, contents), row


def _on_two(papers: list) -> int:
    """How many cards there are beyond the first of a subject: it may be on several sheets."""
    cards = [p.subject_name for p in papers if p.kind is PaperKind.SCORECARD]
    return len(cards) - len(set(cards))


def test_names_of_files_carry_the_number(issue: PaperIssue) -> None:
    for paper in queries.list_of(issue.id):
        assert paper.file_name.startswith(f"{paper.number}-2024-")
        assert paper.download_name == paper.file_name
    old = IssuedPaper(number="SH2023-S01-0001", file_name="2023-考核评分表-331122-缙云县-定稿.pdf")
    assert old.download_name == "SH2023-S01-0001-2023-考核评分表-331122-缙云县-定稿.pdf"


def test_equal_streams_are_bound_once(issue: PaperIssue) -> None:
    content = queries.content_of(queries.list_of(issue.id)[0])
    sizes = []
    for copies in (1, 5):
        out = io.BytesIO()
        bind(content, "目录", (Part(content, f"{n}", "组") for n in range(copies)), out)
        sizes.append(len(out.getvalue()))
    assert sizes[1] - sizes[0] < 4 * len(content) * 0.6


def test_the_archive_sorts_as_the_volume(issue: PaperIssue) -> None:
    packed = made(write_archive, issue)
    assert packed == made(write_archive, issue)
    archive = zipfile.ZipFile(io.BytesIO(packed))
    papers = queries.list_of(issue.id)
    names = archive.namelist()
    assert names == sorted(names)
    assert [hashlib.sha256(archive.read(n)).hexdigest() for n in names] == [
        paper.sha256 for paper in papers
    ]
    assert all("定稿" in name for name in names)


def test_what_was_bound_is_kept_and_bound_anew_after_another_paper(issue: PaperIssue) -> None:
    issue_id = issue.id

    def bind_it() -> int:
        job_id = ask_for(VOLUME, issue_id, None).id
        db.session.commit()
        run(job_id)
        return job_id

    first = bind_it()
    made_of = b"".join(chunks(first))
    assert made_of == made(write_volume, db.session.get_one(PaperIssue, issue_id))
    job = db.session.get_one(BackgroundJob, first)
    assert job.file_name == f"{volume_name(issue, queries.list_of(issue_id))}.pdf"
    assert job.file_size == len(made_of)
    assert bind_it() == first
    job.asked_at -= timedelta(days=1)  # as if a paper had been made since
    db.session.commit()
    assert bind_it() != first


def test_a_file_appears_whole_or_not_at_all(issue: PaperIssue, tmp_path: Path) -> None:
    def broken(out) -> None:
        out.write(b"half")
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        write_whole(tmp_path / "a.pdf", broken)
    assert not (tmp_path / "a.pdf").exists()
