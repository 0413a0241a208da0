"""What people are reminded of: each occasion finds what stands today, in words, and who is told.

One of them is found as long as there is something left to do about it; its stage moves on as days
pass, and each stage is told once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of, written
from tracker.core.quantities.shown import days_left
from tracker.records.accounts.permissions import Permission
from tracker.records.accounts.takers import Whose, city_above
from tracker.records.annual.models import TaskPart
from tracker.records.annual.queries import last_day_of, unfinished
from tracker.records.enclaves.agreements import EnclaveAgreement
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.exchanges.models import InstitutionPair, Secondment, SpecialistPosting
from tracker.records.ledger.due import awaited
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region, RegionLevel
from tracker.records.submissions.models import (
    UNFILED,
    Filing,
    FilingAct,
    FilingEvent,
    FilingPart,
    FilingState,
)
from tracker.records.submissions.queries import WITH_PLACE, given_back, never_filed, reasons_of
from tracker.records.submissions.steps import STEPS, onward, waits_for
from tracker.records.submissions.waiting import LONG, LONG_RETURNED, hours_since, spell
from tracker.records.submissions.workdays import days_on, moved_days
from tracker.web.kit.kinds import kind_of, name_of

BEFORE = (5, 2)  # working days before the last day of a filing
WEEK, _WEEKS = 7, 8  # what stays late is told again each week, so many times
_AROUND = timedelta(days=40)  # more than the working days of BEFORE ever span


@dataclass(frozen=True)
class Found:
    """One thing to be told of now. `subject`: the record, as `stage` one of the reminders of it;
    told to those of `places` (ids of regions) who hold any of `permissions`."""

    subject: str
    stage: str
    places: tuple[int, ...]
    permissions: tuple[Permission, ...]
    title: str
    words: str
    path: str
    due_on: date | None = None


@dataclass(frozen=True)
class Occasion:
    """A sort of reminder: what it is called, when it comes, and what finds those of a day."""

    key: str
    label: str
    when: str
    find: Callable[[date], Iterable[Found]]


def path_to(endpoint: str, **values: Any) -> str:
    # Also where there is no request: a worker knows no address of the site.
    return current_app.url_map.bind("").build(endpoint, values)


def _of(record: Any) -> str:
    """The page of a record that has one by its kind."""
    kind = kind_of(record)
    assert kind is not None, "each of those that are reminded of has pages"
    return path_to(kind.detail(), **{kind.argument: record.id})


def late_stage(on: date, since: date) -> str:
    return f"late {min((on - since).days // WEEK, _WEEKS)} {since}"


# -- filings

OWN: tuple[Permission, ...] = (Permission.SUBMISSIONS_SUBMIT,)
OWN_AND_LEADER: tuple[Permission, ...] = (*OWN, Permission.SUBMISSIONS_APPROVE)


def _filings(*which: Any) -> Iterator[Filing]:
    statement = select(Filing).where(*which).options(*WITH_PLACE)
    yield from db.session.scalars(statement.order_by(Filing.state_at, Filing.id))


def _due(on: date) -> Iterator[Found]:
    """What a place has not filed yet: some working days before its last day, on it, and after it.
    What is of one period and due on one day is one thing."""
    moved = moved_days(on - _AROUND, on + _AROUND)
    last = days_on(on, max(BEFORE), moved)
    waiting = (never_filed(), Filing.state.in_(UNFILED), Filing.due_on <= last)
    together: dict[tuple[int, int, str, date], list[Filing]] = defaultdict(list)
    for filing in _filings(*waiting):
        of = (filing.place.id, filing.year, filing.kind.value, filing.due_on)
        together[of].append(filing)
    for (place, year, kind, day), filings in together.items():
        left = (day - on).days
        if left < 0:
            stage = late_stage(on, day)
        elif left == 0:
            stage = f"day {day}"
        else:
            reached = [n for n in BEFORE if days_on(on, n, moved) >= day]
            stage = f"before {min(reached)} {day}"
        first = filings[0]
        one = len(filings) == 1
        yield Found(
            f"{place} {year} {kind}",
            stage,
            (place,),
            OWN if left > 0 else OWN_AND_LEADER,
            f"{name_of(first)}{'' if one else f'等 {len(filings)} 份'}"
            f"{'逾期未报' if left < 0 else '待报送'}",
            f"期限为 {day}，{days_left(left)}；{_how_far(filings)}。",
            path_to("submissions.detail", filing_id=first.id)
            if one
            else path_to("submissions.index", year=year, state="overdue" if left < 0 else "due"),
            day,
        )


def _how_far(filings: list[Filing]) -> str:
    """现在是“填报中”，下一步由缙云县工作人员办理; of several, how many are how far."""
    if len(filings) == 1:
        return f"现在是“{filings[0].state.label}”，下一步由{waits_for(filings[0])}办理"
    states = Counter(filing.state for filing in filings)
    return "，".join(
        f"“{state.label}” {states[state]} 份" for state in FilingState if states[state]
    )


def _waiting(on: date) -> Iterator[Found]:
    """What waits for a review, or for being handed in once its leader agreed, for long: all that
    waits for the same people is one thing, told again when more does, and each week."""
    states = (
        FilingState.APPROVED,
        FilingState.SUBMITTED,
        FilingState.CITY_REVIEWED,
        FilingState.REVIEWED,
    )
    province = db.session.scalar(select(Region.id).where(Region.level == RegionLevel.PROVINCE))
    together: dict[tuple[int, FilingAct], list[Filing]] = defaultdict(list)
    for filing in _filings(Filing.state.in_(states), Filing.state_at < now() - LONG):
        step, above = onward(filing), city_above(filing.place)
        assert step is not None, "none of these is the last state"
        whose = {Whose.OWN: filing.place.id, Whose.CITY: above.id if above else None}
        place = whose.get(step.whose, province)
        if place is not None:
            together[place, step.act].append(filing)
    for (place, act), filings in together.items():
        first, last = filings[0], filings[-1]
        assert first.state_at is not None, "asked for"
        assert last.state_at is not None, "asked for"
        one = len(filings) == 1
        yield Found(
            f"{place} {act.value}",
            f"{day_of(last.state_at)} {(now() - last.state_at).days // WEEK}",
            (place,),
            (STEPS[act].permission,),
            f"{name_of(first)}{'' if one else f'等 {len(filings)} 份'}"
            f"待{act.label.removesuffix('通过')}",
            f"{'' if one else '最早的一份'}已等待 {spell(hours_since(first.state_at))}"
            f"（超过 48 小时），由{waits_for(first)}办理。",
            path_to("submissions.detail", filing_id=first.id) if one else path_to("pages.home"),
        )


def _returned(on: date) -> Iterator[Found]:
    """What came back to its place, with the reason, at once; what was returned and nobody has
    taken up, again after a day and each week; what was opened again, also as it closes."""
    filings = list(_filings(given_back()))
    reasons = reasons_of(filings)
    for filing in filings:
        events = reasons.get(filing.id, [])
        taken_up = filing.state in UNFILED and events[:1] and events[0].act is FilingAct.RETURNED
        if filing.state is FilingState.RETURNED or (events and not taken_up):
            yield came_back(filing, events, on)


def came_back(filing: Filing, events: Sequence[FilingEvent], on: date) -> Found:
    """What is told of a filing that came back by `events`, the latest first."""
    since = filing.state_at if filing.state is FilingState.RETURNED else None
    waited = since is not None and since < now() - LONG_RETURNED
    latest = events[0] if events else None
    stage = f"{latest.act.value} {written(latest.at)}" if latest else "returned"
    words = f"理由：{latest.reason}" if latest and latest.reason else ""
    title, due_on = f"{name_of(filing)}已退回，待修改", None
    if filing.reopened_until is not None:
        due_on = filing.reopened_until
        title = f"{name_of(filing)}已限期开锁，至 {due_on} 止"
        if (left := (due_on - on).days) <= 1:
            stage = f"closing {due_on}"
            words = f"{days_left(left)}。{words}"
    elif latest and latest.act is FilingAct.SENT_BACK:
        title = f"{name_of(filing)}由领导发回修改"
    elif waited:
        assert since is not None, "asked for"
        stage = f"returned {(now() - since).days // WEEK} {written(since)}"
        words += (
            f"{'。' if words else ''}退回后已过 {spell(hours_since(since))}（超过 24 小时），"
            "还没有开始修改；请修改后再次报送"
        )
    return Found(
        str(filing.id),
        stage,
        (filing.place.id,),
        OWN_AND_LEADER,
        title,
        f"{words}。" if words else "请修改后再次报送。",
        path_to("submissions.detail", filing_id=filing.id),
        due_on,
    )


def _parts(on: date) -> Iterator[Found]:
    """What a bureau has not brought back: two working days before its day, on it, and after it."""
    moved = moved_days(on - _AROUND, on + _AROUND)
    out = (FilingPart.back_on.is_(None), FilingPart.due_on <= days_on(on, min(BEFORE), moved))
    statement = select(FilingPart).join(Filing).where(*out, Filing.state.in_(UNFILED))
    statement = statement.options(joinedload(FilingPart.filing).options(*WITH_PLACE))
    for part in db.session.scalars(statement.order_by(FilingPart.due_on, FilingPart.id)):
        filing, left = part.filing, (part.due_on - on).days
        before = f"day {part.due_on}" if left == 0 else f"before {part.due_on}"
        yield Found(
            str(part.id),
            late_stage(on, part.due_on) if left < 0 else before,
            (filing.place.id,),
            OWN,
            f"分办给{part.bureau}的{part.part.label}{'逾期未办回' if left < 0 else '待办回'}",
            f"{name_of(filing)}，要求 {part.due_on} 前办回，{days_left(left)}。已办回的请登记。",
            path_to("submissions.detail", filing_id=filing.id),
            part.due_on,
        )


# -- the yearly task list


def _tasks(on: date) -> Iterator[Found]:
    """What of the year's tasks is not done: some days before its last day, on it, and after it; of
    one place and one day it is one thing."""
    together: dict[tuple[int, date], list[TaskPart]] = defaultdict(list)
    for part in unfinished(on + timedelta(max(_TASK_BEFORE)), last_day_of() >= on - _TASK_OVER):
        place = part.region_id or part.list.region_id
        together[place, part.due].append(part)
    for (place, day), parts in together.items():
        left = (day - on).days
        stage = late_stage(on, day) if left < 0 else stage_before(on, day, _TASK_BEFORE)
        if stage is None:
            continue
        first, one = parts[0], len(parts) == 1
        named = name_of(first) if one else f"{first.task.year} 年度任务 {len(parts)} 项"
        yield Found(
            f"{place} {day}",
            stage,
            (place,),
            _TASKS if left > 0 else (*_TASKS, Permission.SUBMISSIONS_APPROVE),
            f"{named}{'到期未完成' if left < 0 else '即将到期'}",
            f"期限为 {day}，{days_left(left)}：{_named(parts)}。事项完成的请报告完成；"
            "有指标的由有关记录算出，未报的请补报。",
            path_to("task_parts.detail", task_part_id=first.id)
            if one
            else path_to("annual.mine", year=first.task.year),
            day,
        )


_TASK_BEFORE = (30, 7)
_TASK_OVER = timedelta(WEEK * _WEEKS)  # what nobody did until then is told no more
_TASKS: tuple[Permission, ...] = (Permission.ANNUAL_WORK,)


def _named(parts: list[TaskPart]) -> str:
    named = "、".join(part.task.name for part in parts[:3])
    return f"{named}等" if len(parts) > 3 else named


# -- contracts


def stage_before(on: date, day: date, before: tuple[int, ...]) -> str | None:
    """Which reminder of something that ends on `day` is told `on` a day, so many days `before`,
    on the day, and once after it; None where it is too early or long over."""
    left = (day - on).days
    if left < 0:
        return f"over {day}" if left >= -30 else None
    reached = [n for n in (*before, 0) if left <= n]
    return f"before {min(reached)} {day}" if reached else None


_EDIT = (Permission.ENCLAVES_EDIT,)


def _both(enclave: Enclave) -> tuple[int, ...]:
    return enclave.origin_id, enclave.host_id


def _living(on: date) -> tuple[Any, ...]:
    return (or_(Enclave.closed_on.is_(None), Enclave.closed_on > on),)


def _returns(on: date) -> Iterator[Found]:
    """What a contract has paid by a day, as long as the ledger does not show it."""
    bound = select(ReturnTerm.enclave_id).where(ReturnTerm.pay_by.is_not(None))
    split = select(EnclaveAgreement.enclave_id).where(EnclaveAgreement.tax_splits.any())
    enclaves = select(Enclave).where(
        *_living(on), or_(Enclave.id.in_(bound), Enclave.id.in_(split))
    )
    for enclave in db.session.scalars(enclaves.order_by(Enclave.id)).all():
        for each in awaited(enclave, on):
            left = (each.by - on).days
            if left > 30:
                continue
            stage = late_stage(on, each.by) if left < 0 else stage_before(on, each.by, (30, 7))
            assert stage is not None, "within what is told"
            yield Found(
                f"{enclave.id} {each.kind.value} {each.year}",
                stage,
                _both(enclave),
                _EDIT,
                f"{enclave.name} {each.year} 年度{each.kind.label}"
                f"{'逾期' if left < 0 else '将到期'}",
                f"按合同应于 {each.by} 前支付，{days_left(left)}；{each.words}。已付的请登记台账。",
                path_to("enclaves.detail", enclave_id=enclave.id),
                each.by,
            )


def _terms(on: date) -> Iterator[Found]:
    """A term of fixed returns that ends: what follows it has to be agreed."""
    ending = (ReturnTerm.ends_on.between(on - timedelta(30), on + timedelta(60)),)
    binding = ReturnTerm.confirmed_at.is_not(None)
    statement = select(ReturnTerm).join(Enclave).where(*ending, binding, *_living(on))
    for term in db.session.scalars(statement.options(joinedload(ReturnTerm.enclave))):
        assert term.ends_on is not None, "asked for"
        later = select(ReturnTerm.id).where(
            ReturnTerm.enclave_id == term.enclave_id, ReturnTerm.starts_on > term.ends_on
        )
        if db.session.scalar(later.limit(1)) is not None:
            continue
        yield from _ending(
            on,
            term.ends_on,
            (60, 14),
            term.enclave,
            f"return_term {term.id}",
            f"{term.enclave.name}的返利约定（{term.kind.label}）将期满",
            "其后的返利还没有约定，请商定后登记。",
        )


def _agreements(on: date) -> Iterator[Found]:
    """The agreement of an enclave that ends."""
    ending = EnclaveAgreement.ends_on.between(on - timedelta(30), on + timedelta(90))
    statement = select(EnclaveAgreement).join(Enclave).where(ending, *_living(on))
    for each in db.session.scalars(statement.options(joinedload(EnclaveAgreement.enclave))):
        assert each.ends_on is not None, "asked for"
        yield from _ending(
            on,
            each.ends_on,
            (90, 30),
            each.enclave,
            f"agreement {each.id}",
            f"{each.enclave.name}的共建协议将到期",
            "续签的请登记新的期限，不续的请登记飞地的关闭日。",
        )


def _ending(
    on: date,
    day: date,
    before: tuple[int, ...],
    enclave: Enclave,
    subject: str,
    title: str,
    next_step: str,
) -> Iterator[Found]:
    stage = stage_before(on, day, before)
    if stage is not None:
        left = (day - on).days
        said = title.replace("将期满", "已期满").replace("将到期", "已到期") if left < 0 else title
        yield Found(
            subject,
            stage,
            _both(enclave),
            _EDIT,
            said,
            f"到 {day} 为止，{days_left(left)}。{next_step}",
            path_to("enclaves.detail", enclave_id=enclave.id),
            day,
        )


def _people(on: date) -> Iterator[Found]:
    """Cadres and specialists whose term ends, and schools and hospitals whose pairing does."""
    terms: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
        (Secondment, lambda each: f"{each.person}的挂职期"),
        (
            SpecialistPosting,
            lambda each: f"{each.field.label}专技人才（{each.people} 人次）的派驻期",
        ),
        (InstitutionPair, lambda each: f"{each.supporter_name}与{each.recipient_name}的结对期"),
    )
    for model, named in terms:
        ending = model.ends_on.between(on - timedelta(30), on + timedelta(30))
        statement = select(model).where(ending).options(joinedload(model.pairing))
        for each in db.session.scalars(statement.order_by(model.id)):
            stage = stage_before(on, each.ends_on, (30, 7))
            if stage is None:
                continue
            left = (each.ends_on - on).days
            pairing: Pairing = each.pairing
            yield Found(
                f"{model.__tablename__} {each.id}",
                stage,
                (pairing.supporter_id, pairing.recipient_id),
                (Permission.EXCHANGES_EDIT,),
                f"{named(each)}{'已满' if left < 0 else '将满'}",
                f"到 {each.ends_on} 为止，{days_left(left)}。延长或轮换的请登记。",
                _of(each),
                each.ends_on,
            )


OCCASIONS = {
    each.key: each
    for each in (
        Occasion(
            "filing_due",
            "报送期限",
            "期限前 5 个、2 个工作日，当天，逾期后每周一次",
            _due,
        ),
        Occasion("filing_waiting", "等待审核", "等待超过 48 小时，其后每周一次", _waiting),
        Occasion(
            "filing_returned",
            "退回、发回和限期开锁",
            "当时，写明理由；退回超过 24 小时，其后每周一次；开锁截止前 1 天",
            _returned,
        ),
        Occasion("part_due", "分办到期", "办回日期前 2 个工作日，当天，逾期后每周一次", _parts),
        Occasion("task_due", "任务到期", "期限前 30 天、7 天，当天，逾期后每周一次", _tasks),
        Occasion("return_due", "返利到期", "应付日前 30 天、7 天，当天，逾期后每周一次", _returns),
        Occasion("term_end", "返利约定期满", "期满前 60 天、14 天，当天和期满后", _terms),
        Occasion("agreement_end", "协议到期", "到期前 90 天、30 天，当天和到期后", _agreements),
        Occasion(
            "posting_end", "挂职、派驻、结对期满", "期满前 30 天、7 天，当天和期满后", _people
        ),
    )
}


def declare(*occasions: Occasion) -> None:
    """Let a feature above remind of more."""
    OCCASIONS.update((each.key, each) for each in occasions)
