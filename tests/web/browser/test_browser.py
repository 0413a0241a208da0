"""Each role's daily path in a real browser, also by keyboard, on a phone and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import PHONE
from tests.papers.texts import page_texts
from tests.records.places_in_pictures import jpeg, png
from tests.web.browser.conftest import Windows
from tests.web.conftest import Site
from tracker.core.db import db
from tracker.records.accounts import service
from tracker.records.accounts.models import User
from tracker.year.rulebooks import queries, shelf
from tracker.year.rulebooks import service as rulemaking
from tracker.year.rulebooks.models import SetStatus

PASSWORD = "browser-password-1"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def password_hash() -> str:
    return service._hasher.hash(PASSWORD)


@pytest.fixture
def passwords(site: Site, password_hash: str) -> None:
    """Everybody has the same password."""
    with site.app.app_context():
        for user in db.session.query(User):
            user.password_hash = password_hash
        db.session.commit()


@pytest.fixture
def page(windows: Windows, address: str) -> Iterator[Page]:
    """A page on which any complaint of the browser fails the test."""
    with windows.lent() as (page, complaints):
        yield page
        assert complaints == []


Entering = Callable[[str], None]


@pytest.fixture
def enter(windows: Windows, site: Site, page: Page) -> Entering:
    """Lets the next page be that of a user who has signed in already."""
    return lambda user: windows.sign_in(page.context, site.browser(user).client)


def sign_in(page: Page, user: str) -> None:
    page.goto("/login")
    page.get_by_label("用户名").fill(user)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="退出").wait_for()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="登录").wait_for()


def words_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page_texts(pdf)))


def read_card(page: Page) -> tuple[Decimal, str]:
    """The points on the page of 缙云县 and the words of its paper, which must say the same."""
    page.goto("/scorecards/?year=2024")
    page.get_by_role("link", name="缙云县", exact=True).click()
    page.get_by_role("link", name="下载 PDF").wait_for()
    shown = page.locator(".sums dd").first.inner_text()
    points = re.match(r"[\d.]+", shown)[0]
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 PDF").click()
    assert started.value.suggested_filename.endswith(".pdf")
    words = words_of(Path(started.value.path()).read_bytes())
    assert f"已计得分{points}" in words
    return Decimal(points), words


SWAPPED = """value => {
  const part = document.querySelector("input[data-money]").closest(".field");
  const fresh = part.cloneNode(true);
  fresh.querySelector("input").setAttribute("value", value);
  fresh.querySelector("output").textContent = "";
  htmx.swap(part, fresh.outerHTML, { swapStyle: "outerHTML" });
}"""


@pytest.mark.usefixtures("passwords")
def test_from_the_county_to_the_paper(page: Page):
    sign_in(page, "assessor")
    before, words = read_card(page)
    assert "缙云新能源基地" not in words
    sign_out(page)

    sign_in(page, "staff")
    page.get_by_role("link", name="登记项目").click()
    page.get_by_label("项目名称").fill("缙云新能源基地")
    page.get_by_label("类别").select_option(label="产业合作")
    page.get_by_label("总投资").fill("2.5亿元")
    page.get_by_label("签约日期").fill("2024年2月30日")
    page.get_by_label("开工日期").fill("2024-5-6")
    page.get_by_label("投产日期").fill("20241101")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("没有30日").first.wait_for()
    assert page.get_by_label("总投资").input_value() == "2.5亿元"
    page.get_by_label("签约日期").fill("2024年2月29日")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="缙云新能源基地").wait_for()
    assert "2.50亿元" in page.inner_text("main").replace(" ", "")
    page.get_by_role("link", name="登记资金").first.click()
    page.get_by_label("资金类型").select_option(label="完成投资")
    page.get_by_label("金额", exact=True).fill("１２０００")
    page.get_by_text("= 120,000,000 元 = 12,000 万元 = 1.2 亿元").wait_for()
    page.evaluate(SWAPPED, "350")  # a fragment of the form that htmx brings anew is echoed too
    page.get_by_text("= 3,500,000 元 = 350 万元 = 0.035 亿元").wait_for()
    page.get_by_label("金额", exact=True).fill("2千5百万元")
    page.get_by_text("= 25,000,000 元 = 2,500 万元 = 0.25 亿元").wait_for()
    page.get_by_label("金额", exact=True).fill("１２０００")
    page.get_by_text("= 120,000,000 元 = 12,000 万元 = 1.2 亿元").wait_for()
    page.get_by_label("发生日期").fill("2024.11.5")
    # Enter in a field keeps the entry as a draft, which can be taken back.
    page.get_by_label("发生日期").press("Enter")
    page.get_by_text("已保存草稿：完成投资").wait_for()
    page.get_by_role("link", name="提交", exact=True).click()
    page.get_by_role("button", name="确认提交").click()
    page.get_by_text("已提交完成投资").wait_for()
    sign_out(page)

    sign_in(page, "assessor")
    page.get_by_role("link", name="计分", exact=True).click()
    page.get_by_label("考核年度").select_option("2024")
    page.get_by_role("button", name="计分").click()
    page.get_by_role("button", name="确认计分").click()
    page.get_by_text("已冻结事实并计分").wait_for()
    after, words = read_card(page)
    assert "缙云新能源基地" in words
    assert after > before


def test_the_menu_opens_on_a_phone(page: Page, enter: Entering):
    page.set_viewport_size(PHONE)
    enter("staff")
    page.goto("/")
    entry = page.get_by_role("navigation", name="主菜单").get_by_role("link", name="飞地")
    assert not entry.is_visible()
    page.get_by_text("菜单", exact=True).click()
    entry.click()
    page.get_by_role("heading", name="飞地").wait_for()


def test_choices_take_effect_at_once_and_stay_in_the_address(page: Page, enter: Entering):
    enter("staff")
    page.goto("/ledger/?year=2024")
    page.get_by_label("资金类型").select_option(label="返利")
    page.wait_for_url("**kind=rebate**")
    assert page.get_by_role("link", name="缙云消薄飞地").is_visible()
    assert page.get_by_role("link", name="智能装备项目").count() == 0
    page.go_back()
    page.get_by_role("link", name="智能装备项目").wait_for()
    page.go_forward()
    page.get_by_role("link", name="智能装备项目").wait_for(state="detached")
    page.locator("#year-switch").select_option("2023")
    page.get_by_role("heading", name="台账 2023 年度").wait_for()
    assert "kind=rebate" in page.url


@pytest.mark.usefixtures("passwords")
def test_everything_works_without_scripts(browser: Browser, address: str):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "staff")
    page.goto("/projects/")
    page.get_by_label("阶段").select_option(label="签约")
    page.get_by_role("button", name="筛选").click()
    page.get_by_text("没有符合条件的项目").wait_for()
    page.locator("#year-switch").select_option("2023")
    page.get_by_role("button", name="切换").click()
    page.get_by_role("link", name="台账", exact=True).first.click()
    page.get_by_role("heading", name="台账 2023 年度").wait_for()
    page.goto("/projects/new")
    enter_project(page, "无脚本登记的项目")
    sign_out(page)
    context.close()


def enter_project(page: Page, name: str) -> None:
    """Fill in the form of a project wrongly, then rightly; ends on the project's page."""
    page.get_by_label("项目名称").fill(name)
    page.get_by_label("类别").select_option(label="产业合作")
    page.get_by_label("签约日期").fill("2024.13.1")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="请先更正以下内容").wait_for()
    assert page.get_by_label("项目名称").input_value() == name
    page.get_by_label("签约日期").fill("2024.12.1")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name=name).wait_for()


def test_staff_on_a_phone(page: Page, enter: Entering):
    page.set_viewport_size(PHONE)
    enter("staff")
    page.goto("/")
    page.get_by_text("菜单", exact=True).click()
    page.get_by_role("link", name="项目", exact=True).click()
    page.get_by_role("link", name="登记项目").click()
    enter_project(page, "手机登记的项目")
    page.goto("/projects/?q=手机")
    page.get_by_role("link", name="手机登记的项目").click()
    page.get_by_role("heading", name="手机登记的项目").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert "登记" in page.locator("#history").inner_text()


@pytest.mark.usefixtures("passwords")
def test_staff_by_keyboard_alone(page: Page):
    page.goto("/login")
    page.wait_for_function("document.activeElement.name === 'username'")
    page.keyboard.type("staff")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="我的工作").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.goto("/projects/new")
    reach(page, "name")
    page.keyboard.type("键盘登记的项目")
    reach(page, "category")
    page.keyboard.press("ArrowDown")
    reach(page, "signed_on")
    page.keyboard.type("2024年2月30日")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="请先更正以下内容").wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the summary's link leads to the field
    page.wait_for_function("location.hash === '#signed_on'")
    reach(page, "signed_on")
    page.keyboard.press("Control+A")
    page.keyboard.type("2024年2月29日")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="键盘登记的项目").wait_for()


def reach(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the field `name` has the focus, which must be seen to have it."""
    for _ in range(most):
        if page.evaluate("document.activeElement.name") == name:
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{name} cannot be reached by keyboard")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    shadow = "getComputedStyle(document.activeElement).boxShadow"
    assert page.evaluate(outline) != "none" or page.evaluate(shadow) != "none"


def test_the_reviewer_reads_a_county_and_traces_a_figure(page: Page, enter: Entering):
    enter("reviewer")
    page.goto("/projects/")
    page.get_by_label("地区").select_option(label="庆元县")
    page.get_by_text("只看庆元县的记录").wait_for()
    assert page.get_by_role("link", name="智能装备项目").count() == 0
    page.get_by_role("link", name="庆元竹木项目").click()
    page.get_by_role("heading", name="庆元竹木项目").wait_for()
    assert page.get_by_role("link", name="修改").count() == 0
    assert "登记" in page.locator("#history").inner_text()
    page.get_by_role("link", name="看丽水市全部").click()
    page.get_by_text("只看庆元县的记录").wait_for(state="detached")


def test_the_leader_goes_from_the_overview_to_a_record(page: Page, enter: Entering):
    enter("leader")
    page.goto("/overview/")
    page.locator("#year-switch").select_option("2024")
    page.wait_for_url("**year=2024**")
    heading = page.get_by_role("heading", name="需要关注")
    heading.first.wait_for()
    attention = page.locator("section", has=heading).last
    item = attention.get_by_role("link").first
    target = item.get_attribute("href")
    item.click()
    page.wait_for_url(f"**{target}")
    assert page.locator("h1").inner_text()
    assert page.get_by_role("button", name="保存").count() == 0


def test_the_assessor_opens_a_line_of_a_card(page: Page, enter: Entering):
    enter("assessor")
    page.goto("/scorecards/?year=2024")
    page.get_by_role("link", name="缙云县", exact=True).click()
    group = page.locator("details.group-fold").first
    if group.get_attribute("open") is None:
        group.locator("summary").first.click()
    line = group.locator("details.more").first
    line.locator("summary").first.click()
    assert line.get_attribute("open") is not None
    assert line.inner_text().strip()


@pytest.mark.usefixtures("passwords")
def test_the_administrator_makes_an_account_and_its_owner_signs_in(page: Page, enter: Entering):
    enter("administrator")
    page.goto("/")
    page.get_by_role("link", name="账户", exact=True).first.click()
    page.get_by_role("link", name="新建账户").click()
    page.get_by_label("姓名").fill("王五")
    page.get_by_label("角色").select_option(label="市县工作人员")
    page.get_by_label("所在地区").select_option(label="丽水市缙云县")
    page.get_by_label("用户名").fill("wangwu")
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次新密码").fill("another-password")
    page.get_by_role("button", name="新建").click()
    page.get_by_text("两次输入的新密码不一致").first.wait_for()
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="新建").click()
    page.get_by_text("已新建账户“wangwu”").wait_for()
    page.get_by_role("link", name="此账户的改动").click()
    assert "新增" in page.locator("#results").inner_text()
    sign_out(page)
    sign_in(page, "wangwu")
    assert "缙云县" in page.locator(".place").inner_text()


DROPPED = """([name, bytes]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
  const options = { bubbles: true, cancelable: true, dataTransfer };
  const told = (kind) => document.body.dispatchEvent(new DragEvent(kind, options));
  return ["dragover", "drop"].map(told);
}"""


def test_files_are_dropped_onto_the_page_and_shown_upright_on_theirs(
    page: Page, enter: Entering, site: Site
):
    enter("staff")
    page.goto(f"/evidence/projects/{site.world['project']}/new")
    page.get_by_label("材料类别").fill("现场照片")
    for name, content in (("现场.jpg", jpeg()), ("截图.png", png())):
        # Neither does the browser open the file in place of the page.
        assert page.evaluate(DROPPED, [name, list(content)]) == [False, False]
    chosen = page.locator(".chosen li").all_inner_texts()
    assert [line.partition("（")[0] for line in chosen] == ["现场.jpg", "截图.png"]
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_role("link", name="现场.jpg", exact=True).click()
    shown = page.locator("#preview img")
    size = "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    assert shown.evaluate(size) == [24, 40]


def test_the_reviewer_rules_on_a_measure_by_keyboard_alone(page: Page, enter: Entering):
    enter("reviewer")
    page.goto("/determinations/review/2024/projects.counted")
    rows = page.locator("tr[data-row]").count()
    assert rows
    for key in ("j", "k", "x", "x"):
        page.keyboard.press(key)
    assert page.locator("tr.current").count() == 1
    page.keyboard.press("r")  # without a reason: to where it is written
    page.keyboard.type("kja凭证不全")
    assert page.get_by_label("理由").input_value() == "kja凭证不全"
    page.keyboard.press("Tab")  # leads on to what was meant, not to the first button
    assert page.evaluate("document.activeElement.value") == "refused"
    page.get_by_label("理由").fill("")
    page.locator("tr.current input[type=checkbox]").focus()
    page.keyboard.press("a")
    page.get_by_role("heading", name="初审认可 1 项").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("1 项认可").wait_for()
    assert page.locator("tr[data-row]").count() == rows - 1


def test_the_form_of_a_line_says_it_and_grows(page: Page, enter: Entering, site: Site) -> None:
    with site.app.app_context():
        base = shelf.shipped(2024)
        texts = {shelf.SET_FILE: base.text, **base.texts}
        made = rulemaking.make(None, 2024, "草稿", SetStatus.DESIGNED, "", texts)
        db.session.commit()
        (file,) = (f.id for f in queries.files(made.id) if f.path == "recipient-county.toml")
    enter("assessor")
    page.goto(f"/rulebooks/files/{file}/line?line=A1.1")
    page.locator("#said").get_by_text("计数法").first.wait_for()
    # Whoever drags the corner of a field gives it a style of its own.
    page.locator("#f-words").evaluate("field => { field.style.height = '300px' }")
    page.locator("#f-part-0-method").select_option("steps")
    page.locator("#f-part-0-rows").wait_for()
