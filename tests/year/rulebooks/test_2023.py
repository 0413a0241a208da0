"""The rulebooks of 2023: those of 2024, but for what did not exist yet; worked checks again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.year.rulebooks.sheets import FILES, award, book, changed, scored
from tests.year.rulebooks.test_2024_facts import (
    INCOME,
    PARK_INDUSTRIAL,
    PERFECT,
    RECIPIENT,
)
from tracker.engine.scoring import diff_rulebooks

YEAR_ONLY = ["考核年度由「2023」改为「2024」"]


@pytest.mark.parametrize("file", PERFECT)
def test_a_perfect_subject_has_full_marks(file: str) -> None:
    found = scored(2023, file, PERFECT[file]).scorecards[0]
    assert (found.total, found.grade, found.complete) == (100, "优秀", True)


@pytest.mark.parametrize("file", PERFECT)
def test_what_differs_from_2024(file: str) -> None:
    """Only the bonus for enclaves inside the county: the 发展飞地 was not yet a kind."""
    changes = diff_rulebooks(book(2023, file), book(2024, file))
    assert changes[:1] == YEAR_ONLY
    lines = [change.partition("：")[0] for change in changes[1:]]
    assert lines == (["指标 J1「域内飞地」"] if "county" in file else [])
    assert FILES[2023] == FILES[2024]


def test_a_county_without_an_industrial_enclave_loses_the_points() -> None:
    facts = changed(RECIPIENT, {"enclaves.industrial": "0", "score.enclave.industrial": None})
    assert scored(2023, "recipient-county.toml", facts).scorecards[0].total == 92


@pytest.mark.parametrize(
    ("due", "points"),
    [("595.07", "25"), ("596.72", "24.93")],  # 181 of 365 days, and 182 of 366 of 2024
)
def test_the_window_that_ends_in_june(due: str, points: str) -> None:
    facts = {**INCOME, "returns.paid": "595.07", "returns.due": due}
    found = scored(2023, "income-enclave.toml", facts).scorecards[0]
    assert award(found, "3") == Decimal(points)


def test_the_forecast_of_qingyuan() -> None:
    facts = {**INCOME, "returns.paid": "2200", "capital.base": "22800"}
    found = scored(2023, "income-enclave.toml", facts).scorecards[0]
    assert award(found, "4") == Decimal("14.47")


@pytest.mark.parametrize(("output", "points"), [("161000", 20), ("100000", 16), ("88000", 14)])
def test_growth_of_output(output: str, points: int) -> None:
    facts = {**PARK_INDUSTRIAL, "park.industrial_output": output}
    found = scored(2023, "park-industrial.toml", facts).scorecards[0]
    assert award(found, "3") == points
