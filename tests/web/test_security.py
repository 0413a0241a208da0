"""Headers, refusals, faults, expired forms, the sign of life."""

from __future__ import annotations

import gzip
import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from tests.web.pages import FIELDS, TOKEN, checked, text_of
from tracker.core.config import Settings
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.projects import service
from tracker.records.projects.models import Project
from tracker.site import views

TOKENS = re.compile(r'(?:name="csrf_token" value|data-token)="([^"]*)"')
LEFT = re.compile(r'data-left="[0-9]+"')


@pytest.mark.parametrize("address", ["/login", "/", "/nothing-here", "/healthz"])
def test_every_answer_binds_the_browser(site, address):
    headers = site.browser("staff").client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_https_stays_https(site):
    answer = site.browser().client.get("/login", base_url="https://localhost")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_static_files_may_be_kept_and_change_their_address_with_their_content(site):
    page = site.browser().get("/login").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    with site.browser().client.get(address) as answer:
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_static_texts_are_packed_for_those_who_unpack(site):
    client = site.browser().client
    with client.get("/static/css/tracker.css") as plain:
        text = plain.data
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert "Content-Encoding" not in plain.headers
    with client.get("/static/css/tracker.css", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(text)
        assert gzip.decompress(packed.data) == text
        mark = packed.headers["ETag"]
    same = {"Accept-Encoding": "gzip", "If-None-Match": mark}
    with client.get("/static/css/tracker.css", headers=same) as again:
        assert again.status_code == 304
        assert again.data == b""


def test_a_static_file_is_kept_for_good_and_goes_by_nobody(site):
    client = site.browser("staff").client
    (address,) = set(re.findall(r'"(/static/css/tracker\.css[^"]*)"', client.get("/").text))
    for given in ({}, {"Accept-Encoding": "gzip"}):
        with client.get(address, headers=given) as file:
            assert "immutable" in file.headers["Cache-Control"]
            assert file.headers["Vary"] == "Accept-Encoding"
            assert "Set-Cookie" not in file.headers
    with client.get("/static/css/tracker.css") as unmarked:
        assert "immutable" not in unmarked.headers["Cache-Control"]


def test_a_page_is_packed_and_its_length_tells_nothing(site):
    client = site.browser("staff").client
    plain = client.get("/account/password")
    assert "Content-Encoding" not in plain.headers
    lengths, faces = set(), set()
    for _ in range(12):
        packed = client.get("/account/password", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        text = gzip.decompress(packed.data).decode()
        assert LEFT.sub("", TOKENS.sub("", text)) == LEFT.sub("", TOKENS.sub("", plain.text))
        lengths.add(len(packed.data))
        faces.update(TOKENS.findall(text))
    assert len(packed.data) * 3 < len(plain.data)
    assert len(lengths) > 3
    # No two tokens have a part in common, in one page or in two: there is nothing to find out.
    assert len(faces) >= 36
    parts = [face[i : i + 8] for face in faces for i in range(2, len(face) - 8)]
    assert len(set(parts)) == len(parts)
    with client.get("/healthz", headers={"Accept-Encoding": "gzip"}) as short:
        assert "Content-Encoding" not in short.headers


@pytest.mark.parametrize("change", ["", "m.", "m.x", "m.AAAA", "m.!!!!", "m.QUJD", "plain"])
def test_a_token_is_good_behind_each_of_its_masks_and_no_other(site, change):
    browser = site.browser("staff")
    first, second = (TOKEN.search(browser.get("/account/password").text)[1] for _ in range(2))
    assert first != second
    given = {"current": "x", "new": "y", "again": "z"}
    for token, status in ((first, 422), (second, 422), (change, 400), (first[:-6] + "AAAAAA", 400)):
        answer = browser.client.post("/account/password", data={**given, "csrf_token": token})
        assert answer.status_code == status, (token, text_of(answer))


def test_the_session_cookie_is_for_this_site_and_https_alone(site):
    site.app.config["SESSION_COOKIE_SECURE"] = True
    answer = site.browser().client.get("/login", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("session=")
    for part in ("; Secure", "; HttpOnly", "; SameSite=Lax"):
        assert part in cookie


def test_cookies_are_secure_unless_somebody_says_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.delenv("TRACKER_INSECURE_COOKIES", raising=False)
    monkeypatch.delenv("TRACKER_DEMO", raising=False)
    settings = Settings.from_environment()
    assert settings.secure_cookies
    assert not settings.demo


def test_pages_that_are_not_there(staff):
    answer = staff.get("/nothing-here")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_the_wrong_way_to_open_an_address(staff):
    answer = staff.get("/logout")
    assert answer.status_code == 405
    assert "操作方式不对" in answer.text


def test_too_much_at_once(staff):
    answer = staff.post("/projects/new", {"note": "长" * 2_000_000})
    assert answer.status_code == 413
    assert "4 MB" in answer.text


def test_a_fault_says_that_nothing_was_changed(site, monkeypatch):
    site.app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(service, "create", fail)
    answer = site.browser("staff").post("/projects/new", {"name": "甲", "category": "aid"})
    assert answer.status_code == 500
    assert "数据没有改动" in answer.text
    assert "broken on purpose" not in answer.text


def test_a_fault_after_a_change_leaves_no_trace(site, monkeypatch):
    site.app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(actor, values):
        db.session.add(Project(name="半成品", region_id=actor.region_id, category="aid"))
        db.session.flush()
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(service, "create", fail)
    site.browser("staff").post("/projects/new", {"name": "甲", "category": "aid"})
    with site.app.app_context():
        assert db.session.query(Project).filter_by(name="半成品").count() == 0


def test_reading_never_writes(site, monkeypatch):
    def write(user, year):
        user.display_name = "改了"
        db.session.flush()
        return {"accounts": {}}

    monkeypatch.setattr(views.work, "of_role", lambda role: write)
    site.browser("administrator").get("/")
    with site.app.app_context():
        assert db.session.get(User, site.world["administrator"]).display_name != "改了"


def test_a_lost_race_is_told_in_the_offices_words(site, monkeypatch):
    def lose(*_):
        raise StaleDataError

    monkeypatch.setattr(service, "create", lose)
    answer = site.browser("staff").post("/projects/new", {"name": "甲", "category": "aid"})
    assert answer.status_code == 409
    assert "记录已被他人修改" in answer.text
    assert "Stale" not in answer.text


def test_a_database_that_is_away(site, monkeypatch):
    def away(*_):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(service, "create", away)
    answer = site.browser("staff").post("/projects/new", {"name": "甲", "category": "aid"})
    assert answer.status_code == 503
    assert "稍后重试" in answer.text
    assert "SELECT" not in answer.text


def test_an_expired_form_of_this_site_keeps_what_was_typed(staff):
    typed = {"name": "写了很久的项目", "category": "aid"} | {"csrf_token": "old", "once": "0" * 32}
    answer = checked(
        staff.client.post("/projects/new", data=typed, headers={"Origin": "http://localhost"})
    )
    assert answer.status_code == 400
    assert "页面已过期" in answer.text
    assert "写了很久的项目" in text_of(answer)
    assert "项目名称" in text_of(answer)
    assert 'action="/projects/new"' in answer.text
    again = dict(FIELDS.findall(answer.text))
    assert again["name"] == typed["name"]
    assert staff.client.post("/projects/new", data=again).status_code == 302


def test_an_expired_form_is_sent_to_all_of_its_address(staff):
    """What its address names is part of what is done, whose assessment it is above all."""
    typed = {"words": "漏计", "csrf_token": "old"}
    address = "/desk/2024/zj-recipient-county/subjects/331122?line=A2.1&fact=projects.counted"
    answer = staff.client.post(address, data=typed, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert f'action="{address.replace("&", "&amp;")}"' in answer.text


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_a_foreign_form_is_not_offered_again(staff, origin):
    headers = {"Origin": origin} if origin else {}
    answer = checked(staff.client.post("/projects/new", data={"name": "诱导"}, headers=headers))
    assert answer.status_code == 400
    assert "诱导" not in answer.text


def test_a_password_is_never_shown_again(site):
    answer = site.browser("staff").client.post(
        "/account/password",
        data={"present": "old-secret-password", "password": "my-secret-password"},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 400
    assert "secret-password" not in answer.text


def test_htmx_is_told_where_to_sign_in(site):
    answer = site.browser().client.get("/projects/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login"


def test_sign_of_life(any_site, monkeypatch):
    client = any_site.app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    monkeypatch.setattr(views, "text", lambda _: text("SELECT * FROM no_such_table"))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json["status"] != "ok"
