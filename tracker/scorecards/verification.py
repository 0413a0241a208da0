"""Check a scorecard's file against the snapshot that it names."""

from __future__ import annotations

import difflib
import io
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from tracker.assessments.queries import snapshot_by_digest
from tracker.assessments.scored import scored
from tracker.papers.identity import NotAPaperError, read_identity
from tracker.scorecards.build import card_of
from tracker.scorecards.pdf import scorecard_pdf
from tracker.scoring import digest

SHOWN = 12


@dataclass(frozen=True)
class Verdict:
    """Whether a file is what the program makes from the frozen facts, and if not, what differs."""

    agrees: bool
    words: tuple[str, ...]


def verify_card(pdf: bytes) -> Verdict:
    """Recompute the points from the stored snapshot, print them again and compare the bytes.

    The digest of the snapshot's own content is checked first, so that a changed database is
    found too.
    """
    try:
        identity = read_identity(pdf)
    except NotAPaperError as error:
        return Verdict(False, (str(error),))
    snapshot = snapshot_by_digest(identity.snapshot_sha256)
    if snapshot is None:
        return Verdict(False, (f"没有摘要为 {identity.snapshot_sha256} 的快照，无从核验。",))
    points = scored(snapshot.sha256, snapshot.content)
    if digest(points.document) != snapshot.sha256:
        return Verdict(False, ("快照的内容与其摘要不符，数据库已被改动。",))
    try:
        card = card_of(points, identity.sheet, identity.subject_code)
    except KeyError:
        return Verdict(False, (f"快照中没有 {identity.sheet} 的 {identity.subject_code}。",))
    expected = scorecard_pdf(card)
    if expected == pdf:
        return Verdict(True, (f"一致：{card.year}年度 {card.subject_name}，{card.total} 分。",))
    return Verdict(False, ("文件与由快照重新生成的评分表不一致。", *_differences(expected, pdf)))


def _differences(expected: bytes, found: bytes) -> tuple[str, ...]:
    """What reads differently, page by page."""
    words: list[str] = []
    pages = zip(_texts(expected), _texts(found), strict=False)
    for number, (ours, theirs) in enumerate(pages, 1):
        for line in difflib.ndiff(ours, theirs):
            side = {"- ": "快照", "+ ": "文件"}.get(line[:2])
            if side:
                words.append(f"第 {number} 页　{side}：{line[2:]}")
    counts = len(_texts(expected)), len(_texts(found))
    if counts[0] != counts[1]:
        words.append(f"快照应有 {counts[0]} 页，文件有 {counts[1]} 页。")
    if not words:
        words.append("文字相同，文件的其他内容（版式、属性或附加数据）已被改动。")
    hidden = len(words) - SHOWN
    return (*words[:SHOWN], *([f"另有 {hidden} 处不同。"] if hidden > 0 else []))


def _texts(pdf: bytes) -> list[list[str]]:
    try:
        return [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(pdf)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError):
        return []
