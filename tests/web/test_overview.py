"""总览 and 我的工作: sums by the ledger's rules, sentences with who is next, few statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.more_records import add_some
from tests.web.pages import text_of
from tests.web.statements import number_for
from tracker.core.config import ROOT
from tracker.core.db import Precision, db
from tracker.core.quantities.figure import Figure, yuan
from tracker.overview import progress
from tracker.overview.chart import ZERO_AT, axis_words, chart_of, short_name, step_of
from tracker.overview.enclaves import returns_where, settled
from tracker.overview.figures import figures_of
from tracker.overview.progress import passed
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.parts import part_of, same_day
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions.models import FilingKind

PAGE = "/overview/?year=2024"


@pytest.fixture
def change(site: Site) -> Callable:
    """Runs a function in the site's database and commits."""

    def run(function: Callable) -> None:
        with site.app.app_context():
            function()
            db.session.commit()

    return run


def figure(site: Site, label: str, user: str = "leader", address: str = PAGE) -> str:
    """What the page says of one of its six figures, without white space."""
    text = re.sub(r"\s", "", text_of(site.browser(user).get(address)))
    labels = ("到位资金", "完成投资", "新签亿元以上项目", "飞地返利", "援建资金拨付", "培训")
    after = text[text.index("件事") if "件事" in text else 0 :]
    start = after.index(label) + len(label)
    rest = labels[labels.index(label) + 1 :]
    end = after.index(rest[0], start) if rest else after.index("各县", start)
    return after[start:end]


def test_the_figures_are_those_of_the_ledger(site):
    assert figure(site, "到位资金").startswith("50万元上年未报")
    assert figure(site, "完成投资").startswith("3,000万元")
    assert figure(site, "新签亿元以上项目").startswith("1个")
    assert figure(site, "飞地返利").startswith(
        "100万元上年未报应返100万元（1个能算出的飞地），已返100万元/100万元，100.0%"
    )
    assert figure(site, "援建资金拨付").startswith("未报")


def test_reversed_cumulative_and_draft_entries_are_not_added(site, change):
    def add():
        project = db.session.get(Project, site.world["project"])
        kind, on = EntryKind.FUNDS_IN_PLACE, date(2024, 8, 1)
        make.entry(project, kind, make.wan(7), on)
        make.entry(project, kind, make.wan(1000), on, cumulative=True)
        make.entry(project, kind, make.wan(2000), on, submitted_at=None)
        wrong = make.entry(project, kind, make.wan(4000), on)
        make.entry(project, kind, -make.wan(4000), on, reversal_of=wrong)

    change(add)
    assert figure(site, "到位资金").startswith("57万元")


def test_a_bound_stays_a_bound(site, change):
    def add():
        project = db.session.get(Project, site.world["project"])
        make.entry(
            project,
            EntryKind.FUNDS_IN_PLACE,
            make.wan(7),
            date(2024, 8, 1),
            precision=Precision.AT_LEAST,
        )

    change(add)
    assert figure(site, "到位资金").startswith("≥57万元")


def test_last_year_and_the_task(site, change):
    def add():
        project = db.session.get(Project, site.world["other_project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(40), date(2023, 8, 1))
        make.target(db.session.get(Region, site.world["qingyuan"]), 2024, "training.placed", 9)
        place = db.session.get(Region, site.world["qingyuan"])
        make.target(place, 2024, "projects.funds_in_place", 100)

    change(add)
    said = figure(site, "到位资金")
    assert "比上年增长25.0%" in said
    assert "按任务口径完成50万元/100万元，50.0%，有任务的1县中0县完成" in said


def test_the_figures_follow_the_region_at_the_top(site):
    assert figure(site, "到位资金", address=f"{PAGE}&region=331122").startswith("未报")
    assert figure(site, "到位资金", address=f"{PAGE}&region=331126").startswith("50万元")
    assert figure(site, "完成投资", address=f"{PAGE}&region=331126").startswith("未报")


def test_each_figure_leads_to_what_makes_it(site):
    leader = site.browser("leader")
    page = leader.get(PAGE).text
    links = re.findall(r'<dd class="key-value"><a class="quiet" href="([^"]+)"', page)
    assert len(links) >= 5
    for link in links:
        assert leader.get(link.replace("&amp;", "&")).status_code == 200
    funds = next(link for link in links if "funds_in_place" in link).replace("&amp;", "&")
    assert "50万元" in re.sub(r"\s", "", text_of(leader.get(funds)))


def test_a_return_that_was_not_paid_is_said_with_who_is_next(site, change):
    def add():
        enclave = db.session.get(Enclave, site.world["other_enclave"])
        make.term(enclave, amount=make.wan(30), starts_on=date(2023, 1, 1))
        make.entry(enclave, EntryKind.REBATE, make.wan(10), date(2024, 5, 1))

    before = text_of(site.browser("leader").get(PAGE))
    assert "返利逾期" not in before.replace("返利逾期、", "")
    change(add)
    page = site.browser("leader").get(PAGE)
    assert (
        "庆元飞地：应返 30 万元，实返 10 万元，尚欠 20 万元。下一步：富阳区兑付，庆元县登记到账。"
        in text_of(page)
    )
    assert f'href="/enclaves/{site.world["other_enclave"]}?year=2024"' in page.text


def test_late_reports_tasks_and_projects_are_said(site, change):
    def add():
        qingyuan = db.session.get(Region, site.world["qingyuan"])
        acts.filing(qingyuan, due_on=date(2024, 4, 10))
        acts.filing(db.session.get(Enclave, site.world["other_enclave"]), due_on=date(2024, 4, 12))
        make.target(qingyuan, 2024, "projects.funds_in_place", 100)
        make.project(qingyuan, name="久未开工项目", signed_on=date(2023, 1, 5))
        make.project(
            qingyuan, name="停工项目", signed_on=date(2023, 1, 5), started_on=date(2023, 2, 1)
        )
        make.project(qingyuan, name="新签项目", signed_on=date(2024, 11, 1))
        make.project(
            qingyuan,
            name="终止项目",
            signed_on=date(2022, 1, 1),
            terminated_on=date(2023, 1, 1),
        )

    change(add)
    said = text_of(site.browser("leader").get(PAGE))
    assert "庆元县：本县及其飞地有 2 件报表未报，最早的应于 2024-04-10 前报送" in said
    assert "庆元县：1 项任务差距大，完成项目到位资金 50 万元 / 100 万元（50.0%）。" in said
    assert "久未开工项目：2023-01-05 签约，至 2024-12-31 未开工。" in said
    assert "停工项目：2023-02-01 开工，台账中没有 2024 年的完成投资。" in said
    assert "新签项目" not in said
    assert "终止项目" not in said


def test_all_that_is_counted_opens(site, change):
    """The list behind 看全部 has as many as were counted, and none of the others."""

    def add():
        qingyuan = db.session.get(Region, site.world["qingyuan"])
        old = {"signed_on": date(2023, 1, 5)}
        for number in range(6):
            make.project(qingyuan, name=f"未开工{number}", **old)
            make.project(qingyuan, name=f"无进度{number}", started_on=date(2023, 2, 1), **old)
        make.project(qingyuan, name="后来开工", started_on=date(2025, 2, 1), **old)
        make.project(qingyuan, name="新签项目", signed_on=date(2024, 11, 1))

    change(add)
    leader = site.browser("leader")
    page = leader.get(PAGE)
    counted = dict(re.findall(r"(签约满一年未开工|在建项目没有进度)(\d+) 件", text_of(page)))
    ways = re.findall(r'href="(/projects/\?[^"]*stalled=[^"]+)"', page.text)
    assert len(counted) == len(ways) == 2
    for number, way in zip(counted.values(), ways, strict=True):
        listed = text_of(leader.get(way.replace("&amp;", "&")))
        assert f"共 {number} 条" in listed
        assert "新签项目" not in listed
        assert ("后来开工" in listed) == ("not-started" in way)


def test_an_empty_year_says_what_will_appear(site):
    said = text_of(site.browser("leader").get("/overview/?year=2016"))
    assert "2016 年度还没有报送的资金和项目" in said
    assert "最近有记录的是 2024 年度" in said


def test_the_picture_has_its_words_and_its_table(site, change):
    change(
        lambda: make.target(
            db.session.get(Region, site.world["qingyuan"]), 2024, "projects.funds_in_place", 100
        )
    )
    page = site.browser("leader").get(PAGE).text
    picture = page[
        page.index('<svg class="bars"') : page.index("</svg>", page.index('class="bars"'))
    ]
    assert "<title" in picture
    assert "<desc" in picture
    assert 'href="/counties/331126?year=2024"' in picture
    assert 'class="task"' in picture
    assert 'class="axis"' in picture
    assert '<details class="data">' in page


def test_a_bar_is_grey_where_nothing_was_asked(site, change):
    def add():
        place = db.session.get(Region, site.world["qingyuan"])
        make.target(place, 2024, "projects.funds_in_place", 100)
        project = make.project(db.session.get(Region, site.world["jinyun"]))
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(5), date(2024, 5, 1))

    change(add)
    page = site.browser("leader").get(PAGE)
    bars = re.findall(
        r'href="/counties/(\d+)[^>]*>\s*<text.*?<rect class="bar ?(\w*)"', page.text, re.S
    )
    assert dict(bars) == {"331126": "missed", "331122": "free"}
    assert "空心横条未达任务，灰色没有任务。" in text_of(page)


READ = {
    "leader": [PAGE, "/counties/331122?year=2024", "/", "/counties/?year=2024"],
    "staff": ["/?year=2024", "/pairings/{pairing}?year=2024"],
    "reviewer": ["/?year=2024", PAGE],
    "assessor": ["/counties/331100?year=2024", "/?year=2024"],
}


@pytest.mark.parametrize(
    "most", [pytest.param(1, id="some"), pytest.param(None, id="all", marks=pytest.mark.soak)]
)
def test_no_page_takes_more_statements_as_the_data_grow(site, most):
    """Of those whose work is most; other kinds of pages are drawn in `audits/test_growth.py`."""
    wanted = [(user, at.format(**site.world.ids)) for user, of in READ.items() for at in of[:most]]
    add_some(site, range(4))  # the grids of the first two quarters in hand are reckoned
    few = {at: number_for(site, *at) for at in wanted}
    add_some(site, range(4, 13))
    assert {at: number_for(site, *at) for at in wanted} == few


def test_both_databases_say_the_same(any_site):
    add_some(any_site, range(3))
    assert figure(any_site, "到位资金").startswith("110万元")
    assert figure(any_site, "培训").startswith("60人次")
    pages = {
        "leader": ("/", "/counties/", "/counties/331122", "/counties/331100"),
        "staff": ("/", f"/pairings/{any_site.world['pairing']}"),
        "reviewer": ("/", "/overview/"),
        "assessor": ("/",),
    }
    for user, addresses in pages.items():
        for address in addresses:
            assert any_site.browser(user).get(f"{address}?year=2024").status_code == 200


def test_staff_find_what_there_is_to_do_and_the_next_step(site, change):
    def add():
        jinyun = db.session.get(Region, site.world["jinyun"])
        project = db.session.get(Project, site.world["project"])
        acts.filing(jinyun, due_on=date(2024, 4, 10))
        make.project(jinyun, name="缺总投资项目", signed_on=date(2024, 1, 1))
        make.entry(
            project, EntryKind.FUNDS_IN_PLACE, make.wan(9), date(2024, 9, 9), submitted_at=None
        )
        make.project(
            db.session.get(Pairing, site.world["pairing"]).supporter,
            name="富阳项目",
            partner=jinyun,
        )

    change(add)
    page = site.browser("staff").get("/?year=2024")
    said = text_of(page)
    assert "2024 年第一季度 未开始" in said
    assert "智能装备项目 到位资金 9 万元" in said
    assert "富阳项目" in said
    assert said.count("缺总投资项目") >= 2  # without money, and without its total
    assert "庆元竹木项目" not in said
    links = re.findall(r'class="todo-act" href="([^"]+)"', page.text)
    assert links
    for link in links:
        assert site.browser("staff").get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    "each", [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("user", ["staff", "reviewer", "assessor", "leader", "administrator"])
def test_no_first_page_has_a_dead_end(site, user, each):
    """Of the links to pages of one kind the first is followed, or each."""
    add_some(site, range(2))
    browser = site.browser(user)
    page = browser.get("/?year=2024").text
    links = sorted(set(re.findall(r'<a [^>]*href="(/[^"#]*)', page[page.index("<main") :])))
    assert links or user == "administrator"
    if not each:
        links = {re.sub(r"\d+|\?.*", "", link): link for link in reversed(links)}.values()
    for link in links:
        answer = browser.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        answer.close()  # some are files


@pytest.mark.parametrize(
    ("most", "step"),
    [("0", "1"), ("4", "1"), ("5", "1"), ("6", "2"), ("21000", "5000"), ("99", "20")],
)
def test_the_axis_has_round_and_few_lines(most, step):
    assert step_of(Decimal(most)) == Decimal(step)


def test_bars_begin_at_nought_and_keep_their_proportions():
    rows = [("庆元县", Decimal(50), Decimal(100), None), ("缙云县", Decimal(75), None, "/x")]
    chart = chart_of(rows)
    assert [bar.name for bar in chart.bars] == ["缙云", "庆元"]
    assert chart.ticks[0].words == "0"
    assert chart.ticks[0].x == f"{ZERO_AT}.00%"
    longer, shorter = (Decimal(bar.width.rstrip("%")) for bar in chart.bars)
    assert longer / shorter == Decimal("1.5")
    assert chart.bars[1].mark == chart.ticks[-1].x
    assert chart.bars[1].reached is False
    assert chart.bars[0].reached is None


def test_names_and_amounts_are_short_on_the_picture():
    assert [short_name(name) for name in ("缙云县", "景宁畲族自治县", "龙泉市", "余县")] == [
        "缙云",
        "景宁",
        "龙泉",
        "余县",
    ]
    assert [axis_words(Decimal(n), "万元") for n in (0, 5000)] == ["0", "5000万"]
    assert [axis_words(Decimal(n), "亿元") for n in (0, 5000, 25_000)] == ["0", "0.5亿", "2.5亿"]


def test_no_bar_says_nought_of_a_county_that_reported_nothing():
    rows = [("甲县", None, Decimal(100), None), ("乙县", Decimal(0), Decimal(100), None)]
    nought, silent = chart_of(rows).bars
    assert (nought.name, nought.words, nought.reached) == ("乙县", "0.00", False)
    assert (silent.words, silent.reached, silent.width) == ("未报", None, "0.00%")
    assert silent.mark


def test_a_picture_has_one_unit():
    rows = [("庆元县", Decimal(9_000), None, None), ("缙云县", Decimal("12345.678"), None, None)]
    large, small = chart_of(rows), chart_of(rows[:1])
    assert (large.unit, [bar.words for bar in large.bars]) == ("亿元", ["1.23", "0.90"])
    assert all(tick.words in ("0",) or tick.words.endswith("亿") for tick in large.ticks)
    assert (small.unit, [bar.words for bar in small.bars]) == ("万元", ["9,000.00"])


def test_the_part_of_a_year_that_has_passed():
    assert passed(2024, date(2025, 1, 1)) == 1
    assert passed(2024, date(2023, 12, 31)) == 0
    assert passed(2024, date(2024, 12, 31)) == 1
    assert passed(2024, date(2024, 1, 1)) == Decimal(1) / 366


def test_every_ratio_shows_the_two_numbers_that_make_it(site, change):
    """All ratios of the page: none stands outside `ratio`, and each follows from its numbers."""

    def add():
        qingyuan = db.session.get(Region, site.world["qingyuan"])
        make.target(qingyuan, 2024, "projects.funds_in_place", 100)
        enclave = db.session.get(Enclave, site.world["other_enclave"])
        make.term(enclave, amount=make.wan(30), starts_on=date(2023, 1, 1))
        make.entry(enclave, EntryKind.REBATE, make.wan(10), date(2024, 5, 1))
        project = db.session.get(Project, site.world["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(40), date(2023, 5, 1))

    change(add)
    page = site.browser("leader").get(PAGE).text
    found = re.findall(
        r'<span class="share-of" data-(\w+)="([^"]+)" data-\w+="([^"]+)">(.*?%)', page, re.S
    )
    assert {kind for kind, *_ in found} == {"of", "now"}
    for kind, one, other, words in found:
        share = Decimal(one) / Decimal(other)
        if kind == "now":
            share = abs(share - 1)
        assert f"{share * 100:.1f}%" in words
    outside = re.sub(r'<span class="share-of".*?%', "", page[page.index("</nav>") :], flags=re.S)
    body = outside[outside.index('class="overview"') :]
    told = r'<svg class="bars".*?</svg>|<ul class="sentences">.*?</ul>|<p class="help rule">.*?</p>'
    body = re.sub(told, "", body, flags=re.S)
    assert "%" not in re.sub(r"<[^>]*>", "", body)


def test_what_follows_from_a_bound_is_a_bound(site, change):
    def add():
        project = db.session.get(Project, site.world["project"])
        kind, bound = EntryKind.FUNDS_IN_PLACE, Precision.AT_LEAST
        make.entry(project, kind, make.wan(40), date(2023, 5, 1))
        make.entry(project, kind, make.wan(10), date(2024, 5, 1), precision=bound)

    change(add)
    leader = site.browser("leader")
    exact, bounded = r"(?:增长|增减) [\d<]", r"(?:增长|增减) ≥"
    page = text_of(leader.get(PAGE))
    said = page[page.index("到位资金") :][:80]
    assert re.search(bounded, said), said
    assert not re.search(exact, said), said
    assert re.search(r"到位资金 ≥.{,60}\+≥", text_of(leader.get("/overview/summary?year=2024")))


def test_each_kind_of_enclave_opens_into_those_that_were_counted(site, change):
    """Also where one became a 发展飞地 meanwhile, another closed before, a third has no kind."""

    def add():
        qingyuan = db.session.get(Region, site.world["qingyuan"])
        other = db.session.get(Enclave, site.world["other_enclave"])
        made = {
            "成为发展飞地": {"kind": EnclaveKind.INDUSTRIAL, "development_since": date(2025, 3, 1)},
            "早已关闭飞地": {"kind": EnclaveKind.INDUSTRIAL, "closed_on": date(2020, 1, 1)},
            "类型不明飞地": {"kind": None},
        }
        for number, (name, of) in enumerate(made.items()):
            found = make.enclave(qingyuan, other.host_region, name=name, code=f"ZZ-{number}", **of)
            make.term(found, amount=make.wan(30), starts_on=date(2019, 1, 1))
            make.entry(found, EntryKind.REBATE, make.wan(10 + number), date(2025, 5, 1))

    change(add)
    leader = site.browser("leader")
    page = leader.get("/overview/?year=2025").text
    table = page[page.index('id="by-kind"') :]
    seen = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.S):
        ways = [way.replace("&amp;", "&") for way in re.findall(r'href="([^"]+)"', row)]
        if not ways:
            continue
        kind, number, _, paid, *_ = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        kind, number, paid = (re.sub(r"<[^>]+>|\s", "", each) for each in (kind, number, paid))
        listed = text_of(leader.get(ways[0]))
        assert f"共 {number} 条" in listed, kind
        assert "早已关闭飞地" not in listed
        seen[kind] = "成为发展飞地" in listed
        if len(ways) > 1:
            sums = re.sub(r"\s", "", text_of(leader.get(ways[1])))
            assert f"返利合计{Decimal(paid.replace(',', '')).normalize():f}万元" in sums, kind
    assert seen["发展飞地"]
    assert "类型未报" in seen
    assert not any(there for kind, there in seen.items() if kind != "发展飞地")


def test_the_sums_of_a_task_open_into_the_tasks_that_make_them(site, change):
    def add():
        for place, asked in (("qingyuan", 100), ("jinyun", 70)):
            region = db.session.get(Region, site.world[place])
            make.target(region, 2024, "projects.funds_in_place", asked)
            make.target(region, 2024, "consumption.sales", 5)

    change(add)
    leader = site.browser("leader")
    page = leader.get(PAGE).text
    (way,) = re.findall(r'href="(/overview/tasks\?[^"]*measure=[^"]+)"', page)
    listed = leader.get(way.replace("&amp;", "&"))
    assert "2 个县" in text_of(listed)
    assert "消费帮扶额" not in text_of(listed)[text_of(listed).index("完成率") :]
    cells = re.findall(
        r'<tfoot>.*?data-label="任务">(.*?)</td>.*?"完成">(.*?)</td>', listed.text, re.S
    )
    (of_all,) = cells
    rows = [
        re.findall(r'data-label="(?:任务|完成)">(.*?)</td>', row, re.S)
        for row in re.findall(
            r"<tr>(?:(?!</tr>).)*data-label(?:(?!</tr>).)*</tr>", listed.text, re.S
        )
    ]
    amounts = [[number(cell) for cell in row] for row in rows]
    told = [row for row in amounts[:-1] if None not in row]
    assert [sum(column) for column in zip(*told, strict=True)] == [number(of) for of in of_all]
    assert site.browser("leader").get("/overview/tasks?year=2024&measure=no").status_code == 404
    assert site.browser("administrator").get("/overview/tasks").status_code == 403


def number(cell: str) -> Decimal | None:
    """A cell's number; None where it says that nothing is reported."""
    said = re.sub(r"<[^>]*>|[,\s]", "", cell)
    return Decimal(said) if re.fullmatch(r"[\d.]+", said) else None


def test_what_one_enclave_overpaid_settles_no_other(site, change):
    def add():
        owing = db.session.get(Enclave, site.world["other_enclave"])
        over = db.session.get(Enclave, site.world["enclave"])
        for enclave, paid in ((owing, 10), (over, 70)):
            make.term(enclave, amount=make.wan(30), starts_on=date(2023, 1, 1))
            make.entry(enclave, EntryKind.REBATE, make.wan(paid), date(2024, 5, 1), note="另")

    with site.app.app_context():
        before = settled(returns_where(2024))
    change(add)
    with site.app.app_context():
        found = settled(returns_where(2024))
    assert before is None or before.number <= found.number
    assert found.due == found.met + found.owing
    assert found.owing == yuan(make.wan(20))
    assert found.short == 1
    assert found.over.value > 0
    said = re.sub(r"\s", "", text_of(site.browser("leader").get(PAGE)))
    assert "尚欠20万元（1个）；另有多返" in said


def test_a_county_that_reported_nothing_is_in_neither_sum(site, change):
    change(
        lambda: make.target(
            db.session.get(Region, site.world["qingyuan"]), 2024, "support.training", 100
        )
    )
    with site.app.app_context():
        regions = select(Region.id)
        found = progress.progress_of(progress.counties_in(regions), 2024)
        figures = figures_of(regions, 2024, found, [], part_of(regions, 2024))
    task = figures[-1].task
    assert (task.asked.value, task.done.value, task.silent) == (0, 0, 1)
    assert task.unknown == Figure(Decimal(100), "人次")
    assert task.share is None


class TestPartOfAYear:
    def test_the_same_part_of_the_year_before(self, site, change):
        def add():
            project = db.session.get(Project, site.world["project"])
            for on, amount in (
                (date(2025, 2, 1), 100),
                (date(2025, 11, 1), 9_000),
                (date(2026, 2, 1), 110),
                (date(2026, 7, 2), 1),
            ):
                make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), on, note=str(on))
            acts.filing(
                db.session.get(Region, site.world["jinyun"]),
                2026,
                FilingKind.Q1,
                due_on=date(2026, 4, 10),
                filed_at=datetime(2026, 4, 8, tzinfo=UTC),
            )
            acts.filing(
                db.session.get(Region, site.world["qingyuan"]),
                2026,
                FilingKind.Q1,
                due_on=date(2026, 4, 10),
            )
            acts.filing(
                db.session.get(Region, site.world["jinyun"]),
                2026,
                FilingKind.Q2,
                due_on=date(2026, 7, 10),
            )

        change(add)
        with time_machine.travel(datetime(2026, 7, 3, 4, tzinfo=UTC)):
            said = text_of(site.browser("leader").get("/overview/?year=2026"))
        said = re.sub(r"\s", "", said)
        # The second quarter is over, and nobody has reported it.
        assert "截至2026-03-31，1/2县已报第一季度季报。" in said
        assert "到位资金111万元，比上年同期增长10.0%（110万元，上年同期100万元）" in said

    def test_before_the_first_quarter_is_over_the_days_are_compared(self, site):
        with site.app.app_context():
            regions = select(Region.id)
            part = part_of(regions, 2026, date(2026, 2, 10))
            assert (part.until, part.until_before) == (date(2026, 2, 10), date(2025, 2, 10))
            assert part_of(regions, 2024, date(2026, 2, 10)).whole
            assert part_of(regions, 2026, date(2026, 7, 1)).until == date(2026, 6, 30)

    def test_the_29th_of_february(self):
        assert same_day(date(2024, 2, 29), 2023) == date(2023, 2, 28)


def test_no_class_of_ours_means_something_else_to_the_vendor(site):
    """The vendor's `.ratio > *` lies on one spot: numbers of a ratio would cover each other."""
    vendor = (ROOT / "static" / "vendor").glob("tabler-*.part.css")
    heaped = set(
        re.findall(r"\.([\w-]+)\s*>\s*\*\s*\{[^}]*position:\s*absolute", next(vendor).read_text())
    )
    page = site.browser("leader").get(PAGE).text
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', page))))
    assert not heaped & used


def test_a_task_of_nought_has_no_share(site, change):
    """Nothing was asked: done all the same, without a rate and without an error."""
    change(
        lambda: make.target(
            db.session.get(Region, site.world["qingyuan"]), 2024, "projects.funds_in_place", 0
        )
    )
    said = figure(site, "到位资金")
    assert "按任务口径完成50万元/0万元，有任务的1县中1县完成" in said
    county = re.sub(r"\s", "", text_of(site.browser("leader").get("/counties/331126?year=2024")))
    assert re.search(r"项目到位资金（万元）0(\.00)?50(\.00)?／?不适用", county), county
