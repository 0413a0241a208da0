"""What is typed or pasted into the quarter's grid: read exactly or refused, never repaired."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.quantities.reading import parse_money
from tracker.records.quarters.fields import SECTIONS, Sort
from tracker.records.quarters.models import LONGEST
from tracker.records.quarters.reading import (
    MOST_COLUMNS,
    MOST_ROWS,
    BlockError,
    cells_of,
    kept,
    laid,
    read,
)

FIELDS = {field.key: field for section in SECTIONS for field in section.fields}
FUNDS, LAND = FIELDS["money.funds_in_place"], FIELDS["figure.land_supplied"]
OUTPUT, RATE, DAY = (
    FIELDS["figure.output"],
    FIELDS["figure.occupancy_rate"],
    FIELDS["day.rebate"],
)
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@given(st.lists(st.lists(PLAIN, min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_block_as_a_spreadsheet_writes_it_comes_out_cell_by_cell(rows: list[list[str]]):
    """What Excel, WPS and LibreOffice put onto the clipboard is CSV with tabs."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\r\n").writerows(rows)
    found = cells_of(text.getvalue())
    assert [[" ".join(c.split("\n")).strip() for c in row] for row in rows] == found


@given(st.text(max_size=200))
def test_any_text_at_all_is_cells_or_a_refusal(text: str):
    try:
        rows = cells_of(text)
    except BlockError:
        return
    assert 1 <= len(rows) <= MOST_ROWS
    assert all(1 <= len(row) <= MOST_COLUMNS for row in rows)
    for row in rows:
        for cell in row:
            assert "\t" not in cell or '"' in text
            for field in (FUNDS, LAND, OUTPUT, RATE, DAY):
                try:
                    value = read(field, kept(cell))
                except ValueError as error:
                    assert str(error)  # noqa: PT017 - the sentence is what the cell shows
                    continue
                assert value is None or not isinstance(value, Decimal) or value >= 0


@given(
    st.integers(min_value=0, max_value=10**8 - 1),
    st.integers(min_value=0, max_value=9999),
    st.booleans(),
    st.sampled_from(["", "万元", "万", " 万元"]),
    st.booleans(),
)
def test_an_amount_is_what_it_says_however_it_is_written(
    whole: int, part: int, grouped: bool, unit: str, wide: bool
):
    text = f"{whole:,}" if grouped else str(whole)
    text = f"{text}.{part:04}{unit}"
    if wide:
        text = text.translate({code: code + 0xFEE0 for code in map(ord, "0123456789,.")})
    assert read(FUNDS, kept(text)) == (Decimal(whole) + Decimal(part) / 10_000) * 10_000
    assert read(FUNDS, kept(text)) == parse_money(text)
    assert read(OUTPUT, kept(text)) == Decimal(whole) + Decimal(part) / 10_000


@given(st.text(max_size=400))
def test_what_a_cell_keeps_fits_and_holds_nothing_that_no_database_takes(text: str):
    found = kept(text)
    assert len(found) <= LONGEST
    assert kept(found) == found
    assert "\x00" not in found


@given(st.integers(0, 3), st.integers(0, 3), st.integers(1, 6), st.integers(1, 6), st.data())
def test_a_block_lies_wholly_on_the_grid_or_not_at_all(
    row: int, column: int, down: int, right: int, data: st.DataObject
):
    line = st.lists(st.sampled_from(["1", "", " "]), min_size=right, max_size=right)
    block = data.draw(st.lists(line, min_size=down, max_size=down))
    full = {(r, c) for r, cells in enumerate(block) for c, cell in enumerate(cells) if cell.strip()}
    fits = all(row + r < 5 and column + c < 5 for r, c in full)
    if not full or not fits:
        with pytest.raises(BlockError):
            laid(block, row, column, 5, 5)
        return
    assert set(laid(block, row, column, 5, 5)) == {(row + r, column + c) for r, c in full}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("figure.land_supplied", "1,200亩", 1200),
        ("figure.land_supplied", "１２．５", Decimal("12.5")),
        ("figure.occupancy_rate", "85%", 85),
        ("figure.output", "1.2亿元", 12_000),
        ("figure.visitors", "3 000人次", 3000),
        ("count.visits", "0", 0),
        ("money.rebate", "1\u200b20", 1_200_000),
        ("money.rebate", "\u00a0120\u3000", 1_200_000),
    ],
)
def test_units_and_what_one_does_not_see_are_understood(key: str, text: str, value: Decimal):
    assert read(FIELDS[key], kept(text)) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("figure.land_supplied", "12公顷"),
        ("figure.land_supplied", "12%"),
        ("figure.visitors", "3万人次"),
        ("money.rebate", "12-15"),
        ("money.rebate", "12（含税）"),
        ("money.rebate", "#REF!"),
        ("money.rebate", "1.2.3"),
        ("day.rebate", "8月15日"),
        ("day.rebate", "45519"),
        ("figure.output", "0.0000001"),
    ],
)
def test_what_could_mean_something_else_is_refused(key: str, text: str):
    with pytest.raises(ValueError, match="。"):
        read(FIELDS[key], kept(text))


def test_every_kind_of_money_item_and_exchange_has_its_column_once():
    for section in SECTIONS:
        keys = [field.key for field in section.fields]
        assert len(keys) == len(set(keys))
        money = [f.name for f in section.fields if f.sort is Sort.MONEY]
        if money:
            assert money == [kind.value for kind in section.of.kinds]
