"""Events: what was done that changed no record, on one timeline with the audit trail.

An event that is a part of an act (signing in, scoring, beginning an issue) is written in the unit
of that act. One that stands alone, a download, has a unit of its own, before the answer is sent;
where the lock is not free soon it is set aside as a file in the instance folder, and the next unit
of this kind takes it in. So a busy database makes no download fail, and no download goes unnoted:
what can be neither written nor set aside is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import units
from tracker.core.db.audit import ACTOR
from tracker.core.db.base import Base, db
from tracker.core.db.codes import LabelledEnum
from tracker.core.db.records import now
from tracker.core.db.types import Coded, UtcDateTime

PATIENCE = 1.0  # seconds that an event which stands alone waits for the lock
_OF_SESSION: Any = object()


class EventKind(LabelledEnum):
    """What happened."""

    SIGNED_IN = "signed_in", "登录"
    SIGNED_OUT = "signed_out", "退出"
    LOCKED = "locked", "锁定登录"
    UNLOCKED = "unlocked", "解除锁定"
    SCORED = "scored", "计分"
    ISSUED = "issued", "签发"
    DOWNLOADED = "downloaded", "下载"


class Event(Base):
    """One event. Append-only.

    `about`: what it was about, in words. `table_name`, `record_id`: the row, where there is one;
    it may be gone. `set_aside`: the name of the file that held it while the database was busy.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint(f"kind IN ({EventKind.sql_values()})", name="kind"),
        CheckConstraint("(table_name IS NULL) = (record_id IS NULL)", name="record"),
        Index(None, "at"),
        Index(None, "actor_id", "at"),
        Index(None, "kind", "at"),
        Index(None, "table_name", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[EventKind] = mapped_column(Coded(EventKind))
    about: Mapped[str] = mapped_column(Text)
    table_name: Mapped[str | None] = mapped_column(String(60))
    record_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(String(64))
    set_aside: Mapped[str | None] = mapped_column(String(32), unique=True)


def note(
    kind: EventKind,
    about: str,
    *,
    record: tuple[str, int] | None = None,
    address: str | None = None,
    actor_id: int | None = _OF_SESSION,
) -> None:
    """Write an event within the present writing unit; by whom the session acts, unless told."""
    db.session.execute(insert(Event), _row(kind, about, record, address, actor_id))


def note_apart(
    kind: EventKind,
    about: str,
    *,
    record: tuple[str, int] | None = None,
    address: str | None = None,
) -> None:
    """Write an event in a unit of its own, or set it aside while the lock is not free.

    Raises OSError where neither can be done.
    """
    row = _row(kind, about, record, address, _OF_SESSION)
    try:
        with units.writing(PATIENCE, shown=False):
            db.session.execute(insert(Event), row)
    except OperationalError:
        _set_aside(row)
    else:
        take_in()


def take_in() -> None:
    """Write the events that were set aside; they wait on where the lock is not free."""
    files = list(_waiting())
    if not files:
        return
    try:
        with units.writing(PATIENCE, shown=False):
            for file in files:
                _write_once(file)
    except OperationalError:
        return
    for file in files:
        file.unlink(missing_ok=True)


def _row(
    kind: EventKind,
    about: str,
    record: tuple[str, int] | None,
    address: str | None,
    actor_id: int | None,
) -> dict[str, Any]:
    table_name, record_id = record or (None, None)
    return {
        "at": now(),
        "actor_id": db.session.info.get(ACTOR) if actor_id is _OF_SESSION else actor_id,
        "kind": kind,
        "about": about,
        "table_name": table_name,
        "record_id": record_id,
        "address": address[:64] if address else None,
    }


def _folder() -> Path:
    return current_app.config["TRACKER"].instance / "events"


def _waiting() -> Iterator[Path]:
    folder = _folder()
    if folder.is_dir():
        yield from sorted(folder.glob("*.json"))


def _set_aside(row: dict[str, Any]) -> None:
    folder, name = _folder(), uuid4().hex
    folder.mkdir(mode=0o700, exist_ok=True)
    text = json.dumps({**row, "at": row["at"].isoformat()}, ensure_ascii=False)
    half = folder / f"{name}.half"
    with half.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.rename(folder / f"{name}.json")


def _write_once(file: Path) -> None:
    """Write what a file holds, unless another process has done so and is about to remove it."""
    try:
        row = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return
    if db.session.scalar(select(Event.id).where(Event.set_aside == file.stem)) is None:
        row |= {"at": datetime.fromisoformat(row["at"]), "set_aside": file.stem}
        db.session.execute(insert(Event), row)
