"""What one scorecard shows, as plain frozen values.

A `Card` is built from a frozen snapshot and is all that the page and the PDF ever see. It knows
no Flask, no SQLAlchemy and no ReportLab. Every figure is a decimal string (`-?digits[.digits]`,
no grouping); grouping, 亿元 and the words for missing figures belong to whoever shows the card.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.papers.head import PaperHead, PaperKind, PaperStatus, RulebookStatus


class LineKind(StrEnum):
    """Which total a line counts towards."""

    SCORE = "score"
    BONUS = "bonus"
    DEDUCTION = "deduction"


class LineState(StrEnum):
    """State of a line in one column. PENDING: this column has not been worked out yet."""

    SCORED = "scored"
    UNSCORABLE = "unscorable"
    NOT_APPLICABLE = "not_applicable"
    PENDING = "pending"


class FactState(StrEnum):
    """Why a fact has, or has not, a value that counts.

    REPORTED has a value (zero included). UNDETERMINED may have one, which nobody has ruled on
    yet (未核定). MISSING (未报) and NOT_APPLICABLE (不适用) have none.
    """

    REPORTED = "reported"
    UNDETERMINED = "undetermined"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One 一级指标 with its points (分), those in force after a spread.

    `award` is None when no line of the group could be scored. `class_mean` is the mean award of
    the subjects of the same class, None where there is no class to compare with. `self_award`
    is the subtotal of the 自评 column, None where there is none.
    """

    name: str
    points: str
    award: str | None
    class_mean: str | None = None
    self_award: str | None = None
    kind: LineKind = LineKind.SCORE


@dataclass(frozen=True, slots=True)
class CardLine:
    """One 二级指标.

    `award` is what counts at the card's status: the trial's, the self-assessment's or the
    review's points (分), and `state` is its state. `self_award` and `self_state` are the 自评
    column beside it, printed once the card is REVIEWED or FINAL. `points` are the rulebook's
    full marks; `spread_points` those in force when points of other lines were spread (均摊).
    `lost` is full marks less award, None where nothing was lost or nothing could be scored.
    `explain` is the engine's sentence with figures, or the reason why there are no points.
    """

    code: str
    group: str
    name: str
    clause: str
    words: str
    points: str
    award: str | None
    state: LineState
    explain: str
    data_source: str = ""
    spread_points: str | None = None
    self_award: str | None = None
    self_state: LineState = LineState.PENDING
    lost: str | None = None
    kind: LineKind = LineKind.SCORE


@dataclass(frozen=True, slots=True)
class FactRow:
    """One measure that the points rest on.

    `value` is in `unit` (万元, 亩, %, 个 …; 是否 for 1 and 0, printed 是 and 否). `precision` is
    "≥", "≤", "≈" or "" and stands before the figure. `records` are human lines that say which
    records make the value. `reason` says why a fact is missing, not applicable or undetermined.
    """

    label: str
    value: str | None
    unit: str
    state: FactState = FactState.REPORTED
    precision: str = ""
    records: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A document that the rulebook rests on; `url` and `date` (2023-02-10) may be empty."""

    title: str
    url: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard (考核评分表) of one subject and year; figures in points (分) unless said.

    `class_name` "" is shown as 未分类. `rank` None needs an `unranked_reason`; `ranked_count` is
    the number ranked in the class. `groups` stand in the rulebook's order, as do `lines`.
    `frozen_at` is text such as "2025-01-20 09:30"; its first ten characters are the document's
    date. `number` is None for everything that is not issued; `supersedes` names the number that
    this card replaces. `next_steps` say which change of one fact would gain how many points, the
    cheapest first. `verify_text` goes into the QR code, usually an address; "" leaves it out.

    Raises ValueError for a numbered trial, an incomplete final card, an unknown precision or a
    bad date.
    """

    title: str
    subject_code: str
    subject_name: str
    subject_kind: str
    place: str
    year: int
    class_name: str
    status: PaperStatus
    complete: bool

    rulebook_code: str
    rulebook_title: str
    rulebook_status: RulebookStatus
    issuer: str
    document: str

    full_marks: str
    base: str
    bonus: str
    deduction: str
    total: str
    grade: str
    rank: int | None
    ranked_count: int

    groups: tuple[GroupScore, ...]
    lines: tuple[CardLine, ...]
    facts: tuple[FactRow, ...]
    sources: tuple[SourceRow, ...]

    snapshot_sha256: str
    rulebook_sha256: str
    facts_sha256: str
    engine: str
    frozen_at: str

    unranked_reason: str = ""
    sentences: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sample: bool = False
    number: str | None = None
    supersedes: str = ""
    verify_text: str = ""

    def __post_init__(self) -> None:
        if self.status is PaperStatus.FINAL and not self.complete:
            raise ValueError("尚有不可计分的指标，评分表不能定稿。")
        _ = self.head  # refuses what no paper may be
        for fact in self.facts:
            if fact.precision not in ("", "≥", "≤", "≈"):
                raise ValueError(f"“{fact.label}”的精度符号“{fact.precision}”不在 ≥、≤、≈ 之列。")

    @property
    def unscorable_count(self) -> int:
        """How many lines, of whatever kind, could not be scored."""
        return sum(line.state is LineState.UNSCORABLE for line in self.lines)

    @property
    def head(self) -> PaperHead:
        """The card as a paper among others."""
        return PaperHead(
            kind=PaperKind.SCORECARD,
            title=self.title,
            subject_code=self.subject_code,
            subject_name=self.subject_name,
            subject_kind=self.subject_kind,
            year=self.year,
            status=self.status,
            rulebook_status=self.rulebook_status,
            author=self.issuer,
            snapshot_sha256=self.snapshot_sha256,
            engine=self.engine,
            made_on=self.frozen_at,
            sheet=self.rulebook_code,
            sample=self.sample,
            number=self.number,
            supersedes=self.supersedes,
            digests={"细则摘要": self.rulebook_sha256, "事实摘要": self.facts_sha256},
            verify_text=self.verify_text,
        )
