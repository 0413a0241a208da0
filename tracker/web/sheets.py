"""A table as a file: CSV and xlsx, written row by row, so that its length costs no memory.

What people typed is never a formula: a text that a spreadsheet would take for one has an apostrophe
before it in CSV, and in xlsx every text is kept as a text.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import chain, islice
from math import ceil
from typing import IO, Any

from tracker.core.quantities.precision import decimals

Value = str | int | Decimal | date | datetime | None
Row = Sequence[Value]

# As a keyboard gives them and in full width; a spreadsheet reads past what is blank before them.
_STARTS = frozenset("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫")
_NO_NAME = re.compile(r'[\\/:*?"<>|\[\]]')
_LONGEST_TEXT = 32_767  # characters of a cell of xlsx
_CUT = "……（全文见系统）"
_LOOKED_AT = 200  # rows by which columns are made wide
_NARROW, _BROAD = 6, 44  # characters of a column's width


class Form(StrEnum):
    """What a file is kept as."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        """For the answer's head."""
        return _TYPES[self]


_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Sheet:
    """A table that is written once: `about` are the lines above it, the first its title; `rows` and
    then `last` (sums) are as wide as `heads`. A year is an int that `plain` names by its column."""

    name: str
    about: Sequence[str]
    heads: Sequence[str]
    rows: Iterable[Row]
    last: Callable[[], Sequence[Row]]
    plain: frozenset[int] = frozenset()

    def all_rows(self) -> Iterator[Row]:
        """The rows, and then the last ones, which are asked for when the others are written."""
        yield from self.rows
        yield from self.last()


def write(sheet: Sheet, form: Form, out: IO[bytes]) -> None:
    """Write `sheet` to `out`, which stays open."""
    write_all([sheet], form, out)


def write_all(sheets: Sequence[Sheet], form: Form, out: IO[bytes]) -> None:
    """Write `sheets` to `out`, which stays open: one below the other, or each by itself."""
    {Form.CSV: _write_csv, Form.XLSX: _write_xlsx}[form](sheets, out)


def file_name(title: str, day: date, form: Form) -> str:
    """What the file is called where it is saved."""
    return f"{_NO_NAME.sub('_', title)[:80]}_{day.isoformat().replace('-', '')}.{form.value}"


def harmless(text: str) -> str:
    """`text` for a cell of CSV: with an apostrophe before what would begin a formula."""
    begins = text[:1] in _STARTS or text.lstrip(_blanks())[:1] in _STARTS
    return f"'{text}" if begins else text


@cache
def _blanks() -> str:
    """What is not seen before the first sign of a text."""
    every = map(chr, range(0x10000))
    return "".join(c for c in every if c.isspace() or unicodedata.category(c) in ("Cf", "Cc"))


def _write_csv(sheets: Sequence[Sheet], out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    # As wide as the others: every line of a file has as many fields (RFC 4180).
    width = max(len(sheet.heads) for sheet in sheets)
    for number, sheet in enumerate(sheets):
        beside = [""] * (width - len(sheet.heads))
        if number:
            lines.writerow([""] * width)
        for line in sheet.about:
            lines.writerow([harmless(line), *[""] * (width - 1)])
        lines.writerow([*map(harmless, sheet.heads), *beside])
        lines.writerows([*map(_as_text, row), *beside] for row in sheet.all_rows())
    text.flush()
    text.detach()


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _write_xlsx(sheets: Sequence[Sheet], out: IO[bytes]) -> None:
    # Loaded when it is wanted: it takes as long as a page.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    try:
        for sheet in sheets:
            name = _NO_NAME.sub("_", sheet.name)[:31]
            _write_page(book.create_sheet(name), sheet)
        book.save(out)
    except BaseException:
        for page in book.worksheets:
            with suppress(Exception):  # what is begun is ended, and taken away: it lies in a file
                if not page.closed:
                    page.close()
                page._writer.cleanup()
        raise


def _write_page(page: Any, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    cells = _Cells(page, sheet.plain)
    rows = iter(sheet.all_rows())
    first = list(islice(rows, _LOOKED_AT))
    widths = _widths(sheet.heads, first)
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    above = len(sheet.about) + 1
    page.freeze_panes = f"A{above + 1}"
    page.print_title_rows = f"{above}:{above}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.sheet_properties.pageSetUpPr = _fits_width()
    page.page_setup.fitToHeight = 0
    for number, line in enumerate(sheet.about):
        page.append([cells.title(line) if not number else cells.note(line)])
    _heighten(page, above, sheet.heads, widths)
    page.append([cells.head(head) for head in sheet.heads])
    for number, row in enumerate(chain(first, rows), above + 1):
        _heighten(page, number, row, widths)
        page.append([cells.of(place, value) for place, value in enumerate(row)])
        page.row_dimensions.pop(number, None)


def _heighten(page: Any, number: int, row: Row, widths: Sequence[float]) -> None:
    """Make a row as high as what is wrapped in it."""
    texts = ((value, widths[place]) for place, value in enumerate(row) if isinstance(value, str))
    lines = max((lines_in(text, width) for text, width in texts), default=1)
    if lines > 1:
        page.row_dimensions[number].height = height_of(lines)


def _fits_width() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


class _Cells:
    """The cells of a sheet that is written row by row: one for each look of each column, filled
    anew for each row."""

    def __init__(self, page: Any, plain: frozenset[int]) -> None:
        self._page = page
        self._plain = plain
        self._made: dict[tuple[int, str], Any] = {}

    def title(self, text: str) -> Any:
        from openpyxl.styles import Font

        return self._text(self._new(font=Font(bold=True, size=14)), text)

    def note(self, text: str) -> Any:
        return self._text(self._new(), text)

    def head(self, text: str) -> Any:
        from openpyxl.styles import Alignment, Font, PatternFill

        wrapped = Alignment(wrap_text=True, vertical="center")
        filled = PatternFill("solid", fgColor="E8EEF4")
        return self._text(self._new(font=Font(bold=True), alignment=wrapped, fill=filled), text)

    def of(self, place: int, value: Value) -> Any:
        """The cell of a value in the column `place` (from 0); None where there is none."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._text(self._look(place, "@"), value)
        cell = self._look(place, self._format(place, value))
        cell.value = value
        return cell

    def _format(self, place: int, value: int | Decimal | date) -> str:
        if isinstance(value, datetime):
            return "yyyy-mm-dd hh:mm"
        if isinstance(value, date):
            return "yyyy-mm-dd"
        if place in self._plain:
            return "0"
        places = decimals(value) if isinstance(value, Decimal) else 0
        return f"#,##0.{'0' * places}" if places > 0 else "#,##0"

    def _look(self, place: int, number_format: str) -> Any:
        found = self._made.get((place, number_format))
        if found is None:
            from openpyxl.styles import Alignment

            wrapped = Alignment(vertical="top", wrap_text=number_format == "@")
            found = self._new(alignment=wrapped, number_format=number_format)
            self._made[place, number_format] = found
        return found

    def _new(self, **looks: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._page)
        for name, look in looks.items():
            setattr(cell, name, look)
        return cell

    def _text(self, cell: Any, text: str) -> Any:
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        kept = ILLEGAL_CHARACTERS_RE.sub("", text)
        if len(kept) > _LONGEST_TEXT:
            kept = kept[: _LONGEST_TEXT - len(_CUT)] + _CUT
        cell.value = kept
        cell.data_type = "s"  # whatever it begins with
        return cell


def _widths(heads: Sequence[str], rows: Sequence[Row]) -> list[float]:
    """How broad each column is, in characters: as its head in two lines, or its longest value."""
    found = [breadth(head) / 2 + 2 for head in heads]
    for row in rows:
        for place, value in enumerate(row):
            found[place] = max(found[place], breadth(_as_text(value)) + 2)
    return [min(max(width, _NARROW), _BROAD) for width in found]


def breadth(text: str) -> int:
    """Characters of the longest line of `text`, a Chinese one as two."""
    return max(map(_breadth, text.split("\n")))


def lines_in(text: str, width: float) -> int:
    """In how many lines `text` stands in a column of `width` characters. A break between words
    leaves some of a line blank, so that it is counted as a little narrower than it is."""
    if "\n" not in text and 2 * len(text) < width:
        return 1
    within = max(width - 2, 1)
    return sum(max(1, ceil(_breadth(line) / within)) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """The height of a row of so many lines, in points. Nobody else finds it: LibreOffice shows a
    row that says nothing of its height as one line, and cuts the others."""
    return min(15.0 * max(lines, 1), 400)


def _breadth(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if ord(char) > 0x2E80 else 1 for char in line)
