"""The pages of a filing: its steps with their buttons, and the last days of a year."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests import factories as make
from tests import factories_acts as acts
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.quantities.clock import present, today
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.submissions import checking
from tracker.records.submissions.cli import submissions
from tracker.records.submissions.models import Filing, FilingEvent, FilingKind, FilingState


@pytest.fixture
def filing(site) -> int:
    """A filing of 缙云县, and a leader of it."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        site.world.ids["county_leader"] = make.user(Role.LEADER, place, username="chief").id
        number = acts.filing(place, due_on=date(2024, 4, 10)).id
        db.session.commit()
        return number


def step(browser, filing: int, act: str, **data):
    address = f"/submissions/{filing}/{act}"
    page = browser.get(address)
    assert page.status_code == 200, text_of(page)
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    aware = {"aware": "y"} if 'name="aware"' in page.text else {}
    return browser.post(address, {"version": version, **aware, **data})


def state(site, filing: int) -> Filing:
    with site.app.app_context():
        return db.session.get(Filing, filing)


def test_four_people_bring_a_filing_to_its_end_with_a_return(site, filing):
    clerk, leader = site.browser("staff"), site.browser("county_leader")
    city, province = site.browser("reviewer"), site.browser("assessor")
    for times in range(2):
        assert step(clerk, filing, "started").status_code == 302
        assert step(leader, filing, "approved", reason="同意").status_code == 302
        unticked = step(clerk, filing, "submitted")
        assert unticked.status_code == 422
        assert ("再次报送" in text_of(unticked)) is bool(times)
        assert step(clerk, filing, "submitted", agreed="y").status_code == 302
        if not times:
            assert step(city, filing, "returned").status_code == 422
            assert step(city, filing, "returned", reason="缺到位资金凭证").status_code == 302
            shown = text_of(clerk.get(f"/submissions/{filing}"))
            assert "已退回，待缙云县工作人员修改后再次报送" in shown
            assert shown.count("缺到位资金凭证") >= 2
            home = text_of(clerk.get("/"))
            assert "退回：缺到位资金凭证" in home
            assert home.index("退回和限期开锁1 件") < home.index("台账草稿")
            assert "理由：缺到位资金凭证" in text_of(clerk.get("/reminders/"))
            assert "退回：缺到位资金凭证" in text_of(clerk.get("/quarters/331122/2024/1"))
            assert "退回：缺到位资金凭证" in text_of(leader.get("/"))
        else:
            assert "退回：缺到位资金凭证" not in text_of(clerk.get("/"))
    assert step(city, filing, "city_reviewed".replace("_", "-")).status_code == 302
    assert step(province, filing, "reviewed").status_code == 302
    assert step(province, filing, "locked", agreed="y").status_code == 302
    found = state(site, filing)
    assert found.state is FilingState.LOCKED
    page = text_of(province.get(f"/submissions/{filing}"))
    assert "127.0.0.1" in page
    assert re.search(r"市级初审通过 \d{4}-", page)
    until = today().isoformat()
    assert step(province, filing, "reopened", reason="补附件", until=until).status_code == 302
    assert f"至 {until} 止" in text_of(clerk.get(f"/submissions/{filing}"))
    home = text_of(clerk.get("/"))
    assert f"限期开锁（至 {until}）：补附件；今天截止" in home


def test_the_page_says_who_is_next_and_why_an_act_is_not_possible(site, filing):
    page = text_of(site.browser("reviewer").get(f"/submissions/{filing}"))
    assert "下一步由缙云县工作人员办理" in page
    assert "现在是“未开始”，市级初审通过须在“已报送”时进行" in page
    blocked = site.browser("county_leader").get(f"/submissions/{filing}/approved")
    assert blocked.status_code == 409
    assert "须在“填报中”时进行" in text_of(blocked)
    own = text_of(site.browser("staff").get(f"/submissions/{filing}"))
    assert "开始填报" in own
    assert "锁定须在" not in own


def test_two_at_once_take_a_step_once(site, filing):
    staff = site.browser("staff")
    address = f"/submissions/{filing}/started"
    page = staff.get(address)
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    assert staff.post(address, {"version": version}).status_code == 302
    assert staff.post(address, {"version": version}).status_code == 409
    with site.app.app_context():
        assert db.session.query(FilingEvent).count() == 1


def test_the_province_sets_the_last_days_and_makes_a_year_at_once(site):
    assessor = site.browser("assessor")
    page = assessor.get("/submissions/periods/2026")
    shown = text_of(page)
    assert "2027 年的放假安排没有登记" in shown
    assert 'value="2026-10-10"' in page.text
    days = dict(re.findall(r'name="(plan|q\d|annual)" type="text" value="([^"]+)"', page.text)) or {
        "plan": "2026-03-31",
        "q1": "2026-04-10",
        "q2": "2026-07-10",
        "q3": "2026-10-10",
        "q4": "2027-01-10",
        "annual": "2027-01-10",
    }
    sent = assessor.post("/submissions/periods/2026", {**days, "q1": "2026.4.11"})
    assert sent.status_code == 302, text_of(sent)
    after = text_of(assessor.get("/submissions/periods/2026"))
    assert "第一季度季报2026-04-112026-04-13顺延" in after
    assert "没有缺少的" in after
    wrong = assessor.post("/submissions/periods/2026", {**days, "q1": "2026-03-15"})
    assert wrong.status_code == 422
    said = "第一季度季报的期限 2026-03-15 须在期间结束（2026-03-31）以后"
    assert said in text_of(wrong)
    assert text_of(wrong).count(said) == 2, "in the summary and beside the field"
    one = {"region_id": site.world["jinyun"], "year": "2026", "kind": "q1", "due_on": "2026-03-15"}
    new = assessor.post("/submissions/new", one)
    assert new.status_code == 422
    assert said in text_of(new)
    assert assessor.get("/submissions/periods/9999").status_code == 404
    for user in ("staff", "reviewer", "leader"):
        assert site.browser(user).get("/submissions/periods/2026").status_code == 403


def test_an_assessor_of_a_county_sets_no_last_day(site):
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        site.world.ids["own"] = make.user(Role.ASSESSOR, place, username="own").id
        db.session.commit()
    page = site.browser("own").get("/submissions/periods/2026")
    assert page.status_code == 403
    assert "由省级考核人员设定" in text_of(page)


def test_the_command_opens_a_year_and_says_what_it_did(site):
    def ask(*arguments: str):
        return site.app.test_cli_runner().invoke(submissions, ["open", *arguments])

    done = ask("--year", "2027", "--due", "q1=2027-04-17")
    assert done.exit_code == 0, done.output
    assert "第一季度季报：2027-04-19（2027-04-17 不是工作日，顺延）" in done.output
    assert "2028 年的放假安排没有登记" in done.output
    made = int(re.search(r"新增报送 (\d+) 份", done.output)[1])
    with site.app.app_context():
        assert db.session.query(Filing).filter_by(year=2027).count() == made > 0
    again = ask("--year", "2027")
    assert "2027-04-19" in again.output
    assert "新增报送 0 份；0 份" in again.output
    for wrong in ("q5=2027-04-01", "q1=明天", "q1"):
        assert ask("--year", "2027", "--due", wrong).exit_code == 2


def test_what_waits_is_listed_for_those_who_review_it_and_what_came_back_for_the_clerk(
    site, filing
):
    ago = present() - timedelta(hours=50)
    with site.app.app_context():
        found = db.session.get(Filing, filing)
        found.state, found.filed_at, found.state_at = FilingState.SUBMITTED, ago, ago
        db.session.commit()
    city, province = site.browser("reviewer"), site.browser("assessor")
    listed = "缙云县 2024 年第一季度季报"
    assert f"{listed}已报送，已等待 50 小时（超过 48 小时）" in text_of(city.get("/"))
    assert "等待 50 小时" not in text_of(province.get("/"))
    with site.app.app_context():
        db.session.get(Filing, filing).state = FilingState.CITY_REVIEWED
        db.session.commit()
    assert "等待 50 小时" not in text_of(city.get("/"))
    assert f"{listed}市级初审，已等待 50 小时（超过 48 小时）" in text_of(province.get("/"))
    with site.app.app_context():
        found = db.session.get(Filing, filing)
        found.state, found.state_at = FilingState.RETURNED, present() - timedelta(hours=25)
        db.session.commit()
    clerk = text_of(site.browser("staff").get("/"))
    assert "已退回，已等待 25 小时（超过 24 小时），请修改后再次报送" in clerk


def test_the_days_off_say_whether_one_works_on_them(site):
    """In words, on the page and in the files, whatever type the column has."""
    assessor = site.browser("assessor")
    page = text_of(assessor.get("/holidays/?year=2025"))
    taken = assessor.get("/holidays/export.csv?year=2025")
    file = taken.data.decode("utf-8-sig")
    taken.close()
    for day, words in (("2025-10-08", "放假"), ("2025-10-11", "上班")):
        assert re.search(rf"{day}\s+{words}", page), page
        assert f"{day},{words}," in file


def test_the_check_stands_on_the_filing_and_its_warnings_are_passed_with_a_reason(site, filing):
    staff, city = site.browser("staff"), site.browser("reviewer")
    with site.app.app_context():
        number = db.session.get(Filing, filing)
        number.kind, number.year = FilingKind.Q3, 2024
        db.session.commit()
    address = f"/submissions/{filing}/check"
    page = staff.get(address)
    shown = text_of(page)
    assert "亿元以上项目没有合同或许可1" in shown
    assert f'href="/evidence/projects/{site.world["project"]}/new"' in page.text
    assert "亿元以上项目没有合同或许可" in text_of(staff.get(f"/submissions/{filing}"))
    marks = re.findall(r'name="fault" value="(\w+)"', page.text)
    assert marks
    assert 'name="fault"' not in city.get(address).text
    refused = staff.post(address, {"fault": marks[0]})
    assert refused.status_code == 422
    assert f'value="{marks[0]}" aria-label' in refused.text
    assert re.search(rf'value="{marks[0]}"[^>]* checked', refused.text)
    assert staff.post(address, {"fault": marks[0], "reason": "合同在档案馆"}).status_code == 302
    again = staff.post(address, {"fault": marks[0], "reason": "合同在档案馆"})
    assert again.status_code == 422
    assert "请先勾选要说明的提醒" in text_of(again)
    assert staff.post(address, {"all": "1", "reason": "逐条核对过"}).status_code == 302
    for looker in (city, site.browser("assessor")):
        seen = text_of(looker.get(f"/submissions/{filing}"))
        assert "理由：合同在档案馆" in seen
        assert "条提醒没有说明" not in seen.split("完整核对")[0]
    listed = text_of(city.get("/doubts/?span=all"))
    assert "合同在档案馆" in listed
    assert city.post(address, {"all": "1", "reason": "代为说明"}).status_code == 403
    assert site.browser("neighbour").get(address).status_code == 404


def test_an_error_greys_the_act_and_refuses_it(site, filing):
    with site.app.app_context():
        of = db.session.get(Filing, filing)
        of.kind, of.year, of.state = FilingKind.Q3, 2024, FilingState.ENTERING
        db.session.get(Project, site.world["project"]).total_investment = None
        db.session.commit()
    leader = site.browser("county_leader")
    said = "还有 1 项错误，请先改正：智能装备项目：已签约，未填总投资"
    assert said in text_of(leader.get(f"/submissions/{filing}"))
    refused = leader.post(f"/submissions/{filing}/approved", {"version": "2"})
    assert refused.status_code == 409
    assert said in text_of(refused)


def test_cells_that_are_due_and_empty_are_counted_and_confirmed_before_approval_and_filing(
    site, filing
):
    with site.app.app_context():
        of = db.session.get(Filing, filing)
        of.kind, of.year, of.state = FilingKind.Q3, 2024, FilingState.ENTERING
        db.session.commit()
        (found,) = checking.check(of, costly=True).to_confirm
        number = found.number
    assert number > len(found.faults) > 1, "cells, not rows"
    leader, clerk = site.browser("county_leader"), site.browser("staff")
    said = f"填报表里应填而没有填的：{number} 格（{len(found.faults)} 行）"
    for who, act, more in ((leader, "approved", {}), (clerk, "submitted", {"agreed": "y"})):
        address = f"/submissions/{filing}/{act}"
        page = who.get(address)
        assert said in text_of(page)
        assert 'href="/quarters/331122/2024/3"' in page.text
        assert f'href="/submissions/{filing}/check"' in page.text
        refused = step(who, filing, act, aware="", **more)
        assert refused.status_code == 422
        assert "仍要办理的，请勾选确认" in text_of(refused)
        assert said in text_of(refused)
        assert step(who, filing, act, **more).status_code == 302
    assert said in text_of(site.browser("reviewer").get(f"/submissions/{filing}/city-reviewed"))
    with site.app.app_context():
        of = db.session.get(Filing, filing)
        of.state, of.filed_at = FilingState.ENTERING, None
        db.session.commit()
    assert (
        clerk.post(
            f"/submissions/{filing}/check", {"all": "1", "reason": "年底一并填报"}
        ).status_code
        == 302
    )
    page = leader.get(f"/submissions/{filing}/approved")
    assert said not in text_of(page), "what was passed with a reason is not asked again"
    assert 'name="aware"' not in page.text
    assert step(leader, filing, "approved").status_code == 302
