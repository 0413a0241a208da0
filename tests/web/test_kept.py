"""Pages that are kept: never past a change, never for somebody else, and not without end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import time_machine
from markupsafe import Markup
from sqlalchemy import delete, event, text, update
from sqlalchemy.engine import Engine

from tests import factories as make
from tests import factories_papers as papers
from tests.web.conftest import Site
from tests.web.pages import forget, text_of, value_of
from tracker.core.db import asked, db, standing, units
from tracker.core.db.asked import Answers
from tracker.core.db.records import now
from tracker.core.db.standing import UNCOUNTED
from tracker.core.provenance.models import SourcedValue
from tracker.core.quantities.clock import looks, today
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.service import reverse
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.reminders.models import DeliveryState
from tracker.web import kept
from tracker.web.kept import PARTS, Page, Shelf
from tracker.year.assessments.service import freeze_and_score

CARDS = "/scorecards/?year=2024"
OVERVIEW, PROJECTS = "/overview/?year=2024", "/projects/?year=2024"


@contextmanager
def statements() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "address",
    [OVERVIEW, PROJECTS, "/?year=2024", "/ledger/?year=2024", "/pairings/?year=2024", CARDS],
)
def test_a_page_is_made_once_for_one_state_of_the_data(site: Site, address: str) -> None:
    leader = site.browser("leader")
    first = leader.get(address)
    with statements() as sent:
        again = leader.get(address)
    assert TOKEN.sub("", again.text) == TOKEN.sub("", first.text)
    assert len(sent) < 10


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
        found = real_state()
        reading.append(True)
        return found

    def drawn(page: kept.Drawing) -> kept.Page:
        parts = real_drawn(page)
        reading.clear()
        return parts

    monkeypatch.setattr(kept, "state", begun)
    monkeypatch.setattr(kept, "_drawn", drawn)
    tables_of: dict[str, set[str]] = {}

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if reading:
            tables = set(re.findall(r"(?:FROM|JOIN) (\w+)", statement))
            tables_of.setdefault(here[0], set()).update(tables & UNCOUNTED)

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
    assert len(tables_of) > (40 if everybody else 30)
    read = {page for page, tables in tables_of.items() if tables}
    assert read <= {"/ of administrator"}  # which is not kept


def test_a_page_that_reads_what_is_written_without_being_counted_is_not_kept(
    any_site: Site,
) -> None:
    """The first page of the administrator tells of reminders that could not be sent."""
    administrator = any_site.browser("administrator")
    for number, words in ((0, "没有送达"), (1, "有 1 条提醒没有送达"), (2, "有 2 条提醒没有送达")):
        if number:
            with any_site.app.app_context(), units.mode(writes=False), units.writing(shown=False):
                told = papers.reminder(
                    db.session.get(User, any_site.world["staff"]), subject=str(number)
                )
                papers.reminder_delivery(told, state=DeliveryState.FAILED)
        assert (words in text_of(administrator.get("/"))) == bool(number)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were made, by their template."""
    found: list[str] = []
    real = kept._drawn

    def drawn(page: kept.Drawing) -> kept.Page:
        found.append(page.name)
        return real(page)

    monkeypatch.setattr(kept, "_drawn", drawn)
    return found


def test_a_page_is_found_again_past_a_write_that_it_does_not_show(
    any_site: Site, made: list[str]
) -> None:
    leader, staff = any_site.browser("leader"), any_site.browser("staff")
    pages = [PROJECTS, OVERVIEW, CARDS, "/enclaves/?year=2024"]
    before = {page: text_of(leader.get(page)) for page in pages}
    own = text_of(staff.get(PROJECTS))
    made.clear()
    with any_site.app.app_context(), units.mode(writes=False), units.writing():
        make.organisation(name="另一家单位")
        # Of another county, which the list of 缙云县 does not show.
        other = db.session.get(Project, any_site.world["other_project"])
        other.name = "庆元改名项目"
    assert {page: text_of(leader.get(page)) for page in pages[1:]} == {
        page: before[page] for page in pages[1:]
    }
    assert text_of(staff.get(PROJECTS)) == own
    assert made == []
    assert "庆元改名项目" in text_of(leader.get(PROJECTS))
    assert len(made) == 1


def _by_record(project: int, name: str) -> None:
    db.session.get(Project, project).name = name


def _by_bulk(project: int, name: str) -> None:
    db.session.execute(update(Project).where(Project.id == project).values(name=name))


def _by_text(project: int, name: str) -> None:
    given = {"name": name, "id": project}
    db.session.execute(text("UPDATE projects SET name = :name WHERE id = :id"), given)


def _by_driver(project: int, name: str) -> None:
    cursor = db.session.connection().connection.cursor()
    cursor.execute(f"UPDATE projects SET name = '{name}' WHERE id = {project}")


def _by_what_it_names(project: int, name: str) -> None:
    db.session.get(Project, project).region.name = name


@pytest.mark.parametrize("way", [_by_record, _by_bulk, _by_text, _by_driver, _by_what_it_names])
def test_however_something_is_written_no_page_shows_what_was_before(
    any_site: Site, way: Callable[[int, str], None]
) -> None:
    leader, project = any_site.browser("leader"), any_site.world["project"]
    for name in ("甲名", "乙名"):
        assert name not in text_of(leader.get(PROJECTS))
        with any_site.app.app_context(), units.mode(writes=False), units.writing():
            way(project, name)
        assert name in text_of(leader.get(PROJECTS))


def _places(site: Site) -> None:
    for region in db.session.query(Region):
        region.name = f"新{region.name}"


def _entry(site: Site) -> None:
    project = db.session.get(Project, site.world["project"])
    make.entry(project, EntryKind.COMPLETED_INVESTMENT, make.wan(7), date(2024, 9, 3))


def _gone(site: Site) -> None:
    db.session.execute(delete(SourcedValue))


def _reversed(site: Site) -> None:
    entry = db.session.get(LedgerEntry, site.world["other_entry"])
    reverse(db.session.get(User, site.world["neighbour"]), entry, "登记有误")


def _site(site: Site) -> None:
    db.session.execute(update(Enclave).values(name=Enclave.name + "新", signed_on=None))


def _snapshot(site: Site) -> None:
    freeze_and_score(2024, db.session.get(User, site.world["assessor"]))


CHANGES = (_places, _entry, _gone, _reversed, _site, _snapshot)
SOME = ("/projects/?year=2024", "/enclaves/?year=2024", "/overview/ranking/?year=2024")


@pytest.mark.parametrize(
    "everything",
    [pytest.param(False, id="some"), pytest.param(True, id="all", marks=pytest.mark.soak)],
)
@time_machine.travel(now(), tick=False)
def test_a_page_that_is_kept_is_what_making_it_again_gives(site: Site, everything: bool) -> None:
    """Whatever has changed meanwhile, and whether the page was kept past it or not."""
    pages, users = SOME, ("leader",)
    if everything:
        pages = tuple(
            f"{rule.rule}?year=2024"
            for rule in site.app.url_map.iter_rules()
            if getattr(site.app.view_functions[rule.endpoint], "kept_for", "")
            and not rule.arguments
        )
        users = ("leader", "staff", "assessor", "reviewer")
    asked_for = [(site.browser(user).client, page) for page in pages for user in users]
    for client, page in asked_for:
        client.get(page)
    for change in CHANGES:
        with site.app.app_context(), units.mode(writes=False), units.writing():
            change(site)
        for client, page in asked_for:
            found = client.get(page)
            shelf = site.app.extensions.pop("kept_pages")
            anew = client.get(page)
            site.app.extensions["kept_pages"] = shelf
            assert TOKEN.sub("", found.text) == TOKEN.sub("", anew.text), (change, page)


def test_a_page_of_one_user_shows_who_that_is_now(site: Site) -> None:
    """Users are found with their sessions, which are on no kept page."""
    staff = site.browser("staff")
    staff.get(PROJECTS)
    with site.app.app_context(), units.mode(writes=False), units.writing():
        db.session.get(User, site.world["staff"]).display_name = "改了名的人"
    key, (_, page) = shelf_of(site).popitem()
    with site.app.app_context(), units.mode(writes=False):
        assert not Answers().same(1, page.asked), key


def shelf_of(site: Site) -> dict:
    with site.app.app_context():
        return kept.shelf()._pages


def test_answers_are_told_apart_by_kind_and_value(any_site: Site) -> None:
    """Numbers that compare alike, or have one hash, are written otherwise on a page."""
    with any_site.app.app_context(), units.mode(writes=False):
        seen = []
        for value in ("1", "1.0", "-1", "-2", "NULL", "'1'", "''", "1 UNION ALL SELECT 1"):
            db.session.rollback()
            noted = asked.notes()
            assert db.session.execute(text(f"SELECT {value}")).all()
            (found,) = noted.all(frozenset())
            assert Answers().same(1, (found,))
            seen.append(found.answer)
        assert len(set(seen)) == len(seen)


def test_what_a_transaction_asked_is_not_told_once_it_is_over(site: Site) -> None:
    with site.app.app_context(), units.mode(writes=False):
        noted = asked.notes()
        assert noted.all(frozenset()) == ()
        db.session.rollback()
        assert noted.all(frozenset()) is None
        with units.writing():
            assert asked.notes() is None


def test_a_shelf_keeps_no_more_than_it_may() -> None:
    page = Page({name: Markup("x" * 100) for name in PARTS}, {}, asked=())
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


def test_who_asks_for_a_page_that_somebody_makes_waits_for_it() -> None:
    shelf, page = Shelf(), Page(dict.fromkeys(PARTS, Markup("x")), {}, asked=())
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


def test_words_that_go_by_the_clock_are_made_anew_as_it_goes_on() -> None:
    with time_machine.travel(datetime(2026, 3, 2, 4, tzinfo=UTC), tick=False) as clock:
        shelf, at = Shelf(), datetime.now(UTC)
        words = dict.fromkeys(PARTS, Markup("x"))
        shelf.keep(1, ("moment",), Page(words, {}, (), looked_at=at))
        shelf.keep(1, ("day",), Page(words, {}, ()))
        clock.shift(299)
        assert shelf.find(1, ("moment",)) is not None
        clock.shift(1)
        assert shelf.find(1, ("moment",)) is None
        assert shelf.find(1, ("day",)) is not None


def test_who_looks_at_the_moment_is_told_from_who_looks_at_the_day() -> None:
    with looks() as outer:
        today()
        assert outer == []
        with looks() as inner:
            assert inner == [] == outer
            moment = now()
        assert inner == [moment]
    assert now() > moment
    assert outer == []
