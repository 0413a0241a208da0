"""The quarter's grid in a real browser: a whole quarter by one clerk with its keys and clicks
counted, the whole quarter by four people, two clerks in one grid, by keyboard, on a phone, without
a connection. Without scripts: `test_whole_quarter`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tests.browsing import DESK, PHONE
from tests.web.browser.conftest import Windows
from tests.web.conftest import Site
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import Region
from tracker.records.submissions.models import FilingAct, FilingEvent, FilingKind

pytestmark = pytest.mark.browser

PAGE = "/quarters/331122/2024/3"
PROJECTS = 30
# Seconds of a key, of pointing and clicking, and of making up one's mind, by which an office task
# is reckoned (Card, Moran and Newell's keystroke-level model), for somebody who types slowly.
KEY, CLICK, MIND = 0.5, 1.3, 1.35
TEN_MINUTES = 600

IN_SIGHT = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === at;
}"""

Opened = Callable[..., Page]


@pytest.fixture
def projects() -> int:
    """How many projects the county has, that of the world among them."""
    return 5


def many(some: int) -> pytest.MarkDecorator:
    """As many projects as a county has; in `make test` `some` of them."""
    all_of_them = pytest.param(PROJECTS, id="all", marks=pytest.mark.soak)
    return pytest.mark.parametrize("projects", [pytest.param(some, id="some"), all_of_them])


@pytest.fixture
def opened(site: Site, windows: Windows, address: str, projects: int) -> Iterator[Opened]:
    """Opens the grid for a clerk of 缙云县; any complaint of the browser fails the test."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        for number in range(1, projects):
            told = {"signed_on": date(2024, 1, 1), "total_investment": make.wan(5000)}
            make.project(place, name=f"项目{number:02}", **told)
        colleague = make.user(Role.STAFF, place, username="colleague", display_name="小王")
        site.world.ids["colleague"] = colleague.id
        db.session.commit()
    complaints: list[list[str]] = []
    with ExitStack() as stack:

        def open_page(user: str = "staff", at: str = PAGE, viewport: dict[str, int] = DESK) -> Page:
            lent = windows.lent(site.browser(user).client, viewport)
            page, found = stack.enter_context(lent)
            complaints.append(found)
            page.goto(at)
            return page

        yield open_page
        # A connection that a test cut, and a session that it took away.
        expected = ("ERR_INTERNET_DISCONN", "400 (BAD REQUEST)")
        told = [e for found in complaints for e in found if not any(x in e for x in expected)]
        assert told == []


def cell(page: Page, project: str, column: str = "到位资金"):
    return page.get_by_label(f"{project} {column}", exact=True)


def box(page: Page, project: str, column: str = "到位资金"):
    return page.locator("td.cell", has=cell(page, project, column))


def amounts(site: Site) -> list[tuple[str, str, int]]:
    with site.app.app_context():
        entries = db.session.scalars(
            select(LedgerEntry).where(
                LedgerEntry.project_id.is_not(None), LedgerEntry.note == "2024年第三季度填报表"
            )
        )
        return sorted((e.project.name, e.kind.value, int(e.amount / 10_000)) for e in entries)


@many(6)
def test_a_clerk_of_thirty_projects_is_done_in_under_ten_minutes(
    site: Site, opened: Opened, projects: int, record_property: Callable[[str, object], None]
):
    """The project of the world has 完成投资 on record: it is left as it stands. Of fewer projects
    the same share of ten minutes."""
    page = opened()
    keys = clicks = cells = 0
    for column, start in (("到位资金", 100), ("完成投资", 200)):
        cell(page, "项目01", column).click()
        clicks += 1
        for number in range(projects - 1):
            page.keyboard.type(str(start + number))
            page.keyboard.press("Enter")
            keys, cells = keys + 4, cells + 1
    expect(page.locator("#saved")).to_have_text("已保存草稿")
    page.get_by_role("button", name="全部本季无变化").click()
    expect(page.locator("#saved")).to_contain_text("没有发生的填 0")
    expect(page.locator("#left")).not_to_contain_text("未填")
    page.get_by_role("button", name="核对并登记").click()
    page.get_by_role("button", name="确认登记").click()
    clicks += 3
    page.get_by_text("本季应填的都已登记").wait_for()
    whole = keys * KEY + clicks * CLICK + (cells + clicks) * MIND
    record_property("effort", f"{keys} keys, {clicks} clicks, about {whole:.0f} s")
    assert (keys, clicks) == (8 * (projects - 1), 5)
    assert whole < TEN_MINUTES * projects / PROJECTS
    made = amounts(site)
    assert len(made) == 2 * (projects - 1)
    assert made[0] == ("项目01", EntryKind.COMPLETED_INVESTMENT.value, 200)
    assert page.locator("td[data-state=draft]").count() == 0


@many(14)
def test_a_sheet_is_pasted_and_filled_down_and_what_is_wrong_stands_at_its_cell(
    opened: Opened, projects: int
):
    page, last = opened(), f"项目{projects - 1:02}"
    cell(page, "项目01").focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const options = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        "1,200万元\t３００\r\n约五百\t\r\n",
    )
    expect(page.locator("#saved")).to_have_text("已填入 3 格。")
    expect(cell(page, "项目01", "完成投资")).to_have_value("３００")
    expect(box(page, "项目02")).to_contain_text("请填写金额")
    expect(cell(page, "项目02")).to_have_value("约五百")
    expect(page.locator("[data-total='project.money.funds_in_place'] .total-now")).to_have_text(
        "1,200"
    )
    cell(page, "项目03").focus()
    page.keyboard.press("Control+d")
    expect(cell(page, "项目03")).to_have_value("约五百")
    cell(page, "项目03").fill("7")
    page.get_by_role("button", name="向下填充").click()
    expect(cell(page, last)).to_have_value("7")
    # The whole of each act is taken back, the latest first, on the server too.
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#saved")).to_have_text(f"已撤销，{projects - 4} 格恢复原来的内容。")
    expect(cell(page, last)).to_have_value("")
    cell(page, "项目03").focus()
    page.keyboard.press("Control+z")
    expect(cell(page, "项目03")).to_have_value("约五百")
    page.keyboard.press("Control+z")
    expect(cell(page, "项目03")).to_have_value("")
    page.reload()
    expect(cell(page, "项目02")).to_have_value("约五百")
    expect(cell(page, "项目03")).to_have_value("")
    expect(cell(page, last)).to_have_value("")
    # Wherever keys lead, the cell is in sight: under no head, sums, acts or first column.
    cell(page, last).focus()
    for key in ("ArrowUp",) * 12 + ("ArrowDown",) * 12:
        page.keyboard.press(key)
        page.wait_for_function(IN_SIGHT)  # the page may still be on its way
    # And what was saved or not is told where one types.
    assert page.locator("#saved").evaluate("box => box.getBoundingClientRect().top") >= 56


def test_two_clerks_in_one_grid_see_each_other_and_overwrite_nothing(opened: Opened):
    one, other = opened(), opened("colleague")
    cell(one, "项目01").fill("100")
    one.keyboard.press("Tab")
    expect(cell(other, "项目01")).to_have_value("100", timeout=12_000)
    # Both type into one cell before either hears of the other.
    cell(other, "项目02").fill("7")
    cell(one, "项目02").fill("8")
    other.keyboard.press("Tab")
    expect(other.locator("#saved")).to_have_text("已保存草稿")
    one.keyboard.press("Tab")
    expect(box(one, "项目02")).to_contain_text("小王填了“7”")
    expect(cell(one, "项目02")).to_have_value("8")
    expect(cell(other, "项目02")).to_have_value("7")
    # Nothing is sent again by itself: typed once more it is meant.
    for _ in range(2):
        with one.expect_response("**/drafts*"):
            one.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(cell(one, "项目02")).to_have_value("8")
    other.reload()
    expect(cell(other, "项目02")).to_have_value("7")
    # Escape leads to what stands there: theirs, told as any other cell.
    cell(one, "项目02").focus()
    one.keyboard.press("Escape")
    expect(cell(one, "项目02")).to_have_value("7")
    expect(box(one, "项目02")).not_to_contain_text("没有覆盖", timeout=12_000)
    cell(one, "项目02").fill("9")
    one.keyboard.press("Tab")
    expect(cell(other, "项目02")).to_have_value("9", timeout=12_000)


def test_the_keys_go_through_the_grid(opened: Opened):
    page = opened()
    at = lambda: page.evaluate("document.activeElement.getAttribute('aria-label')")  # noqa: E731
    cell(page, "项目01").focus()
    for key, where in (
        ("Enter", "项目02 到位资金"),
        ("ArrowDown", "项目03 到位资金"),
        ("ArrowUp", "项目02 到位资金"),
        ("Shift+Enter", "项目01 到位资金"),
        ("ArrowRight", "项目01 完成投资"),
        ("ArrowLeft", "项目01 到位资金"),
        ("Tab", "项目01 完成投资"),
    ):
        page.keyboard.press(key)
        assert at() == where, key
    page.keyboard.type("12")
    page.keyboard.press("Escape")
    expect(cell(page, "项目01", "完成投资")).to_have_value("")


def test_the_quarter_is_filled_in_and_posted_by_keys_alone(site: Site, opened: Opened):
    """From the first cell that Tab reaches to the records, without a pointer."""
    page = opened()
    label = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"

    def tab_to(words: str, key: str = "Tab") -> None:
        for _ in range(150):
            if (page.evaluate(label) or "").strip() == words:
                return
            page.keyboard.press(key)
        pytest.fail(f"no Tab leads to {words}")

    tab_to("项目01 到位资金")
    for amount in ("一千二百万元", "35"):
        page.keyboard.type(amount)
        page.keyboard.press("Enter")
    page.keyboard.press("Control+D")
    expect(page.locator("#saved")).to_have_text("已保存草稿")
    expect(cell(page, "项目03")).to_have_value("35")
    tab_to("核对并登记", "Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="将登记").wait_for()
    tab_to("确认登记")
    page.keyboard.press("Enter")
    page.get_by_text("已登记 3 格").wait_for()
    funds = EntryKind.FUNDS_IN_PLACE.value
    assert amounts(site) == [(f"项目0{n}", funds, n0) for n, n0 in ((1, 1200), (2, 35), (3, 35))]


def test_what_could_not_be_saved_stays_and_is_saved_later(opened: Opened):
    page = opened()
    page.context.set_offline(True)
    cell(page, "项目01").fill("55")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("没有保存")
    page.context.set_offline(False)
    expect(box(page, "项目01")).to_have_attribute("data-state", "draft", timeout=12_000)
    page.reload()
    expect(cell(page, "项目01")).to_have_value("55")


def test_who_is_signed_out_meanwhile_is_told_so_and_where_to_sign_in(site: Site, opened: Opened):
    page = opened()
    kept = page.context.cookies()
    page.context.clear_cookies()
    with page.expect_response("**/cells"):
        cell(page, "项目01").fill("56")
        page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_contain_text("没有保存：登录已失效")
    expect(page.locator("#sign-in")).to_be_visible()
    page.context.add_cookies(kept)
    expect(box(page, "项目01")).to_have_attribute("data-state", "draft", timeout=12_000)
    expect(page.locator("#sign-in")).to_be_hidden()


def test_on_a_phone_each_row_is_a_card(opened: Opened):
    page = opened(viewport=PHONE)
    # Its parts are folded, each with what is left in it: a list that one overlooks.
    assert page.evaluate("document.documentElement.scrollHeight") < 3 * PHONE["height"]
    part = page.locator("#project")
    expect(part.locator("summary")).to_contain_text("5 行，9 格未填")
    part.locator("summary").click()
    cell(page, "项目01").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).to_have_text("已保存草稿")
    expect(part.locator("summary")).to_contain_text("8 格未填，1 格草稿待登记")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    # A link to a cell opens the part in which it stands; what is drafted stands open by itself.
    page.goto(f"{PAGE}#{page.locator('#enclave td.cell [id]').first.get_attribute('id')}")
    page.reload()
    expect(page.locator("#enclave table")).to_be_visible()
    expect(part.locator("table")).to_be_visible()
    expect(page.locator("#pairing table")).to_be_hidden()


def test_four_people_bring_the_quarter_to_its_lock_with_a_return(
    site: Site, opened: Opened, windows: Windows
):
    """The clerk, and in turn at another window the county's leader, the city and the province,
    each by what their first page leads to."""
    with site.app.app_context():
        place = db.session.get(Region, site.world["jinyun"])
        site.world.ids["chief"] = make.user(Role.LEADER, place, username="chief").id
        number = acts.filing(place, 2024, FilingKind.Q3, due_on=today() + timedelta(days=3)).id
        db.session.commit()
    clerk = opened()
    turns = opened("chief", at="/")
    clients = {who: site.browser(who).client for who in ("chief", "reviewer", "assessor")}
    at = f"/submissions/{number}"
    ways = {act.label: act.value.replace("_", "-") for act in FilingAct}

    def turn_of(who: str) -> Page:
        windows.sign_in(turns.context, clients[who])
        return turns

    def step(page: Page, act: str, then: str, *, reason: str = "", tick: bool = False) -> None:
        if reason:  # who has come from home has the buttons of the filing
            page.locator("#heading").get_by_role("link", name=act, exact=True).click()
        else:
            page.goto(f"{at}/{ways[act]}")
        if reason:
            page.get_by_label("理由").fill(reason)
        if tick:
            page.get_by_role("checkbox").check()
        page.get_by_role("button", name=act, exact=True).click()
        expect(page.locator(".flash-success")).to_contain_text(f"现在是“{then}”")

    def post() -> None:
        clerk.get_by_role("button", name="全部本季无变化").click()
        expect(clerk.locator("#left")).not_to_contain_text("未填")
        clerk.get_by_role("button", name="核对并登记").click()
        clerk.get_by_role("button", name="确认登记").click()
        clerk.get_by_text("本季应填的都已登记").wait_for()

    def hand_in() -> None:
        step(turn_of("chief"), "县领导审核同意", "县领导已审")
        step(clerk, "报送", "已报送", tick=True)

    # The clerk: from home to the grid, by the check to a cell, whose typing begins the filing.
    clerk.goto("/")
    clerk.get_by_role("link", name="去填报").first.click()
    clerk.locator("#grid").wait_for()
    clerk.goto(f"{at}/check")
    finding = clerk.locator("details.finding", has_text="应填而没有填")
    finding.locator("summary").click()
    finding.get_by_role("link", name="项目01", exact=True).click()
    expect(cell(clerk, "项目01")).to_be_focused()
    assert box(clerk, "项目01").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    clerk.keyboard.type("12")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#saved")).to_have_text("已保存草稿")
    post()
    hand_in()
    # The city gives it back; the clerk reads why first of all, and at the bell.
    city = turn_of("reviewer")
    city.goto("/")
    city.get_by_role("link", name="去审核").first.click()
    city.locator("#progress").wait_for()
    step(city, "退回", "已退回", reason="项目02 缺到位资金")
    clerk.goto("/")
    first = clerk.locator("main h2").first
    expect(first).to_contain_text("退回和限期开锁")
    expect(clerk.locator("main")).to_contain_text("退回：项目02 缺到位资金")
    expect(clerk.locator(".bell-count")).to_have_text("1")
    clerk.get_by_role("link", name="去修改").first.click()
    cell(clerk, "项目02").fill("7")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#saved")).to_have_text("已保存草稿")
    post()
    hand_in()
    step(turn_of("reviewer"), "市级初审通过", "市级初审")
    step(turn_of("assessor"), "省级审核通过", "省级审核")
    step(turn_of("assessor"), "锁定", "已锁定", tick=True)
    clerk.goto(PAGE)
    expect(clerk.locator("#why-not")).to_contain_text("已锁定")
    assert amounts(site) == [
        ("项目01", EntryKind.FUNDS_IN_PLACE.value, 12),
        ("项目02", EntryKind.FUNDS_IN_PLACE.value, 7),
    ]
    with site.app.app_context():
        events = db.session.scalars(select(FilingEvent).order_by(FilingEvent.id)).all()
        who = [(each.act, each.actor_id) for each in events if each.act is FilingAct.STARTED]
        assert who == [(FilingAct.STARTED, site.world["staff"])] * 2
        assert all(each.address == "127.0.0.1" for each in events)
