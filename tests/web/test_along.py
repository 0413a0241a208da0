"""The tables of a page as a file: what stands on the page, cell by cell."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.web.conftest import Site
from tracker.core.db import db
from tracker.core.db.events import Event, EventKind
from tracker.web.along import files_along, sheets_of
from tracker.web.shown import Cell, shown_in

PAGE = """<!doctype html><title>甲</title><main><h1>总 览<span class="count">3</span></h1>
<p class="sample-notice"><strong>示例数据</strong> 不得作为依据。</p>
<form class="filters"><label for="f-a">类别</label><select id="f-a"><option value="">全部</option>
<option value="1" selected>产业</option></select><label for="f-q">名称</label>
<input type="search" id="f-q" value="甲"></form>
<h2 id="x">各县<span class="count">2 行</span></h2>
<table class="table"><thead><tr><th rowspan="2">县</th><th colspan="2" class="num">资金</th>
<th rowspan="2"><span class="visually-hidden">操作</span></th></tr>
<tr><th class="num">到位<span class="note">万元</span></th><th>日期
<span aria-hidden="true">↕</span></th></tr></thead>
<tbody><tr><th scope="row" rowspan="2"><a href="/x">缙云县</a><span class="note">示例</span></th>
<td class="num">1,234.50<span class="note"><span>已登记</span><span>上季 7</span></span></td>
<td>2024-07-03</td><td><button>删除</button></td></tr>
<tr><td class="num">−3</td><td>甲<br>乙<script>x</script></td><td></td></tr></tbody>
<tfoot><tr><th>合计</th><td class="num" colspan="2">未报</td><td></td></tr></tfoot></table>
<table><caption>格</caption><tr><th>项</th><th>数</th></tr>
<tr><td>=1+1<td><input type="text" value="１２"><input type="hidden" value="9">
<select><option>否</option><option value="y" selected>是</option></select></td></tr></table>
<nav><a rel="next" href="?page=2">下一页</a></nav></main>"""


def test_a_page_is_read_as_a_person_reads_it():
    found = shown_in(PAGE)
    assert (found.title, found.more) == ("总 览", True)
    assert found.samples == "示例数据 不得作为依据。"
    assert found.conditions == ["类别：产业", "名称含“甲”"]
    first, second = found.tables
    assert (first.name, second.name) == ("各县", "格")
    assert first.heads == ["县", "资金：到位（万元）", "资金：日期", "操作"]
    county = Cell("缙云县\n示例", "", figure=False)
    assert first.rows[0][:2] == [county, Cell("1,234.50", "已登记 上季 7", figure=True)]
    assert first.rows[1][0] == county
    assert first.rows[1][2] == Cell("甲\n乙", "", figure=False)
    assert first.rows[2][2] is None
    assert second.heads == ["项", "数"]
    assert [cell and cell.text for cell in second.rows[0]] == ["=1+1", "１２ 是"]


def test_figures_are_numbers_days_days_and_what_says_nothing_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
):
    who = type("Who", (), {"display_name": "甲"})
    monkeypatch.setattr("tracker.web.along.current_user", who)
    first, second = sheets_of(shown_in(PAGE))
    assert first.heads == ["县", "资金：到位（万元）", "资金：到位（万元）（注）", "资金：日期"]
    county = "缙云县\n示例"
    assert list(first.rows) == [
        [county, Decimal("1234.50"), "已登记 上季 7", date(2024, 7, 3)],
        [county, Decimal(-3), None, "甲\n乙"],
        ["合计", "未报", None, None],
    ]
    assert first.about[0] == "总 览：各县"
    assert first.about[1] == "类别：产业；名称含“甲”"
    assert "页上还有更多" in first.about[-1]
    assert list(second.rows) == [["=1+1", "１２ 是"]]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>甲",
        "</table></td>",
        "<table><tr><td colspan='x' rowspan='999999999'>甲</td></tr></table>",
        "<table><thead></thead></table>",
        "<td>甲</td><table></table>",
    ],
)
def test_a_page_that_is_no_page_ends_nothing(page: str):
    assert shown_in(page) is not None


def test_a_list_of_records_with_its_own_file_is_offered_once(site: Site):
    table, records = '<table class="x">', '<table class="table cards records">'
    own = '<a href="/projects/export.xlsx?year=2024">导出 Excel</a>'
    with site.app.test_request_context("/counties/?sort=name&page=3&tables=csv"):
        offered = [
            ("导出 Excel", "/counties/?sort=name&tables=xlsx"),
            ("导出 CSV", "/counties/?sort=name&tables=csv"),
        ]
        assert files_along(table, "") == files_along(records, "") == offered
        assert files_along(records + table, own) == offered
        assert files_along(records, own) == files_along("甲", "") == []
    with site.app.test_request_context("/counties/", method="POST"):
        assert files_along(table, "") == []


def test_a_page_comes_as_a_file_and_leaves_its_trace(site: Site):
    assessor = site.browser("assessor")
    assert "/counties/?tables=xlsx" in assessor.get("/counties/").text
    answer = assessor.client.get("/counties/?tables=csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()
    at = next(place for place, line in enumerate(lines) if line[0] == "序号")
    assert any(line[1] == "缙云县" and line[2] == "331122" for line in lines[at:])
    answer = assessor.client.get("/counties/?tables=xlsx")
    page = load_workbook(io.BytesIO(answer.data)).active
    answer.close()
    assert [cell.value for cell in page[at + 1]] == lines[at]
    with site.app.app_context():
        told = db.session.scalars(select(Event).filter_by(kind=EventKind.DOWNLOADED)).all()
        assert any("页上的表格" in event.about for event in told)


def test_only_what_is_asked_for_comes_as_a_file(site: Site):
    """What is no page, has no table or asks for something else is answered as ever."""
    assessor = site.browser("assessor")
    for address in ("/counties/?tables=pdf", "/ledger/new?tables=csv", "/nowhere?tables=csv"):
        answer = assessor.client.get(address)
        assert answer.mimetype == "text/html", address
        answer.close()
    assert site.browser().client.get("/counties/?tables=csv").status_code == 302
    neighbour = site.browser("neighbour").client.get("/quarters/331122/2024/4?tables=csv")
    assert neighbour.status_code == 404


def test_all_pages_of_a_list_come_at_once(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tracker.site.trail_views.PER_PAGE", 2)
    administrator = site.browser("administrator")
    assert 'rel="next"' in administrator.get("/audit/").text
    answer = administrator.client.get("/audit/?tables=csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    answer.close()
    assert len(lines) > 10
    assert not any("还有更多" in line[0] for line in lines)


def test_the_grid_of_a_quarter_comes_as_it_stands(site: Site):
    staff = site.browser("staff")
    at = f"project-{site.world['project']}.money.funds_in_place"
    data = {f"cell:{at}": "1,234.5", f"seen:{at}": "0", "act": "save"}
    staff.post("/quarters/331122/2024/4/cells", data)
    answer = staff.client.get("/quarters/331122/2024/4?tables=xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    answer.close()
    page = book["项目资金"]
    rows = {row[0]: row for row in page.iter_rows(values_only=True)}
    heads = rows["项目"]
    row = rows["智能装备项目"]
    assert row[heads.index("到位资金（万元）")] == 1234.5
    assert "草稿" in row[heads.index("到位资金（万元）（注）")]
    assert not any(isinstance(value, datetime) for value in row)


# Templates with a table on no page of those who have signed in, each with why.
ELSEWHERE = {
    "accounts/login.html": "accounts for trying, before anybody has signed in",
    "issuing/verify.html": "what an issued paper says, for anybody who holds it",
}


def extended(text: str) -> list[str]:
    """What a template extends; `frame` is the one layout, or its parts that are put into it."""
    text = text.replace("{% extends frame %}", '{% extends "layout/page.html" %}')
    return re.findall(r'{% extends "([^"]+)" %}', text)


def test_every_table_is_on_a_page_that_offers_it(site: Site):
    """Whatever holds a table is a page of the one layout, or a part that only such pages use."""
    folder = Path(site.app.root_path).parent / "templates"
    texts = {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.suffix == ".html"
    }
    bases = {name: extended(text) for name, text in texts.items()}

    def is_page(name: str) -> bool:
        return name == "layout/page.html" or any(map(is_page, bases.get(name, ())))

    with_table = {name for name, text in texts.items() if "<table" in text}
    alone = {name for name in with_table if bases[name] and not is_page(name)}
    parts = {name for name in with_table if not bases[name]}
    for name in parts:
        users = {each for each, text in texts.items() if f'"{name}"' in text}
        alone |= {each for each in users if bases[each] and not is_page(each)}
    assert alone == set(ELSEWHERE)
