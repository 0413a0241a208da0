"""Reminders leave the site: to a real SMTP server and a real web server, in one message a person,
again after a fault and after a process was killed, in working hours alone."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_papers as papers
from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.reminders import sending
from tracker.records.reminders.channels import ChannelError, Line, Mail, Message, Webhook
from tracker.records.reminders.models import Channel, DeliveryState, Reminder, ReminderDelivery

SITE = "https://tracker.example"


class Inbox:
    """What a mail server got; `answer` is what it says to a message, `slow` how long it thinks."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.refused: str | None = None
        self.refusal = "550 no such mailbox"
        self.slow = 0.0

    async def handle_RCPT(
        self, _server, _session: Session, envelope: Envelope, address: str, _options
    ) -> str:
        if address == self.refused:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    got = Inbox()
    loop = asyncio.new_event_loop()
    listening = loop.create_server(lambda: SMTP(got, loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(listening)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield got, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.run_until_complete(_end(asyncio.all_tasks(loop)))
    loop.close()


async def _end(tasks: set[asyncio.Task]) -> None:
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Hook:
    """What a web server got: path, headers and body; `status` is its answer."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.location = ""


@pytest.fixture
def hook() -> Iterator[tuple[Hook, str]]:
    seen = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.got.append((self.path, dict(self.headers), body))
            self.send_response(seen.status)
            if seen.location:
                self.send_header("Location", seen.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield seen, f"http://127.0.0.1:{server.server_address[1]}/hook"
    server.shutdown()
    server.server_close()


def mail(address: str) -> dict[Channel, Mail | Webhook]:
    return {Channel.MAIL: Mail(address, "noreply@tracker.example")}


def clerk(name: str = "clerk") -> User:
    county = make.zhejiang()["缙云县"]
    user = make.user(Role.STAFF, county, username=name, display_name="示例甲")
    papers.reminder_address(user, email=f"{name}@example.com")
    return user


def remind(user: User, subject: str = "1", channel: Channel = Channel.MAIL) -> int:
    reminder = papers.reminder(user, subject=subject, title=f"第 {subject} 件待报送")
    return papers.reminder_delivery(reminder, channel=channel).id


def states() -> dict[int, tuple[DeliveryState, int, str]]:
    db.session.rollback()
    return {
        each.id: (each.state, each.tries, each.reason)
        for each in db.session.scalars(select(ReminderDelivery))
    }


def send(ways, address: str = SITE) -> sending.Sent:
    db.session.commit()
    with units.mode(writes=False):
        return sending.send_waiting(ways, address)


def test_a_person_gets_one_mail_with_all_that_waits(app: Flask, inbox) -> None:
    got, address = inbox
    user = clerk()
    ids = [remind(user, subject) for subject in ("1", "2", "3")]
    assert send(mail(address)) == sending.Sent(1, 0)
    (one,) = got.mails
    assert one["To"] == "clerk@example.com"
    assert one["From"] == "noreply@tracker.example"
    assert one["Subject"] == "【山海协作考核】第 1 件待报送等 3 项"
    text = one.get_content()
    assert text.startswith("示例甲：")
    assert "3. 第 3 件待报送" in text
    assert f"{SITE}/submissions/1" in text
    assert {state for state, _, _ in states().values()} == {DeliveryState.SENT}
    assert send(mail(address)) == sending.Sent(0, 0)
    assert len(got.mails) == 1
    assert len(ids) == 3


def test_without_the_address_of_the_site_a_mail_names_no_page(sqlite_app: Flask, inbox) -> None:
    got, address = inbox
    remind(clerk())
    send(mail(address), "")
    assert "/submissions" not in got.mails[0].get_content()


def test_what_was_not_taken_is_tried_again_ever_later_and_then_given_up(app: Flask, inbox) -> None:
    got, address = inbox
    number = remind(clerk())
    db.session.commit()
    got.answer = "451 later"
    begun = now()
    with time_machine.travel(begun, tick=False) as clock:
        for tries, wait in enumerate(sending.AGAIN, 1):
            assert send(mail(address)) == sending.Sent(0, 1)
            assert send(mail(address)) == sending.Sent(0, 0)
            state, tried, reason = states()[number]
            assert (state, tried) == (DeliveryState.WAITING, tries)
            assert reason == "邮件服务器答复 451：later"
            clock.shift(wait)
        assert send(mail(address)) == sending.Sent(0, 1)
        assert states()[number][0] is DeliveryState.FAILED


def test_what_is_taken_at_the_second_try_has_no_reason_left(app: Flask, inbox) -> None:
    got, address = inbox
    number = remind(clerk())
    db.session.commit()
    got.answer = "451 later"
    with time_machine.travel(now(), tick=False) as clock:
        send(mail(address))
        got.answer = "250 OK"
        clock.shift(sending.AGAIN[0])
        assert send(mail(address)) == sending.Sent(1, 0)
    assert states()[number] == (DeliveryState.SENT, 2, "")


def test_an_address_that_does_not_exist_stops_no_other(app: Flask, inbox) -> None:
    got, address = inbox
    lost = clerk("lost")
    found = make.user(Role.STAFF, lost.region, username="found")
    papers.reminder_address(found, email="found@example.com")
    got.refused = "lost@example.com"
    first, second = remind(lost), remind(found)
    assert send(mail(address)) == sending.Sent(1, 1)
    told = states()
    assert told[first][0] is DeliveryState.FAILED
    assert "550 no such mailbox" in told[first][2]
    assert told[second][0] is DeliveryState.SENT


def test_an_address_that_is_refused_for_now_is_tried_again(sqlite_app: Flask, inbox) -> None:
    """As by a server that does not know yet who sends."""
    got, address = inbox
    number = remind(clerk())
    db.session.commit()
    got.refused, got.refusal = "clerk@example.com", "451 greylisted"
    with time_machine.travel(now(), tick=False) as clock:
        assert send(mail(address)) == sending.Sent(0, 1)
        state, tries, reason = states()[number]
        assert (state, tries) == (DeliveryState.WAITING, 1)
        assert "451 greylisted" in reason
        got.refused = None
        clock.shift(sending.AGAIN[0])
        assert send(mail(address)) == sending.Sent(1, 0)
    assert states()[number] == (DeliveryState.SENT, 2, "")


def test_a_sender_may_have_a_name(sqlite_app: Flask, inbox) -> None:
    got, address = inbox
    remind(clerk())
    send({Channel.MAIL: Mail(address, "山海协作考核 <noreply@tracker.example>")})
    (one,) = got.mails
    assert one["From"] == "山海协作考核 <noreply@tracker.example>"
    assert one["Message-ID"].endswith("@tracker.example>")


def test_what_is_over_is_not_sent(app: Flask, inbox) -> None:
    got, address = inbox
    number = remind(clerk())
    db.session.scalars(select(Reminder)).one().over_at = now()
    assert send(mail(address)) == sending.Sent(0, 0)
    assert got.mails == []
    assert states()[number][0] is DeliveryState.DROPPED


def test_a_server_that_cannot_be_reached_loses_nothing(app: Flask) -> None:
    number = remind(clerk())
    assert send(mail("smtp://127.0.0.1:1")) == sending.Sent(0, 1)
    state, _, reason = states()[number]
    assert state is DeliveryState.WAITING
    assert "连不上" in reason


def test_what_a_killed_process_was_sending_is_sent_by_another(app: Flask, inbox) -> None:
    got, address = inbox
    number = remind(clerk())
    db.session.commit()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if not pid:

        class Hangs:
            def send(self, message: Message) -> None:
                os.kill(os.getpid(), signal.SIGKILL)

        with units.mode(writes=False):
            sending.send_waiting({Channel.MAIL: Hangs()}, "")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL, url
    assert send(mail(address)) == sending.Sent(0, 0)  # its lease stands
    with time_machine.travel(now() + sending.LEASE + timedelta(seconds=1), tick=False):
        assert send(mail(address)) == sending.Sent(1, 0)
    assert states()[number][0] is DeliveryState.SENT
    assert len(got.mails) == 1


def test_a_webhook_gets_json_that_is_signed(app: Flask, hook) -> None:
    seen, address = hook
    remind(clerk(), channel=Channel.WEBHOOK)
    assert send({Channel.WEBHOOK: Webhook(address, "key")}) == sending.Sent(1, 0)
    ((path, headers, body),) = seen.got
    assert path == "/hook"
    made = hmac.new(b"key", body, hashlib.sha256).hexdigest()
    assert headers["X-Tracker-Signature"] == f"sha256={made}"
    told = json.loads(body)
    assert (told["user"], told["name"]) == ("clerk", "示例甲")
    assert told["title"] == "第 1 件待报送"
    assert told["id"] == headers["Idempotency-Key"]
    assert told["reminders"] == [
        {
            "title": "第 1 件待报送",
            "words": "期限为 2024-04-10，今天到期。",
            "address": f"{SITE}/submissions/1",
            "due_on": "",
        }
    ]


MESSAGE = Message("key", "clerk", "示例甲", "a@b.cn", [Line("标题", "说明", "", "")])


@pytest.mark.parametrize(
    ("status", "lasting"), [(400, True), (404, True), (429, False), (500, False), (503, False)]
)
def test_what_a_webhook_refuses_for_good_is_not_sent_again(
    hook, status: int, lasting: bool
) -> None:
    seen, address = hook
    seen.status = status
    with pytest.raises(ChannelError, match=str(status)) as raised:
        Webhook(address, "").send(MESSAGE)
    assert raised.value.lasting is lasting
    assert "X-Tracker-Signature" not in seen.got[0][1]


def test_a_webhook_is_not_followed_elsewhere(hook) -> None:
    seen, address = hook
    seen.status, seen.location = 302, address.replace("/hook", "/elsewhere")
    with pytest.raises(ChannelError):
        Webhook(address, "").send(MESSAGE)
    assert [path for path, _, _ in seen.got] == ["/hook"]


def test_a_password_is_told_to_nobody_unencrypted(inbox) -> None:
    got, address = inbox
    with pytest.raises(ChannelError, match="不支持加密"):
        Mail(address.replace("//", "//user:secret@"), "noreply@tracker.example").send(MESSAGE)
    assert got.mails == []


@pytest.mark.parametrize(
    ("moment", "called"),
    [
        ("2024-04-08T00:00", True),  # Monday 8:00 in China
        ("2024-04-07T23:59", False),
        ("2024-04-08T11:59", True),
        ("2024-04-08T12:00", False),
        ("2024-04-04T02:00", False),  # 清明
        ("2024-04-07T02:00", True),  # a Sunday on which one works
        ("2024-04-13T02:00", False),  # Saturday
    ],
)
def test_people_are_called_within_working_hours(
    sqlite_app: Flask, moment: str, called: bool
) -> None:
    assert sending.is_time(datetime.fromisoformat(moment).replace(tzinfo=UTC)) is called
