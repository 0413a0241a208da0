"""How large an enclave or a park is: what its record says, else a drawn figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.exchange.sampledata.draw import stream, wan
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.parks.models import Park, ParkKind

KINDS_SHORT = {
    EnclaveKind.INDUSTRIAL: "CY",
    EnclaveKind.INNOVATION: "KC",
    EnclaveKind.INCOME: "XB",
    EnclaveKind.DEVELOPMENT: "FZ",
}


@dataclass(frozen=True)
class SitePlan:
    """The size of an enclave: 亩, m², 元, villages, and its yearly output at the start (万元)."""

    land_mu: Decimal
    floor_m2: Decimal
    capital: Decimal
    villages: int
    output: int
    origin_share: Decimal
    begins: date


def site_plan(seed: int, enclave: Enclave) -> SitePlan:
    """The plan of `enclave`; the same for every year of one seed."""
    return drawn_plan(
        seed,
        enclave.code,
        land_mu=enclave.area_mu,
        floor_m2=enclave.floor_m2,
        capital=enclave.total_capital,
        villages=enclave.villages,
        begins=enclave.in_use_on or enclave.signed_on,
    )


def drawn_plan(seed: int, code: str, **known: object) -> SitePlan:
    """A plan by `code`; what is `known` and not None takes the place of what is drawn."""
    rng = stream(seed, "site plan", code)
    drawn = {
        "land_mu": Decimal(rng.randint(1500, 2600)),
        "floor_m2": Decimal(rng.randint(60, 360) * 100),
        "capital": wan(rng, 6000, 16000),
        "villages": rng.randint(18, 48),
        "output": rng.randint(9_000, 70_000),
        "origin_share": Decimal(rng.choice(("0.4", "0.5", "0.6", "0.7"))),
        "begins": date(2018, rng.randint(1, 12), 1),
    }
    plan: dict[str, Any] = drawn | {
        name: value for name, value in known.items() if value is not None
    }
    return SitePlan(**plan)


@dataclass(frozen=True)
class ParkPlan:
    """The size of a park (亩) and its 2019 output, revenue (万元), visitors, incomes (元)."""

    land_mu: Decimal
    output: int
    visitors: int
    revenue: int
    income: int


def park_plan(seed: int, park: Park) -> ParkPlan:
    """The plan of `park`; the same for every year of one seed."""
    rng = stream(seed, "park plan", park.code)
    industrial = park.kind is ParkKind.INDUSTRIAL
    land = Decimal(rng.randint(3000, 7500) if industrial else rng.randint(2500, 6000))
    return ParkPlan(
        land_mu=park.area_mu or land,
        output=rng.randint(150_000, 620_000),
        visitors=rng.randint(250_000, 1_600_000),
        revenue=rng.randint(4_000, 26_000),
        income=rng.randint(22_000, 29_000),
    )
