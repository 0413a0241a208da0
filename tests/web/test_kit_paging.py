"""Pages by their edge: every row once, in the order of a plain sort, whatever is empty or equal."""

from __future__ import annotations

import html
import re
from datetime import date
from random import Random

import pytest

from tests import factories as make
from tests.web.pages import forget
from tests.web.queries import count_queries
from tracker.core.db import db
from tracker.records.enclaves.models import Enclave
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.models import Project
from tracker.web.kit import paging
from tracker.web.kit.kinds import all_kinds

SORTS = ("name", "-name", "total_investment", "-total_investment", "signed_on", "-region")


def fill(site, rows: int = 67, seed: int = 5) -> None:
    """Projects of 缙云县 with many empty and equal figures."""
    draw = Random(seed)
    days = [None, None, date(2023, 1, 1), date(2024, 2, 2), date(2024, 2, 3)]
    for number in range(rows):
        db.session.add(
            Project(
                name=f"{draw.choice('甲乙丙丁')}项目{number}",
                region_id=site.world["jinyun"],
                category="aid",
                total_investment=draw.choice([None, make.wan(1), make.wan(2), make.wan(30_000)]),
                signed_on=draw.choice(days),
            )
        )
    db.session.commit()


def names(page) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/projects/\d+">([^<]+)</a></th>', page.text)


def way(page, rel: str) -> str | None:
    found = re.search(f'rel="{rel}" href="([^"]+)"', page.text)
    return html.unescape(found[1]) if found else None


def in_order(sort: str) -> list[str]:
    """The names in the order that the list should have, sorted here and not by a database."""

    def key(project: Project) -> tuple:
        value = {
            "name": (project.name_initials, project.name),
            "total_investment": project.total_investment,
            "signed_on": project.signed_on,
            "region": project.region.code,
        }[sort.removeprefix("-")]
        return value, project.id

    rows = list(db.session.query(Project).filter_by(category="aid"))
    full = [row for row in rows if key(row)[0] is not None]
    empty = [row for row in rows if key(row)[0] is None]
    back = sort.startswith("-")
    ordered = sorted(full, key=key, reverse=back)
    ordered += sorted(empty, key=lambda row: row.id, reverse=back)
    return [row.name for row in ordered]


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    """Pages of 20, so that few records make several of them."""
    monkeypatch.setitem(vars(PROJECTS), "per_page", 20)


def test_a_page_has_fifty_rows(site):
    assert {kind.per_page for kind in all_kinds() if kind is not PROJECTS} == {50}


@pytest.mark.parametrize("sort", SORTS)
def test_the_pages_are_the_plain_sort_cut_into_pieces(any_site, sort):
    with any_site.app.app_context():
        fill(any_site)
        wanted = in_order(sort)
    staff = any_site.browser("staff")
    page = staff.get(f"/projects/?category=aid&sort={sort}")
    there, back = [page], []
    while address := way(there[-1], "next"):
        there.append(staff.get(address))
    assert [name for page in there for name in names(page)] == wanted
    assert [len(names(page)) for page in there] == [20, 20, 20, 7]
    page = there[-1]
    while address := way(page, "prev"):
        page = staff.get(address)
        back.append(names(page))
    assert back[::-1] == [names(page) for page in there[:-1]]
    assert "prev" not in way(there[0], "next")


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_edge_is_right_for_every_row(any_site, seed, descending):
    """Going on from each row in turn, and back from it, against the list as a whole."""
    with any_site.app.app_context():
        fill(any_site, rows=15, seed=seed)
        terms = [
            paging.Term(Project.signed_on, descending),
            paging.Term(Project.total_investment, descending),
            paging.Term(Project.id, descending),
        ]
        rows = db.session.query(Project).order_by(*(term.clause() for term in terms)).all()
        for place, row in enumerate(rows):
            values = paging._values(Project, terms, row.id, None)
            for backwards, wanted in ((False, rows[place + 1 :]), (True, rows[:place])):
                beyond = paging._beyond(terms, values, backwards=backwards)
                found = {each.id for each in db.session.query(Project).where(beyond)}
                assert found == {each.id for each in wanted}


def test_a_row_may_go_between_two_pages(site, staff):
    with site.app.app_context():
        fill(site)
    first = staff.get("/projects/?category=aid&sort=-total_investment")
    with site.app.app_context():
        gone = db.session.query(Project).filter_by(name=names(first)[3]).one()
        db.session.delete(gone)
        db.session.commit()
    second = staff.get(way(first, "next"))
    assert not set(names(first)) & set(names(second))
    assert len(names(second)) == 20


def test_an_edge_that_is_gone_or_foreign_leads_to_the_first_page(site, staff):
    with site.app.app_context():
        fill(site)
    first = names(staff.get("/projects/?category=aid"))
    for edge in (site.world["other_project"], 10**8, "x", "-1", "1' or '1'='1", ""):
        for way_on in ("after", "before"):
            page = staff.get("/projects/", query_string={"category": "aid", way_on: edge})
            assert names(page) == first, (way_on, edge)


def test_above_a_bound_the_number_of_rows_is_not_counted_out(site, staff, monkeypatch):
    with site.app.app_context():
        fill(site)
    monkeypatch.setattr(paging, "COUNTED", 66)
    assert "超过 66 条" in staff.get("/projects/?category=aid").text
    monkeypatch.setattr(paging, "COUNTED", 67)
    forget(site.app)  # it goes by this constant
    assert "共 67 条" in staff.get("/projects/?category=aid").text


@pytest.mark.parametrize("address", ["/projects/", "/enclaves/", "/pairings/"])
def test_a_list_asks_no_more_as_it_grows(site, address):
    staff = site.browser("staff")
    staff.get(address)
    with count_queries(site.app) as before:
        staff.get(address)
    with site.app.app_context():
        fill(site, rows=18)
        host = make.region("330112", "临安区")
        jinyun = db.session.get(Project, site.world["project"]).region
        for number in range(18):
            make.enclave(jinyun, host, name=f"飞地{number}")
            place = make.region(f"3302{number:02}", f"某区{number}")
            make.pairing(place, jinyun)
        db.session.commit()
    with count_queries(site.app) as after:
        staff.get(address)
    assert len(after) == len(before)


def test_a_page_of_a_record_asks_no_more_as_its_parts_grow(site):
    staff = site.browser("staff")
    address = f"/enclaves/{site.world['enclave']}"
    staff.get(address)
    with count_queries(site.app) as before:
        staff.get(address)
    with site.app.app_context():
        enclave = db.session.get(Enclave, site.world["enclave"])
        for number in range(12):
            make.term(enclave, amount=make.wan(1 + number), starts_on=date(2024, 1, 1))
        db.session.commit()
    with count_queries(site.app) as after:
        assert "返利约定" in staff.get(address).text
    assert len(after) == len(before)


def test_every_order_that_is_declared_has_a_column():
    keys = {column.name for column in PROJECTS.columns if column.sort is not False}
    assert PROJECTS.order.removeprefix("-") in keys
