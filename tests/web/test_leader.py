"""首页 of a leader: every number is that of a statement of its own, and leads to what makes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from sqlalchemy import text

from tests import factories as make
from tests import factories_acts as acts
from tests import factories_trials as trials
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tests.web.statements import number_for
from tests.year.procedure.cities import SHEET as CITY_SHEET
from tracker.core.db import db, units
from tracker.exchange.sampledata.city_course import with_books
from tracker.overview.ranking.lines import of_trial
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import PlannedStage, Project
from tracker.records.submissions.models import FilingKind
from tracker.site.leader.score import reasons_of
from tracker.site.leader.urgent import Item, most_urgent
from tracker.site.menu import ALL, LEADERS, MENU

NOON = datetime(2026, 10, 20, 4, tzinfo=UTC)
LINE = trials.LINE
LINES = [
    LINE | {"code": "B1", "name": "到位资金", "points": "8", "award": "3.00"},
    LINE | {"code": "B2", "name": "未报项", "points": "6", "state": "unscorable", "award": "0.00"},
    LINE | {"code": "B3", "name": "不适用项", "points": "9", "state": "not_applicable"},
    LINE | {"code": "B4", "name": "扣分项", "kind": "deduction", "points": "5", "award": "-1.50"},
    LINE | {"code": "B5", "name": "满分项", "points": "4", "award": "4.00"},
    LINE | {"code": "B6", "name": "加分项", "kind": "bonus", "points": "10", "award": "0.00"},
]


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def leaders(site: Site) -> dict[str, Browser]:
    """Two counties with tasks of 2026, one of them far off; what is late, and a trial."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        jinyun, qingyuan = places["缙云县"], places["庆元县"]
        for place, asked in ((jinyun, 1000), (qingyuan, 100)):
            make.target(place, 2026, "projects.funds_in_place", asked)
            acts.filing(place, 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        acts.filing(jinyun, 2026, FilingKind.Q3, due_on=date(2026, 11, 10))
        make.target(jinyun, 2026, "training.placed", 9)
        own = db.session.get_one(Project, site.world["project"])
        other = db.session.get_one(Project, site.world["other_project"])
        new = datetime(2026, 10, 3, tzinfo=UTC)
        make.entry(own, EntryKind.FUNDS_IN_PLACE, make.wan(90), date(2026, 3, 1))
        make.entry(
            other, EntryKind.FUNDS_IN_PLACE, make.wan(95), date(2026, 9, 1), submitted_at=new
        )
        enclave = db.session.get_one(Enclave, site.world["enclave"])
        make.entry(enclave, EntryKind.REBATE, make.wan(40), date(2025, 5, 1))
        make.project(qingyuan, name="新签项目", signed_on=date(2026, 10, 8))
        at = trials.trial(2026, 10, rulebook_year=2025)
        earlier = trials.trial(2026, 9, rulebook_year=2025)
        for place, total, rank in ((jinyun, "81.25", 2), (qingyuan, "92.5", 1)):
            trials.trial_card(at, place, total, rank=rank, unscorable=1, content=json.dumps(LINES))
        trials.trial_card(earlier, jinyun, 80)
        ids = {
            name: make.user(Role.LEADER, places[of], username=name).id
            for name, of in (("county", "缙云县"), ("city", "丽水市"))
        }
        db.session.commit()
    ids["province"] = site.world["leader"]
    return {name: Browser(site.app, number) for name, number in ids.items()}


def bare(markup: str) -> str:
    """What markup says, without white space."""
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", markup)))


def said(browser: Browser, address: str = "/?year=2026") -> str:
    return bare(browser.get(address).text.partition("<h1")[2])


def count(site: Site, statement: str) -> object:
    """What a statement of its own says."""
    with site.app.app_context():
        return db.session.execute(text(statement)).scalar_one()


def test_how_the_year_stands_has_one_population(site, leaders):
    asked = "SELECT {} FROM targets WHERE year = 2026 AND measure = 'projects.funds_in_place'"
    given = count(site, asked.format("count(DISTINCT region_id)"))
    assert given == 2
    for name in ("city", "province"):
        page = said(leaders[name])
        assert f"个县中有任务的{given}个，其中1县跟得上进度，1县差距大。" in page
        assert f"1/{given}县" in page
        assert "分母是有年度任务的县，都报了完成数、没有一项差距大的才算" in page
    counties = count(site, "SELECT count(*) FROM regions WHERE level = 'county'")
    assert f"{counties}个县中" in said(leaders["province"])
    # Of the county one task is far off (9 % of 80 %), of the other nothing is reported.
    assert "2项年度任务中0项任务跟得上进度，1项任务差距大，1项任务没有报完成数，不能判断。" in said(
        leaders["county"]
    )
    assert "2026年已过80.3%" in said(leaders["county"])
    # Once the year is over, 95 of 100 is not done, though it is not far off.
    with time_machine.travel(datetime(2027, 2, 1, 4, tzinfo=UTC), tick=False):
        page = said(Browser(site.app, site.world["leader"]))
    assert "其中0县完成，1县没有完成但差距不大，1县差距大。" in page
    assert f"完成任务的县0/{given}县" in page


def test_the_numbers_of_the_first_sentence_open_those_that_they_count(site, leaders):
    behind, kept_pace = (  # 90 of 1,000, and 95 of 100
        "SELECT r.name FROM regions r JOIN targets t ON t.region_id = r.id AND t.year = 2026"
        f" AND t.measure = 'projects.funds_in_place' ORDER BY t.value {order} LIMIT 1"
        for order in ("DESC", "ASC")
    )
    page = leaders["city"].get("/?year=2026").text
    of = dict(re.findall(r'href="(/overview/tasks\?[^"]*#(?:\w+))">(\d+) 县', page))
    assert set(of.values()) == {"1"}
    listed = leaders["city"].get("/overview/tasks?year=2026").text
    sections = dict(re.findall(r'<h2 id="(\w+)">(.*?)</section>', listed, re.S))
    assert set(sections) == {address.partition("#")[2] for address in of}
    for key, statement in (("behind", behind), ("on_course", kept_pace)):
        name = str(count(site, statement))
        assert re.findall(r"/counties/[^>]*>(.*?)</a>", sections[key]) == [name]
    of_county = leaders["county"].get("/overview/tasks?year=2026")
    assert "2项年度任务：1项差距大，1项没有报完成数，不能判断。" in bare(of_county.text)
    assert "未报" in bare(of_county.text.partition('id="silent"')[2].partition("</section>")[0])


def test_the_pages_of_tasks_ask_as_often_of_many_as_of_few(site, leaders):
    address = "/overview/tasks?year=2026"
    before = number_for(site, "leader", address)
    with site.app.app_context(), units.mode(writes=True):
        for each in range(3):
            place = make.region(f"33118{each}", f"另{each}县")
            make.target(place, 2026, "projects.funds_in_place", 10)
        db.session.commit()
    assert number_for(site, "leader", address) == before


def test_what_is_late_is_counted_and_what_nobody_can_tell_is_said(site, leaders):
    late = "SELECT count(*) FROM filings WHERE due_on < '2026-10-20' AND filed_at IS NULL AND {}"
    assert f"报送{count(site, late.format('year = 2026'))}件" in said(leaders["province"])
    own = f"region_id = {site.world['jinyun']}"
    assert count(site, late.format(own)) == 1
    paid = count(
        site,
        "SELECT sum(amount) FROM ledger_entries WHERE kind = 'rebate'"
        f" AND enclave_id = {site.world['enclave']} AND occurred_on LIKE '2025%'",
    )
    owed = (1_000_000_00 - Decimal(paid)) / 1_000_000  # of 100 万元, in 分
    late_words = f"逾期报送1件，1个飞地尚欠2025年返利{owed.normalize():f}万元"
    assert f"{late_words}；没有下达事项任务，不能判断。" in said(leaders["county"])
    # Of a year in which nothing was planned or agreed nobody can tell that nothing is late.
    assert (
        "逾期2016年度没有安排报送，不能判断，没有下达事项任务，不能判断，没有2016年的返利约定"
        in said(leaders["county"], "/?year=2016")
    )


def test_a_return_of_which_nothing_is_on_record_is_not_told_as_none(site, leaders):
    with site.app.app_context(), units.mode(writes=True):
        enclave = db.session.get_one(Enclave, site.world["enclave"])
        silent = make.enclave(enclave.origin_region, enclave.host_region, name="没有台账的飞地")
        make.term(silent, starts_on=date(2023, 1, 1), amount=make.wan(70))
        db.session.commit()
    page = said(leaders["county"])
    assert re.search(r"2个飞地尚欠2025年返利\d+万元（1个台账中没有返利）", page)
    assert "没有台账的飞地尚欠2025年返利70万元（台账中没有返利）" in page


def test_what_changed_this_month_is_what_was_entered_in_it(site, leaders):
    new = count(
        site,
        "SELECT sum(amount) FROM ledger_entries WHERE kind = 'funds_in_place'"
        " AND submitted_at >= '2026-09-30 16:00'",
    )
    assert new == 95_000_000
    page = said(leaders["province"])
    assert "10月1日以来，新登记到位资金95万元，新签约项目1个。" in page
    assert "10月1日以来，试算得分比2026-09-20增加1.25分。" in said(leaders["county"])
    assert "本月变化见今年的首页" in said(leaders["province"], "/?year=2025")


def test_what_corrects_older_money_is_nothing_new(site, leaders):
    with site.app.app_context():
        own = db.session.get_one(Project, site.world["project"])
        entry = make.entry(own, EntryKind.FUNDS_IN_PLACE, make.wan(6), date(2025, 3, 1))
        for amount in (7, 8):  # the correction of a correction too
            told = {
                "kind": entry.kind,
                "occurred_on": entry.occurred_on,
                "amount": make.wan(amount),
            }
            user = db.session.get_one(User, site.world["staff"])
            entry = ledger.correct(user, entry, told, "看错", "已核对")
        db.session.commit()
    assert "新登记到位资金95万元" in said(leaders["province"])


def test_a_county_has_its_number_with_what_stands_against_it(site, leaders):
    page = said(leaders["county"])
    assert "2026年试算得分81.25分" in page
    assert "距优秀差8.75分，另受名额限制；另有1项不可计分" in page
    assert "名次尚未公布" in page
    assert "92.50" not in page
    assert "上年全年没有计分" in page
    assert "失分最多：到位资金3.00/8.00分；扣分项扣1.50分。" in page
    assert (
        "试算于2026-10-2009:00，2026年细则尚未发布，按2025年示例细则试算，不作为考核结果。" in page
    )
    # Who sees the province sees the rank of the county that he looks at.
    assert "跨越发展类第2名" in said(leaders["province"], "/?year=2026&region=331122")
    # A year that was scored shows what its snapshot gives.
    assert "2024年度得分" in said(leaders["county"], "/?year=2024")
    assert "2023年度没有试算，也没有计分" in said(leaders["county"], "/?year=2023")


@pytest.fixture
def city(site, leaders) -> int:
    """丽水市, with a trial of its own counties."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        number = places["丽水市"].id
        of = trials.trial(2026, 10, owner_region_id=number)
        for name, total, rank in (("缙云县", "61.5", 2), ("庆元县", "63.75", 1)):
            trials.trial_card(of, places[name], total, rank=rank, sheet=CITY_SHEET)
        db.session.commit()
    return number


def scored_by_city(site: Site, city: int, year: int, frozen: datetime) -> None:
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        own = acts.snapshot(year, owner_region_id=city, frozen_at=frozen)
        for name, total, rank in (("缙云县", 71, 2), ("庆元县", 72, 1)):
            place = places[name]
            given = {"sheet": CITY_SHEET, "subject_code": place.code, "rank": rank}
            acts.scorecard(own, place, total=Decimal(total), **given)
        db.session.commit()


def test_a_city_without_an_assessment_of_its_own_has_no_word_of_it(leaders) -> None:
    for name in leaders:
        assert "市考县" not in said(leaders[name])
    assert "市考县" not in said(leaders["province"], "/?year=2026&region=331100")


def test_a_citys_own_trial_is_on_the_first_pages_that_it_is_about(leaders, city) -> None:
    made = "试算于2026-10-2009:00，按2026年细则试算，不作为考核结果。"
    for name, page in (("city", "/"), ("province", "/?year=2026&region=331100")):
        assert f"市考县试算得分，2份评分表，{made}" in said(leaders[name], page)
        assert 'href="/trials/?year=2026&amp;owner=331100"' in leaders[name].get(page).text
    called = "丽水市市考县试算得分61.50分，距优秀差28.50分，另受名额限制；"
    assert f"{called}名次尚未公布。{made}" in said(leaders["county"])
    card = f'href="/trials/2026/{CITY_SHEET}/331122?owner=331100"'
    assert card in leaders["county"].get("/").text
    of_county = "/?year=2026&region=331122"
    assert f"{called}跨越发展类第2名。{made}" in said(leaders["province"], of_county)
    # Beside the province's, which stays what it is; of nobody else's.
    assert "2026年试算得分81.25分" in said(leaders["county"])
    assert "63.75" not in said(leaders["county"])
    for code in ("330100", "330111"):
        assert "市考县" not in said(leaders["province"], f"/?year=2026&region={code}")


def test_a_scoring_of_the_whole_year_takes_the_place_of_a_citys_trial(site, leaders, city) -> None:
    scored_by_city(site, city, 2026, datetime(2026, 10, 22, tzinfo=UTC))
    assert "市考县试算得分" in said(leaders["city"])
    scored_by_city(site, city, 2026, datetime(2027, 1, 8, tzinfo=UTC))
    assert "市考县得分，2份评分表，事实冻结于2027-01-08。" in said(leaders["city"])
    assert 'href="/scorecards/?year=2026&amp;owner=331100"' in leaders["city"].get("/").text
    of_county = said(leaders["county"])
    assert "丽水市市考县得分71.00分，" in of_county
    assert "72.00" not in of_county
    assert f'/{CITY_SHEET}/331122"' in leaders["county"].get("/").text
    scored_by_city(site, city, 2025, datetime(2025, 6, 3, tzinfo=UTC))
    running = "2份评分表，事实冻结于2025-06-03，年度没有结束，只计到当时，不作为考核结果。"
    assert running in said(leaders["city"], "/?year=2025")


def test_a_city_that_has_rulebooks_alone_is_told_of_no_points(site, leaders) -> None:
    with site.app.app_context(), units.mode(writes=True):
        city = db.session.scalars(db.select(Region).where(Region.code == "331100")).one()
        with_books(2026, city.id)
    for name, whose in (("city", "市考县"), ("county", "丽水市市考县")):
        assert f"{whose}得分，2026年度没有试算，也没有计分。" in said(leaders[name])


def test_reasons_are_the_lines_that_lost_most_and_none_that_nobody_can_score():
    assert [each.name for each in reasons_of(of_trial(LINES), None)] == ["到位资金", "扣分项"]


def test_orders_works_and_plans_that_are_late_are_among_what_is_late(site, leaders):
    assert "督办" not in said(leaders["county"]).partition("逾期")[2].partition("本月")[0]
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        jinyun = places["缙云县"]
        acts.supervision_order(jinyun, places["浙江省"], due_on=date(2026, 10, 1))
        acts.key_work(jinyun, due_on=date(2026, 10, 19))
        project = make.project(jinyun, name="大项目", total_investment=make.wan(20000))
        make.planned(project, PlannedStage.STARTED, date(2026, 9, 1))
        db.session.commit()
    browser = leaders["county"]
    late = browser.get("/?year=2026").text.partition("<dt>逾期</dt>")[2].partition("<dt>本月")[0]
    found = re.findall(r'href="([^"]+)">(督办 1 件|重点工作 1 项|大项目计划 1 个)<', late)
    assert [words for _, words in found] == ["督办 1 件", "重点工作 1 项", "大项目计划 1 个"]
    for address, _ in found:
        assert "共 1 " in text_of(browser.get(unescape(address))), address


def test_the_most_urgent_have_who_and_by_when_and_lead_on(site, leaders):
    page = leaders["province"].get("/?year=2026").text
    part = page[page.index('id="urgent"') :]
    part = part[: part.index("</ol>")]
    items = [bare(item) for item in re.findall(r"<li>.*?</li>", part, re.S)]
    assert items == [
        "缙云消薄飞地尚欠2025年返利60万元富阳区，逾期293天",
        "缙云县2件报表未报缙云县，逾期102天",
        "庆元县1件报表未报庆元县，逾期102天",
        "缙云县项目到位资金完成9.0%缙云县，12-31前",
    ]
    for name in leaders:
        page = leaders[name].get("/?year=2026").text
        content = page[page.index("<h1") :]
        ways = re.findall(r'<a [^>]*href="([^"#][^"]*)"', content)
        assert len(ways) > 5
        for way in ways:
            answer = leaders[name].get(way.replace("&amp;", "&"))
            assert answer.status_code == 200, (name, way)


def test_no_sort_hides_the_others():
    def items(key: str, *days: int) -> list[Item]:
        return [Item(key, "", "", date(2026, 1, day), None) for day in days]

    found = most_urgent(items("a", 1, 2, 3, 4, 5, 6), items("b", 20), items("c"), items("d", 9, 8))
    assert [(each.key, each.by.day) for each in found] == [
        ("a", 1),
        ("a", 2),
        ("d", 8),
        ("d", 9),
        ("b", 20),
    ]


def test_the_number_of_statements_does_not_depend_on_the_size(site, leaders):
    before = number_for(site, "leader", "/?year=2026")
    with site.app.app_context(), units.mode(writes=True):
        for number in range(6):
            place = make.region(f"33119{number}", f"新{number}县", None)
            make.target(place, 2026, "training.placed", 9)
            acts.filing(place, 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        db.session.commit()
    assert number_for(site, "leader", "/?year=2026") == before


def test_a_leader_has_eight_entries_and_loses_none(site):
    assert len(LEADERS.entries) <= 8
    known = {entry.endpoint for group in MENU for entry in group.entries}
    assert {entry.endpoint for entry in LEADERS.entries} <= {*known, ALL.endpoint}
    leader = site.browser("leader")
    page = leader.get("/").text
    menu = page[page.index('class="menu"') : page.index("<main")]
    assert len(re.findall(r"<li>", menu)) == len(LEADERS.entries)
    every = leader.get("/everything").text
    every = every[every.index("<main") :]
    with site.app.test_request_context():
        from flask import current_app, url_for

        from tracker.records.accounts.permissions import permits

        for group in MENU:
            for entry in group.entries:
                permission = current_app.view_functions[entry.endpoint].permission
                shown = f'href="{url_for(entry.endpoint)}"' in every
                assert shown is permits(Role.LEADER, permission), entry
    assert "<details" in site.browser("assessor").get("/").text
