"""Visits, meetings and reports on time, for both sides of a pairing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask

from tests import factories as make
from tests.factories_acts import file, filing, joint_meeting, visit
from tests.year.measures.county_facts import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    YEAR,
    Pair,
    fact,
    pair,
    value,
)
from tracker.records.exchanges.models import Side
from tracker.records.submissions.models import FilingKind
from tracker.year.measures.collect import Fact


@pytest.fixture
def here(app: Flask) -> Pair:
    return pair()


def test_visits_and_meetings_of_a_day_count_once_for_both_sides(here: Pair) -> None:
    second = make.pairing(here.elsewhere, here.county)
    visited = visit(here.pairing, FIRST)
    met = joint_meeting(here.pairing, FIRST)
    together = visit(second, FIRST, Side.RECIPIENT)
    later = joint_meeting(second, LAST)
    visit(here.pairing, BEFORE)
    joint_meeting(here.pairing, AFTER)
    found = fact(here.county, "exchanges.visits")
    assert found.value == "2"
    assert found.records == (f"visits:{visited.id}", f"joint_meetings:{later.id}")
    same = (f"visits:{together.id}", f"joint_meetings:{met.id}")
    assert found.alike == same
    assert found.uncounted == tuple((one, "与已计入的在同一天") for one in same)
    assert value(here.supporter, "exchanges.visits") == "1"
    assert value(here.elsewhere, "exchanges.visits") == "2"


def test_a_joint_meeting_in_the_year(here: Pair) -> None:
    visit(here.pairing, FIRST)
    joint_meeting(here.pairing, BEFORE)
    assert value(here.county, "exchanges.joint_meeting") is None
    met = joint_meeting(here.pairing, LAST)
    expected = Fact("1", (f"joint_meetings:{met.id}",))
    assert fact(here.county, "exchanges.joint_meeting") == expected
    assert fact(here.supporter, "exchanges.joint_meeting") == expected
    # The reason speaks of the answer as cards show it: 是, not 1.
    again = joint_meeting(here.pairing, LAST)
    (left_out,) = fact(here.county, "exchanges.joint_meeting").uncounted
    assert left_out == (f"joint_meetings:{again.id}", "召开一次即为“是”，已有一次")


def test_records_of_a_pairing_that_ended_before_the_year_are_not_the_years(here: Pair) -> None:
    over = make.pairing(here.elsewhere, here.county, until=BEFORE)
    visit(over, date(2024, 5, 1))
    assert value(here.county, "exchanges.visits") is None
    over.until = FIRST
    assert value(here.county, "exchanges.visits") == "1"


@pytest.mark.parametrize("kind", [kind for kind in FilingKind if kind is not FilingKind.ANNUAL])
def test_on_time_by_the_calendar_of_china(here: Pair, kind: FilingKind) -> None:
    name, county = f"reports.{kind.value}", here.county
    report = filing(county, YEAR, kind, due_on=date(2024, 4, 10))
    assert fact(county, name) == Fact("0", (f"filings:{report.id}",))
    # 10 April 23:59 and 11 April 00:00 in China.
    file(report, datetime(2024, 4, 10, 15, 59, tzinfo=UTC))
    assert value(county, name) == "1"
    file(report, datetime(2024, 4, 10, 16, 0, tzinfo=UTC))
    assert value(county, name) == "0"
    assert value(county, name, YEAR + 1) is None
    assert value(here.supporter, name) is None


def test_a_report_that_is_not_due_yet_is_not_late(here: Pair) -> None:
    due = date(2025, 1, 10)
    filing(here.county, YEAR, FilingKind.Q4, due_on=due)
    with time_machine.travel(datetime(2025, 1, 10, 15, 59, tzinfo=UTC)):
        reason = f"第四季度季报尚未报送，期限为{due}"
        assert fact(here.county, "reports.q4") == Fact(None, reason=reason)
    with time_machine.travel(datetime(2025, 1, 12, 4, tzinfo=UTC)):
        assert value(here.county, "reports.q4") == "0"
