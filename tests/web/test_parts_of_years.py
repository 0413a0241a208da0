"""A part of a year stands beside the same part of the year before, on every page that has both."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tracker.core.db import Precision, db, units
from tracker.core.quantities.figure import wan_yuan
from tracker.papers.enclave import pdf as enclave_pdf
from tracker.papers.reports.model import ReturnRow
from tracker.papers.reports.words import alone_words
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.parts import Part, part_of
from tracker.records.operations.items import Item
from tracker.records.operations.shown import operating_of
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind
from tracker.year.assessments import queries
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import freeze_and_score

MAY_2026 = datetime(2026, 5, 20, 4, tzinfo=UTC)
FILED = datetime(2026, 4, 8, tzinfo=UTC)


@pytest.fixture
def inside(site):
    with site.app.app_context(), units.mode(writes=True):
        yield site


def said(answer) -> str:
    return re.sub(r"\s", "", text_of(answer))


def region(site, name: str) -> Region:
    return db.session.get(Region, site.world[name])


def everywhere():
    return select(Region.id)


class TestWhichPart:
    def test_the_first_quarter_against_the_first_quarter(self, inside):
        for name in ("jinyun", "qingyuan"):
            acts.filing(region(inside, name), 2026, FilingKind.Q1, due_on=date(2026, 4, 10))
        acts.filing(region(inside, "jinyun"), 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        part = part_of(everywhere(), 2026, date(2026, 4, 3))
        assert part.until == date(2026, 4, 3)  # nobody has reported a quarter: the days count
        filing = db.session.scalars(select(acts.Filing).where(acts.Filing.year == 2026)).first()
        acts.file(filing, FILED)
        db.session.flush()
        part = part_of(everywhere(), 2026, date(2026, 5, 20))
        assert (part.until, part.until_before) == (date(2026, 3, 31), date(2025, 3, 31))
        assert part.words == "截至 2026-03-31，1 / 2 县已报第一季度季报"
        assert not part.whole

    def test_a_year_that_is_over_waits_for_its_last_quarter_until_it_is_due(self, inside):
        for kind, due in ((FilingKind.Q3, date(2025, 10, 10)), (FilingKind.Q4, date(2026, 1, 10))):
            acts.filing(region(inside, "jinyun"), 2025, kind, due_on=due)
        filings = db.session.scalars(
            select(acts.Filing).where(acts.Filing.year == 2025).order_by(acts.Filing.due_on)
        ).all()
        acts.file(filings[0], FILED)
        db.session.flush()
        early = part_of(everywhere(), 2025, date(2026, 1, 3))
        assert (early.until, early.ended, early.whole) == (date(2025, 9, 30), True, False)
        late = part_of(everywhere(), 2025, date(2026, 1, 11))
        assert late.whole
        assert late.words == "截至 2025-12-31，0 / 1 县已报第四季度季报"
        acts.file(filings[1], FILED)
        db.session.flush()
        assert part_of(everywhere(), 2025, date(2026, 1, 3)).whole

    def test_a_county_counts_from_the_day_on_which_it_joined(self, inside):
        late = make.region("331127", "景宁县", region(inside, "jinyun").parent)
        make.listing(late, joined_on=date(2026, 4, 2))
        for county in (region(inside, "jinyun"), late):
            for kind in (FilingKind.Q1, FilingKind.Q2):
                acts.filing(county, 2026, kind, due_on=date(2026, 7, 10), filed_at=FILED)
        assert part_of(everywhere(), 2026, date(2026, 4, 20)).obliged == 1
        assert part_of(everywhere(), 2026, date(2026, 7, 20)).obliged == 2

    def test_a_leap_day_against_the_last_of_february(self):
        part = Part(2024, date(2024, 2, 29), None, 0, 0)
        _, own, same = part.spans(3)
        assert (own.last, same.last) == (date(2024, 2, 29), date(2023, 2, 28))
        assert [span.label for span in part.spans(3)] == [
            "2024 至今",
            "2024 至 02-29",
            "2023 至 02-28",
        ]


def test_what_a_running_year_owes_is_no_debt_yet(site, in_database):
    def add():
        enclave = db.session.get(Enclave, site.world["enclave"])
        make.entry(enclave, EntryKind.REBATE, make.wan(10), date(2026, 2, 1))
        db.session.commit()

    in_database(add)
    addresses = (
        "/counties/331122",
        f"/enclaves/{site.world['enclave']}",
        f"/pairings/{site.world['pairing']}",
        "/",
    )
    with time_machine.travel(MAY_2026):
        for address in addresses:
            page = said(site.browser("staff").get(f"{address}?year=2026"))
            running = page.replace("未足额的飞地", "")
            assert "2026全年100.0010.0090.00年度未结束" in running or address != addresses[1]
            assert "未足额" not in running, address
            assert "尚欠" not in running, address
    with time_machine.travel(datetime(2027, 1, 1, 4, tzinfo=UTC)):
        assert "尚欠90万元" in said(site.browser("staff").get("/counties/331122?year=2026"))
        enclave = said(site.browser("staff").get(f"{addresses[1]}?year=2026"))
        assert "2026100.0010.0090.00未足额" in enclave


def test_the_kinds_of_exchange_are_counted_in_the_same_days(site, in_database):
    def add():
        pairing = db.session.get(Pairing, site.world["pairing"])
        for day in (date(2025, 2, 1), date(2025, 11, 1), date(2025, 12, 1), date(2026, 2, 1)):
            acts.visit(pairing, day)
        acts.visit(pairing, date(2026, 5, 2))
        acts.filing(
            db.session.get(Region, site.world["jinyun"]),
            2026,
            FilingKind.Q1,
            due_on=date(2026, 4, 10),
            filed_at=FILED,
        )
        db.session.commit()

    in_database(add)
    with time_machine.travel(MAY_2026):
        page = said(site.browser("leader").get("/exchanges/?year=2026"))
        assert "2026年度登记交流帮扶2条；至2026-03-31为1条，上年同期1条。" in page
        assert "高层互访211" in page
        assert "截至2026-03-31，1/1县已报第一季度季报" in page
        county = said(site.browser("leader").get("/counties/331122?year=2026"))
        assert "高层互访（次）211" in county
    whole = said(site.browser("leader").get("/exchanges/?year=2025"))
    assert "2025年度登记交流帮扶3条，上年0条。" in whole


def test_quarters_are_compared_with_the_same_quarters(inside):
    enclave = db.session.get(Enclave, inside.world["enclave"])
    for year, quarters in ((2024, (1, 2, 3, 4)), (2025, (1, 2, 3, 4)), (2026, (1, 2))):
        for quarter in quarters:
            make.operating_figure(enclave, Item.REVENUE, quarter * 100, year, quarter)
    found = operating_of(enclave)
    assert [column.label for column in found.columns] == [
        "2026 上半年",
        "2025 上半年（同期）",
        "2025",
        "2024",
    ]
    (revenue,) = found.rows
    figures = [re.sub(r"<[^>]*>|\s", "", value) for value in revenue.figures]
    assert figures == ["300.00", "300.00", "1,000.00", "1,000.00"]


def test_a_base_year_and_lacking_quarters_are_named(inside):
    enclave = db.session.get(Enclave, inside.world["enclave"])
    for quarter in (1, 3):
        make.operating_figure(enclave, Item.REVENUE, 1, 2024, quarter)
    labels = [column.label for column in operating_of(enclave, base=2024).columns]
    assert labels == ["2024 第一、三季度（基期）"]
    make.operating_figure(enclave, Item.REVENUE, 1, 2026, 1)
    labels = [column.label for column in operating_of(enclave, base=2024).columns]
    assert labels == ["2026 第一季度", "2024 第一、三季度（基期）", "2024 第一季度（基期同期）"]


def test_a_project_stands_beside_its_own_same_part(site, in_database):
    def add():
        project = db.session.get(Project, site.world["project"])
        for day, amount in ((date(2025, 2, 1), 7), (date(2025, 11, 1), 90), (date(2026, 2, 1), 8)):
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), day)
        db.session.commit()

    in_database(add)
    with time_machine.travel(MAY_2026):
        page = said(site.browser("staff").get(f"/projects/{site.world['project']}?year=2026"))
    assert "2026年至今8.00" in page
    assert "2025年至03-31（同期）7.00" in page
    assert "2026年全年" not in page
    assert "2025年全年97.00" in page


@pytest.mark.parametrize(
    ("frozen_at", "whole"),
    [
        (datetime(2024, 12, 31, 15, 59, tzinfo=UTC), False),
        (datetime(2024, 12, 31, 16, 0, tzinfo=UTC), True),  # midnight in China
    ],
)
def test_a_snapshot_holds_a_whole_year_from_new_year_in_china(frozen_at, whole):
    assert queries.is_whole(Snapshot(year=2024, frozen_at=frozen_at)) is whole


def test_a_year_that_was_scored_while_it_ran_stands_beside_no_whole_year(site, in_database):
    def score():
        snapshot = freeze_and_score(2025, db.session.get(User, site.world["assessor"]))
        db.session.commit()
        assert scored(snapshot.sha256, snapshot.content).document["previous"] is None
        return snapshot.id

    with time_machine.travel(datetime(2025, 8, 1, tzinfo=UTC)):
        snapshot = in_database(score)
    leader = site.browser("leader")
    for address in (
        "/scorecards/?year=2025",
        f"/scorecards/{snapshot}/zj-recipient-county/331122",
    ):
        page = said(leader.get(address))
        assert "冻结时2025年度还没有结束，得分只是到冻结日为止的，不与上年全年相比" in page
        assert "较上年" not in page
    assert "还没有结束" not in said(leader.get("/scorecards/?year=2024"))


def test_papers_say_why_they_stand_beside_no_year_before():
    assert alone_words(2025, "2025-12-31 23:59") == "冻结时2025年度还没有结束，不与上年全年比较。"
    assert alone_words(2025, "2026-01-01 00:30") == "没有可比的上年快照，无从比较。"


@pytest.mark.parametrize(
    ("frozen_on", "words"),
    [
        (
            "2025-08-01 09:00",
            "2025年全年应付返利 100 万元，至冻结日到账 40 万元，年度还没有结束。",
        ),
        ("2026-01-01 00:30", "2025年应付返利 100 万元，到账 40 万元，尚欠 60 万元。"),
    ],
)
def test_a_report_frozen_within_its_year_claims_no_debt(frozen_on, words):
    row = ReturnRow(2025, due=wan_yuan("100"), paid=wan_yuan("40"), reason="")
    head = SimpleNamespace(year=2025, made_on=frozen_on)
    (said,) = enclave_pdf._sentences(SimpleNamespace(head=head, returns=(row,)))
    assert said == words


def test_what_was_paid_as_a_bound_leaves_a_bound(site, in_database):
    """At least 10 of 100 paid: at most 90 is owed, and for certain nobody lags behind."""

    def add():
        enclave = db.session.get(Enclave, site.world["enclave"])
        day, least = date(2026, 2, 1), Precision.AT_LEAST
        make.entry(enclave, EntryKind.REBATE, make.wan(10), day, precision=least)
        db.session.commit()

    in_database(add)
    with time_machine.travel(datetime(2027, 1, 1, 4, tzinfo=UTC)):
        staff = site.browser("staff")
        enclave = said(staff.get(f"/enclaves/{site.world['enclave']}?year=2026"))
        assert "2026100.00≥10.00≤90.00可能未足额" in enclave
        assert "应返100万元，实返≥10万元，还差≤90万元。" in enclave
        assert "尚欠≤90万元" in said(staff.get("/counties/331122?year=2026"))
