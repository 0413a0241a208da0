"""A list as a file: its filters, order, numbers and sums; nobody else's rows; nothing held."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, datetime
from weakref import WeakSet

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import Browser
from tests.web.queries import count_queries
from tracker.core.db import Origin, Precision, db
from tracker.core.db.events import Event, EventKind
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.web.kit import paging

DAY = date(2024, 5, 1)
HEADED = "序号"


def fill(site: Site) -> None:
    with site.app.app_context():
        county = db.session.get_one(Region, site.world["jinyun"])
        for number in range(5):
            project = make.project(
                county,
                name=f"=合计{number}" if number == 3 else f"合计{number}",
                category="aid",
                total_investment=make.wan("1234.5678") if number else None,
                signed_on=date(2024, 1, 1 + number),
            )
            exact = Precision.AT_LEAST if number == 1 else Precision.EXACT
            if number < 2:
                kind = EntryKind.FUNDS_IN_PLACE
                make.entry(project, kind, make.wan(10), DAY, precision=exact)
        db.session.commit()


@pytest.fixture
def filled(any_site: Site) -> Site:
    fill(any_site)
    return any_site


def lines_of(browser: Browser, address: str) -> list[list[str]]:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    text = answer.data.decode("utf-8-sig")
    answer.close()
    return list(csv.reader(io.StringIO(text, newline="")))


def table(lines: list[list[str]]) -> list[dict[str, str]]:
    """The rows below the heads, by them."""
    at = next(place for place, line in enumerate(lines) if line[0] == HEADED)
    return [dict(zip(lines[at], line, strict=True)) for line in lines[at + 1 :]]


def test_the_file_is_the_list_with_its_filters_order_numbers_and_sums(filled: Site):
    staff = filled.browser("staff")
    page = staff.get("/projects/?category=aid&sort=-name&year=2024")
    links = [
        html.unescape(each) for each in re.findall(r'href="(/projects/export[^"]+)"', page.text)
    ]
    assert len(links) == 2
    assert all("category=aid&sort=-name&year=2024" in link for link in links)
    lines = lines_of(staff, next(link for link in links if ".csv" in link))
    assert lines[0][0] == "项目"
    assert "缙云县" in lines[1][0]
    assert "按项目名称降序" in lines[1][0] or "按名称降序" in lines[1][0]
    assert re.search(r"导出于 \d{4}-\d\d-\d\d \d\d:\d\d，共 5 条。$", lines[2][0])
    *rows, total, missing = table(lines)
    named = re.findall(r'<th scope="row"><a href="/projects/\d+[^"]*">([^<]+)</a>', page.text)
    name = next(head for head in rows[0] if head.endswith("名称"))
    assert [row[name].removeprefix("'") for row in rows] == named
    assert {row[name] for row in rows} >= {"'=合计3", "合计0"}
    assert [row[HEADED] for row in rows] == ["1", "2", "3", "4", "5"]
    by_name = {row[name]: row for row in rows}
    assert by_name["合计1"]["总投资（万元）"] == "1234.5678"
    assert by_name["合计0"]["总投资（万元）"] == "未报"
    reached = "累计到位（万元）"
    assert [by_name[f"合计{n}"][reached] for n in (0, 1, 2)] == ["10", "10", "未报"]
    assert [by_name[f"合计{n}"]["累计到位的精度"] for n in (0, 1, 2)] == ["", "≥", ""]
    assert (total[HEADED], total["总投资（万元）"]) == ("合计", "4938.2712")
    assert (total[reached], total["累计到位的精度"]) == ("20", "≥")
    assert total["到位率（%）"] == ""  # a rate is no summand
    assert (missing["总投资（万元）"], missing[reached]) == ("1", "3")
    assert "未报" in missing[HEADED]


def test_the_workbook_says_what_the_csv_says(filled: Site):
    staff = filled.browser("staff")
    asked = "?category=aid&sort=name&year=2024"
    lines = lines_of(staff, f"/projects/export.csv{asked}")
    answer = staff.get(f"/projects/export.xlsx{asked}")
    page = load_workbook(io.BytesIO(answer.data)).active
    answer.close()
    kept = list(page.iter_rows(values_only=True))
    assert len(kept) == len(lines)
    for row, line in zip(kept[3:], lines[3:], strict=True):
        assert len(row) == len(line)
        for value, text in zip(row, line, strict=True):
            if isinstance(value, datetime):
                assert f"{value:%Y-%m-%d}" == text
            elif isinstance(value, int | float):
                assert value == float(text)
            else:
                assert (value or "") == text.removeprefix("'")
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_nobody_takes_along_what_the_list_does_not_show(any_site: Site):
    own, other = "智能装备项目", "庆元竹木项目"
    for user, seen in (("staff", {own}), ("neighbour", {other}), ("assessor", {own, other})):
        browser = any_site.browser(user)
        for form in ("csv", "xlsx"):
            answer = browser.get(f"/projects/export.{form}")
            data, status = answer.data, answer.status_code
            answer.close()
            assert status == 200
            if form == "csv":
                text = data.decode("utf-8-sig")
            else:
                page = load_workbook(io.BytesIO(data)).active
                text = str(list(page.iter_rows(values_only=True)))
            assert {name for name in (own, other) if name in text} == seen
    foreign = f"/enclaves/{any_site.world['other_enclave']}/tax-splits/export.csv"
    assert any_site.browser("staff").get(
        f"/enclaves/{foreign}/tax-splits/export.csv"
    ).status_code in (404,)
    assert any_site.browser("staff").get("/projects/export.pdf").status_code == 404


def test_a_file_that_is_taken_along_is_on_the_trail(site: Site):
    site.browser("staff").get("/projects/export.xlsx").close()
    with site.app.app_context():
        wanted = select(Event.about).where(Event.kind == EventKind.DOWNLOADED)
        (about,) = db.session.scalars(wanted)
    assert re.fullmatch(r"项目，1 条（项目_\d{8}\.xlsx）", about)


def test_what_is_invented_is_called_so(site: Site):
    with site.app.app_context():
        county = db.session.get_one(Region, site.world["jinyun"])
        make.project(county, name="虚构项目", origin=Origin.SAMPLE)
        db.session.commit()
    lines = lines_of(site.browser("staff"), "/projects/export.csv")
    assert lines[3][0].startswith("其中示例数据 1 条，为虚构")
    (row,) = [row for row in table(lines) if "虚构项目" in row.values()]
    assert Origin.SAMPLE.label in row.values()


def test_an_empty_list_is_a_file_with_heads_alone(site: Site):
    lines = lines_of(site.browser("staff"), "/projects/export.csv?q=没有这样的项目")
    assert "含“没有这样的项目”" in lines[1][0]
    assert table(lines) == []
    page = site.browser("staff").get("/projects/?q=没有这样的项目")
    assert "export" not in page.text


def test_rows_come_in_portions_of_one_state_and_none_is_kept(
    any_site: Site, monkeypatch: pytest.MonkeyPatch
):
    """With five times as many rows no more are held at once, and the order is found once."""
    with any_site.app.app_context():
        county = db.session.get_one(Region, any_site.world["jinyun"])
        for number in range(150):
            make.project(county, name=f"批量{number:03}", category="aid")
        db.session.commit()
    monkeypatch.setattr(paging, "PORTION", 10)
    staff = any_site.browser("staff")
    staff.get("/projects/")
    held = {}
    for address, count in (("q=批量00", 10), ("q=批量", 150)):
        with counted_alive() as most, count_queries(any_site.app) as sent:
            lines = lines_of(staff, f"/projects/export.csv?category=aid&sort=name&{address}")
        names = [value for row in table(lines) for value in row.values() if "批量" in value]
        assert names == [f"批量{number:03}" for number in range(count)]
        held[count] = (most[0], sum("ORDER BY" in each for each in sent))
    assert held[150][0] <= 3 * 10, held
    assert held[150][1] == held[10][1], held


class counted_alive:  # noqa: N801 - read as a statement
    """The most projects that were alive at once, as the only number of a list."""

    def __enter__(self) -> list[int]:
        self.alive: WeakSet = WeakSet()
        self.most = [0]
        event.listen(Project, "load", self._note)
        return self.most

    def __exit__(self, *_error: object) -> None:
        event.remove(Project, "load", self._note)

    def _note(self, project: Project, _context: object) -> None:
        self.alive.add(project)
        self.most[0] = max(self.most[0], len(self.alive))
