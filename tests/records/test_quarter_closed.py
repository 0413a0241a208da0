"""The grid and what is signed of it: noughts on paper, what is to come, what is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.records.test_quarters import DONE, FUNDS, World
from tests.records.test_quarters import world as world_of
from tracker.core.db import db
from tracker.core.quantities.figure import yuan
from tracker.papers.quarter.build import Quarter, quarter_form
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item, not_possible
from tracker.records.places.models import Region
from tracker.records.quarters import posting, service
from tracker.records.quarters.drafts import drafts_of
from tracker.records.quarters.models import QuarterCell
from tracker.records.quarters.queries import due
from tracker.records.submissions import service as submissions
from tracker.records.submissions.checking import Asked
from tracker.records.submissions.models import FilingAct, FilingKind, FilingState
from tracker.site.checks import grid
from tracker.site.filing_lists import given_back
from tracker.site.work_lists import filings_due

PRINTED = datetime(2024, 10, 8, tzinfo=UTC)


world = world_of  # the fixture


def post(world: World) -> None:
    sheet = world.sheet()
    posting.post(world.user, sheet, "已核对")


def line(world: World, quarter: int = 3):
    form = quarter_form(world.place, Quarter(2024, quarter), PRINTED)
    return next(each for each in form.projects if each.name == "智能装备")


def test_a_nought_that_was_stated_is_no_gap_on_the_paper(world: World):
    assert line(world).funds.quarter is None
    world.type(world.project, FUNDS, "0")
    assert line(world).funds.quarter is None, "a draft counts nowhere"
    post(world)
    assert line(world).funds.quarter == yuan(make.wan(0))
    # Of the quarters before nobody has said anything.
    assert line(world).funds.year is None
    assert line(world).completed.quarter is None
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(5), date(2024, 2, 1))
    assert line(world).funds.year == yuan(make.wan(5))
    assert line(world).funds.quarter == yuan(make.wan(0))


def test_a_year_is_nought_where_each_of_its_quarters_was(world: World):
    for quarter in (1, 2):
        address = world.address(world.project, DONE)
        sheet = due(world.place, 2024, quarter)
        world_typed = {"typed": "0", "value": make.wan(0), "posted_at": make.SUBMITTED}
        assert address in sheet.cells
        acts.quarter_cell(world.project, world.user, quarter=quarter, field=DONE, **world_typed)
    assert line(world, 2).completed.year == yuan(make.wan(0))
    assert line(world, 3).completed.year is None


def test_a_quarter_that_has_not_begun_is_not_filled_in(world: World):
    with time_machine.travel(datetime(2024, 6, 30, 15, 59, tzinfo=UTC), tick=False):
        assert "从 2024-07-01 开始" in world.sheet().blocked
    with time_machine.travel(datetime(2024, 6, 30, 16, tzinfo=UTC), tick=False):
        assert world.sheet().blocked == ""


def test_where_nothing_changes_what_is_on_record_stands_in_the_cell(world: World):
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(7), date(2024, 8, 1))
    world.type(world.project, FUNDS, "17.5")
    assert world.cell(world.project, FUNDS).now == make.wan("17.5")
    acts.filing(world.place, kind=FilingKind.Q3, state=FilingState.LOCKED, filed_at=make.SUBMITTED)
    assert world.cell(world.project, FUNDS).now == make.wan(7)
    assert world.cell(world.project, FUNDS).text() == "7"
    # What was typed is kept for when it is opened again.
    assert db.session.scalars(select(QuarterCell.typed)).one() == "17.5"


def test_what_was_left_in_a_quarter_that_closed_again_is_seen_and_resolved(world: World):
    make.entry(world.project, EntryKind.FUNDS_IN_PLACE, make.wan(7), date(2024, 8, 1))
    make.operating_figure(world.enclave, quarter=3)
    locked = {"state": FilingState.LOCKED, "filed_at": make.SUBMITTED}
    acts.filing(world.place, kind=FilingKind.Q3, reopened_until=date(2999, 1, 1), **locked)
    annual = acts.filing(world.place, kind=FilingKind.ANNUAL, state=FilingState.ENTERING)
    world.type(world.project, FUNDS, "17.5")
    assert world.sheet().left == []
    filing = world.sheet().filing
    filing.reopened_until = None
    (cell,) = world.sheet().left
    assert (cell.address, cell.left.typed) == (world.address(world.project, FUNDS), "17.5")
    (fault,) = grid.cells_drafted(Asked.of(annual))
    assert "第三季度填报表的到位资金有草稿“17.5”" in fault.words
    assert fault.values["_anchor"] == f"cell:{cell.address}"
    leader = make.user(Role.LEADER, world.place)
    assert "没有登记" in submissions.why_not(leader, annual, FilingAct.APPROVED)
    with pytest.raises(service.NotTheirsError):
        service.discard(make.user(Role.STAFF, world.place.parent), world.sheet())
    assert service.discard(world.user, world.sheet()) == 1
    assert world.sheet().left == []
    assert world.cell(world.project, FUNDS).now == make.wan(7)
    assert list(grid.cells_drafted(Asked.of(annual))) == []
    assert "没有登记" not in submissions.why_not(leader, annual, FilingAct.APPROVED)


def test_a_draft_of_an_enclave_that_files_for_itself_stands_against_its_own_filing(world: World):
    county = acts.filing(world.place, kind=FilingKind.Q3)
    own = acts.filing(world.enclave, kind=FilingKind.Q3)
    world.type(world.enclave, "figure.output", "5")
    assert [len(drafts_of(each)) for each in (county, own)] == [0, 1]
    own.kind = FilingKind.Q2  # and nothing of the third quarter
    db.session.flush()
    assert len(drafts_of(county)) == 1


def test_the_leader_approves_no_cell_that_is_not_posted(world: World):
    leader = make.user(Role.LEADER, world.place)
    filing = acts.filing(world.place, kind=FilingKind.Q3, state=FilingState.ENTERING)
    make.operating_figure(world.enclave, quarter=3)
    assert submissions.why_not(leader, filing, FilingAct.APPROVED) == ""
    world.type(world.project, FUNDS, "3")
    assert "没有登记" in submissions.why_not(leader, filing, FilingAct.APPROVED)


def test_a_period_is_locked_once_it_is_over(world: World):
    assessor = make.user(Role.ASSESSOR, world.place.parent.parent)
    filing = acts.filing(
        world.place, kind=FilingKind.Q3, state=FilingState.REVIEWED, filed_at=make.SUBMITTED
    )
    with time_machine.travel(datetime(2024, 9, 30, 8, tzinfo=UTC), tick=False):
        said = submissions.why_not(assessor, filing, FilingAct.LOCKED)
        assert "期间到 2024-09-30 才结束" in said
    with time_machine.travel(datetime(2024, 9, 30, 16, tzinfo=UTC), tick=False):
        assert submissions.why_not(assessor, filing, FilingAct.LOCKED) == ""


@pytest.mark.parametrize(
    ("item", "value", "says"),
    [
        (Item.SENIOR_TALENTS, "12.5", "请填写整数"),
        (Item.SENIOR_TALENTS, "12", ""),
        (Item.INCUBATED_PROJECTS, "2.5", "请填写整数"),
        (Item.ABOVE_SCALE_FIRMS, "0.1", "请填写整数"),
        (Item.OCCUPANCY_RATE, "100.01", "不能大于 100"),
        (Item.OCCUPANCY_RATE, "99.5", ""),
        (Item.OUTPUT, "1.5", ""),
    ],
)
def test_a_figure_that_cannot_be_is_refused(item: Item, value: str, says: str):
    said = not_possible(item, Decimal(value))
    assert (says in said) if says else (said == "")


def test_a_cell_says_what_cannot_be(world: World):
    make.operating_figure(world.enclave, Item.SENIOR_TALENTS, 3, quarter=2)
    world.type(world.enclave, f"figure.{Item.SENIOR_TALENTS.value}", "12.5")
    assert "请填写整数" in world.cell(world.enclave, f"figure.{Item.SENIOR_TALENTS.value}").fault


def test_what_was_given_back_is_at_home_long_before_its_last_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    for module in ("work_lists", "filing_lists"):
        monkeypatch.setattr(f"tracker.site.{module}.way", lambda *_of, **_at: "")
    place = make.zhejiang()["缙云县"]
    regions = select(Region.id).where(Region.id == place.id)
    far, filed = date(2031, 4, 10), datetime(2031, 3, 1, tzinfo=UTC)
    with app.test_request_context():
        made = acts.filing(place, 2030, FilingKind.Q4, due_on=far)
        assert filings_due(regions).total == 0
        made.filed_at, made.state = filed, FilingState.RETURNED
        db.session.flush()
        assert (filings_due(regions).total, given_back(regions).total) == (0, 1)
        made.state = FilingState.ENTERING
        db.session.flush()
        assert given_back(regions).rows[0].state == "现在是“填报中”"
        (row,) = filings_due(regions, by_county=True).rows
        assert row.state == "填报中，第一次于 2031-03-01 报送（按时）"
