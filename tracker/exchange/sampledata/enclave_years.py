"""What enclaves do in a year: figures, investment, taxes and shares, rents and returns, tenants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select, update

from tracker.core.db import Origin, db
from tracker.core.quantities.units import WAN
from tracker.exchange.sampledata.draw import CENT, chance, level, percent, stream, wan, whole
from tracker.exchange.sampledata.money import pay, report
from tracker.exchange.sampledata.plans import SitePlan, site_plan
from tracker.exchange.sampledata.scene import Scene
from tracker.records.enclaves.models import Enclave, EnclaveKind, TermKind
from tracker.records.enclaves.returns import CapitalUnknownError, Receipt, Term, due_in_year
from tracker.records.ledger.models import EntryKind, LedgerEntry, VillagePayment
from tracker.records.operations.items import Item
from tracker.records.operations.models import Tenant
from tracker.records.villages.models import VillageStake

INDUSTRY = (EnclaveKind.INDUSTRIAL, EnclaveKind.DEVELOPMENT)
INNOVATION = (EnclaveKind.INNOVATION, EnclaveKind.DEVELOPMENT)
RETURNING = (EnclaveKind.INCOME, EnclaveKind.DEVELOPMENT)
TAX_OF_OUTPUT = Decimal("0.045")
ADDED_OF_OUTPUT = Decimal("0.23")
RETAINED_OF_TAX = Decimal("0.4")


def background_of_enclaves(scene: Scene, year: int) -> None:
    """What the year after, or a base year, is measured against: output, added value, land, tax."""
    for enclave in scene.sites(year, *INDUSTRY):
        _industry(scene, enclave, year, site_plan(scene.seed, enclave))
    scene.rows.write()


def years_of_enclaves(scene: Scene, year: int) -> None:
    """Everything else of the year."""
    villages: dict[int, list[int]] = {}
    stakes = select(VillageStake.enclave_id, VillageStake.village_id).order_by(VillageStake.id)
    for enclave_id, village_id in db.session.execute(stakes):
        villages.setdefault(enclave_id, []).append(village_id)
    for enclave in scene.sites(year, *INDUSTRY):
        _investment(scene, enclave, year)
    for enclave in scene.sites(year, *INNOVATION):
        _innovation(scene, enclave, year, site_plan(scene.seed, enclave))
    for enclave in scene.sites(year, *RETURNING):
        plan = site_plan(scene.seed, enclave)
        receipts = _rents(scene, enclave, year, plan)
        _returns(scene, enclave, year, receipts, villages.get(enclave.id, []))
    for enclave in scene.sites(year, *EnclaveKind):
        _tenants(scene, enclave, year)
    scene.rows.write()
    # A submitted payment takes no more shares, so returns are drafts until their shares are there.
    db.session.execute(
        update(LedgerEntry)
        .where(
            LedgerEntry.origin == Origin.SAMPLE,
            LedgerEntry.kind == EntryKind.REBATE,
            LedgerEntry.submitted_at.is_(None),
        )
        .values(submitted_at=LedgerEntry.entered_at)
    )


def tax_of(scene: Scene, enclave: Enclave, year: int, plan: SitePlan) -> Decimal:
    """The tax of the firms in the enclave in `year`, 元."""
    return whole(_output(scene, enclave, year, plan) * TAX_OF_OUTPUT) * WAN


def _output(scene: Scene, enclave: Enclave, year: int, plan: SitePlan) -> Decimal:
    """万元; nought until the enclave is in use."""
    if plan.begins.year > year:
        return Decimal(0)
    growth = (-16, 4) if scene.is_adverse(enclave) else (-3, 17)
    return level(scene.seed, "output", enclave.code, year, plan.output, growth)


def _industry(scene: Scene, enclave: Enclave, year: int, plan: SitePlan) -> None:
    output = _output(scene, enclave, year, plan)
    supplied = min(100, 46 + 8 * max(0, year - 2019)) if output else 0
    report(scene, enclave, year, Item.OUTPUT, output)
    report(scene, enclave, year, Item.VALUE_ADDED, whole(output * ADDED_OF_OUTPUT))
    report(scene, enclave, year, Item.LAND_SUPPLIED, whole(plan.land_mu * supplied / 100))
    tax = tax_of(scene, enclave, year, plan)
    halves = ((whole(tax / 2), date(year, 6, 28)), (tax - whole(tax / 2), date(year, 11, 28)))
    for amount, on in halves:
        pay(scene, enclave, EntryKind.TAX, amount, on)
        pay(scene, enclave, EntryKind.RETAINED_TAX, whole(amount * RETAINED_OF_TAX), on)
    retained = sum(whole(amount * RETAINED_OF_TAX) for amount, _ in halves)
    share = (retained * plan.origin_share).quantize(CENT)
    late = scene.is_adverse(enclave) and year >= 2023
    due = date(year, 11, 30) if late else date(year, 12, 25)
    pay(scene, enclave, EntryKind.TAX_SHARE, share, date(year, 12, 18), due_on=due)


def _investment(scene: Scene, enclave: Enclave, year: int) -> None:
    rng = stream(scene.seed, "enclave investment", enclave.code, year)
    for month in (3, 6, 9, 12):
        done, built = wan(rng, 1500, 7500), wan(rng, 300, 1600)
        if (enclave.signed_on or date.min) <= date(year, month, 26):
            on = date(year, month, 26)
            pay(scene, enclave, EntryKind.COMPLETED_INVESTMENT, done, on)
            pay(scene, enclave, EntryKind.INFRASTRUCTURE_INVESTMENT, built, on)
    if chance(rng, 25):
        pay(scene, enclave, EntryKind.PROVINCIAL_AWARD, wan(rng, 50, 300), date(year, 12, 8))


def _innovation(scene: Scene, enclave: Enclave, year: int, plan: SitePlan) -> None:
    rng = stream(scene.seed, "innovation", enclave.code, year)
    passed = min(90, 58 + 7 * (year - 2022))
    occupied = whole(plan.floor_m2 * (passed + rng.randint(-8, 8)) / 100)
    report(scene, enclave, year, Item.FLOOR_USABLE, plan.floor_m2)
    report(scene, enclave, year, Item.FLOOR_OCCUPIED, occupied)
    report(scene, enclave, year, Item.INCUBATED_PROJECTS, rng.randint(6, 18))
    report(scene, enclave, year, Item.SENIOR_TALENTS, rng.randint(15, 60) + 5 * (year - 2022))
    report(scene, enclave, year, Item.PROVINCIAL_TALENTS, rng.randint(0, 6))
    report(scene, enclave, year, Item.REVENUE, rng.randint(1500, 16000))
    if enclave.kind is EnclaveKind.INNOVATION:
        pay(
            scene,
            enclave,
            EntryKind.COMPLETED_INVESTMENT,
            wan(rng, 600, 5000),
            date(year, 12, 20),
        )


def _rents(scene: Scene, enclave: Enclave, year: int, plan: SitePlan) -> list[Receipt]:
    """Rent a quarter, and the letting that it comes from; what returns may share in."""
    rng = stream(scene.seed, "rents", enclave.code, year)
    let = rng.randint(55, 70) if scene.is_adverse(enclave) else rng.randint(74, 99)
    report(scene, enclave, year, Item.OCCUPANCY_RATE, let)
    if enclave.kind is EnclaveKind.INCOME:
        report(scene, enclave, year, Item.FLOOR_USABLE, plan.floor_m2)
        report(scene, enclave, year, Item.FLOOR_OCCUPIED, whole(plan.floor_m2 * let / 100))
    receipts: list[Any] = []
    yearly = whole(plan.capital * percent(rng, 6, 11))
    begins = enclave.in_use_on or enclave.signed_on or date.min
    for on in (date(year, month, 20) for month in (3, 6, 9, 11, 12)):
        # The December one is the first of an enclave that opened late in the year.
        if begins <= on and (on.month < 12 or not receipts):
            amount = whole(yearly / 4)
            pay(scene, enclave, EntryKind.RENT, amount, on)
            receipts.append(Receipt(TermKind.RENT_SHARE, on, amount))
    return receipts


def _returns(
    scene: Scene, enclave: Enclave, year: int, receipts: list[Receipt], villages: list[int]
) -> None:
    """What the contract owes, in two sums; the invented enclave pays less, and late."""
    terms = [
        Term(t.kind, t.rate, t.capital_base, t.amount, t.starts_on, t.ends_on)
        for t in enclave.return_terms
    ]
    try:
        due = due_in_year(year, terms, receipts, enclave.village_capital, enclave.total_capital)
    except CapitalUnknownError:
        due = whole(site_plan(scene.seed, enclave).capital / 10)
    rng = stream(scene.seed, "returns", enclave.code, year)
    adverse = scene.is_adverse(enclave)
    paid = whole(due * percent(rng, 55, 70)) if adverse else due
    first = whole(paid * 45 / 100)
    reached = villages[: max(1, len(villages) * (60 if adverse else rng.randint(92, 100)) // 100)]
    for amount, due_on, on in (
        (first, date(year, 6, 30), date(year, 8, 5) if adverse else date(year, 6, 24)),
        (paid - first, date(year, 12, 20), date(year, 12, 28) if adverse else date(year, 12, 12)),
    ):
        entry = pay(
            scene,
            enclave,
            EntryKind.REBATE,
            amount,
            on,
            due_on=due_on,
            submitted_at=None,
            villages=len(reached) or None,
        )
        share = (amount / len(reached)).quantize(CENT, rounding="ROUND_DOWN") if reached else 0
        if entry is not None and share:
            for village_id in reached:
                scene.rows.add(
                    VillagePayment, on, entry_id=entry, village_id=village_id, amount=share
                )


def _tenants(scene: Scene, enclave: Enclave, year: int) -> None:
    """Firms that moved in during the year, and now and then one that left again."""
    rng = stream(scene.seed, "tenants", enclave.code, year)
    new = rng.randint(6, 16) if enclave.kind is EnclaveKind.INNOVATION else rng.randint(2, 6)
    for number in range(1, new + 1):
        _tenant(scene, enclave, rng, year, number)


def _tenant(scene: Scene, enclave: Enclave, rng: Random, year: int, number: int) -> None:
    begins = max(date(year, 1, 8), enclave.in_use_on or date.min)
    moved = min(begins.replace(month=rng.randint(begins.month, 12), day=15), date(year, 12, 20))
    left = date(year, 12, 28) if chance(rng, 4) else None
    scene.rows.add(
        Tenant,
        moved,
        enclave_id=enclave.id,
        name=f"示例企业{enclave.code}-{year}-{number:02}",
        moved_in_on=moved,
        moved_out_on=left,
        area_m2=Decimal(rng.randint(8, 90) * 10),
        is_technology=chance(rng, 70),
        is_above_scale=chance(rng, 12),
    )
