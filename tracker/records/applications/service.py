"""Acts on applications, one step at a time. The acting user is given; nothing commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from tracker.core.db import Base, db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of, today
from tracker.core.quantities.figure import yuan
from tracker.core.quantities.shown import wan
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.accounts.takers import Whose, taker_words
from tracker.records.applications import demands, steps
from tracker.records.applications.models import (
    CLOSED,
    IN_HAND,
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.applications.queries import standing
from tracker.records.parks.models import Park
from tracker.records.villages.models import DemonstrationVillage

S, A = ApplicationState, ApplicationAct


class StepError(ToldError):
    """The step cannot be taken; the message says why, `field` what of the form it is about."""

    status = 409

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Given:
    """What comes with a step: why or with what opinion; the day and number of the document by which
    it is done; the amount (元) granted or allotted; what 验收 found; by when 验收 is due."""

    reason: str = ""
    on_day: date | None = None
    document: str = ""
    amount: Decimal | None = None
    result: Acceptance | None = None
    due_on: date | None = None


NOTHING = Given()
# Of a step: where its result leads.
_LEADS = {
    Acceptance.PASSED: S.ACCEPTED,
    Acceptance.RECTIFY: S.RECTIFYING,
    Acceptance.FAILED: S.FAILED,
}


def why_not(user: User, application: Application, act: ApplicationAct) -> str:
    """Why `user` cannot do `act` now; "" where nothing stands against it."""
    if said := steps.why_not(user, application, steps.STEPS[act]):
        return said
    return demanded(application, act)


def demanded(application: Application, act: ApplicationAct) -> str:
    """What `application` lacks for `act`, whoever takes it: all of it at once; "" if nothing."""
    found = []
    if act in (A.APPROVED, A.SUBMITTED):
        found += demands.incomplete(application)
    if act in (A.APPROVED, A.SUBMITTED, A.RESUMED) and (other := _other(application)):
        found.append(f"已有同一对象的申报“{other.name}”（{other.state.label}），不能重复申报。")
    if lacking := demands.missing(application, act):
        found.append(f"缺材料：{'、'.join(lacking)}。请在“佐证材料”中按此类别上传。")
    return "".join(found)


def next_words(application: Application) -> str:
    """Who does what next: 由缙云县工作人员补齐内容和材料，再由缙云县领导审核; "" where nobody."""
    step = steps.onward(application)
    if step is None:
        return ""
    who = taker_words(application.county, step.whose, step.permission)
    if application.state not in IN_HAND or not demanded(application, step.act):
        return f"由{who}办理"
    staff = taker_words(application.county, Whose.OWN, steps.STEPS[A.SUBMITTED].permission)
    return f"由{staff}补齐内容和材料，再由{who}办理"


def _other(application: Application) -> Application | None:
    """Another application for the same 示范点 or 产业园 that has not come to nothing."""
    if application.kind is ApplicationKind.FUND or application.subject is None:
        return None
    same = (
        Application.demonstration_village_id == application.demonstration_village_id
        if application.kind is ApplicationKind.DEMONSTRATION
        else Application.park_id == application.park_id
    )
    others = select(Application).where(
        same,
        Application.kind == application.kind,
        Application.id != application.id,
        Application.state.not_in(CLOSED),
    )
    return db.session.scalar(others.limit(1))


def act(
    actor: User,
    application: Application,
    what: ApplicationAct,
    given: Given = NOTHING,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> ApplicationEvent:
    """Take a step with `application`, and note who took it when, why and from where.

    The day of 申报, 立项 and 验收 goes into the record that it is about, where measures read it; a
    record that says another day is never overwritten. Raises StepError.
    """
    step = steps.STEPS[what]
    if said := why_not(actor, application, what):
        raise StepError(said)
    if not step.fits(application):
        raise StepError(f"这项申报没有“{what.label}”这一步。")
    given = _kept(what, given)
    for sentence, field in _faults(application, what, given):
        raise StepError(sentence, field)
    moment = at or now()
    before = application.state
    to = step.to or (_LEADS[given.result] if given.result else before)
    event = ApplicationEvent(
        application=application,
        act=what,
        from_state=before,
        to_state=to,
        at=moment,
        actor_id=actor.id,
        reason=given.reason.strip(),
        on_day=given.on_day,
        document=given.document.strip(),
        amount=given.amount,
        result=given.result,
        due_on=given.due_on,
        address=address[:64] if address else None,
    )
    with because(db.session, event.reason or what.label):
        _carry(application, what, event)
        if before is not to:
            application.state, application.state_at = to, moment
        db.session.add(event)
        db.session.flush()
    return event


# What each step takes; all else that came with it is left out.
_ASKS = {
    A.GRANTED: ("amount",),
    A.ESTABLISHED: ("on_day", "document", "due_on"),
    A.ALLOTTED: ("on_day", "document", "amount"),
    A.INSPECTED: ("on_day", "document", "result", "due_on"),
}


def asks(what: ApplicationAct) -> tuple[str, ...]:
    """The fields of `Given` that `what` takes beside a reason or opinion."""
    return _ASKS.get(what, ())


def _kept(what: ApplicationAct, given: Given) -> Given:
    values = {name: getattr(given, name) for name in asks(what)}
    return Given(reason=given.reason, **values)


def _faults(
    application: Application, what: ApplicationAct, given: Given
) -> Iterator[tuple[str, str]]:
    """(sentence, field) of each thing that is wrong with what comes with a step."""
    if steps.STEPS[what].reason and not given.reason.strip():
        yield f"请写明{what.label}的{word_of_reason(what)}。", "reason"
    if what is A.GRANTED:
        yield from _faults_of_grant(application, given)
    if what in (A.ESTABLISHED, A.ALLOTTED, A.INSPECTED):
        yield from _faults_of_day(application, what, given)
    if what in (A.ESTABLISHED, A.ALLOTTED) and not given.document.strip():
        yield "请填写文号。", "document"
    if what is A.ALLOTTED:
        yield from _faults_of_allotment(application, given)
    if what is A.INSPECTED and given.result is None:
        yield "请选择验收结果。", "result"
    if given.result in (Acceptance.PASSED, Acceptance.FAILED) and given.due_on is not None:
        yield f"验收结果为“{given.result.label}”的没有验收期限，请清除，或改选限期整改。", "due_on"
    due_from = what is A.ESTABLISHED or given.result is Acceptance.RECTIFY
    if due_from and given.due_on is None:
        yield "请填写验收期限。", "due_on"
    elif due_from and given.due_on and given.on_day and given.due_on < given.on_day:
        yield f"验收期限 {given.due_on} 早于 {given.on_day}，请核对。", "due_on"
    for record, name, day in _days_of_subject(application, what, given.on_day, given.result):
        yield from _faults_of_subject(record, name, day)


def word_of_reason(what: ApplicationAct) -> str:
    """What the reason of `what` is called: an opinion of those who look at it."""
    return "意见" if what in (A.CITY_REVIEWED, A.GRANTED, A.INSPECTED) else "理由"


def _faults_of_grant(application: Application, given: Given) -> Iterator[tuple[str, str]]:
    asked = application.amount_asked
    if asked is None:
        if given.amount is not None:
            yield "申报没有申请资金，批准金额不填。", "amount"
    elif given.amount is None:
        yield "请填写批准金额。", "amount"
    elif given.amount > asked:
        yield f"批准金额不能超过申请金额 {wan(yuan(asked))} 万元。", "amount"


def _faults_of_day(
    application: Application, what: ApplicationAct, given: Given
) -> Iterator[tuple[str, str]]:
    if given.on_day is None:
        yield f"请填写{what.label}日期。", "on_day"
    elif given.on_day > today():
        yield f"{what.label}日期 {given.on_day} 晚于今天({today()})。", "on_day"
    elif application.established_on and given.on_day < application.established_on:
        yield f"{what.label}日期早于立项日期 {application.established_on}，请核对。", "on_day"
    elif what is A.ESTABLISHED and (filed := _filed_on(application, given.on_day)):
        yield f"立项日期 {given.on_day} 早于申报日期 {filed}，请核对。", "on_day"


def _filed_on(application: Application, on_day: date) -> date | None:
    """The day on which it was applied for, where `on_day` lies before it; None where it does not,
    or where the record that it is about has told that day before."""
    record = application.demonstration_village or application.park
    of_kind = application.kind is not ApplicationKind.FUND and record is not None
    if of_kind and record is not None and record.approved_on == on_day:
        return None
    filed = next((e.at for e in events_of(application) if e.act is A.SUBMITTED), None)
    return day_of(filed) if filed is not None and on_day < day_of(filed) else None


def _faults_of_allotment(
    application: Application, given: Given, *, instead_of: ApplicationEvent | None = None
) -> Iterator[tuple[str, str]]:
    if given.amount is None:
        yield "请填写下达金额。", "amount"
        return
    if _allotted_already(application, given, instead_of):
        yield "已登记过同一文号、日期和金额的下达，请核对是否重复。", "amount"
        return
    granted = application.amount_granted or Decimal(0)
    left = granted - allotted_by_events(application)
    if instead_of is not None and instead_of.amount is not None:
        left += instead_of.amount
    if given.amount > left:
        yield (
            f"批准 {wan(yuan(granted))} 万元，还可下达 {wan(yuan(left))} 万元，不能超过。",
            "amount",
        )


def _allotted_already(
    application: Application, given: Given, instead_of: ApplicationEvent | None
) -> bool:
    """Whether the same sum of the same document was allotted before, by another than `instead_of`:
    what is entered here is never taken away again, so it is entered once."""
    same = select(ApplicationEvent.id).where(
        *standing(application),
        ApplicationEvent.on_day == given.on_day,
        ApplicationEvent.document == given.document.strip(),
        ApplicationEvent.amount == given.amount,
    )
    if instead_of is not None:
        same = same.where(ApplicationEvent.id != instead_of.id)
    return db.session.scalar(same.limit(1)) is not None


def allotted_by_events(application: Application) -> Decimal:
    """The 元 that were allotted by acts on `application`."""
    amount = ApplicationEvent.amount
    statement = select(func.sum(amount, type_=amount.type)).where(*standing(application))
    return db.session.scalar(statement) or Decimal(0)


# -- putting an allotment right


def why_not_correct(user: User, event: ApplicationEvent) -> str:
    """Why `user` cannot put the allotment `event` right; "" where they can."""
    step = steps.STEPS[A.ALLOTTED]
    if not steps.is_one_of(user, event.application, step):
        return "资金下达的更正由省级考核人员办理，您的账户不能办理。"
    if event.act is not A.ALLOTTED:
        return "只有资金下达可以更正。"
    later = select(ApplicationEvent.id).where(ApplicationEvent.corrects_id == event.id)
    if db.session.scalar(later) is not None:
        return "这笔下达已更正过，请更正最近的一笔。"
    return "" if event.amount is not None else "这笔已更正为没有下达；又下达的，请另行登记。"


def correct(
    actor: User, event: ApplicationEvent, given: Given, *, address: str | None = None
) -> ApplicationEvent:
    """Say what the allotment `event` should have said, with why; without an amount, that nothing
    was allotted. Both stay on record, the new one alone counts. Raises StepError."""
    if said := why_not_correct(actor, event):
        raise StepError(said)
    application = event.application
    if given.amount is None:
        given = replace(given, on_day=event.on_day, document=event.document)
    if not given.reason.strip():
        raise StepError("请写明更正的理由。", "reason")
    for sentence, field in _faults_of_day(application, A.ALLOTTED, given):
        raise StepError(sentence, field)
    if not given.document.strip():
        raise StepError("请填写文号。", "document")
    now_ = (given.on_day, given.document.strip(), given.amount)
    if now_ == (event.on_day, event.document, event.amount):
        raise StepError("内容与原记录相同，没有可更正的。")
    if given.amount is not None:
        for sentence, field in _faults_of_allotment(application, given, instead_of=event):
            raise StepError(sentence, field)
    made = ApplicationEvent(
        application=application,
        act=A.ALLOTTED,
        from_state=application.state,
        to_state=application.state,
        at=now(),
        actor_id=actor.id,
        reason=given.reason.strip(),
        on_day=given.on_day,
        document=given.document.strip(),
        amount=given.amount,
        corrects_id=event.id,
        address=address[:64] if address else None,
    )
    db.session.add(made)
    db.session.flush()
    return made


# -- what the record that it is about says of the same day


_IN_ORDER = ("applied_on", "approved_on", "accepted_on")


def _days_of_subject(
    application: Application,
    what: ApplicationAct,
    on_day: date | None,
    result: Acceptance | None,
) -> Iterator[tuple[DemonstrationVillage | Park, str, date]]:
    """(record, field, day) of what `what` says of the record that the application is for."""
    if on_day is None:
        return
    spot, park = application.demonstration_village, application.park
    if application.kind is ApplicationKind.DEMONSTRATION and spot is not None:
        if what is A.ESTABLISHED:
            yield spot, "approved_on", on_day
        if what is A.INSPECTED and result is Acceptance.PASSED:
            yield spot, "accepted_on", on_day
    if application.kind is ApplicationKind.PARK and park is not None and what is A.ESTABLISHED:
        yield park, "approved_on", on_day


def _faults_of_subject(
    record: DemonstrationVillage | Park, name: str, day: date
) -> Iterator[tuple[str, str]]:
    told, words = getattr(record, name), _DAY_WORDS[name]
    if told is not None and told != day:
        yield f"“{record.name}”登记的{words}日期是 {told}，与此不同，请先核对。", "on_day"
        return
    order = _IN_ORDER if isinstance(record, DemonstrationVillage) else ("signed_on", "approved_on")
    at = order.index(name)
    for earlier in order[:at]:
        if (other := getattr(record, earlier)) is not None and other > day:
            yield (
                f"“{record.name}”登记的{_DAY_WORDS[earlier]}日期 {other} 在此之后，请核对。",
                "on_day",
            )
    for later in order[at + 1 :]:
        if (other := getattr(record, later)) is not None and other < day:
            yield (
                f"“{record.name}”登记的{_DAY_WORDS[later]}日期 {other} 在此之前，请核对。",
                "on_day",
            )


_DAY_WORDS = {
    "signed_on": "签约",
    "applied_on": "申报",
    "approved_on": "立项（批复）",
    "accepted_on": "验收",
}


def _carry(application: Application, what: ApplicationAct, event: ApplicationEvent) -> None:
    """Let the application, and the record that it is for, say what the step decided."""
    if what is A.SUBMITTED:
        _note_filed(application, day_of(event.at))
    if what is A.GRANTED:
        application.amount_granted = event.amount
    if what in (A.RETURNED, A.REJECTED, A.WITHDRAWN):
        application.amount_granted = None
    if what is A.ESTABLISHED:
        application.established_on, application.document = event.on_day, event.document
    if what is A.INSPECTED:
        application.inspected_on, application.acceptance = event.on_day, event.result
    if event.due_on is not None:
        application.acceptance_due_on = event.due_on
    for record, name, day in _days_of_subject(application, what, event.on_day, event.result):
        setattr(record, name, day)
    if what is A.REVOKED:
        _take_back(application)


def _note_filed(application: Application, day: date) -> None:
    spot = application.demonstration_village
    if application.kind is not ApplicationKind.DEMONSTRATION or spot is None:
        return
    later = [each for each in (spot.approved_on, spot.accepted_on) if each is not None]
    if spot.applied_on is None and all(day <= each for each in later):
        spot.applied_on = day


def _take_back(application: Application) -> None:
    """What 立项 told the record is told no more where 立项 is revoked."""
    for record in (application.demonstration_village, application.park):
        of_kind = application.kind is not ApplicationKind.FUND
        if of_kind and record is not None and record.approved_on == application.established_on:
            record.approved_on = None


def differing(application: Application) -> list[str]:
    """Where the record that `application` is for says another day than it does, in sentences."""
    record: Base | None = None
    if application.kind is not ApplicationKind.FUND:
        record = application.demonstration_village or application.park
    if record is None or application.state in CLOSED:
        return []
    told = [("approved_on", application.established_on)]
    if application.state is S.ACCEPTED and isinstance(record, DemonstrationVillage):
        told.append(("accepted_on", application.inspected_on))
    return [
        f"“{record.name}”登记的{_DAY_WORDS[name]}日期是"  # type: ignore[attr-defined]  # both have one
        f" {getattr(record, name) or '空'}，与申报的 {day} 不同。"
        for name, day in told
        if day is not None and getattr(record, name) != day
    ]


def events_of(application: Application) -> list[ApplicationEvent]:
    """The events of `application`, the latest first."""
    statement = select(ApplicationEvent).where(ApplicationEvent.application_id == application.id)
    return list(
        db.session.scalars(
            statement.order_by(ApplicationEvent.at.desc(), ApplicationEvent.id.desc())
        )
    )
