"""Reading an .xlsx workbook that nobody vouches for: guarded, then cells as values."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.xml.functions import iterparse

from tracker.core.strangers.archives import most_entries
from tracker.core.strangers.named import what_it_is
from tracker.core.told import ToldError
from tracker.engine.typeset.faces import missing_glyphs, name_characters

MAX_BYTES = 2_000_000
MAX_ENTRIES = 200
MAX_UNPACKED = 20_000_000
MAX_RATIO = 100
MAX_ROWS = 1_000
_TOO_MANY = "文件内部的部件过多或重名，不予打开"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLACES = re.compile(r"0\.(0{1,9})(?:_ ?)?")  # how a cell shows a number: to so many decimals
_LAST_ROW = 1_048_576  # of any workbook; a crafted file may claim more

Cell = str | int | Decimal | bool | date
Rows = dict[int, dict[str, Cell]]
"""Row number → column letter → value; empty cells are absent."""


class WorkbookError(ToldError):
    """A workbook cannot be taken; `faults` are Chinese sentences, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


def read_workbook(
    data: bytes,
    titles: Collection[str],
    ignored: Collection[str],
    groups: Collection[str] = (),
) -> dict[str, Rows]:
    """The cells of the sheets `titles` of an .xlsx file, by title; those absent are left out. Under
    the headings `groups` a merged cell holds for all its rows; elsewhere one over several rows is
    refused, since nobody can say which of them it is about.

    Numbers are int or exact Decimal, as they are shown; dates are dates; text is stripped.
    Raises WorkbookError for what is no workbook, for archives that unpack to more than they
    should, and, all at once, for formulas, error values, times of day, sheets too long, and
    sheets that are neither among `titles` nor `ignored`.
    """
    _guard(data)
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that a rulebook does not use
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            # WPS keeps things of its own in sheets that no menu shows: not the person's.
            strange = [
                s.title
                for s in book.worksheets
                if s.title not in (*titles, *ignored) and s.sheet_state != "veryHidden"
            ]
            faults = [f"「{title}」：不认识的工作表，请改名或删去" for title in strange]
            wanted = [sheet for sheet in book.worksheets if sheet.title in titles]
            found = {sheet.title: _rows(sheet, faults) for sheet in wanted}
            for sheet in wanted:
                _spread(sheet, found[sheet.title], groups, faults)
            book.close()
    except Exception:
        # A crafted file can make the parser fail in any way; none of them tells the user more.
        raise WorkbookError(["文件不是可以读取的 .xlsx 工作簿，请用表格软件另存后再试"]) from None
    if faults:
        raise WorkbookError(faults)
    return found


def _guard(data: bytes) -> None:
    """Refuse archives that would unpack to too much, before anything is unpacked."""
    if len(data) > MAX_BYTES:
        raise WorkbookError([f"文件超过 {MAX_BYTES // 1_000_000} MB，请核对是否选错文件"])
    if most_entries(data) > MAX_ENTRIES:
        raise WorkbookError([_TOO_MANY])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _guard_entries(entries, len(data))
            # No workbook declares document types; what parses the parts must not meet entities.
            typed = any(b"<!DOCTYPE" in archive.read(entry) for entry in entries)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error):
        told = what_it_is(data) or "请用表格软件另存为 .xlsx"
        raise WorkbookError([f"文件不是 .xlsx 工作簿：{told}"]) from None
    if typed:
        raise WorkbookError(["文件内部含有文档类型声明，不予打开"])


def _guard_entries(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise WorkbookError(["文件已加密，请取消密码后再试"])
    unpacked = sum(entry.file_size for entry in entries)
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES or len(names) < len(entries):
        raise WorkbookError([_TOO_MANY])
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise WorkbookError(["文件展开后过大，不予打开；请删去无关内容后另存"])


def _rows(sheet: Any, faults: list[str]) -> Rows:
    sheet.reset_dimensions()  # what the file says of its own size is not to be relied on
    found: Rows = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = {}
        for cell in row:
            if cell.value is None:
                continue
            letter = get_column_letter(cell.column)
            try:
                value = _value(cell)
            except ValueError as error:
                faults.append(f"「{sheet.title}」第 {number} 行 {letter} 列：{error}")
                continue
            if value != "":
                cells[letter] = value
        if number > MAX_ROWS and (cells or number > _LAST_ROW):
            faults.append(f"「{sheet.title}」第 {number} 行：最多 {MAX_ROWS} 行，请删去多余的行")
            break
        if cells:
            found[number] = cells
    return found


def _spread(sheet: Any, rows: Rows, groups: Collection[str], faults: list[str]) -> None:
    """Give the value of a merged cell to each of its rows that holds anything."""
    headings = {letter: str(text).removesuffix("*") for letter, text in rows.get(1, {}).items()}
    for count, (letter, first, last) in enumerate(_merged(sheet)):
        if count >= MAX_ROWS:
            faults.append(f"「{sheet.title}」：合并的单元格过多，请取消合并")
            return
        covered = [n for n in rows if first < n <= last and n > 1]
        value = rows.get(first, {}).get(letter)
        if not covered or value is None:
            continue
        if first == 1 or headings.get(letter) not in groups:
            faults.append(
                f"「{sheet.title}」第 {first} 行 {letter} 列：是合并到第 {last} 行的单元格，"
                "请取消合并，逐行填写"
            )
            continue
        for number in covered:
            rows[number] = {letter: value} | rows[number]


def _merged(sheet: Any) -> Iterator[tuple[str, int, int]]:
    """(first column, first row, last row) of each merged cell over several rows; what is read row
    by row does not tell them."""
    with sheet._get_source() as source:
        for _, element in iterparse(source):
            if element.tag.rpartition("}")[2] == "mergeCell":
                try:
                    column, first, _, last = range_boundaries(element.get("ref", ""))
                except (TypeError, ValueError):
                    continue
                if column and first and last and last > first:
                    yield get_column_letter(column), first, last
            element.clear()


def _value(cell: Any) -> Cell:
    if cell.data_type == "f":
        raise ValueError("是公式，请改为数值或文字（复制后选择性粘贴为数值）")
    if cell.data_type == "e":
        raise ValueError(f"是错误值 {cell.value}，请改正")
    value = cell.value
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _with_zeros(cell, value)
    if isinstance(value, float):
        # The shortest decimal that is this float: what the sheet shows, not its binary shape.
        exact = Decimal(repr(value))
        if not exact.is_finite():
            raise ValueError("数字有误，请改正")
        return _with_zeros(cell, int(exact) if exact == exact.to_integral_value() else exact)
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            raise ValueError("应只有日期，没有时刻，请改正")
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("应为文字、数字或日期，请改正")
    text = _unescaped(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    for at, char in enumerate(text, 1):
        # A blank of any width is no fault of a text; what no face can draw is told below.
        if not char.isprintable() and char != "\n" and unicodedata.category(char) != "Zs":
            named = name_characters((char,))
            raise ValueError(f"第 {at} 字是不可见的字符 {named}，请删去后重新输入")
        if missing_glyphs(char):
            raise ValueError(f"第 {at} 字{name_characters((char,))}无法打印，请改用通用规范汉字")
    return text


def _with_zeros(cell: Any, number: int | Decimal) -> int | Decimal:
    """`number` with the zeros that its cell shows at the end: 1.10, which a text is read from."""
    shown = _PLACES.fullmatch(cell.number_format or "")
    if shown is None or not -(10**15) < number < 10**15:
        return number
    padded = Decimal(number).quantize(Decimal(1).scaleb(-len(shown[1])))
    return padded if padded == number else number


def _unescaped(text: str) -> str:
    """`text` with what Excel writes as `_x000D_` read as it is meant; `_x005F_` is the sign `_` of
    a text that looks like one."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
