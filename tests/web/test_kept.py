"""Pages that are kept: never past a change, never for somebody else, and not without end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import time_machine
from markupsafe import Markup
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import forget, text_of, value_of
from tracker.core.db import db, standing, units
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.web import kept
from tracker.web.kept import PARTS, Page, Shelf

CARDS = "/scorecards/?year=2024"
OVERVIEW, PROJECTS = "/overview/?year=2024", "/projects/?year=2024"
# What is written without being counted, and so may be on no page that is kept.
UNCOUNTED = frozenset({"events", "reminder_deliveries", "reminders", "user_sessions"})


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "address",
    [OVERVIEW, PROJECTS, "/?year=2024", "/ledger/?year=2024", "/pairings/?year=2024", CARDS],
)
def test_a_page_is_made_once_for_one_state_of_the_data(site: Site, address: str) -> None:
    leader = site.browser("leader")
    first = leader.get(address)
    with statements() as asked:
        again = leader.get(address)
    assert TOKEN.sub("", again.text) == TOKEN.sub("", first.text)
    assert len(asked) < 10


PLACE = re.compile(r'href="/overview/ranking/2024/([^/"]+)/([^?"]+)')
TOKEN = re.compile(r'(name="csrf_token" value|data-token|data-left)="[^"]*"')


def test_the_frame_of_a_page_that_is_kept_is_of_the_year_that_its_view_shows(site: Site) -> None:
    """Of an older scoring, whose year the address does not have to name."""
    address = f"/scorecards/?snapshot={site.world['snapshot']}&year=2023"
    first, again = (site.browser("leader").get(address).text for _ in range(2))
    assert "year=2024" in first
    assert TOKEN.sub("", again) == TOKEN.sub("", first)


def test_what_was_written_is_on_the_page_at_once(any_site: Site) -> None:
    leader = any_site.browser("leader")
    assert "到位资金 50万元" in text_of(leader.get(OVERVIEW))
    with any_site.app.app_context(), units.mode(writes=False), units.writing():
        project = db.session.get(Project, any_site.world.ids["project"])
        make.entry(project, EntryKind.FUNDS_IN_PLACE, make.wan(73), date(2024, 9, 2))
    assert "到位资金 123万元" in text_of(leader.get(OVERVIEW))
    # By somebody else's page, too.
    assert "智能装备项目" in text_of(leader.get(PROJECTS))
    edit = f"/projects/{any_site.world.ids['project']}/edit"
    staff = any_site.browser("staff")
    page = staff.get(edit)
    names = ("version", "category", "in_scope", "investor", "total_investment")
    given = {name: value_of(page, name) for name in names}
    saved = staff.post(edit, {**given, "name": "改了名的项目"})
    assert saved.status_code == 302, text_of(saved)
    assert "改了名的项目" in text_of(leader.get(PROJECTS))


def test_each_sees_the_own_page(site: Site) -> None:
    places = {name: site.browser(name).get(PROJECTS).text for name in ("staff", "neighbour")}
    again = {name: site.browser(name).get(PROJECTS).text for name in ("neighbour", "staff")}
    assert "智能装备项目" in again["staff"]
    assert "庆元竹木项目" not in again["staff"]
    assert "庆元竹木项目" in again["neighbour"]
    assert "智能装备项目" not in again["neighbour"]
    assert {n: len(t) for n, t in places.items()} == {n: len(t) for n, t in again.items()}
    # The same address and role, another choice at the top of the page.
    leader = site.browser("leader")
    whole = text_of(leader.get(OVERVIEW))
    narrowed = text_of(leader.get(f"{OVERVIEW}&region=331122"))
    assert "只看缙云县的记录" in narrowed
    assert "浙江省总览" in whole
    assert "浙江省总览" in text_of(leader.get(f"{OVERVIEW}&region=330000"))


def test_a_page_is_made_anew_on_another_day(site: Site) -> None:
    leader = site.browser("leader")
    address = "/overview/?year=2026"
    with time_machine.travel(datetime(2026, 3, 2, 4, tzinfo=UTC), tick=False):
        before = text_of(site.browser("leader").get(address))
    with time_machine.travel(datetime(2026, 3, 3, 4, tzinfo=UTC), tick=False):
        after = text_of(site.browser("leader").get(address))
    assert "3月2日" in before or "2026-03-02" in before
    assert "3月3日" in after or "2026-03-03" in after
    assert leader


def test_only_what_is_on_no_kept_page_is_written_without_being_counted(any_site: Site) -> None:
    """Reading goes on while people sign in, sessions are seen and reminders go out; and whatever
    else is written within such a unit would be missed, so nothing is."""
    with any_site.app.app_context(), units.mode(writes=False):
        before = standing.state()
        db.session.rollback()
        with units.writing(shown=False):
            pass
        assert standing.state() == before
        db.session.rollback()
        with units.writing():
            assert standing.state() is None  # what this unit wrote is nobody else's yet
            db.session.get(Enclave, any_site.world.ids["enclave"]).note = "改"
        assert standing.state() == before + 1
        db.session.rollback()
        with units.trying():
            db.session.get(Enclave, any_site.world.ids["enclave"]).note = "又改"
        assert standing.state() == before + 1


def test_two_of_one_role_and_region_see_the_same(site: Site) -> None:
    """A page that is kept for all of them has nothing of one of them."""
    with site.app.app_context(), units.mode(writes=False), units.writing():
        province = db.session.query(Region).filter_by(code="330000").one()
        other = make.user(Role.LEADER, province, username="another").id
    site.world.ids["another"] = other
    for endpoint, address in shared(site):
        seen = []
        for name in ("leader", "another"):
            forget(site.app)
            answer = site.browser(name).get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            page = answer.text
            seen.append(page[page.index('<nav class="crumbs"') :])
        assert seen[0] == seen[1], endpoint


def shared(site: Site) -> list[tuple[str, str]]:
    """The pages that are kept for all of one role and region, each with an address."""
    ranking = site.browser("leader").get("/overview/ranking/?year=2024").text
    values = {
        "pairing_id": site.world.ids["pairing"],
        "enclave_id": site.world.ids["enclave"],
        "year": 2024,
        **dict(zip(("sheet", "code"), PLACE.search(ranking).groups(), strict=True)),
    }
    found = []
    for rule in site.app.url_map.iter_rules():
        view = site.app.view_functions[rule.endpoint]
        if getattr(view, "kept_for", "") != "all":
            continue
        with site.app.test_request_context():
            address = site.app.url_for(
                rule.endpoint, **{name: values[name] for name in rule.arguments}
            )
        found.append((rule.endpoint, address if "2024" in address else f"{address}?year=2024"))
    assert len(found) > 10
    return found


@pytest.mark.parametrize(
    "everybody",
    [pytest.param(False, id="one"), pytest.param(True, id="all", marks=pytest.mark.soak)],
)
def test_no_kept_page_reads_what_is_written_without_being_counted(
    site: Site, monkeypatch: pytest.MonkeyPatch, everybody: bool
) -> None:
    """All lists and summary pages: what their content asks the database. Each for one of those who
    may read it, the roles in turn, or for everybody."""
    reading: list[bool] = []
    real_state, real_drawn = kept.state, kept._drawn

    def begun() -> int | None:
        reading.append(True)
        return real_state()

    def drawn(page: kept.Drawing) -> kept.Page:
        parts = real_drawn(page)
        reading.clear()
        return parts

    monkeypatch.setattr(kept, "state", begun)
    monkeypatch.setattr(kept, "_drawn", drawn)
    asked: dict[str, set[str]] = {}

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if reading:
            tables = set(re.findall(r"(?:FROM|JOIN) (\w+)", statement))
            asked.setdefault(here[0], set()).update(tables & UNCOUNTED)

    here = [""]
    pages = [
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if getattr(site.app.view_functions[rule.endpoint], "kept_for", "") and not rule.arguments
    ]
    assert len(pages) > 30
    event.listen(Engine, "before_cursor_execute", note)
    try:
        names = ("staff", "assessor", "administrator")
        browsers = {name: site.browser(name) for name in names}
        for turn, address in enumerate(pages):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                reading.clear()
                here[0] = f"{address} of {name}"
                answer = browsers[name].client.get(f"{address}?year=2024")
                if answer.status_code == 200 and not everybody:
                    break
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) > (40 if everybody else 30)
    assert {page: tables for page, tables in asked.items() if tables} == {}


def test_a_shelf_keeps_no_more_than_it_may(site: Site) -> None:
    page = Page({name: Markup("x" * 100) for name in PARTS}, {})
    size = 100 * len(PARTS)
    shelf = Shelf(most=3 * size)
    for number in range(4):
        shelf.keep(1, (number,), page)
    assert [shelf.find(1, (number,)) is page for number in range(4)] == [False, True, True, True]
    shelf.keep(1, (3,), page)  # again: it takes no more room than before
    assert shelf.find(1, (1,)) is page
    shelf.keep(1, (4,), page)
    assert shelf.find(1, (1,)) is page  # asked for since (2,) was
    assert shelf.find(1, (2,)) is None
    assert shelf.find(2, (1,)) is None
    shelf.keep(2, (9,), page)
    assert shelf.find(1, (1,)) is None


def test_who_asks_for_a_page_that_somebody_makes_waits_for_it() -> None:
    shelf, page = Shelf(), Page(dict.fromkeys(PARTS, Markup("x")), {})
    assert shelf.find(1, ("a",)) is None  # who asked first makes it
    with ThreadPoolExecutor(2) as others:
        waiting = [others.submit(shelf.find, 1, ("a",)) for _ in range(2)]
        assert shelf.find(1, ("b",)) is None  # another page waits for nobody
        assert shelf.find(2, ("a",)) is None  # nor does that of another state
        shelf.keep(1, ("a",), page)
        shelf.over(1, ("a",))
        assert [each.result(60) for each in waiting] == [page, page]


def test_where_a_page_cannot_be_made_the_next_one_tries() -> None:
    shelf = Shelf()
    assert shelf.find(1, ("a",)) is None
    with ThreadPoolExecutor(1) as another:
        waiting = another.submit(shelf.find, 1, ("a",))
        shelf.over(1, ("a",))
        assert waiting.result(60) is None
    shelf.over(1, ("a",))
    assert shelf.find(1, ("a",)) is None
