"""Every route and every role: who gets in, who is refused, and that no route was forgotten."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Site
from tracker.accounts.permissions import Role
from tracker.web.access import safe_next

ALL = {role.value for role in Role}
SEE = ALL - {"administrator"}

# Who may open what. A new route fails `test_no_route_was_forgotten` until it stands here.
EXPECTED: dict[str, set[str] | None] = {
    "accounts.login": None,
    "accounts.logout": None,
    "pages.healthz": None,
    "static": None,
    "pages.home": ALL,
    "pages.project": SEE,
    "pages.enclave": SEE,
    "pairings.index": SEE,
    "pairings.detail": SEE,
    "enclaves.index": SEE,
    "projects.index": SEE,
    "projects.new": {"staff"},
    "projects.edit": {"staff"},
    "ledger.index": SEE,
    "ledger.new_of_project": {"staff"},
    "ledger.new_of_enclave": {"staff"},
    "ledger.reverse": {"staff"},
    "assessments.index": {"assessor"},
    "assessments.score": {"assessor"},
    "scorecards.index": SEE,
    "scorecards.detail": SEE,
    "scorecards.download": SEE,
}


def routes(site: Site, endpoint: str) -> list[tuple[str, str]]:
    """(method, address) of an endpoint, with the world's records in the address."""
    values = {
        "project_id": site.world["project"],
        "enclave_id": site.world["enclave"],
        "pairing_id": site.world["pairing"],
        "entry_id": site.world["entry"],
        "filename": "css/tracker.css",
        "snapshot_id": site.world["snapshot"],
        "sheet": "zj-recipient-county",
        "subject_code": "331122",
    }
    found = []
    for rule in site.app.url_map.iter_rules(endpoint):
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values[m[1]]), rule.rule)
        found += [(method, address) for method in rule.methods & {"GET", "POST"}]
    return sorted(found)


def test_no_route_was_forgotten(site):
    assert {rule.endpoint for rule in site.app.url_map.iter_rules()} == set(EXPECTED)


def test_every_view_names_its_permission(site):
    for endpoint, roles in EXPECTED.items():
        if endpoint == "static":  # Flask's own
            continue
        view = site.app.view_functions[endpoint]
        assert hasattr(view, "permission"), endpoint
        assert (view.permission is None) == (roles is None), endpoint


@pytest.mark.parametrize("endpoint", [e for e, roles in EXPECTED.items() if roles])
def test_strangers_are_asked_to_sign_in(site, endpoint):
    for method, address in routes(site, endpoint):
        stranger = site.browser()
        answer = stranger.get(address) if method == "GET" else stranger.post(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/login")


@pytest.mark.parametrize("user", sorted(ALL))
def test_each_role_gets_in_where_it_may_and_nowhere_else(site, user):
    for endpoint, roles in EXPECTED.items():
        if roles is None:
            continue
        for method, address in routes(site, endpoint):
            browser = site.browser(user)
            answer = browser.get(address) if method == "GET" else browser.post(address)
            if user not in roles:
                assert answer.status_code == 403, (endpoint, method)
            else:
                assert answer.status_code == (200 if method == "GET" else 422), (endpoint, method)


def test_no_post_without_the_form_token(site):
    posts = [
        address
        for endpoint in EXPECTED
        for method, address in routes(site, endpoint)
        if method == "POST"
    ]
    assert len(posts) >= 7
    for address in posts:
        for user in ("staff", "assessor"):
            assert site.browser(user).client.post(address).status_code == 400, address


@pytest.mark.parametrize(
    "address",
    [
        "/projects/{other_project}",
        "/projects/{other_project}/edit",
        "/enclaves/{other_enclave}",
        "/pairings/{other_pairing}",
        "/ledger/projects/{other_project}/new",
        "/ledger/enclaves/{other_enclave}/new",
        "/ledger/{other_entry}/reverse",
        "/scorecards/{snapshot}/zj-recipient-county/331126",
        "/scorecards/{snapshot}/zj-recipient-county/331126.pdf",
    ],
)
def test_a_record_of_another_county_is_not_found(site, address):
    staff, neighbour = site.browser("staff"), site.browser("neighbour")
    address = address.format(**site.world.ids)
    assert staff.get(address).status_code == 404
    assert neighbour.get(address).status_code == 200


def test_lists_show_only_what_lies_in_the_users_regions(site):
    pages = {
        "/projects/": ("智能装备项目", "庆元竹木项目"),
        "/enclaves/": ("缙云消薄飞地", "庆元飞地"),
        "/ledger/?year=2024": ("智能装备项目", "庆元竹木项目"),
        "/scorecards/?year=2024": ("331122", "331126"),
    }
    for address, (own, other) in pages.items():
        for user, sees in (
            ("staff", (True, False)),
            ("neighbour", (False, True)),
            ("reviewer", (True, True)),
            ("leader", (True, True)),
        ):
            page = site.browser(user).get(address).text
            assert (own in page, other in page) == sees, (address, user)


def test_a_number_that_no_database_holds_is_not_found(staff):
    for number in ("0", "2147483648", "9" * 30):
        assert staff.get(f"/projects/{number}").status_code == 404


def test_a_user_who_was_switched_off_is_out_at_once(site, in_database):
    from tracker.accounts.models import User
    from tracker.db import db

    staff = site.browser("staff")
    assert staff.get("/").status_code == 200

    def switch_off():
        db.session.get(User, site.world["staff"]).active = False
        db.session.commit()

    in_database(switch_off)
    assert staff.get("/").status_code in (302, 403)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", None, "/a\nb"],
)
def test_next_leads_nowhere_else(target):
    assert safe_next(target) is None


def test_next_leads_back():
    assert safe_next("/projects/?q=1") == "/projects/?q=1"
