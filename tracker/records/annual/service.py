"""Acts on the grid of a task list: what is typed is a draft, cell by cell; `issuing` makes it
stand, `reporting` states what is done. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.core.db import db
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.annual.grid import Cell, Sheet, TaskColumn, allotted, read
from tracker.records.annual.models import (
    TaskList,
    TaskPart,
)
from tracker.records.annual.queries import (
    bureaus_before,
    list_of,
    shares_before,
)
from tracker.records.places.models import Region, RegionLevel
from tracker.records.quarters.reading import BlockError, Typed, cells_of, kept, laid

LONGEST = 60  # characters of a bureau's name


class TaskError(ToldError, ValueError):
    """An act on a list that is not possible; the message is for the user."""

    status = 409


class NotTheirsError(TaskError):
    """The list, or the part, is another place's."""

    status = 403


@dataclass(frozen=True)
class Refused:
    """Why what was typed into a cell was not kept."""

    address: str
    text: str
    words: str


@dataclass(frozen=True)
class Done:
    """What an act did: which cells it changed, which it refused, and what is to be said of it."""

    changed: Sequence[str] = ()
    refused: Sequence[Refused] = ()
    words: str = ""


def why_not(user: User, region: Region) -> str:
    """Why `user` changes nothing of the list of `region`; "" where they may."""
    if not user.may(Permission.ANNUAL_WORK) or user.region_id != region.id:
        return f"这份清单由{people_of(region)}分解、下达，您只能查看。"
    if region.level is RegionLevel.PROVINCE and not user.may(Permission.ANNUAL_EDIT):
        return "全省任务清单由省级考核人员分解、下达，您只能查看。"
    return ""


def people_of(region: Region) -> str:
    return "省级考核人员" if region.level is RegionLevel.PROVINCE else f"{region.name}的工作人员"


def need_own(user: User, region: Region) -> None:
    if said := why_not(user, region):
        raise NotTheirsError(said)


# -- drafting


def save(user: User, sheet: Sheet, typed: Iterable[Typed]) -> Done:
    """Keep what was typed, each cell by itself; never over what somebody else typed since, and
    nothing that cannot be read: that is refused with its reason. Raises NotTheirsError."""
    need_own(user, sheet.region)
    changed: list[str] = []
    refused: list[Refused] = []
    for each in typed:
        text = kept(each.text)
        cell = sheet.cells.get(each.address)
        if cell is None:
            refused.append(Refused(each.address, text, "表中没有这一格，可能刚刚有变动，请刷新。"))
        elif text == cell.text:
            continue
        elif each.version != cell.version:
            words = f"您填写时他人改成了“{cell.text or '空'}”，没有覆盖。再填一次，以您填写的为准。"
            refused.append(Refused(each.address, text, words))
        elif cell.column.withdrawn and text:
            refused.append(Refused(each.address, text, "上级已收回这项任务，只能清空。"))
        else:
            try:
                drafted, value = read(cell.column, text)
            except ValueError as error:
                refused.append(Refused(each.address, text, str(error)))
                continue
            if (drafted, value) != (cell.drafted, cell.value):
                _draft(sheet, cell, drafted, value)
                changed.append(each.address)
    db.session.flush()
    return Done(changed, refused)


def _draft(sheet: Sheet, cell: Cell, drafted: bool, value: Decimal | None) -> None:
    part = cell.part
    if part is None:
        of = sheet.record or list_of(sheet.region, sheet.year) or begun(sheet)
        part = TaskPart(list=of, task=cell.column.task, region=cell.row.region)
        part.bureau = None if cell.row.region else cell.row.name
        db.session.add(part)
    if part.id and not drafted and not part.list.revision:
        # Nobody ever had it, so that a task can still be deleted.
        db.session.delete(part)
        return
    part.drafted, part.draft_value = drafted, value


def begun(sheet: Sheet) -> TaskList:
    made = TaskList(year=sheet.year, region=sheet.region)
    db.session.add(made)
    db.session.flush()
    return made


def paste(user: User, sheet: Sheet, address: str, block: str) -> Done:
    """Lay a block from a spreadsheet onto the grid, its first cell onto `address`: all of it fits,
    or nothing is taken. Empty cells leave what is there. Raises BlockError, NotTheirsError."""
    need_own(user, sheet.region)
    cell = _cell(sheet, address)
    row, column = sheet.rows.index(cell.row), sheet.columns.index(cell.column)
    found = laid(cells_of(block), row, column, len(sheet.rows), len(sheet.columns))
    typed = [
        _retyped(Cell(to, sheet.rows[down], sheet.parts.get((to.task.id, sheet.rows[down].key))), t)
        for (down, right), t in sorted(found.items())
        for to in [sheet.columns[right]]
    ]
    done = save(user, sheet, typed)
    words = f"已填入 {len(done.changed)} 格"
    if same := len(typed) - len(done.changed) - len(done.refused):
        words += f"，{same} 格与原来相同"
    if done.refused:
        words += f"，{len(done.refused)} 格没有填入"
    return replace(done, words=f"{words}。")


def fill(user: User, sheet: Sheet, address: str) -> Done:
    """What stands in a cell into the empty cells below it. Raises NotTheirsError, BlockError."""
    need_own(user, sheet.region)
    first = _cell(sheet, address)
    if not first.text:
        raise BlockError("这一格是空的，没有可以向下填的内容。")
    cells = list(sheet.of_column(first.column))
    below = cells[sheet.rows.index(first.row) + 1 :]
    done = save(user, sheet, [_retyped(c, first.text) for c in below if not c.text])
    return replace(done, words=f"已向下填入 {len(done.changed)} 格。")


def divide(user: User, sheet: Sheet, task_id: int, how: str) -> Done:
    """Divide the whole of a task among the receivers that have something in its column, or among
    all where none has: `how` "equal", or "before", by what each was given the year before. The
    parts make up exactly the whole. Raises BlockError, NotTheirsError."""
    need_own(user, sheet.region)
    column = next((each for each in sheet.columns if each.task.id == task_id), None)
    if column is None or not column.summed or column.whole is None or column.withdrawn:
        raise BlockError("这项任务没有可以相加的总数，请逐处填写。")
    cells = [cell for cell in sheet.of_column(column) if cell.drafted]
    cells = cells or list(sheet.of_column(column))
    if not cells:
        raise BlockError("没有可以分解到的地方。")
    weights = [Decimal(1)] * len(cells)
    if how == "before":
        known = _before(sheet, column)
        weights = [known.get(cell.row.key, Decimal(0)) for cell in cells]
        if not sum(weights):
            raise BlockError(f"{sheet.year - 1} 年这些地方没有这一指标的任务，不能按上年比例分。")
    parts = allotted(column.whole, weights, column.unit)
    changed = []
    for cell, part, weight in zip(cells, parts, weights, strict=True):
        # Whoever had nothing the year before gets nothing, which is no 0 that was meant.
        wanted = (True, part) if weight else (False, None)
        if wanted != (cell.drafted, cell.value):
            _draft(sheet, cell, *wanted)
            changed.append(cell.address)
    db.session.flush()
    way = "按上年比例" if how == "before" else "平均"
    return Done(
        changed, words=f"“{column.task.name}”{way}分给 {sum(bool(w) for w in weights)} 处。"
    )


def _before(sheet: Sheet, column: TaskColumn) -> Mapping[str, Decimal]:
    """What each row was given of the measure the year before, by its key."""
    measure = column.task.measure or ""
    if all(row.region is None for row in sheet.rows):
        return bureaus_before(sheet.year - 1, measure, sheet.region)
    places = {row.region.id: row.key for row in sheet.rows if row.region is not None}
    regions = [row.region for row in sheet.rows if row.region is not None]
    found = shares_before(sheet.year - 1, measure, regions)
    return {places[number]: value for number, value in found.items()}


def discard(user: User, sheet: Sheet) -> Done:
    """Give up all drafts: every cell is as issued again. Raises NotTheirsError."""
    need_own(user, sheet.region)
    drafts = sheet.drafts
    for cell in drafts:
        assert cell.part is not None, "a draft is a part"
        cell.part.drafted, cell.part.draft_value = cell.part.given, cell.part.value
    db.session.flush()
    return Done([cell.address for cell in drafts], words=f"已放弃 {len(drafts)} 格的改动。")


def _cell(sheet: Sheet, address: str) -> Cell:
    if address not in sheet.cells:
        raise BlockError("请先点一下表中的一格，再从那里粘贴或填充。")
    return sheet.cells[address]


def _retyped(cell: Cell, text: str) -> Typed:
    return Typed(cell.address, text, cell.version)
