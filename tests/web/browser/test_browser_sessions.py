"""What a session's end and a stopped button mean to somebody in front of a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import update

from tests.web.browser.conftest import Windows
from tests.web.browser.test_browser import PASSWORD, sign_in
from tests.web.conftest import Site
from tracker.core.db import db
from tracker.records.accounts import service, sessions
from tracker.records.accounts.models import EndReason, User
from tracker.records.projects.models import Project

pytestmark = pytest.mark.browser
NEW = "/projects/new"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return service._hasher.hash(PASSWORD)


@pytest.fixture
def passwords(site: Site, password_hash: str) -> None:
    """Everybody has the same password."""
    with site.app.app_context():
        db.session.execute(update(User).values(password_hash=password_hash))
        db.session.commit()


@pytest.fixture
def page(windows: Windows, address: str, site: Site, passwords: None) -> Iterator[Page]:
    """A page of somebody who has signed in."""
    with windows.lent(site.browser("staff").client) as (page, _):
        page.context.set_default_timeout(10_000)
        yield page


@pytest.fixture
def context(page: Page) -> BrowserContext:
    """The windows of which `page` is one."""
    return page.context


def fill_in(page: Page, name: str) -> None:
    page.goto(NEW)
    page.get_by_label("项目名称").fill(name)
    page.get_by_label("类别").select_option(label="产业合作")


def projects(site: Site, name: str) -> int:
    with site.app.app_context():
        return db.session.query(Project).filter_by(name=name).count()


def end_sessions(site: Site) -> None:
    with site.app.app_context():
        sessions.end(site.world["staff"], EndReason.ELSEWHERE)
        db.session.commit()


@pytest.mark.parametrize("way", ["button", "key", "script"])
def test_a_button_that_was_pressed_and_stopped_works_again(site: Site, page: Page, way: str):
    """While a page is under way the browser runs no script for us: hands are used instead."""
    if way == "key":  # of a browser that tells nothing of its navigation
        page = page.context.new_page()
        page.add_init_script("Object.defineProperty(window, 'navigation', {value: undefined})")
    fill_in(page, "按了又停的项目")
    waiting = []
    page.route(
        f"**{NEW}", lambda r: waiting.append(r) if r.request.method == "POST" else r.continue_()
    )
    hands = page.context.new_cdp_session(page)
    save = page.get_by_role("button", name="保存")
    save.scroll_into_view_if_needed()
    box = save.bounding_box()
    place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    if way == "script":
        page.evaluate("setTimeout(() => window.stop(), 2000)")
    page.mouse.click(*place)
    page.wait_for_timeout(500)
    page.mouse.click(*place)  # impatiently
    page.wait_for_timeout(500)
    assert len(waiting) == 1
    if way == "key":
        page.keyboard.press("Escape")
    if way in ("key", "button"):
        hands.send("Page.stopLoading")
    page.wait_for_timeout(2000)
    page.unroute(f"**{NEW}")
    page.mouse.click(*place)
    page.get_by_role("heading", name="按了又停的项目").wait_for()
    assert projects(site, "按了又停的项目") == 1


def test_a_button_works_again_after_going_back(site: Site, page: Page):
    fill_in(page, "退回再存的项目")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="退回再存的项目").wait_for()
    page.go_back()
    page.get_by_label("项目名称").fill("另一个项目")
    page.get_by_label("类别").select_option(label="产业合作")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="另一个项目").wait_for()


def test_after_the_sessions_end_one_press_saves_what_was_typed(
    site: Site, page: Page, context: BrowserContext
):
    fill_in(page, "过期后重新提交的项目")
    end_sessions(site)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="页面已过期").wait_for()
    with context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口登录").click()
    sign_in(opened.value, "staff")
    page.get_by_role("button", name="重新提交").click()
    page.get_by_role("heading", name="过期后重新提交的项目").wait_for()
    assert projects(site, "过期后重新提交的项目") == 1


def test_a_page_from_before_the_sessions_end_saves_at_the_first_press(
    site: Site, page: Page, context: BrowserContext
):
    fill_in(page, "登录后直接保存的项目")
    other = context.new_page()
    other.goto("/")
    other.get_by_role("button", name="退出").click()
    sign_in(other, "staff")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="登录后直接保存的项目").wait_for()


def test_after_signing_out_one_press_saves_too(site: Site, page: Page, context: BrowserContext):
    fill_in(page, "退出后重新提交的项目")
    other = context.new_page()
    other.goto("/")
    other.get_by_role("button", name="退出").click()
    other.get_by_role("heading", name="登录").wait_for()
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="页面已过期").wait_for()
    sign_in(other, "staff")
    page.get_by_role("button", name="重新提交").click()
    page.get_by_role("heading", name="退出后重新提交的项目").wait_for()


def test_what_one_person_typed_is_not_saved_unasked_as_anothers(
    site: Site, page: Page, context: BrowserContext
):
    fill_in(page, "换了人的项目")
    other = context.new_page()
    other.goto("/")
    other.get_by_role("button", name="退出").click()
    sign_in(other, "neighbour")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="页面已过期").wait_for()
    assert projects(site, "换了人的项目") == 0


def test_signing_in_and_out_work_from_pages_that_were_left_open(
    page: Page, context: BrowserContext
):
    left_open = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="退出").click()
    left_open.goto("/login")
    sign_in(page, "staff")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="登录").wait_for()
    left_open.get_by_label("用户名").fill("staff")
    left_open.get_by_label("密码").fill(PASSWORD)
    left_open.get_by_role("button", name="登录").click()
    left_open.get_by_role("heading", name="我的工作").wait_for()
    other = context.new_page()
    other.goto("/")
    other.get_by_role("button", name="退出").click()
    other.get_by_role("heading", name="登录").wait_for()
    left_open.get_by_role("button", name="退出").click()
    left_open.get_by_text("已退出登录。").wait_for()


def test_the_end_is_said_before_and_somebody_who_is_there_works_on(
    site: Site, windows: Windows, address: str, passwords: None
):
    """In a window of its own, whose clock is turned."""
    context = windows.browser.new_context(base_url=address)
    windows.sign_in(context, site.browser("staff").client)
    page = context.new_page()
    settings = site.app.config["TRACKER"]
    minutes = settings.idle.total_seconds() / 60
    page.clock.install()
    page.goto(NEW)
    page.get_by_label("项目名称").fill("还在写的项目")
    bar = page.get_by_role("alert")
    assert not bar.is_visible()
    site.app.config["TRACKER"] = replace(settings, idle=timedelta(seconds=119))
    page.clock.fast_forward(f"{int(minutes) - 2}:01")
    bar.get_by_text("将自动退出").wait_for()
    assert "您有一段时间没有操作，还有 2 分钟 将自动退出。" in bar.inner_text()
    site.app.config["TRACKER"] = settings
    bar.get_by_role("button", name="继续工作").click()
    bar.wait_for(state="hidden")

    end_sessions(site)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    bar.get_by_text("已自动退出").wait_for()
    assert not bar.get_by_role("button").is_visible()
    with context.expect_page() as opened:
        bar.get_by_role("link", name="在新窗口登录").click()
    sign_in(opened.value, "staff")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    bar.wait_for(state="hidden")
    page.get_by_label("类别").select_option(label="产业合作")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="还在写的项目").wait_for()
    context.close()
