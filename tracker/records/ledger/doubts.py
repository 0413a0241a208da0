"""What is asked about a sum before it is submitted: its facts from the records, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.quantities.clock import today
from tracker.core.quantities.shown import wan
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.enclaves.agreements import EnclaveAgreement
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.standing import counted
from tracker.records.ledger.subjects import Subject, type_of
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.projects.models import Project
from tracker.web.kit.doubted import also_doubted, answers_about
from tracker.web.kit.kinds import name_of
from tracker.web.plausibility import (
    Doubt,
    End,
    Limit,
    MoneyFacts,
    PostedFacts,
    doubts_about,
    keys_of,
    posted_doubts,
)

# Parts of a project's investment; taxes are not.
_INVESTED = (
    EntryKind.FUNDS_IN_PLACE,
    EntryKind.COMPLETED_INVESTMENT,
    EntryKind.GOVERNMENT_INVESTMENT,
    EntryKind.SOCIAL_INVESTMENT,
)
_OF_CAPITAL = (EntryKind.CAPITAL_PAID, EntryKind.REBATE)


class DoubtedError(ToldError):
    """Something is unusual and nobody has said why it is right; `doubts` says what."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        super().__init__("".join(doubt.words for doubt in doubts))
        self.doubts = doubts


def doubts_of(
    subject: Subject,
    kind: EntryKind,
    amount: Decimal,
    on: date,
    *,
    cumulative: bool = False,
    without: Collection[int] = (),
) -> list[Doubt]:
    """What is unusual of a sum (元) of `subject`; `without`: entries (ids) that do not count beside
    it, as the sum itself or the one that it takes the place of."""
    earlier = _standing(subject, kind, without)
    years: dict[int, Decimal] = {}
    for day, part in earlier:
        years[day.year] = years.get(day.year, Decimal(0)) + part
    begun, ended = span_of(subject)
    facts = MoneyFacts(
        kind.label,
        amount,
        on,
        today(),
        cumulative,
        limit_of(subject, kind),
        sum(years.values(), Decimal(0)),
        years.get(on.year - 1, Decimal(0)),
        years.get(on.year, Decimal(0)),
        begun,
        ended,
    )
    if facts.asks_for_largest:
        facts = replace(
            facts, largest=_largest(kind, without), largest_whole=largest_whole(subject, kind)
        )
    return doubts_about(facts)


def doubts_of_entry(entry: LedgerEntry) -> list[Doubt]:
    """What is unusual of an entry or a draft, by what is known now."""
    return doubts_of(
        entry.subject,
        entry.kind,
        entry.amount,
        entry.occurred_on,
        cumulative=entry.cumulative,
        without=(entry.id,),
    )


def answer(actor: User, entry: LedgerEntry, doubts: Sequence[Doubt], reason: str) -> None:
    """Keep why `entry` is right although `doubts` were raised. Raises DoubtedError without a
    reason."""
    if not doubts:
        return
    if not reason.strip():
        raise DoubtedError(doubts)
    db.session.add(
        AnsweredDoubt(
            table_name=LedgerEntry.__tablename__,
            record_id=entry.id,
            name=f"{name_of(entry.subject)[:200]}，{_of_entry(entry)}",
            region_id=getattr(entry.subject, type_of(entry.subject).owner.key),
            year=entry.occurred_on.year,
            rules=keys_of(doubts),
            words="\n".join(doubt.words for doubt in doubts),
            reason=reason.strip(),
            answered_by_id=actor.id,
        )
    )
    db.session.flush()


def _of_entry(entry: LedgerEntry) -> str:
    return f"{entry.kind.label} {wan(entry.amount)} 万元（{entry.id} 号）"


def answered(entry: LedgerEntry) -> list[AnsweredDoubt]:
    """What was unusual of `entry` when it was submitted or looked at again, and why it is right."""
    return answers_about(LedgerEntry.__tablename__, entry.id)


def unanswered(entry: LedgerEntry) -> list[Doubt]:
    """What is unusual of a submitted entry that stands, and nobody has answered."""
    if entry.is_draft or entry.amount < 0 or entry.reversal is not None:
        return []
    known = {key for each in answered(entry) for key in each.rules.split(",")}
    return [doubt for doubt in doubts_of_entry(entry) if doubt.rule.key not in known]


@also_doubted("projects")
def _project(project: Project | None, values: Mapping[str, Any]) -> list[Doubt]:
    """A total investment below what is in place or completed already."""
    return _whole(project, values, "total_investment", "总投资", _INVESTED)


@also_doubted("enclaves")
def _enclave(enclave: Enclave | None, values: Mapping[str, Any]) -> list[Doubt]:
    return _whole(enclave, values, "total_capital", "总出资", (EntryKind.CAPITAL_PAID,))


def _whole(
    record: Project | Enclave | None,
    values: Mapping[str, Any],
    name: str,
    label: str,
    kinds: Sequence[EntryKind],
) -> list[Doubt]:
    whole = values.get(name)
    if record is None or not whole or whole == getattr(record, name):
        return []
    found: list[Doubt] = []
    for kind in kinds:
        posted = sum((amount for _, amount in _standing(record, kind, ())), Decimal(0))
        found += posted_doubts(PostedFacts(label, whole, kind.label, posted))
    return found


def _standing(
    subject: Subject, kind: EntryKind, without: Collection[int]
) -> list[tuple[date, Decimal]]:
    statement = select(
        LedgerEntry.occurred_on, func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type)
    ).where(
        type_of(subject).column == subject.id,
        LedgerEntry.kind == kind,
        LedgerEntry.id.not_in(without),
        *counted(),
    )
    rows = db.session.execute(statement.group_by(LedgerEntry.occurred_on))
    return [(day, amount) for day, amount in rows]


def limit_of(subject: Subject, kind: EntryKind) -> Limit | None:
    """The whole that money of `kind` is a part of."""
    if isinstance(subject, Project) and kind in _INVESTED and subject.total_investment:
        return Limit("项目总投资", subject.total_investment)
    if isinstance(subject, Enclave) and kind in _OF_CAPITAL and subject.total_capital:
        return Limit("飞地总出资", subject.total_capital)
    return None


def largest_whole(subject: Subject, kind: EntryKind) -> Limit | None:
    """The largest whole that money of `kind` is a part of, of all subjects of its type."""
    for model, kinds, column in (
        (Project, _INVESTED, Project.total_investment),
        (Enclave, _OF_CAPITAL, Enclave.total_capital),
    ):
        if isinstance(subject, model) and kind in kinds:
            most = db.session.scalar(select(func.max(column, type_=column.type)))
            return Limit("项目总投资" if model is Project else "飞地总出资", most) if most else None
    return None


def _largest(kind: EntryKind, without: Collection[int]) -> Decimal | None:
    """The largest single sum of `kind` that counts."""
    amount = LedgerEntry.amount
    statement = select(func.max(amount, type_=amount.type)).where(
        LedgerEntry.kind == kind, LedgerEntry.id.not_in(without), *counted()
    )
    return db.session.scalar(statement)


def _agreement(enclave: Enclave) -> EnclaveAgreement | None:
    return db.session.scalar(
        select(EnclaveAgreement).where(EnclaveAgreement.enclave_id == enclave.id)
    )


def span_of(
    subject: Subject,
    agreement_of: Callable[[Enclave], EnclaveAgreement | None] = _agreement,
) -> tuple[End | None, End | None]:
    """From when on and until when money of `subject` is to be expected."""
    if isinstance(subject, Project):
        return _first(("签约日期", subject.signed_on), ("开工日期", subject.started_on)), _first(
            ("终止日期", subject.terminated_on)
        )
    if isinstance(subject, Enclave):
        agreement = agreement_of(subject)
        starts = agreement.starts_on if agreement else None
        ends = agreement.ends_on if agreement else None
        return _first(("签约日期", subject.signed_on), ("协议起始日期", starts)), _first(
            ("关闭日期", subject.closed_on), ("协议到期日期", ends)
        )
    if isinstance(subject, Park):
        return _first(("签约日期", subject.signed_on)), _first(("关闭日期", subject.closed_on))
    if isinstance(subject, Pairing):
        return _first(("结对起始日期", subject.since)), _first(("结对结束日期", subject.until))
    return None, None


def _first(*days: tuple[str, date | None]) -> End | None:
    """The earliest of the days that are known."""
    known = [End(label, on) for label, on in days if on is not None]
    return min(known, key=lambda end: end.on) if known else None
