"""The tasks of 2025, pair by pair of a 工业大县 and a 山区海岛县."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tests.year.measures.county_facts import Pair, fact, filed, pair, value
from tracker.records.parks.models import ParkKind
from tracker.records.places.models import IndustrialListing
from tracker.records.projects.models import ProjectCategory

YEAR = (
    2024  # the definitions do not ask for the year; the sheets of 2025 are the first to read them
)
DAY = date(YEAR, 5, 1)


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


def _listed(here: Pair, **dates) -> None:
    make.listing(here.county)
    make.add(IndustrialListing(region=here.supporter, **dates))


def _projects(here: Pair, number: int, **fields) -> list:
    made = {"category": ProjectCategory.INDUSTRY, "in_scope": True, "signed_on": DAY}
    made |= {"pairing": here.pairing, "is_chain": True, **fields}
    return [make.project(here.county, **made) for _ in range(number)]


def test_a_pair_counts_while_both_sides_are_on_their_lists(here: Pair) -> None:
    for name in ("goal.chain_pairs", "chain.projects", "chain.large_pairs", "chain.park_pairs"):
        assert value(here.county, name) == "0", "nothing is asked of a county without such a pair"
    _listed(here, joined_on=date(YEAR, 12, 31))
    assert value(here.county, "goal.chain_pairs") == "1"
    assert value(here.supporter, "goal.chain_pairs") == "1"
    assert value(here.county, "goal.chain_pairs", YEAR - 1) == "0"
    make.pairing(here.elsewhere, here.county)
    assert value(here.county, "goal.chain_pairs") == "1", "the other is not on the list"


def test_no_pair_makes_up_for_another(here: Pair) -> None:
    _listed(here)
    make.add(IndustrialListing(region=here.elsewhere))
    second = make.pairing(here.elsewhere, here.county)
    for place in (here.county, here.supporter, here.elsewhere):
        filed(place, year=YEAR)
    _projects(here, 12)
    _projects(here, 3, pairing=second)
    _projects(here, 2, is_chain=False)
    assert value(here.county, "goal.chain_pairs") == "2"
    found = fact(here.county, "chain.projects")
    assert (found.value, len(found.records)) == ("13", 13)
    full = [why for ref, why in found.uncounted if ref.startswith("projects")]
    assert full == ["该对已计满 10 个"] * 2
    assert value(here.supporter, "chain.projects") == "10"
    assert value(here.elsewhere, "chain.projects") == "3"


def test_pairs_with_a_large_project_and_with_a_park_of_the_year(here: Pair) -> None:
    _listed(here)
    filed(here.county, year=YEAR)
    small = _projects(here, 1, total_investment=wan(9_999))[0]
    assert value(here.county, "chain.large_pairs") == "0"
    large = _projects(here, 2, total_investment=wan(10_000))
    found = fact(here.county, "chain.large_pairs")
    assert (found.value, found.records) == ("1", (f"projects:{large[0].id}",))
    others = {ref: why for ref, why in found.uncounted if ref.startswith("projects")}
    assert others == {
        f"projects:{small.id}": "计划总投资 9,999 万元，不足 10,000 万元",
        f"projects:{large[1].id}": "该对已有亿元以上项目",
    }
    old = date(YEAR - 1, 12, 31)
    make.park(here.supporter, here.county, ParkKind.COOPERATION, approved_on=old)
    assert value(here.county, "chain.park_pairs") == "0"
    make.park(here.supporter, here.county, ParkKind.COOPERATION, approved_on=DAY)
    assert (
        value(here.county, "chain.park_pairs") == value(here.supporter, "chain.park_pairs") == "1"
    )
