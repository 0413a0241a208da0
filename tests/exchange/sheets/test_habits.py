"""What clerks and their programs make of a template: understood, or refused with the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.audits.conftest import Site
from tests.exchange.sheets.books import SHEET, Book, changed, sitting, table, template, tried
from tests.exchange.sheets.handmade import as_wps
from tests.exchange.sheets.handmade import book as handmade_book
from tests.exchange.sheets.test_every_kind import NEW as FILLED
from tracker.exchange.sheets import checking
from tracker.exchange.sheets.entering import Entering
from tracker.exchange.sheets.table import RefusedTableError
from tracker.exchange.sheets.template import FIRST_ROW, HEADS_ROW, NAMES_ROW

_AT_EIGHT = datetime(2024, 7, 3, 8)  # noqa: DTZ001 - a cell knows no zone
NEW = {"name": "乙项目", "category": "产业合作", "signed_on": "2024-07-03"}


@pytest.fixture
def of(site: Site) -> Iterator[Entering]:
    """The staff of 缙云县 at the projects."""
    with sitting(site.app, site.world["staff"], "projects") as found:
        yield found


@pytest.fixture(scope="module")
def projects(site: Site) -> bytes:
    """The template of the projects; no test here changes a record."""
    with sitting(site.app, site.world["staff"], "projects") as of:
        return template(of)


@pytest.fixture
def book(of: Entering, projects: bytes) -> Book:
    return Book(projects)


def made(of: Entering, book: Book) -> dict[str, Any]:
    """What the one new row says, by the form's fields."""
    plan = tried(of, book.saved())
    assert plan.faults == []
    (row,) = plan.created
    return row.form.values()


def faults(of: Entering, book: Book | bytes) -> list[tuple[str, str]]:
    """(place, sentence) of each fault."""
    data = book if isinstance(book, bytes) else book.saved()
    try:
        plan = tried(of, data)
    except RefusedTableError as error:
        return [(each.cell, each.words) for each in error.faults]
    return [(each.cell, each.words) for each in plan.faults]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("total_investment", "１２，０００", Decimal(120_000_000)),
        ("total_investment", " 1.2亿元\u3000", Decimal(120_000_000)),
        ("total_investment", "\u200b12000\ufeff", Decimal(120_000_000)),
        ("total_investment", "12\u00a0000", Decimal(120_000_000)),
        ("total_investment", 1234.56, Decimal(12_345_600)),
        ("total_investment", "—", None),
        ("total_investment", "/", None),
        ("total_investment", "  ", None),
        ("name", "乙项目\n", "乙项目"),
        ("name", "\u00a0乙项目\u200b", "乙项目"),
        ("investor", "甲（集团）公司", "甲（集团）公司"),
        ("investor", "——", ""),
        ("investor", 12345, "12345"),
        ("signed_on", "2024年7月3日", date(2024, 7, 3)),
        ("signed_on", "２０２４．７．３", date(2024, 7, 3)),
        ("signed_on", 20240703, date(2024, 7, 3)),
        ("signed_on", date(2024, 7, 3), date(2024, 7, 3)),
        ("is_chain", True, True),
        ("is_chain", " 否", False),
        ("category", "产业 合作", "industry"),
        ("note", "一\r\n二", "一\n二"),
    ],
)
def test_what_is_understood(of: Entering, book: Book, name: str, cell: Any, value: Any):
    book.set(book.free, **{**NEW, name: cell})
    assert made(of, book)[name] == value


@pytest.mark.parametrize(
    ("name", "cell", "says"),
    [
        ("total_investment", "-", "看不出是 0 还是没有填"),
        ("total_investment", "－", "看不出是 0 还是没有填"),
        ("total_investment", date(2024, 7, 3), "是日期 2024-07-03，应填数字"),
        ("total_investment", "1\u200b2", "看不见的字符 U+200B"),
        ("total_investment", True, "逻辑值"),
        ("total_investment", "=A1", "没有结果的公式"),
        ("signed_on", 45476, "序列号（2024-07-03，1904 日期系统则是 2028-07-04）"),
        ("signed_on", _AT_EIGHT, "带有时刻"),
        ("name", date(2024, 7, 3), "已被表格软件变成日期"),
        ("name", "乙\u200b项目", "看不见的字符 U+200B"),
        ("investor", 331122198001011234, "超过 15 位"),
        ("investor", "#N/A", "错误值 #N/A"),
    ],
)
def test_what_is_refused_by_its_shape(of: Entering, book: Book, name: str, cell: Any, says: str):
    book.set(book.free, **{**NEW, name: cell})
    ((place, words),) = faults(of, book)
    assert place == book.cell(book.rows()[-1], name).coordinate
    assert says in words


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [
        ({"name": "乙\n项目"}, "name", "应在一行之内"),
        ({"name": None}, "name", "请填写项目名称"),
        ({"category": "别的"}, "category", "不在列表中"),
        ({"pairing_id": "富阳区支援龙游县"}, "pairing_id", "不在列表中"),
        ({"total_investment": "12%"}, "total_investment", "金额"),
        ({"total_investment": -3}, "total_investment", "不能为负数"),
        ({"signed_on": "2024-02-30"}, "signed_on", "没有30日"),
        ({"signed_on": "2124-01-01"}, "signed_on", "不合情理"),
        ({"started_on": "2024-01-01"}, "started_on", "早于"),
        ({"name": "智能装备项目"}, "name", "已有同名的项目"),
        (
            {"pairing_id": "富阳区支援缙云县", "partner_id": "庆元县"},
            "partner_id",
            "协作县只能是富阳区",
        ),
    ],
)
def test_what_the_form_refuses_is_told_at_its_cell(
    of: Entering, book: Book, values: dict[str, Any], name: str, says: str
):
    book.set(book.free, **{**NEW, **values})
    row = book.rows()[-1]
    found = faults(of, book)
    assert [place for place, _ in found] == [book.cell(row, name).coordinate]
    assert says in found[0][1]


def test_all_faults_come_at_once_and_no_stage_hides_the_next_ones_rows(of: Entering, book: Book):
    first = book.free
    book.set(first, **{**NEW, "signed_on": 45476, "total_investment": "-"})
    book.set(first + 1, **{**NEW, "name": date(2024, 7, 3)})
    assert len(faults(of, book)) == 3
    book.set(first, signed_on=None, total_investment=-1)
    book.set(first + 1, name="丙项目")
    book.set(first + 2, **{**NEW, "name": "丁项目", "category": None})
    found = faults(of, book)
    assert [words for _, words in found] == ["金额不能为负数。", "请选择类别。"]


def test_two_rows_of_one_name_meet_before_anything_is_kept(of: Entering, book: Book):
    book.set(book.free, **NEW)
    book.set(book.free, **{**NEW, "total_investment": 5})
    ((place, words),) = faults(of, book)
    assert place == book.cell(book.rows()[-1], "name").coordinate
    assert words == f"与第 {book.free - 2} 行重复：都是项目“乙项目”。"


def test_one_row_tells_all_its_faults_and_whose_name_it_bears(of: Entering, book: Book):
    """A choice that is none hides neither the figures beside it, nor that the name is taken by a
    record, by a sound row or by another faulty one."""
    first = book.free
    wrong = {"category": "乱写", "total_investment": "abc", "signed_on": "2025.13.1"}
    book.set(first, **{**NEW, **wrong, "name": "智能装备项目"})
    book.set(first + 1, **NEW)
    book.set(first + 2, **{**NEW, "category": "乱写"})
    book.set(first + 3, **{**NEW, "name": "丙项目", "total_investment": -1})
    book.set(first + 4, **{**NEW, "name": "丙 项目", "signed_on": "去年"})

    def at(row: int, *names: str) -> list[str]:
        return [book.cell(row, name).coordinate for name in names]

    found = faults(of, book)
    assert sorted(place for place, _ in found) == sorted(
        at(first, "category", "total_investment", "signed_on", "name")
        + at(first + 2, "category", "name")
        + at(first + 3, "total_investment")
        + at(first + 4, "signed_on", "name")
    )
    said = dict(found)
    assert "已有同名的项目“智能装备项目”（编号 " in said[at(first, "name")[0]]
    assert said[at(first + 2, "name")[0]] == f"与第 {first + 1} 行重复：都是项目“乙项目”。"
    assert f"与第 {first + 3} 行重复" in said[at(first + 4, "name")[0]]
    rows = [int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for place, _ in found]
    assert rows == sorted(rows)


def test_a_changed_row_tells_all_its_faults_too(of: Entering, book: Book):
    row = book.rows()[0]
    book.set(row, category="乱写", total_investment="abc").set(book.free, **NEW)
    book.set(row, name=NEW["name"])
    found = faults(of, book)
    names = ("category", "total_investment", "name")
    assert sorted(place for place, _ in found) == sorted(
        book.cell(row, name).coordinate for name in names
    )


def test_a_formula_with_its_result_is_read_and_said_so(of: Entering, book: Book):
    row = book.free
    book.set(row, **{**NEW, "total_investment": 7})
    place = book.cell(row, "total_investment").coordinate
    shape = re.compile(rf'(<c r="{place}"[^>]*>)<v>7</v>'.encode())
    data = changed(book.saved(), SHEET, lambda xml: shape.sub(rb"\1<f>3+4</f><v>7</v>", xml))
    plan = tried(of, data)
    assert [row.form.total_investment.data for row in plan.created] == [70_000]
    assert [(note.cell, note.words) for note in plan.table.notes] == [
        (place, "是公式，按其结果“7”读取。")
    ]


@pytest.mark.parametrize("key", ["enclaves", "ledger", "projects", "villages"])
def test_a_template_that_wps_wrote_is_read_as_the_one_it_was_made_of(site: Site, key: str):
    with sitting(site.app, site.world["staff"], key) as of:
        given = Book(template(of))
        plan = tried(of, as_wps(given.saved()))
        assert (plan.unchanged, plan.rows, plan.faults) == (len(given.rows()), [], [])
        given.set(given.free, **{**given.row(FIRST_ROW), **FILLED[key][1]})
        meant, plan = tried(of, given.saved()), tried(of, as_wps(given.saved()))
        assert plan.faults == []
        assert [row.form.values() for row in plan.rows] == [row.form.values() for row in meant.rows]
        assert len(plan.created) == 1


def test_days_of_a_workbook_that_counts_from_1904(of: Entering, book: Book):
    book.book.epoch = CALENDAR_MAC_1904
    book.set(book.free, **{**NEW, "signed_on": date(2024, 7, 3)})
    assert made(of, book)["signed_on"] == date(2024, 7, 3)


def test_merged_cells_are_refused_where_they_touch_what_is_filled_in(of: Entering, book: Book):
    row = book.free
    book.set(row, **NEW)
    book.page.merge_cells("C1:F1")
    assert faults(of, book) == []
    column = book.cell(row, "category").column_letter
    book.page.merge_cells(f"{column}{row - 1}:{column}{row}")
    assert faults(of, book) == [
        (f"{column}{row - 1}:{column}{row}", "是合并的单元格，请取消合并，逐格填写。")
    ]


def test_trailing_blanks_styles_and_moved_columns_change_nothing(of: Entering, book: Book):
    row = book.free
    book.set(row, **NEW)
    for number in range(row + 1, row + 40):
        book.page.cell(number, 5).value = " \u00a0" if number % 2 else None
        book.page.cell(number, 60).fill = PatternFill("solid", fgColor="FF0000")
    book.page.insert_cols(book.columns["category"])
    assert faults(of, book) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda b: b.page.cell(FIRST_ROW, 60, "另记"), "在模板的各列之外"),
        (lambda b: b.page.cell(HEADS_ROW, 5, "别的"), "表头应为"),
        (lambda b: b.page.cell(NAMES_ROW, 5, "别的"), "隐藏行被改动"),
        (lambda b: b.page.delete_cols(5), "缺少列"),
        (lambda b: b.page.cell(FIRST_ROW, 1, "甲"), "隐藏的记录编号被改动"),
        (lambda b: b.page.cell(FIRST_ROW, 1, 999_999), "没有编号 999999 的记录"),
        (lambda b: b.book.create_sheet("草稿").append(["甲"]), "不认识的工作表"),
        (lambda b: b.book["_模板"].cell(2, 2, "0"), "模板已经更新"),
        (lambda b: b.book["_模板"].cell(3, 2, "parks"), "这是“产业园”的模板，不是“项目”的"),
        (lambda b: b.book["_模板"].cell(3, 2, "quarter:331122:2024:3"), "这是“缙云县 2024 年第三"),
        (lambda b: b.book["_模板"].cell(3, 2, "quarter:331122:9:3"), "这是其他内容的模板"),
        (lambda b: b.book["_模板"].cell(3, 2, "quarter:331122:2024:９"), "这是其他内容的模板"),
        (lambda b: b.book["_模板"].cell(7, 2, "331126"), "这是庆元县的模板，列的是庆元县的记录"),
        (lambda b: b.book["_模板"].cell(7, 2, "330000"), "这是浙江省的模板"),
        (lambda b: b.book["_模板"].cell(7, 2, "999999"), "这是别处的模板"),
        (lambda b: b.book["_模板"].cell(4, 2, "x"), "模板已经更新"),
        (lambda b: b.book.remove(b.book["_模板"]), "不是本系统的模板"),
        (lambda b: b.page.delete_rows(FIRST_ROW, 9), "没有填写任何内容"),
        (lambda b: b.page.delete_rows(1, 4), "找不到要填的工作表"),
    ],
)
def test_what_is_no_template_any_more_is_told(of: Entering, book: Book, change: Any, says: str):
    change(book)
    said = faults(of, book)
    assert len(said) == 1
    assert says in said[0][1]


def test_a_template_of_before_says_of_when_it_is(of: Entering, book: Book):
    book.book["_模板"].cell(2, 2, "0")
    book.book["_模板"].cell(5, 2, "2024-07-03")
    ((_, words),) = faults(of, book)
    assert "这份是旧的（2024-07-03 下载）" in words


def test_who_enters_for_more_takes_the_template_of_one_of_them(site: Site):
    with sitting(site.app, site.world["assessor"], "targets") as of:
        book = Book(template(of))
        meta = book.book["_模板"]
        assert [cell.value for cell in meta[7]] == ["place", "330000"]
        meta.cell(7, 2, "331122")
        assert faults(of, book) == []


def test_a_record_is_changed_in_its_row_and_what_differs_is_said(of: Entering, book: Book):
    book.set(FIRST_ROW, investor="乙公司", total_investment="1.3亿", signed_on=date(2024, 3, 2))
    plan = tried(of, book.saved())
    assert plan.faults == []
    (row,) = plan.changed
    assert row.changes == [
        ("投资方", "空", "乙公司"),
        ("总投资", "1.20亿元", "1.30亿元"),
        ("签约日期", "2024-03-01", "2024-03-02"),
    ]


def test_a_row_that_somebody_else_changed_meanwhile_is_refused(of: Entering, book: Book):
    record = of.kind.get(of.user, book.page.cell(FIRST_ROW, 1).value)
    book.set(FIRST_ROW, investor="乙公司")
    book.page.cell(FIRST_ROW, 2).value = record.version + 1
    ((_, words),) = faults(of, book)
    assert "已被修改" in words
    book.set(FIRST_ROW, investor=record.investor)
    assert faults(of, book) == [], "what says the same changes nothing"


def test_an_emptied_row_deletes_nothing(of: Entering, book: Book):
    book.set(FIRST_ROW, **dict.fromkeys(book.row(FIRST_ROW)))
    ((_, words),) = faults(of, book)
    assert "导入不删除记录" in words


def test_a_row_of_another_county_is_out_of_reach(of: Entering, book: Book):
    foreign = next(number for number in range(1, 9) if of.kind.get(of.user, number) is None)
    book.set(FIRST_ROW, investor="乙公司")
    book.page.cell(FIRST_ROW, 1).value = foreign
    ((_, words),) = faults(of, book)
    assert f"没有编号 {foreign} 的记录" in words


def test_what_is_unusual_needs_its_reason_in_the_row(of: Entering, book: Book):
    row = book.free
    book.set(row, **{**NEW, "total_investment": "900亿"})
    ((place, words),) = faults(of, book)
    assert place == book.cell(row, "_why").coordinate
    assert "请在“核实说明”一列写明理由" in words
    book.set(row, _why="含远期投资，见批复")
    plan = tried(of, book.saved())
    assert plan.faults == []
    assert plan.created[0].doubts


def test_no_more_is_written_at_once_than_others_wait_for(
    of: Entering, book: Book, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checking, "MOST_WRITTEN", 2)
    for number in range(3):
        assert faults(of, book) == []
        book.set(book.free, **{**NEW, "name": f"乙项目{number}"})
    assert faults(of, book) == [("", "新增和修改的超过 2 条，请分几次导入。")]


def test_a_workbook_of_nothing_of_ours(of: Entering):
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    with pytest.raises(RefusedTableError) as caught:
        table(of, handmade_book(sheet))
    assert caught.value.stage == "file"
    assert "不是本系统的模板" in caught.value.faults[0].words
