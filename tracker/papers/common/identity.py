"""What a paper's file says about itself, for checking one that somebody sends in."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf

from tracker.core.strangers.bounds import Reason, UnreadableError
from tracker.core.told import ToldError
from tracker.papers.common.head import LAYOUT, PaperHead, PaperKind

VOLUME_KEY = "ShanhaiVolume"
LONGEST = 200  # characters of an entry
_SHA256 = re.compile(r"[0-9a-f]{64}")
_YEAR = re.compile(r"[0-9]{4}")
_PREFIX = "Shanhai"
_NAMES = (
    *("Paper", "Snapshot", "Sheet", "Subject", "Year", "Status", "Number", "Layout", "Engine"),
    VOLUME_KEY.removeprefix(_PREFIX),
)


class NotAPaperError(ToldError, ValueError):
    """A file that is no paper of this product; the message is for the user."""


@dataclass(frozen=True, slots=True)
class PaperIdentity:
    """The keys of a paper: kind, snapshot (sha256, hex), sheet (rulebook code, "" for none),
    subject, year. `number` is "" for a paper that has none; `layout` and `engine` are the versions
    that printed and scored it.
    """

    kind: PaperKind
    snapshot_sha256: str
    sheet: str
    subject_code: str
    year: int
    status: str
    number: str
    layout: str
    engine: str


def identity_entries(head: PaperHead) -> dict[str, str]:
    """The entries that `read_identity` reads, for the document information."""
    return {
        f"{_PREFIX}Paper": head.kind.value,
        f"{_PREFIX}Snapshot": head.snapshot_sha256,
        f"{_PREFIX}Sheet": head.sheet,
        f"{_PREFIX}Subject": head.subject_code,
        f"{_PREFIX}Year": str(head.year),
        f"{_PREFIX}Status": head.status.value,
        f"{_PREFIX}Number": head.number or "",
        f"{_PREFIX}Layout": LAYOUT,
        f"{_PREFIX}Engine": head.engine,
    }


def read_identity(pdf: bytes) -> PaperIdentity:
    """The identity inside a file of our own making; a stranger's is for `read_entries`, apart.

    It says which paper the file claims to be, not that the file is unchanged: compare the bytes,
    or print it again from the stored snapshot. Raises NotAPaperError.
    """
    try:
        entries = read_entries(pdf)
    except (UnreadableError, pikepdf.PikepdfError, ValueError, TypeError, AttributeError) as error:
        raise NotAPaperError("该文件不是可读取的 PDF 文件，请提供原件。") from error
    return identity_of(entries)


def read_entries(pdf: bytes) -> dict[str, str]:
    """What the document information says in the names that are this product's, for `identity_of`;
    nothing where a file has none. For `strangers.read_apart`: a hostile file may make it raise
    anything. Raises UnreadableError for a file that asks for a password."""
    try:
        file = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError:
        raise UnreadableError(Reason.ENCRYPTED) from None
    found = {}
    with file:
        for name in (f"{_PREFIX}{name}" for name in _NAMES):
            value = file.docinfo.get(f"/{name}")
            if isinstance(value, pikepdf.String):
                found[name] = str(value)[: LONGEST + 1]
    return found


def identity_of(entries: Mapping[str, str]) -> PaperIdentity:
    """The identity that `entries` (see `read_entries`) state. Raises NotAPaperError."""
    if VOLUME_KEY in entries and f"{_PREFIX}Paper" not in entries:
        raise NotAPaperError("这是合订本，不单独编号。请核验其中各份文书的原件。")
    try:
        identity = PaperIdentity(
            kind=PaperKind(entries[f"{_PREFIX}Paper"]),
            snapshot_sha256=entries[f"{_PREFIX}Snapshot"],
            sheet=entries[f"{_PREFIX}Sheet"],
            subject_code=entries[f"{_PREFIX}Subject"],
            year=int(entries[f"{_PREFIX}Year"][:4]),
            status=entries[f"{_PREFIX}Status"],
            number=entries[f"{_PREFIX}Number"],
            layout=entries[f"{_PREFIX}Layout"],
            engine=entries[f"{_PREFIX}Engine"],
        )
    except (KeyError, ValueError) as error:
        raise NotAPaperError(
            "该文件没有本系统文书的标识，不是签发的文书，请提供文书原件。"
        ) from error
    # They are looked up, printed and shown: nothing that a database or a screen could stumble over.
    sound = all(len(value) <= LONGEST and value.isprintable() for value in entries.values())
    if not sound or not _YEAR.fullmatch(entries[f"{_PREFIX}Year"]):
        raise NotAPaperError("该文件中的标识已损坏，请提供原件。")
    if not _SHA256.fullmatch(identity.snapshot_sha256):
        raise NotAPaperError("该文件中的摘要已损坏，请提供原件。")
    return identity
