"""Ruling on facts by hand: accept, correct, refuse, at the own level, on what one sees."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests import courses
from tests.web.conftest import YEAR
from tests.web.pages import text_of, value_of
from tracker.core.db import db
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.year.assessments.service import freeze_and_score
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.procedure.models import Act, Stage
from tracker.year.procedure.queries import assessment_of

JINYUN = f"/determinations/{YEAR}/zj-recipient-county/331122"
QINGYUAN = f"/determinations/{YEAR}/zj-recipient-county/331126"
MEASURE = "projects.counted"


def rulings(site) -> list[Determination]:
    with site.app.app_context():
        found = list(db.session.scalars(db.select(Determination).order_by(Determination.id)))
        db.session.expunge_all()
        return found


def rule(browser, address: str, **typed: str):
    """Rule on the fact at `address` as somebody who has just opened it."""
    page = browser.get(address)
    seen = {name: value_of(page, name) or "" for name in ("reported", "latest")}
    answer = browser.post(address, {**seen, **typed})
    mark = value_of(answer, "confirmed") if answer.status_code == 422 else None
    return browser.post(address, {**seen, **typed, "confirmed": mark}) if mark else answer


def test_what_waits_is_counted_by_subject_and_leads_to_its_facts(site):
    reviewer = site.browser("reviewer")
    page = reviewer.get(f"/determinations/?year={YEAR}")
    assert "待初审" in text_of(page)
    assert JINYUN in page.text
    assert QINGYUAN in page.text
    assert CATALOGUE.measures[MEASURE].label in text_of(reviewer.get(JINYUN))
    assert "尚未计分" in text_of(reviewer.get(f"/determinations/?year={YEAR - 1}"))
    assert JINYUN in reviewer.get(f"/?year={YEAR}").text


def test_what_waits_is_told_by_who_may_still_decide(site):
    """After its 初审 a city is told of what the province still has to rule on, by the reason; once
    nobody rules any more, nothing waits, and what was not ruled on is not called ruled."""
    with site.app.app_context():
        of = courses.assessment(YEAR, Stage.CITY)
        courses.event(of, Act.OPENED)
        db.session.commit()
    reviewer = site.browser("reviewer")
    pages = (
        f"/determinations/?year={YEAR}",
        f"/determinations/review/?year={YEAR}",
        f"/desk/?year={YEAR}",
        JINYUN,
        f"/desk/{YEAR}/zj-recipient-county/subjects/331122",
    )

    def said() -> list[str]:
        return [text_of(reviewer.get(page)) for page in pages]

    def moved_to(stage: Stage) -> None:
        with site.app.app_context():
            assessment_of(YEAR).stage = stage
            db.session.commit()

    assert all(re.search("待初审|未初审", each) for each in said())
    assert "去核定" in text_of(reviewer.get(f"/?year={YEAR}"))
    moved_to(Stage.PROVINCE)
    for each in said():
        assert "待核定" in each
        assert "待初审" not in each
        assert "未初审" not in each
        assert "市级初审已经结束，现在由省级复核" in each
    assert "去核定" not in text_of(reviewer.get(f"/?year={YEAR}"))
    assert re.search(r"\d+ 项待核定", text_of(site.browser("assessor").get(JINYUN)))
    moved_to(Stage.FINAL)
    for each in said():
        assert not re.search(r"[1-9]\d* 项(指标值|事实)?待核定", each)
        assert "不再核定" in each
    assert "未核定" in said()[3]


def test_a_status_says_what_a_level_still_has_to_decide_on(site):
    """What the city ruled is taken over until the province decides: not what has changed."""
    reviewer, assessor = site.browser("reviewer"), site.browser("assessor")
    address = f"{JINYUN}/{MEASURE}"

    def status(browser) -> str:
        row = re.search(rf'<tr>(?:(?!</tr>).)*{MEASURE}".*?</tr>', browser.get(JINYUN).text, re.S)[
            0
        ]
        return re.search(r'data-label="状态">(?:<span[^>]*>)?([^<]*)', row)[1]

    assert (status(reviewer), status(assessor)) == ("未初审", "未核定")
    assert rule(reviewer, address, ruling="accepted").status_code == 302
    assert (status(reviewer), status(assessor)) == ("已核定", "沿用初审")
    waiting = int(re.search(r"(\d+) 项待核定", text_of(assessor.get(JINYUN)))[1])
    assert rule(assessor, address, ruling="accepted").status_code == 302
    assert (status(reviewer), status(assessor)) == ("已核定", "已核定")
    assert f"{waiting - 1} 项待核定" in text_of(assessor.get(JINYUN))


def test_each_level_rules_and_the_next_column_goes_by_it(any_site):
    reviewer, assessor = any_site.browser("reviewer"), any_site.browser("assessor")
    address = f"{JINYUN}/{MEASURE}"
    sent = rule(reviewer, address, ruling="corrected", value="３", reason="一个项目未开工")
    assert sent.status_code == 302, text_of(sent)
    assert sent.location != address  # on to the next one that waits
    assert rule(assessor, address, ruling="accepted").status_code == 302
    first, second = rulings(any_site)
    assert (first.level, first.ruling, first.value) == (
        RulingLevel.CITY,
        Ruling.CORRECTED,
        Decimal(3),
    )
    assert (second.level, second.ruling) == (RulingLevel.PROVINCE, Ruling.ACCEPTED)
    assert first.reported == second.reported
    said = text_of(assessor.get(address))
    assert "初审更正为 3个" in said
    assert "一个项目未开工" in said
    with any_site.app.app_context():
        snapshot = freeze_and_score(YEAR, None)
        db.session.commit()
        assert b'"column":"province"' in snapshot.content
    for browser in (reviewer, assessor):
        assert "已核定" in text_of(browser.get(JINYUN))


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"ruling": ""}, "ruling", "请选择结论"),
        ({"ruling": "maybe"}, "ruling", "所选项不在列表中"),
        ({"ruling": "refused"}, "reason", "不予认定须说明理由"),
        ({"ruling": "corrected", "value": "2"}, "reason", "更正须说明理由"),
        ({"ruling": "corrected", "reason": "理由"}, "value", "更正须填写核定值"),
        ({"ruling": "corrected", "reason": "理由", "value": "-2"}, "value", "不能为负数"),
        ({"ruling": "corrected", "reason": "理由", "value": "二"}, "value", "请填写数字"),
        ({"ruling": "corrected", "reason": "理由", "value": "1" * 12}, "value", "数字过大"),
        ({"ruling": "corrected", "reason": "理由", "value": "1"}, "value", "与上报值相同"),
        ({"ruling": "refused", "reason": "理由", "value": "2"}, "value", "请清空核定值"),
        ({"ruling": "refused", "reason": "字" * 1001}, "reason", "最多 1000 字"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(site, typed, field, says):
    sent = rule(site.browser("reviewer"), f"{JINYUN}/{MEASURE}", **typed)
    assert sent.status_code == 422
    beside = re.search(rf'id="{field}-error">(.*?)</div>', sent.text, re.S)
    assert says in beside[1]
    assert not rulings(site)


def test_several_are_accepted_at_once_as_they_were_seen(site):
    reviewer = site.browser("reviewer")
    page = reviewer.get(JINYUN)
    names = re.findall(r'name="measure" value="([^"]+)"', page.text)
    assert len(names) > 2
    chosen = names[:2]
    reported = {f"reported-{name}": value_of(page, f"reported-{name}") for name in chosen}
    assert reviewer.confirm(JINYUN, {"measure": chosen, **reported}).status_code == 302
    assert [(r.measure, r.ruling) for r in rulings(site)] == [
        (name, Ruling.ACCEPTED) for name in sorted(chosen)
    ]
    left = re.findall(r'name="measure" value="([^"]+)"', reviewer.get(JINYUN).text)
    assert set(left) == set(names) - set(chosen)
    none = reviewer.post(JINYUN, {})
    assert none.status_code == 422
    assert "请先勾选" in text_of(none)
    stale = reviewer.post(JINYUN, {"measure": names[2], f"reported-{names[2]}": "99999"})
    assert stale.status_code == 422
    assert "上报值已变为" in text_of(stale)
    assert len(rulings(site)) == 2


def test_an_unreported_fact_is_not_accepted(site):
    reviewer = site.browser("reviewer")
    page = reviewer.get(JINYUN)
    rows = re.findall(r"<tr>.*?</tr>", page.text, re.S)
    missing = next(row for row in rows if "look-missing" in row)
    assert "checkbox" not in missing
    address = re.search(r'href="([^"]+)"', missing)[1]
    sent = rule(reviewer, address, ruling="accepted")
    assert sent.status_code == 422
    assert "该项未报，无从认可" in text_of(sent)
    assert rule(reviewer, address, ruling="refused", reason="限期未补").status_code == 302


def test_who_saw_an_earlier_state_decides_again(site):
    reviewer = site.browser("reviewer")
    address = f"{JINYUN}/{MEASURE}"
    page = reviewer.get(address)
    seen = {name: value_of(page, name) or "" for name in ("reported", "latest")}
    assert rule(reviewer, address, ruling="accepted").status_code == 302
    late = reviewer.post(address, {**seen, "ruling": "refused", "reason": "无凭证"})
    assert late.status_code == 422
    assert "已有人作出核定" in text_of(late)
    assert len(rulings(site)) == 1
    again = {name: value_of(late, name) or "" for name in ("reported", "latest")}
    sent = reviewer.post(address, {**again, "ruling": "refused", "reason": "无凭证"})
    assert sent.status_code == 302
    other = reviewer.post(address, {**again, "reported": "77", "ruling": "accepted"})
    assert "上报值已变为" in text_of(other)


def test_a_county_reads_its_own_and_rules_on_nothing(site):
    staff = site.browser("staff")
    assert "认可所选" not in text_of(staff.get(JINYUN))
    assert 'name="ruling"' not in staff.get(f"{JINYUN}/{MEASURE}").text
    assert staff.post(JINYUN, {"measure": MEASURE}).status_code == 403
    assert staff.get(QINGYUAN).status_code == 404
    assert staff.get(f"{QINGYUAN}/{MEASURE}").status_code == 404
    assert staff.get(f"{JINYUN}/no.such").status_code == 404
    assert QINGYUAN not in staff.get(f"/determinations/?year={YEAR}&all=1").text


def test_a_city_does_not_rule_on_itself(site):
    reviewer = site.browser("reviewer")
    own = f"/determinations/{YEAR}/zj-city/331100"
    page = text_of(reviewer.get(own))
    assert "本市自己的指标值由省级核定" in page
    assert "未核定" in page
    assert not re.search("待初审|未初审|均已初审", page), "it waits for nobody of the city"
    assert "没有待初审的事实" in text_of(reviewer.get(f"/desk/{YEAR}/zj-city/subjects/331100"))
    assert own not in reviewer.get(f"/determinations/?year={YEAR}").text
    assert reviewer.post(own, {"measure": "city.recipients"}).status_code == 403
    assert (
        rule(site.browser("assessor"), f"{own}/city.recipients", ruling="accepted").status_code
        == 302
    )


def test_the_record_of_rulings_is_found_and_never_changed(site):
    reviewer = site.browser("reviewer")
    rule(reviewer, f"{JINYUN}/{MEASURE}", ruling="refused", reason="凭证日期在上年")
    (made,) = rulings(site)
    page = text_of(reviewer.get(f"/rulings/?year={YEAR}&q=凭证&ruling=refused&about=region"))
    assert "缙云县 初审 不予认定" in page
    assert "共 1 条" in page
    assert "共 1 条" not in text_of(reviewer.get(f"/rulings/?year={YEAR}&ruling=accepted"))
    detail = text_of(reviewer.get(f"/rulings/{made.id}"))
    assert "凭证日期在上年" in detail
    assert "佐证材料" in detail
    assert reviewer.get(f"/rulings/{made.id}/edit").status_code == 404
    assert site.browser("neighbour").get(f"/rulings/{made.id}").status_code == 404
