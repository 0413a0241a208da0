"""The workbook with formulas, recalculated by LibreOffice, beside what the program scored."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.exchange.sheets.libreoffice import XLSX, LibreOffice
from tracker.engine.scoring.result import NOT_APPLICABLE, UNSCORABLE
from tracker.papers.matrix.book import AGREES, DIFFERS, NO_POINTS, NONE, workbook
from tracker.papers.matrix.layout import FIRST, FIRST_FACT, FIRST_LINE, RANK, TOTAL, places_of


@pytest.fixture(scope="module")
def books(years, tmp_path_factory) -> dict:
    """Each year's workbook as LibreOffice computes it, and that of the last year with the first
    fact of the recipient counties gone."""
    made = {year: workbook(points) for year, points in years.items()}
    last = max(years)
    column = _first_number(made[last])
    acts = [(content, [("save", f"{year}.xlsx", XLSX, "")]) for year, content in made.items()]
    typed = [("type", "受援县数据", f"{column}{FIRST}", "0"), ("save", "typed.xlsx", XLSX, "")]
    acts[-1][1].extend(typed)
    program = LibreOffice(tmp_path_factory.mktemp("office"))
    saved = program.edit(acts)
    found = {year: load_workbook(BytesIO(saved[f"{year}.xlsx"]), data_only=True) for year in years}
    found["typed"] = load_workbook(BytesIO(saved["typed.xlsx"]), data_only=True)
    return found


def _first_number(content: bytes) -> str:
    """The first column of the recipient counties' data whose first figure is above 0."""
    page = load_workbook(BytesIO(content))["受援县数据"]
    cells = page[FIRST][FIRST_FACT - 1 :]
    return next(c.column_letter for c in cells if c.data_type == "n" and c.value and c.value > 1)


def test_every_line_total_and_rank_in_the_workbook_is_the_programs(years, books):
    lines = 0
    for year, points in years.items():
        for sheet in points.sheets.values():
            at = places_of(sheet)
            page = books[year][at.name]
            for row, card in enumerate(at.cards, FIRST):
                said = (year, at.name, card.subject.name)
                assert _same(page.cell(row, TOTAL).value, card.total), said
                assert page.cell(row, RANK).value == (card.rank or NONE), said
                for number, line in enumerate(card.lines):
                    value = page.cell(row, FIRST_LINE + number).value
                    if line.state == UNSCORABLE:
                        assert value == NO_POINTS, (said, line.code)
                    elif line.state != NOT_APPLICABLE:
                        assert _same(value, line.award), (said, line.code, value, line.award)
                        lines += 1
    assert lines > 1000 * len(years)


def test_the_workbook_says_that_it_agrees_until_a_fact_is_changed(years, books):
    for year, points in years.items():
        said = [row[4] for row in books[year]["说明"].iter_rows(values_only=True) if row[3]][1:]
        assert said == [AGREES] * len(points.sheets)
    changed = books["typed"]["说明"].iter_rows(values_only=True)
    assert {row[0]: row[4] for row in changed if row[3]}["受援县"] == DIFFERS


def test_what_is_computed_is_a_formula_that_somebody_can_read(years):
    for points in years.values():
        book = load_workbook(BytesIO(workbook(points)))
        for sheet in points.sheets.values():
            at = places_of(sheet)
            page = book[at.name]
            for row, card in enumerate(at.cards, FIRST):
                assert page.cell(row, TOTAL).value.startswith("=ROUND("), at.name
                for number, line in enumerate(card.lines):
                    if line.state == "scored":
                        text = page.cell(row, FIRST_LINE + number).value
                        assert str(text).startswith("=IFERROR(ROUND("), (at.name, line.code)


def _same(value: object, points: Decimal) -> bool:
    return isinstance(value, int | float) and round(Decimal(str(value)) - points, 6) == 0
