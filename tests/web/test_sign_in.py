"""Signing in and out, lock-out, sessions."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest
import time_machine
from sqlalchemy import func, select

from tests.web.conftest import Site
from tests.web.pages import TOKEN, Browser, text_of
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.accounts import service
from tracker.records.accounts.models import SignInAttempt, User
from tracker.records.accounts.permissions import Role

PASSWORD = "correct-horse-9"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return service._hasher.hash(PASSWORD)


def give_password(site: Site, password_hash: str) -> None:
    with site.app.app_context():
        db.session.get(User, site.world["staff"]).password_hash = password_hash
        db.session.commit()


def sign_in(browser: Browser, username="staff", password=PASSWORD, address="/login", host=None):
    token = TOKEN.search(browser.client.get("/login").text)[1]
    data = {"username": username, "password": password, "csrf_token": token}
    environ = {"REMOTE_ADDR": host} if host else {}
    return browser.client.post(address, data=data, environ_overrides=environ)


def test_signing_in_and_out(any_site, password_hash):
    give_password(any_site, password_hash)
    browser = any_site.browser()
    assert sign_in(browser).location == "/"
    assert "缙云县" in text_of(browser.get("/"))
    assert browser.post("/logout").location == "/login"
    assert browser.get("/").location == "/login"


def test_it_leads_back_to_the_page_that_was_asked_for(site, password_hash):
    give_password(site, password_hash)
    browser = site.browser()
    asked = browser.get("/projects/?q=abc").location
    assert asked == "/login?next=/projects/?q%3Dabc"
    assert sign_in(browser, address=asked).location == "/projects/?q=abc"


def test_who_asks_for_many_pages_is_asked_once_to_sign_in(site):
    """Each refused page would make the cookie of the session longer, until no browser kept it."""
    stranger = site.browser().client
    for address in ("/projects/", "/enclaves/", "/ledger/"):
        assert stranger.get(address).status_code == 302
    assert stranger.get("/login").text.count("请先登录。") == 1


def test_it_leads_to_no_other_site(site, password_hash):
    give_password(site, password_hash)
    assert sign_in(site.browser(), address="/login?next=//evil.example").location == "/"


def test_a_planted_session_does_not_survive_signing_in(site, password_hash):
    give_password(site, password_hash)
    browser = site.browser()
    with browser.client.session_transaction() as session:
        session["year"] = 2019
        session["planted"] = "yes"
    sign_in(browser)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"]


def test_a_password_is_kept_at_the_cost_that_is_advised(full_hasher):
    """RFC 9106, section 4, for where memory is short."""
    kept = argon2.extract_parameters(full_hasher.hash(PASSWORD))
    assert kept == argon2.profiles.RFC_9106_LOW_MEMORY


def test_unknown_name_and_wrong_password_read_the_same(site, password_hash):
    give_password(site, password_hash)
    browser = site.browser()
    wrong = sign_in(browser, password="wrong-password")
    unknown = sign_in(browser, username="nobody", password="wrong-password")
    assert wrong.status_code == unknown.status_code == 422
    assert "用户名或密码不正确" in wrong.text
    assert text_of(wrong) == text_of(unknown)


def test_an_unknown_name_costs_the_same_work(site, monkeypatch):
    looked_at = []
    monkeypatch.setattr(service, "_matches", lambda known, typed: looked_at.append(known) or False)
    with site.app.app_context():
        service.sign_in("nobody", "some-password", service.Caller("10.0.0.1"))
    assert looked_at[0].startswith("$argon2id$")


def test_a_name_is_locked_after_five_failures_even_for_the_right_password(
    any_site, password_hash, monkeypatch
):
    give_password(any_site, password_hash)
    browser = any_site.browser()
    for _ in range(service.MOST_OF_A_NAME):
        assert "不正确" in sign_in(browser, password="wrong-password").text
    locked = sign_in(browser)
    assert locked.status_code == 422
    assert "15 分钟后再试" in locked.text
    with time_machine.travel(now() + service.WINDOW + timedelta(seconds=5), tick=True):
        assert sign_in(browser).location == "/"


def test_an_address_is_locked_after_twenty_failures_of_many_names(site, password_hash, monkeypatch):
    give_password(site, password_hash)
    monkeypatch.setattr(service, "_matches", lambda known, typed: typed == PASSWORD)
    browser = site.browser()
    for number in range(service.MOST_OF_AN_ADDRESS):
        sign_in(browser, username=f"name{number}", password="wrong-password", host="10.9.9.9")
    assert "15 分钟后再试" in sign_in(browser, host="10.9.9.9").text
    assert sign_in(browser, host="10.9.9.8").status_code == 302


def test_success_forgives_the_name(site, password_hash):
    give_password(site, password_hash)
    browser = site.browser()
    sign_in(browser, password="wrong-password")
    sign_in(browser)
    with site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_an_inactive_account_cannot_sign_in(site, password_hash):
    give_password(site, password_hash)
    with site.app.app_context():
        db.session.get(User, site.world["staff"]).active = False
        db.session.commit()
    assert "不正确" in sign_in(site.browser()).text


def test_a_new_password_signs_the_user_out_everywhere(site):
    staff = site.browser("staff")
    assert staff.get("/").status_code == 200
    with site.app.app_context():
        kept = service.hashed("another-password-1", "staff")
        service.set_password(db.session.get(User, site.world["staff"]), kept)
        db.session.commit()
    assert staff.get("/").location == "/login"


def test_a_tampered_session_is_nobodys(site):
    for value in ("", "x", "1", "1:", ":1", "1:x", f"{'9' * 30}:1"):
        browser = site.browser()
        with browser.client.session_transaction() as session:
            session["_user_id"] = value
        assert browser.get("/").location == "/login", value


def test_empty_fields_are_named(site):
    answer = site.browser().post("/login")
    assert "请填写用户名" in answer.text
    assert "请填写密码" in answer.text


def test_demo_accounts_are_listed_on_a_demonstration_only(site):
    from dataclasses import replace

    with site.app.app_context():
        db.session.get(User, site.world["staff"]).username = "jinyun"
        db.session.get(User, site.world["staff"]).origin = "sample"
        db.session.commit()
    assert "shanhai-jinyun" not in site.browser().get("/login").text
    site.app.config["TRACKER"] = replace(site.app.config["TRACKER"], demo=True)
    assert "shanhai-jinyun" in site.browser().get("/login").text


@pytest.mark.parametrize(
    ("username", "password", "role", "says"),
    [
        ("staff", "long-enough-1", Role.ADMINISTRATOR, "已被使用"),
        ("new", "short", Role.ADMINISTRATOR, "10 至 200"),
        ("new", "x" * 201, Role.ADMINISTRATOR, "10 至 200"),
        ("longusername", "LongUserName", Role.ADMINISTRATOR, "与用户名相同"),
        ("new", "long-enough-1", Role.STAFF, "须指定所在地区"),
        ("", "long-enough-1", Role.ADMINISTRATOR, "可见字符"),
        ("a\x00b", "long-enough-1", Role.ADMINISTRATOR, "可见字符"),
    ],
)
def test_accounts_that_cannot_be_made(site, username, password, role, says):
    with site.app.app_context(), pytest.raises(service.AccountError, match=says):
        service.create(username, "", service.hashed(password, username), role, None)
