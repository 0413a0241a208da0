"""The ways on which a reminder leaves the site: one class each, made from the settings.

A channel sends one message, which may hold several reminders, to one person; it knows no database.
Whatever goes wrong is a ChannelError, whose words are for the one who looks after the system.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tracker.core.config import Settings
from tracker.records.reminders.models import Channel

PATIENCE = 20  # seconds that a server on the other side may take
_SIGNATURE = "山海协作考核"


class ChannelError(Exception):
    """A message that was not taken; `lasting` where sending it again is of no use."""

    def __init__(self, words: str, *, lasting: bool = False) -> None:
        super().__init__(words)
        self.lasting = lasting


@dataclass(frozen=True)
class Line:
    """One reminder: its title, its words, the address of its page ("" where none is known), and
    its last day as YYYY-MM-DD."""

    title: str
    words: str
    address: str
    due_on: str


@dataclass(frozen=True)
class Message:
    """What one person is told at once. `key` is the same when it is sent again, so that who gets
    it twice can tell."""

    key: str
    username: str
    display_name: str
    email: str
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        """The title of the only reminder, or of the first and how many there are."""
        first = self.lines[0].title
        return first if len(self.lines) == 1 else f"{first}等 {len(self.lines)} 项"

    @property
    def text(self) -> str:
        """All of it as plain text."""
        parts = [f"{self.display_name}："]
        for number, line in enumerate(self.lines, 1):
            parts.append(f"{number}. {line.title}\n   {line.words}")
            if line.address:
                parts.append(f"   {line.address}")
        parts.append(f"{_SIGNATURE}平台自动提醒；已办理的请忽略。提醒方式在平台的“提醒”页设置。")
        return "\n".join(parts)


class Sender(Protocol):
    """What a channel does."""

    def send(self, message: Message) -> None:
        """Raises ChannelError where the other side did not take it."""
        ...


class Mail:
    """By SMTP: `smtp://host:port`, with STARTTLS where the server offers it, or `smtps://`; a name
    and a password only over an encrypted way."""

    def __init__(self, address: str, sender: str) -> None:
        parts = urlsplit(address)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["Subject"] = f"【{_SIGNATURE}】{message.title}".replace("\n", " ").replace("\r", " ")
        mail["From"] = self._sender
        mail["To"] = message.email
        mail["Date"] = formatdate(localtime=False)
        mail["Message-ID"] = f"<{message.key}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            with self._opened() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            # 4xx: not now, as a server says to whom it does not know yet.
            lasting = all(code >= 500 for code, _ in error.recipients.values())
            raise ChannelError(
                f"邮件服务器不接受收件地址：{_said(error)}", lasting=lasting
            ) from None
        except smtplib.SMTPResponseException as error:
            words = f"邮件服务器答复 {error.smtp_code}：{_said(error)}"
            raise ChannelError(words, lasting=500 <= error.smtp_code < 600) from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"邮件服务器连不上或中断：{error}") from None

    def _opened(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=PATIENCE)
        try:
            server.ehlo()
            if not self._secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif self._user and not self._secure:
                raise ChannelError("邮件服务器不支持加密，未发送用户名和密码", lasting=True)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


class Webhook:
    """A POST of JSON, signed where there is a key: for 浙政钉 or any other way behind it."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key

    def send(self, message: Message) -> None:
        body = json.dumps(
            {
                "id": message.key,
                "user": message.username,
                "name": message.display_name,
                "title": message.title,
                "text": message.text,
                "reminders": [vars(line) for line in message.lines],
            },
            ensure_ascii=False,
        ).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.key,
            "User-Agent": "shanhai-tracker",
        }
        if self._key:
            made = hmac.new(self._key.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Tracker-Signature"] = f"sha256={made}"
        request = Request(self._address, body, headers, method="POST")  # noqa: S310 - http(s) by the settings
        try:
            with _opener.open(request, timeout=PATIENCE) as answer:
                answer.read(1024)
        except HTTPError as error:
            error.close()  # it is the answer itself
            lasting = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            raise ChannelError(f"消息接口答复 {error.code}", lasting=lasting) from None
        except (HTTPException, OSError, ValueError) as error:
            raise ChannelError(f"消息接口连不上或中断：{error}") from None


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """A POST that is sent elsewhere would lose its body, or tell it to somebody else."""


_opener = build_opener(_NoRedirect)


def _said(error: smtplib.SMTPException) -> str:
    """What the server said, without its ways of writing it."""
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return "；".join(
        f"{code} {words.decode('utf-8', 'replace')}"
        for code, words in getattr(error, "recipients", {}).values()
    )


def senders(settings: Settings) -> dict[Channel, Sender]:
    """The channels that the settings name."""
    found: dict[Channel, Sender] = {}
    if settings.smtp:
        found[Channel.MAIL] = Mail(settings.smtp, settings.mail_from)
    if settings.webhook:
        found[Channel.WEBHOOK] = Webhook(settings.webhook, settings.webhook_key)
    return found
