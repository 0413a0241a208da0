"""The yearly task list as people use it: a list, a grid, an issue, and what each place sees."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from tests.web.conftest import Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.annual.models import AnnualTask, TaskPart
from tracker.records.targets.models import Target

YEAR = 2024
PROVINCE, CITY, COUNTY = (f"/annual/{YEAR}/{code}" for code in ("330000", "331100", "331122"))
FUNDS = {
    "year": str(YEAR),
    "number": "1",
    "name": "合作项目到位资金",
    "clause": "示例〔2024〕1号第三条",
    "measure": "projects.funds_in_place",
    "total": "1000",
    "due_on": "2024-12-31",
}
PLAN = {"year": str(YEAR), "number": "2", "name": "编制方案", "due_on": "2024-06-30"}


@pytest.fixture
def tasks(site: Site) -> tuple[int, int]:
    """The numbers of the two tasks of the list, made by the assessor."""
    assessor = site.browser("assessor")
    for form in (FUNDS, PLAN):
        sent = assessor.post("/annual-tasks/new", form)
        assert sent.status_code == 302, text_of(sent)
    with site.app.app_context():
        found = db.session.scalars(select(AnnualTask.id).order_by(AnnualTask.number)).all()
    return found[0], found[1]


def typed(site: Site, user: str, page: str, act: str = "save", **more: str):
    """What the form of the grid sends: each cell of `more` with the version that the page shows."""
    shown = site.browser(user).get(page).text
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="(\d+)"', shown))
    cells = {f"cell:{address}": text for address, text in more.items() if "." in address}
    rest = {name: text for name, text in more.items() if "." not in name}
    return site.browser(user).post(f"{page}/cells", {**seen, **cells, **rest, "act": act})


def issued(site: Site, user: str, page: str, reason: str = ""):
    browser = site.browser(user)
    shown = browser.get(f"{page}/post")
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    whys = dict.fromkeys(re.findall(r'name="(why_\d+)"', shown.text), reason)
    return browser.post(f"{page}/post", {"seen": seen[1] if seen else "", "reason": reason, **whys})


def test_a_list_goes_from_the_province_to_a_bureau(site: Site, tasks: tuple[int, int]) -> None:
    funds, plan = tasks
    assert "还没有下达给丽水市的任务" in text_of(site.browser("reviewer").get(CITY))
    typed(site, "assessor", PROVINCE, **{f"{funds}.331100": "1000", f"{plan}.331100": "是"})
    assert "还没有下达给丽水市的任务" in text_of(site.browser("reviewer").get(CITY))
    assert issued(site, "assessor", PROVINCE).status_code == 302
    assert "比任务 1,000 万元 少 100 万元" in text_of(
        follow(site, "reviewer", CITY, typed(site, "reviewer", CITY, **{f"{funds}.331122": "900"}))
    )
    refused = issued(site, "reviewer", CITY)
    assert refused.status_code == 422
    assert "请写明理由" in text_of(refused)
    more = {f"{funds}.331122": "1000", f"{plan}.331122": "√"}
    assert typed(site, "reviewer", CITY, **more).status_code == 302
    assert issued(site, "reviewer", CITY).status_code == 302
    typed(site, "staff", COUNTY, **{f"{funds}.商务局": "1000", f"{plan}.教育局": "是"})
    assert issued(site, "staff", COUNTY).status_code == 302
    mine = text_of(site.browser("staff").get(f"/annual/mine?year={YEAR}"))
    for said in ("缙云县 2024 年度有 2 项任务", "任务 1,000 万元", "教育局", "编制方案"):
        assert said in mine
    with site.app.app_context():
        target = db.session.scalars(
            select(Target).where(Target.region_id == site.world["jinyun"], Target.year == YEAR)
        ).one()
        assert (target.value, target.due_on) == (1000, date(YEAR, 12, 31))
        held = target.id
    # What the list gave is not changed beside it.
    blocked = site.browser("assessor").get(f"/targets/{held}/edit")
    assert "由丽水市的任务清单下达" in text_of(blocked)
    tree = text_of(site.browser("assessor").get(f"/annual-tasks/{funds}"))
    assert re.search("丽水市.*缙云县.*商务局", tree, re.S)
    # The trail tells the measure by its name too.
    assert "projects.funds_in_place" not in tree
    assert "指标：“项目到位资金”" in tree


def follow(site: Site, user: str, page: str, sent):
    assert sent.status_code == 302, text_of(sent)
    return site.browser(user).get(page)


def test_each_sees_its_own_parts_and_acts_on_them_alone(site: Site, tasks: tuple[int, int]) -> None:
    funds, plan = tasks
    cells = {f"{funds}.331100": "1000", f"{plan}.331100": "是"}
    typed(site, "assessor", PROVINCE, **cells)
    assert site.browser("staff").get(f"/annual-tasks/{funds}").status_code == 404
    issued(site, "assessor", PROVINCE)
    typed(site, "reviewer", CITY, "equal:" + str(funds), **{f"{plan}.331122": "是"})
    issued(site, "reviewer", CITY)
    with site.app.app_context():
        own = select(TaskPart).where(TaskPart.region_id == site.world["jinyun"])
        part = db.session.scalars(own.where(TaskPart.task_id == plan)).one().id
        other = select(TaskPart.value).where(TaskPart.region_id == site.world["qingyuan"])
        assert db.session.scalars(other).all() == [500]
    assert site.browser("neighbour").get(f"/task-parts/{part}").status_code == 404
    assert site.browser("neighbour").get(COUNTY).status_code == 404
    assert site.browser("staff").get(CITY).status_code == 404
    for user, page, status in (("leader", PROVINCE, 403), ("assessor", CITY, 409)):
        assert site.browser(user).get(page).status_code == 200
        cell = {f"cell:{funds}.331122": "1", f"seen:{funds}.331122": "1"}
        assert site.browser(user).post(f"{page}/cells", cell).status_code == status
        assert site.browser(user).get(f"{page}/post").status_code == status
        assert site.browser(user).post(f"{page}/post", {"reason": "试"}).status_code == status
    with site.app.app_context():
        assert db.session.scalars(other).all() == [500]
    report = f"/annual/parts/{part}/report"
    done = {"version": "2", "done_on": "2024-06-20", "result": "已印发"}
    assert site.browser("reviewer").post(report, done).status_code in (403, 409)
    stale = site.browser("staff").post(report, {**done, "version": "9"})
    assert "刚刚有变动" in text_of(stale)
    shown = site.browser("staff").get(report).text
    done["version"] = re.search(r'name="version" value="(\d+)"', shown)[1]
    assert site.browser("staff").post(report, done).status_code == 302
    page = text_of(site.browser("reviewer").get(f"/task-parts/{part}"))
    assert "2024-06-20 完成" in page
    assert "报告完成" in page
    listed = site.browser("staff").get(f"/task-parts/export.csv?year={YEAR}")
    text = listed.text
    listed.close()
    assert "缙云县" in text
    assert "庆元县" not in text


def test_an_adjusted_list_shows_what_was_before(site: Site, tasks: tuple[int, int]) -> None:
    funds, plan = tasks
    typed(site, "assessor", PROVINCE, **{f"{funds}.331100": "1000", f"{plan}.331100": "是"})
    issued(site, "assessor", PROVINCE)
    typed(site, "assessor", PROVINCE, **{f"{funds}.331100": "600", f"{funds}.330100": "400"})
    assert "已下达 1,000 万元" in text_of(site.browser("assessor").get(PROVINCE))
    assert "调整已下达的任务，请写明理由" in text_of(issued(site, "assessor", PROVINCE))
    looked = text_of(site.browser("assessor").get(f"{PROVINCE}/post"))
    assert "丽水市 合作项目到位资金：1,000 万元 改为 600 万元" in looked
    assert issued(site, "assessor", PROVINCE, "两市分担").status_code == 302
    page = text_of(site.browser("assessor").get(f"{PROVINCE}/versions/2"))
    assert "理由：两市分担" in page
    assert "合作项目到位资金 丽水市：1,000 万元 改为 600 万元" in page
    assert "合作项目到位资金 杭州市：无 改为 400 万元" in page
    assert site.browser("reviewer").get(f"{PROVINCE}/versions/2").status_code == 404


def test_the_script_is_told_what_was_kept_and_how_it_adds_up(
    site: Site, tasks: tuple[int, int]
) -> None:
    funds, _ = tasks
    body = {f"cell:{funds}.331100": "1200", f"seen:{funds}.331100": "0"}
    wrong = {f"cell:{funds}.330100": "许多", f"seen:{funds}.330100": "0"}
    browser = site.browser("assessor")
    data = {**body, **wrong, "csrf_token": browser.token()}
    headers = {"Accept": "application/json"}
    answer = browser.client.post(f"{PROVINCE}/cells", data=data, headers=headers)
    told = answer.get_json()
    assert told["cells"][f"{funds}.331100"]["state"] == "draft"
    assert told["cells"][f"{funds}.330100"]["state"] == "wrong"
    assert told["totals"][str(funds)]["now"].endswith("多 200 万元")
    assert told["refused"] == 1
    assert told["stands"] == "草拟"


def test_tasks_of_next_year_are_entered_before_it_begins(site: Site) -> None:
    ahead = today().year + 1
    assessor = site.browser("assessor")
    form = {**FUNDS, "year": str(ahead), "due_on": f"{ahead}-12-31"}
    sent = assessor.post(f"/annual-tasks/new?year={ahead}", form)
    assert sent.status_code == 302, text_of(sent)
    for page in ("/annual-tasks/", "/annual/mine", "/targets/"):
        shown = assessor.get(f"{page}?year={ahead}").text
        assert re.search(rf'<option[^>]*value="{ahead}"[^>]*selected', shown), page
    assert "到位资金" in assessor.get(f"/annual-tasks/?year={ahead}").text
    # What has happened ends with this year.
    assert f'value="{ahead}"' not in assessor.get("/projects/").text


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"due_on": "2025-01-31"}, "due_on", "应在 2024 年内"),
        ({"measure": "", "total": "3"}, "total", "事项任务没有总数"),
        ({"number": "0"}, "number", "编号"),
        ({"measure": "goal.per_village"}, "measure", "请重新选择"),
    ],
)
def test_a_wrong_task_is_told_at_its_field(site: Site, changes, field, said) -> None:
    sent = site.browser("assessor").post("/annual-tasks/new", {**FUNDS, **changes})
    assert sent.status_code == 422
    found = re.search(rf'id="{field}-error">(.*?)</div>', sent.text, re.S)
    assert found, text_of(sent)
    assert said in found[1]


def test_an_issued_task_is_adjusted_in_how_much_and_by_when_alone(
    site: Site, tasks: tuple[int, int]
) -> None:
    funds, plan = tasks
    typed(site, "assessor", PROVINCE, **{f"{funds}.331100": "1000", f"{plan}.331100": "是"})
    issued(site, "assessor", PROVINCE)
    assessor, edit = site.browser("assessor"), f"/annual-tasks/{funds}/edit"
    form = assessor.get(edit)
    assert "以万元计。可相加的指标必须填写。" in text_of(form)
    version = re.search(r'name="version"[^>]*value="(\d+)"', form.text)[1]
    changed = {**FUNDS, "measure": "projects.large", "total": "1200", "version": version}
    assert assessor.post(edit, changed).status_code == 302
    page = text_of(assessor.get(f"/annual-tasks/{funds}"))
    assert "项目到位资金" in page
    assert re.search(r"拟调整为\s*1,200", page)
    assert "比任务 1,200 万元 少 200 万元" in text_of(assessor.get(PROVINCE))
    for page in (CITY, f"/annual-tasks/{funds}", f"/annual-tasks/?year={YEAR}"):
        assert "拟调整" not in text_of(site.browser("reviewer").get(page))
    # Whoever sends no mark of what was looked at issues nothing.
    typed(site, "assessor", PROVINCE, **{f"{funds}.331100": "1200"})
    bare = assessor.post(f"{PROVINCE}/post", {"reason": "加码"})
    assert bare.status_code == 422
    assert "有变化，请再核对一次" in text_of(bare)
    # What changes of the task itself is shown with both figures, and the reason is no option.
    asked = assessor.get(f"{PROVINCE}/post")
    assert "全省总数 1,000 万元 改为 1,200 万元" in text_of(asked)
    assert "(选填)" not in asked.text
    assert issued(site, "assessor", PROVINCE, "加码").status_code == 302
    with site.app.app_context():
        assert db.session.get_one(AnnualTask, funds).issued_total == 1200
