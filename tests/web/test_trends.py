"""走势: quarters, years and parts are those of statements of the test's own, each against the same
part, its task by a mark, and what nobody knows is never nought."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from sqlalchemy import text

from tests import factories as make
from tests import factories_acts as acts
from tests.web.conftest import Site
from tests.web.statements import number_for
from tracker.core.db import db, units
from tracker.core.quantities.figure import Figure
from tracker.overview.trends.picture import of_series, of_tasks
from tracker.overview.trends.series import Series, YearOf
from tracker.overview.trends.tasks import Asked, AskedOverYears
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.operations.items import Item
from tracker.records.places.models import Region
from tracker.records.projects.models import Project, ProjectCategory
from tracker.records.submissions.models import FilingKind

PAGE = "/overview/trends/?year=2026"


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 10, 20, 4, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def filled(site: Site) -> Site:
    return fill(site)


def fill(site: Site) -> Site:
    """Money of 2024 to 2026, before and after the end of June, by which 缙云县 reported; two parks
    with taxes and land of 2019, 2024 and 2025."""
    with site.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        jinyun = places["缙云县"]
        project = db.session.get_one(Project, site.world["project"])
        project.in_scope, project.category = True, ProjectCategory.INDUSTRY
        enclave = db.session.get_one(Enclave, site.world["enclave"])
        filing = acts.filing(jinyun, 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        acts.file(filing, datetime(2026, 7, 5, tzinfo=UTC))
        acts.filing(places["庆元县"], 2026, FilingKind.Q2, due_on=date(2026, 7, 10))
        for amount, day in (
            ("120.5", date(2026, 3, 1)),
            (30, date(2026, 8, 1)),
            (60, date(2025, 6, 30)),
            (40, date(2025, 1, 1)),
            (777, date(2025, 7, 1)),
        ):
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(amount), day)
        make.entry(enclave, EntryKind.REBATE, make.wan(40), date(2026, 5, 1))
        make.target(jinyun, 2026, "projects.funds_in_place", 1000)
        make.target(places["庆元县"], 2026, "projects.funds_in_place", 300)
        for number, (base, then, now) in enumerate(((100, 105, 120), (50, 60, 54))):
            park = make.park(
                jinyun, places["富阳区"], name=f"园{number}", signed_on=date(2015, 1, 1)
            )
            for year, amount in ((2019, base), (2024, then), (2025, now)):
                make.entry(park, EntryKind.TAX, make.wan(amount), date(year, 3, 1))
                make.operating_figure(park, Item.LAND_SUPPLIED, 100, year, 4)
            if number == 0:
                make.entry(park, EntryKind.TAX, make.wan(66), date(2026, 2, 1))
        for name, day, total in (
            ("甲", date(2026, 2, 1), make.wan(20_000)),
            ("乙", date(2026, 9, 1), None),
            ("丙", date(2025, 3, 1), make.wan(900)),
        ):
            make.project(jinyun, name=name, signed_on=day, total_investment=total)
        db.session.commit()
    return site


def section(site: Site, key: str, user: str = "leader", address: str = PAGE) -> str:
    page = site.browser(user).get(address).text
    part = page[page.index(f'aria-labelledby="{key}"') :]
    return part[: part.index("</section>")]


def rows(markup: str) -> list[list[str]]:
    """The cells of rows, without white space; of the head the year alone."""
    found = []
    for row in re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", markup, re.S):
        cells = [
            unescape(re.sub(r"<[^>]*>", "", c))
            for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        found.append([re.sub(r"\s", "", cell) for cell in cells])
    return found


def in_database(site: Site, kind: str, first: str, last: str) -> str:
    """The money of a kind in days, in 万元; 未报 where there is none."""
    with site.app.app_context():
        found = db.session.scalar(
            text(
                "SELECT sum(amount) FROM ledger_entries WHERE kind = :kind"
                " AND occurred_on BETWEEN :first AND :last"
            ),
            {"kind": kind, "first": first, "last": last},
        )
    return "未报" if found is None else f"{Decimal(found) / 1_000_000:,.2f}"


ENDS = ("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")


@pytest.mark.parametrize(
    ("key", "kind"), [("funds", "funds_in_place"), ("rebate", "rebate"), ("tax", "tax")]
)
def test_each_figure_is_that_of_its_own_statement(filled, key, kind):
    found = rows(section(filled, key))[:4]
    assert [row[0][:4] for row in found] == ["2026", "2025", "2024", "2023"]
    for row in found:
        year = row[0][:4]
        spans = [*ENDS, ("01-01", "06-30"), ("01-01", "12-31")]
        expected = [in_database(filled, kind, f"{year}-{a}", f"{year}-{b}") for a, b in spans]
        if year == "2026":
            expected[3] = "—"  # the quarter is not over
        assert row[1:] == expected
    assert any("." in cell for row in found for cell in row)


def test_the_same_part_is_compared_with_its_day_and_its_coverage(filled):
    page = re.sub(r"\s|<[^>]*>", "", filled.browser("leader").get(PAGE).text)
    assert (
        "截至2026-06-30，1/2县已报第二季度季报。与上年比较的是2025年同期（至2025-06-30）。" in page
    )
    # To the end of June 120.5 against 100 万元, and not against the 877 of all of 2025.
    assert "到位资金比上年同期增长20.5%（120.5万元，上年同期100万元）" in page
    assert "飞地返利40万元，上年同期未报" in page
    # One park paid in both years; the other one's 54 are in no comparison.
    assert "税收比上年同期下降45.0%（66万元，上年同期120万元），只比两年都有记录的1个" in page
    assert "新签项目与上年同期持平（1个，上年同期1个）" in page
    assert rows(section(filled, "signed"))[0] == ["2026至今1/2县已报", "1", "0", "1", "—", "1", "2"]


def test_a_task_is_of_those_that_reported(filled):
    found = rows(section(filled, "funds"))[4:]
    assert found[0] == ["2026至今任务为全年", "150.50", "1,000.00", "15.1%", "1/2县"]
    assert found[2] == ["2024", "不适用", "不适用", "—", "—"]
    returns = {row[0][:4]: row[1:4] for row in rows(section(filled, "rebate"))[4:]}
    assert returns["2026"] == ["40.00", "100.00", "40.0%"]
    assert returns["2024"] == ["100.00", "100.00", "100.0%"]
    assert returns["2025"] == ["未报", "100.00", "—"]  # nothing is on record, which is not nought


def test_a_figure_has_on_a_phone_the_name_of_its_column(filled):
    page = filled.browser("leader").get(PAGE).text
    tables = re.findall(r"<table.*?</table>", page, re.S)
    assert len(tables) > 7
    for table in tables:
        heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)[1:]
        for row in re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", table, re.S):
            assert re.findall(r'<td[^>]*data-label="([^"]*)"', row) == heads


def test_parks_are_measured_against_their_own_base_year(filled):
    found = rows(section(filled, "per-mu"))
    # 2025: 174 against 150 万元 on 200 亩, of two parks 120 % and 108 %; 2026 is not over.
    assert found[:2] == [
        ["2025", "0.75", "0.87", "116.0%", "2/2个", "1"],
        ["2024", "0.75", "0.83", "110.0%", "2/2个", "1"],
    ]
    assert found[2] == ["2023", "未报", "未报", "—", "0/2个", "—"]
    assert [(row[0], row[3], row[4]) for row in found[3:]] == [
        ("园0", "120.0%", "达到"),
        ("园1", "108.0%", "未达到"),
    ]
    assert all(re.fullmatch(r"\d+\.\d\d", cell) for row in found[3:] for cell in row[1:3])


def test_every_way_leads_to_what_makes_the_number(filled):
    leader = filled.browser("leader")
    page = leader.get(PAGE).text
    for way in set(re.findall(r'<a [^>]*href="([^"#][^"]*)"', page[page.index("<h1") :])):
        with leader.client.get(way.replace("&amp;", "&")) as answer:
            assert answer.status_code == 200, way
    way = re.search(r'href="(/ledger/\?[^"]*quarter=1[^"]*)">.*?120\.50', page)[1]
    listed = leader.get(way.replace("&amp;", "&")).text
    assert "120.50" in listed
    assert "共 1 条" in re.sub(r"<[^>]*>", "", listed)


def test_a_county_alone_has_its_own(filled):
    found = rows(section(filled, "funds", address=f"{PAGE}&region=331126"))
    assert [row[1:] for row in found[:2]] == [
        ["未报", "未报", "未报", "—", "未报", "未报"],
        ["未报"] * 6,
    ]
    assert filled.browser("staff").get(PAGE).status_code == 403


def test_the_number_of_statements_does_not_depend_on_the_size(filled):
    before = number_for(filled, "leader", PAGE)
    with filled.app.app_context(), units.mode(writes=True):
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        for number in range(5):
            project = make.project(places["缙云县"], name=f"又{number}", signed_on=date(2026, 4, 1))
            make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(5), date(2025, 4, 1))
            make.park(places["庆元县"], places["富阳区"], name=f"新园{number}")
        db.session.commit()
    assert number_for(filled, "leader", PAGE) == before


def test_both_databases_say_the_same(any_site):
    fill(any_site)
    assert rows(section(any_site, "funds"))[:2] == [
        ["2026至今1/2县已报", "120.50", "未报", "30.00", "—", "120.50", "150.50"],
        ["20251/2县有台账", "40.00", "60.00", "777.00", "未报", "100.00", "877.00"],
    ]
    assert rows(section(any_site, "per-mu"))[0] == ["2025", "0.75", "0.87", "116.0%", "2/2个", "1"]


def wan(value: int | None) -> Figure | None:
    return None if value is None else Figure(Decimal(value), "万元")


def test_a_bar_has_its_words_at_its_end_and_its_task_by_a_mark():
    years = [
        YearOf(2024, [None] * 4, None, None),
        YearOf(2025, [wan(25), wan(25), wan(25), wan(25)], wan(50), wan(100)),
        YearOf(2026, [wan(0), None, None, None], wan(0), wan(0)),
    ]
    unknown, whole, nought = of_series(Series("k", "资金", "万元", years, wan(50), wan(0))).bars
    assert (unknown.words, unknown.told, unknown.mark) == ("未报", False, "")
    assert (nought.words, nought.told) == ("0.00", True)
    assert (whole.same, whole.rest) == (("15.00%", "30.00%"), ("45.00%", "30.00%"))
    assert whole.parts == ["30.00%", "45.00%", "60.00%"]
    assert (whole.words, whole.words_x, whole.mark) == ("100.00", "76.00%", "")
    asked = [
        Asked(2025, wan(50), wan(60), 1, 1),
        Asked(2026, wan(50), wan(100), 1, 1),
        Asked(2027, None, wan(100), 0, 1),
    ]
    near, far, silent = of_tasks(AskedOverYears("k", "任务", "万元", "县", "m", asked)).bars
    assert (near.mark, near.words_x) == ("51.00%", "52.00%")  # the mark strikes no figure through
    assert (far.mark, far.words_x) == ("75.00%", "46.00%")
    assert (silent.words, silent.mark) == ("未报", "")
