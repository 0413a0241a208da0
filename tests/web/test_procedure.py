"""The course of a year as people use it: opened, moved on, taken back; cards reviewed; gaps."""

from __future__ import annotations

import re

import pytest
from flask_login import login_user
from sqlalchemy import select

from tests import courses
from tests.web.conftest import YEAR, Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.submissions.checking import Fault
from tracker.year.assessments import simulation_rights
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.procedure.checks import Branch, Weight
from tracker.year.procedure.models import Act, CardReview, Gap, Stage
from tracker.year.procedure.queries import assessment_of, events_of

COURSE = f"/assessments/course/?year={YEAR}"
REVIEWS = f"/assessments/reviews/?year={YEAR}"
ONE = {"year": YEAR, "sheet": "zj-recipient-county", "subject_code": "331122"}
CARD = f"/assessments/reviews/{YEAR}/zj-recipient-county/331122"


def confirmed(site: Site, user: str, page: str, given: dict[str, str]):
    """What comes of sending `given`, once it was asked about and confirmed."""
    browser = site.browser(user)
    asked = browser.post(page, given)
    mark = re.search(r'name="confirmed" value="(\w+)"', asked.text)
    assert mark, text_of(asked)
    return browser.post(page, {**given, "confirmed": mark[1]})


def in_stage(site: Site, stage: Stage) -> None:
    with site.app.app_context():
        of = courses.assessment(YEAR, stage)
        courses.event(of, Act.OPENED)
        db.session.commit()


def take(site: Site, act: Act, **given: str):
    page = f"/assessments/course/{YEAR}/step/{act.value}"
    shown = site.browser("assessor").get(page)
    version = re.search(r'name="version" type="hidden" value="(\d+)"', shown.text)
    return page, {"version": version[1] if version else "", **given}


def stage(site: Site) -> Stage:
    with site.app.app_context():
        found = assessment_of(YEAR)
        assert found is not None
        return found.stage


def test_the_province_opens_a_year_and_brings_it_on(site: Site) -> None:
    assessor = site.browser("assessor")
    assert f"{YEAR} 年度的考核还没有启动" in text_of(assessor.get(COURSE))
    assert "由省级考核人员启动" in text_of(site.browser("staff").get(COURSE))
    days = f"/assessments/course/{YEAR}/days"
    shown = assessor.get(days).text
    usual = dict(re.findall(r'name="(\w+)"[^>]*value="(20\d\d-\d\d-\d\d)"', shown))
    assert set(usual) == {each.value for each in Stage if each is not Stage.PREPARING}
    wrong = assessor.post(days, {**usual, "city": "2025-01-02"})
    assert wrong.status_code == 422
    assert "市级初审的截止日不能早于自评的截止日" in text_of(wrong)
    assert assessor.post(days, usual).status_code == 302
    assert stage(site) is Stage.PREPARING
    page, given = take(site, Act.BEGUN)
    assert confirmed(site, "assessor", page, given).status_code == 302
    assert stage(site) is Stage.SELF
    # Sent again as it was, by another window: the version is another since.
    stale = assessor.post(page, given)
    assert stale.status_code in (409, 422)
    assert stage(site) is Stage.SELF
    page, given = take(site, Act.SELF_CLOSED)
    assert confirmed(site, "assessor", page, given).status_code == 302
    assert stage(site) is Stage.CITY
    with site.app.app_context():
        found = assessment_of(YEAR)
        assert found is not None
        assert events_of(found)[0].snapshot_id == latest_snapshot(YEAR).id
    assert "自评 → 市级初审" in text_of(site.browser("staff").get(COURSE))


def test_a_step_back_needs_its_reason(site: Site) -> None:
    in_stage(site, Stage.CITY)
    page, given = take(site, Act.TAKEN_BACK)
    refused = site.browser("assessor").post(page, given)
    assert refused.status_code == 422
    assert stage(site) is Stage.CITY
    page, given = take(site, Act.TAKEN_BACK, reason="自评未完")
    assert confirmed(site, "assessor", page, given).status_code == 302
    assert stage(site) is Stage.SELF
    assert "自评未完" in text_of(site.browser("neighbour").get(COURSE))


def test_what_stands_in_the_way_is_told_with_a_way_to_it(site: Site) -> None:
    in_stage(site, Stage.PROVINCE)
    shown = site.browser("assessor").get(COURSE)
    said = text_of(shown)
    for label in ("没有省级核定", "没有核定的事实", "不可计分的指标", "没有复核的评分表"):
        assert label in said
    assert f'href="/determinations/{YEAR}/zj-recipient-county/331122' in shown.text
    assert f'href="{CARD}' in shown.text
    page, given = take(site, Act.NOTIFIED)
    refused = confirmed(site, "assessor", page, given)
    assert refused.status_code == 422
    assert "还不能开始公示" in text_of(refused)
    assert stage(site) is Stage.PROVINCE
    assert "没有复核的评分表" not in text_of(site.browser("staff").get(COURSE))


def test_of_many_of_a_kind_the_first_are_named_and_none_is_lost(site: Site) -> None:
    many = tuple(
        Fault(f"县{n}", "省级还没有复核", "card_reviews.card", {**ONE, "subject_code": str(n)})
        for n in range(20)
    )
    branches = [Branch("没有复核的评分表", Weight.ERROR, "请复核。", of) for of in (many, many[:8])]
    with site.app.test_request_context():
        login_user(db.session.get_one(User, site.world["assessor"]))
        macros = site.app.jinja_env.get_template("procedure/parts.html")
        long, short = (str(macros.module.tree_of([each])) for each in branches)
    named, folded = long.rsplit('<details class="finding">', 1)
    assert [named.count("<li>"), folded.count("<li>")] == [8, 12]
    assert "其余 12 处" in folded
    assert all(f"/zj-recipient-county/{n}" in long for n in range(20))
    assert "其余" not in short


def test_the_precheck_leads_to_the_list_of_the_kind() -> None:
    fault = Fault("县", "省级还没有复核", "card_reviews.card", ONE)
    of = Branch("没有复核的评分表", Weight.ERROR, "", (fault,))
    assert of.listed == ("card_reviews.index", "复核", {"year": YEAR})
    assert Branch("", Weight.ERROR, "", (Fault("年度", "还没有计过分"),)).listed is None


def test_cards_are_reviewed_once_their_facts_are_decided(site: Site) -> None:
    in_stage(site, Stage.PROVINCE)
    assessor = site.browser("assessor")
    shown = assessor.get(REVIEWS)
    assert "项事实各级都没有核定" in text_of(shown)
    (snapshot,) = re.findall(r'name="snapshot" type="hidden" value="(\d+)"', shown.text)
    one = {"snapshot": snapshot, "card": "zj-recipient-county 331122"}
    refused = assessor.post(REVIEWS, one)
    assert refused.status_code == 422
    assert "请先勾选可以复核的评分表" in text_of(refused)
    stale = assessor.post(REVIEWS, {"snapshot": str(int(snapshot) + 1), "all": "zj-pair"})
    assert "请按最近一次的结果复核" in text_of(stale)
    # The page of one card, where the precheck of the notice leads, reviews it there.
    page = re.findall(rf'href="(/assessments/reviews/{YEAR}/zj-pair/[^"?]+)', shown.text)[0]
    (key,) = re.findall(r'name="card" value="([^"]+)">复核这一份', assessor.get(page).text)
    # Who does not review is told by whom it is done, and is offered nothing.
    assert "可以复核，尚未复核" in text_of(assessor.get(page))
    told = site.browser("reviewer").get(page)
    assert "复核这一份" not in told.text
    assert "可以复核" not in text_of(told)
    assert "尚未复核。复核由省级考核人员办理" in text_of(told)
    own = confirmed(site, "assessor", REVIEWS, {"snapshot": snapshot, "card": key})
    assert own.status_code == 302
    assert "复核这一份" not in assessor.get(page).text
    assert "复核由省级考核人员办理" not in text_of(site.browser("reviewer").get(page))
    done = confirmed(site, "assessor", REVIEWS, {"snapshot": snapshot, "all": "zj-pair"})
    assert done.status_code == 302
    with site.app.app_context():
        kinds = set(db.session.scalars(select(CardReview.subject)))
    assert kinds == {"pair"}
    # A city's reviewer reviews in the own city's assessment alone, which was not scored.
    refused = site.browser("reviewer").post(REVIEWS, one)
    assert refused.status_code == 422
    assert "市考县 · 丽水市" in text_of(refused)


def test_a_card_shows_its_review_its_gaps_and_whose_word_it_was(site: Site) -> None:
    in_stage(site, Stage.PROVINCE)
    assessor = site.browser("assessor")
    shown = text_of(assessor.get(CARD))
    assert "还不能复核" in shown
    lines = re.findall(r'name="line" value="([^"]+)"', assessor.get(CARD).text)
    assert lines
    assert "K1" not in lines
    bare = assessor.post(CARD, {"line": lines[0], "accepted": "1", "reason": ""})
    assert bare.status_code == 422
    for typed, says in (
        ({"line": "K1", "accepted": "1"}, "只有不可计分的指标可以作为缺口认可"),
        ({"line": lines[0], "accepted": "0"}, "没有作为缺口认可，不用撤销"),
        ({"line": "无此", "accepted": "0"}, "没有作为缺口认可，不用撤销"),
    ):
        refused = assessor.post(CARD, {**typed, "reason": "没有这项统计"})
        assert refused.status_code == 422
        assert says in text_of(refused)
    kept = assessor.post(CARD, {"line": lines[0], "accepted": "1", "reason": "没有这项统计"})
    assert kept.status_code == 302
    assert "没有这项统计" in text_of(assessor.get(CARD))
    with site.app.app_context():
        (gap,) = db.session.scalars(select(Gap)).all()
        assert (gap.line, gap.accepted, gap.subject_code) == (lines[0], True, "331122")
    # The county reads it, and changes nothing; its neighbour does not see the card at all.
    assert "没有这项统计" in text_of(site.browser("staff").get(CARD))
    assert 'name="accepted"' not in site.browser("staff").get(CARD).text
    assert site.browser("staff").post(CARD, {"line": lines[0]}).status_code == 403
    assert site.browser("neighbour").get(CARD).status_code == 404


def test_the_assessor_is_led_to_what_is_next(site: Site) -> None:
    in_stage(site, Stage.CITY)
    home = text_of(site.browser("assessor").get("/")).replace(" ", "")
    assert f"{YEAR}年度考核" in home
    assert "市级初审阶段，2025-01-31前办完，已过" in home
    assert "初审结束" in home
    assert "进行中的考核" not in text_of(site.browser("staff").get("/"))


def test_a_simulation_tells_no_rank_before_the_notice(site: Site) -> None:
    with site.app.app_context():
        number = latest_snapshot(YEAR).id
    page = f"/simulations/{number}/zj-recipient-county/331122"
    assert "等次和名次怎样变化" in text_of(site.browser("staff").get(page))
    in_stage(site, Stage.CITY)
    assert "名次怎样变化" not in text_of(site.browser("staff").get(page))
    assert "等次和名次怎样变化" in text_of(site.browser("assessor").get(page))


def test_what_would_tell_the_value_of_another_is_not_tried_before_the_notice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the visits were compared with those of the other county of the class."""

    def compared(line, card, sheet) -> bool:
        return line.code == "A1.1"

    monkeypatch.setattr(simulation_rights, "step_tells_others", compared)
    with site.app.app_context():
        number = latest_snapshot(YEAR).id
    page = f"/simulations/{number}/zj-recipient-county/331122"
    tried = f"{page}?f=exchanges.visits~2"
    assert "改动 1 项" in text_of(site.browser("staff").get(tried))
    in_stage(site, Stage.CITY)
    refused = site.browser("staff").get(tried)
    assert refused.status_code == 422
    assert "公布名次以前不能试改，以免透露其他对象的数值，没有计入" in text_of(refused)
    assert "改动 1 项" not in text_of(refused)
    shown = site.browser("staff").get(page).text
    assert 'name="v.exchanges.visits"' not in shown
    assert 'name="v.projects.funds_in_place"' in shown
    # The city has the cards of both before it.
    for user in ("reviewer", "assessor"):
        assert "改动 1 项" in text_of(site.browser(user).get(tried))
