"""Sessions: ended on the server, by their owner, by a new password, by their limits."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from tests import factories as make
from tests.web.conftest import Site
from tests.web.pages import TOKEN, Browser, text_of
from tests.web.waiting import locked
from tracker.core.config import ROOT, Settings, SettingsError
from tracker.core.db import connections, db, units
from tracker.core.db.records import now
from tracker.records.accounts import service, sessions
from tracker.records.accounts.models import EndReason, User, UserSession
from tracker.records.accounts.views import HURRY

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
ASIDE = timedelta(seconds=5)


def copied(site: Site, browser: Browser) -> Browser:
    """A browser that has the same cookie."""
    thief = site.browser()
    thief.client.set_cookie("session", browser.client.get_cookie("session").value)
    return thief


def standing(site: Site, user: str = "staff") -> list[tuple]:
    """(last seen, why ended) of each session of the user."""
    with site.app.app_context():
        columns = select(UserSession.last_seen_at, UserSession.ended_why)
        of_user = columns.where(UserSession.user_id == site.world[user])
        return [tuple(row) for row in db.session.execute(of_user.order_by(UserSession.id))]


def test_signing_out_ends_the_session_for_a_copied_cookie_too(any_site):
    staff = any_site.browser("staff")
    thief = copied(any_site, staff)
    assert thief.get("/").status_code == 200
    assert staff.post("/logout").location == "/login"
    assert thief.get("/").location == "/login"
    assert [why for _, why in standing(any_site)] == [EndReason.SIGNED_OUT]


def test_the_database_holds_nothing_that_signs_anybody_in(site):
    staff = site.browser("staff")
    with staff.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with site.app.app_context():
        row = db.session.scalars(select(UserSession)).one()
        kept = {str(getattr(row, column.key)) for column in UserSession.__table__.columns}
        assert token not in kept
        stolen = site.browser()
        with stolen.client.session_transaction() as cookie:
            cookie["_user_id"] = row.token_sha256
    assert stolen.get("/").location == "/login"


@pytest.mark.parametrize("user", ["staff", "administrator"])
def test_a_session_ends_when_nothing_is_done_for_too_long(site, user):
    browser = site.browser(user)
    with time_machine.travel(now() + IDLE - ASIDE, tick=True):
        assert browser.get("/").status_code == 200
    with time_machine.travel(now() + 2 * IDLE - 3 * ASIDE, tick=True):
        assert browser.get("/").status_code == 200  # it was seen meanwhile
    with time_machine.travel(now() + 3 * IDLE, tick=True):
        assert browser.get("/").location == "/login"
        assert "登录已失效" in browser.get("/login").text


def test_no_session_lasts_for_ever(site):
    browser = site.browser("staff")
    begun, step = now(), IDLE - ASIDE
    for number in range(1, ABSOLUTE // step + 1):
        with time_machine.travel(begun + number * step, tick=True):
            assert browser.get("/").status_code == 200, number
    with time_machine.travel(begun + ABSOLUTE + ASIDE, tick=True):
        assert browser.get("/").location == "/login"


def test_it_is_written_once_a_minute_at_most(any_site):
    browser = any_site.browser("staff")
    begun = standing(any_site)[0][0]
    browser.get("/")
    assert standing(any_site)[0][0] == begun
    with time_machine.travel(begun + sessions.SEEN_EVERY, tick=True):
        browser.get("/")
        seen = standing(any_site)[0][0]
        assert seen > begun
        browser.get("/")
        assert standing(any_site)[0][0] == seen


def test_a_page_that_asks_by_itself_keeps_no_session_alive(site):
    browser = site.browser("staff")
    begun = standing(site)[0][0]
    with time_machine.travel(begun + IDLE / 2, tick=True):
        browser.get("/", headers={"Tracker-Background": "1"})
        left = browser.client.get("/account/session").json
        assert left["limit"] == "idle"
        assert IDLE / 2 - ASIDE <= timedelta(seconds=left["left"]) <= IDLE / 2
    assert standing(site)[0][0] == begun


def test_every_part_of_a_page_that_asks_again_and_again_says_so():
    asking = [
        (path.name, tag)
        for path in Path(ROOT, "templates").rglob("*.html")
        for tag in re.findall(r"<\w+[^<]*hx-trigger=\"[^\"]*\bevery\b[^<]*", path.read_text())
    ]
    assert asking
    for name, tag in asking:
        assert '"Tracker-Background"' in tag, name


def test_going_on_is_said_to_the_server(any_site):
    browser = any_site.browser("staff")
    begun = standing(any_site)[0][0]
    with time_machine.travel(begun + IDLE - ASIDE, tick=True):
        assert browser.client.get("/account/session").json["left"] <= 5
        token = browser.token()
        with any_site.app.app_context():
            db.session.execute(update(UserSession).values(last_seen_at=begun))
            db.session.commit()
        told = browser.client.post("/account/session", headers={"X-CSRFToken": token}).json
        assert told["left"] == IDLE.total_seconds()
    assert standing(any_site)[0][0] > begun
    with time_machine.travel(begun + 3 * IDLE, tick=True):
        assert browser.client.get("/account/session").json == {"left": 0, "limit": None}


def test_near_its_longest_a_session_says_so(site):
    browser = site.browser("staff")
    with site.app.app_context():
        begun = now() - ABSOLUTE + timedelta(minutes=2)
        db.session.execute(update(UserSession).values(begun_at=begun))
        db.session.commit()
    told = browser.client.get("/account/session").json
    assert told["limit"] == "absolute"
    assert 110 <= told["left"] <= 120


def test_a_busy_database_neither_stops_a_page_nor_fails_it(any_site, monkeypatch):
    browser = any_site.browser("staff")
    begun = standing(any_site)[0][0]
    with time_machine.travel(begun + IDLE / 2, tick=True):
        waits: list[float] = []

        def noted() -> float:
            waits.append(units.patience())
            return waits[-1]

        monkeypatch.setattr(connections, "patience", noted)
        with locked(any_site):
            waits.clear()
            assert browser.get("/").status_code == 200
        assert set(waits) == {HURRY}  # it tried to write, and waited no longer than in a hurry
        assert standing(any_site)[0][0] == begun
        browser.get("/")
        assert standing(any_site)[0][0] > begun


def test_a_new_password_ends_all_sessions_and_ones_own_all_others(any_site):
    with any_site.app.app_context():
        user = db.session.get(User, any_site.world["staff"])
        user.password_hash = service.hashed("four-quiet-words-9", "staff")
        db.session.commit()
    here, elsewhere = any_site.browser("staff"), any_site.browser("staff")
    new = {"password": "another-four-words-1", "again": "another-four-words-1"}
    own = {"present": "four-quiet-words-9", **new}
    assert here.post("/account/password", own).location == "/"
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").location == "/login"
    with any_site.app.app_context():
        service.set_password(db.session.get(User, any_site.world["staff"]), "x")
        db.session.commit()
    assert here.get("/").location == "/login"
    assert {why for _, why in standing(any_site)} == {EndReason.PASSWORD}


def test_who_is_switched_off_is_out_at_once_and_stays_out_when_let_in_again(site):
    staff, administrator = site.browser("staff"), site.browser("administrator")
    address = f"/users/{site.world['staff']}/edit"
    page = administrator.get(address).text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    data = {"display_name": "甲", "role": "staff", "region_id": str(site.world["jinyun"])}
    off = {**data, "version": version, "active": "False"}
    assert administrator.post(address, off).status_code == 302
    assert staff.get("/").location == "/login"
    on = {**data, "version": str(int(version) + 1), "active": "True"}
    assert administrator.post(address, on).status_code == 302
    assert staff.get("/").location == "/login"


def test_one_sees_and_ends_ones_own_sessions_alone(any_site):
    here, there = any_site.browser("staff"), any_site.browser("staff")
    other = any_site.browser("neighbour")
    page = here.get("/account/sessions")
    assert text_of(page).count("Edge，Windows") >= 2
    (number,) = set(re.findall(r'name="session" value="(\d+)"', page.text))
    assert other.post("/account/sessions", {"session": number}).status_code == 302
    assert there.get("/").status_code == 200
    assert here.post("/account/sessions", {"session": number}).status_code == 302
    assert there.get("/").location == "/login"
    assert here.get("/").status_code == 200
    for nonsense in ("", "x", "9" * 40):
        assert here.post("/account/sessions", {"session": nonsense}).status_code == 302
    assert here.get("/").status_code == 200


def test_old_rows_are_dropped(site):
    with site.app.app_context():
        user = db.session.get(User, site.world["staff"])
        make.user_session(user)
        db.session.commit()
    site.browser("staff")
    assert len(standing(site)) == 1


def test_signing_in_again_ends_the_session_that_the_browser_had(site):
    with site.app.app_context():
        for name in ("staff", "neighbour"):
            user = db.session.get(User, site.world[name])
            user.password_hash = service.hashed("four-quiet-words-9", name)
        db.session.commit()
    browser = site.browser("staff")
    before = copied(site, browser)
    token = TOKEN.search(browser.client.get("/").text)[1]
    data = {"username": "neighbour", "password": "four-quiet-words-9", "csrf_token": token}
    assert browser.client.post("/login", data=data).status_code == 302
    assert "庆元县" in text_of(browser.get("/"))
    assert before.get("/").location == "/login"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", "Edge，Windows"),
        ("Mozilla/5.0 (iPhone) Version/17 Safari/604", "Safari，iPhone"),
        ("Mozilla/5.0 (X11; Linux) Gecko Firefox/127.0", "Firefox，Linux"),
        ("curl/8", "其他"),
        ("", "其他"),
        ("x" * 5000, "其他"),
    ],
)
def test_a_browser_is_told_from_another(agent, said):
    assert sessions.in_short(agent) == said


@pytest.mark.parametrize(
    ("minutes", "hours", "good"),
    [
        ("", "", True),
        ("5", "1", True),
        ("60", "1", True),
        ("4", "1", False),
        ("61", "1", False),
        ("30", "169", False),
        ("-30", "12", False),
        ("half", "12", False),
        ("３０", "12", False),
        ("30", "0", False),
    ],
)
def test_limits_are_settings_within_reason(monkeypatch, tmp_path, minutes, hours, good):
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_IDLE_MINUTES", minutes)
    monkeypatch.setenv("TRACKER_SESSION_HOURS", hours)
    if not good:
        with pytest.raises(SettingsError, match=r"TRACKER_(IDLE_MINUTES|SESSION_HOURS)"):
            Settings.from_environment()
        return
    settings = Settings.from_environment()
    assert settings.idle == timedelta(minutes=int(minutes or 30))
    assert settings.absolute == timedelta(hours=int(hours or 12))


def test_only_a_session_that_reached_its_limit_is_told_as_lapsed(site):
    """Of whom files were that came too late: nobody is known by a token that stands, was ended by
    its person or was made up."""
    staff, gone = site.browser("staff"), site.browser("neighbour")
    tokens = []
    for browser in (staff, gone):
        with browser.client.session_transaction() as cookie:
            tokens.append(cookie["_user_id"])
    gone.post("/logout")

    def lapsed(after: timedelta) -> list[str | None]:
        with site.app.app_context(), time_machine.travel(now() + after, tick=True):
            users = [sessions.lapsed(token) for token in (*tokens, "made up")]
            return [user and user.username for user in users]

    assert lapsed(IDLE - timedelta(minutes=1)) == [None, None, None]
    assert lapsed(IDLE) == ["staff", None, None]
    with site.app.app_context():
        db.session.execute(update(UserSession).values(last_seen_at=now() + ABSOLUTE))
        db.session.commit()
    assert lapsed(ABSOLUTE) == ["staff", None, None]
