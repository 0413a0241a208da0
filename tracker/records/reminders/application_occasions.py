"""What people are reminded of about applications: what waits for their step, and 验收 that falls
due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.clock import written
from tracker.core.quantities.shown import days_left
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import Whose, city_above, taker_words
from tracker.records.applications.days import word_of
from tracker.records.applications.models import BUILDING, Application, ApplicationState
from tracker.records.applications.queries import WITH_PLACES
from tracker.records.applications.steps import onward, waits_for
from tracker.records.applications.turns import reason_words, turns_of
from tracker.records.places.models import Region, RegionLevel
from tracker.records.reminders.occasions import (
    WEEK,
    Found,
    Occasion,
    _of,
    declare,
    late_stage,
    stage_before,
)
from tracker.records.submissions.waiting import LONG, hours_since, spell

S = ApplicationState
BEFORE = (60, 14)  # days before the day by which 验收 is due
# Where somebody's step is awaited; what is built waits for nobody but its own day.
_WAITING = (S.APPROVED, S.SUBMITTED, S.RETURNED, S.CITY_REVIEWED, S.GRANTED, S.AWAITING)


def _waiting(on: date) -> Iterator[Found]:
    """What has waited for a step for more than 48 hours."""
    long = (Application.state.in_(_WAITING), Application.state_at < now() - LONG)
    statement = select(Application).where(*long).options(*WITH_PLACES)
    province = db.session.scalar(select(Region.id).where(Region.level == RegionLevel.PROVINCE))
    waiting_long = db.session.scalars(
        statement.order_by(Application.state_at, Application.id)
    ).all()
    turns = turns_of(waiting_long)
    for each in waiting_long:
        step = onward(each)
        assert step is not None, "asked for"
        waiting, permission = f"待{word_of(step.act)}", step.permission
        who, why = waits_for(each), ""
        turn = turns[each.id]
        if turn.is_filled_in:  # what came back is mended before its leader looks at it
            permission = Permission.APPLICATIONS_EDIT
            waiting = "待修改" if turn.back is not None else "待补齐"
            who = taker_words(each.county, Whose.OWN, permission)
            why = f"{reason_words(turn.back)}。" if turn.back is not None else ""
        assert each.state_at is not None, "asked for"
        above = city_above(each.county)
        whose = {Whose.OWN: each.county_id, Whose.CITY: above.id if above else province}
        place = whose.get(step.whose, province)
        if place is None:
            continue
        yield Found(
            f"application {each.id}",
            f"{each.state.value} {(now() - each.state_at).days // WEEK} {written(each.state_at)}",
            (place,),
            (permission,),
            f"{each.name}{waiting}",
            f"{each.county.name}的{each.kind.label}申报，现在是“{each.state.label}”，"
            f"已等待 {spell(hours_since(each.state_at))}（超过 48 小时），"
            f"由{who}办理。{why}",
            _of(each),
        )


def _acceptance(on: date) -> Iterator[Found]:
    """验收 that is due within 60 days, today, or was due: told to the place, which asks for it."""
    near = (
        Application.state.in_(BUILDING),
        Application.acceptance_due_on <= on + timedelta(max(BEFORE)),
    )
    statement = select(Application).where(*near).options(*WITH_PLACES)
    for each in db.session.scalars(statement.order_by(Application.acceptance_due_on)):
        due = each.acceptance_due_on
        assert due is not None, "asked for"
        left = (due - on).days
        stage = late_stage(on, due) if left < 0 else stage_before(on, due, BEFORE)
        assert stage is not None, "within what is told"
        yield Found(
            str(each.id),
            stage,
            (each.county_id,),
            (Permission.APPLICATIONS_EDIT, Permission.APPLICATIONS_APPROVE),
            f"{each.name}{'验收逾期' if left < 0 else '验收将到期'}",
            f"{each.kind.label}，{'整改' if each.state is S.RECTIFYING else '验收'}期限为 {due}，"
            f"{days_left(left)}。建成的请备齐材料，申请验收。",
            _of(each),
            due,
        )


declare(
    Occasion("application_waiting", "申报等待办理", "等待超过 48 小时，其后每周一次", _waiting),
    Occasion(
        "acceptance_due",
        "验收到期",
        "期限前 60 天、14 天，当天，逾期后每周一次",
        _acceptance,
    ),
)
