"""Tables as files: nothing that was typed becomes a formula, nothing is lost, nothing is held."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.web.sheets import Form, Row, Sheet, file_name, harmless, write

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u3000＝1",
    "＋1",
    "－1",
    "＠a",
    "\u200b=1",
    "\ufeff=cmd|' /C calc'!A0",
)
STARTS = "=+-@＝＋－＠"
# What a column of a database may hold: neither half a character nor the end of a text.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def sheet(rows: Iterable[Row], heads: tuple[str, ...] = ("甲", "乙", "丙")) -> Sheet:
    return Sheet("表", ["表题", "=条件"], heads, rows, lambda: [["合计", None, Decimal("1.5")]])


def written(rows: Iterable[Row], form: Form) -> bytes:
    out = io.BytesIO()
    write(sheet(rows), form, out)
    return out.getvalue()


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_has_an_apostrophe_before_it(text: str):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "甲=乙", "1+1", "—", "−1", "a@b", "12-3", "'=1", "  甲"])
def test_what_begins_none_stays_as_it_is(text: str):
    assert harmless(text) == text


@given(texts)
def test_a_text_is_harmless_and_whole(text: str):
    (line,) = read_csv(written([[1, text, None]], Form.CSV))[3:-1]
    assert line[1].strip()[:1] not in tuple(STARTS) or not line[1].strip()
    assert line[1] in (text, f"'{text}")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_number_is_a_number_also_below_nothing(value: Decimal):
    (line,) = read_csv(written([[1, "甲", value]], Form.CSV))[3:-1]
    assert Decimal(line[2]) == value
    assert "E" not in line[2]


def test_a_csv_is_utf_8_with_its_mark_and_every_line_as_wide():
    content = written([[1, '引"号，和\n换行', date(2024, 7, 3)]], Form.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b'"\xe5\xbc\x95""' in content
    assert content.endswith(b"\r\n")
    lines = read_csv(content)
    assert {len(line) for line in lines} == {3}
    assert lines == [
        ["表题", "", ""],
        ["'=条件", "", ""],
        ["甲", "乙", "丙"],
        ["1", '引"号，和\n换行', "2024-07-03"],
        ["合计", "", "1.5"],
    ]


def test_a_workbook_holds_texts_as_texts_numbers_as_numbers_and_days_as_days():
    moment = datetime(2024, 7, 3, 9, 30)  # noqa: DTZ001 - as a workbook keeps it
    rows = [
        [1, "=1+1", Decimal("1234.5678")],
        [2, "#N/A", date(2024, 7, 3)],
        [3, "控\x08制", moment],
        [4, "长" * 40_000, None],
    ]
    page = load_workbook(io.BytesIO(written(rows, Form.XLSX))).active
    assert page.freeze_panes == "A4"
    assert page.print_title_rows == "$3:$3"
    assert [page.cell(row, 2).data_type for row in (4, 5, 6, 7)] == ["s"] * 4
    assert [page.cell(row, 2).value for row in (4, 5, 6)] == ["=1+1", "#N/A", "控制"]
    assert page["B7"].value.endswith("长……（全文见系统）")
    assert page["C4"].value == 1234.5678
    assert page["C4"].number_format == "#,##0.0000"
    assert page["C5"].value.date() == date(2024, 7, 3)
    assert page["C5"].number_format == "yyyy-mm-dd"
    assert page["C6"].value == moment
    assert page["A8"].value == "合计"
    assert page.column_dimensions["B"].width > page.column_dimensions["A"].width


def test_what_fails_on_the_way_fails_and_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows():
        yield from ([number, "甲", None] for number in range(300))
        raise RuntimeError("the database went away")

    for form in Form:
        with pytest.raises(RuntimeError, match="went away"):
            written(rows(), form)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", list(Form))
def test_a_longer_table_holds_no_more(form: Form, tmp_path: Path):
    def peak(length: int) -> int:
        rows = ([number, f"项目{number}", Decimal(number)] for number in range(length))
        with (tmp_path / "file").open("w+b") as out:
            tracemalloc.start()
            write(sheet(rows), form, out)
            held = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return held

    peak(300)  # what is loaded once
    assert peak(3000) < 1.2 * peak(600)


def test_a_name_of_a_file_is_one_on_every_system():
    assert file_name("甲/乙：村*?", date(2024, 7, 3), Form.XLSX) == "甲_乙：村___20240703.xlsx"


def test_what_is_wrapped_is_seen_whole_and_every_page_has_its_heads():
    """A row whose height nobody says is shown by LibreOffice as one line."""
    long = "很长的说明" * 30
    rows = [["短", 1, "x"], [long, 2, "x"], ["一\n二\n三", 3, "x"]]
    page = load_workbook(io.BytesIO(written(rows, Form.XLSX))).active
    at = next(cell.row for cell in page["A"] if cell.value == "甲")
    heights = [page.row_dimensions[at + place].height for place in range(1, 4)]
    width = page.column_dimensions["A"].width
    assert heights[0] is None
    assert heights[1] >= 15 * 2 * len(long) / width
    assert heights[2] == 45
    assert page.print_title_rows == f"${at}:${at}"
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
