"""The enclaves of one kind with what a leader asks of that kind, and their sums: over those of
which it is told, whose number stands beside each sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, case, func, select

from tracker.core.db import db
from tracker.core.quantities.days import days_of, last_day
from tracker.core.quantities.figure import WAN_YUAN, YUAN, Figure, added, yuan
from tracker.overview.enclave_year.lateness import Late, lateness
from tracker.records.enclaves.agreements import EnclaveAgreement, TaxSplit
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.reached import CHOICES as REACHED
from tracker.records.ledger.reached import reached
from tracker.records.ledger.sums import totals
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.villages.models import Village
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

# What is asked of each kind, by the measures that enclaves are also scored by.
INVESTED, SIGNED, LARGE = "investment.completed", "introduced.projects", "introduced.large"
SHARED = "tax.origin"
INCUBATED, RETURNED, AT_HOME = "incubated.projects", "returned.projects", "returned.investment"
CAPITAL, LISTED, PAID_VILLAGES = "capital.paid", "villages.listed", "villages.paid"
ASKED: Mapping[EnclaveKind, Sequence[str]] = {
    EnclaveKind.INDUSTRIAL: (INVESTED, SIGNED, LARGE, SHARED),
    EnclaveKind.INNOVATION: (INVESTED, INCUBATED, RETURNED, AT_HOME),
    EnclaveKind.INCOME: (CAPITAL, LISTED, PAID_VILLAGES),
    EnclaveKind.DEVELOPMENT: (INVESTED, SIGNED, INCUBATED, RETURNED, SHARED),
}
TAXES = (EntryKind.TAX, EntryKind.RETAINED_TAX)


@dataclass(frozen=True)
class Site:
    """An enclave's year: `facts` by measure, money in 元; None or missing: not told. `split`: how
    retained tax is divided, confirmed by the other side."""

    of: ReturnOfYear
    facts: Mapping[str, Figure]
    taxes: Mapping[EntryKind, Sum]
    split: TaxSplit | None
    late: Late

    @property
    def enclave(self) -> Enclave:
        """Whose year it is."""
        return self.of.enclave

    def order(self, name: str) -> tuple[Decimal, Decimal, str]:
        """What is owed and the fact `name` from above, then the code."""
        fact = self.facts.get(name)
        did = Decimal(-1) if fact is None else fact.value
        return -self.of.owing.value, -did, self.enclave.code

    @property
    def over(self) -> Figure | None:
        """What was paid beyond what was due, 0 where nothing was; None where no due is known."""
        if self.of.due is None or self.of.paid is None:
            return None
        return (self.of.paid.figure - yuan(self.of.due)).above_nought()


@dataclass(frozen=True)
class Whole:
    """A sum over the `told` of `number` enclaves; None where none tells it."""

    figure: Figure | None
    told: int
    number: int


def sites_of(kind: EnclaveKind, returns: Iterable[ReturnOfYear], year: int) -> list[Site]:
    """Those of `returns` that are of `kind` on 31 December, with what is told of `year`, those that
    owe most or did most first: the same number of statements however many they are."""
    own = [one for one in returns if one.enclave.kind_on(last_day(year)) is kind]
    ids = [one.enclave.id for one in own]
    facts = collect(year, SubjectKind.ENCLAVE, ASKED[kind], ids, with_records=False)
    taxes = totals(
        LedgerEntry.enclave_id.in_(ids),
        LedgerEntry.kind.in_(TAXES),
        LedgerEntry.occurred_on.between(*days_of(year)),
        by=(LedgerEntry.enclave_id, LedgerEntry.kind),
    )
    splits, late = _splits(ids, year), lateness(own, year)
    units = {name: CATALOGUE.measures[name].unit for name in ASKED[kind]}
    found = [
        Site(
            one,
            {
                name: figure.to(YUAN) if figure.unit == WAN_YUAN else figure
                for name, fact in facts[one.enclave.id].items()
                if (figure := fact.figure(units[name])) is not None
            },
            {of: taxes[one.enclave.id, of] for of in TAXES if (one.enclave.id, of) in taxes},
            splits.get(one.enclave.id),
            late[one.enclave.id],
        )
        for one in own
    ]
    return sorted(found, key=lambda site: site.order(ASKED[kind][0]))


def _splits(ids: Sequence[int], year: int) -> Mapping[int, TaxSplit]:
    """The split of retained tax that binds in `year`, the latest that began."""
    statement = (
        select(EnclaveAgreement.enclave_id, TaxSplit)
        .join(EnclaveAgreement, EnclaveAgreement.id == TaxSplit.agreement_id)
        .where(
            EnclaveAgreement.enclave_id.in_(ids),
            TaxSplit.confirmed_at.is_not(None),
            TaxSplit.from_year <= year,
            func.coalesce(TaxSplit.to_year, year) >= year,
        )
        .order_by(TaxSplit.from_year)
    )
    return dict(db.session.execute(statement).all())


def wholes_of(sites: Sequence[Site], names: Iterable[str]) -> Mapping[str, Whole]:
    """The sums of facts by measure."""
    return {name: _whole([site.facts.get(name) for site in sites]) for name in names}


def taxes_of(sites: Sequence[Site]) -> Mapping[EntryKind, Whole]:
    """The sums of taxes by kind of money."""
    return {
        kind: _whole([site.taxes[kind].figure if kind in site.taxes else None for site in sites])
        for kind in TAXES
    }


def capital_of(sites: Sequence[Site], column: str) -> Whole:
    """The sum of a column of capital of the enclaves themselves."""
    amounts = (getattr(site.enclave, column) for site in sites)
    return _whole([None if amount is None else yuan(amount) for amount in amounts])


def paid_of(sites: Sequence[Site]) -> Whole:
    """The sum of returns paid."""
    return _whole([site.of.paid.figure if site.of.paid else None for site in sites])


def _whole(figures: Sequence[Figure | None]) -> Whole:
    told = [figure for figure in figures if figure is not None]
    return Whole(added(told), len(told), len(figures))


def villages_reached(regions: Select[int], year: int) -> dict[str, int]:
    """How many villages of `regions` (ids) are in each of `REACHED`: as the list of villages can be
    narrowed, in one statement."""
    sums = [func.sum(case((reached(value, year), 1), else_=0)) for value, _ in REACHED]
    row = db.session.execute(select(*sums).where(Village.county_id.in_(regions))).one()
    return {value: int(number or 0) for (value, _), number in zip(REACHED, row, strict=True)}
