"""Acts on task lists: what is typed is a draft, cell by cell; issuing makes it stand, as the year's
targets where a measure says what is done. The acting user is given; nothing commits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import Origin, db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.core.quantities.shown import told
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.annual.grid import Cell, Sheet, TaskColumn, allotted, read
from tracker.records.annual.models import (
    ListState,
    TaskAct,
    TaskEvent,
    TaskList,
    TaskPart,
)
from tracker.records.annual.queries import (
    bureaus_before,
    has_figure_of_place,
    list_of,
    shares_before,
    versions_of,
)
from tracker.records.evidence.models import EvidenceLink
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.scopes import is_province
from tracker.records.quarters.reading import BlockError, Typed, cells_of, kept, laid
from tracker.records.targets.models import Target

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
        return f"这份清单由{_people(region)}分解、下达，您只能查看。"
    if region.level is RegionLevel.PROVINCE and not user.may(Permission.ANNUAL_EDIT):
        return "全省任务清单由省级考核人员分解、下达，您只能查看。"
    return ""


def _people(region: Region) -> str:
    return "省级考核人员" if region.level is RegionLevel.PROVINCE else f"{region.name}的工作人员"


def _need(user: User, region: Region) -> None:
    if said := why_not(user, region):
        raise NotTheirsError(said)


# -- drafting


def save(user: User, sheet: Sheet, typed: Iterable[Typed]) -> Done:
    """Keep what was typed, each cell by itself; never over what somebody else typed since, and
    nothing that cannot be read: that is refused with its reason. Raises NotTheirsError."""
    _need(user, sheet.region)
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
            refused.append(Refused(each.address, text, "上级已撤回这项任务，只能清空。"))
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
        of = sheet.record or list_of(sheet.region, sheet.year) or _begun(sheet)
        part = TaskPart(list=of, task=cell.column.task, region=cell.row.region)
        part.bureau = None if cell.row.region else cell.row.name
        db.session.add(part)
    if part.id and not drafted and not part.list.revision:
        # Nobody ever had it, so that a task can still be deleted.
        db.session.delete(part)
        return
    part.drafted, part.draft_value = drafted, value


def _begun(sheet: Sheet) -> TaskList:
    made = TaskList(year=sheet.year, region=sheet.region)
    db.session.add(made)
    db.session.flush()
    return made


def paste(user: User, sheet: Sheet, address: str, block: str) -> Done:
    """Lay a block from a spreadsheet onto the grid, its first cell onto `address`: all of it fits,
    or nothing is taken. Empty cells leave what is there. Raises BlockError, NotTheirsError."""
    _need(user, sheet.region)
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
    _need(user, sheet.region)
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
    _need(user, sheet.region)
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
    _need(user, sheet.region)
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


# -- issuing


def why_not_issue(sheet: Sheet) -> str:
    """Why nothing is to be issued; "" where something is."""
    if not sheet.columns:
        return "还没有任务：全省的先登记任务，市、县的等上级下达。"
    if not any(cell.drafted for cell in sheet.cells.values()) and not sheet.is_issued:
        return "还没有分给任何一处。"
    if not sheet.drafts and not sheet.fresh_tasks:
        return "自上次下达以来没有改动。" if sheet.is_issued else "还没有分给任何一处。"
    lacking = [
        column.task.name
        for column in sheet.columns
        if column.summed and column.whole is None and sheet.region.level is RegionLevel.PROVINCE
    ]
    return f"“{lacking[0]}”没有填全省总数。" if lacking else ""


def issue(
    user: User | None,
    sheet: Sheet,
    *,
    reason: str = "",
    address: str | None = None,
    at: datetime | None = None,
    origin: Origin = Origin.ENTERED,
) -> TaskEvent:
    """Make the drafts stand: 下达 the first time, then 调整, whose reason has to be said; so has
    the reason of parts that do not add up. What is issued is kept whole. Parts of a county's
    measure are the year's targets, which everything else reads. Without `user` the program acts.
    Raises TaskError."""
    if user is not None:
        _need(user, sheet.region)
    if said := why_not_issue(sheet):
        raise TaskError(said)
    reason = reason.strip()
    wrong = [check for check in sheet.checks if not check.fits]
    if wrong and not reason:
        first = wrong[0]
        raise TaskError(f"“{first.column.task.name}”{first.words}。仍要下达的，请写明理由。")
    if sheet.is_issued and not reason:
        raise TaskError("调整已下达的任务，请写明理由。")
    of = sheet.record or _begun(sheet)
    with because(db.session, reason or TaskAct.ISSUED.label):
        for column in sheet.fresh_tasks:
            column.task.issued_total = column.task.total
            column.task.issued_due_on = column.task.due_on
        for cell in sheet.cells.values():
            if cell.part is not None and (cell.is_draft or cell.part.given):
                _stand(user, cell, origin)
        return _revise(user, of, sheet, reason, at or now(), address)


def _revise(
    user: User | None,
    of: TaskList,
    sheet: Sheet,
    reason: str,
    at: datetime,
    address: str | None,
) -> TaskEvent:
    act = TaskAct.ADJUSTED if of.revision else TaskAct.ISSUED
    of.revision += 1
    of.state = ListState.ISSUED
    event = TaskEvent(
        list=of,
        act=act,
        revision=of.revision,
        at=at,
        actor=user,
        reason=reason,
        content=json.dumps(_content(sheet), ensure_ascii=False, sort_keys=True),
        address=address,
    )
    db.session.add(event)
    db.session.flush()
    return event


def set_terms(
    user: User,
    sheet: Sheet,
    part: TaskPart,
    due_on: date | None,
    responsible: str,
    reason: str,
    *,
    address: str | None = None,
) -> None:
    """Say by when a part is due (None: as the task) and who sees to it; of one that was issued with
    a reason, as an adjustment. Raises TaskError."""
    _need(user, sheet.region)
    if (due_on, responsible) == (part.due_on, part.responsible):
        return
    if part.given and not reason.strip():
        raise TaskError("调整已下达的任务，请写明理由。")
    with because(db.session, reason.strip() or "草拟"):
        part.due_on, part.responsible = due_on, responsible
        if part.target is not None:
            part.target.due_on = part.due
            part.target.responsible_unit = responsible or part.target.responsible_unit
        if part.given:
            _revise(user, part.list, sheet, reason.strip(), now(), address)


def _stand(user: User | None, cell: Cell, origin: Origin) -> None:
    part = cell.part
    assert part is not None, "only what was typed stands"
    if part.done_on is not None and not part.drafted:
        raise TaskError(
            f"{cell.row.name}的“{cell.column.task.name}”已报告完成，不能收回；请先退回。"
        )
    part.given, part.value = part.drafted, part.draft_value
    if part.region is not None and cell.column.is_county_measure:
        _as_target(user, part, cell, origin)


def _as_target(user: User | None, part: TaskPart, cell: Cell, origin: Origin) -> None:
    """The target of the year that a part is: made, taken over where one of the same number is
    there, changed with the part, and deleted with it."""
    task, region = part.task, part.region
    assert region is not None, "asked for"
    target = part.target
    if part.value is None:
        if target is not None:
            _drop(part, target)
        return
    if target is None:
        target = db.session.scalar(
            select(Target).where(
                Target.year == task.year,
                Target.measure == task.measure,
                Target.region_id == region.id,
            )
        )
        differs = target is not None and target.value != part.value
        if target is not None and differs and not (user is not None and is_province(user)):
            unit = cell.column.unit
            raise TaskError(
                f"{region.name}的“{task.name}”已由省级另行下达 {told(target.value, unit)}，与这里的"
                f" {told(part.value, unit)} 不同。请按已下达的数分解，或请省级调整。"
            )
        if target is None:
            target = Target(year=task.year, measure=task.measure, region=region, origin=origin)
            target.document = task.clause
            db.session.add(target)
        part.target = target
    target.value = part.value
    target.due_on = part.due
    if part.responsible:
        target.responsible_unit = part.responsible
    above = db.session.scalar(
        select(TaskPart).where(TaskPart.task_id == task.id, TaskPart.region_id == region.parent_id)
    )
    if above is not None and above.target is not None:
        target.parent = above.target


def _drop(part: TaskPart, target: Target) -> None:
    proofs = select(func.count()).where(EvidenceLink.target_id == target.id)
    if db.session.scalar(proofs):
        raise TaskError(f"{part.receiver}的“{part.task.name}”已有佐证材料，不能收回。")
    part.target = None
    db.session.flush()
    for below in list(target.parts):
        below.parent = None
    db.session.delete(target)


def _content(sheet: Sheet) -> dict[str, Any]:
    """What was issued, as it is kept: numbers as texts, in the measure's unit."""
    return {
        "tasks": [
            {
                "task": column.task.id,
                "name": column.task.name,
                "unit": column.unit,
                "measure": column.task.measure,
                "whole": None if column.whole is None else f"{column.whole:f}",
                "due": column.due.isoformat(),
                "parts": [
                    {
                        "to": cell.row.name,
                        "value": None if cell.part.value is None else f"{cell.part.value:f}",
                        "due": cell.part.due_on.isoformat() if cell.part.due_on else None,
                        "responsible": cell.part.responsible,
                    }
                    for cell in sheet.of_column(column)
                    if cell.part is not None and cell.part.given
                ],
            }
            for column in sheet.columns
        ]
    }


def is_as_issued(sheet: Sheet) -> bool:
    """Whether what the list has to divide is what it was when it was issued last."""
    latest = next(iter(versions_of(sheet.record)), None)
    if latest is None:
        return False
    then = {each["task"]: each["whole"] for each in json.loads(latest.content or "{}")["tasks"]}
    now_ = {each.task.id: each.whole for each in sheet.columns}
    return then.keys() == now_.keys() and all(
        (None if whole is None else Decimal(whole)) == now_[task] for task, whole in then.items()
    )


# -- milestones


def stated_by_hand(part: TaskPart) -> bool:
    """Whether its people say that it is done: of milestones, and of bureaus that share a figure, of
    which no record tells who did what."""
    if not part.given or part.task.is_milestone:
        return part.given
    return part.bureau is not None and not has_figure_of_place(part)


def owner_of(part: TaskPart) -> int:
    """The region (id) whose people report on a part."""
    return part.region_id or part.list.region_id


def why_not_report(user: User, part: TaskPart) -> str:
    """Why `user` cannot report the part done; "" where they can."""
    if not part.given:
        return "这项任务还没有下达。"
    if not stated_by_hand(part):
        return "这项任务的完成情况由有关记录算出，不用填报。"
    if not user.may(Permission.ANNUAL_WORK) or user.region_id != owner_of(part):
        own = part.region or part.list.region
        return f"完成情况由{own.name}的工作人员填报。"
    return ""


def why_not_reopen(user: User, part: TaskPart) -> str:
    """Why `user` cannot take back that a part is done: its people, and those who gave it, can."""
    if part.done_on is None:
        return "还没有报告完成。"
    if user.may(Permission.ANNUAL_WORK) and user.region_id in (owner_of(part), part.list.region_id):
        return ""
    return f"由填报单位或{_people(part.list.region)}办理。"


def report(
    user: User, part: TaskPart, done_on: date, result: str, *, address: str | None = None
) -> None:
    """State that a part was done on a day, with what was done. Raises TaskError."""
    if said := why_not_report(user, part):
        raise NotTheirsError(said)
    if part.done_on is not None:
        raise TaskError("已经报告完成；有误的请先撤回。")
    if not result.strip():
        raise TaskError("请写明完成情况。")
    if done_on > today():
        raise TaskError("完成日期晚于今天，请填写已经发生的日期。")
    _note(user, part, TaskAct.DONE, result.strip(), address, done_on)


def reopen(user: User, part: TaskPart, reason: str, *, address: str | None = None) -> None:
    """Take back that a part is done. Raises TaskError."""
    if said := why_not_reopen(user, part):
        raise NotTheirsError(said)
    if not reason.strip():
        raise TaskError("请写明撤回的理由。")
    _note(user, part, TaskAct.REOPENED, reason.strip(), address, None)


def _note(
    user: User,
    part: TaskPart,
    act: TaskAct,
    words: str,
    address: str | None,
    done_on: date | None,
) -> None:
    event = TaskEvent(list=part.list, part=part, act=act, actor=user, reason=words, address=address)
    with because(db.session, words):
        part.done_on, part.result = done_on, words if done_on else ""
        db.session.add(event)
