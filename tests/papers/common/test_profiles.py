"""veraPDF calls every paper compliant with PDF/A-2a and PDF/UA-1, and broken ones not."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pikepdf
import pytest

from tests.conftest import settings_for
from tests.papers.common.samples import PAPERS, printed
from tests.papers.issuing.certificates import files_of, pkcs12_of
from tracker.engine.typeset.binding import Part, bind
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing.signing import sign, signer_of


def elements(file: pikepdf.Pdf, role: str):
    """The structure elements of a role."""
    waiting = list(file.Root.StructTreeRoot.K)
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if str(element.S) == f"/{role}":
                yield element
            kids = element.get("/K", [])
            waiting += list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def test_no_kind_of_paper_is_left_out():
    assert {name.partition("-")[0] for name in PAPERS} == {*PaperKind, "form"}


def checks() -> Iterator[object]:
    """Each paper by both profiles; in `make test` one of a kind, and its others by one in turn."""
    seen: set[str] = set()
    for at, name in enumerate(PAPERS):
        kind = name.partition("-")[0]
        for flavour in ("2a", "ua1"):
            wanted = kind not in seen or flavour == ("2a", "ua1")[at % 2]
            yield pytest.param(name, flavour, marks=() if wanted else pytest.mark.soak)
        seen.add(kind)


@pytest.mark.parametrize(("name", "flavour"), list(checks()))
def test_every_kind_of_paper_is_compliant(verapdf, tmp_path, name, flavour):
    path = tmp_path / "paper.pdf"
    path.write_bytes(printed(name))
    verdict = verapdf.check(path, flavour)
    assert verdict.failed == ()
    assert verdict.checks > 1000


def test_bound_papers_are_compliant(verapdf, tmp_path):
    """Of some of the kinds; a whole volume, in the long runs."""
    content, *papers = (printed(name) for name in list(PAPERS)[:3])
    path = tmp_path / "volume.pdf"
    with path.open("wb") as out:
        bind(content, "目录", (Part(each, f"{n}", "组") for n, each in enumerate(papers)), out)
    for flavour in ("2a", "ua1"):
        verdict = verapdf.check(path, flavour)
        assert verdict.failed == ()
        assert verdict.checks > 1000


def test_a_signature_keeps_a_paper_compliant(verapdf, tmp_path):
    settings = settings_for("sqlite://", tmp_path)
    signer = signer_of(replace(settings, **files_of(tmp_path, pkcs12_of())))
    paper = printed(next(iter(PAPERS)))
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper + sign(paper, signer).addition)
    for flavour in ("2a", "ua1"):
        verdict = verapdf.check(path, flavour)
        assert verdict.failed == ()
        assert verdict.checks > 1000


def without_intent(file: pikepdf.Pdf) -> None:
    del file.Root.OutputIntents


def without_structure(file: pikepdf.Pdf) -> None:
    del file.Root.StructTreeRoot


def without_embedded_font(file: pikepdf.Pdf) -> None:
    font = next(iter(file.pages[0].Resources.Font.values()))
    font = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    del font.FontDescriptor.FontFile2


def without_alternative(file: pikepdf.Pdf) -> None:
    del next(elements(file, "Figure")).Alt


def without_language(file: pikepdf.Pdf) -> None:
    del file.Root.Lang


def without_scope(file: pikepdf.Pdf) -> None:
    for head in elements(file, "TH"):
        del head.A


def without_identification(file: pikepdf.Pdf) -> None:
    xmp = file.Root.Metadata.read_bytes()
    file.Root.Metadata.write(xmp.replace(b"pdfuaid:part", b"dc:type"))


CONTROLS: list[tuple[str, Callable[[pikepdf.Pdf], None], str]] = [
    ("2a", without_intent, "6.2.4.3"),
    ("2a", without_structure, "6.7"),
    ("2a", without_embedded_font, "6.2.11"),
    ("ua1", without_alternative, "7.3"),
    ("ua1", without_language, "7.2"),
    ("ua1", without_scope, "7.5"),
    ("ua1", without_identification, "5-"),
]


@pytest.mark.parametrize(("flavour", "harm", "clause"), CONTROLS)
def test_a_broken_paper_is_found_out(verapdf, tmp_path, flavour, harm, clause):
    path = tmp_path / "broken.pdf"
    with pikepdf.open(io.BytesIO(printed("scorecard"))) as file:
        harm(file)
        file.save(path)
    failed = verapdf.check(path, flavour).failed
    assert any(rule.startswith(clause) for rule in failed), failed


def test_a_file_that_is_no_pdf_is_an_error_and_the_next_file_is_checked(verapdf, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"no paper at all")
    with pytest.raises(RuntimeError, match="veraPDF"):
        verapdf.check(path, "2a")
    path.write_bytes(printed("scorecard"))
    assert verapdf.check(path, "2a").failed == ()
