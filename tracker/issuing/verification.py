"""Whether a file is a paper of this system: its bytes first, then its points from the snapshot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from tracker.assessments.models import Snapshot
from tracker.assessments.queries import snapshot_by_digest
from tracker.assessments.scored import scored
from tracker.issuing import queries
from tracker.issuing.differences import differences, figures_of
from tracker.issuing.models import IssuedPaper
from tracker.issuing.volume import is_volume
from tracker.papers.head import DRAFT, LAYOUT, PaperKind, PaperStatus, Stamp
from tracker.papers.identity import NotAPaperError, PaperIdentity, read_identity
from tracker.reports.catalogue import PaperRef, paper_pdf, papers_of

_FORGED_DATABASE = "快照的内容与其摘要不符，数据库已被改动。"
_VOLUME = "这是合订本，不单独编号。请核验其中各份文书的原件。"


class Answer(Enum):
    """What verification says of a file; each has an exit code of its own and a word.

    Only a draft shares its code with a genuine paper: it agrees, and its words say what it is not.
    """

    GENUINE = 0, "一致"
    CHANGED = 1, "不一致"
    NOT_OURS = 2, "不是本系统的文书"
    UNKNOWN = 3, "无此编号"
    SUPERSEDED = 4, "已被取代"
    OTHER_VERSION = 5, "版本不同"
    DRAFT = 0, "一致", "试算稿"

    def __init__(self, code: int, label: str, note: str = "") -> None:
        self.code = code
        self.label = label
        self.note = note


@dataclass(frozen=True)
class Verdict:
    """The answer, what the file is as far as that is known, and the grounds. `differences` show
    figures: they are for those who may see the paper, `words` are for anybody who has it."""

    answer: Answer
    words: tuple[str, ...]
    differences: tuple[str, ...] = ()
    paper: IssuedPaper | None = None

    @property
    def agrees(self) -> bool:
        return self.answer.code == 0


def verify(pdf: bytes) -> Verdict:
    """Say whether `pdf` is what was issued, or for a draft what the snapshot gives.

    The digest of the snapshot's own content is checked too, so that a changed database is found.
    """
    paper = queries.by_sha256(hashlib.sha256(pdf).hexdigest())
    if paper is not None:
        return _of_issued(paper, pdf)
    try:
        identity = read_identity(pdf)
    except NotAPaperError as error:
        words = _VOLUME if is_volume(pdf) else str(error)
        return Verdict(Answer.NOT_OURS, (words,))
    if identity.number:
        paper = queries.by_number(identity.number)
        if paper is None:
            return Verdict(Answer.UNKNOWN, (f"没有编号为 {identity.number} 的文书。",))
        return _of_other_bytes(paper, identity, pdf)
    return _of_draft(identity, pdf)


def superseded_words(paper: IssuedPaper) -> str:
    """By what a paper was superseded, and what stands now; "" if it stands itself."""
    later = paper.superseded_by
    if later is None:
        return ""
    newest = queries.newest_of(paper)
    now = f"，现行的是 {newest.number}" if newest is not later else ""
    return f"已被 {later.number} 取代（{later.issued_at:%Y-%m-%d}）{now}。"


def about(paper: IssuedPaper) -> str:
    """Which paper it is, in a line."""
    return f"{paper.number}，{paper.year}年度{paper.kind.label}，{paper.subject_name}"


def _of_issued(paper: IssuedPaper, pdf: bytes) -> Verdict:
    snapshot = paper.issue.snapshot
    if not _is_whole(snapshot):
        return Verdict(Answer.CHANGED, (_FORGED_DATABASE,), paper=paper)
    stamp = Stamp(
        status=PaperStatus.FINAL,
        number=paper.number,
        supersedes=paper.supersedes.number if paper.supersedes else "",
        verify_text=paper.verify_text,
    )
    again = _printed(snapshot, paper.kind, paper.sheet, paper.subject_code, stamp)
    words = [f"与存档原件逐字节相同：{about(paper)}。"]
    if again is None or (again != pdf and figures_of(again) != figures_of(pdf)):
        reason = "存档原件与由快照重新计算的得分不符，数据库或计分程序已被改动。"
        return Verdict(Answer.CHANGED, (reason,), differences(again, pdf) if again else (), paper)
    if again != pdf:
        words.append("由快照重新计算的得分与之相符；原件按签发时的版式和字体生成。")
    if later := superseded_words(paper):
        return Verdict(Answer.SUPERSEDED, (*words, later), paper=paper)
    return Verdict(Answer.GENUINE, tuple(words), paper=paper)


def _of_other_bytes(paper: IssuedPaper, identity: PaperIdentity, pdf: bytes) -> Verdict:
    original = queries.content_of(paper)
    if (identity.layout, identity.engine) != (paper.layout, paper.engine):
        found = _of_other_version(identity, original, pdf, paper)
        if found is not None:
            return found
    words = [f"文件与编号 {paper.number} 的存档原件不一致。"]
    if later := superseded_words(paper):
        words.append(f"该编号{later}")
    return Verdict(Answer.CHANGED, tuple(words), differences(original, pdf), paper)


def _of_draft(identity: PaperIdentity, pdf: bytes) -> Verdict:
    snapshot = snapshot_by_digest(identity.snapshot_sha256)
    if snapshot is None:
        return Verdict(
            Answer.UNKNOWN, (f"没有摘要为 {identity.snapshot_sha256} 的快照，无从核验。",)
        )
    if not _is_whole(snapshot):
        return Verdict(Answer.CHANGED, (_FORGED_DATABASE,))
    again = _printed(snapshot, identity.kind, identity.sheet, identity.subject_code, DRAFT)
    if again is None:
        return Verdict(Answer.UNKNOWN, (f"快照中没有 {identity.subject_code} 的这种文书。",))
    if again == pdf:
        which = f"{identity.year}年度{identity.kind.label}"
        return Verdict(Answer.DRAFT, (f"与快照重新生成的{which}试算稿相同，未编号，未签发。",))
    if (identity.layout, identity.engine) != (LAYOUT, snapshot.engine):
        found = _of_other_version(identity, again, pdf, None)
        if found is not None:
            return found
    return Verdict(Answer.CHANGED, ("文件与由快照重新生成的不一致。",), differences(again, pdf))


def _of_other_version(
    identity: PaperIdentity, expected: bytes, pdf: bytes, paper: IssuedPaper | None
) -> Verdict | None:
    """The answer for a file of another layout or engine that shows the same figures; else None."""
    if figures_of(expected) != figures_of(pdf):
        return None
    return Verdict(
        Answer.OTHER_VERSION,
        (
            f"文件由版式 {identity.layout}、计分引擎 {identity.engine} 生成，与原件的字节不同。",
            "文件中的数字与原件相符，但不能证明其他内容未经改动，请以原件为准。",
        ),
        paper=paper,
    )


def _is_whole(snapshot: Snapshot) -> bool:
    return hashlib.sha256(snapshot.content).hexdigest() == snapshot.sha256


def _printed(
    snapshot: Snapshot, kind: PaperKind, sheet: str, subject_code: str, stamp: Stamp
) -> bytes | None:
    """The paper as it is printed today; None if the snapshot does not give it."""
    points = scored(snapshot.sha256, snapshot.content)
    wanted = (kind, sheet, subject_code)
    ref = next((ref for ref in papers_of(points) if _key(ref) == wanted), None)
    return None if ref is None else paper_pdf(points, ref, stamp)


def _key(ref: PaperRef) -> tuple[PaperKind, str, str]:
    return ref.kind, ref.sheet, ref.subject_code
