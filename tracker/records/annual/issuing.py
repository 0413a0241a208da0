"""Issuing and adjusting a list: what was drafted stands, as the targets of the year where a measure
says what is done, and is kept whole. The acting user is given; nothing commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import Origin, db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.shown import told
from tracker.records.accounts.models import User
from tracker.records.annual.grid import Cell, Sheet
from tracker.records.annual.models import (
    ListState,
    TaskAct,
    TaskEvent,
    TaskList,
    TaskPart,
)
from tracker.records.annual.queries import (
    versions_of,
)
from tracker.records.annual.service import TaskError, begun, need_own
from tracker.records.evidence.models import EvidenceLink
from tracker.records.places.models import RegionLevel
from tracker.records.places.scopes import is_province
from tracker.records.targets.models import Target


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
    whys: Mapping[int, str] | None = None,
    address: str | None = None,
    at: datetime | None = None,
    origin: Origin = Origin.ENTERED,
) -> TaskEvent:
    """Make the drafts stand: 下达 the first time, then 调整, whose reason has to be said; so has
    why the parts of a task do not add up: by task (id) in `whys`, without these by `reason`, and
    never told of another task. What is issued is kept whole. Parts of a county's
    measure are the year's targets, which everything else reads. Without `user` the program acts.
    Raises TaskError."""
    if user is not None:
        need_own(user, sheet.region)
    if said := why_not_issue(sheet):
        raise TaskError(said)
    reason = reason.strip()
    wrong = {check.column.task.id: check for check in sheet.checks if not check.fits}
    said_of = {task: (whys or {}).get(task, "").strip() for task in wrong}
    for number, check in wrong.items():
        if not (said_of[number] or (reason and whys is None)):
            name = check.column.task.name
            raise TaskError(f"“{name}”{check.words}。仍要下达的，请写明理由。")
    if sheet.is_issued and not reason:
        raise TaskError("调整已下达的任务，请写明理由。")
    of = sheet.record or begun(sheet)
    fresh = {column.task.id for column in sheet.fresh_tasks}
    general = reason if sheet.is_issued or not wrong else ""
    for column in sheet.columns:
        task = column.task
        own = (said_of[task.id] or reason) if task.id in wrong else ""
        told_of = "；".join(dict.fromkeys(filter(None, (general, own))))
        with because(db.session, told_of or TaskAct.ISSUED.label):
            if task.id in fresh:
                task.issued_total, task.issued_due_on = task.total, task.due_on
            for cell in sheet.of_column(column):
                if cell.part is not None and (cell.is_draft or cell.part.given):
                    _stand(user, cell, origin)
    with because(db.session, reason or TaskAct.ISSUED.label):
        return _revise(user, of, sheet, reason, at or now(), address, said_of)


def _revise(
    user: User | None,
    of: TaskList,
    sheet: Sheet,
    reason: str,
    at: datetime,
    address: str | None,
    whys: Mapping[int, str] | None = None,
) -> TaskEvent:
    whys = whys if whys is not None else whys_of(sheet)
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
        content=json.dumps(_content(sheet, whys), ensure_ascii=False, sort_keys=True),
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
    need_own(user, sheet.region)
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


def _content(sheet: Sheet, whys: Mapping[int, str]) -> dict[str, Any]:
    """What was issued, as it is kept: numbers as texts, in the measure's unit; with why the parts
    of a task do not add up (`whys`, by task)."""
    return {
        "tasks": [
            {
                "task": column.task.id,
                "name": column.task.name,
                "unit": column.unit,
                "measure": column.task.measure,
                "whole": None if column.whole is None else f"{column.whole:f}",
                "due": column.due.isoformat(),
                "why": whys.get(column.task.id, ""),
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


def whys_of(sheet: Sheet) -> dict[int, str]:
    """Why the parts of tasks do not add up, as was said when the list was issued last, by task."""
    latest = next(iter(versions_of(sheet.record)), None)
    if latest is None:
        return {}
    told_then = json.loads(latest.content or "{}")["tasks"]
    return {each["task"]: each["why"] for each in told_then if each.get("why")}


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
