"""Reads of the ledger within a user's regions; all sums are computed here, none is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from tracker.core.db import aside, db
from tracker.core.quantities.figure import Figure, added
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry, figure_of
from tracker.records.ledger.standing import counted, untouched
from tracker.records.ledger.subjects import TYPES, Subject, type_of
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.records.projects.models import Project


@dataclass(frozen=True)
class Sum:
    """Entries added up: what they come to, 元, and how many they are."""

    figure: Figure
    count: int


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether the entry's subject is of one of `regions` (ids) or has one as a side."""
    return or_(*(of.column.in_(select(of.model.id).where(of.touching(regions))) for of in TYPES))


def by_year(subject: Subject) -> dict[int, dict[EntryKind, Sum]]:
    """The sums of one subject: year → kind → sum, the latest year first."""
    rows = _standing(_of(subject)).with_only_columns(
        LedgerEntry.occurred_on, LedgerEntry.kind, LedgerEntry.amount, LedgerEntry.precision
    )
    found: dict[tuple[int, EntryKind], list[Figure]] = defaultdict(list)
    for row in db.session.execute(rows):
        found[row.occurred_on.year, row.kind].append(figure_of(row))
    years: dict[int, dict[EntryKind, Sum]] = {}
    for (year, kind), parts in sorted(found.items(), key=lambda item: -item[0][0]):
        years.setdefault(year, {})[kind] = sum_of(parts)
    return years


def entries_of(subject: Subject) -> list[LedgerEntry]:
    """All entries and drafts of one subject, the latest first."""
    statement = (
        select(LedgerEntry)
        .where(_of(subject))
        .options(joinedload(LedgerEntry.reversal), joinedload(LedgerEntry.source))
        .order_by(LedgerEntry.occurred_on.desc(), LedgerEntry.id.desc())
    )
    return list(db.session.scalars(statement).unique())


def standing_of(subject: Subject, kinds: Iterable[EntryKind]) -> list[LedgerEntry]:
    """The entries of `kinds` of one subject that stand and belong to a single year."""
    return list(db.session.scalars(_standing(_of(subject), aside(LedgerEntry.kind).in_(kinds))))


def submitted(
    owner: InstrumentedAttribute[int | None], ids: Iterable[int], first: date, last: date
) -> Sequence[Row]:
    """What was submitted for the owners `ids` (of the column `owner`, as `LedgerEntry.park_id`)
    from `first` to `last`: rows of owner_id, kind, occurred_on, amount, precision, origin."""
    statement = _standing(owner.in_(list(ids)), LedgerEntry.occurred_on.between(first, last))
    return db.session.execute(
        statement.with_only_columns(
            owner.label("owner_id"),
            LedgerEntry.kind,
            LedgerEntry.occurred_on,
            LedgerEntry.amount,
            LedgerEntry.precision,
            LedgerEntry.origin,
        )
    ).all()


def draft_count(region_id: int, first: date, last: date) -> int:
    """How many entries from `first` to `last` are still drafts: of the county's own projects and
    enclaves, and of the parks and pairings that it is a side of."""

    def either(of: type[Park] | type[Pairing]) -> Select[int]:
        sides = or_(of.recipient_id == region_id, of.supporter_id == region_id)
        return select(of.id).where(sides)

    own = or_(
        LedgerEntry.project_id.in_(select(Project.id).where(Project.region_id == region_id)),
        LedgerEntry.enclave_id.in_(select(Enclave.id).where(Enclave.origin_id == region_id)),
        LedgerEntry.park_id.in_(either(Park)),
        LedgerEntry.pairing_id.in_(either(Pairing)),
    )
    drafts = LedgerEntry.submitted_at.is_(None)
    days = LedgerEntry.occurred_on.between(first, last)
    return db.session.scalar(select(func.count(LedgerEntry.id)).where(own, drafts, days)) or 0


def get(user: User, entry_id: int) -> LedgerEntry | None:
    """The entry with its subject; None outside the regions of `user`."""
    return db.session.scalar(
        select(LedgerEntry)
        .where(LedgerEntry.id == entry_id, touching(regions_of(user)))
        .options(*with_subject(), joinedload(LedgerEntry.reversal))
    )


def drafts_of(user: User) -> Select[LedgerEntry]:
    """The drafts of the user's own county, the earliest first."""
    own = (of.column.in_(select(of.model.id).where(of.owner == user.region_id)) for of in TYPES)
    return (
        select(LedgerEntry)
        .where(LedgerEntry.submitted_at.is_(None), or_(*own))
        .options(*with_subject())
        .order_by(LedgerEntry.occurred_on, LedgerEntry.id)
    )


def drafts_in_view(user: User) -> int:
    """How many drafts there are in the regions that `user` has in view."""
    waiting = (touching(regions_in_view(user)), LedgerEntry.submitted_at.is_(None))
    return db.session.scalar(select(func.count(LedgerEntry.id)).where(*waiting)) or 0


def same_as(subject: Subject, kind: EntryKind, amount: Decimal, on: date) -> int | None:
    """The number of an entry or a draft that says the same, if there is one."""
    return db.session.scalar(
        _valid(
            _of(subject),
            aside(LedgerEntry.kind) == kind,
            LedgerEntry.amount == amount,
            aside(LedgerEntry.occurred_on) == on,
        ).with_only_columns(func.min(LedgerEntry.id))
    )


def latest_day(region_ids: Iterable[int]) -> dict[int, date]:
    """Region → the latest day with an entry for one of its projects or its own enclaves."""
    found: dict[int, date] = {}
    for owner, link in (
        (Project.region_id, Project.id == LedgerEntry.project_id),
        (Enclave.origin_id, Enclave.id == LedgerEntry.enclave_id),
    ):
        statement = (
            select(owner, func.max(LedgerEntry.occurred_on))
            .join(LedgerEntry, link)
            .where(owner.in_(list(region_ids)))
            .group_by(owner)
        )
        for region_id, on in db.session.execute(statement):
            found[region_id] = max(on, found.get(region_id, on))
    return found


def _of(subject: Subject) -> ColumnElement[bool]:
    return type_of(subject).column == subject.id


def _standing(*conditions: ColumnElement[bool]) -> Select:
    """Entries that count for their year: submitted, neither reversals nor reversed, cumulative
    ones aside."""
    return select(LedgerEntry).where(*conditions, *counted())


def _valid(*conditions: ColumnElement[bool]) -> Select:
    """Entries and drafts that are neither reversals nor reversed."""
    return select(LedgerEntry).where(*conditions, *untouched())


def with_subject() -> tuple:
    """What an entry's pages show of its subject, its source and its writer."""
    pairing = joinedload(LedgerEntry.pairing)
    return (
        joinedload(LedgerEntry.project).joinedload(Project.region),
        joinedload(LedgerEntry.enclave).joinedload(Enclave.origin_region),
        joinedload(LedgerEntry.park),
        joinedload(LedgerEntry.demonstration_village),
        pairing.joinedload(Pairing.supporter),
        pairing.joinedload(Pairing.recipient),
        joinedload(LedgerEntry.source),
        joinedload(LedgerEntry.entered_by),
    )


def sum_of(parts: Iterable[Figure]) -> Sum:
    """The sum of amounts of 元; at least one."""
    found = list(parts)
    whole = added(found)
    assert whole is not None, "a sum of no entries is none"
    return Sum(whole, len(found))
