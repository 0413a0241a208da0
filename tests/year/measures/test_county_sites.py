"""A county's parks and the enclaves inside mountain counties."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests import factories as make
from tests.year.measures.county_facts import AFTER, BEFORE, FIRST, LAST, Pair, fact, pair, value
from tracker.records.enclaves.models import Direction
from tracker.records.parks.models import ParkKind
from tracker.year.measures.collect import Fact


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


@pytest.mark.parametrize(
    ("dates", "count"),
    [
        ({}, "1"),
        ({"signed_on": LAST}, "1"),
        ({"signed_on": AFTER}, "0"),
        ({"signed_on": BEFORE, "approved_on": LAST}, "1"),
        ({"signed_on": BEFORE, "approved_on": AFTER}, "0"),
        ({"closed_on": LAST}, "0"),
        ({"closed_on": AFTER}, "1"),
    ],
)
def test_parks_that_run_at_the_years_end(here: Pair, dates: dict, count: str) -> None:
    park = make.park(here.supporter, here.county, **dates)
    make.park(here.supporter, here.county, ParkKind.COOPERATION)
    expected = f"parks:{park.id}" if count == "1" else f"regions:{here.county.id}"
    assert fact(here.county, "parks.count") == Fact(count, (expected,))
    assert value(here.supporter, "parks.count") == "0"


def test_both_kinds_of_joint_park_count(here: Pair) -> None:
    make.park(here.supporter, here.county, ParkKind.INDUSTRIAL)
    make.park(here.elsewhere, here.county, ParkKind.TOURISM)
    assert value(here.county, "parks.count") == "2"


def test_a_park_that_first_passes_ten_billion_counts_for_both_sides(here: Pair) -> None:
    name = "parks.hundred_yi_first"
    park = make.park(here.supporter, here.county, ten_billion_on=LAST)
    make.park(here.supporter, here.county, ten_billion_on=BEFORE)
    make.park(here.supporter, here.county, ten_billion_on=AFTER)
    make.park(here.supporter, here.county, ParkKind.COOPERATION, ten_billion_on=FIRST)
    make.park(here.supporter, here.county)
    for place in (here.county, here.supporter):
        assert fact(place, name) == Fact("1", (f"parks:{park.id}",))


def test_inbound_enclaves_opened_in_the_year_count_for_both_sides(here: Pair) -> None:
    name, inbound = "enclaves.inbound_opened", {"direction": Direction.INBOUND}
    opened = make.enclave(here.supporter, here.county, in_use_on=date(2024, 12, 31), **inbound)
    make.enclave(here.supporter, here.county, in_use_on=BEFORE, **inbound)
    make.enclave(here.supporter, here.county, in_use_on=AFTER, **inbound)
    make.enclave(here.supporter, here.county, **inbound)
    make.enclave(here.county, here.supporter, in_use_on=FIRST)
    for place in (here.county, here.supporter):
        assert fact(place, name) == Fact("1", (f"enclaves:{opened.id}",))
