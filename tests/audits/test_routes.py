"""Every route, every role, own and foreign places: who gets in and how others are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from sqlalchemy import func, select

from tests.audits.conftest import Site
from tests.audits.routes import ROLES, Route, routes
from tests.audits.world import USERS
from tests.web.pages import TOKEN, token_of
from tracker.core.db import db
from tracker.core.db.events import Event, EventKind
from tracker.records.accounts.permissions import GRANTS, Permission, Role

GOT_IN = {200, 302, 303, 409, 422}  # 409: the record is not in the state that the act asks for
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
# Views whose POST has long work before its writes, which stand in a unit within; see docs/web.md.
LONG_BEFORE_WRITING = {
    "annual.cells",
    "accounts.login",
    "accounts.password",
    "assessments.score",
    "card_reviews.gap",
    "card_reviews.review",
    "desk.decide",
    "determinations.accept",
    "determinations.rule",
    "evidence.new",
    "ledger.drafts",
    "objections.decide",
    "objections.hand_in",
    "papers.issue",
    "papers.verify",
    "procedure.take",
    "quarters.cells",
    "reviews.decide",
    "rulelines.line",
    "rulemaking.load",
    "samplings.draw",
    "submissions.pass_over",
    "users.new",
    "users.password",
}


# What a city's reviewer does in the assessment of the own city, of which the world has none, and
# what is done in the province's alone, though the record is of a county of the city.
OF_OWN_CITY = {"card_reviews.gap", "procedure.step", "procedure.take"}
OF_PROVINCES = {"objections.answer", "objections.decide"}


@pytest.fixture(scope="module")
def walk(site: Site) -> list[Route]:
    return routes(site.app, site.world)


def guarded(walk: list[Route]) -> list[Route]:
    return [route for route in walk if route.permission is not None]


def test_every_view_names_its_permission(site: Site):
    for endpoint, view in site.app.view_functions.items():
        assert endpoint == "static" or hasattr(view, "permission"), endpoint
        permission = getattr(view, "permission", None)
        assert permission is None or permission in set(Permission), endpoint


def test_every_view_that_takes_a_post_is_a_writing_unit_or_has_one_within(site: Site):
    taking = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if rule.methods & CHANGES and rule.endpoint != "static"
    }
    views = site.app.view_functions
    assert {name for name in taking if not getattr(views[name], "writes", False)} == (
        LONG_BEFORE_WRITING
    )


def test_only_signing_in_and_out_the_sign_of_life_and_verifying_are_public(walk: list[Route]):
    assert {route.endpoint for route in walk if route.permission is None} == {
        "accounts.left",
        "accounts.login",
        "accounts.logout",
        "pages.healthz",
        "papers.verify",
    }


def test_every_permission_is_granted_to_somebody():
    granted = frozenset().union(*GRANTS.values())
    assert granted == set(Permission)
    assert set(GRANTS) == set(Role) == {role for _, role, _ in USERS}


def test_strangers_are_asked_to_sign_in(site: Site, walk: list[Route]):
    client = site.client()
    token = TOKEN.search(client.get("/login").text)[1]
    cookie = client.get_cookie("session").value
    for route in guarded(walk):
        client.set_cookie("session", cookie)  # without all that was said before
        answer = client.open(route.address, method=route.method, data={"csrf_token": token})
        assert answer.status_code == 302, route
        assert answer.location.startswith("/login"), route


@dataclass(frozen=True)
class Answered:
    """What a user got of a route: the status, whether it is a file to take away, and how many
    events of that it left."""

    route: Route
    status: int
    is_file: bool
    noted: int


# What many kinds of records have alike: there, who gets in tries one in three in `make test`.
# Each page is opened by links there (test_pages.py), each form of something new is sent
# (test_once.py) and so is each that changes something (test_unchanged.py).
OF_KINDS, ONE_IN = (".index", ".detail", ".new", ".edit", ".delete"), 3


def opened_elsewhere(number: int, route: Route) -> bool:
    return route.endpoint.endswith(OF_KINDS) and number % ONE_IN != 0


def in_turn(walk: list[Route]) -> dict[str, list[Route]]:
    """Which routes each user tries in `make test`: of every route somebody of each kind of those
    who fare alike there, one after another; who gets in, not where others do (`opened_elsewhere`).
    """
    found: dict[str, list[Route]] = {name: [] for name, _, _ in USERS}
    for number, route in enumerate(walk):
        alike: dict[tuple[bool, ...], list[str]] = {}
        for name in found:
            granted = route.granted(name)
            seen = granted and route.in_sight(name)
            # To a record that one sees, it makes no difference to reading it where one is at home.
            reads = route.method == "GET" and str(route.permission).endswith(":view")
            fares = (granted, seen, seen and (reads or route.at_home(name)))
            alike.setdefault(fares, []).append(name)
        for fares, names in alike.items():
            if all(fares) and opened_elsewhere(number, route):
                continue
            found[names[number % len(names)]].append(route)
    return found


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(False, id="in turn"),
        pytest.param(True, id="everybody", marks=pytest.mark.soak),
    ],
)
def answered(
    request: pytest.FixtureRequest, site: Site, walk: list[Route]
) -> Callable[[str], list[Answered]]:
    """What a user gets of the routes; what a change changed is put back after it."""
    tried = dict.fromkeys(ROLES, guarded(walk)) if request.param else in_turn(guarded(walk))

    @cache
    def of(user: str) -> list[Answered]:
        client = site.client(user)
        token = token_of(client)
        found = []
        for route in tried[user]:
            changes = route.method in CHANGES
            before = 0 if changes else downloads(site)
            data = {"csrf_token": token} if changes else None
            answer = client.open(route.address, method=route.method, data=data)
            status, is_file = answer.status_code, "Content-Disposition" in answer.headers
            answer.close()
            noted = 0 if changes else downloads(site) - before
            found.append(Answered(route, status, is_file, noted))
            if changes and status < 400:
                site.restore()
                client = site.client(user)
                token = token_of(client)
        return found

    return of


@pytest.mark.parametrize("user", [name for name, _, _ in USERS])
def test_each_user_gets_in_where_it_may_and_nowhere_else(answered: Callable, user: str):
    wrong = []
    for of in answered(user):
        fault = fault_of(of.route, user, of.status)
        if fault:
            route = of.route
            wrong.append(f"{user} {route.method} {route.endpoint} {route.address}: {fault}")
    assert not wrong, "\n".join(wrong)


def test_in_turn_somebody_of_each_kind_tries_every_route(walk: list[Route]):
    tried = in_turn(guarded(walk))
    assert all(tried.values())
    for number, route in enumerate(guarded(walk)):
        for right in (False,) if opened_elsewhere(number, route) else (True, False):
            if any(route.granted(user) is right for user in ROLES):
                assert any(route.granted(u) is right for u in ROLES if route in tried[u]), route


def test_every_file_that_is_taken_away_leaves_an_event(answered: Callable):
    found = set()
    for user in ROLES:
        for of in answered(user):
            if of.route.method == "GET":
                assert of.noted == of.is_file, of.route
                found |= {of.route.endpoint} if of.is_file else set()
    assert len(found) >= 8, found


def downloads(site: Site) -> int:
    with site.app.app_context():
        counted = select(func.count()).where(Event.kind == EventKind.DOWNLOADED)
        number = db.session.scalar(counted)
        db.session.remove()
    return number


def fault_of(route: Route, user: str, status: int) -> str:
    """What is wrong with the answer to `user`, "" if nothing is."""
    if not route.granted(user):
        return "" if status == 403 else f"{status} without {route.permission}"
    if not route.in_sight(user):
        return "" if status == 404 else f"{status} for a record out of sight"
    if status in GOT_IN:
        return ""
    if status == 403 and route.of_another_side(user):
        return ""
    if ROLES[user] is Role.REVIEWER:
        refused = {404: OF_OWN_CITY, 403: OF_PROVINCES}.get(status, ())
        if route.endpoint in refused:
            return ""
    if status == 403 and not route.permission.endswith(":view") and not route.at_home(user):
        return ""  # a record of another place: to be read, not changed
    return f"{status} where {route.permission} and the place are right"


@pytest.mark.parametrize(
    "each",
    [pytest.param(False, id="in turn"), pytest.param(True, id="each", marks=pytest.mark.soak)],
)
def test_no_change_without_the_form_token(site: Site, walk: list[Route], each: bool):
    changes = [route for route in walk if route.method in CHANGES]
    assert {"POST"} <= {route.method for route in changes}
    users = ("staff", "assessor", "administrator")
    for turn, user in enumerate(users):
        client = site.client(user)
        for route in changes if each else changes[turn :: len(users)]:
            answer = client.open(route.address, method=route.method)
            assert answer.status_code == 400, route
            forged = client.open(route.address, method=route.method, data={"csrf_token": "x.y.z"})
            assert forged.status_code == 400, route


def test_reading_changes_nothing_by_its_method(walk: list[Route]):
    """A view that only reads never takes a POST, and what changes asks for more than to view."""
    for route in guarded(walk):
        if route.method in CHANGES:
            assert not route.permission.endswith(":view") or route.permission == "work:view", route
