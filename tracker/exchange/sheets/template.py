"""The template of a kind: a workbook with its form's fields as columns, and the own records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

from tracker.exchange.sheets.columns import (
    ID,
    PARENT,
    ROW_VERSION,
    VERSION,
    WHY,
    Column,
    Value,
    What,
    written,
)
from tracker.exchange.sheets.entering import MOST_ROWS, Entering
from tracker.records.places.models import Region
from tracker.web.forms import Form
from tracker.web.kit import acts
from tracker.web.sheets import breadth, height_of, lines_in

NAME = "山海协作导入模板"
META, LISTS = "_模板", "_选项"
NAMES_ROW, HEADS_ROW, FIRST_ROW = 3, 4, 5
FIRST_COLUMN = 3  # behind the number and the version of a record
HOW = (
    "白色格可填，灰色格不能改。一行一条：已有的在原行修改，新增的接着往下填，没有的不填；"
    "删掉一行不会删除记录。带 * 的必填，填法见表头的批注。填好后在系统“导入”中上传。"
)
_WIDTHS = {What.TEXT: 20, What.LINES: 36, What.DAY: 13, What.COUNT: 12, What.TICK: 12}
_FORMATS = {What.DAY: "yyyy-mm-dd", What.TEXT: "@", What.LINES: "@", What.CHOICE: "@"}
_RULES = {
    What.DAY: "填日期，例如 2024-07-03。",
    What.COUNT: "填整数。",
    What.NUMBER: "填数字。",
    What.SHARE: "填百分数，例如 12.5 即 12.5%。",
    What.CHOICE: "从列表中选。",
    What.TICK: "是的选“是”，否则不填。",
}
_GREY, _HEAD = "EDEFF1", "DDE6EE"
_FONT = "Calibri"  # that of all cells; one without a name is shown in whatever a program has first
_BROADEST = 40  # characters of a column's width
_ON_PAPER = 150  # characters side by side that can still be read on a page
_HOW_WIDTH = 90  # characters beside each other of what stands above the columns


@dataclass(frozen=True)
class Line:
    """A row of the template: the record's number and version, "" for none; the values of its cells
    by the columns' names; those that may not be changed."""

    number: int | None
    version: int | None
    values: dict[str, Value]
    fixed: frozenset[str]


def lines_of(
    of: Entering, parent: Any = None, tell: Callable[[int], None] = lambda done: None
) -> list[Line]:
    """The own records as rows, `MOST_ROWS` of them at most; `tell` hears how many there are."""
    labels = {number: label for number, _, label in of.parents}
    found: list[Line] = []
    for record in of.own(parent):
        if len(found) >= MOST_ROWS:
            break
        tell(len(found))
        found.append(line_of(of, record, labels))
    return found


def line_of(of: Entering, record: Any, labels: dict[str, str]) -> Line:
    """The row of a record, as the template has it."""
    form = of.form(record, None, obj=record, formdata=None)
    values: dict[str, Value] = {}
    fixed = set()
    whole: Form | None = None
    for column in of.columns:
        if column.name == PARENT:
            values[PARENT] = labels.get(of.parent_of(record), "")
            fixed.add(PARENT)
        elif column.name in form:
            values[column.name] = written(form[column.name])
        elif column.name != WHY:
            whole = whole or of.whole(record)
            values[column.name] = written(whole[column.name]) if column.name in whole else None
            fixed.add(column.name)
    return Line(record.id, acts.version_of(record), values, frozenset(fixed))


def write_template(
    of: Entering, lines: Sequence[Line], *, title: str, place: str, day: date, out: IO[bytes]
) -> None:
    """Write the workbook to `out`, which stays open."""
    # Loaded when it is wanted: it takes as long as a page.
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = sheet_name(of)
    _Page(page, of.columns).write(lines, title, place, day)
    _lists(book, page, of.columns)
    write_meta(book, of.kind.key, mark=of.mark, day=day, place=of.user.region)
    book.properties.creator = NAME
    book.properties.title = title
    book.save(out)


def sheet_name(of: Entering) -> str:
    """The name of the sheet that is filled in."""
    return of.kind.label[:31]


class _Page:
    """The sheet that is filled in."""

    def __init__(self, page: Any, columns: Sequence[Column]) -> None:
        self.page, self.columns = page, columns
        self.look = locked_sheet(page)
        self.widths: list[float] = []

    def write(self, lines: Sequence[Line], title: str, place: str, day: date) -> None:
        from openpyxl.utils import get_column_letter

        page = self.page
        # What is hidden comes first, so that nobody's added column moves it.
        for letter in ("A", "B"):
            page.column_dimensions[letter].hidden = True
        first = page.cell(1, FIRST_COLUMN, f"{title}{f'（{place}）' if place else ''}")
        first.font = self.look.large
        self._names()
        self.widths[:] = [_width(column, lines) for column in self.columns]
        for place_of, column in enumerate(self.columns, FIRST_COLUMN):
            self._column(place_of, get_column_letter(place_of), column)
        self.look.above(page, FIRST_COLUMN, self.widths, f"{HOW}　生成于 {day.isoformat()}。")
        number = FIRST_ROW
        for number, line in enumerate(lines, FIRST_ROW):
            self._line(number, line)
        last = get_column_letter(FIRST_COLUMN + len(self.columns) - 1)
        self.look.heads(page, FIRST_COLUMN, self.widths, [c.heading for c in self.columns])
        page.auto_filter.ref = f"{get_column_letter(FIRST_COLUMN)}{HEADS_ROW}:{last}{number}"

    def _names(self) -> None:
        """The names by which the columns are found again, wherever they were moved."""
        names = [ID, ROW_VERSION, *(column.name for column in self.columns)]
        for place, name in enumerate(names, 1):
            # A cell without a look takes that of its column there, which is free.
            self.page.cell(NAMES_ROW, place, name).number_format = "@"

    def _column(self, place: int, letter: str, column: Column) -> None:
        from openpyxl.comments import Comment

        head = self.page.cell(HEADS_ROW, place, column.heading)
        self.look.heading(head)
        words = _note(column)
        note = Comment(words, NAME)
        note.width, note.height = 280, 40 + 18 * (len(words) // 18 + words.count("\n") + 1)
        head.comment = note
        of = self.page.column_dimensions[letter]
        of.width = self.widths[place - FIRST_COLUMN]
        # The style of a column is that of all its cells that nobody wrote to.
        of.protection = self.look.unlocked
        of.number_format = _FORMATS.get(column.what, "General")

    def _line(self, number: int, line: Line) -> None:
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        self.page.cell(number, 1, line.number)
        self.page.cell(number, 2, line.version)
        high = 1
        for place, column in enumerate(self.columns, FIRST_COLUMN):
            cell = self.page.cell(number, place)
            value = line.values.get(column.name)
            fixed = column.name in line.fixed
            if value is not None:
                if isinstance(value, Decimal) and len(value.as_tuple().digits) > 15:
                    value = f"{value:f}"  # as a number it would lose its last digits
                cell.value = (
                    ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
                )
                if isinstance(value, str):
                    cell.data_type = "s"  # whatever it begins with
            is_text = isinstance(value, str)
            if isinstance(value, str):
                high = max(high, lines_in(value, self.widths[place - FIRST_COLUMN]))
            cell.number_format = "@" if is_text else _FORMATS.get(column.what, "General")
            cell.alignment = self.look.top
            if fixed:
                self.look.shut(cell)
            else:
                self.look.open(cell)
        if high > 1:
            self.page.row_dimensions[number].height = height_of(high)


def _fits_width() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _note(column: Column) -> str:
    """What stands in the note of a heading."""
    said = [column.note] if column.note else []
    if column.unit and column.unit not in column.note:
        said.append(f"单位：{column.unit}。")
    rule = _RULES.get(column.what, "")
    if rule and not column.note.startswith("填"):
        said.append(rule)
    if column.open_list:
        said.append("列表中没有的，填全称或编号。")
    said.append("必填。" if column.required else "可不填；“—”和“/”也算没填。")
    return "\n".join(dict.fromkeys(said))


def _width(column: Column, lines: Sequence[Line]) -> float:
    """How broad a column is: as its heading in two lines, what may be chosen, what stands in it."""
    broad = max(_WIDTHS.get(column.what, 14), breadth(column.heading) / 2 + 3)
    longest = max((breadth(label) for label in column.offered), default=0)
    texts = (line.values.get(column.name) for line in lines)
    told = max((breadth(text) for text in texts if isinstance(text, str)), default=0)
    return min(max(broad, longest + 3, told + 2), _BROADEST)


def _lists(book: Any, page: Any, columns: Sequence[Column]) -> None:
    """What may be chosen, on a sheet of its own: a list in the rule itself may have 255 letters."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    last_row = FIRST_ROW + 2 * MOST_ROWS
    at = 0
    for place, column in enumerate(columns, FIRST_COLUMN):
        if not column.offered:
            continue
        at += 1
        for number, label in enumerate(column.offered, 1):
            cell = sheet.cell(number, at, label)
            cell.data_type, cell.number_format = "s", "@"
        letter = get_column_letter(at)
        rule = DataValidation(
            type="list",
            formula1=f"'{LISTS}'!${letter}$1:${letter}${len(column.offered)}",
            allow_blank=True,
            showErrorMessage=not column.open_list,
            errorTitle=column.label[:32],
            error="请从列表中选。",
        )
        of = get_column_letter(place)
        rule.add(f"{of}{FIRST_ROW}:{of}{last_row}")
        page.add_data_validation(rule)


def write_meta(book: Any, key: str, *, mark: str, day: date, place: Region | None) -> None:
    """What the workbook is, for the import; no menu shows the sheet."""
    sheet = book.create_sheet(META)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
    for name, value in (
        ("template", NAME),
        ("version", str(VERSION)),
        ("kind", key),
        ("columns", mark),
        ("made", day.isoformat()),
        ("for", place.name if place is not None else ""),
        ("place", place.code if place is not None else ""),
    ):
        sheet.append([name, value])
        sheet.cell(sheet.max_row, 2).data_type = "s"


class Look:
    """How the cells of a locked sheet look: headings, those that are filled in, the others."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        self.large = Font(name=_FONT, bold=True, size=14)
        self.top = Alignment(vertical="top", wrap_text=True)
        self.unlocked = Protection(locked=False)
        self._bold = Font(name=_FONT, bold=True)
        self._grey = PatternFill("solid", fgColor=_GREY)
        self._head = PatternFill("solid", fgColor=_HEAD)
        self._wrapped = Alignment(vertical="center", wrap_text=True)
        thin = Side(style="thin", color="C9D1D8")
        self._border = Border(left=thin, right=thin, top=thin, bottom=thin)

    def heading(self, cell: Any) -> None:
        """What stands above a column."""
        cell.font, cell.fill, cell.alignment = self._bold, self._head, self._wrapped
        cell.border = self._border

    def open(self, cell: Any) -> None:
        """A cell to be filled in."""
        cell.border, cell.protection = self._border, self.unlocked

    def shut(self, cell: Any) -> None:
        """One that is only read: locked, as all cells are that nobody opens."""
        cell.border, cell.fill = self._border, self._grey

    def above(self, page: Any, first: int, widths: Sequence[float], words: str) -> None:
        """What is said above the columns from `first` on, in the second row: over as many of them
        as a window shows, in as many lines as it takes."""
        last, broad = 0, 0.0
        while last < len(widths) and broad < _HOW_WIDTH:
            broad += widths[last]
            last += 1
        cell = page.cell(2, first, words)
        cell.alignment = self.top
        page.merge_cells(start_row=2, end_row=2, start_column=first, end_column=first + last - 1)
        page.row_dimensions[2].height = height_of(lines_in(words, broad))

    def heads(self, page: Any, first: int, widths: Sequence[float], said: Sequence[str]) -> None:
        """Keep the headings and the first column in sight, on the screen and on every page; what
        is too broad for one page goes over several side by side."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(first)
        page.freeze_panes = page.cell(FIRST_ROW, first + 1)
        page.row_dimensions[NAMES_ROW].hidden = True
        high = max(map(lines_in, said, widths))
        page.row_dimensions[HEADS_ROW].height = height_of(max(high, 2))
        page.print_title_rows = f"{HEADS_ROW}:{HEADS_ROW}"
        page.print_title_cols = f"{letter}:{letter}"
        page.page_setup.fitToWidth = max(1, round(sum(widths) / _ON_PAPER))

    def free(self, cell: Any, value: Value) -> None:
        """A cell to be filled in, with what stands in it."""
        self._put(cell, value)
        self.open(cell)

    def fixed(self, cell: Any, value: Value) -> None:
        """One that is only read, with what stands in it."""
        self._put(cell, value)
        self.shut(cell)

    def _put(self, cell: Any, value: Value) -> None:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # whatever it begins with
        elif isinstance(value, date):
            cell.number_format = _FORMATS[What.DAY]


def locked_sheet(page: Any) -> Look:
    """Lock `page` but for the cells that are free, and set it for paper."""
    page.protection.sheet = True
    # What does not change what others see stays allowed.
    for act in ("formatColumns", "formatRows", "formatCells", "sort", "autoFilter"):
        setattr(page.protection, act, False)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = _fits_width()
    return Look()
