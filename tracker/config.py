"""Settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULEBOOKS = ROOT / "data" / "rulebooks"


@dataclass(frozen=True)
class Settings:
    """Where the program keeps its data and how it is served.

    `database_url`: SQLAlchemy URL. `instance`: folder for the database file, keys and reports.
    `secure_cookies`: send cookies over HTTPS only. `demo`: show the demo accounts when signing in.
    `proxies`: how many reverse proxies stand in front, each of which adds the address it saw.
    `public_address`: where holders of papers reach the page that verifies them, "" if nowhere.
    """

    database_url: str
    instance: Path
    secret_key: str
    secure_cookies: bool
    demo: bool
    proxies: int = 0
    public_address: str = ""

    @classmethod
    def from_environment(cls) -> Settings:
        """Read `DATABASE_URL`, `TRACKER_INSTANCE`, `SECRET_KEY`, `TRACKER_INSECURE_COOKIES`,
        `TRACKER_DEMO`, `TRACKER_PROXIES` and `TRACKER_PUBLIC_ADDRESS`.

        Without `SECRET_KEY` a random one is made once and kept in the instance folder, readable by
        its owner alone.
        """
        instance = Path(os.environ.get("TRACKER_INSTANCE") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        return cls(
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'tracker.db'}",
            instance=instance,
            secret_key=os.environ.get("SECRET_KEY") or _kept_secret(instance / "secret_key"),
            secure_cookies=os.environ.get("TRACKER_INSECURE_COOKIES", "") != "1",
            demo=os.environ.get("TRACKER_DEMO", "") == "1",
            proxies=int(os.environ.get("TRACKER_PROXIES") or 0),
            public_address=os.environ.get("TRACKER_PUBLIC_ADDRESS", "").rstrip("/"),
        )


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
