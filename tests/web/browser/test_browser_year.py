"""A whole year's assessment by five people in a real browser, from 准备 to 通报: two counties
object, one is granted and one refused, and card, ranking, paper and report say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page

from tests import objecting
from tests.papers.texts import page_texts
from tests.web.browser.conftest import Windows
from tests.web.conftest import YEAR, Site
from tests.year.procedure.conftest import Year
from tracker.core.db import db, units
from tracker.core.jobs import Lane
from tracker.core.jobs.queue import opened, register
from tracker.papers.issuing import queries
from tracker.papers.scorecard.page_words import grouped
from tracker.records.accounts.models import User
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.procedure import service as procedure
from tracker.year.procedure.checks import latest_points
from tracker.year.procedure.models import Stage
from tracker.year.procedure.queries import assessment_of, final_snapshot, stage_of

pytestmark = pytest.mark.browser

COURSE = f"/assessments/course/?year={YEAR}"
SHEET, MEASURE = objecting.SHEET, "exchanges.visits"
JINYUN, QINGYUAN = "331122", "331126"
CORRECTED, LACKING = "两个项目合并填报。", "当年没有这项统计。"
NAMES = ("staff", "neighbour", "reviewer", "assessor", "leader")


class People:
    """Five people who sit down in turn at one window, and what they do in it."""

    def __init__(self, site: Site, windows: Windows, page: Page) -> None:
        self.site = site
        self.page = page
        self._windows = windows
        self._clients = {name: site.browser(name).client for name in NAMES}

    def goes(self, name: str, address: str) -> Page:
        self._windows.sign_in(self.page.context, self._clients[name])
        self.page.goto(address)
        return self.page

    def step(self, label: str, to: Stage, **typed: str) -> None:
        """The assessor takes the next step of the course, and confirms it."""
        page = self.goes("assessor", COURSE)
        way = page.get_by_role("link", name=label, exact=True)
        assert way.count(), page.inner_text("main")  # what has to be done first
        way.click()
        for field, text in typed.items():
            page.locator(f"[name={field}]").fill(text)
        page.get_by_role("button", name=label, exact=True).click()
        page.get_by_role("button", name=f"确认{label}").click()
        page.get_by_text(f"{YEAR} 年度考核：{to.label}阶段").wait_for()
        with self.site.app.app_context():
            assert stage_of(YEAR) is to

    def reviews_all(self) -> None:
        """The assessor reviews the cards of receiving counties by one act; the others are reviewed
        by then."""
        with self.site.app.app_context():
            points, snapshot = latest_points(YEAR), latest_snapshot(YEAR)
            assessor = db.session.get_one(User, self.site.world["assessor"])
            sheets = points.document["sheets"]
            others = [
                (subject, code)
                for subject, sheet in sheets.items()
                for code in sheet["subjects"]
                if subject != "county.recipient"
            ]
            procedure.review(assessor, snapshot, sheets, others)
            db.session.commit()
        page = self.goes("assessor", f"/assessments/reviews/?year={YEAR}")
        whole = page.get_by_role("button", name=re.compile("^复核这一类可以复核的"))
        acts = 0
        while whole.count():
            whole.first.click()
            with page.expect_navigation():
                page.get_by_role("button", name="确认复核").click()
            acts += 1
        assert acts == 1

    def corrects(self, name: str, at: str, value: str, reason: str) -> None:
        """A fact is corrected at the desk, and the desk says so."""
        page = self.goes(name, f"/desk/{YEAR}/{SHEET}/subjects/{at}")
        page.locator("[name=value]").fill(value)
        page.get_by_label("理由").fill(reason)
        page.get_by_role("button", name="更正", exact=True).click()
        page.get_by_role("status").filter(has_text="更正").first.wait_for()

    def accepts_both(self, measure: str) -> None:
        """The assessor accepts what both counties reported of a measure in a batch."""
        page = self.goes("assessor", f"/determinations/review/{YEAR}/{measure}")
        for county in ("缙云县", "庆元县"):
            page.get_by_label(f"选{county}").check()
        page.get_by_role("button", name="认可所选", exact=True).click()
        page.get_by_role("button", name="确认认可").click()
        page.get_by_text("2 项认可。").wait_for()

    def accepts_gap(self, code: str, reason: str) -> None:
        """The assessor accepts the first line of a card that cannot be scored as a gap."""
        page = self.goes("assessor", f"/assessments/reviews/{YEAR}/{SHEET}/{code}")
        form = page.locator("#gaps form").first
        form.get_by_label("理由").fill(reason)
        form.get_by_role("button", name="作为缺口认可").click()
        page.get_by_text("再计一次分后印在评分表上").wait_for()

    def issues(self) -> None:
        """The assessor has the papers issued; the page follows what the worker does."""
        page = self.goes("assessor", f"/papers/issue?year={YEAR}")
        page.get_by_label(re.compile("确认|已核对")).check()
        page.get_by_role("button", name=re.compile(r"^签发 \d+ 份")).click()
        page.get_by_text("已开始签发").wait_for()
        settings = self.site.app.config["TRACKER"]
        with (
            self.site.app.app_context(),
            units.mode(writes=False),
            opened(settings, Lane.LONG) as queue,
        ):
            register(queue, lambda job: job.function, Lane.LONG)
            queue.execute(queue.dequeue())
        page.get_by_text("已全部签发").wait_for()

    def objects(self, name: str, code: str, line: str, words: str, value: str = "") -> str:
        """A county objects to a line on its card; the address of the objection."""
        with self.site.app.app_context():
            number = latest_snapshot(YEAR).id
        page = self.goes(name, f"/scorecards/{number}/{SHEET}/{code}?open=all")
        page.locator(f'a[href*="/objections/{YEAR}/{SHEET}/{code}/{line}/new"]').first.click()
        page.get_by_label("申诉理由").fill(words)
        if value:
            page.locator("[name=value_0]").fill(value)
        page.get_by_role("button", name="提出申诉").click()
        page.get_by_text("待答复").first.wait_for()
        return re.sub(r"\?.*", "", page.url)

    def answers(self, address: str, how: str, reason: str, value: str = "") -> None:
        """The assessor answers an objection."""
        page = self.goes("assessor", f"{address}/answer")
        chosen = page.locator("[name=how]").first
        if chosen.evaluate("element => element.tagName") == "SELECT":
            chosen.select_option(label=how)
        else:
            page.get_by_label(how, exact=True).check()
        page.get_by_label("理由").fill(reason)
        if value:
            page.locator("[name=value_0]").fill(value)
        page.get_by_role("button", name="答复", exact=True).click()
        page.get_by_role("button", name="确认答复").click()
        page.get_by_text(reason).first.wait_for()


@pytest.fixture
def people(site: Site, windows: Windows, address: str) -> Iterator[People]:
    with windows.lent() as (page, complaints):
        page.set_default_timeout(20_000)
        yield People(site, windows, page)
        assert complaints == []


def rules_the_rest(site: Site, name: str, level: RulingLevel) -> None:
    """What many pages would take: all other facts are ruled on; by the province, which scores."""
    with site.app.app_context():
        year = object.__new__(Year)
        year.assessor = db.session.get_one(User, site.world["assessor"])
        actor = db.session.get_one(User, site.world[name])
        year.rule_all(latest_snapshot(YEAR), level, actor)
        if level is RulingLevel.PROVINCE:
            year.score()
            db.session.commit()


def accepts_other_gaps(site: Site) -> None:
    """Likewise all other lines that lack all the same."""
    with site.app.app_context():
        year = object.__new__(Year)
        year.assessor = db.session.get_one(User, site.world["assessor"])
        year.accept_gaps()
        year.score()
        db.session.commit()


def scored_anew(people: People) -> None:
    page = people.goes("assessor", f"/assessments/?year={YEAR}")
    page.get_by_role("button", name="计分", exact=True).click()
    page.get_by_role("button", name="确认计分").click()
    page.get_by_text("已冻结事实并计分").wait_for()


def words_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page_texts(pdf)))


def total_of(site: Site, snapshot: Snapshot, code: str) -> str:
    return grouped(objecting.card(snapshot, code, SHEET).total)


def test_a_year_from_its_beginning_to_the_circular(site: Site, people: People) -> None:
    page = people.goes("assessor", f"/assessments/course/{YEAR}/days")
    page.get_by_role("button", name="启动").click()
    page.get_by_text(f"{YEAR} 年度考核：准备阶段").wait_for()
    people.step("开始自评", Stage.SELF)
    assert "自评" in people.goes("staff", COURSE).inner_text("main")
    people.step("自评截止", Stage.CITY)
    people.corrects("reviewer", f"{JINYUN}?line=A2.1&fact=projects.counted", "2", CORRECTED)
    rules_the_rest(site, "reviewer", RulingLevel.CITY)
    people.step("初审结束", Stage.PROVINCE)
    assert "还没有公示" in people.goes("staff", f"/scorecards/?year={YEAR}").inner_text("main")
    people.accepts_both("enclaves.income")
    rules_the_rest(site, "assessor", RulingLevel.PROVINCE)
    people.accepts_gap(JINYUN, LACKING)
    accepts_other_gaps(site)
    people.reviews_all()
    people.step("开始公示", Stage.NOTICE)

    with site.app.app_context():
        noticed = latest_snapshot(YEAR)
        row = objecting.card(noticed, JINYUN, SHEET)
        line = objecting.line_reading(row, MEASURE)
        before = {code: total_of(site, noticed, code) for code in (JINYUN, QINGYUAN)}
    granted = people.objects("staff", JINYUN, line, "漏计一次互访，见纪要。", "2")
    refused = people.objects("neighbour", QINGYUAN, line, "应计三次互访。")
    people.answers(refused, "不予支持", "纪要只有一次。")
    with site.app.app_context():  # as if the days of the notice had passed
        assessment_of(YEAR).notice_until = date(2025, 3, 1)
        db.session.commit()
    people.step("公示期满", Stage.OBJECTIONS)
    people.answers(granted, "支持", "已核对纪要。", "2")
    scored_anew(people)
    people.reviews_all()
    people.step("定稿", Stage.FINAL)

    people.issues()
    with site.app.app_context():
        final_id = final_snapshot(YEAR).id
        issue_id = queries.latest_issue(YEAR).id
    people.step("通报", Stage.CIRCULAR, document="示例〔2025〕1号")

    with site.app.app_context():
        final = db.session.get_one(Snapshot, final_id)
        after = {code: total_of(site, final, code) for code in (JINYUN, QINGYUAN)}
        papers = {
            paper.subject_code: paper.id
            for paper in queries.list_of(issue_id)
            if paper.sheet in (SHEET, "")
        }
    assert after[JINYUN] != before[JINYUN]
    assert after[QINGYUAN] == before[QINGYUAN]
    for name, code, said in (
        ("staff", JINYUN, "：支持（"),
        ("neighbour", QINGYUAN, "：不予支持（"),
    ):
        card = people.goes(name, f"/scorecards/{final_id}/{SHEET}/{code}?open=all")
        shown = card.inner_text("main")
        assert after[code] in shown
        assert said in re.sub(r"\s", "", shown)
        with site.browser(name).get(f"/papers/{papers[code]}.pdf") as answer:
            paper = words_of(answer.get_data())
        assert said in paper
        assert (LACKING in paper) is (code == JINYUN)
        assert after[code] in paper
    ranking = people.goes("leader", f"/scorecards/?year={YEAR}&sheet={SHEET}").inner_text("main")
    assert all(total in ranking for total in after.values())
    with site.app.app_context():
        report = next(p.id for p in queries.list_of(issue_id) if p.kind.value == "province")
    with site.browser("leader").get(f"/papers/{report}.pdf") as answer:
        text = words_of(answer.get_data())
    assert "公示期内提出申诉2件：支持1件，不予支持1件。" in text
    assert "已核对纪要。" in text
    assert "纪要只有一次。" in text
