"""Settings, read once from the environment."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tracker.core.told import ToldError

SHORTEST_IDLE, LONGEST_SESSION = timedelta(minutes=5), timedelta(hours=168)
_QUEUES = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "redis://", "rediss://")
ROOT = Path(__file__).resolve().parents[2]
RULEBOOKS = ROOT / "data" / "rulebooks"
MAP = ROOT / "data" / "map"


class SettingsError(ToldError):
    """A setting that cannot be used; the message is for the operator."""

    status = 500


@dataclass(frozen=True)
class Settings:
    """Where the program keeps its data and how it is served.

    `database_url`: SQLAlchemy URL. `instance`: folder for the database file, keys and reports.
    `secure_cookies`: send cookies over HTTPS only. `demo`: show the demo accounts when signing in.
    `proxies`: how many reverse proxies stand in front, each of which adds the address it saw.
    `public_address`: where holders of papers reach the page that verifies them, "" if nowhere.
    `idle`: how long a session stands in which nothing is done; `absolute`: how long at most.
    `queue`: URL of the queue of long work, "" for the usual one (`tracker.core.jobs.queue`).
    `smtp`: the server that mails are handed to, smtp://[user:password@]host[:port] or smtps://…,
    "" for none; `mail_from`: whom they are from. `webhook`: an http(s) address that messages are
    posted to, "" for none; `webhook_key`: what they are signed with.
    `sign_pkcs12`: the file (PKCS#12) with which issued papers are signed, "" for none;
    `sign_passphrase_file`: the file that holds its passphrase, "" where that is in the environment,
    which is asked only when papers are signed. `map_folder`: the outlines of counties, and where
    they come from.
    """

    database_url: str
    instance: Path
    secret_key: str
    secure_cookies: bool
    demo: bool
    proxies: int = 0
    public_address: str = ""
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    queue: str = ""
    smtp: str = ""
    mail_from: str = ""
    webhook: str = ""
    webhook_key: str = ""
    sign_pkcs12: str = ""
    sign_passphrase_file: str = ""
    map_folder: Path = MAP

    @classmethod
    def from_environment(cls) -> Settings:
        """Read `DATABASE_URL`, `TRACKER_INSTANCE`, `SECRET_KEY`, `TRACKER_INSECURE_COOKIES`,
        `TRACKER_DEMO`, `TRACKER_PROXIES`, `TRACKER_PUBLIC_ADDRESS`, `TRACKER_IDLE_MINUTES`,
        `TRACKER_SESSION_HOURS`, `TRACKER_QUEUE`, `TRACKER_SMTP`, `TRACKER_MAIL_FROM`,
        `TRACKER_WEBHOOK`, `TRACKER_WEBHOOK_KEY`, `TRACKER_SIGN_PKCS12`,
        `TRACKER_SIGN_PASSPHRASE_FILE` and `TRACKER_MAP`. Raises SettingsError.

        Without `SECRET_KEY` a random one is made once and kept in the instance folder, readable by
        its owner alone.
        """
        idle = timedelta(minutes=_number("TRACKER_IDLE_MINUTES", 30))
        absolute = timedelta(hours=_number("TRACKER_SESSION_HOURS", 12))
        if not SHORTEST_IDLE <= idle <= absolute <= LONGEST_SESSION:
            raise SettingsError(
                "TRACKER_IDLE_MINUTES 应为 5 分钟以上，且不长于 TRACKER_SESSION_HOURS；"
                "TRACKER_SESSION_HOURS 最长 168 小时"
            )
        smtp = _address("TRACKER_SMTP", ("smtp", "smtps"))
        mail_from = os.environ.get("TRACKER_MAIL_FROM", "").strip()
        if smtp and not re.fullmatch(rf"{_MAILBOX}|[^@<>\r\n]+<{_MAILBOX}>", mail_from):
            raise SettingsError(
                "设置了 TRACKER_SMTP，就须在 TRACKER_MAIL_FROM 写明发件地址，例如 "
                "noreply@example.cn 或 山海协作考核 <noreply@example.cn>"
            )
        instance = Path(os.environ.get("TRACKER_INSTANCE") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        return cls(
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'tracker.db'}",
            instance=instance,
            secret_key=os.environ.get("SECRET_KEY") or _kept_secret(instance / "secret_key"),
            secure_cookies=os.environ.get("TRACKER_INSECURE_COOKIES", "") != "1",
            demo=os.environ.get("TRACKER_DEMO", "") == "1",
            proxies=_number("TRACKER_PROXIES", 0),
            public_address=os.environ.get("TRACKER_PUBLIC_ADDRESS", "").rstrip("/"),
            idle=idle,
            absolute=absolute,
            queue=_queue(os.environ.get("TRACKER_QUEUE", "").strip()),
            smtp=smtp,
            mail_from=mail_from,
            webhook=_webhook("TRACKER_WEBHOOK"),
            webhook_key=os.environ.get("TRACKER_WEBHOOK_KEY", ""),
            sign_pkcs12=os.environ.get("TRACKER_SIGN_PKCS12", "").strip(),
            sign_passphrase_file=os.environ.get("TRACKER_SIGN_PASSPHRASE_FILE", "").strip(),
            map_folder=Path(os.environ.get("TRACKER_MAP", "").strip() or MAP),
        )


_MAILBOX = r"[^@\s<>]+@[^@\s<>]+"


def _queue(address: str) -> str:
    if address and not address.startswith(_QUEUES):
        raise SettingsError(
            "TRACKER_QUEUE 应为 sqlite:///文件、postgresql://… 或 redis://…，"
            f"而不是“{address.partition(':')[0]}”"
        )
    return address


def _webhook(name: str) -> str:
    """Messages hold names and reasons: they leave this machine encrypted."""
    schemes = ("https", "http") if _is_here(os.environ.get(name, "")) else ("https",)
    return _address(name, schemes)


def _is_here(address: str) -> bool:
    try:
        return urlsplit(address.strip()).hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False


def _address(name: str, schemes: tuple[str, ...]) -> str:
    text = os.environ.get(name, "").strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is none
        sound = False
    if text and not sound:
        named = " 或 ".join(f"{scheme}://主机" for scheme in schemes)
        raise SettingsError(f"{name} 应为 {named}")
    return text


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "").strip() or str(otherwise)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise SettingsError(f"{name} 应为整数，而不是“{text}”")
    return int(text)


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
