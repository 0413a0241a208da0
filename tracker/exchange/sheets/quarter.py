"""The whole quarter as a workbook: a sheet for each part of the grid, last quarter's figures beside
this one's cells. What comes back becomes drafts of the grid, all of it or nothing; posting them
stays an act of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from tracker.core.db import db, key_of, units
from tracker.core.db.audit import act_as
from tracker.exchange.sheets.columns import Column, Value, What
from tracker.exchange.sheets.origin import (
    AGAIN,
    label_of,
    quarter_label,
    quarter_named,
    too_old,
)
from tracker.exchange.sheets.outcome import SHOWN, Outcome, Stage
from tracker.exchange.sheets.reading import letters
from tracker.exchange.sheets.table import (
    Fault,
    RefusedTableError,
    Told,
    is_blank,
    merged_in,
    meta_of,
    told_of,
)
from tracker.exchange.sheets.template import (
    FIRST_ROW,
    HEADS_ROW,
    META,
    NAME,
    NAMES_ROW,
    locked_sheet,
    write_meta,
)
from tracker.exchange.sheets.typed import EMPTY, UNCLEAR, CellError, retyped, trimmed, typed
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.records.quarters import service
from tracker.records.quarters.cells import Cell, Row, Section, Sheet, with_unit, written
from tracker.records.quarters.fields import Field, Sort
from tracker.records.quarters.queries import due
from tracker.records.quarters.reading import Typed
from tracker.records.quarters.service import NotTheirsError, Typing
from tracker.web.sheets import breadth, height_of, lines_in

ROW, CALLED, LAST, CELLS = "_row", "_name", "last:", "_格"
_HOW = (
    "白色格填本季，右边灰色格是上季。没有发生的填 0，还不知道的留空。填好后在填报表的“导入”中上传，"
    "存为草稿，再核对登记。"
)
# Characters of the columns' widths.
_NUMBERS, _LONG_HEADS, _NAMES, _LONG_NAMES = 15.0, 24.0, 26.0, 40.0


@dataclass(frozen=True)
class Quarter:
    """The quarter of a place."""

    place: Region
    year: int
    quarter: int

    @property
    def key(self) -> str:
        """What the template carries."""
        return f"quarter:{self.place.code}:{self.year}:{self.quarter}"

    def sheet(self, *, every: bool = False) -> Sheet:
        """Its grid as it stands."""
        return due(self.place, self.year, self.quarter, every=every)

    @property
    def label(self) -> str:
        """Its grid in words."""
        return quarter_label(self.place, self.year, self.quarter)


def quarter_of(key: str) -> Quarter | None:
    """The quarter that `key` names."""
    named = quarter_named(key)
    return Quarter(*named) if named is not None else None


# -- the template


def write_quarter(of: Quarter, *, day: date, out: IO[bytes]) -> None:
    """Write the workbook of a quarter to `out`, which stays open."""
    from openpyxl import Workbook

    sheet = of.sheet()
    book = Workbook()
    book.remove(book.active)
    known: list[tuple[str, int, str]] = []
    for section in sheet.sections:
        page = book.create_sheet(section.kind.title[:31])
        _write_section(page, sheet, section, known, day)
    if not book.worksheets:
        book.create_sheet("没有要填的")
    cells = book.create_sheet(CELLS)
    cells.sheet_state = "hidden"
    cells.protection.sheet = True
    for address, version, text in known:
        cells.append([address, version, text])
        cells.cell(cells.max_row, 3).data_type = "s"
    write_meta(book, of.key, mark="", day=day, place=of.place)
    book.save(out)


def _write_section(
    page: Any, sheet: Sheet, section: Section, known: list[tuple[str, int, str]], day: date
) -> None:
    fields = list(section.fields)
    lasts = [field for field in fields if field.is_number]
    heads = [
        (ROW, ""),
        (CALLED, section.kind.of.label),
        *((field.key, _heading(field)) for field in fields),
        *((f"{LAST}{field.key}", f"上季{_heading(field)}") for field in lasts),
    ]
    look = locked_sheet(page)
    page.cell(1, 2, f"{sheet.name}：{section.kind.title}").font = look.large
    broad = max((breadth(row.name) for row in section.rows), default=0) + 2
    widths = [min(max(_NUMBERS, breadth(head) + 2.0), _LONG_HEADS) for _, head in heads]
    widths[1] = min(max(broad, _NAMES), _LONG_NAMES)
    for place, (name, head) in enumerate(heads, 1):
        page.cell(NAMES_ROW, place, name)
        look.heading(page.cell(HEADS_ROW, place, head))
        page.column_dimensions[letters(place)].width = widths[place - 1]
    page.column_dimensions["A"].hidden = True
    look.above(page, 2, widths[1:], f"{_HOW}　生成于 {day.isoformat()}。")
    look.heads(page, 2, widths[1:], [head for _, head in heads[1:]])
    for number, row in enumerate(section.rows, FIRST_ROW):
        page.cell(number, 1, row.key)
        look.fixed(page.cell(number, 2), row.name)
        page.cell(number, 2).alignment = look.top
        if (lines := lines_in(row.name, widths[1])) > 1:
            page.row_dimensions[number].height = height_of(lines)
        place = 3
        for field in fields:
            cell = row.cell(field)
            value = _value(field, cell.text())
            known.append((cell.address, cell.version, retyped(_column(field), value)))
            put = look.fixed if sheet.blocked or row.blocked or cell.blocked else look.free
            put(page.cell(number, place), value)
            place += 1
        for field in lasts:
            last = row.cell(field).last
            value = None if last is None else Decimal(written(field, last.value))
            known.append((f"{LAST}{row.key}.{field.key}", 0, retyped(_column(field), value)))
            look.fixed(page.cell(number, place), value)
            place += 1


def _heading(field: Field) -> str:
    return f"{field.label}（{field.unit}）" if field.unit else field.label


def _value(field: Field, text: str) -> Value:
    """What a cell holds that says `text`."""
    try:
        if field.sort is Sort.DAY:
            return date.fromisoformat(text) if text else None
        return Decimal(text) if text else None
    except (InvalidOperation, ValueError):
        return text


def _column(field: Field) -> Column:
    what = What.DAY if field.sort is Sort.DAY else What.SHARE if field.unit == "%" else What.NUMBER
    return Column(field.key, field.label, what, field.unit)


# -- what comes back


@dataclass(frozen=True)
class Entered:
    """What stands in a cell: its address in the grid and in the workbook, the version that the
    template had."""

    address: str
    text: str
    version: int
    sheet: str
    cell: str
    head: str

    def fault(self, words: str) -> Fault:
        """What is wrong with it."""
        return Fault(words, self.sheet, self.cell, self.head)


def entered(data: bytes, of: Quarter) -> tuple[list[Entered], int]:
    """The cells of a workbook that say something other than its template, and how many say the
    same. It is read in a process of its own: hold no transaction. Raises RefusedTableError."""
    sheets = told_of(data)
    if fault := _not_ours(meta_of(sheets), of):
        raise RefusedTableError("file", [Fault(fault)])
    known = _known(sheets)
    grid = of.sheet(every=True)
    faults: list[Fault] = []
    found: list[Entered] = []
    same = 0
    for sheet in sheets:
        if sheet.hidden or sheet.name in (META, CELLS):
            continue
        names = {cell[0]: str(cell[2]) for cell in sheet.rows.get(NAMES_ROW, ())}
        if ROW not in names.values():
            if sheet.rows:
                faults.append(Fault("不认识的工作表，请删去，或移到模板的表中。", sheet.name))
            continue
        faults += merged_in(sheet, FIRST_ROW)
        faults += _of_other_rows(sheet, names, grid)
        for each in _entries(sheet, names, grid.cells, known, faults):
            if each.text == known[each.address][1]:
                same += 1
            else:
                found.append(each)
    if faults:
        raise RefusedTableError("shape", faults)
    return found, same


def _not_ours(told: dict[str, str], of: Quarter) -> str:
    """Why the workbook is no template of this quarter; "" if it is."""
    if told.get("template") != NAME:
        return "不是本系统的模板。请在填报表上下载模板再填。"
    if told.get("kind") != of.key:
        return f"这是{label_of(told)}的模板，这里导入的是“{of.label}”。请到相应的页上导入。"
    return too_old(told, "")


def _known(sheets: Sequence[Told]) -> dict[str, tuple[int, str]]:
    """Address → (version, text) as the template had them."""
    found = {}
    for sheet in sheets:
        if sheet.name == CELLS:
            for cells in sheet.rows.values():
                told = {cell[0]: str(cell[2]) for cell in cells}
                version = told.get(2, "")
                if version.isascii() and version.isdecimal() and len(version) < 9:
                    found[told.get(1, "")] = int(version), told.get(3, "")
    return found


def _of_other_rows(sheet: Told, names: dict[int, str], grid: Sheet) -> Iterator[Fault]:
    """What is wrong with whose rows they are. A row is known by its hidden key; where the name
    beside it is another's, as after sorting or pasting a part of the columns, or the key stands
    twice, nobody can tell whose figures these are."""
    called = {row.key: row.name for section in grid.sections for row in section.rows}
    places = {name: place for place, name in names.items()}
    first: dict[str, int] = {}
    for number, row in sheet.rows.items():
        if number < FIRST_ROW:
            continue
        told = {cell[0]: str(cell[2]) for cell in row}
        key = told.get(places[ROW], "")
        if key not in called:
            continue
        where = f"{letters(places.get(CALLED, places[ROW]))}{number}"
        name = told.get(places.get(CALLED, 0), "")
        if key in first:
            said = f"与第 {first[key]} 行是同一行“{called[key]}”，看不出以哪一行为准，请删去一行。"
            yield Fault(said, sheet.name, where)
        elif key_of(name) != key_of(called[key]):
            said = f"这一行是“{called[key]}”的，名称却是“{name}”，看不出是哪一个的数。{AGAIN}"
            yield Fault(said, sheet.name, where)
        first.setdefault(key, number)


def _entries(
    sheet: Told,
    names: dict[int, str],
    cells: dict[str, Cell],
    known: dict[str, tuple[int, str]],
    faults: list[Fault],
) -> Iterator[Entered]:
    """What stands in the cells that can be filled in, the empty ones too."""
    for number, row in sheet.rows.items():
        if number < FIRST_ROW:
            continue
        told = {cell[0]: cell for cell in row}
        key = next((str(c[2]) for place, c in told.items() if names.get(place) == ROW), "")
        for place in sorted(told.keys() - names.keys()):
            if is_blank(told[place]):
                continue
            where = f"{letters(place)}{number}"
            faults.append(Fault("在模板的各列之外，请删去。", sheet.name, where))
        for place, name in names.items():
            where = f"{letters(place)}{number}"
            if name.startswith(LAST):
                faults += _of_last(sheet, told.get(place), where, known, cells, key, name)
            if name in (ROW, CALLED) or name.startswith(LAST):
                continue
            cell = cells.get(f"{key}.{name}")
            if cell is None or cell.address not in known:
                if place in told:
                    faults.append(Fault(f"表中没有这一格。{AGAIN}", sheet.name, where))
                continue
            try:
                text = _text(cell.field, told.get(place))
            except CellError as error:
                faults.append(Fault(str(error), sheet.name, where, cell.field.label))
                continue
            version = known[cell.address][0]
            yield Entered(cell.address, text, version, sheet.name, where, cell.field.label)


def _of_last(
    sheet: Told,
    told: list[Any] | None,
    where: str,
    known: dict[str, tuple[int, str]],
    cells: dict[str, Cell],
    key: str,
    name: str,
) -> Iterator[Fault]:
    """A figure of last quarter that is another than the template had: most likely this quarter's,
    one column too far."""
    cell = cells.get(f"{key}.{name.removeprefix(LAST)}")
    at = f"{LAST}{key}.{name.removeprefix(LAST)}"
    if cell is None or at not in known:
        return
    try:
        same = _text(cell.field, told) == known[at][1]
    except CellError:
        same = False
    if not same:
        said = "灰色格是上季的数，不能改。本季的数请填在左边的白色格，这里恢复原来的数。"
        yield Fault(said, sheet.name, where, f"上季{cell.field.label}")


def _text(field: Field, cell: list[Any] | None) -> str:
    if cell is None:
        return ""
    if cell[1] == "s" and trimmed(cell[2]) in EMPTY | UNCLEAR:
        return trimmed(cell[2])  # of a figure the grid asks which of the two is meant
    return typed(_column(field), cell)[0]


def checked(user: User, of: Quarter, found: Sequence[Entered], same: int) -> Outcome:
    """What would come of `found`; nothing is kept. Raises RefusedTableError."""
    with units.trying():
        act_as(db.session, user.id)
        rows = saved(user, of, found)
    left = same + len(found) - len(rows)
    return Outcome(Stage.PASSED, changed=len(rows), unchanged=left, rows=rows[:SHOWN])


def saved(user: User, of: Quarter, found: Sequence[Entered]) -> list[dict[str, Any]]:
    """Keep `found` as drafts of the grid, within a writing unit, and tell what changed. Raises
    RefusedTableError, and the unit must not be kept then."""
    before = of.sheet(every=True)
    by_address = {each.address: each for each in found}
    old = {at: _says(before.cells[at]) for at in by_address if at in before.cells}
    names = {row.key: row for section in before.sections for row in section.rows}
    given = [Typed(each.address, each.text, each.version) for each in found]
    try:
        done = service.save(Typing(user), before, given)
    except NotTheirsError as error:
        raise RefusedTableError("rules", [Fault(str(error))]) from None
    faults = [by_address[each.address].fault(each.words) for each in done.refused]
    for at in done.changed:
        if wrong := done.sheet.cells[at].fault:
            faults.append(by_address[at].fault(wrong))
    if faults:
        raise RefusedTableError("rules", faults)
    cells = done.sheet.cells
    return [_told(by_address[at], names, old.get(at, ""), _says(cells[at])) for at in done.changed]


def _says(cell: Cell) -> str:
    """What a cell holds: not as it was typed, but what that is in the unit of its column."""
    text = cell.text()
    if text and cell.now is not None:
        return with_unit(cell.field, cell.now)
    return cell.day.isoformat() if text and cell.day else text


def _told(each: Entered, names: dict[str, Row], old: str, new: str) -> dict[str, Any]:
    row = names[each.address.partition(".")[0]]
    changes = [[each.head, old or "空", new or "空"]]
    line = int(each.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return {
        "sheet": each.sheet,
        "line": line,
        "new": False,
        "name": row.name,
        "changes": changes,
        "doubts": [],
        "why": "",
    }
