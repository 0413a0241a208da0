"""Whether stored files are still what was handed in, compared by their sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, insert, select

from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.records.evidence import contents
from tracker.records.evidence.models import EvidenceCheck, EvidenceFile, EvidenceLink, FileState
from tracker.records.evidence.service import folder

_AT_ONCE = 500  # rows written under the lock


@dataclass(frozen=True)
class Checked:
    """What a look at one file found; `size` and `modified_ns` are the disk's, None without it."""

    file_id: int
    sha256: str
    state: FileState
    size: int | None = None
    modified_ns: int | None = None


def look(*, everything: bool = False, progress: Callable[[], None] = lambda: None) -> list[Checked]:
    """Compare files with their sha256, remember what was found, and give back what is not sound.

    A file that was sound and whose size and time of change are the same is not read again. With
    `everything` each file is read, also of proofs that were withdrawn; otherwise the standing ones.
    Reading is done outside any unit of work. `progress` is called for each file.
    """
    units.afresh()
    files, known = _files(everything), _known()
    units.afresh()
    found, unsound = [], []
    for file_id, sha256 in files:
        checked = _look_at(file_id, sha256, None if everything else known.get(file_id))
        if checked is not None:
            found.append(checked)
            if checked.state is not FileState.SOUND:
                unsound.append(checked)
        progress()
    _remember(found)
    return unsound


def count(*, everything: bool = False) -> int:
    """How many files `look` would look at."""
    return len(_files(everything))


def _files(everything: bool) -> list[tuple[int, str]]:
    statement = select(EvidenceFile.id, EvidenceFile.sha256).order_by(EvidenceFile.id)
    if not everything:
        standing = select(EvidenceLink.file_id).where(EvidenceLink.withdrawn_at.is_(None))
        statement = statement.where(EvidenceFile.id.in_(standing))
    return [(number, name) for number, name in db.session.execute(statement)]


def _known() -> dict[int, tuple[int | None, int | None]]:
    """What the disk said of the files that were sound."""
    statement = select(EvidenceCheck.file_id, EvidenceCheck.size, EvidenceCheck.modified_ns).where(
        EvidenceCheck.state == FileState.SOUND
    )
    return {file_id: (size, modified) for file_id, size, modified in db.session.execute(statement)}


def _look_at(
    file_id: int, sha256: str, known: tuple[int | None, int | None] | None
) -> Checked | None:
    """None where the disk says the same as when the file was sound."""
    path = contents.path_of(folder(), sha256)
    try:
        status = path.stat()
        # The time of the last change of any kind: unlike that of the content, nobody sets it back.
        on_disk = (status.st_size, status.st_ctime_ns)
        if on_disk == known:
            return None
        state = FileState.SOUND if _digest(path) == sha256 else FileState.ALTERED
    except FileNotFoundError:
        return Checked(file_id, sha256, FileState.MISSING)
    except OSError:
        return Checked(file_id, sha256, FileState.UNREADABLE)
    return Checked(file_id, sha256, state, *on_disk)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remember(found: Iterable[Checked]) -> None:
    waiting = iter(found)
    while some := list(islice(waiting, _AT_ONCE)):
        moment = now()
        with units.writing():
            db.session.execute(
                delete(EvidenceCheck).where(EvidenceCheck.file_id.in_([c.file_id for c in some]))
            )
            db.session.execute(
                insert(EvidenceCheck),
                [
                    {
                        "file_id": checked.file_id,
                        "checked_at": moment,
                        "state": checked.state,
                        "size": checked.size,
                        "modified_ns": checked.modified_ns,
                    }
                    for checked in some
                ],
            )
