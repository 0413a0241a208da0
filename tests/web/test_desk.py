"""审核台: a subject's lines with what is ruled on, a line over all, the matrix, and what moved."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import courses
from tests.papers.reports.documents import document, snapshot
from tests.pdfs import pdf
from tests.web.conftest import YEAR
from tests.web.pages import text_of, value_of
from tracker.core.db import db
from tracker.core.db.audit import act_as
from tracker.records.accounts.models import User
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.enclaves.models import Enclave
from tracker.records.evidence.service import hand_in, keep
from tracker.records.projects.models import Project
from tracker.site.desk.lines import line_page
from tracker.site.desk.matrix import matrix_of
from tracker.year.assessments import queries
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure.models import Act, Stage

SHEET = "zj-recipient-county"
JINYUN = f"/desk/{YEAR}/{SHEET}/subjects/331122"
QINGYUAN = f"/desk/{YEAR}/{SHEET}/subjects/331126"
LINE, MEASURE = "A2.1", "projects.counted"
OPEN = f"{JINYUN}?line={LINE}&fact={MEASURE}"
PDF = pdf()


def rulings(site) -> list[Determination]:
    with site.app.app_context():
        return list(db.session.scalars(db.select(Determination).order_by(Determination.id)))


def rule(browser, **typed: str):
    """Rule on the open fact as somebody who has just opened it, and confirm what is asked."""
    page = browser.get(OPEN)
    seen = {name: value_of(page, name) or "" for name in ("reported", "latest")}
    answer = browser.post(OPEN, {**seen, **typed})
    mark = value_of(answer, "confirmed") if answer.status_code == 422 else None
    return browser.post(OPEN, {**seen, **typed, "confirmed": mark}) if mark else answer


def scored_again(site) -> None:
    with site.app.app_context():
        freeze_and_score(YEAR, db.session.get_one(User, site.world["assessor"]))
        db.session.commit()


def test_the_desk_leads_to_each_sheet_with_what_waits(site):
    page = site.browser("assessor").get(f"/desk/?year={YEAR}")
    said = text_of(page)
    assert "2 个对象" in said
    assert "项待核定" in said
    assert f"/desk/{YEAR}/{SHEET}/" in page.text
    assert f"/desk/{YEAR}/{SHEET}/lines/{LINE}" in page.text
    assert "尚未计分" in text_of(site.browser("assessor").get(f"/desk/?year={YEAR - 1}"))


def test_a_line_says_why_it_is_not_full_and_what_its_facts_rest_on(site):
    with site.app.app_context():
        project = db.session.get(Project, site.world["project"])
        hand_in(project, keep(PDF), "投资合同.pdf", "投资合同", db.session.get(User, 1))
        db.session.commit()
    reviewer = site.browser("reviewer")
    page = reviewer.get(OPEN)
    said = text_of(page)
    why = re.search(r'class="desk-why quoted">([^<]+)<', page.text)[1]
    assert why.startswith("未计分：缺少「产业合作项目数（目标）」")
    assert why.endswith("（2024年未下达目标）。")
    assert "智能装备项目" in said
    assert "投资合同：投资合同.pdf" in said
    assert "未初审" in said
    assert "下一个：庆元县" in said or "上一个：庆元县" in said
    assert 'data-key="line-after"' in page.text
    # Without a choice of a line the first at which something waits is open.
    assert 'id="line-heading"' in reviewer.get(JINYUN).text


def test_every_fact_that_waits_is_counted_and_led_to(site):
    page = site.browser("reviewer").get(JINYUN).text
    with site.app.app_context():
        snapshot = queries.latest_snapshot(YEAR)
        (card,) = (c for c in snapshot.cards if (c.sheet, c.subject_code) == (SHEET, "331122"))
        (found,) = subjects_to_rule(snapshot, [card])
        waits = {fact.name for fact in found.facts if fact.awaits(RulingLevel.CITY)}
        lines = scored(snapshot.sha256, snapshot.content).sheets[SHEET].card("331122").lines
        beyond = waits - {name for line in lines for name in line.inputs}
    assert re.search(r'本对象有 <span class="figure">(\d+)</span>', page)[1] == str(len(waits))
    assert "listing.left" in beyond  # a veto alone reads it
    for name in beyond:
        assert f'href="/determinations/{YEAR}/{SHEET}/331122/{name}"' in page


def test_a_city_then_the_province_rules_and_the_marks_follow(any_site):
    reviewer, assessor = any_site.browser("reviewer"), any_site.browser("assessor")
    sent = rule(reviewer, ruling="corrected", value="3", reason="一个项目未开工")
    assert sent.status_code == 302, text_of(sent)
    assert sent.location.startswith(JINYUN)
    assert f"fact={MEASURE}" not in sent.location  # on to the next one that waits
    fact = re.search(
        rf'id="fact-{MEASURE.replace(".", "-")}">(.*?)</div>', assessor.get(OPEN).text, re.S
    )
    assert "沿用初审" in fact[1]
    assert rule(assessor, ruling="accepted").status_code == 302
    city, province = rulings(any_site)
    assert (city.level, city.ruling, city.value) == (RulingLevel.CITY, Ruling.CORRECTED, 3)
    assert (province.level, province.ruling) == (RulingLevel.PROVINCE, Ruling.ACCEPTED)
    assert (
        "badge-word desk-mark"
        not in re.search(
            rf'id="fact-{MEASURE.replace(".", "-")}">(.*?)</div>', assessor.get(OPEN).text, re.S
        )[1]
    )


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"ruling": "refused"}, "reason", "不予认定须说明理由"),
        ({"ruling": "corrected", "reason": "理由"}, "value", "更正须填写核定值"),
        ({"ruling": "corrected", "reason": "理由", "value": "1.5"}, "value", "须为整数"),
        # Enter presses the first button: what was typed as a correction is no acceptance.
        ({"ruling": "accepted", "value": "2"}, "value", "填了核定值，结论却是认可"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(site, typed, field, says):
    sent = rule(site.browser("reviewer"), **typed)
    assert sent.status_code == 422
    assert says in re.search(rf'id="{field}-error">(.*?)</div>', sent.text, re.S)[1]
    assert not rulings(site)


def test_what_somebody_ruled_meanwhile_is_not_overwritten(site):
    reviewer = site.browser("reviewer")
    page = reviewer.get(OPEN)
    seen = {name: value_of(page, name) or "" for name in ("reported", "latest")}
    assert rule(reviewer, ruling="accepted").status_code == 302
    late = reviewer.post(OPEN, {**seen, "ruling": "refused", "reason": "迟了一步"})
    assert late.status_code == 422
    assert "已有人作出核定" in text_of(late)
    other = reviewer.post(OPEN, {"reported": "99", "latest": "0", "ruling": "accepted"})
    assert "上报值已变为" in text_of(other)
    assert len(rulings(site)) == 1


def test_no_fact_is_ruled_on_unless_it_is_named(site):
    answer = site.browser("reviewer").post(JINYUN, {"ruling": "accepted"})
    assert answer.status_code == 422
    assert "请先选定" in text_of(answer)
    assert not rulings(site)


def test_a_city_whose_time_is_over_is_told_so_instead_of_asked(site):
    with site.app.app_context():
        courses.event(courses.assessment(YEAR, Stage.PROVINCE), Act.OPENED)
        db.session.commit()
    reviewer = site.browser("reviewer")
    page = reviewer.get(OPEN)
    assert "市级初审已经结束" in text_of(page)
    assert "data-rule" not in page.text
    answer = reviewer.post(OPEN, {"ruling": "accepted"})
    assert answer.status_code == 409
    assert "市级初审已经结束" in text_of(answer)
    assert not rulings(site)


def test_the_desk_is_within_ones_places(site):
    staff = site.browser("staff")
    page = staff.get(OPEN)
    assert page.status_code == 200
    assert "data-rule" not in page.text
    assert staff.get(QINGYUAN).status_code == 404
    assert staff.post(OPEN, {}).status_code == 403
    for address in (f"/desk/{YEAR}/{SHEET}/", f"/desk/{YEAR}/{SHEET}/lines/{LINE}"):
        said = text_of(staff.get(address))
        assert "缙云县" in said
        assert "庆元县" not in said
    assert staff.get(f"/desk/{YEAR}/{SHEET}/lines/X9").status_code == 404
    assert staff.get(f"/desk/{YEAR}/no-such/").status_code == 404


def test_a_line_over_all_subjects_goes_in_order_and_opens_its_arithmetic(site):
    assessor = site.browser("assessor")
    address = f"/desk/{YEAR}/{SHEET}/lines/{LINE}"
    by_value = assessor.get(f"{address}?sort=value").text
    turned = assessor.get(f"{address}?sort=-value").text
    names = re.compile(r'<th scope="row"><a href="[^"]+">([^<]+)</a>')
    assert set(names.findall(by_value)) == {"缙云县", "庆元县"}
    values = re.compile(r'data-label="数值" class="num">(?:<[^>]+>)?([0-9.]+)')
    numbers = [float(value) for value in values.findall(by_value)]
    assert numbers == sorted(numbers)
    assert [float(v) for v in values.findall(turned)] == sorted(numbers, reverse=True)
    assert "÷" in by_value or "×" in by_value
    assert f"/desk/{YEAR}/{SHEET}/subjects/331122?line={LINE}#line" in by_value


def test_a_sheet_of_nobody_has_lines_and_no_rows():
    frozen = document(2024)
    sheet = frozen["sheets"]["enclave.income"]
    sheet["subjects"], sheet["facts"]["province"]["subjects"] = {}, []
    points = snapshot(frozen)
    found = points.sheets["demo-income"]
    page = line_page([], points, found, "1", None)
    assert (page.line.code, page.rows) == ("1", ())
    matrix = matrix_of([], found)
    assert (matrix.count, [line.code for line in matrix.lines]) == (0, ["1", "2", "J1"])


def test_the_matrix_says_points_and_losses_in_words(site):
    assessor = site.browser("assessor")
    page = assessor.get(f"/desk/{YEAR}/{SHEET}/")
    said = text_of(page)
    assert "不可计分" in said
    assert 'class="table matrix"' in page.text
    lost = text_of(assessor.get(f"/desk/{YEAR}/{SHEET}/?show=lost"))
    assert "失分合计" in lost


def test_what_moved_names_the_fact_the_ruling_and_who_made_it(site):
    assessor = site.browser("assessor")
    address = f"/desk/moved?year={YEAR}"
    assert "只计过一次分" in text_of(assessor.get(address))
    assert (
        rule(site.browser("reviewer"), ruling="corrected", value="9", reason="补报").status_code
        == 302
    )
    scored_again(site)
    said = text_of(assessor.get(address))
    assert "缙云县" in said
    assert f"指标 {LINE}" in said
    assert "初审更正，理由：补报" in said
    assert "名次" in said
    # What is not in view does not show; what is, does for the county too.
    assert "缙云县" not in text_of(site.browser("neighbour").get(address)).split("计分变动")[-1]


def test_what_moved_tells_who_changed_the_record(site):
    with site.app.app_context():
        user = db.session.get(User, site.world["staff"])
        act_as(db.session, user.id)
        project = db.session.get(Project, site.world["project"])
        project.started_on = None
        db.session.commit()
        name = user.display_name
    scored_again(site)
    page = site.browser("assessor").get(f"/desk/moved?year={YEAR}")
    said = text_of(page)
    assert f"{name} 修改合作项目 智能装备项目：清空开工日期" in said


def test_the_workbook_is_for_the_whole_province_and_holds_no_typed_formula(site):
    with site.app.app_context():
        db.session.get(Enclave, site.world["enclave"]).name = "=1+1飞地"
        db.session.commit()
    scored_again(site)
    with site.app.app_context():
        number = queries.latest_snapshot(YEAR).id
    address = f"/workbooks/{number}.xlsx"
    assert address in site.browser("assessor").get(f"/desk/{YEAR}/{SHEET}/").text
    for user, status in (("staff", 404), ("reviewer", 404), ("assessor", 200), ("leader", 200)):
        assert site.browser(user).get(address).status_code == status, user
    book = load_workbook(BytesIO(site.browser("assessor").get(address).data))
    names = [cell for page in book for row in page for cell in row if cell.value == "=1+1飞地"]
    assert names
    assert {cell.data_type for cell in names} == {"s"}
