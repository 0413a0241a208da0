"""What an enclave's yearly sheet shows, frozen: contract, due and paid, villages, space, tenants.

`enclave_years` gives by enclave code (money in 万元, days ISO, all figures decimal strings; None
where nobody has said):

    name, kind, began_as, direction, origin, host, region_ids, platform
    sample       whether the enclave, or any record below, is a sample
    signed_on, started_on, completed_on, in_use_on, closed_on, area_mu, floor_m2
    total_capital, village_capital, villages, has_…     as the record has them
    terms        [{kind, rate, capital_base, amount, starts_on, ends_on, note, source}]
    agreement    {building_mode, duties, …, splits: [], documents: []} or None
    returns      [{year, due, reason, paid, precision, payments}], the latest first
    payments     the rebates of the year [{on, due_on, amount, precision, villages, voucher}]
    money        {ledger kind: {amount, precision, count}} of the year
    stakes       [{code, name, town, weak, agreed, paid, share, joined_on, left_on,
                   received, received_before}]
    spaces       [{kind, step, quantity, on, due_on}]
    tenants      those of the year [{name, moved_in_on, moved_out_on, area_m2, …}]
    figures      {item: {label, value, unit}} of the year

The number of statements does not depend on the number of enclaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import aliased, joinedload

from tracker.core.db import Origin, db
from tracker.core.db.reading import Shelf
from tracker.core.db.reading import rows as rows_of
from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.agreements import (
    AgreementDocument,
    EnclaveAgreement,
    EnclaveSpace,
    SpaceStep,
    TaxSplit,
)
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.enclaves.returns import Receipt
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment, figure_of
from tracker.records.ledger.queries import Sum, sum_of
from tracker.records.ledger.returns import SHARED_IN, ReturnYear, contract_of, return_years
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.models import OperatingFigure, Tenant
from tracker.records.operations.queries import of_year
from tracker.records.places.models import Region
from tracker.records.villages.models import Village, VillageStake
from tracker.year.assessments.writing import figure, iso, money, wan
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.readings import standing

Frozen = dict[str, Any]
_DAYS = ("signed_on", "started_on", "completed_on", "in_use_on", "closed_on")
# What a sheet answers with yes or no → the measure that says it, from the records.
ANSWERS = {
    "has_share_list": "contract.share_list",
    "has_return_clause": "contract.return_clause",
    "has_fund_ledger": "villages.fund_ledger",
    "has_village_disclosure": "villages.disclosure",
}


def enclave_years(year: int) -> dict[str, Frozen]:
    """The enclaves that were there in `year`, by code; see the module."""
    enclaves = db.session.scalars(
        select(Enclave)
        .where(_there_in(year))
        .options(joinedload(Enclave.origin_region), joinedload(Enclave.host_region))
        .order_by(Enclave.code)
    ).all()
    found = {enclave.id: _enclave(enclave, year) for enclave in enclaves}
    terms = _by_enclave(
        select(ReturnTerm)
        .where(ReturnTerm.confirmed_at.is_not(None))
        .order_by(ReturnTerm.starts_on, ReturnTerm.id),
        "source",
    )
    entries = _entries(year)
    payments = _village_payments(year)
    stakes = _by_enclave(select(VillageStake), "village.town")
    agreements = _agreements()
    spaces = _by_enclave(
        select(EnclaveSpace)
        .where(
            EnclaveSpace.on <= last_day(year),
            (EnclaveSpace.step == SpaceStep.DELIVERED) | EnclaveSpace.confirmed_at.is_not(None),
        )
        .order_by(EnclaveSpace.kind, EnclaveSpace.step, EnclaveSpace.on, EnclaveSpace.id)
    )
    tenants = _by_enclave(_tenants(year))
    figures = _by_enclave(
        select(OperatingFigure).where(
            OperatingFigure.enclave_id.is_not(None), OperatingFigure.year == year
        )
    )
    for enclave in enclaves:
        own = entries[enclave.id]
        of_enclave = (terms, stakes, spaces, tenants, figures)
        records = [enclave, *own, *(record for kept in of_enclave for record in kept[enclave.id])]
        agreement = agreements.get(enclave.id)
        found[enclave.id] |= {
            "sample": any(record.origin is Origin.SAMPLE for record in records)
            or bool(agreement and agreement.pop("sample")),
            "terms": [_term(term) for term in terms[enclave.id]],
            "agreement": agreement,
            "returns": _returns(enclave, terms[enclave.id], own, year),
            "payments": [_payment(row) for row in own if _is_rebate_of(row, year)],
            "money": _money(own, year),
            "stakes": _stakes(stakes[enclave.id], payments[enclave.id], year),
            "spaces": [_space(space) for space in spaces[enclave.id]],
            "tenants": [_tenant(tenant) for tenant in tenants[enclave.id]],
            "figures": _figures(figures[enclave.id]),
        }
    answers = collect(year, SubjectKind.ENCLAVE, ANSWERS.values(), found, with_records=False)
    for enclave in enclaves:
        for name, measure in ANSWERS.items():
            value = answers[enclave.id][measure].value
            found[enclave.id][name] = None if value is None else value == "1"
    return {enclave.code: found[enclave.id] for enclave in enclaves}


def _there_in(year: int) -> ColumnElement[bool]:
    return or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last_day(year)) & or_(
        Enclave.closed_on.is_(None), Enclave.closed_on >= first_day(year)
    )


def _by_enclave(statement: Select, *paths: str) -> Mapping[int, list]:
    grouped = defaultdict(list)
    for record in Shelf().those(statement, paths):
        grouped[record.enclave_id].append(record)
    return grouped


def _enclave(enclave: Enclave, year: int) -> Frozen:
    kind = enclave.kind_on(last_day(year))
    return {
        "name": enclave.name,
        "kind": kind.label if kind else "",
        "began_as": enclave.kind.label if enclave.kind else "",
        "direction": enclave.direction.label,
        "origin": enclave.origin_region.name,
        "host": enclave.host_region.name,
        "region_ids": [enclave.origin_id, enclave.host_id],
        "platform": enclave.platform,
        **{name: iso(getattr(enclave, name)) for name in _DAYS},
        "area_mu": figure(enclave.area_mu),
        "floor_m2": figure(enclave.floor_m2),
        "total_capital": wan(enclave.total_capital),
        "village_capital": wan(enclave.village_capital),
        "villages": enclave.villages,
    }


def _entries(year: int) -> Mapping[int, list[Row]]:
    """All that stands in the enclaves' own ledgers until the year's end, by day."""
    grouped = defaultdict(list)
    statement = (
        standing(LedgerEntry.enclave_id)
        .where(LedgerEntry.occurred_on <= last_day(year))
        .add_columns(
            LedgerEntry.villages.label("number"),
            LedgerEntry.precision.label("precision"),
            LedgerEntry.due_on.label("due_on"),
            LedgerEntry.voucher.label("voucher"),
            LedgerEntry.origin.label("origin"),
        )
        .order_by(LedgerEntry.occurred_on, LedgerEntry.id)
    )
    for row in rows_of(statement):
        grouped[row.subject_id].append(row)
    return grouped


def _is_rebate_of(row: Row, year: int) -> bool:
    return row.kind is EntryKind.REBATE and row.day.year == year


def _sum(rows: Iterable[Row]) -> Sum:
    return sum_of(figure_of(row) for row in rows)


def _returns(
    enclave: Enclave, terms: Sequence[ReturnTerm], entries: Sequence[Row], year: int
) -> list[Frozen]:
    contract = contract_of(enclave, terms)
    rebates = defaultdict(list)
    for row in entries:
        if row.kind is EntryKind.REBATE:
            rebates[row.day.year].append(row)
    receipts = [
        Receipt(SHARED_IN[row.kind], row.day, row.amount)
        for row in entries
        if row.kind in SHARED_IN
    ]
    paid = {of: _sum(rows) for of, rows in rebates.items()}
    # A contract that only begins later owes nothing yet, and has no years to show.
    years = return_years(contract, paid, receipts, year)
    return [_return_year(found) for found in years if found.year <= year]


def _return_year(found: ReturnYear) -> Frozen:
    paid = found.paid
    return {
        "year": found.year,
        "due": wan(found.due),
        "reason": found.reason,
        "paid": wan(paid.figure.value) if paid else None,
        "precision": paid.figure.precision if paid else "",
        "payments": paid.count if paid else 0,
    }


def _payment(row: Row) -> Frozen:
    return {
        "on": iso(row.day),
        "due_on": iso(row.due_on),
        **money(figure_of(row)),
        "villages": row.number,
        "voucher": row.voucher,
    }


def _money(entries: Sequence[Row], year: int) -> Frozen:
    of_kind: dict[EntryKind, list[Row]] = defaultdict(list)
    for row in entries:
        if row.day.year == year:
            of_kind[row.kind].append(row)
    sums = {kind: _sum(of_kind[kind]) for kind in EntryKind if kind in of_kind}
    return {
        kind.value: {
            "label": kind.label,
            **money(found.figure),
            "count": found.count,
        }
        for kind, found in sums.items()
    }


def _village_payments(year: int) -> Mapping[int, Mapping[int, list[Row]]]:
    """What each village received of standing rebates until the year's end, by enclave and
    village."""
    found: dict[int, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    town = aliased(Region)
    statement = (
        standing(LedgerEntry.enclave_id)
        .where(LedgerEntry.occurred_on <= last_day(year))
        .join(VillagePayment, VillagePayment.entry_id == LedgerEntry.id)
        .join(Village, Village.id == VillagePayment.village_id)
        .outerjoin(town, town.id == Village.town_id)
        .add_columns(
            VillagePayment.amount.label("part"),
            Village.id.label("village_id"),
            Village.code.label("code"),
            Village.name.label("name"),
            Village.is_weak.label("weak"),
            town.name.label("town"),
        )
    )
    for row in rows_of(statement):
        found[row.subject_id][row.village_id].append(row)
    return found


def _stakes(
    stakes: Sequence[VillageStake], payments: Mapping[int, list[Row]], year: int
) -> list[Frozen]:
    """The villages on the list until the year's end, and any other that received a part."""
    listed = [s for s in stakes if s.joined_on is None or s.joined_on <= last_day(year)]
    rows = [_stake(stake) | _received(payments.get(stake.village_id, ()), year) for stake in listed]
    unlisted = payments.keys() - {stake.village_id for stake in listed}
    for village_id in unlisted:
        row = payments[village_id][0]
        about = {"code": row.code, "name": row.name, "town": row.town or "", "weak": row.weak}
        nothing = dict.fromkeys(("agreed", "paid", "share", "joined_on", "left_on"))
        rows.append(about | nothing | _received(payments[village_id], year))
    return sorted(rows, key=lambda row: row["code"])


def _stake(stake: VillageStake) -> Frozen:
    village = stake.village
    return {
        "code": village.code,
        "name": village.name,
        "town": village.town.name if village.town else "",
        "weak": village.is_weak,
        "agreed": wan(stake.capital_agreed),
        "paid": wan(stake.capital_paid),
        "share": figure(stake.share),
        "joined_on": iso(stake.joined_on),
        "left_on": iso(stake.left_on),
    }


def _received(rows: Sequence[Row], year: int) -> Frozen:
    def total(of_year: bool) -> str | None:
        parts = [row.part for row in rows if (row.day.year == year) is of_year]
        return wan(sum(parts, Decimal(0))) if parts else None

    return {"received": total(True), "received_before": total(False)}


def _splits() -> Select:
    confirmed = select(TaxSplit).where(TaxSplit.confirmed_at.is_not(None))
    return confirmed.order_by(TaxSplit.from_year)


def _agreements() -> dict[int, Frozen]:
    splits, documents = defaultdict(list), defaultdict(list)
    shelf = Shelf()
    for split in shelf.those(_splits()):
        splits[split.agreement_id].append(
            {
                "from_year": split.from_year,
                "to_year": split.to_year,
                "origin_share": figure(split.origin_share),
                "host_share": figure(split.host_share),
            }
        )
    ordered = select(AgreementDocument).order_by(AgreementDocument.signed_on, AgreementDocument.id)
    for document in shelf.those(ordered):
        documents[document.agreement_id].append(
            {
                "kind": document.kind.label,
                "title": document.title,
                "number": document.number,
                "signed_on": iso(document.signed_on),
            }
        )
    return {
        agreement.enclave_id: {
            "sample": agreement.origin is Origin.SAMPLE,
            "building_mode": agreement.building_mode,
            "duties": agreement.duties,
            "starts_on": iso(agreement.starts_on),
            "ends_on": iso(agreement.ends_on),
            "origin_cost_share": figure(agreement.origin_cost_share),
            "host_cost_share": figure(agreement.host_cost_share),
            "operator": agreement.operator,
            "full_time_staff": agreement.full_time_staff,
            "splits": splits[agreement.id],
            "documents": documents[agreement.id],
        }
        for agreement in shelf.those(select(EnclaveAgreement))
    }


def _term(term: ReturnTerm) -> Frozen:
    return {
        "kind": term.kind.label,
        "rate": figure(term.rate),
        "capital_base": term.capital_base.label if term.capital_base else "",
        "amount": wan(term.amount),
        "starts_on": iso(term.starts_on),
        "ends_on": iso(term.ends_on),
        "note": term.note,
        "source": term.source.label if term.source else "",
    }


def _space(space: EnclaveSpace) -> Frozen:
    return {
        "kind": space.kind.label,
        "step": space.step.label,
        "quantity": figure(space.quantity),
        "on": iso(space.on),
        "due_on": iso(space.due_on),
    }


def _tenants(year: int) -> Select:
    return (
        select(Tenant)
        .where(
            Tenant.enclave_id.is_not(None),
            or_(Tenant.moved_in_on.is_(None), Tenant.moved_in_on <= last_day(year)),
            or_(Tenant.moved_out_on.is_(None), Tenant.moved_out_on >= first_day(year)),
        )
        .order_by(Tenant.moved_in_on, Tenant.id)
    )


def _tenant(tenant: Tenant) -> Frozen:
    return {
        "name": tenant.name,
        "moved_in_on": iso(tenant.moved_in_on),
        "moved_out_on": iso(tenant.moved_out_on),
        "area_m2": figure(tenant.area_m2),
        "is_technology": tenant.is_technology,
        "is_above_scale": tenant.is_above_scale,
    }


def _figures(figures: Sequence[OperatingFigure]) -> Frozen:
    values = {item: of_year(item, figures) for item in Item}
    return {
        item.value: {"label": item.label, "value": figure(value), "unit": MEANINGS[item].unit}
        for item, value in values.items()
        if value is not None
    }
