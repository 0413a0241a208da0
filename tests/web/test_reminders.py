"""The bell and the list of reminders: one's own, read, dealt with; where they are sent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import factories_papers as papers
from tests.web.conftest import Site
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.reminders.models import DeliveryState, Reminder, ReminderAddress

BELL = "提醒，{} 条未读"


def remind(site: Site, user: str, subject: str, **fields) -> int:
    with site.app.app_context():
        to = db.session.get_one(User, site.world[user])
        number = papers.reminder(to, subject=subject, title=f"{user} 第 {subject} 件", **fields).id
        db.session.commit()
    return number


def test_one_sees_ones_own_and_the_bell_counts_what_is_unread(any_site):
    for subject in ("1", "2"):
        remind(any_site, "staff", subject)
    remind(any_site, "assessor", "3")
    over = remind(any_site, "staff", "4", over_at=now())
    own = any_site.browser("staff")
    page = text_of(own.get("/reminders/"))
    assert "staff 第 1 件" in page
    assert "assessor 第 3 件" not in page
    assert "staff 第 4 件" not in page
    assert BELL.format(2) in text_of(own.get("/"))
    assert "staff 第 4 件" in text_of(own.get("/reminders/?over=1"))
    assert over


def test_what_is_read_leaves_the_bell_and_stays_in_the_list(any_site):
    first = remind(any_site, "staff", "1")
    remind(any_site, "staff", "2")
    own = any_site.browser("staff")
    own.post("/reminders/read", {"reminder": str(first)})
    page = text_of(own.get("/reminders/"))
    assert BELL.format(1) in page
    assert "staff 第 1 件" in page
    own.post("/reminders/read", {})
    assert "条未读" not in text_of(own.get("/reminders/"))


@pytest.mark.parametrize("given", ["x", "-1", "999999", "1" * 30])
def test_only_ones_own_is_read(site, given: str):
    foreign = remind(site, "assessor", "1")
    own = site.browser("staff")
    remind(site, "staff", "2")
    for number in (given, str(foreign)):
        assert own.post("/reminders/read", {"reminder": number}).status_code == 302
    with site.app.app_context():
        assert not db.session.scalars(select(Reminder.read_at)).first()
        assert [each.read_at for each in db.session.scalars(select(Reminder))] == [None, None]


def address_of(site: Site) -> tuple[str, bool] | None:
    with site.app.app_context():
        found = db.session.scalars(select(ReminderAddress)).one_or_none()
        return (found.email, found.by_webhook) if found else None


def test_one_says_where_reminders_go(any_site):
    own = any_site.browser("staff")
    assert "还没有接通邮件和消息接口" in text_of(own.get("/reminders/address"))
    own.post("/reminders/address", {"email": " zhang.san@example.com ", "by_webhook": "y"})
    assert address_of(any_site) == ("zhang.san@example.com", True)
    assert "zhang.san@example.com" in own.get("/reminders/address").text
    own.post("/reminders/address", {"email": ""})
    assert address_of(any_site) == ("", False)


@pytest.mark.parametrize(
    "email",
    [
        "zhang",
        "@example.com",
        "a@b",
        "张三@example.com",
        "a@example.com,b@example.com",
        "a@example.com\nBcc: b@example.com",
        f"{'a' * 300}@example.com",
        "a b@example.com",
    ],
)
def test_an_address_that_is_none_is_refused_beside_its_field(site, email: str):
    answer = site.browser("staff").post("/reminders/address", {"email": email})
    assert answer.status_code == 422
    assert address_of(site) is None
    said = ("邮箱应如 name@example.com", "200 字", "应在一行之内")
    assert any(words in text_of(answer) for words in said)


def test_the_administrator_sees_what_could_not_be_sent(any_site):
    with any_site.app.app_context():
        to = db.session.get_one(User, any_site.world["staff"])
        reminder = papers.reminder(to)
        papers.reminder_delivery(
            reminder, state=DeliveryState.FAILED, tries=6, reason="邮件服务器答复 550：no such user"
        )
        db.session.commit()
    home = any_site.browser("administrator").get("/")
    assert "有 1 条提醒没有送达" in text_of(home)
    assert 'href="/reminders/outbox' in home.text
    page = text_of(any_site.browser("administrator").get("/reminders/outbox"))
    assert "邮件服务器答复 550：no such user" in page
    assert "未接通" in page
    assert any_site.browser("staff").get("/reminders/outbox").status_code == 403


def test_a_link_leads_to_the_page_below_the_sites_own_address(site):
    remind(site, "staff", "1", path="/submissions/")
    own: Browser = site.browser("staff")
    page = own.get("/reminders/", environ_overrides={"SCRIPT_NAME": "/tracker"})
    assert 'href="/tracker/submissions/"' in page.text
