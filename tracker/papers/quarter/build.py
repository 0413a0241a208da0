"""季度报送表: a county's quarter, read from the records as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from tracker.core.db import Origin, db
from tracker.core.quantities.clock import written
from tracker.core.quantities.days import QUARTER_NAMES, first_day, quarter_begin, quarter_end
from tracker.core.quantities.figure import Figure, added, yuan
from tracker.papers.common.form import FormHead
from tracker.papers.quarter.corrected import correction_lines
from tracker.papers.quarter.model import (
    AidLine,
    EnclaveLine,
    ExchangeLine,
    Flow,
    ParkLine,
    ProjectLine,
    QuarterForm,
)
from tracker.records.enclaves.models import Enclave
from tracker.records.enclaves.returns import Receipt
from tracker.records.exchanges.sums import KINDS, ExchangeKind, by_kind
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry, figure_of
from tracker.records.ledger.returns import SHARED_IN, DueUnknownError, contract_of, due, runs_in
from tracker.records.pairings.models import Pairing
from tracker.records.pairings.queries import in_force
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.projects.sharing import view_words
from tracker.records.quarters.noughts import stated_counts, stated_noughts
from tracker.web.kit.apart import callings

_LAST = 4  # the quarter that ends the year
_SITE = ("signed_on", "started_on", "completed_on", "in_use_on")
_STAGES = ("signed_on", "started_on", "completed_on", "in_production_on")
_BEFORE = ("planned_on", "negotiated_on")  # of a project that nobody has signed yet
_PARK = ("signed_on", "approved_on")


@dataclass(frozen=True)
class Quarter:
    """A quarter (1 to 4) of a year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return quarter_begin(self.year, self.number)

    @property
    def last(self) -> date:
        return quarter_end(self.year, self.number)

    @property
    def words(self) -> str:
        """2024年第三季度."""
        return f"{self.year}年{QUARTER_NAMES[self.number]}"


def quarter_form(region: Region, quarter: Quarter, printed_at: datetime) -> QuarterForm:
    """The form of the county `region`, beside the same quarter of the year before; two dozen
    statements, however much there is."""
    before = _form(region, Quarter(quarter.year - 1, quarter.number), printed_at)
    now = _form(region, quarter, printed_at)
    # What was invented last year is on the form too.
    sample = now.head.sample or before.head.sample
    made, since = correction_lines(region, quarter.first, quarter.last)
    head = replace(now.head, sample=sample)
    return replace(now, head=head, before=before, corrections=made, corrected=since)


def _form(region: Region, quarter: Quarter, printed_at: datetime) -> QuarterForm:
    reader = _Reader(quarter)
    pairings = _pairings(region)
    projects, enclaves = _projects(region, reader), _enclaves(region, reader)
    parks, aid = _parks(region, reader), _aid(region, pairings, reader)
    return QuarterForm(
        head=FormHead(
            title="季度报送表",
            period=quarter.words,
            subject_code=region.code or "",
            subject_name=region.name,
            printed_at=written(printed_at),
            sample=reader.saw_sample,
        ),
        projects=projects,
        enclaves=enclaves,
        parks=parks,
        aid=aid,
        exchanges=_exchanges(pairings, quarter),
        drafts=ledger.draft_count(region.id, quarter.first, quarter.last),
        partnered=_partnered(region, reader),
    )


class _Reader:
    """Sums of the quarter and of the year so far; remembers whether it read invented records."""

    def __init__(self, quarter: Quarter) -> None:
        self.quarter = quarter
        self.year_begins = first_day(quarter.year)
        self.saw_sample = False

    def note(self, records: Iterable[Project | Enclave | Park | Pairing]) -> None:
        self.saw_sample |= any(record.origin is Origin.SAMPLE for record in records)

    def read(self, owner: InstrumentedAttribute, ids: Iterable[int]) -> _Flows:
        rows = ledger.submitted(owner, ids, self.year_begins, self.quarter.last)
        self.saw_sample |= any(row.origin is Origin.SAMPLE for row in rows)
        return _Flows(rows, self.quarter, stated_noughts(owner, ids, self.quarter.year))


class _Flows:
    """What was read of the ledger, by owner and kind."""

    def __init__(
        self, rows: Sequence, quarter: Quarter, noughts: frozenset[tuple[int, EntryKind, int]]
    ) -> None:
        self._quarter, self._noughts = quarter, noughts
        self._rows: dict[tuple[int, EntryKind], list] = defaultdict(list)
        for row in rows:
            self._rows[row.owner_id, row.kind].append(row)

    def of(self, owner_id: int, kind: EntryKind) -> Flow:
        rows = self._rows.get((owner_id, kind), [])
        begins, number = self._quarter.first, self._quarter.number
        now, year = _sum(row for row in rows if row.occurred_on >= begins), _sum(rows)
        if now is None:
            now = self._stated(owner_id, kind, (number,))
        if year is None:
            year = self._stated(owner_id, kind, range(1, number + 1))
        return Flow(now, year)

    def _stated(self, owner_id: int, kind: EntryKind, quarters: Iterable[int]) -> Figure | None:
        """Nought where somebody stated it for each of `quarters`: that is not 未报."""
        told = all((owner_id, kind, each) in self._noughts for each in quarters)
        return yuan(Decimal(0)) if told else None

    def has(self, owner_id: int) -> bool:
        return any(owner == owner_id for owner, _ in self._rows)

    def receipts(self, owner_id: int) -> list[Receipt]:
        """Rent and tax received, in which a contract may share."""
        return [
            Receipt(shared, row.occurred_on, row.amount)
            for kind, shared in SHARED_IN.items()
            for row in self._rows.get((owner_id, kind), [])
        ]


def _sum(rows: Iterable) -> Figure | None:
    return added(figure_of(row) for row in rows)


def _projects(region: Region, reader: _Reader) -> tuple[ProjectLine, ...]:
    """The county's own projects that were under way in the year to the quarter's end, or of which
    money was reported. What a project reached afterwards is no matter of the quarter."""
    return _lines(Project.region_id == region.id, reader, lambda project: "")


def _partnered(region: Region, reader: _Reader) -> tuple[ProjectLine, ...]:
    """Those of other counties that name this one as their partner."""
    return _lines(Project.partner_id == region.id, reader, lambda project: project.region.name)


def _lines(
    whose: ColumnElement[bool], reader: _Reader, owner: Callable[[Project], str]
) -> tuple[ProjectLine, ...]:
    begins, ends = reader.year_begins, reader.quarter.last
    statement = (
        select(Project)
        .where(
            whose,
            Project.in_scope.is_not(False),
            _not_before(Project.terminated_on, begins),
        )
        .options(joinedload(Project.region), joinedload(Project.partner))
        .order_by(Project.signed_on.is_(None), Project.signed_on, Project.id)
    )
    found = list(db.session.scalars(statement))
    flows = reader.read(LedgerEntry.project_id, [project.id for project in found])
    shown = [
        project
        for project in found
        if flows.has(project.id)
        or (
            _under_way(project, ends)
            and (project.in_production_on is None or project.in_production_on >= begins)
        )
    ]
    reader.note(shown)
    called = callings(found)
    return tuple(
        ProjectLine(
            name=called(project),
            category=project.category.label,
            total=_exact(project.total_investment),
            signed_on=_until(project.signed_on, ends),
            started_on=_until(project.started_on, ends),
            completed_on=_until(project.completed_on, ends),
            in_production_on=_until(project.in_production_on, ends),
            terminated_on=_until(project.terminated_on, ends),
            funds=flows.of(project.id, EntryKind.FUNDS_IN_PLACE),
            completed=flows.of(project.id, EntryKind.COMPLETED_INVESTMENT),
            owner=owner(project),
            shared=view_words(project),
        )
        for project in shown
    )


def _enclaves(region: Region, reader: _Reader) -> tuple[EnclaveLine, ...]:
    statement = (
        select(Enclave)
        .where(
            Enclave.origin_id == region.id,
            _not_before(Enclave.closed_on, reader.year_begins),
        )
        .options(joinedload(Enclave.host_region), selectinload(Enclave.return_terms))
        .order_by(Enclave.code)
    )
    found = list(db.session.scalars(statement))
    flows = reader.read(LedgerEntry.enclave_id, [enclave.id for enclave in found])
    shown = [e for e in found if flows.has(e.id) or _begun(e, _SITE, reader.quarter.last)]
    reader.note(shown)
    called = callings(found)
    return tuple(_enclave(enclave, called(enclave), flows, reader.quarter) for enclave in shown)


def _enclave(enclave: Enclave, name: str, flows: _Flows, quarter: Quarter) -> EnclaveLine:
    owed, reason = _owed(enclave, flows, quarter)
    kind = enclave.kind_on(quarter.last)
    return EnclaveLine(
        name=name,
        kind=kind.label if kind else "",
        host=enclave.host_region.name,
        completed=flows.of(enclave.id, EntryKind.COMPLETED_INVESTMENT),
        due=_exact(owed),
        reason=reason,
        paid=flows.of(enclave.id, EntryKind.REBATE),
    )


def _owed(enclave: Enclave, flows: _Flows, quarter: Quarter) -> tuple[Decimal | None, str]:
    """What the contract owes for the year, and why that is not known, or up to when it is reckoned:
    a share of rent or tax grows with what is received until the year's end."""
    if not enclave.return_terms:
        return None, "合同未约定返利"
    contract = contract_of(enclave, enclave.return_terms)
    receipts = flows.receipts(enclave.id)
    shared = [
        kind
        for kind, term in SHARED_IN.items()
        if any(of.kind is term and runs_in(of, quarter.year) for of in contract.terms)
    ]
    named = "、".join(kind.label for kind in shared)
    missing = [kind for kind in shared if all(of.kind is not SHARED_IN[kind] for of in receipts)]
    if missing and quarter.number < _LAST:
        what = "、".join(kind.label for kind in missing)
        return None, f"返利含{what}的分成，截至季末没有{what}的记录"
    try:
        owed = due(contract, quarter.year, receipts)
    except DueUnknownError as error:
        return None, str(error)
    return owed, f"其中{named}分成只计到季末" if shared and quarter.number < _LAST else ""


def _parks(region: Region, reader: _Reader) -> tuple[ParkLine, ...]:
    statement = (
        select(Park)
        .where(
            or_(Park.recipient_id == region.id, Park.supporter_id == region.id),
            _not_before(Park.closed_on, reader.year_begins),
        )
        .options(joinedload(Park.recipient), joinedload(Park.supporter))
        .order_by(Park.code)
    )
    known = list(db.session.scalars(statement))
    flows = reader.read(LedgerEntry.park_id, [park.id for park in known])
    found = [p for p in known if flows.has(p.id) or _begun(p, _PARK, reader.quarter.last)]
    reader.note(found)
    called = callings(known)
    return tuple(
        ParkLine(
            name=called(park),
            kind=park.kind.label,
            partner=(park.supporter if park.recipient_id == region.id else park.recipient).name,
            funds=flows.of(park.id, EntryKind.FUNDS_IN_PLACE),
            infrastructure=flows.of(park.id, EntryKind.INFRASTRUCTURE_INVESTMENT),
            tax=flows.of(park.id, EntryKind.TAX),
        )
        for park in found
    )


def _pairings(region: Region) -> list[Pairing]:
    """All pairings that the region ever had: what was done in a quarter belongs to it, whatever
    became of the pairing."""
    statement = (
        select(Pairing)
        .where(or_(Pairing.supporter_id == region.id, Pairing.recipient_id == region.id))
        .options(joinedload(Pairing.supporter), joinedload(Pairing.recipient))
        .order_by(Pairing.id)
    )
    return list(db.session.scalars(statement))


def _aid(region: Region, pairings: list[Pairing], reader: _Reader) -> tuple[AidLine, ...]:
    """The pairings that stood within the quarter, and any other with money in the year to its
    end."""
    flows = reader.read(LedgerEntry.pairing_id, [pairing.id for pairing in pairings])
    days = (reader.quarter.first, reader.quarter.last)
    stood = {of.id for day in days for of in db.session.scalars(in_force(day))}
    shown = [of for of in pairings if of.id in stood or flows.has(of.id)]
    reader.note(shown)
    lines = []
    for pairing in shown:
        receives = pairing.recipient_id == region.id
        sent = EntryKind.AID_RECEIVED if receives else EntryKind.AID_SENT
        lines.append(
            AidLine(
                partner=(pairing.supporter if receives else pairing.recipient).name,
                scheme=pairing.scheme.label,
                received=flows.of(pairing.id, sent),
                used=flows.of(pairing.id, EntryKind.AID_USED),
                social=flows.of(pairing.id, EntryKind.SOCIAL_AID),
            )
        )
    return tuple(lines)


def _exchanges(pairings: list[Pairing], quarter: Quarter) -> tuple[ExchangeLine, ...]:
    ids = [pairing.id for pairing in pairings]
    of_quarter = by_kind(ids, quarter.first, quarter.last)
    of_year = by_kind(ids, first_day(quarter.year), quarter.last)
    without = _without(ids, quarter)

    def told(
        found: dict[str, Figure], kind: ExchangeKind, quarters: Iterable[int]
    ) -> Figure | None:
        nought = all((kind.key, each) in without for each in quarters)
        return found.get(kind.key, Figure(Decimal(0), kind.unit) if nought else None)

    return tuple(
        ExchangeLine(
            kind.label,
            kind.unit,
            told(of_quarter, kind, (quarter.number,)),
            told(of_year, kind, range(1, quarter.number + 1)),
        )
        for kind in KINDS
    )


def _without(ids: list[int], quarter: Quarter) -> frozenset[tuple[str, int]]:
    """(key of the exchange, quarter) of which nought was stated of every pairing that stood at the
    quarter's end, which is who the grid asks: that is not 未报."""
    stated: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, key, each in stated_counts(ids, quarter.year):
        if each <= quarter.number:
            stated[key, each].add(number)
    asked = {
        each: {
            of.id for of in db.session.scalars(in_force(Quarter(quarter.year, each).last))
        }.intersection(ids)
        for each in {each for _, each in stated}
    }
    return frozenset(at for at, told in stated.items() if asked[at[1]] <= told)


def _exact(amount: Decimal | None) -> Figure | None:
    return None if amount is None else yuan(amount)


def _begun(record: Project | Enclave | Park, days: Sequence[str], day: date) -> bool:
    """Whether a record was there on `day`: one of its stages was reached, or nobody has said when
    any of them is."""
    known = [on for name in days if (on := getattr(record, name)) is not None]
    return not known or min(known) <= day


def _under_way(project: Project, day: date) -> bool:
    """Whether a project was there on `day`: one that was signed later was not, however long it was
    negotiated."""
    dated = any(getattr(project, name) for name in _STAGES)
    return _begun(project, _STAGES if dated else _BEFORE, day)


def _until(on: date | None, day: date) -> date | None:
    return on if on is not None and on <= day else None


def _not_before(column: InstrumentedAttribute, day: date) -> ColumnElement[bool]:
    return or_(column.is_(None), column >= day)
