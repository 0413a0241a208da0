"""An enclave whose contract begins on 1 July: what is due and what it is measured by are both a
half year's, so that whoever pays all of it has all the points."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.year.rulebooks.sheets import award, changed, scored
from tests.year.rulebooks.test_2024_facts import INCOME
from tests.year.rulebooks.test_2025 import PERFECT
from tracker.engine.scoring import Scorecard

DEVELOPMENT = "development-enclave.toml"
HALF = {
    "returns__due": "502.73",  # 10,000 万元 at 10 % for 184 of 366 days
    "rate__agreed": "0.1",
    "contract__year_share": "0.50273224",
    "villages__listed": "100",
    "target__villages__listed": "100",
    "villages__paid": "100",
    "goal__per_village": "0",
}


def card_of_year(year: int, file: str, **changes: str) -> Scorecard:
    facts = PERFECT[file] if file == DEVELOPMENT else INCOME
    return scored(year, file, changed(facts, changes)).scorecards[0]


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_half_a_year_paid_in_full_has_all_the_points(year: int) -> None:
    found = card_of_year(year, "income-enclave.toml", **HALF, returns__paid="502.73")
    # 5.03 万元 a village are more than a half of the 5 of a whole year.
    assert [award(found, code) for code in ("3", "4", "6")] == [25, 15, 10]


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_half_of_it_has_half_the_points(year: int) -> None:
    found = card_of_year(year, "income-enclave.toml", **HALF, returns__paid="251.365")
    assert [award(found, code) for code in ("3", "4")] == [Decimal("12.5"), Decimal("7.5")]


def test_a_development_enclave_is_measured_alike() -> None:
    half = {name: HALF[name] for name in HALF if name not in ("rate__agreed", "villages__paid")}
    del half["target__villages__listed"]
    found = card_of_year(2025, DEVELOPMENT, **half, returns__paid="251.365")
    assert award(found, "5") == Decimal("7.5")
    assert award(found, "6") == 10  # 2.51 of 2.51 万元 a village
    issued = half | {"goal__per_village": "5"}
    found = card_of_year(2025, DEVELOPMENT, **issued, returns__paid="251.365")
    assert award(found, "6") == Decimal("5.03"), "an issued goal is that of the year as it is"


RULEBOOKS = Path(__file__).parents[3] / "data" / "rulebooks"


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("20*/*enclave.toml")), ids=str)
def test_shipped_rulebooks_say_so(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    yields = "returns.paid / capital.base" in text or "returns.paid / villages.listed" in text
    assert yields == ("contract.year_share" in text) == ("当年合同期不满一年的" in text)
