"""Who sees what beyond single routes, which `tests/audits/test_routes.py` walks one by one."""

from __future__ import annotations

import pytest

from tracker.web.access import safe_next


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
    from tracker.core.db import db
    from tracker.records.accounts.models import User

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
