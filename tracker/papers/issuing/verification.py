"""Whether a file is a paper of this system: its bytes first, then its points from the snapshot.

Strangers send these files. Digests of the whole and of its beginning are looked up before any
library opens it; what has to be opened is opened in a process of its own
(`tracker.core.strangers`). No transaction is held meanwhile, nor while a paper is printed anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator

from tracker.core.db import units
from tracker.core.strangers import Bounds, Reason, UnreadableError, read_apart
from tracker.papers.catalogue import PaperRef, paper_pdf, papers_of
from tracker.papers.common.additions import Added, may_add, read_added
from tracker.papers.common.differences import Compared, appended, compare, lacking
from tracker.papers.common.head import DRAFT, LAYOUT, PaperKind, PaperStatus, Stamp
from tracker.papers.common.identity import NotAPaperError, PaperIdentity, identity_of, read_entries
from tracker.papers.common.signatures import read_signatures
from tracker.papers.issuing import queries
from tracker.papers.issuing.answers import UNREADABLE, Answer, Verdict
from tracker.papers.issuing.appended import added_words, is_still_the_paper, signature_words
from tracker.papers.issuing.models import IssuedPaper
from tracker.papers.issuing.points import points_on
from tracker.papers.issuing.shown import superseded_words
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import snapshot_by_digest
from tracker.year.assessments.scored import ScoredSnapshot, scored, scored_of
from tracker.year.procedure.sight import courses, ever_public, public_words
from tracker.year.procedure.sights import WITHHOLDING, Sight

LARGEST = 64 * 1024 * 1024  # bytes of a file; the page takes less
_FOR_TWO = Bounds(processor=8, clock=16)  # the longest paper is read within two seconds
_ENDS_TRIED = 16
_END = re.compile(rb"%%EOF(\r?\n)?")
_SAVED_ANEW = "用其他软件打开后另存的，即使看上去一样，也不再是原件；请用下载的原件核验。"
_FORGED_DATABASE = "快照的内容与其摘要不符，数据库已被改动。"
_OTHER_POINTS = "存档原件与由快照重新计算的得分不符，数据库或计分程序已被改动。"
_UNCOMPARED = "未能逐处比较："


Which = tuple[PaperKind, str, str]  # kind, sheet and subject: a paper among those of its snapshot


@units.reading
def verify(pdf: bytes, *, in_detail: bool = True) -> Verdict:
    """Say whether `pdf` is what was issued, or for a draft what the snapshot gives; `in_detail`:
    with its differences, which have to be read out of the file.

    The digest of the snapshot's own content is checked too, so that a changed database is found.
    Reads only, and ends the session's transaction before all that takes long.
    """
    try:
        return _verify(pdf, in_detail)
    except UnreadableError as error:
        return Verdict(UNREADABLE[error.reason], (str(error),))


def _verify(pdf: bytes, in_detail: bool) -> Verdict:
    if len(pdf) > LARGEST:
        raise UnreadableError(Reason.TOO_MUCH)
    paper = queries.by_sha256(hashlib.sha256(pdf).hexdigest())
    if paper is not None:
        return _of_issued(paper, pdf)
    paper = queries.longest_of(_beginnings(pdf))
    if paper is not None:
        return _of_continued(paper, pdf, in_detail)
    if b"%PDF-" not in pdf[:1024]:
        return Verdict(Answer.NOT_OURS, ("该文件不是 PDF 文件，请提供原件。",))
    units.afresh()
    try:
        identity = identity_of(read_apart(read_entries, pdf))
    except NotAPaperError as error:
        return Verdict(Answer.NOT_OURS, (str(error),))
    if identity.number:
        paper = queries.by_number(identity.number)
        if paper is None:
            return Verdict(Answer.UNKNOWN, (f"没有编号为 {identity.number} 的文书。",))
        return _of_other_bytes(paper, identity, pdf, in_detail)
    return _of_draft(identity, pdf, in_detail)


def about(paper: IssuedPaper) -> str:
    """Which paper it is, in a line."""
    return f"{paper.number}，{paper.year}年度{paper.kind.label}，{paper.subject_name}"


def _of_issued(paper: IssuedPaper, pdf: bytes) -> Verdict:
    snapshot, later = paper.issue.snapshot, superseded_words(paper)
    stamp = Stamp(
        status=PaperStatus.FINAL,
        number=paper.number,
        supersedes=paper.supersedes.number if paper.supersedes else "",
        verify_text=paper.verify_text,
    )
    differences: tuple[str, ...] = ()
    words = [f"与存档原件逐字节相同：{about(paper)}。"]
    which = paper.kind, paper.sheet, paper.subject_code
    if not _is_whole(snapshot):
        return Verdict(Answer.CHANGED, (_FORGED_DATABASE,), paper=paper)
    again = _printed(snapshot, *which, stamp)
    if again is None:
        return Verdict(Answer.CHANGED, (_OTHER_POINTS,), paper=paper)
    if again != pdf:
        if (paper.layout, paper.engine) != (LAYOUT, snapshot.engine):
            # Another layout has other figures besides: its points have to be the snapshot's.
            agrees = _shows_points(snapshot, which, pdf)
        else:
            compared = _compared(again, pdf)
            agrees, differences = compared["same_figures"], tuple(compared["differences"])
        if agrees is False:
            return Verdict(Answer.CHANGED, (_OTHER_POINTS,), differences, paper)
        points = "由快照重新计算的得分与之相符；" if agrees else ""
        words.append(f"{points}原件按签发时的版式和字体生成。")
    if later:
        return Verdict(Answer.SUPERSEDED, (*words, later), paper=paper)
    return Verdict(Answer.GENUINE, tuple(words), paper=paper)


def _of_continued(paper: IssuedPaper, pdf: bytes, in_detail: bool) -> Verdict:
    """The answer for an issued paper that something was added to: a signature, notes, a later
    version of its pages (an incremental update), or any bytes."""
    original, number, more = queries.content_of(paper), paper.number, len(pdf) - paper.size
    words = []
    if may_add(pdf[paper.size :]):
        try:
            added = _added(original, pdf)
        except UnreadableError as error:
            if error.reason is Reason.NO_TIME:
                raise
            words = [f"追加的内容无法读取：{error}"]
        else:
            words = added_words(added, queries.is_own_certificate)
            if is_still_the_paper(added):
                return _of_added(paper, original, pdf, words)
    words = [
        _appended_to(f"编号 {number} 的存档原件", more),
        *words,
        "打开时显示的可能已不是原件的内容，请以原件为准。",
        *_superseded_under(paper),
    ]
    differences = _differences(original, pdf) if in_detail else ()
    return Verdict(Answer.CHANGED, tuple(words), differences, paper)


def _of_added(paper: IssuedPaper, original: bytes, pdf: bytes, words: list[str]) -> Verdict:
    """The answer for an issued paper with signatures or notes behind it: that of the original, and
    what was added."""
    kept = queries.signed_as(hashlib.sha256(pdf).hexdigest()) is not None
    own = _of_issued(paper, original)
    if own.answer is Answer.CHANGED:
        return own
    more = len(pdf) - len(original)
    first = "与存档的签名件逐字节相同" if kept else "文件以存档原件开头，原件的字节没有改动"
    answer = Answer.ADDED if own.answer is Answer.GENUINE else Answer.SUPERSEDED_ADDED
    return Verdict(
        answer,
        (
            f"{first}：{about(paper)}。原件之后有追加内容，多出 {more:,} 字节。",
            *words,
            "追加的内容不属于原件，考核结果请以原件为准。",
            *own.words[1:],
        ),
        paper=paper,
    )


def _of_other_bytes(
    paper: IssuedPaper, identity: PaperIdentity, pdf: bytes, in_detail: bool
) -> Verdict:
    original = queries.content_of(paper)
    words = [
        f"文件与编号 {paper.number} 的存档原件不一致。",
        _SAVED_ANEW,
        *_signed_words(pdf),
        *_superseded_under(paper),
    ]
    if (identity.layout, identity.engine) != (paper.layout, paper.engine):
        found = _of_other_version(identity, original, pdf, paper)
        if found is not None:
            return found
    differences = _differences(original, pdf) if in_detail else ()
    return Verdict(Answer.CHANGED, tuple(words), differences, paper)


def _of_draft(identity: PaperIdentity, pdf: bytes, in_detail: bool) -> Verdict:
    snapshot = snapshot_by_digest(identity.snapshot_sha256)
    if snapshot is None:
        return Verdict(
            Answer.UNKNOWN, (f"没有摘要为 {identity.snapshot_sha256} 的快照，无从核验。",)
        )
    if not _is_whole(snapshot):
        return Verdict(Answer.CHANGED, (_FORGED_DATABASE,))
    which = identity.kind, identity.sheet, identity.subject_code
    again = _printed(snapshot, *which, DRAFT)
    if again not in (None, pdf):
        ways = _ways(snapshot, which[0])
        others = (_printed(snapshot, *which, DRAFT, *how) for how in ways)
        again = next((other for other in others if other == pdf), again)
    if again is None:
        return Verdict(Answer.UNKNOWN, (f"快照中没有 {identity.subject_code} 的这种文书。",))
    if again == pdf:
        said = f"{identity.year}年度{identity.kind.label}"
        return Verdict(Answer.DRAFT, (f"与快照重新生成的{said}试算稿相同，未编号，未签发。",))
    if (identity.layout, identity.engine) != (LAYOUT, snapshot.engine):
        found = _of_other_version(identity, again, pdf, None)
        if found is not None:
            return found
        if _shows_points(snapshot, which, pdf):
            return _other_version(identity, "得分与由快照重新计算的相符", None)
    words = ["文件与由快照重新生成的不一致。"]
    if appended(again, pdf):
        words.append(_appended_to("试算稿", len(pdf) - len(again)))
    differences = _differences(again, pdf) if in_detail else ()
    return Verdict(Answer.CHANGED, tuple(words), differences)


def _ways(
    snapshot: Snapshot, kind: PaperKind
) -> Iterator[tuple[frozenset[tuple[str, str]], Sight, str]]:
    """How a draft that is as genuine may have been printed besides: after some cards had been made
    final, and for those who do not see all of the year's points yet, or those of another scoring
    of it alone."""
    year, owner = snapshot.year, snapshot.owner_region_id
    settled = queries.settled(year, owner)
    if settled:
        yield settled, ~Sight.NOTHING, ""
    if kind is PaperKind.SCORECARD and courses([year], owner):
        public = ever_public(year, owner)
        others = [public_words(of) for of in public if of.id != snapshot.id]
        for sight in WITHHOLDING:
            for public in ("", *(() if Sight.RANKS in sight else others)):
                for made_final in dict.fromkeys((frozenset(), settled)):
                    yield made_final, sight, public


def _of_other_version(
    identity: PaperIdentity, expected: bytes, pdf: bytes, paper: IssuedPaper | None
) -> Verdict | None:
    """The answer for a file of another layout or engine that shows the same figures; else None."""
    if not _same_figures(expected, pdf):
        return None
    return _other_version(identity, "数字与原件相符", paper)


def _other_version(identity: PaperIdentity, agrees: str, paper: IssuedPaper | None) -> Verdict:
    return Verdict(
        Answer.OTHER_VERSION,
        (
            f"文件由版式 {identity.layout}、计分引擎 {identity.engine} 生成，与原件的字节不同。",
            f"文件中的{agrees}，但不能证明其他内容未经改动，请以原件为准。",
        ),
        paper=paper,
    )


def _beginnings(pdf: bytes) -> list[str]:
    """The digests of the beginnings of `pdf` at which a paper could end: it ends with its first
    %%EOF, whatever comes behind. The first few such marks are tried."""
    digests, running, at = [], hashlib.sha256(), 0
    for _, mark in zip(range(_ENDS_TRIED), _END.finditer(pdf), strict=False):
        for end in sorted({mark.start() + len(b"%%EOF"), mark.end()}):
            running.update(memoryview(pdf)[at:end])
            at = end
            digests.append(running.hexdigest())
    return digests


def _appended_to(what: str, more: int) -> str:
    return f"{what}之后有追加内容，多出 {more:,} 字节。"


def _superseded_under(paper: IssuedPaper) -> list[str]:
    later = superseded_words(paper)
    return [f"该编号{later}"] if later else []


def _same_figures(expected: bytes, pdf: bytes) -> bool:
    """Whether `pdf` shows the figures of `expected`; what cannot be compared does not."""
    try:
        return _compared(expected, pdf)["same_figures"]
    except UnreadableError as error:
        if error.reason is Reason.NO_TIME:
            raise
        return False


def _differences(expected: bytes, pdf: bytes) -> tuple[str, ...]:
    try:
        return tuple(_compared(expected, pdf)["differences"])
    except UnreadableError as error:  # that it is not the original is known already
        return (f"{_UNCOMPARED}{error}",)


def _added(original: bytes, pdf: bytes) -> Added:
    units.afresh()
    return read_apart(read_added, original, pdf, bounds=_FOR_TWO)


def _signed_words(pdf: bytes) -> list[str]:
    """Who signed a file that is not the original, and that it does not hold."""
    if b"/ByteRange" not in pdf:
        return []
    units.afresh()
    try:
        found = read_apart(read_signatures, pdf, bounds=_FOR_TWO)
    except UnreadableError as error:
        if error.reason is Reason.NO_TIME:
            raise
        return []
    if found is None:
        return ["文件有电子签名；本机没有安装签名组件，无法核对。"]
    return signature_words(found, len(found), queries.is_own_certificate)


def _compared(expected: bytes, pdf: bytes) -> Compared:
    units.afresh()
    return read_apart(compare, expected, pdf, bounds=_FOR_TWO)


def _shows_points(snapshot: Snapshot, which: Which, pdf: bytes) -> bool | None:
    """Whether `pdf` shows the points that the snapshot gives those whom the paper is about; not
    where they cannot be read; None where there are none to look for."""
    points = scored_of(snapshot)
    ref = _ref(points, which)
    figures = points_on(points, ref) if ref else []
    units.afresh()
    if not figures:
        return None
    try:
        return not read_apart(lacking, pdf, bounds=_FOR_TWO, figures=figures)
    except UnreadableError as error:
        if error.reason is Reason.NO_TIME:
            raise
        return False


def _is_whole(snapshot: Snapshot) -> bool:
    return hashlib.sha256(snapshot.content).hexdigest() == snapshot.sha256


def _printed(
    snapshot: Snapshot,
    kind: PaperKind,
    sheet: str,
    subject_code: str,
    stamp: Stamp,
    settled: Collection[tuple[str, str]] = (),
    sight: Sight = ~Sight.NOTHING,
    public: str = "",
) -> bytes | None:
    """The paper as it is printed today; None if the snapshot does not give it."""
    sha256, content = snapshot.sha256, snapshot.content
    units.afresh()
    points = scored(sha256, content)
    ref = _ref(points, (kind, sheet, subject_code))
    if ref is None:
        return None
    try:
        return paper_pdf(points, ref, stamp, settled, sight, public)
    except KeyError:  # last year's snapshot, which it compares with, is not stored
        return None
    finally:
        units.afresh()


def _ref(points: ScoredSnapshot, which: Which) -> PaperRef | None:
    return next((ref for ref in papers_of(points) if _key(ref) == which), None)


def _key(ref: PaperRef) -> Which:
    return ref.kind, ref.sheet, ref.subject_code
