"""Hand in a file as proof of a fact; withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.accounts.models import User
from tracker.records.evidence import contents
from tracker.records.evidence.models import PROVABLE, EvidenceFile, EvidenceLink
from tracker.records.evidence.queries import fact_table


def folder() -> Path:
    """Where files are kept, in the instance folder."""
    return current_app.config["TRACKER"].instance / "evidence"


def fact_column(fact: Any) -> str:
    """The column of `EvidenceLink` that points to `fact`. Raises TypeError for what is no fact."""
    table = fact.__table__.name
    for name in PROVABLE:
        if fact_table(name) == table:
            return f"{name}_id"
    raise TypeError(f"{table} holds no facts that a file could prove")


@dataclass(frozen=True)
class KeptFile:
    """A file that is on the disk: the sha256 of its content, its size in bytes, what it is."""

    sha256: str
    size: int
    media_type: str


def keep(content: bytes) -> KeptFile:
    """Put `content` on the disk as `contents.received` gives it; the same content once, however
    many facts it proves. It proves none yet. Raises RefusedFileError, OSError."""
    return keep_received(contents.received(content))


def keep_received(file: contents.Received) -> KeptFile:
    """The same for what was looked at already. Raises OSError."""
    sha256 = contents.keep(folder(), file.content)
    return KeptFile(sha256, len(file.content), file.media_type)


def hand_in(fact: Any, kept: KeptFile, name: str, kind: str, actor: User | None) -> EvidenceLink:
    """Link a file that is on the disk to `fact` under `name`; the caller commits."""
    file = db.session.scalars(select(EvidenceFile).filter_by(sha256=kept.sha256)).one_or_none()
    if file is None:
        file = EvidenceFile(sha256=kept.sha256, size=kept.size, media_type=kept.media_type)
        db.session.add(file)
    return prove(fact, file, name, kind, actor)


def prove(fact: Any, file: EvidenceFile, name: str, kind: str, actor: User | None) -> EvidenceLink:
    """Link a file that is kept already to one more fact."""
    link = EvidenceLink(
        file=file,
        kind=kind,
        name=name,
        linked_by_id=actor.id if actor else None,
        **{fact_column(fact): fact.id},
    )
    db.session.add(link)
    db.session.flush()
    return link


def withdraw(link: EvidenceLink, actor: User | None) -> None:
    """Take back a link that was wrong; the file and the trace of the link stay."""
    if link.withdrawn_at is None:
        link.withdrawn_at = now()
        link.withdrawn_by_id = actor.id if actor else None
        db.session.flush()


def proofs_of(fact: Any) -> list[EvidenceLink]:
    """The standing links of `fact`, in the order in which they were handed in."""
    column = getattr(EvidenceLink, fact_column(fact))
    statement = select(EvidenceLink).where(column == fact.id, EvidenceLink.withdrawn_at.is_(None))
    return list(db.session.scalars(statement.order_by(EvidenceLink.id)))
