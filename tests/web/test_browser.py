"""The way through the product in a real browser: a project and its money, points, the paper."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.web.conftest import Site
from tracker.accounts import service
from tracker.accounts.models import User
from tracker.db import db

CHROMIUM = Path("/usr/bin/chromium")
PASSWORD = "browser-password-1"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The address of a running server."""
    with site.app.app_context():
        hashed = service._hasher.hash(PASSWORD)
        for user in db.session.query(User):
            user.password_hash = hashed
        db.session.commit()
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page on which any complaint of the browser fails the test."""
    context = chromium.new_context(base_url=address, viewport=DESK, accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "422" not in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(address) else complaints.append(request.url),
    )
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Page, user: str) -> None:
    page.goto("/login")
    page.get_by_label("用户名").fill(user)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="我的工作").wait_for()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="登录").wait_for()


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def read_card(page: Page) -> tuple[Decimal, str]:
    """The points on the page of 缙云县 and the words of its paper, which must say the same."""
    page.goto("/scorecards/?year=2024")
    page.get_by_role("link", name="缙云县", exact=True).click()
    shown = page.locator(".sums dd").first.inner_text()
    points = re.match(r"[\d.]+", shown)[0]
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 PDF").click()
    assert started.value.suggested_filename.endswith(".pdf")
    words = words_of(Path(started.value.path()).read_bytes())
    assert f"已计得分{points}" in words
    return Decimal(points), words


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
    page.get_by_label("金额").fill("１２０００")
    page.get_by_label("发生日期").fill("2024.11.5")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已登记完成投资").wait_for()
    sign_out(page)

    sign_in(page, "assessor")
    page.get_by_role("link", name="考核", exact=True).click()
    page.get_by_label("考核年度").select_option("2024")
    page.get_by_role("button", name="计分").click()
    page.get_by_text("已冻结事实并计分").wait_for()
    after, words = read_card(page)
    assert "缙云新能源基地" in words
    assert after > before


@pytest.mark.parametrize("size", [PHONE, DESK, {"width": 1920, "height": 1080}])
def test_nothing_is_wider_than_the_screen(page: Page, site: Site, size: dict):
    page.set_viewport_size(size)
    sign_in(page, "staff")
    world = site.world
    for path in (
        "/",
        "/projects/",
        "/projects/new",
        f"/projects/{world['project']}",
        f"/enclaves/{world['enclave']}",
        f"/pairings/{world['pairing']}",
        f"/ledger/{world['entry']}/reverse",
        "/ledger/?year=2024",
        "/scorecards/?year=2024",
        f"/scorecards/{world['snapshot']}/zj-recipient-county/331122",
    ):
        page.goto(path)
        extra = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert extra <= 0, (path, size, extra)


def test_the_menu_opens_on_a_phone(page: Page):
    page.set_viewport_size(PHONE)
    sign_in(page, "staff")
    menu = page.get_by_role("navigation", name="主菜单")
    assert not menu.is_visible()
    page.get_by_text("菜单", exact=True).click()
    menu.get_by_role("link", name="飞地").click()
    page.get_by_role("heading", name="飞地").wait_for()


def test_choices_take_effect_at_once_and_stay_in_the_address(page: Page):
    sign_in(page, "staff")
    page.goto("/ledger/?year=2024")
    page.get_by_label("资金类型").select_option(label="返利")
    page.wait_for_url("**kind=rebate**")
    assert page.get_by_role("link", name="缙云消薄飞地").is_visible()
    assert page.get_by_role("link", name="智能装备项目").count() == 0
    page.go_back()
    page.get_by_role("link", name="智能装备项目").wait_for()
    page.go_forward()
    page.get_by_role("link", name="智能装备项目").wait_for(state="detached")
    page.get_by_label("年度", exact=True).select_option("2023")
    page.get_by_role("heading", name="台账 2023 年度").wait_for()
    assert "kind=rebate" in page.url


def test_everything_works_without_scripts(chromium: Browser, address: str):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "staff")
    page.goto("/projects/")
    page.get_by_label("阶段").select_option(label="签约")
    page.get_by_role("button", name="筛选").click()
    page.get_by_text("没有符合条件的项目").wait_for()
    page.get_by_label("年度", exact=True).select_option("2023")
    page.get_by_role("button", name="切换").click()
    page.goto("/ledger/")
    page.get_by_role("heading", name="台账 2023 年度").wait_for()
    context.close()
