"""What a paper's file says about itself, for checking one that somebody sends in."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pikepdf

from tracker.papers.head import LAYOUT, PaperHead, PaperKind

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PREFIX = "Shanhai"


class NotAPaperError(ValueError):
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
    """The identity inside a paper's file.

    It says which paper the file claims to be, not that the file is unchanged: compare the bytes,
    or print it again from the stored snapshot. Raises NotAPaperError.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as file:
            entries = {str(key)[1:]: str(value) for key, value in file.docinfo.items()}
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError) as error:
        raise NotAPaperError("该文件不是可读取的 PDF 文件，请提供原件。") from error
    try:
        identity = PaperIdentity(
            kind=PaperKind(entries[f"{_PREFIX}Paper"]),
            snapshot_sha256=entries[f"{_PREFIX}Snapshot"],
            sheet=entries[f"{_PREFIX}Sheet"],
            subject_code=entries[f"{_PREFIX}Subject"],
            year=int(entries[f"{_PREFIX}Year"]),
            status=entries[f"{_PREFIX}Status"],
            number=entries[f"{_PREFIX}Number"],
            layout=entries[f"{_PREFIX}Layout"],
            engine=entries[f"{_PREFIX}Engine"],
        )
    except (KeyError, ValueError) as error:
        raise NotAPaperError("该文件不是本系统生成的文件，请提供原件。") from error
    if not _SHA256.fullmatch(identity.snapshot_sha256):
        raise NotAPaperError("该文件中的摘要已损坏，请提供原件。")
    return identity
