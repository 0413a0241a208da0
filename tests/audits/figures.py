"""Figures on pages: one unit a column, named above it, and nowhere more than two decimals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

# What a cell of figures may hold: a figure, or a word that stands where none is.
FIGURE = re.compile(r"[≈≥≤<>]?\s?[-−]?(?P<whole>\d[\d,]*)(?P<part>\.\d+)?(?P<unit>%?)")
WORDS = re.compile(r"(?:—|无|○?未报|／?不适用|□?不可计[分算]|未抽查|按出资|是|否)?")
WITH_UNIT = re.compile(
    r"[≈≥≤<>]?\s?-?\d[\d,]*(?:\.\d+)?\s*(?:万元|亿元|元|亩|个|人次|人|条|份|对|%)"
)
MANY_DECIMALS = re.compile(r"(?<![\d.])\d[\d,]*\.\d{3,}(?![\d.])")
# What stands beside a figure, or is quoted from a source.
ASIDE = {"note", "exact", "visually-hidden", "badge-word", "moved", "quoted"}
# Where every decimal is meant, beside what is quoted (class `quoted`): what a source says, what was
# frozen of a record, and the engine's arithmetic, which has to come to what it says.
EXACT = {"code", "pre", "script", "style", "input", "textarea", "option"}


def faults_of_figures(text: str) -> list[str]:
    """What is wrong with the figures of the page `text`."""
    page = html.document_fromstring(text)
    return [*_in_tables(page), *_in_words(page)]


def _in_tables(page: HtmlElement) -> Iterator[str]:
    for table in page.iter("table"):
        heads = _heads(table)
        units: dict[int, set[str]] = {}
        for row in table.iterfind(".//tr"):
            if row.getparent().tag == "thead":
                continue
            for at, cell in _placed(row):
                said, head = _said(cell), heads.get(at, "")
                if "num" not in cell.classes:
                    if WITH_UNIT.fullmatch(said):
                        yield f"{head or at}: {said} is no column of figures, or carries its unit"
                    continue
                if WORDS.fullmatch(said):
                    continue
                figure = FIGURE.fullmatch(said)
                if figure is None:
                    yield f"{head or at}: {said!r} is no bare figure"
                    continue
                units.setdefault(at, set()).add(figure["unit"])
                if len(figure["part"] or "") > 3:
                    yield f"{head or at}: {said} has more than two decimals"
        for at, found in units.items():
            if len(found) > 1:
                yield f"{heads.get(at, at)}: several units"


def _heads(table: HtmlElement) -> dict[int, str]:
    rows = table.findall("thead/tr")
    return {at: _said(cell) for at, cell in _placed(rows[-1])} if rows else {}


def _placed(row: HtmlElement) -> Iterator[tuple[int, HtmlElement]]:
    at = 0
    for cell in row:
        if cell.tag in ("td", "th"):
            yield at, cell
            at += int(cell.get("colspan", 1))


def _said(cell: HtmlElement) -> str:
    """The words of a cell but for what stands beside its figure."""
    return " ".join("".join(_words(cell)).split())


def _words(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if (
            isinstance(child.tag, str)
            and not (ASIDE & set(child.classes))
            and child.tag != "details"
        ):
            yield from _words(child)
        yield child.tail or ""


def _own(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements whose words are the page's own."""
    if element.tag in EXACT or "quoted" in element.classes:
        return
    yield element
    for child in element:
        if isinstance(child.tag, str):
            yield from _own(child)


def _in_words(page: HtmlElement) -> Iterator[str]:
    (main,) = page.iter("main")
    for element in _own(main):
        for words in (element.text, *(child.tail for child in element)):
            for found in MANY_DECIMALS.finditer(words or ""):
                yield f"{found[0]} in {' '.join((words or '').split())[:60]!r}"
