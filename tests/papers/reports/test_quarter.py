"""季度报送表: only what is dated within the quarter, or the year to its end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests import factories_acts as act
from tests.factories import wan
from tests.papers.reports.reading import body
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import quarter_of
from tracker.papers.quarter.build import Quarter, quarter_form
from tracker.papers.quarter.model import QuarterForm
from tracker.papers.quarter.pdf import quarter_pdf
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import TermKind
from tracker.records.exchanges.models import Side
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import EntryKind
from tracker.records.quarters.models import QuarterCell
from tracker.records.submissions.models import FilingKind, FilingState

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
    make.project(county, name="早有意向", planned_on=FEBRUARY, signed_on=AUGUST)
    make.project(county, name="尚在洽谈", negotiated_on=FEBRUARY)
    prepaid = make.project(county, name="先到位", signed_on=AUGUST)
    make.entry(prepaid, EntryKind.FUNDS_IN_PLACE, wan(5), MAY)
    make.enclave(county, strong, code="FD-2", name="二月飞地", signed_on=FEBRUARY)
    make.enclave(county, strong, code="FD-8", name="八月飞地", signed_on=AUGUST)
    make.park(county, strong, name="二月园", signed_on=FEBRUARY)
    make.park(county, strong, name="八月园", signed_on=None, approved_on=AUGUST)
    second, third = form(places, 2), form(places, 3)
    assert {p.name for p in second.projects} == {"二月签约", "没有日期", "先到位", "尚在洽谈"}
    assert {p.name for p in third.projects} == {
        *(p.name for p in second.projects),
        "八月签约",
        "只报开工",
        "早有意向",
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
    assert (visits.quarter.value, visits.year.value) == (1, 2)


def test_the_first_and_the_last_day_belong_to_the_quarter(places) -> None:
    project = make.project(places["缙云县"], signed_on=date(2024, 6, 30))
    days = (date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1))
    for amount, day in zip((1, 10, 100, 1000), days, strict=True):
        make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(amount), day)
    flows = [form(places, number).projects[0].funds for number in (1, 2, 3)]
    assert [flow.quarter.value for flow in flows] == [wan(1), wan(110), wan(1000)]
    assert [flow.year.value for flow in flows] == [wan(1), wan(111), wan(1111)]
    signed = [form(places, number).projects[0].signed_on for number in (1, 2)]
    assert signed == [None, date(2024, 6, 30)]


def test_what_was_reversed_is_in_no_quarter_and_what_replaced_it_in_its_own(places) -> None:
    project = make.project(places["缙云县"], signed_on=FEBRUARY)
    wrong = make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(300), MAY)
    make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(-300), MAY, reversal_of=wrong)
    assert form(places, 2).projects[0].funds.quarter is None
    make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(3), AUGUST)
    assert form(places, 2).projects[0].funds.year is None
    assert form(places, 3).projects[0].funds.quarter.value == wan(3)


def test_a_project_that_ended_says_when(places) -> None:
    make.project(places["缙云县"], signed_on=FEBRUARY, terminated_on=MAY)
    make.project(places["缙云县"], signed_on=date(2023, 2, 1), terminated_on=date(2023, 12, 31))
    (then,), (now,) = form(places, 1).projects, form(places, 2).projects
    assert (then.terminated_on, now.terminated_on) == (None, MAY)


def test_what_a_pairing_gave_before_it_ended_stays_on_the_form(places) -> None:
    ended = make.pairing(places["富阳区"], places["缙云县"], until=date(2024, 4, 30))
    make.entry(ended, EntryKind.AID_RECEIVED, wan(7), FEBRUARY)
    act.visit(ended, date(2024, 4, 30), Side.SUPPORTER)
    make.pairing(
        make.region("330113", "示例强区", places["杭州市"]),
        places["缙云县"],
        until=date(2022, 1, 1),
    )
    third = form(places, 3)
    assert [line.received.year.value for line in third.aid] == [wan(7)]
    assert [len(form(places, number).aid) for number in (1, 2, 3)] == [1, 1, 1]
    visits = [
        next(line for line in form(places, number).exchanges if line.label == "高层互访")
        for number in (1, 2, 3)
    ]
    shown = [tuple(getattr(each, "value", None) for each in (of.quarter, of.year)) for of in visits]
    assert shown == [(None, None), (1, 1), (None, 1)]


def test_a_share_of_rent_is_said_to_go_no_further_than_the_quarter(places) -> None:
    enclave = make.enclave(places["缙云县"], places["富阳区"], signed_on=date(2023, 1, 1))
    make.term(enclave, TermKind.RENT_SHARE, rate=Decimal("0.5"), starts_on=date(2023, 1, 1))
    make.entry(enclave, EntryKind.RENT, wan(100), MAY)
    make.entry(enclave, EntryKind.RENT, wan(60), AUGUST)
    make.entry(enclave, EntryKind.RENT, wan(40), date(2024, 12, 31))
    lines = [form(places, number).enclaves[0] for number in (1, 2, 3, 4)]
    dues = [None if line.due is None else line.due.value for line in lines]
    assert dues == [
        None,
        wan(50),
        wan(80),
        wan(100),
    ]
    assert [line.reason for line in lines] == [
        "返利含租金的分成，截至季末没有租金的记录",
        "其中租金分成只计到季末",
        "其中租金分成只计到季末",
        "",
    ]


def test_the_number_of_drafts_is_of_all_that_the_form_adds_up(places) -> None:
    county, strong = places["缙云县"], places["富阳区"]
    owners = (
        make.project(county, signed_on=FEBRUARY),
        make.enclave(county, strong),
        make.park(county, strong),
        make.pairing(strong, county),
        make.project(strong, signed_on=FEBRUARY),  # another county's
    )
    kinds = (EntryKind.FUNDS_IN_PLACE, EntryKind.RENT, EntryKind.TAX, EntryKind.AID_RECEIVED)
    for owner, kind in zip(owners, (*kinds, EntryKind.FUNDS_IN_PLACE), strict=True):
        make.entry(owner, kind, wan(1), MAY, submitted_at=None)
    db.session.flush()
    assert [form(places, number).drafts for number in (1, 2, 3)] == [0, 4, 0]


def test_a_quarter_stands_beside_the_same_quarter_of_the_year_before(places) -> None:
    project = make.project(places["缙云县"], signed_on=date(2022, 2, 1))
    days = [date(year, month, 10) for year in (2022, 2023, 2024) for month in (2, 5, 8)]
    for at, day in enumerate(days):
        make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(10**at), day)
    before = form(places, 2).before
    assert before.head.period == "2023年第二季度"
    (line,) = before.projects
    assert (line.funds.quarter.value, line.funds.year.value) == (wan(10**4), wan(10**4 + 10**3))
    assert before.before is None
    text = body(quarter_pdf(form(places, 2)))
    now = f"合计（只计已报的）未报{10**7:,}.00{10**7 + 10**6:,}.00"
    assert f"{now}未报未报上年同期合计未报10,000.0011,000.00未报未报" in text


def test_nothing_of_last_year_is_not_reported_rather_than_nought(places) -> None:
    make.project(places["缙云县"], signed_on=FEBRUARY)
    assert "上年同期合计未报未报未报未报未报" in body(quarter_pdf(form(places, 1)))


def test_an_empty_section_claims_no_more_than_it_lists(places) -> None:
    # The enclave stands in the supporter's land, the project in its partner's: others report them.
    make.enclave(places["缙云县"], places["富阳区"], signed_on=FEBRUARY)
    make.project(places["缙云县"], signed_on=FEBRUARY)
    of = quarter_form(places["富阳区"], Quarter(2024, 2), datetime(2025, 1, 2, tzinfo=UTC))
    text = body(quarter_pdf(of))
    assert "截至季末没有以本地为飞出地的飞地的记录。" in text
    assert "截至季末，本年没有落在本地的协作项目的记录。" in text


def test_a_stated_nought_of_exchanges_is_no_gap(places) -> None:
    """Of all pairings that the grid asks, or it is not known of the county."""
    county = places["缙云县"]
    first = make.pairing(places["富阳区"], county, since=date(2021, 1, 1))
    clerk = make.user(Role.STAFF, county)

    def state(pairing, key: str, quarter: int) -> None:
        cell = {"field": f"count.{key}", "typed": "0", "value": Decimal(0)}
        act.add(
            QuarterCell(
                region_id=county.id,
                pairing_id=pairing.id,
                year=2024,
                quarter=quarter,
                edited_by_id=clerk.id,
                posted_at=make.SUBMITTED,
                **cell,
            )
        )

    def told(number: int, label: str):
        (line,) = [each for each in form(places, number).exchanges if each.label == label]
        return tuple(
            None if of is None else (of.value, of.unit) for of in (line.quarter, line.year)
        )

    state(first, "visits", 2)
    state(first, "consumption", 1)
    assert told(1, "消费帮扶") == ((0, "元"), (0, "元"))
    assert told(2, "高层互访") == ((0, "次"), None), "of the first quarter nobody knows"
    assert told(3, "高层互访") == (None, None)
    state(first, "visits", 1)
    assert told(2, "高层互访") == ((0, "次"), (0, "次"))
    assert "高层互访次00未报未报2联席会议次未报" in body(quarter_pdf(form(places, 2)))
    assert "消费帮扶万元0.000.00未报" in body(quarter_pdf(form(places, 1)))
    other = make.pairing(places["庆元县"], county, since=date(2021, 1, 1))
    assert told(2, "高层互访") == (None, None)
    for quarter in (1, 2):
        state(other, "visits", quarter)
    assert told(2, "高层互访") == ((0, "次"), (0, "次"))


def test_a_correction_of_a_locked_quarter_stands_where_it_was_made_and_where_it_changed(
    places,
) -> None:
    county = places["缙云县"]
    clerk = make.user(Role.STAFF, county)
    project = make.project(county, name="智能装备", signed_on=FEBRUARY)
    entry = make.entry(project, EntryKind.FUNDS_IN_PLACE, wan(30), MAY)
    before = quarter_pdf(form(places, 2))
    assert "更正后" not in body(before).split("金额按已提交")[0]
    act.filing(county, kind=FilingKind.Q2, state=FilingState.LOCKED, filed_at=make.SUBMITTED)
    values = {"kind": entry.kind, "amount": wan(12), "occurred_on": MAY}
    ledger.correct(clerk, entry, values, "多写一笔", "已核对")
    db.session.expire_all()
    day = today()
    present = quarter_form(
        county, Quarter(day.year, quarter_of(day)), datetime(2027, 1, 2, tzinfo=UTC)
    )
    locked = form(places, 2)
    (line,) = present.corrections
    assert (line.name, line.kind, line.day) == ("智能装备", "到位资金", MAY)
    assert (line.was.value, line.now.value, line.booked_on) == (wan(30), wan(12), day)
    assert line.reason == "多写一笔"
    assert (present.corrected, locked.corrected, locked.corrections) == ((), (line,), ())
    assert locked.projects[0].funds.quarter.value == wan(12)
    assert "本期更正（已锁定期间的，计入款项发生的年度，不计入本季）" in body(quarter_pdf(present))
    shown = body(quarter_pdf(locked))
    assert f"更正后（{day}）" in shown
    assert "锁定以后的更正（以上为更正后的数）" in shown
    assert form(places, 3).corrected == ()
