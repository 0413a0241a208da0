"""Small pictures of the photographs that prove something: made once of each content, kept beside
the files under the same name, and made anew where somebody took them away. They prove nothing."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.strangers.bounds import Bounds, UnreadableError
from tracker.core.strangers.process import read_apart
from tracker.records.evidence import contents, service
from tracker.records.evidence.models import EvidenceFile, EvidenceLink

PICTURES = ("image/jpeg", "image/png")
_BOUNDS = Bounds(processor=6, clock=20, memory=512 * 1024 * 1024)


def folder() -> Path:
    """Where they are kept, in the instance folder."""
    return current_app.config["TRACKER"].instance / "evidence-small"


def path_of(sha256: str) -> Path:
    """Where the small picture of the content `sha256` lies; of one that cannot be drawn there is an
    empty file, so that it is not tried again."""
    return contents.path_of(folder(), sha256)


def is_there(file: EvidenceFile) -> bool:
    """Whether there is one to show."""
    try:
        return file.media_type in PICTURES and path_of(file.sha256).stat().st_size > 0
    except OSError:
        return False


def read(file: EvidenceFile) -> bytes | None:
    """The small picture of `file`, a JPEG; None where there is none."""
    try:
        return path_of(file.sha256).read_bytes() or None
    except OSError:
        return None


def lacking(most: int) -> list[str]:
    """The sha256 of at most so many pictures of which nobody has made one, the latest first."""
    found: list[str] = []
    for sha256 in _pictures():
        if not path_of(sha256).exists():
            found.append(sha256)
            if len(found) == most:
                break
    return found


def _pictures() -> Iterator[str]:
    linked = select(EvidenceLink.file_id).where(EvidenceLink.withdrawn_at.is_(None))
    statement = (
        select(EvidenceFile.sha256)
        .where(EvidenceFile.media_type.in_(PICTURES), EvidenceFile.id.in_(linked))
        .order_by(EvidenceFile.id.desc())
    )
    yield from db.session.scalars(statement)


def make(sha256: str) -> bool:
    """Make the small picture of the content `sha256`; whether there is one now. A hostile picture
    costs a process with bounds its end, and is not tried again. Hold no transaction meanwhile."""
    try:
        content = contents.read(service.folder(), sha256)
    except (OSError, contents.DamagedFileError):
        return False  # the check of files tells it; restored, it is drawn
    from tracker.records.evidence.drawing import small

    try:
        drawn = base64.b64decode(read_apart(small, content, bounds=_BOUNDS))
    except UnreadableError:
        drawn = b""
    _keep(path_of(sha256), drawn)
    return bool(drawn)


def _keep(target: Path, drawn: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=target.parent, prefix=".unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(drawn)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
