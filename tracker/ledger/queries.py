"""Reads of the ledger within a user's regions; all sums are computed here, none is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from tracker.accounts.models import User
from tracker.db import Precision, db
from tracker.enclaves import queries as enclaves
from tracker.enclaves.models import Enclave
from tracker.ledger.models import EntryKind, LedgerEntry
from tracker.pairings import queries as pairings
from tracker.pairings.models import Pairing
from tracker.parks.models import Park
from tracker.projects import queries as projects
from tracker.projects.models import Project
from tracker.regions.queries import regions_in_view, regions_of
from tracker.villages.models import DemonstrationVillage
from tracker.web.tables import contains

SORTS = {"day": LedgerEntry.occurred_on, "amount": LedgerEntry.amount}


@dataclass(frozen=True)
class LedgerFilter:
    """What the list is narrowed to; the empty value of each leaves it alone."""

    kind: EntryKind | None = None
    year: int | None = None
    text: str = ""
    project_id: int | None = None
    enclave_id: int | None = None


@dataclass(frozen=True)
class Sum:
    """A sum of entries, 元, with the mark of its precision and how many entries make it."""

    amount: Decimal
    precision: str
    count: int


def touching(regions: Select[tuple[int]]) -> ColumnElement[bool]:
    """Whether the entry's subject is of one of `regions` (ids) or has one as a side."""
    parks = or_(Park.recipient_id.in_(regions), Park.supporter_id.in_(regions))
    villages = DemonstrationVillage.county_id.in_(regions)
    return or_(
        LedgerEntry.project_id.in_(select(Project.id).where(projects.touching(regions))),
        LedgerEntry.enclave_id.in_(select(Enclave.id).where(enclaves.touching(regions))),
        LedgerEntry.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions))),
        LedgerEntry.park_id.in_(select(Park.id).where(parks)),
        LedgerEntry.demonstration_village_id.in_(select(DemonstrationVillage.id).where(villages)),
    )


def filtered(user: User, wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    """The conditions of `wanted` within the regions that `user` has in view."""
    conditions = [touching(regions_in_view(user))]
    if wanted.kind:
        conditions.append(LedgerEntry.kind == wanted.kind)
    if wanted.year:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(LedgerEntry.occurred_on.between(first, last))
    if wanted.project_id:
        conditions.append(LedgerEntry.project_id == wanted.project_id)
    if wanted.enclave_id:
        conditions.append(LedgerEntry.enclave_id == wanted.enclave_id)
    if wanted.text:
        in_projects = select(Project.id).where(contains(Project.name, wanted.text))
        in_enclaves = select(Enclave.id).where(contains(Enclave.name, wanted.text))
        conditions.append(
            or_(LedgerEntry.project_id.in_(in_projects), LedgerEntry.enclave_id.in_(in_enclaves))
        )
    return conditions


def listing(user: User, wanted: LedgerFilter, order: ColumnElement) -> Select[tuple[LedgerEntry]]:
    """The entries of `wanted` in `order`, with their subjects and their reversals."""
    return (
        select(LedgerEntry)
        .where(*filtered(user, wanted))
        .options(*_with_subject(), joinedload(LedgerEntry.reversal))
        .order_by(order, LedgerEntry.id.desc())
    )


def sums(user: User, wanted: LedgerFilter) -> dict[EntryKind, Sum]:
    """The sums of `wanted` by kind: reversed entries fall out, cumulative ones are not added."""
    rows = _standing(*filtered(user, wanted)).with_only_columns(
        LedgerEntry.kind, LedgerEntry.amount, LedgerEntry.precision
    )
    found = defaultdict(list)
    for kind, amount, precision in db.session.execute(rows):
        found[kind].append((amount, precision))
    return {kind: sum_of(found[kind]) for kind in EntryKind if kind in found}


def by_year(subject: Project | Enclave) -> dict[int, dict[EntryKind, Sum]]:
    """The sums of one project or enclave: year → kind → sum, the latest year first."""
    rows = _standing(_of(subject)).with_only_columns(
        LedgerEntry.occurred_on, LedgerEntry.kind, LedgerEntry.amount, LedgerEntry.precision
    )
    found: dict[tuple[int, EntryKind], list] = defaultdict(list)
    for on, kind, amount, precision in db.session.execute(rows):
        found[on.year, kind].append((amount, precision))
    years: dict[int, dict[EntryKind, Sum]] = {}
    for (year, kind), parts in sorted(found.items(), key=lambda item: -item[0][0]):
        years.setdefault(year, {})[kind] = sum_of(parts)
    return years


def entries_of(subject: Project | Enclave) -> list[LedgerEntry]:
    """All entries of one project or enclave, the latest first."""
    statement = (
        select(LedgerEntry)
        .where(_of(subject))
        .options(joinedload(LedgerEntry.reversal), joinedload(LedgerEntry.source))
        .order_by(LedgerEntry.occurred_on.desc(), LedgerEntry.id.desc())
    )
    return list(db.session.scalars(statement).unique())


def standing_of(subject: Enclave, kinds: Iterable[EntryKind]) -> list[LedgerEntry]:
    """The entries of `kinds` of one enclave that stand and belong to a single year."""
    return list(db.session.scalars(_standing(_of(subject), LedgerEntry.kind.in_(kinds))))


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
    """How many entries of the county's own projects and enclaves from `first` to `last` are still
    drafts."""
    own = or_(
        LedgerEntry.project_id.in_(select(Project.id).where(Project.region_id == region_id)),
        LedgerEntry.enclave_id.in_(select(Enclave.id).where(Enclave.origin_id == region_id)),
    )
    drafts = LedgerEntry.submitted_at.is_(None)
    days = LedgerEntry.occurred_on.between(first, last)
    return db.session.scalar(select(func.count(LedgerEntry.id)).where(own, drafts, days))


def projects_with(kind: EntryKind, year: int, project_ids: Iterable[int]) -> set[int]:
    """Those of `project_ids` that have a standing entry of `kind` in `year`."""
    statement = _standing(
        LedgerEntry.project_id.in_(list(project_ids)),
        LedgerEntry.kind == kind,
        LedgerEntry.occurred_on.between(date(year, 1, 1), date(year, 12, 31)),
    ).with_only_columns(LedgerEntry.project_id)
    return set(db.session.scalars(statement))


def get(user: User, entry_id: int) -> LedgerEntry | None:
    """The entry with its subject; None outside the regions of `user`."""
    return db.session.scalar(
        select(LedgerEntry)
        .where(LedgerEntry.id == entry_id, touching(regions_of(user)))
        .options(*_with_subject(), joinedload(LedgerEntry.reversal))
    )


def same_as(subject: Project | Enclave, kind: EntryKind, amount: Decimal, on: date) -> int | None:
    """The number of an entry or a draft that says the same, if there is one."""
    return db.session.scalar(
        _valid(
            _of(subject),
            LedgerEntry.kind == kind,
            LedgerEntry.amount == amount,
            LedgerEntry.occurred_on == on,
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


def _of(subject: Project | Enclave) -> ColumnElement[bool]:
    column = LedgerEntry.project_id if isinstance(subject, Project) else LedgerEntry.enclave_id
    return column == subject.id


def _standing(*conditions: ColumnElement[bool]) -> Select:
    """Entries that count for their year: submitted, neither reversals nor reversed, cumulative
    ones aside."""
    return _valid(*conditions).where(
        LedgerEntry.submitted_at.is_not(None), LedgerEntry.cumulative.is_(False)
    )


def _valid(*conditions: ColumnElement[bool]) -> Select:
    """Entries and drafts that are neither reversals nor reversed."""
    reversal = aliased(LedgerEntry)
    return select(LedgerEntry).where(
        *conditions,
        LedgerEntry.reversal_of_id.is_(None),
        ~exists().where(reversal.reversal_of_id == LedgerEntry.id),
    )


def _with_subject() -> tuple:
    pairing = joinedload(LedgerEntry.pairing)
    return (
        joinedload(LedgerEntry.project).joinedload(Project.region),
        joinedload(LedgerEntry.enclave).joinedload(Enclave.origin_region),
        pairing.joinedload(Pairing.supporter),
        pairing.joinedload(Pairing.recipient),
        joinedload(LedgerEntry.source),
        joinedload(LedgerEntry.entered_by),
    )


def sum_of(parts: Iterable[tuple[Decimal, Precision]]) -> Sum:
    """The sum of amounts (元) with their precisions."""
    parts = list(parts)
    marks = {precision for _, precision in parts} - {Precision.EXACT}
    # Bounds of one direction add up to a bound; anything mixed is only about right.
    mark = marks.pop() if len(marks) == 1 else (Precision.ABOUT if marks else Precision.EXACT)
    return Sum(sum((amount for amount, _ in parts), Decimal(0)), mark.label, len(parts))
