"""Events in the trail: who came and went, what was scored and issued, what was taken away."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories_acts import audit_entry, event
from tests.web.conftest import YEAR, Site
from tests.web.pages import TOKEN, text_of
from tests.web.statements import number_for
from tests.web.test_records_evidence import PDF
from tests.web.waiting import locked
from tracker.core.db import db, events
from tracker.core.db.audit import AuditAction
from tracker.core.db.events import Event, EventKind
from tracker.core.db.records import now
from tracker.records.accounts import service
from tracker.records.accounts.models import SignInAttempt, User
from tracker.year.assessments.service import freeze_and_score

PASSWORD = "four-quiet-words-9"
CARD = "/scorecards/{snapshot}/zj-recipient-county/331122.pdf"
LISTED = "操作 记录 内容 "


@pytest.fixture(scope="module")
def password_hash() -> str:
    return service._hasher.hash(PASSWORD)


def told(site: Site, query: str = "") -> str:
    """The trail as the administrator reads it."""
    page = text_of(site.browser("administrator").get(f"/audit/?{query}"))
    return page.split(LISTED)[-1] if LISTED in page else ""


def kept(site: Site, *kinds: EventKind) -> list[Event]:
    with site.app.app_context():
        found = select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)
        return list(db.session.scalars(found))


def sign_in(site: Site, username: str, password: str = PASSWORD):
    browser = site.browser()
    token = TOKEN.search(browser.client.get("/login").text)[1]
    data = {"username": username, "password": password, "csrf_token": token}
    environ = {"REMOTE_ADDR": "192.0.2.7"}
    browser.client.post("/login", data=data, environ_overrides=environ)
    return browser


def give_password(site: Site, password_hash: str) -> None:
    with site.app.app_context():
        db.session.get(User, site.world["staff"]).password_hash = password_hash
        db.session.commit()


def test_coming_and_going_is_told(any_site, password_hash):
    give_password(any_site, password_hash)
    browser = sign_in(any_site, "staff")
    browser.post("/logout")
    words = told(any_site, "actor=staff")
    assert words.index("退出") < words.index("登录")
    assert "示例市县工作人员" in words
    assert "网络地址 192.0.2.7" in words
    assert PASSWORD not in words


def test_a_lock_is_told_once_and_never_what_was_typed(any_site, password_hash, monkeypatch):
    give_password(any_site, password_hash)
    monkeypatch.setattr(service, "_matches", lambda known, typed: False)
    for name in ("staff", "my-secret-password"):
        for _ in range(service.MOST_OF_A_NAME + 3):
            sign_in(any_site, name, "wrong-password")
    words = told(any_site, "action=locked")
    assert words.count("锁定登录") == 2
    assert "5 次密码不正确" in words
    assert "不存在的用户名" in words
    for secret in ("my-secret-password", "wrong-password"):
        assert secret not in told(any_site)
        assert all(secret not in each.about for each in kept(any_site, *EventKind))


def test_the_administrator_sees_a_lock_and_ends_it(any_site, password_hash):
    give_password(any_site, password_hash)
    address = f"/users/{any_site.world['staff']}"
    administrator = any_site.browser("administrator")
    assert "解除锁定" not in administrator.get(address).text
    with any_site.app.app_context():
        moment = now()
        for minutes in range(service.MOST_OF_A_NAME + 1):
            at = moment - timedelta(minutes=minutes)
            db.session.add(SignInAttempt(username="staff", address="192.0.2.7", at=at))
        db.session.commit()
        until = service.lock_of("staff").until
        assert until == moment - timedelta(minutes=4) + service.WINDOW
        db.session.rollback()
    assert "连续 6 次登录失败，锁定至" in text_of(administrator.get(address))
    assert sign_in(any_site, "staff").get("/").location == "/login"
    assert any_site.browser("staff").post(f"{address}/unlock").status_code == 403
    assert administrator.post(f"{address}/unlock").status_code == 302
    assert "已解除锁定" in administrator.get(address).text
    assert "解除锁定" not in administrator.get(address).text
    assert "6 次失败不再计" in told(any_site, "action=unlocked")
    assert sign_in(any_site, "staff").get("/").status_code == 200


def test_a_new_password_from_the_administrator_unlocks(site, password_hash):
    with site.app.app_context():
        for _ in range(service.MOST_OF_A_NAME):
            db.session.add(SignInAttempt(username="staff", address="192.0.2.7", at=now()))
        db.session.commit()
    data = {"password": PASSWORD, "again": PASSWORD, "confirmed": "y"}
    address = f"/users/{site.world['staff']}/password"
    assert site.browser("administrator").post(address, data).status_code == 302
    assert sign_in(site, "staff").get("/").status_code == 200


def test_scoring_is_told_whether_or_not_it_changed_anything(any_site):
    assessor = any_site.browser("assessor")
    assessor.confirm("/assessments/score", {"year": str(YEAR)})
    with any_site.app.app_context():
        again = freeze_and_score(YEAR, None).sha256[:12]
        db.session.commit()
    words = told(any_site, "action=scored")
    assert f"{YEAR} 年度，事实和细则未变，沿用快照 {again}" in words
    assert words.count(f"快照 {again}") == 3  # of the world, of the page, of the command
    assert "系统" in told(any_site, "action=scored&actor=系统")
    assert told(any_site, "action=scored&actor=assessor").count(again) == 2


def test_what_is_taken_away_is_told(any_site):
    staff = any_site.browser("staff")
    answer = staff.get(CARD.format(**any_site.world.ids))
    assert answer.data.startswith(b"%PDF-")
    (one,) = kept(any_site, EventKind.DOWNLOADED)
    assert one.actor_id == any_site.world["staff"]
    assert (one.table_name, one.record_id) == ("snapshots", any_site.world["snapshot"])
    assert "试算稿" in one.about
    assert "缙云县" in told(any_site, "action=downloaded&actor=staff")
    head = staff.client.head(CARD.format(**any_site.world.ids))
    assert head.status_code == 200
    foreign = CARD.format(**any_site.world.ids).replace("331122", "331126")
    assert staff.get(foreign).status_code == 404
    assert len(kept(any_site, EventKind.DOWNLOADED)) == 1


def test_a_busy_database_fails_no_download_and_loses_no_event(any_site, monkeypatch):
    monkeypatch.setattr(events, "PATIENCE", 0.1)
    staff = any_site.browser("staff")
    with locked(any_site):
        answer = staff.get(CARD.format(**any_site.world.ids))
        assert answer.data.startswith(b"%PDF-")
        assert kept_apart(any_site) == 1
    assert kept(any_site, EventKind.DOWNLOADED) == []
    with any_site.app.app_context():
        (file,) = events._waiting()
        whole = file.read_text("utf-8")
    staff.get(CARD.format(**any_site.world.ids))
    found = kept(any_site, EventKind.DOWNLOADED)
    assert [each.set_aside is None for each in found] == [True, False]
    assert found[1].actor_id == any_site.world["staff"]
    assert found[1].at < found[0].at
    assert kept_apart(any_site) == 0
    file.write_text(whole, "utf-8")  # a process was killed before it removed the file
    staff.get(CARD.format(**any_site.world.ids))
    assert len(kept(any_site, EventKind.DOWNLOADED)) == 3
    assert kept_apart(any_site) == 0


def kept_apart(site: Site) -> int:
    with site.app.app_context():
        return len(list(events._waiting()))


def test_what_cannot_be_noted_is_not_sent(site, monkeypatch):
    monkeypatch.setattr(events, "PATIENCE", 0.1)
    (site.app.config["TRACKER"].instance / "events").write_text("no folder")
    staff = site.browser("staff")
    with locked(site):
        answer = staff.get(CARD.format(**site.world.ids))
    assert answer.status_code == 503
    assert b"%PDF-" not in answer.data


def test_changes_and_events_stand_on_one_timeline(any_site):
    moment = now() + timedelta(hours=1)
    with any_site.app.app_context():
        for number in range(60):
            at = moment + timedelta(seconds=number // 3)  # three at each moment
            named = {"table_name": "visits", "record_id": 1000 + number, "at": at}
            if number % 2:
                event(**named)
            else:
                audit_entry(action=AuditAction.DELETED, **named)
        db.session.commit()
    administrator = any_site.browser("administrator")

    def walk(address: str, way: str) -> list[int]:
        found = []
        while address:
            page = administrator.get(address).text
            here = [int(number) for number in re.findall(r"(1\d{3}) 号", page)]
            found.append(here)
            link = re.search(rf'rel="{way}" href="([^"]+)"', page)
            address = link[1].replace("&amp;", "&") if link else ""
        return found

    down = walk("/audit/?table=visits", "next")
    assert [len(page) for page in down] == [50, 10]
    flat = [number for page in down for number in page]
    assert sorted(flat) == list(range(1000, 1060))
    assert [(n - 1000) // 3 for n in flat] == sorted(((n - 1000) // 3 for n in flat), reverse=True)
    with any_site.app.app_context():
        last = db.session.scalar(select(Event.id).where(Event.record_id == 1001))
    (up, more) = walk(f"/audit/?table=visits&after=e{last}", "prev")
    assert [*more, *up] == flat[:57]  # 1001 is the last of its moment
    for nonsense in ("e", "ex", "e99999999", "x", "-1"):
        assert administrator.get(f"/audit/?before={nonsense}").status_code == 200


def test_the_trail_takes_a_fixed_number_of_statements(site):
    few = number_for(site, "administrator", "/audit/")
    with site.app.app_context():
        for number in range(200):
            event(table_name="users", record_id=site.world["staff"], about=f"文件{number}")
        db.session.commit()
    assert number_for(site, "administrator", "/audit/") <= few


def test_evidence_that_is_taken_away_is_told(site):
    staff = site.browser("staff")
    address = f"/evidence/projects/{site.world['project']}/new"
    data = {"kind": "其他材料", "files": (io.BytesIO(PDF), "回单.pdf")}
    handed_in = staff.post(address, data, content_type="multipart/form-data")
    assert handed_in.status_code == 302
    assert staff.get("/evidence/1/file").status_code == 200
    (one,) = kept(site, EventKind.DOWNLOADED)
    assert (one.table_name, one.record_id) == ("evidence_links", 1)
    assert "回单.pdf" in one.about
