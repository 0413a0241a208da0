"""The round trip: templates are opened by LibreOffice, filled in as by keyboard and saved, and what
comes back is what was typed."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.audits.conftest import Site
from tests.exchange.sheets.books import Book, sitting, table, template, tried
from tests.exchange.sheets.libreoffice import CSV, CSV_OPTIONS, ODS, XLSX, Act, LibreOffice
from tests.exchange.sheets.test_every_kind import NEW
from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.exchange.sheets.quarter import Quarter, entered, write_quarter
from tracker.exchange.sheets.reading import letters, read
from tracker.exchange.sheets.table import RefusedTableError
from tracker.exchange.sheets.template import FIRST_ROW, HEADS_ROW, NAMES_ROW
from tracker.records.places.models import Region

KINDS = ("enclaves", "ledger", "projects", "secondments", "tenants", "villages")
PROJECT = {
    "name": "乙项目",
    "category": "产业合作",
    "investor": "　乙公司 ",
    "total_investment": "12,345.5",
    "signed_on": "2024-7-3",
    "started_on": "2024年8月1日",
    "note": "=不是公式",
}


@dataclass
class Returned:
    """What LibreOffice made of the workbooks, by what was done to them, and as they were given."""

    given: dict[str, bytes] = field(default_factory=dict)
    back: dict[str, bytes] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)  # into the quarter, by "sheet!cell"


def saved(name: str) -> Act:
    return ("save", f"{name}.xlsx", XLSX, "")


def row_typed(book: Book, row: int, values: dict[str, object]) -> list[Act]:
    """The keys by which `values` come into a row."""
    return [
        ("type", book.page.title, book.cell(row, name).coordinate, _keys(value))
        for name, value in values.items()
        if value is not None
    ]


def _keys(value: object) -> str:
    if isinstance(value, date):
        return f"{value.year}-{value.month}-{value.day}"
    return str(value)


@pytest.fixture(scope="module")
def returned(site: Site, libreoffice: LibreOffice) -> Returned:
    """All of it in one sitting: each of `KINDS` saved as it is, and with a new row."""
    found = Returned()
    books = []
    for key in KINDS:
        user, other = NEW[key]
        with sitting(site.app, site.world[user], key) as of:
            data = template(of)
        book = Book(data)
        found.given[key] = data
        values = {**book.row(FIRST_ROW), **other}
        acts = [saved(f"{key}-same"), *row_typed(book, book.free, values), saved(f"{key}-new")]
        books.append((data, acts))
    data = found.given["projects"]
    book = Book(data)
    acts = [
        *row_typed(book, FIRST_ROW, {"investor": "甲公司", "in_scope": "否"}),
        *row_typed(book, book.free, PROJECT),
        saved("typed"),
        ("save", "typed.csv", CSV, CSV_OPTIONS),
        ("save", "typed.ods", ODS, ""),
        *row_typed(book, book.free, {"total_investment": "=1/0"}),
        ("merge", book.page.title, f"D{book.free}:D{book.free + 1}"),
        saved("faulty"),
    ]
    books.append((data, acts))
    with sitting(site.app, site.world["staff"], "projects"):
        out = io.BytesIO()
        write_quarter(quarter(), day=today(), out=out)
    found.given["quarter"] = out.getvalue()
    acts = [saved("quarter-same")]
    for page in openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets:
        if page.sheet_state == "visible":
            at, keys = first_free(page)
            found.typed[f"{page.title}!{at}"] = keys
            acts.append(("type", page.title, at, keys))
    books.append((found.given["quarter"], [*acts, saved("quarter-new")]))
    found.back = {
        name.removesuffix(".xlsx"): data for name, data in libreoffice.edit(books).items()
    }
    return found


def quarter() -> Quarter:
    place = db.session.query(Region).filter_by(code="331122").one()
    return Quarter(place, 2024, 4)


def first_free(page: Worksheet) -> tuple[str, str]:
    """The first cell of a part of the quarter that may be filled in, and what is typed there."""
    for row in page.iter_rows(min_row=FIRST_ROW):
        for cell in row:
            if not cell.protection.locked and not cell.is_date:
                return cell.coordinate, "1,234.5"
    raise AssertionError(page.title)


@pytest.mark.parametrize("key", KINDS)
def test_what_is_only_saved_there_changes_nothing(site: Site, returned: Returned, key: str):
    with sitting(site.app, site.world[NEW[key][0]], key) as of:
        plan = tried(of, returned.back[f"{key}-same"])
        rows = len(Book(returned.given[key]).rows())
        assert (plan.unchanged, plan.rows, plan.faults) == (rows, [], [])
        assert plan.table.notes == []


@pytest.mark.parametrize("key", KINDS)
def test_a_row_that_is_typed_there_says_what_it_says_anywhere(
    site: Site, returned: Returned, key: str
):
    user, other = NEW[key]
    with sitting(site.app, site.world[user], key) as of:
        book = Book(returned.given[key])
        book.set(book.free, **{**book.row(FIRST_ROW), **other})
        meant, plan = tried(of, book.saved()), tried(of, returned.back[f"{key}-new"])
        assert plan.faults == []
        assert plan.unchanged == meant.unchanged
        assert [row.form.values() for row in plan.rows] == [row.form.values() for row in meant.rows]
        assert len(plan.created) == 1


def test_what_is_typed_comes_as_it_was_meant(site: Site, returned: Returned):
    with sitting(site.app, site.world["staff"], "projects") as of:
        plan = tried(of, returned.back["typed"])
        assert plan.faults == []
        (new,), (changed,) = plan.created, plan.changed
        values = new.form.values()
        assert values["name"] == "乙项目"
        assert values["investor"] == "乙公司"
        assert values["total_investment"] == Decimal("123455000.00")
        assert (values["signed_on"], values["started_on"]) == (date(2024, 7, 3), date(2024, 8, 1))
        assert values["note"] == "=不是公式"
        # 是否属于山海协作项目 is locked there too: it stays what it was.
        assert changed.changes == [("投资方", "空", "甲公司")]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("typed.csv", "这是由模板另存的文本（CSV）"),
        ("typed.ods", "文件是开放文档（.odt、.ods、.odp）；请用 WPS 或 Excel 打开，另存为 .xlsx"),
    ],
)
def test_what_is_saved_as_something_else_is_told_and_not_read(
    returned: Returned, name: str, says: str
):
    (told,) = read(returned.back[name], most_rows=100, most_columns=100)
    assert says in told["refused"]


def test_faults_come_with_their_addresses_there_too(site: Site, returned: Returned):
    with sitting(site.app, site.world["staff"], "projects") as of:
        book = Book(returned.given["projects"])
        with pytest.raises(RefusedTableError) as caught:
            table(of, returned.back["faulty"])
        said = {fault.cell: fault.words for fault in caught.value.faults}
        free = book.free
        wrong = book.cell(free, "total_investment").coordinate
        assert said.pop(wrong) == "是错误值 #DIV/0!，请改正。"
        assert "请取消合并" in said.pop(f"D{free}:D{free + 1}")
        assert said == {}


def test_the_quarter_comes_back_as_it_was_typed(site: Site, returned: Returned):
    with sitting(site.app, site.world["staff"], "projects"):
        found, same = entered(returned.back["quarter-same"], quarter())
        assert found == []
        assert same > 0
        found, _ = entered(returned.back["quarter-new"], quarter())
        assert {f"{each.sheet}!{each.cell}": each.text for each in found} == dict.fromkeys(
            returned.typed, "1234.5"
        )


@pytest.mark.parametrize("name", [*KINDS, "quarter"])
def test_it_looks_there_as_it_was_made(returned: Returned, name: str):
    """Whatever a person needs survives the program: columns of their widths, hidden ones, what is
    locked and what is not, the lists, the notes, how it is printed."""
    given = openpyxl.load_workbook(io.BytesIO(returned.given[name]))
    back = openpyxl.load_workbook(io.BytesIO(returned.back[f"{name}-same"]))
    assert back.sheetnames == given.sheetnames
    for mine, theirs in zip(given.worksheets, back.worksheets, strict=True):
        assert (theirs.sheet_state == "visible") == (mine.sheet_state == "visible")
        assert theirs.protection.sheet
        if mine.sheet_state != "visible":
            continue
        assert theirs.row_dimensions[NAMES_ROW].hidden
        assert theirs.page_setup.orientation == "landscape"
        assert theirs.page_setup.fitToWidth == mine.page_setup.fitToWidth
        assert theirs.print_title_rows == mine.print_title_rows
        assert theirs.print_title_cols == mine.print_title_cols
        assert lists_of(theirs) == lists_of(mine)
        for cell in mine[HEADS_ROW]:
            other = theirs[cell.coordinate]
            assert other.value == cell.value
            assert (other.comment and other.comment.text) == (cell.comment and cell.comment.text)
        assert free(mine) == free(theirs)[: len(free(mine))]


def free(page: Worksheet) -> list[str]:
    """The cells that may be filled in; what is merged above the columns holds none of its own."""
    cells = (cell for row in page.iter_rows(max_row=page.max_row) for cell in row)
    return [c.coordinate for c in cells if c.row != 2 and not c.protection.locked]


def lists_of(page: Worksheet) -> list[tuple[str, str]]:
    """Where a list may be chosen from begins, and where it lies. The program ends it a thousand
    rows below the last one that it saw."""
    found = []
    for rule in page.data_validations.dataValidation:
        first, _, last = str(rule.sqref).partition(":")
        assert int(last.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) > FIRST_ROW + 900
        found.append((first, rule.formula1.replace("'", "")))
    return sorted(found)


def test_rows_below_the_last_one_are_free_there(returned: Returned):
    back = openpyxl.load_workbook(io.BytesIO(returned.back["projects-new"]))
    page = back.worksheets[0]
    assert page.protection.sheet
    below = [page.cell(FIRST_ROW + 40, place) for place in range(3, 12)]
    looks = [page.column_dimensions[letters(place)].protection for place in range(3, 12)]
    assert any(not look.locked for look in looks) or not any(c.protection.locked for c in below)
