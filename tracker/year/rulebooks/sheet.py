"""A rulebook in a workbook: one row an indicator, for offices that write tables, not TOML."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.core.config import RULEBOOKS
from tracker.core.told import ToldError
from tracker.engine.scoring import RulebookError, check_measures, load_rulebook
from tracker.engine.scoring.methods import RULES
from tracker.year.rulebooks.columns import (
    CAPS,
    GRADES,
    GROUPS,
    HEAD,
    INDICATORS,
    SOURCES,
    VETOES,
    Column,
    as_rows,
)
from tracker.year.rulebooks.headings import CELLS, ROW_KEYS, after_heading, headings_in
from tracker.year.rulebooks.toml_text import toml_text
from tracker.year.rulebooks.workbook import Rows, WorkbookError, read_workbook

EXAMPLE = RULEBOOKS / "examples" / "official-from-sheet.toml"
HEAD_SHEET, NOTES_SHEET, LINES_SHEET = "基本信息", "填写说明", "指标"
HEAD_HEADINGS = ("项目", "内容")
TABLES = {  # title → the rulebook's table, its columns, whether it must have a row
    "依据": ("source", SOURCES, True),
    "等次": ("grade", GRADES, True),
    LINES_SHEET: ("indicator", INDICATORS, True),
    "限额": ("cap", CAPS, False),
    "一票否决": ("veto", VETOES, False),
}
_COUNTED = {
    "依据": "来源(source)",
    "等次": "等次(grade)",
    LINES_SHEET: "指标(indicator)",
    "限额": "限额(cap)",
    "一票否决": "一票否决(veto)",
}
NOTES = (
    "本工作簿一行一个指标，填好后在“评分细则”的“编写细则”中载入，"
    "或用 tracker rulebook from-sheet 转为评分细则。",
    "各表第一行是表头，不要改动；带 * 的列必填，用不到的列留空。",
    "算式的写法见 docs/rulebook.md 第四节，如 returns.paid / returns.due；比例写成小数。",
    "“明细”一格内一行一项，各部分用 | 隔开：分档法写“界值 | 得分”，名次法写“名次 | 得分”，"
    "要件法写“名称 | 算式 | 得分”，扣分法写“名称 | 算式 | 每个扣分 | 限额”，限额可不写。",
    "“分类分值”一格内一行一类，写“类别 | 分值”。“并列次序”一格内一行一个算式。",
    "不能有公式。由几部分组成的指标请拆成几行，或改写成 TOML 文件。",
    "表中所填是示例，制定单位和文号也是示例，请全部改为本单位的内容。",
)


_MEASURE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_ROW = re.compile(r"「[^」]*」第 \d+ 行")


class SheetError(ToldError):
    """A workbook is no sound rulebook; `faults` are Chinese sentences with sheet, row, column."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


def read_sheet(data: bytes, supplied: Collection[str] | None = None) -> str:
    """The TOML text of the rulebook in an .xlsx workbook laid out as `write_template` does.

    The text loads with `load_rulebook`. `supplied` are the measures of the catalogue; None leaves
    them unchecked. Raises SheetError with all faults.
    """
    try:
        sheets = read_workbook(data, (HEAD_SHEET, *TABLES), (NOTES_SHEET,), GROUPS)
    except WorkbookError as error:
        raise SheetError(error.faults) from None
    faults: list[str] = []
    places: dict[str, str] = {}
    head_places: dict[str, str] = {}
    texts = _texts(sheets)
    book: dict[str, Any] = {"format": 1, **_head(sheets.get(HEAD_SHEET, {}), faults, head_places)}
    for title, (key, columns, required) in TABLES.items():
        found = _table(title, columns, sheets.get(title, {}), faults, places)
        if found:
            book[key] = found
        elif required and not faults:
            faults.append(f"「{title}」：没有内容，请至少填写一行")
    places |= {f"\n{c.heading}": f"「{HEAD_SHEET}」“{c.heading}”" for c in HEAD} | head_places
    text = toml_text(book)
    of_engine = [_placed(fault, places, texts) for fault in _refused(text)]
    # What follows from a cell that could not be read is no fault of its own.
    faults += _of_other_rows(of_engine, faults) if faults else of_engine
    if supplied is not None:
        unknown = _unknown(_sound_rows(book, faults, places) if faults else book, supplied)
        faults += [_placed(fault, places, texts) for fault in unknown]
    if faults:
        raise SheetError(faults)
    return text


def _refused(text: str) -> list[str]:
    try:
        load_rulebook(text, words=CELLS)
    except RulebookError as error:
        return error.faults
    return []


def _unknown(book: dict[str, Any], supplied: Collection[str]) -> list[str]:
    """The measures that a book names and nobody supplies; none of one that cannot be read."""
    try:
        return check_measures(load_rulebook(toml_text(book)), supplied)
    except RulebookError:
        return []


def _of_other_rows(found: list[str], faults: list[str]) -> list[str]:
    """Those of `found` that lie in rows where nothing is at fault yet."""
    broken = {row for fault in faults if (row := _row_of(fault))}
    return [fault for fault in found if (row := _row_of(fault)) and row not in broken]


def _sound_rows(book: dict[str, Any], faults: list[str], places: dict[str, str]) -> dict[str, Any]:
    """A book of the rows without a fault, whose marks are all that it has: to look for more."""
    broken = {row for fault in faults if (row := _row_of(fault))}
    found = dict(book)
    for title, (key, _, _) in TABLES.items():
        found[key] = [
            row
            for at, row in enumerate(book.get(key, ()), 1)
            if places.get(f"第 {at} 个{_COUNTED[title]}\n") not in broken
        ]
    marks = (each.get("points") or 0 for each in found[TABLES[LINES_SHEET][0]] if _is_score(each))
    return {**{key: of for key, of in found.items() if of}, "full_marks": sum(marks)}


def _is_score(row: dict[str, Any]) -> bool:
    return row.get("kind", "score") == "score"


def _row_of(fault: str) -> str:
    """The row that a fault lies in; "" where it is of none."""
    found = _ROW.match(fault)
    return found[0] if found and not found[0].startswith(f"「{HEAD_SHEET}」") else ""


def _head(rows: Rows, faults: list[str], places: dict[str, str]) -> dict[str, Any]:
    by_heading = {column.heading: column for column in HEAD}
    found: dict[str, Any] = {}
    if tuple(rows.get(1, {}).get(letter) for letter in "AB") != HEAD_HEADINGS:
        faults.append(f"「{HEAD_SHEET}」第 1 行：表头应为 {'、'.join(HEAD_HEADINGS)}")
        return found
    for number, cells in rows.items():
        if number == 1:
            continue
        where = f"「{HEAD_SHEET}」第 {number} 行"
        column = by_heading.get(str(cells.get("A", "")))
        if column is None:
            faults.append(f"{where} A 列：不认识的项目，请改正或删去这一行")
        elif column.key in found:
            faults.append(f"{where} A 列：项目“{column.heading}”重复，请只留一行")
        else:
            places[f"\n{column.heading}"] = f"{where} B 列（{column.heading}）"
            if "B" not in cells:
                continue
            try:
                found[column.key] = column.read(cells["B"])
            except ValueError as error:
                faults.append(f"{where} B 列（{column.heading}）：{error}")
    for column in HEAD:
        if column.required and column.key not in found and not faults:
            faults.append(f"「{HEAD_SHEET}」：缺少“{column.heading}”，请填写")
    return found


def _table(
    title: str,
    columns: Sequence[Column],
    rows: Rows,
    faults: list[str],
    places: dict[str, str],
) -> list[dict[str, Any]]:
    """The rows of a table; notes in `places` where each lies, by how the engine calls it."""
    if not rows:
        return []
    by_letter = _headings(title, columns, rows.get(1, {}), faults)
    columns_by_key = {column.key: column for column in columns}
    found = []
    for number, cells in rows.items():
        if number == 1:
            continue
        where = f"「{title}」第 {number} 行"
        row: dict[str, Any] = {}
        at: dict[str, str] = {}
        for letter, cell in cells.items():
            column = by_letter.get(letter)
            if column is None:
                if letter not in rows.get(1, {}):
                    faults.append(f"{where} {letter} 列：这一列没有表头，请删去内容")
                continue
            at[column.key] = f"{where} {letter} 列（{column.heading}）"
            try:
                row[column.key] = column.read(cell)
            except ValueError as error:
                faults.append(f"{at[column.key]}：{error}")
        for letter, column in by_letter.items():
            if column.required and column.key not in at:
                faults.append(f"{where} {letter} 列（{column.heading}）：没有填写")
        if title == LINES_SHEET and "method" in row:
            _method(row, at, faults)
        found.append(row)
        cells_of = {columns_by_key[key].heading: text for key, text in at.items()}
        for heading, text in (("", where), *cells_of.items()):
            for name in _names(title, row, len(found)):
                places[f"{name}\n{heading}"] = text
    return found


def _headings(
    title: str, columns: Sequence[Column], cells: dict[str, Any], faults: list[str]
) -> dict[str, Column]:
    by_heading = {column.heading: column for column in columns}
    found: dict[str, Column] = {}
    for letter, cell in cells.items():
        column = by_heading.get(str(cell).removesuffix("*").strip())
        if column is None:
            faults.append(f"「{title}」第 1 行 {letter} 列：不认识的表头，请改回模板的表头")
        elif column in found.values():
            faults.append(f"「{title}」第 1 行 {letter} 列：表头“{column.heading}”重复")
        else:
            found[letter] = column
    missing = [c.heading for c in columns if c.required and c not in found.values()]
    if missing:
        faults.append(f"「{title}」第 1 行：缺少表头 {'、'.join(missing)}")
    return found


def _method(row: dict[str, Any], at: dict[str, str], faults: list[str]) -> None:
    """Refuse columns that the row's method does not take; read its own table."""
    method = row["method"]
    for column in INDICATORS:
        if column.methods and column.key in at and method not in column.methods:
            faults.append(f"{at[column.key]}：所选的计分方法不用这一列，请留空")
            row.pop(column.key, None)
    by_share = row.pop("by_share", False)
    if "rows" in row:
        key = "share_table" if by_share else RULES[method].rows.key
        try:
            row[key] = as_rows(row.pop("rows"), method)
        except ValueError as error:
            faults.append(f"{at['rows']}：{error}")


def _names(title: str, row: dict[str, Any], number: int) -> list[str]:
    """How the engine's messages call a row: by its number, by what it is called."""
    by_number = f"第 {number} 个{_COUNTED[title]}"
    if title == LINES_SHEET:
        return [by_number, f"指标 {row.get('code')}"]
    return [by_number, f"{title}「{row.get('name')}」"]


def _texts(sheets: Mapping[str, Rows]) -> dict[str, str]:
    """What each cell says, by how faults name it."""
    return {
        f"「{title}」第 {number} 行 {letter} 列（{_heading(rows, letter)}）": str(cell)
        for title, rows in sheets.items()
        for number, cells in rows.items()
        for letter, cell in cells.items()
    }


def _heading(rows: Rows, letter: str) -> str:
    return str(rows.get(1, {}).get(letter, "")).removesuffix("*").strip()


def _cell_that_says(words: str, row: str, texts: dict[str, str]) -> str:
    """The first cell of a row with a measure that a fault names; "" where none has one."""
    for name in _MEASURE.findall(words):
        alone = re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w.])")
        for at, text in texts.items():
            if at.startswith(f"{row} ") and alone.search(text):
                return at
    return ""


def _placed(fault: str, places: dict[str, str], texts: dict[str, str]) -> str:
    """An engine's fault with the sheet and row in place of what the engine calls the row, and with
    the cell of the first heading that it names."""
    names = dict.fromkeys(mark.partition("\n")[0] for mark in places)
    for name in names:
        rest = fault.removeprefix(name)
        if not name or rest == fault or re.match(r"[A-Za-z0-9_.]", rest):
            continue
        words = rest.removeprefix("：") if rest.startswith("：") else fault
        for heading in headings_in(words):
            if where := places.get(f"{name}\n{heading}"):
                return f"{where}：{after_heading(words, heading)}"
        row = places[f"{name}\n"]
        return f"{_cell_that_says(words, row, texts) or row}：{words}"
    for heading in headings_in(fault):
        if where := places.get(f"\n{heading}"):
            return f"{where}：{after_heading(fault, heading)}"
    return fault


def write_template() -> bytes:
    """An .xlsx workbook to fill in: headings, choices, notes, and an example that loads."""
    with EXAMPLE.open("rb") as file:
        book = tomllib.load(file, parse_float=Decimal)
    workbook = openpyxl.Workbook()
    notes = workbook.active
    notes.title = NOTES_SHEET
    for note in NOTES:
        notes.append([note])
    notes.column_dimensions["A"].width = 100
    _finish(notes)
    head = workbook.create_sheet(HEAD_SHEET)
    head.append(HEAD_HEADINGS)
    for number, column in enumerate(HEAD, 2):
        head.append([column.heading, *_cells([column], book)])
        _offer(head, column, f"B{number}")
    head.column_dimensions["A"].width, head.column_dimensions["B"].width = 16, 60
    _finish(head, heading=True)
    for title, (key, columns, _) in TABLES.items():
        sheet = workbook.create_sheet(title)
        sheet.append([f"{c.heading}{'*' if c.required else ''}" for c in columns])
        for row in book.get(key, []):
            sheet.append(_cells(columns, _flat(row)))
        for index, column in enumerate(columns, 1):
            letter = get_column_letter(index)
            sheet.column_dimensions[letter].width = 40 if column.key in _WIDE else 14
            _offer(sheet, column, f"{letter}2:{letter}500")
        sheet.freeze_panes = "D2" if title == LINES_SHEET else "A2"
        _finish(sheet, heading=True)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


_WIDE = ("title", "url", "words", "rows", "value", "when", "evidence", "lines")


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """An indicator with its method's own table under the key of the one column for it."""
    flat = dict(row)
    for key in ROW_KEYS:
        if key in flat:
            flat["rows"] = flat.pop(key)
            if key == "share_table":
                flat["by_share"] = True
    return flat


def _cells(columns: Iterable[Column], values: dict[str, Any]) -> list[Any]:
    return [c.write(values[c.key]) if c.key in values else None for c in columns]


def _offer(sheet: Any, column: Column, cells: str) -> None:
    choices = tuple(column.choices) or (("是", "否") if column.holds == "yes" else ())
    if choices:
        validation = DataValidation(type="list", formula1=f'"{",".join(choices)}"')
        sheet.add_data_validation(validation)
        validation.add(cells)


def _finish(sheet: Any, *, heading: bool = False) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    if heading:
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6EE")
