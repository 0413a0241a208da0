"""Acts on a year's assessment. The acting user is given; nothing commits. Long work (freezing) is
done by whoever calls, before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of
from tracker.core.quantities.days import last_day
from tracker.core.questions import Questions
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of_owner
from tracker.records.submissions.workdays import days_on, moved_days, next_working
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.procedure import steps
from tracker.year.procedure.checks import faults_of_card
from tracker.year.procedure.models import (
    CLOSED,
    DATED,
    Act,
    Assessment,
    AssessmentDay,
    AssessmentEvent,
    CardReview,
    Gap,
    Stage,
)
from tracker.year.procedure.queries import (
    Card,
    accepted_gaps,
    assessment_of,
    facts_digest,
)

YEARS = range(2002, 2100)
_AFTER = timedelta(days=20)  # how far days off can move a day


class ProcedureError(ToldError):
    """An act on an assessment that is not possible; the message says why."""

    status = 409


# What features above know that speaks against an act, as an objection that is open.
stands_against = Questions[[Assessment, Act]](__name__)


def usual_days(year: int) -> dict[Stage, date]:
    """The last days that are named unless the province names others, all in the year after: 自评
    10 January, 初审 31 January, 复核 the end of February, the notice from 10 March, 申诉 20 March,
    定稿 31 March, 通报 30 April."""
    end = last_day(year)
    after = end.year + 1
    march = date(after, 3, 1)
    return {
        Stage.SELF: date(after, 1, 10),
        Stage.CITY: date(after, 1, 31),
        Stage.PROVINCE: march - timedelta(days=1),
        Stage.NOTICE: date(after, 3, 10),
        Stage.OBJECTIONS: date(after, 3, 20),
        Stage.FINAL: date(after, 3, 31),
        Stage.CIRCULAR: date(after, 4, 30),
    }


def open_year(
    actor: User | None,
    year: int,
    stated: Mapping[Stage, date],
    *,
    address: str | None = None,
    at: datetime | None = None,
    owner: int | None = None,
) -> Assessment:
    """Open the assessment of `year` by `owner`, or set the days of one that is open. Raises
    ProcedureError."""
    _need_mover(actor, owner)
    if year not in YEARS:
        raise ProcedureError("年度有误。")
    assessment = assessment_of(year, owner)
    if assessment is None:
        moment = at or now()
        assessment = Assessment(
            year=year, owner_region_id=owner, stage=Stage.PREPARING, stage_at=moment
        )
        db.session.add(assessment)
        db.session.flush()
        _note(assessment, Act.OPENED, Stage.PREPARING, actor, None, "", address, moment)
    _set_days(assessment, stated)
    db.session.flush()
    return assessment


def _set_days(assessment: Assessment, stated: Mapping[Stage, date]) -> None:
    if said := why_not_days(assessment.year, stated):
        raise ProcedureError(said)
    moved = moved_days(min(stated.values()), max(stated.values()) + _AFTER)
    there = {each.stage: each for each in assessment.days}
    for stage, day in stated.items():
        due = next_working(day, moved)
        row = there.get(stage)
        if row is None:
            assessment.days.append(AssessmentDay(stage=stage, stated_on=day, due_on=due))
        elif (row.stated_on, row.due_on) != (day, due):
            row.stated_on, row.due_on = day, due


def why_not_days(year: int, stated: Mapping[Stage, date]) -> str:
    """Why these cannot be the last days of the stages; "" if they can."""
    if lacking := [stage.label for stage in DATED if stage not in stated]:
        return f"请填写{'、'.join(lacking)}的截止日。"
    if stated[Stage.SELF] <= last_day(year):
        return f"{Stage.SELF.label}的截止日须在 {year} 年结束以后。"
    for before, after in pairwise(DATED):
        if stated[before] > stated[after]:
            return f"{after.label}的截止日不能早于{before.label}的截止日。"
    return ""


def why_not(actor: User, assessment: Assessment, what: Act) -> str:
    """Why `actor` cannot do `what` now, whatever the facts say; "" where nothing is against it."""
    said = steps.why_not(actor, assessment, steps.STEPS[what])
    return said or stands_against.answer(assessment, what)


def act(
    actor: User | None,
    assessment: Assessment,
    what: Act,
    *,
    snapshot: Snapshot | None = None,
    reason: str = "",
    document: str = "",
    address: str | None = None,
    at: datetime | None = None,
) -> AssessmentEvent:
    """Take a step, and note who took it when, why and from where.

    `snapshot`: of a step that freezes, the facts of the stage that ends, which stand up to the
    precheck. Without `actor` the program acts, for commands and sample data; `at` is then the
    moment. Raises ProcedureError.
    """
    step = steps.STEPS[what]
    if actor:
        said = why_not(actor, assessment, what)
    else:
        said = stands_against.answer(assessment, what)
        if at is None or what is not Act.NOTICE_ENDED:
            said = steps.out_of_order(assessment, step) or said
    reason, document = reason.strip(), document.strip()
    if not said and step.reason and not reason:
        said = f"请写明{what.label}的理由。"
    if not said and what is Act.CIRCULATED and not document:
        said = "请填写通报的文号。"
    said = said or refusal("理由", reason) or refusal("通报的文号", document)
    if said:
        raise ProcedureError(said)
    if step.freezes and snapshot is None:
        raise ProcedureError("须先冻结事实并计分。")
    moment = at or now()
    to = steps.target(assessment, step)
    until = notice_end(day_of(moment)) if what is Act.NOTIFIED else assessment.notice_until
    event = _note(assessment, what, to, actor, snapshot, reason, address, moment)
    with because(db.session, reason or what.label):
        assessment.stage, assessment.stage_at = to, moment
        assessment.notice_until = until
        if what is Act.CIRCULATED:
            assessment.document = document
        db.session.flush()
    return event


def notice_end(begun: date) -> date:
    """The last day of a notice that begins on `begun`: five working days after it."""
    return days_on(begun, steps.NOTICE_DAYS, moved_days(begun, begun + 2 * _AFTER))


def _note(
    assessment: Assessment,
    what: Act,
    to: Stage,
    actor: User | None,
    snapshot: Snapshot | None,
    reason: str,
    address: str | None,
    at: datetime,
) -> AssessmentEvent:
    event = AssessmentEvent(
        assessment_id=assessment.id,
        act=what,
        from_stage=assessment.stage,
        to_stage=to,
        at=at,
        actor_id=actor.id if actor else None,
        snapshot_id=snapshot.id if snapshot else None,
        reason=reason,
        address=address[:64] if address else None,
    )
    db.session.add(event)
    return event


def why_not_review(actor: User | None, assessment: Assessment | None, snapshot: Snapshot) -> str:
    """Why no card of `snapshot` can be reviewed now; "" if some can."""
    owner = snapshot.owner_region_id
    if actor is not None and not steps.moves(actor, owner):
        return of_owner("复核由省级考核人员办理，您的账户不能办理。", owner)
    if assessment is None:
        return f"{snapshot.year} 年度的考核还没有启动。"
    if assessment.stage not in (Stage.PROVINCE, Stage.OBJECTIONS):
        said = f"现在是“{assessment.stage.label}”阶段，复核在“省级复核”“申诉处理”阶段办理。"
        return of_owner(said, owner)
    latest = latest_snapshot(snapshot.year, owner)
    if latest is None or latest.id != snapshot.id:
        return "此后又冻结过该年度的事实，请按最近一份快照复核。"
    return ""


def review(
    actor: User | None,
    snapshot: Snapshot,
    sheets: Mapping[str, Mapping[str, Any]],
    cards: Collection[Card],
    *,
    at: datetime | None = None,
) -> list[CardReview]:
    """Adopt all standing values of `cards` of `snapshot`, whose document has `sheets`.

    Raises ProcedureError where any of them has a fact that nobody ruled on, or that changed since.
    """
    assessment = assessment_of(snapshot.year, snapshot.owner_region_id)
    if said := why_not_review(actor, assessment, snapshot):
        raise ProcedureError(said)
    assert assessment is not None, "said above"
    made = []
    for subject, code in cards:
        sheet = sheets.get(subject)
        if sheet is None or code not in sheet["subjects"]:
            raise ProcedureError("没有这份评分表。")
        if faults := faults_of_card(sheet, code):
            name = _name(sheet, code)
            raise ProcedureError(f"{name}不能复核：{'，'.join(faults)}。")
        made.append(
            CardReview(
                assessment_id=assessment.id,
                subject=subject,
                subject_code=code,
                facts_sha256=facts_digest(sheet, code),
                taken_over=" ".join(sheet.get("taken_over", {}).get(code, ())),
                actor_id=actor.id if actor else None,
                at=at or now(),
            )
        )
    db.session.add_all(made)
    db.session.flush()
    return made


def _name(sheet: Mapping[str, Any], code: str) -> str:
    subjects = sheet["facts"]["province"]["subjects"]
    return next((each["name"] for each in subjects if each["code"] == code), code)


def set_gap(
    actor: User | None,
    year: int,
    card: Card,
    line: str,
    accepted: bool,
    reason: str,
    unscorable: Collection[str],
    owner: int | None = None,
) -> Gap:
    """Accept a line that cannot be scored as a gap, or take that back. `unscorable`: the codes of
    the lines of the card that cannot be scored now. Raises ProcedureError."""
    if actor is not None and not steps.moves(actor, owner):
        raise ProcedureError(of_owner("缺口由省级考核人员认可，您的账户不能办理。", owner))
    assessment = assessment_of(year, owner)
    if assessment is None:
        raise ProcedureError(f"{year} 年度的考核还没有启动。")
    if assessment.stage in CLOSED:
        raise ProcedureError(f"“{assessment.stage.label}”阶段不再认可或撤销缺口。")
    if accepted and line not in unscorable:
        raise ProcedureError("只有不可计分的指标可以作为缺口认可。")
    if not accepted and line not in accepted_gaps(year, owner).get(card, {}):
        raise ProcedureError("这一条没有作为缺口认可，不用撤销。")
    reason = reason.strip()
    if not reason:
        raise ProcedureError("请写明理由，理由印在评分表上。")
    if fault := refusal("理由", reason):
        raise ProcedureError(fault)
    gap = Gap(
        assessment_id=assessment.id,
        subject=card[0],
        subject_code=card[1],
        line=line,
        accepted=accepted,
        reason=reason,
        actor_id=actor.id if actor else None,
    )
    db.session.add(gap)
    db.session.flush()
    return gap


def _need_mover(actor: User | None, owner: int | None) -> None:
    if actor is not None and not steps.moves(actor, owner):
        raise ProcedureError(of_owner("考核由省级考核人员启动，您的账户不能办理。", owner))
