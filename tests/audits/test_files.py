"""Every list as a file: cell by cell what its page shows, and nobody else's records."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import pytest

from tests.audits.conftest import Site
from tests.audits.routes import Route, routes
from tests.audits.world import MARK
from tracker.web.kit.kinds import all_kinds

_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.S)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
_TABLE = re.compile(r'<table class="table cards records">(.*?)</table>', re.S)
_NOTE = re.compile(r'<span class="note">.*?</span>')
_ONE = Decimal("0.01")


@pytest.fixture(scope="module")
def lists(site: Site) -> list[Route]:
    """The lists that can be taken along, by their files' routes."""
    return [each for each in routes(site.app, site.world) if each.endpoint.endswith(".export")]


def test_every_list_of_records_can_be_taken_along(site: Site, lists: list[Route]):
    listed = {f"{kind.key}.index" for kind in all_kinds()} & set(site.app.view_functions)
    assert {each.endpoint.replace(".export", ".index") for each in lists} == listed


def test_nobody_takes_along_what_another_county_entered(site: Site, lists: list[Route]):
    client = site.client("staff")
    for route in lists:
        if route.granted("staff"):
            answer = client.get(f"{route.address}?span=all")
            assert answer.status_code == 200, route
            assert MARK not in answer.data.decode("utf-8-sig"), route
            answer.close()


def test_a_file_says_what_its_page_says(site: Site, lists: list[Route]):
    client = site.client("assessor")
    compared, seen = 0, False
    for route in lists:
        if not route.granted("assessor"):
            continue
        above = route.address.removesuffix("export.csv")
        page = client.get(f"{above}?span=all").text
        answer = client.get(f"{route.address}?span=all")
        text = answer.data.decode("utf-8-sig")
        answer.close()
        lines = list(csv.reader(io.StringIO(text, newline="")))
        at = next(place for place, line in enumerate(lines) if line[0] == "序号")
        shown = _TABLE.search(page)
        assert ("导出 Excel" in page) == bool(shown), route
        if not shown:
            assert len(lines) == at + 1, route
            continue
        signs = [place for place, head in enumerate(lines[at]) if head.endswith("的精度")]
        whole = _ROW.findall(shown[1])
        below = lines[at + 1 :]
        heads, *rows, foot = whole if "<tfoot>" in shown[1] else [*whole, ""]
        named = [_words(head).rstrip("↕↑↓") for head in _CELL.findall(heads)]
        assert (
            named
            == [head for place, head in enumerate(lines[at]) if place not in signs][: len(named)]
        ), route
        numbered = [line for line in below if line[0].isdecimal()]
        assert len(rows) == len(numbered) or "下一页" in page, route
        for row, line in zip(rows, numbered, strict=False):
            for fault in _faults(_CELL.findall(row), line, signs):
                pytest.fail(f"{route.address} {fault}")
            compared += len(named)
        sums = [line for line in below if line[0] == "合计"]
        assert len(sums) == bool(foot), route
        if foot:
            cells = [re.sub(_NOTE, "", cell) for cell in _CELL.findall(foot)]
            assert not list(_faults(["", "", *cells[2:]], ["", "", *sums[0][2:]], signs)), route
        seen |= MARK in text
    assert compared > 200
    assert seen


def _faults(cells: list[str], line: list[str], signs: list[int]) -> Iterator[str]:
    place = 0
    for cell in cells:
        sign = line[place + 1] if place + 1 in signs else ""
        if fault := _differs(_words(cell), line[place], sign):
            yield f"column {place}: {fault}"
        place += 2 if place + 1 in signs else 1


def _words(cell: str) -> str:
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>", "", cell)))


def _differs(shown: str, kept: str, sign: str) -> str:
    """How the cell of a file differs from that of the page, "" if it does not."""
    kept = re.sub(r"\s", "", kept)
    if shown in (kept.removeprefix("'"), kept) or (shown == "—" and not kept):
        return ""
    try:
        value = Decimal(kept)
        number = Decimal(shown.removeprefix(sign).replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return f"{shown!r} on the page, {kept!r} in the file"
    near = abs(value - number) < _ONE
    return "" if near else f"{shown} on the page, {sign}{kept} in the file"
