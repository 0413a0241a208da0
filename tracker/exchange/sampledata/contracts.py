"""What binds the two sides of an enclave: agreement, documents, tax splits, space, return terms,
capital paid in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tracker.core.quantities.days import last_day
from tracker.exchange.sampledata.draw import chance, percent, stream, whole
from tracker.exchange.sampledata.plans import SitePlan, site_plan
from tracker.exchange.sampledata.rows import moment
from tracker.exchange.sampledata.scene import Scene
from tracker.records.enclaves.agreements import (
    AgreementDocument,
    DocumentKind,
    EnclaveAgreement,
    EnclaveSpace,
    SpaceKind,
    SpaceStep,
    TaxSplit,
)
from tracker.records.enclaves.models import CapitalBase, Enclave, EnclaveKind, ReturnTerm, TermKind
from tracker.records.ledger.models import EntryKind, LedgerEntry

FIRST = date(2018, 1, 2)
SHARING_KINDS = (EnclaveKind.INCOME, EnclaveKind.DEVELOPMENT)


def invent_contracts(scene: Scene) -> None:
    """For every enclave whose kind is known, also the public ones."""
    for enclave in scene.enclaves:
        plan = site_plan(scene.seed, enclave)
        _agreement(scene, enclave, plan)
        _space(scene, enclave, plan)
        if enclave.kind in SHARING_KINDS:
            if not enclave.return_terms:
                _terms(scene, enclave, plan)
            _capital(scene, enclave, plan)
    scene.rows.write()


def _agreement(scene: Scene, enclave: Enclave, plan: SitePlan) -> None:
    rng = stream(scene.seed, "agreement", enclave.code)
    signed = enclave.signed_on or FIRST
    complete = not scene.is_adverse(enclave)
    agreement = scene.rows.add(
        EnclaveAgreement,
        signed,
        enclave_id=enclave.id,
        building_mode="飞入地供地、双方共同出资、合资公司开发运营（示例）",
        duties="飞出地负责招引企业和人才，飞入地负责配套和审批（示例）" if complete else "",
        starts_on=signed,
        ends_on=signed.replace(year=signed.year + 20, day=1) if complete else None,
        origin_cost_share=Decimal("0.6"),
        host_cost_share=Decimal("0.4"),
        operator="示例运营公司" if complete or enclave.kind in SHARING_KINDS else "",
        full_time_staff=rng.randint(2, 9) if complete else 0,
    )
    scene.rows.add(
        TaxSplit,
        signed,
        agreement_id=agreement,
        from_year=signed.year,
        to_year=None,
        origin_share=plan.origin_share,
        host_share=1 - plan.origin_share,
        confirmed_at=moment(signed),
    )
    kinds = (DocumentKind.AGREEMENT, DocumentKind.PLAN) if complete else (DocumentKind.AGREEMENT,)
    for kind in kinds:
        scene.rows.add(
            AgreementDocument,
            signed,
            agreement_id=agreement,
            kind=kind,
            title=f"{enclave.name}{kind.label}（示例）",
            number=f"示例〔{signed.year}〕{rng.randint(1, 60)}号",
            signed_on=signed,
        )


def _space(scene: Scene, enclave: Enclave, plan: SitePlan) -> None:
    """A half handed over before 2023 where the enclave was there by then, the rest bit by bit."""
    rng = stream(scene.seed, "space", enclave.code)
    of_land = enclave.kind in (EnclaveKind.INDUSTRIAL, EnclaveKind.DEVELOPMENT)
    kind, whole_space = (
        (SpaceKind.LAND, plan.land_mu) if of_land else (SpaceKind.FLOOR, plan.floor_m2)
    )
    begins = max(enclave.signed_on or FIRST, FIRST)
    years = [year for year in (begins.year, 2023, 2024, 2025) if year >= begins.year]
    years = sorted(set(years))
    part = whole(whole_space / len(years)) if whole_space >= len(years) else whole_space
    for number, year in enumerate(years):
        last = part if number else whole_space - part * (len(years) - 1)
        agreed = begins if year == begins.year else date(year, 1, 10)
        scene.rows.add(
            EnclaveSpace,
            agreed,
            enclave_id=enclave.id,
            kind=kind,
            step=SpaceStep.AGREED,
            quantity=last,
            on=agreed,
            due_on=last_day(year),
            confirmed_at=moment(agreed),
        )
        handed = whole(last * percent(rng, 62, 100)) if number else last
        if scene.is_adverse(enclave) and number:
            handed = whole(handed / 2)
        if handed > 0:
            scene.rows.add(
                EnclaveSpace,
                max(agreed, date(year, 11, 15)),
                enclave_id=enclave.id,
                kind=kind,
                step=SpaceStep.DELIVERED,
                quantity=handed,
                on=max(agreed, date(year, 11, 15)),
            )


def _terms(scene: Scene, enclave: Enclave, plan: SitePlan) -> None:
    """A rate with a window that ends and a share of rent after it, a fixed sum, or a guaranteed
    minimum beside a share of rent."""
    rng = stream(scene.seed, "terms", enclave.code)
    starts = enclave.in_use_on or enclave.signed_on or FIRST
    rate = percent(rng, 6, 10)
    sort = rng.randint(1, 3)
    terms: list[dict] = []
    rent = {"kind": TermKind.RENT_SHARE, "rate": percent(rng, 60, 90)}
    if sort == 1 and enclave.total_capital is not None:
        ends = date(rng.choice((2023, 2024, 2025, 2026)), rng.choice((6, 9)), 30)
        rated = {
            "kind": TermKind.RATE_ON_CAPITAL,
            "rate": rate,
            "capital_base": CapitalBase.TOTAL,
            "starts_on": min(starts, ends),
            "ends_on": ends,
        }
        terms = [rated, rent | {"starts_on": ends + timedelta(days=1)}]
    elif sort == 2:
        minimum = whole(plan.capital * rate * percent(rng, 50, 80))
        terms = [
            {"kind": TermKind.GUARANTEED_MINIMUM, "amount": minimum, "starts_on": starts},
            rent | {"starts_on": starts},
        ]
    else:
        fixed = whole(plan.capital * rate)
        terms = [{"kind": TermKind.FIXED_SUM, "amount": fixed, "starts_on": starts}]
    for term in terms:
        scene.rows.add(
            ReturnTerm,
            starts,
            enclave_id=enclave.id,
            note="示例约定",
            confirmed_at=moment(starts),
            **term,
        )


def _capital(scene: Scene, enclave: Enclave, plan: SitePlan) -> None:
    rng = stream(scene.seed, "capital", enclave.code)
    on = enclave.started_on or enclave.signed_on or FIRST
    in_full = chance(rng, 75) and not scene.is_adverse(enclave)
    paid = plan.capital if in_full else whole(plan.capital * percent(rng, 80, 96))
    first = whole(paid / 2)
    for amount, when in ((first, on), (paid - first, on + timedelta(days=60))):
        scene.rows.add(
            LedgerEntry,
            when,
            enclave_id=enclave.id,
            kind=EntryKind.CAPITAL_PAID,
            amount=amount,
            occurred_on=when,
            voucher="示例凭证",
            note="示例数据",
        )
