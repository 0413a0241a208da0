"""The quarter as a workbook: last quarter in it, and what comes back as drafts of the grid."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from tests.exchange.sheets.books import Book
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tests.web.test_imports import hand_in, sent, take
from tracker.core.db import db
from tracker.core.strangers import Reason, UnreadableError
from tracker.exchange.sheets import jobs
from tracker.records.background.models import WorkState
from tracker.records.ledger.models import LedgerEntry
from tracker.records.quarters.models import QuarterCell

__all__ = ["sent"]
AT = "331122/2024/4"
IMPORT = f"quarters/{AT}"


class Quarter(Book):
    """The workbook of a quarter, one of its sheets at a time."""

    def at(self, title: str) -> Quarter:
        self.page = self.book[title]
        self.columns = {cell.value: cell.column for cell in self.page[3] if cell.value}
        return self

    def of(self, name: str) -> int:
        """The row of a record."""
        return next(row for row in range(5, 60) if self.page.cell(row, 2).value == name)


@pytest.fixture
def book(site: Site) -> Quarter:
    return taken(site.browser("staff"))


def taken(browser: Browser) -> Quarter:
    answer = browser.get(f"/sheets/{IMPORT}/template")
    assert answer.status_code == 200
    found = Quarter(answer.data)
    answer.close()
    return found


def drafts(site: Site) -> dict[str, str]:
    with site.app.app_context():
        found = db.session.scalars(select(QuarterCell).where(QuarterCell.posted_at.is_(None)))
        return {each.field: each.typed for each in found}


def test_the_template_has_last_quarter_beside_this_one(book: Quarter):
    book.at("项目资金")
    row = book.of("智能装备项目")
    assert book.cell(row, "last:money.completed_investment").value == 3000
    assert book.cell(row, "last:money.completed_investment").protection.locked
    assert book.cell(row, "money.completed_investment").value is None
    assert not book.cell(row, "money.completed_investment").protection.locked
    assert book.page.cell(4, book.columns["money.funds_in_place"]).value == "到位资金（万元）"
    book.at("飞地资金")
    row = book.of("缙云消薄飞地")
    assert book.cell(row, "money.rebate").value == 100
    assert book.cell(row, "day.rebate").value.date() == date(2024, 12, 1)


def test_what_is_filled_in_becomes_drafts_and_nothing_else(site: Site, book: Quarter):
    staff = site.browser("staff")
    book.at("项目资金")
    row = book.of("智能装备项目")
    book.set(row, **{"money.funds_in_place": "１，２００", "money.completed_investment": 0})
    number = hand_in(site, staff, book.saved(), IMPORT)
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "核对通过：新增 0 条，修改 2 条" in shown
    assert "到位资金：空 → 1,200 万元" in shown
    assert f"「项目资金」第 {row} 行" in shown
    asked = staff.post(f"/sheets/imports/{number}/take")
    assert f"「项目资金」第 {row} 行：修改智能装备项目" in text_of(asked)
    assert drafts(site) == {}
    assert take(site, staff, number).state is WorkState.DONE
    assert drafts(site) == {
        "money.funds_in_place": "１，２００",
        "money.completed_investment": "0",
    }
    with site.app.app_context():
        assert len(db.session.scalars(select(LedgerEntry)).all()) == 3
    page = staff.get(f"/quarters/{AT}")
    assert f"/sheets/{IMPORT}/template" in page.text
    again = hand_in(site, staff, book.saved(), IMPORT)
    assert "无须导入" in text_of(staff.get(f"/sheets/imports/{again}"))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"money.funds_in_place": "—"}, "看不出是 0 还是没有数"),
        ({"money.funds_in_place": "很多"}, "请填写金额"),
        ({"money.funds_in_place": "=1+1"}, "没有结果的公式"),
        ({"money.funds_in_place": date(2024, 12, 1)}, "应填数字"),
    ],
)
def test_what_the_grid_refuses_is_told_at_its_cell(
    site: Site, book: Quarter, values: dict, says: str
):
    staff = site.browser("staff")
    book.at("项目资金")
    row = book.of("智能装备项目")
    book.set(row, **values)
    number = hand_in(site, staff, book.saved(), IMPORT)
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    place = book.cell(row, "money.funds_in_place").coordinate
    assert f"「项目资金」{place}（到位资金）" in shown
    assert says in shown
    assert drafts(site) == {}


def test_figures_are_never_taken_for_another_row(site: Site, book: Quarter):
    """The key of a row is hidden: a name that was sorted or pasted beside it is another's, and a
    row that was copied stands twice."""
    staff = site.browser("staff")
    book.at("项目资金")
    row = book.of("智能装备项目")
    book.set(row, **{"money.funds_in_place": 8})
    book.page.cell(row, 2).value = "另一个项目"
    for cell in [*book.page[row]]:
        book.page.cell(row + 7, cell.column).value = cell.value
    number = hand_in(site, staff, book.saved(), IMPORT)
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert f"「项目资金」B{row}" in shown
    assert "这一行是“智能装备项目”的，名称却是“另一个项目”" in shown
    assert f"「项目资金」B{row + 7}" in shown
    assert f"与第 {row} 行是同一行" in shown
    assert drafts(site) == {}
    # As WPS writes a name that was broken into lines, it is the same.
    book.page.cell(row, 2).value = "智能装备\n项目 "
    for cell in [*book.page[row + 7]]:
        cell.value = None
    number = hand_in(site, staff, book.saved(), IMPORT)
    assert "修改 1 条" in text_of(staff.get(f"/sheets/imports/{number}"))


def test_a_figure_in_the_column_of_last_quarter_is_told(site: Site, book: Quarter):
    staff = site.browser("staff")
    book.at("项目资金")
    row = book.of("智能装备项目")
    cell = book.cell(row, "last:money.completed_investment")
    cell.value = 3001
    number = hand_in(site, staff, book.saved(), IMPORT)
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert f"「项目资金」{cell.coordinate}（上季完成投资）灰色格是上季的数，不能改" in shown
    assert drafts(site) == {}


def test_a_cell_at_the_far_end_is_told_and_marked_at_its_address(site: Site, book: Quarter):
    """The reader clips what is far out, and marking once walked all cells up to the last."""
    staff = site.browser("staff")
    book.at("项目资金").page["XFD1048576"] = 1
    number = hand_in(site, staff, book.saved(), IMPORT)
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "「项目资金」XFD1048576在模板的各列之外，请删去。" in shown.replace(" ", "")
    answer = staff.get(f"/sheets/imports/{number}/workbook")
    back = Quarter(answer.data).at("项目资金")
    answer.close()
    assert "在模板的各列之外" in back.page["XFD1048576"].comment.text


def test_a_workbook_that_cannot_be_marked_says_so(
    site: Site, book: Quarter, monkeypatch: pytest.MonkeyPatch
):
    def too_much(*_given: object, **_options: object) -> str:
        raise UnreadableError(Reason.TOO_MUCH)

    monkeypatch.setattr(jobs, "read_apart", too_much)
    staff = site.browser("staff")
    book.at("项目资金").page["XFD6"] = 1
    number = hand_in(site, staff, book.saved(), IMPORT)
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "XFD6" in shown
    assert "不能在限定的时间和内存内标注" in shown
    assert "下载标注过的工作簿" not in shown


def test_what_somebody_typed_meanwhile_is_never_overwritten(site: Site, book: Quarter):
    staff = site.browser("staff")
    at = f"project-{site.world['project']}.money.funds_in_place"
    staff.post(f"/quarters/{AT}/cells", {f"cell:{at}": "7", f"seen:{at}": "0", "act": "save"})
    book.at("项目资金")
    book.set(book.of("智能装备项目"), **{"money.funds_in_place": 8})
    number = hand_in(site, staff, book.saved(), IMPORT)
    assert "没有导入任何一行" in text_of(staff.get(f"/sheets/imports/{number}"))
    assert drafts(site) == {"money.funds_in_place": "7"}
    fresh = taken(staff).at("项目资金")
    assert fresh.cell(fresh.of("智能装备项目"), "money.funds_in_place").value == 7


def test_the_quarter_is_its_countys_alone(site: Site, book: Quarter):
    assert site.browser("neighbour").get(f"/sheets/{IMPORT}/template").status_code == 404
    assert site.browser("reviewer").get(f"/sheets/{IMPORT}/import").status_code == 403
    staff = site.browser("staff")
    assert staff.get("/sheets/quarters/331126/2024/4/template").status_code == 404
    assert staff.get("/sheets/quarters/331122/2024/5/template").status_code == 404
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    number = hand_in(site, staff, out.getvalue(), IMPORT)
    assert "不是本系统的模板" in text_of(staff.get(f"/sheets/imports/{number}"))
    number = hand_in(site, staff, book.saved(), "quarters/331122/2024/3")
    shown = text_of(staff.get(f"/sheets/imports/{number}"))
    assert "这是“缙云县 2024 年第四季度填报表”的模板，这里导入的是“缙云县 2024 年第三季度" in shown
    projects = staff.get("/sheets/projects/template")
    number = hand_in(site, staff, projects.data, IMPORT)
    projects.close()
    assert "这是“项目”的模板" in text_of(staff.get(f"/sheets/imports/{number}"))
