"""按指标审核: one measure over places, with evidence beside each figure, ruled on many at once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests import courses, objecting
from tests.pdfs import pdf
from tests.web.conftest import YEAR
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.evidence.service import hand_in, keep
from tracker.records.projects.models import Project
from tracker.year.procedure.checks import Asked, precheck
from tracker.year.procedure.models import Act, Stage

MEASURE = "projects.counted"
ADDRESS = f"/determinations/review/{YEAR}/{MEASURE}"
PDF = pdf()


def rulings(site) -> list[Determination]:
    with site.app.app_context():
        return list(db.session.scalars(select(Determination).order_by(Determination.id)))


def shown(page) -> list[tuple[str, str, str]]:
    """(key, reported, latest) of the rows that may be chosen."""
    keys = re.findall(r'name="subject" value="([^"]+)"', page.text)
    value = lambda name, key: re.search(  # noqa: E731
        rf'name="{name}-{re.escape(key)}" value="([^"]*)"', page.text
    )[1]
    return [(key, value("reported", key), value("latest", key)) for key in keys]


def sent(rows, ruling: str, **more) -> dict:
    data = {"subject": [key for key, _, _ in rows], "ruling": ruling, **more}
    for key, reported, latest in rows:
        data |= {f"reported-{key}": reported, f"latest-{key}": latest}
    return data


def confirm(browser, data: dict):
    asks = browser.post(ADDRESS, data)
    assert asks.status_code == 422
    mark = re.search(r'name="confirmed" value="(\w+)"', asks.text)
    return browser.post(ADDRESS, {**data, "confirmed": mark[1]}) if mark else asks


@pytest.fixture
def proven(site) -> None:
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        user = db.session.get(User, site.world["staff"])
        hand_in(project, keep(PDF), "投资合同.pdf", "投资合同", user)
        db.session.commit()


def test_the_figures_of_a_measure_stand_with_their_evidence(site, proven):
    reviewer = site.browser("reviewer")
    index = text_of(reviewer.get(f"/determinations/review/?year={YEAR}"))
    assert "产业合作项目数" in index
    page = reviewer.get(ADDRESS)
    said = text_of(page)
    assert "缙云县" in said
    assert "投资合同：投资合同.pdf" in said
    assert "1 份佐证，1 条记录" in said
    assert reviewer.get(f"/determinations/review/{YEAR}/no.such").status_code == 404
    staff = site.browser("staff").get(ADDRESS)
    assert 'name="subject"' not in staff.text
    assert site.browser("staff").post(ADDRESS, {}).status_code == 403


def test_many_are_accepted_at_once_after_a_question(site):
    reviewer = site.browser("reviewer")
    rows = [row for row in shown(reviewer.get(ADDRESS)) if row[1]]
    assert rows
    data = sent(rows, "accepted")
    asks = reviewer.post(ADDRESS, data)
    assert asks.status_code == 422
    assert "核定记下后不能修改或删除" in text_of(asks)
    assert rulings(site) == []
    assert confirm(reviewer, data).status_code == 302
    made = rulings(site)
    assert len(made) == len(rows)
    assert {each.ruling for each in made} == {Ruling.ACCEPTED}
    assert {each.level for each in made} == {RulingLevel.CITY}
    assert not [row for row in shown(reviewer.get(ADDRESS)) if row in rows]
    # Sent again from a page of before: they wait no more.
    again = reviewer.post(ADDRESS, data)
    assert again.status_code == 422
    assert f"有 {len(rows)} 项刚刚已由他人核定" in text_of(again)
    assert len(rulings(site)) == len(made)


def test_a_refusal_wants_a_reason_that_all_of_them_get(site):
    assessor = site.browser("assessor")
    rows = shown(assessor.get(ADDRESS))
    bare = assessor.post(ADDRESS, sent(rows, "refused"))
    assert bare.status_code == 422
    assert "不予认定须说明理由" in text_of(bare)
    assert all(f'value="{key}" aria-label' in bare.text for key, _, _ in rows)
    assert confirm(assessor, sent(rows, "refused", reason="没有凭证")).status_code == 302
    assert {each.reason for each in rulings(site)} == {"没有凭证"}
    assert len(rulings(site)) == len(rows)


def test_a_correction_is_of_one_figure_and_of_its_measures_type(site):
    assessor = site.browser("assessor")
    rows = shown(assessor.get(f"{ADDRESS}?all=1"))
    one = rows[:1]
    for value, said in (("1.5", "须为整数"), ("", "更正须填写核定值"), ("-1", "")):
        data = sent(one, "corrected", reason="核减", value=value)
        refused = assessor.post(ADDRESS, data)
        assert refused.status_code == 422
        assert said in text_of(refused)
    accepted = assessor.post(ADDRESS, sent(one, "accepted", value="7"))
    assert "填了核定值，结论却是认可" in text_of(accepted)
    if len(rows) > 1:
        many = assessor.post(ADDRESS, sent(rows, "corrected", reason="核减", value="7"))
        assert "请只勾选一项" in text_of(many)
    assert rulings(site) == []
    other = assessor.post(ADDRESS, sent(one, "corrected", reason="核减", value="７人次"))
    assert other.status_code == 422
    assert "请填写数字" in text_of(other)
    # The unit of the measure itself may stand behind the number, in full width too.
    data = sent(one, "corrected", reason="核减", value="７个")
    assert confirm(assessor, data).status_code == 302
    (made,) = rulings(site)
    assert (made.ruling, int(made.value), made.reason) == (Ruling.CORRECTED, 7, "核减")


def test_what_nobody_chose_or_meant_is_told_and_what_changed_is_asked_anew(site):
    assessor = site.browser("assessor")
    rows = shown(assessor.get(ADDRESS))
    for data, said in (
        (sent([], "accepted"), "请先勾选"),
        (sent(rows, ""), "请选认可、更正或不予认定"),
        (sent(rows, "unlisted"), "请选认可、更正或不予认定"),
        (sent([(rows[0][0], "99", rows[0][2])], "accepted"), "上报值已变为"),
        (sent([(rows[0][0], rows[0][1], "12345")], "accepted"), "已有人对"),
    ):
        refused = assessor.post(ADDRESS, data)
        assert refused.status_code == 422
        assert said in text_of(refused)
    assert rulings(site) == []


def test_the_place_answers_a_ruling_and_who_ruled_sees_it(site):
    assessor, staff = site.browser("assessor"), site.browser("staff")
    rows = [row for row in shown(assessor.get(ADDRESS)) if row[0].endswith("331122")]
    assert confirm(assessor, sent(rows, "refused", reason="没有凭证")).status_code == 302
    (made,) = rulings(site)
    home = text_of(staff.get(f"/?year={YEAR}"))
    assert "待答复的更正和不予认定" in home
    assert "不予认定：没有凭证" in home
    address = f"/rulings/{made.id}"
    assert "还没有答复" in text_of(staff.get(address))
    bare = staff.post(f"{address}/answer", {"agrees": "0", "once": "1" * 32})
    assert bare.status_code == 422
    assert "有异议的须写明理由" in text_of(bare)
    said = {"agrees": "0", "words": "合同已补传", "once": "2" * 32}
    assert staff.post(f"{address}/answer", said).status_code == 302
    assert "不予认定：没有凭证" not in text_of(staff.get(f"/?year={YEAR}"))
    assert "有异议：合同已补传" in text_of(assessor.get(address))
    home = text_of(assessor.get("/"))
    assert "有异议：合同已补传" in home
    assert "去复看" in home
    fact = f"/determinations/{YEAR}/zj-recipient-county/331122/{MEASURE}"
    assert "有异议（" in text_of(assessor.get(fact))
    listed = text_of(assessor.get("/rulings/?span=all&answer=objected"))
    assert "有异议" in listed
    with site.app.app_context():  # while the notice runs nobody rules
        courses.assessment(YEAR, Stage.NOTICE)
        db.session.commit()
    home = text_of(assessor.get("/"))
    assert "有异议：合同已补传" in home
    assert "去复看" not in home
    with site.app.app_context():
        objecting.move(YEAR, Stage.OBJECTIONS)
        db.session.commit()
    # Ruled anew, the objection is settled; the answer stays where it was given.
    again = [row for row in shown(assessor.get(f"{ADDRESS}?all=1")) if row[0].endswith("331122")]
    data = sent(again, "accepted")
    asks = assessor.post(f"{ADDRESS}?all=1", data)
    mark = re.search(r'name="confirmed" value="(\w+)"', asks.text)[1]
    sent_on = assessor.post(f"{ADDRESS}?all=1", {**data, "confirmed": mark})
    assert sent_on.status_code == 302
    assert "有异议：合同已补传" not in text_of(assessor.get("/"))
    assert "合同已补传" in text_of(assessor.get(address))


def test_an_objection_to_a_citys_ruling_goes_to_the_province_once_the_city_is_done(site):
    reviewer, assessor, staff = map(site.browser, ("reviewer", "assessor", "staff"))
    rows = [row for row in shown(reviewer.get(ADDRESS)) if row[0].endswith("331122")]
    assert confirm(reviewer, sent(rows, "refused", reason="没有凭证")).status_code == 302
    (made,) = rulings(site)
    assert made.level is RulingLevel.CITY
    said = {"agrees": "0", "words": "合同已补传", "once": "2" * 32}
    assert staff.post(f"/rulings/{made.id}/answer", said).status_code == 302

    def told() -> tuple[bool, bool]:
        """Whether the city is asked, and whether the province is."""
        asked = "初审有异议：合同已补传去复看"
        return asked in text_of(reviewer.get("/")), asked in text_of(assessor.get("/"))

    assert told() == (True, False)
    with site.app.app_context():
        courses.assessment(YEAR, Stage.CITY)
        db.session.commit()
    assert told() == (True, False)
    with site.app.app_context():
        objecting.move(YEAR, Stage.PROVINCE)
        db.session.commit()
    assert told() == (False, True)
    with site.app.app_context():
        branches = precheck(Act.NOTIFIED, Asked(YEAR))
        found = {fault.words for branch in branches for fault in branch.faults}
    assert "1 条初审的核定有填报单位的异议，没有重新核定" in found
    rows = [row for row in shown(assessor.get(f"{ADDRESS}?all=1")) if row[0].endswith("331122")]
    assert confirm(assessor, sent(rows, "accepted")).status_code == 302
    assert told() == (False, False)


def test_only_the_place_itself_answers(site):
    assessor = site.browser("assessor")
    rows = [row for row in shown(assessor.get(ADDRESS)) if row[0].endswith("331122")]
    confirm(assessor, sent(rows, "refused", reason="没有凭证"))
    (made,) = rulings(site)
    address = f"/rulings/{made.id}/answer"
    assert site.browser("neighbour").get(address).status_code == 404
    for user in ("assessor", "reviewer", "leader"):
        assert site.browser(user).get(address).status_code == 403
    page = site.browser("staff").get(address)
    assert page.status_code == 200
    assert "没有凭证" in text_of(page)
