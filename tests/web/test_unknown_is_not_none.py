"""What nobody can tell is never said as none: lists of things to do, what needs attention, and the
sentences of pages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.cards import seen_card
from tests.web.pages import text_of
from tracker.core.db import db, units
from tracker.core.quantities.figure import Figure
from tracker.overview import attention, progress
from tracker.overview.attention import concerns_of
from tracker.overview.enclaves import returns_in
from tracker.overview.figures import figures_of
from tracker.overview.ranking.firsts import first_places
from tracker.records.enclaves.agreements import SpaceStep
from tracker.records.enclaves.models import Enclave, TermKind
from tracker.records.ledger.parts import part_of
from tracker.records.places.models import Region
from tracker.records.projects.models import Project


@pytest.fixture
def inside(site, monkeypatch):
    monkeypatch.setattr(attention, "way", lambda *_, **__: None)
    with site.app.app_context(), units.mode(writes=True):
        yield site


def said(answer) -> str:
    return re.sub(r"\s", "", text_of(answer))


def region(site, name: str) -> Region:
    return db.session.get(Region, site.world[name])


def concerns(year: int = 2024, cards=(), regions=None) -> dict[str, tuple[int, str]]:
    regions = select(Region.id) if regions is None else regions
    found = progress.progress_of(progress.counties_in(regions), year)
    every = concerns_of(regions, year, returns_in(regions, year), cards, found)
    return {each.key: (each.total, each.unknown) for each in every}


class TestAttention:
    def test_what_was_never_planned_is_not_on_time(self, inside):
        assert concerns()["filings"] == (0, "没有安排 2024 年度的报送，不能判断。")
        acts.filing(region(inside, "jinyun"), due_on=date(2099, 1, 1))
        assert concerns()["filings"] == (0, "2024 年度的报送都还没有到期。")
        done = datetime(2024, 4, 1, tzinfo=UTC)
        acts.filing(region(inside, "qingyuan"), due_on=date(2024, 4, 10), filed_at=done)
        assert concerns()["filings"] == (0, "")

    def test_a_task_of_which_nothing_was_reported_is_not_reached(self, inside):
        assert concerns()["tasks"] == (0, "没有下达任务，不能判断。")
        make.target(region(inside, "qingyuan"), 2024, "support.training", 10)
        assert concerns()["tasks"] == (0, "1 项任务没有报完成数，不能判断。")
        make.target(region(inside, "qingyuan"), 2024, "projects.funds_in_place", 50)
        assert concerns()["tasks"] == (0, "1 项任务没有报完成数，不能判断。")

    def test_what_cannot_be_computed_is_not_paid(self, inside):
        assert concerns()["returns"] == (0, "")
        enclave = db.session.get(Enclave, inside.world["other_enclave"])
        make.term(enclave, TermKind.RENT_SHARE, rate=Decimal("0.1"), starts_on=date(2023, 1, 1))
        assert concerns()["returns"] == (0, "1 个飞地的应返算不出，不能判断。")
        nowhere = select(Region.id).where(Region.code == "330000")
        assert concerns(regions=nowhere)["returns"] == (0, "没有登记返利约定，不能判断。")

    def test_a_running_year_owes_nothing_yet(self, inside):
        with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC)):
            assert concerns(2026)["returns"] == (0, "2026 年度没有结束，应返还没有到期。")

    def test_projects_without_days_are_not_on_the_way(self, inside):
        for project in db.session.scalars(select(Project)):
            project.signed_on = project.started_on = None
        db.session.flush()
        assert concerns()["not-started"] == (0, "没有登记签约日期的项目，不能判断。")
        assert concerns()["no-progress"] == (0, "没有登记开工日期的项目，不能判断。")

    def test_a_year_that_nobody_scored_is_not_complete(self, inside):
        assert concerns()["incomplete"] == (0, "2024 年度没有评分表，不能判断。")
        assert concerns(cards=[SimpleNamespace(complete=True)])["incomplete"] == (0, "")

    def test_the_pages_tell_them_apart(self, site):
        page = said(site.browser("leader").get("/overview/?year=2024"))
        assert "还不能判断的：" in page
        assert "报送逾期没有安排2024年度的报送，不能判断。" in page
        none = re.search(r"按已有记录没有的：([^。]*)。", page)
        assert none is None or "报送逾期" not in none[1]


class TestFirstPlaces:
    def card(self, **fields):
        snapshot = SimpleNamespace(id=1)
        return seen_card(snapshot=snapshot, county_class="甲", **fields)

    @pytest.mark.parametrize(
        ("own", "anywhere", "words"),
        [
            ([(1, True)], [(1, True)], [""]),
            ([(2, True)], [(1, True)], ["第 1 名在其他地区"]),
            ([(2, True)], [(1, False)], ["待资料齐全"]),
            ([(1, False)], [(1, False)], ["待资料齐全"]),
            ([(None, True)], [], ["不排名"]),
            ([(None, False)], [], ["待资料齐全"]),
        ],
    )
    def test_the_first_place_lies_elsewhere_only_where_it_does(
        self, monkeypatch, own, anywhere, words
    ):
        found = {}
        for _, complete in anywhere:
            found["甲"] = int(complete)
        answer = SimpleNamespace(all=lambda: list(found.items()))
        monkeypatch.setattr(
            "tracker.overview.ranking.firsts.db",
            SimpleNamespace(session=SimpleNamespace(execute=lambda _: answer)),
        )
        cards = [self.card(rank=rank, complete=complete) for rank, complete in own]
        assert [first.words for first in first_places(cards)] == words


def test_no_large_project_among_none_is_unknown(inside):
    def large(year):
        regions = select(Region.id)
        return figures_of(regions, year, [], [], part_of(regions, year))[2]

    assert large(2024).value == Figure(Decimal(1), "个")
    assert large(2024).before is None
    make.project(region(inside, "qingyuan"), signed_on=date(2023, 1, 1), total_investment=1)
    assert large(2024).before.value == 0


def test_the_reviewer_reads_which_county_had_nothing_to_file(site, in_database):
    page = said(site.browser("reviewer").get("/?year=2024"))
    assert "缙云县没有安排" in page

    def plan():
        acts.filing(region(site, "jinyun"), due_on=date(2099, 1, 1))
        db.session.commit()

    in_database(plan)
    assert "缙云县尚未到期" in said(site.browser("reviewer").get("/?year=2024"))


def test_what_was_agreed_without_a_day_is_not_said_to_be_due_later(site, in_database):
    def agree():
        enclave = db.session.get(Enclave, site.world["enclave"])
        make.space(enclave, step=SpaceStep.AGREED, quantity=50, due_on=None)
        db.session.commit()

    in_database(agree)
    page = said(site.browser("staff").get(f"/enclaves/{site.world['enclave']}"))
    assert "50亩没有约定交付日期" in page
    assert "未到期" not in page


def test_a_county_for_which_nothing_was_planned_is_not_on_time(site):
    page = said(site.browser("leader").get("/counties/331122?year=2024"))
    assert "没有安排2024年度的报送，不能判断是否按期。" in page
    assert "没有登记检查发现的问题" in page
