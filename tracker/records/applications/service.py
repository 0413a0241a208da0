"""Acts on applications, one step at a time. The acting user is given; nothing commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of, today
from tracker.core.quantities.figure import yuan
from tracker.core.quantities.shown import wan
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.applications import days, demands, handing, steps
from tracker.records.applications.models import (
    CLOSED,
    MONEY_ACTS,
    Acceptance,
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.applications.queries import standing
from tracker.records.evidence.models import EvidenceLink
from tracker.records.places.models import CountyListing
from tracker.records.places.queries import listed_on

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


@dataclass(frozen=True)
class Known:
    """What is demanded of `applications` goes by, each asked of all of them at once, and only where
    an act goes by it."""

    applications: Collection[Application]

    @cached_property
    def listed(self) -> Sequence[CountyListing]:
        """The list of counties of today."""
        return listed_on(today())

    @cached_property
    def files(self) -> Mapping[int, demands.Files]:
        """The files of each that count, by its id."""
        return demands.files_of(self.applications)

    @cached_property
    def others(self) -> Mapping[int, Application]:
        """Another one for the same thing, by the id of the one that it stands beside."""
        return _others(self.applications)


def why_not(
    user: User, application: Application, act: ApplicationAct, known: Known | None = None
) -> str:
    """Why `user` cannot do `act` now; "" where nothing stands against it."""
    if said := steps.why_not(user, application, steps.STEPS[act]):
        return said
    return demanded(application, act, known)


def demanded(application: Application, act: ApplicationAct, known: Known | None = None) -> str:
    """What `application` lacks for `act`, whoever takes it: all of it at once; "" if nothing."""
    known = known or Known([application])
    found = []
    if act in (A.APPROVED, A.SUBMITTED):
        found += demands.incomplete(application, known.listed)
    if act in (A.APPROVED, A.SUBMITTED, A.RESUMED) and (other := known.others.get(application.id)):
        found.append(f"已有同一对象的申报“{other.name}”（{other.state.label}），不能重复申报。")
    if act is A.RECOVERED and not paid(application):
        found.append("没有下达后尚未收回的资金。")
    wants = demands.papers_for(application.kind, act)
    if wants and (lacking := demands.missing(application, act, known.files[application.id])):
        found.append(_lacking(application, lacking))
    return "".join(found)


def _lacking(application: Application, words: list[str]) -> str:
    """What papers are missing, and who hands them in."""
    givers = dict.fromkeys(handing.giver(application, word) for word in words)
    said = f"缺材料：{'、'.join(words)}。请由{'、'.join(givers)}在“佐证材料”中按此类别上传。"
    of_acceptance = any(handing.step_of(application, word) is A.INSPECTED for word in words)
    anew = of_acceptance and demands.asked_anew(application)
    return f"{said}限期整改以前上传的不算。" if anew else said


def stays(application: Application) -> str:
    """Why `application` is never deleted any more; "" of a draft that nobody has handled yet."""
    events = select(ApplicationEvent.id).where(ApplicationEvent.application_id == application.id)
    files = select(EvidenceLink.id).where(EvidenceLink.application_id == application.id)
    has = [
        word
        for word, rows in (("办理记录", events), ("材料", files))
        if db.session.scalar(rows.limit(1)) is not None
    ]
    if not has:
        return ""
    said = f"这项申报已有{'和'.join(has)}，都留作记录，不能删除。"
    if application.state in steps.STEPS[A.WITHDRAWN].of:
        said += "不再申报的，请用“撤回申报”。"
    return said


def paid(application: Application) -> Decimal:
    """The 元 that were allotted by acts on `application` and have not come back."""
    return moved_by_events(application, A.ALLOTTED) - moved_by_events(application, A.RECOVERED)


_FOR_ONE = {
    ApplicationKind.DEMONSTRATION: Application.demonstration_village_id,
    ApplicationKind.PARK: Application.park_id,
}


def _others(applications: Collection[Application]) -> dict[int, Application]:
    """Another application for the same 示范点 or 产业园 that has not come to nothing, by the id of
    the one that it stands beside."""
    found: dict[int, Application] = {}
    for kind, column in _FOR_ONE.items():
        about = {each: getattr(each, column.key) for each in applications if each.kind is kind}
        sites = set(about.values()) - {None}
        if not sites:
            continue
        same = select(Application).where(
            Application.kind == kind, column.in_(sites), Application.state.not_in(CLOSED)
        )
        there: dict[int, list[Application]] = defaultdict(list)
        for other in db.session.scalars(same.order_by(Application.id)):
            there[getattr(other, column.key)].append(other)
        for each, site in about.items():
            others = (other for other in there.get(site, ()) if other is not each)
            if (first := next(others, None)) is not None:
                found[each.id] = first
    return found


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

    `given.on_day` is the day of its paper; of a step that has no document of its own the day of
    `at` where none is given. The day of 申报, 立项 and 验收 goes into the record that it is about,
    where measures read it (`days`). Raises StepError.
    """
    step = steps.STEPS[what]
    if said := why_not(actor, application, what):
        raise StepError(said)
    if not step.fits(application):
        raise StepError(f"这项申报没有“{what.label}”这一步。")
    moment = at or now()
    given = _kept(what, given)
    if what in days.BY_CLICK and given.on_day is None:
        given = replace(given, on_day=day_of(moment))
    for sentence, field in _faults(application, what, given):
        raise StepError(sentence, field)
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
            # What is changed after the act, and not by it, is told from this (`turns.mended`).
            application.updated_at = moment
        db.session.add(event)
        db.session.flush()
    return event


WITH_DOCUMENT = (A.ESTABLISHED, *MONEY_ACTS, A.INSPECTED)
# What each step takes; all else that came with it is left out.
_ASKS = {
    **dict.fromkeys(days.BY_CLICK, ("on_day",)),
    A.GRANTED: ("on_day", "amount"),
    A.ESTABLISHED: ("on_day", "document", "due_on"),
    **dict.fromkeys(MONEY_ACTS, ("on_day", "document", "amount")),
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
    if "on_day" in asks(what):
        yield from days.faults(application, what, given.on_day)
    if what in WITH_DOCUMENT and not given.document.strip():
        yield "请填写文号。", "document"
    if what in MONEY_ACTS:
        yield from _faults_of_money(application, what, given)
    if what is A.INSPECTED and given.result is None:
        yield "请选择验收结果。", "result"
    if given.result in (Acceptance.PASSED, Acceptance.FAILED) and given.due_on is not None:
        yield f"验收结果为“{given.result.label}”的没有验收期限，请清除，或改选限期整改。", "due_on"
    due_from = what is A.ESTABLISHED or given.result is Acceptance.RECTIFY
    if due_from and given.due_on is None:
        yield "请填写验收期限。", "due_on"
    elif due_from and given.due_on and given.on_day and given.due_on < given.on_day:
        yield f"验收期限 {given.due_on} 早于 {given.on_day}，请核对。", "due_on"
    yield from days.faults_of_subject(application, what, given.on_day, given.result)


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


def _faults_of_money(
    application: Application,
    what: ApplicationAct,
    given: Given,
    *,
    instead_of: ApplicationEvent | None = None,
) -> Iterator[tuple[str, str]]:
    """What is wrong with a sum that was allotted or came back: together never more than what was
    granted, and nothing comes back that was not there."""
    word = {A.ALLOTTED: "下达", A.RECOVERED: "收回"}[what]
    if given.amount is None:
        yield f"请填写{word}金额。", "amount"
        return
    if _moved_already(application, what, given, instead_of):
        yield f"已登记过同一文号、日期和金额的{word}，请核对是否重复。", "amount"
        return
    out, back = (moved_by_events(application, act) for act in (A.ALLOTTED, A.RECOVERED))
    if instead_of is not None and instead_of.amount is not None:
        out -= instead_of.amount if what is A.ALLOTTED else 0
        back -= instead_of.amount if what is A.RECOVERED else 0
    if what is A.RECOVERED:
        if given.amount > out - back:
            yield f"下达后没有收回的是 {wan(yuan(out - back))} 万元，收回不能超过。", "amount"
        first = _first_allotted(application)
        if first is not None and given.on_day is not None and given.on_day < first:
            yield f"收回日期 {given.on_day} 早于下达日期 {first}，请核对。", "on_day"
        return
    granted = application.amount_granted or Decimal(0)
    left = granted - (out - back)
    if given.amount > left:
        yield (
            f"批准 {wan(yuan(granted))} 万元，还可下达 {wan(yuan(left))} 万元，不能超过。",
            "amount",
        )
    elif given.amount + out < back:
        yield f"已收回 {wan(yuan(back))} 万元，下达合计不能少于此数，请先更正收回。", "amount"


def _moved_already(
    application: Application,
    what: ApplicationAct,
    given: Given,
    instead_of: ApplicationEvent | None,
) -> bool:
    """Whether the same sum of the same document was entered before, by another than `instead_of`:
    what is entered here is never taken away again, so it is entered once."""
    same = select(ApplicationEvent.id).where(
        *standing(application, what),
        ApplicationEvent.on_day == given.on_day,
        ApplicationEvent.document == given.document.strip(),
        ApplicationEvent.amount == given.amount,
    )
    if instead_of is not None:
        same = same.where(ApplicationEvent.id != instead_of.id)
    return db.session.scalar(same.limit(1)) is not None


def moved_by_events(application: Application, what: ApplicationAct) -> Decimal:
    """The 元 that were allotted, or came back, by acts on `application`."""
    amount = ApplicationEvent.amount
    statement = select(func.sum(amount, type_=amount.type)).where(*standing(application, what))
    return db.session.scalar(statement) or Decimal(0)


def _first_allotted(application: Application) -> date | None:
    return db.session.scalar(
        select(func.min(ApplicationEvent.on_day)).where(*standing(application))
    )


# -- putting right what was said of money


def why_not_correct(user: User, event: ApplicationEvent) -> str:
    """Why `user` cannot put right what `event` says of money; "" where they can."""
    step = steps.STEPS[A.ALLOTTED]
    if not steps.is_one_of(user, event.application, step):
        return "资金下达、收回的更正由省级考核人员办理，您的账户不能办理。"
    if event.act not in MONEY_ACTS:
        return "只有资金下达、收回可以更正。"
    later = select(ApplicationEvent.id).where(ApplicationEvent.corrects_id == event.id)
    if db.session.scalar(later) is not None:
        return "这笔已更正过，请更正最近的一笔。"
    word = event.act.label.removeprefix("资金")
    said = f"这笔已更正为没有{word}；又{word}的，请另行登记。"
    return "" if event.amount is not None else said


def correct(
    actor: User, event: ApplicationEvent, given: Given, *, address: str | None = None
) -> ApplicationEvent:
    """Say what `event` should have said of money that was allotted or came back, with why; without
    an amount, that there was none. Both stay on record, the new one alone counts. Raises
    StepError."""
    if said := why_not_correct(actor, event):
        raise StepError(said)
    application = event.application
    if given.amount is None:
        given = replace(given, on_day=event.on_day, document=event.document)
    if not given.reason.strip():
        raise StepError("请写明更正的理由。", "reason")
    for sentence, field in days.faults(application, event.act, given.on_day):
        raise StepError(sentence, field)
    if not given.document.strip():
        raise StepError("请填写文号。", "document")
    now_ = (given.on_day, given.document.strip(), given.amount)
    if now_ == (event.on_day, event.document, event.amount):
        raise StepError("内容与原记录相同，没有可更正的。")
    if given.amount is not None:
        for sentence, field in _faults_of_money(application, event.act, given, instead_of=event):
            raise StepError(sentence, field)
    elif event.act is A.ALLOTTED:
        rest = moved_by_events(application, A.ALLOTTED) - (event.amount or 0)
        if rest < moved_by_events(application, A.RECOVERED):
            raise StepError("已登记收回，下达合计不能少于收回，请先更正收回。", "nothing")
    made = ApplicationEvent(
        application=application,
        act=event.act,
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


def _carry(application: Application, what: ApplicationAct, event: ApplicationEvent) -> None:
    """Let the application, and the record that it is for, say what the step decided."""
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
    days.tell(application, what, event)
    if what in (A.REJECTED, A.WITHDRAWN, A.REVOKED):
        days.take_back(application)
