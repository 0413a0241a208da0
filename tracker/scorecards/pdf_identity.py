"""What a scorecard file says about itself, for checking one that somebody sends in."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pikepdf

from tracker.scorecards.card import Card

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PREFIX = "Shanhai"


class NotAScorecardError(ValueError):
    """A file that is no scorecard of this product; the message is for the user."""


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """The keys of a scorecard: digests (sha256, hex), sheet (rulebook code), subject, year.

    `number` is "" for a card that has none.
    """

    snapshot_sha256: str
    rulebook_sha256: str
    facts_sha256: str
    sheet: str
    subject_code: str
    year: int
    status: str
    number: str


def identity_entries(card: Card) -> dict[str, str]:
    """The entries that `read_identity` reads, for the document information."""
    return {
        f"{_PREFIX}Snapshot": card.snapshot_sha256,
        f"{_PREFIX}Rulebook": card.rulebook_sha256,
        f"{_PREFIX}Facts": card.facts_sha256,
        f"{_PREFIX}Sheet": card.rulebook_code,
        f"{_PREFIX}Subject": card.subject_code,
        f"{_PREFIX}Year": str(card.year),
        f"{_PREFIX}Status": card.status.value,
        f"{_PREFIX}Number": card.number or "",
    }


def read_identity(pdf: bytes) -> CardIdentity:
    """The identity inside a scorecard's file.

    It says which card the file claims to be, not that the file is unchanged: compare the bytes,
    or the digests with the stored snapshot. Raises NotAScorecardError.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as file:
            entries = {str(key)[1:]: str(value) for key, value in file.docinfo.items()}
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError) as error:
        raise NotAScorecardError("该文件不是可读取的 PDF 文件，请上传评分表原件。") from error
    try:
        identity = CardIdentity(
            snapshot_sha256=entries[f"{_PREFIX}Snapshot"],
            rulebook_sha256=entries[f"{_PREFIX}Rulebook"],
            facts_sha256=entries[f"{_PREFIX}Facts"],
            sheet=entries[f"{_PREFIX}Sheet"],
            subject_code=entries[f"{_PREFIX}Subject"],
            year=int(entries[f"{_PREFIX}Year"]),
            status=entries[f"{_PREFIX}Status"],
            number=entries[f"{_PREFIX}Number"],
        )
    except (KeyError, ValueError) as error:
        raise NotAScorecardError("该文件不是本系统生成的评分表，请上传评分表原件。") from error
    digests = (identity.snapshot_sha256, identity.rulebook_sha256, identity.facts_sha256)
    if not all(map(_SHA256.fullmatch, digests)):
        raise NotAScorecardError("该文件中的摘要已损坏，请上传评分表原件。")
    return identity
