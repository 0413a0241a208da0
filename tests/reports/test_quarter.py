"""季度报送表: only what is dated within the quarter, or the year to its end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as act
from tests.factories import wan
from tracker.exchanges.models import Side
from tracker.ledger.models import EntryKind
from tracker.reports.forms_model import QuarterForm
from tracker.reports.forms_quarter import Quarter, quarter_form

FEBRUARY, MAY, AUGUST = date(2024, 2, 10), date(2024, 5, 10), date(2024, 8, 10)


@pytest.fixture
def places(app: Flask):
    return make.zhejiang()


def form(places, number: int) -> QuarterForm:
    return quarter_form(places["缙云县"], Quarter(2024, number), datetime(2025, 1, 2, tzinfo=UTC))


def test_what_was_signed_after_the_quarter_is_not_on_it(places) -> None:
    county, strong = places["缙云县"], places["富阳区"]
    make.project(county, name="二月签约", signed_on=FEBRUARY)
    make.project(county, name="八月签约", signed_on=AUGUST)
    make.project(county, name="没有日期")
    make.project(county, name="只报开工", started_on=AUGUST)
    make.project(county, name="预付", signed_on=AUGUST)
    prepaid = make.project(county, name="先到位", signed_on=AUGUST)
    make.entry(prepaid, EntryKind.FUNDS_IN_PLACE, wan(5), MAY)
    make.enclave(county, strong, code="FD-2", name="二月飞地", signed_on=FEBRUARY)
    make.enclave(county, strong, code="FD-8", name="八月飞地", signed_on=AUGUST)
    make.park(county, strong, name="二月园", signed_on=FEBRUARY)
    make.park(county, strong, name="八月园", signed_on=None, approved_on=AUGUST)
    second, third = form(places, 2), form(places, 3)
    assert {p.name for p in second.projects} == {"二月签约", "没有日期", "先到位"}
    assert {p.name for p in third.projects} == {
        *(p.name for p in second.projects),
        "八月签约",
        "只报开工",
        "预付",
    }
    assert [e.name for e in second.enclaves] == ["二月飞地"]
    assert [e.name for e in third.enclaves] == ["二月飞地", "八月飞地"]
    assert [p.name for p in second.parks] == ["二月园"]
    assert {p.name for p in third.parks} == {"二月园", "八月园"}


def test_a_stage_reached_after_the_quarter_is_not_told(places) -> None:
    make.project(places["缙云县"], signed_on=FEBRUARY, started_on=AUGUST, in_production_on=AUGUST)
    (then,), (now,) = form(places, 2).projects, form(places, 3).projects
    assert (then.signed_on, then.started_on, then.in_production_on) == (FEBRUARY, None, None)
    assert (now.started_on, now.in_production_on) == (AUGUST, AUGUST)


def test_every_figure_is_of_the_quarter_and_of_the_year_to_its_end(places) -> None:
    pairing = make.pairing(places["富阳区"], places["缙云县"])
    project = make.project(places["缙云县"], signed_on=date(2023, 2, 1))
    days = (date(2023, 12, 31), FEBRUARY, MAY, AUGUST)
    for amount, day in enumerate(days, 1):
        make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(amount), day)
        make.entry(pairing, EntryKind.AID_RECEIVED, wan(amount), day)
        act.visit(pairing, day, Side.SUPPORTER)
    found = form(places, 2)
    for flow in (found.projects[0].funds, found.aid[0].received):
        assert (flow.quarter.value, flow.year.value) == (wan(3), wan(5))
    (visits,) = [line for line in found.exchanges if line.label == "高层互访"]
    assert (visits.quarter, visits.year) == (1, 2)
