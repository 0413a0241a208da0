"""Acts on objections: filed, withdrawn, answered. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations import service as determinations
from tracker.records.determinations import values
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.year.assessments.awaited import FactToRule, SubjectToRule
from tracker.year.assessments.models import ScorecardRow
from tracker.year.objections import queries, steps
from tracker.year.objections.models import (
    CORRECTING,
    Objection,
    ObjectionAct,
    ObjectionClaim,
    ObjectionEvent,
    ObjectionRuling,
    ObjectionState,
)
from tracker.year.procedure.models import Act, Assessment
from tracker.year.procedure.queries import assessment_of
from tracker.year.procedure.service import stands_against


class ObjectionError(ToldError):
    """An act on an objection that is not possible; the message says why, `field` what of the form
    it is about (the measure of a value)."""

    status = 409

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Objecting:
    """What a card's page needs to know: its objections by line, and whether the user may object to
    one of its lines now."""

    of: Mapping[str, Sequence[Objection]]
    open: bool


def objecting(row: ScorecardRow, user: User) -> Objecting:
    """The objections to a card that was published; few statements, whatever the lines."""
    if not user.may(Permission.OBJECTIONS_VIEW):
        return Objecting({}, open=False)
    owner = row.snapshot.owner_region_id
    may = steps.files(user, row.region_id) and steps.is_open_for_filing(
        assessment_of(row.snapshot.year, owner)
    )
    published = queries.notified(row.snapshot.year, owner) if may else None
    return Objecting(
        queries.on_card(row), open=published is not None and published.id == row.snapshot_id
    )


def why_not_file(user: User, row: ScorecardRow, subject: str, line: str) -> str:
    """Why `user` cannot object to a line of the card `row` (of what `subject` is about) now."""
    year, owner = row.snapshot.year, row.snapshot.owner_region_id
    if not steps.files(user, row.region_id):
        return "只能对本地的评分表提出申诉。"
    assessment = assessment_of(year, owner)
    if said := steps.why_no_filing(year, assessment):
        return said
    published = queries.notified(year, owner)
    if published is None or published.id != row.snapshot_id:
        return "申诉对公示的评分表提出，这一份不是。"
    assert assessment is not None, "its notice runs"
    other = queries.open_on(assessment, subject, row.subject_code, line)
    if other is not None:
        return f"这一条已有第 {other.id} 号申诉待答复；要改的，先撤回再提出。"
    return ""


def file(
    actor: User,
    row: ScorecardRow,
    line: str,
    words: str,
    claims: Mapping[str, Decimal],
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> Objection:
    """Object to `line` of the card `row`, which is one of the published snapshot. `claims`: the
    value that is held right by measure of the line, in its unit. Raises ObjectionError."""
    sheet = queries.points_of(row.snapshot).sheets[row.sheet]
    subject = sheet.rulebook.subject
    found = queries.line_of(sheet, row.subject_code, line)
    if found is None:
        raise ObjectionError("评分表上没有这一条。")
    if said := why_not_file(actor, row, subject, line):
        raise ObjectionError(said)
    words = words.strip()
    if not words:
        raise ObjectionError("请写明哪里有误、为什么。", "words")
    if fault := refusal("申诉理由", words):
        raise ObjectionError(fault, "words")
    for measure, value in claims.items():
        if measure not in queries.ruled_measures(found):
            raise ObjectionError("这一条没有这项数据。", measure)
        if fault := values.fault(measure, value):
            raise ObjectionError(fault, measure)
        counted = found.inputs[measure]
        if counted is not None and Fraction(value) == Fraction(counted):
            raise ObjectionError("与现在所计的相同。没有别的数值的，这一格不填。", measure)
    assessment = assessment_of(row.snapshot.year, row.snapshot.owner_region_id)
    assert assessment is not None, "its notice runs"
    assert row.region_id is not None, "it is a place's own"
    moment = at or now()
    objection = Objection(
        assessment_id=assessment.id,
        region_id=row.region_id,
        snapshot_id=row.snapshot_id,
        sheet=row.sheet,
        subject=subject,
        subject_code=row.subject_code,
        subject_name=row.subject_name,
        line=line,
        line_name=found.indicator.name,
        words=words,
        state=ObjectionState.OPEN,
        state_at=moment,
        claims=[ObjectionClaim(measure=name, value=value) for name, value in claims.items()],
    )
    db.session.add(objection)
    db.session.flush()
    _note(objection, ObjectionAct.FILED, actor, "", address, moment)
    return objection


def withdraw(
    actor: User,
    objection: Objection,
    reason: str,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> ObjectionEvent:
    """Take an objection back before it is answered. Raises ObjectionError."""
    if said := steps.why_no_withdrawal(actor, objection):
        raise ObjectionError(said)
    return _end(objection, ObjectionAct.WITHDRAWN, actor, reason, address, at)


def answer(
    actor: User,
    objection: Objection,
    how: ObjectionAct,
    reason: str,
    found: SubjectToRule | None = None,
    corrections: Mapping[str, Decimal] | None = None,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> ObjectionEvent:
    """Answer an objection; what it grants is ruled at once, by whose assessment it is.

    `found` is its subject as `queries.subject_now` gives it, `corrections` the value that is right
    by measure, in its unit: a reported value is accepted, another one put in its place. Raises
    ObjectionError.
    """
    if said := steps.why_no_answer(actor, objection, how):
        raise ObjectionError(said, "how" if how in CORRECTING else "")
    corrections = corrections or {}
    facts = {fact.name: fact for fact in queries.facts_to_correct(objection, found)}
    if how in CORRECTING and facts and not corrections:
        raise ObjectionError("支持和部分支持的，请填写更正后的数值，至少一项。", "how")
    if how not in CORRECTING and corrections:
        raise ObjectionError("不予支持的不更正数值，请清空。", next(iter(corrections)))
    for name, value in corrections.items():
        if fault := _fault(facts.get(name), value):
            raise ObjectionError(fault, name)
    event = _end(objection, how, actor, reason, address, at)
    for name, value in corrections.items():
        assert found is not None, "it has the facts"
        made = _rule(actor, objection, found, facts[name], value, event.reason)
        event.rulings.append(ObjectionRuling(determination_id=made.id))
    db.session.flush()
    return event


def _fault(fact: FactToRule | None, value: Decimal) -> str:
    """Why `value` cannot take the place of what a fact counts as now; "" if it can."""
    if fact is None:
        return "这一条没有这项数据，不能在这里更正。"
    if fact.at(RulingLevel.PROVINCE).value == value:
        return "与现在所计的值相同，没有更正。"
    return values.fault(fact.name, value)


def _rule(
    actor: User,
    objection: Objection,
    found: SubjectToRule,
    fact: FactToRule,
    value: Decimal,
    reason: str,
) -> Determination:
    as_reported = value == fact.reported
    try:
        return determinations.rule(
            objection.assessment.year,
            fact.name,
            {found.column: found.record_id},
            RulingLevel.PROVINCE,
            Ruling.ACCEPTED if as_reported else Ruling.CORRECTED,
            fact.reported,
            actor,
            value=None if as_reported else value,
            reason=f"第 {objection.id} 号申诉：{reason}",
            owner=objection.assessment.owner_region_id,
        )
    except determinations.RulingError as error:
        raise ObjectionError(str(error), fact.name) from None


def _end(
    objection: Objection,
    what: ObjectionAct,
    actor: User,
    reason: str,
    address: str | None,
    at: datetime | None,
) -> ObjectionEvent:
    reason = reason.strip()
    if not reason:
        word = "撤回的理由" if what is ObjectionAct.WITHDRAWN else "答复的理由"
        raise ObjectionError(f"请写明{word}。", "reason")
    if fault := refusal("理由", reason):
        raise ObjectionError(fault, "reason")
    moment = at or now()
    event = _note(objection, what, actor, reason, address, moment)
    with because(db.session, reason):
        objection.state, objection.state_at = ObjectionState(what.value), moment
        db.session.flush()
    return event


def _note(
    objection: Objection,
    what: ObjectionAct,
    actor: User,
    reason: str,
    address: str | None,
    at: datetime,
) -> ObjectionEvent:
    event = ObjectionEvent(
        act=what,
        at=at,
        actor_id=actor.id,
        reason=reason,
        address=address[:64] if address else None,
    )
    objection.events.append(event)
    db.session.flush()
    return event


@stands_against
def _still_open(assessment: Assessment, what: Act) -> str:
    """Nothing is made final while an objection waits for its answer."""
    if what is not Act.FINALISED:
        return ""
    number = queries.number_open(assessment.year, assessment.owner_region_id)
    return f"还有 {number} 件申诉没有答复，全部办结后才能定稿。" if number else ""
