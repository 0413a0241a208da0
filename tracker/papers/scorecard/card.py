"""What one scorecard shows, as plain frozen values.

A `Card` is built from a frozen snapshot and is all that the page and the PDF ever see. It knows
no Flask, no SQLAlchemy and no ReportLab. Points are decimal strings (`-?digits[.digits]`, no
grouping), every other figure carries its unit; grouping, 亿元 and the words for missing figures
belong to whoever shows the card.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.core.quantities.figure import Figure
from tracker.core.quantities.printed import NOT_GRADED, grade_words
from tracker.papers.common.head import PaperHead, PaperKind, PaperStatus, RulebookStatus


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

    `award` is None when no line of the group could be scored. `class_mean` is what the subjects
    of the same class got on average, in this card's points (a spread changes a group's points),
    None where there is no other to compare with. `awards` are the subtotals of the three columns
    in the order of `Card.columns`, None where nothing is scored. `limit` is the most that a group
    of bonuses or deductions can count, not signed, where that is less than its points.
    """

    name: str
    points: str
    award: str | None
    class_mean: str | None = None
    awards: tuple[str | None, ...] = ()
    kind: LineKind = LineKind.SCORE
    limit: str | None = None

    @property
    def most(self) -> str:
        """The most that the group can count."""
        return self.points if self.limit is None else self.limit


@dataclass(frozen=True, slots=True)
class Column:
    """One of the three columns, 自评, 初审 and 复核, with its totals (分).

    `counts` marks the one that the card goes by. `ruled` is False for a column above the highest
    one that anybody has ruled in: it is not worked out, and its totals are "".
    """

    name: str
    counts: bool
    ruled: bool = True
    complete: bool = True
    base: str = ""
    bonus: str = ""
    deduction: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class LinePoints:
    """A line in one column; `award` None where there are no points. `unreported`: 0 because a
    fact is 未报 and the rulebook counts that as nothing, not because of a reported 0.
    `zero_by_rule`: nothing applies, and the rulebook counts that as 0 of the points. `note` stands
    below the points where the column's level did not decide itself (沿用初审)."""

    award: str | None
    state: LineState
    unreported: bool = False
    zero_by_rule: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One 二级指标.

    `award` is what counts (分), `state` its state, `unreported` as in LinePoints; `columns` are
    the three columns in the order of `Card.columns`, one of which says the same. `points` are the
    rulebook's full marks; `spread_points` those in force when points of other lines were spread
    (均摊).
    `lost` is full marks less award, None where nothing was lost or nothing could be scored;
    `above` what a score line has beyond its points, None for most.
    `explain` is the engine's sentence with figures, or the reason why there are no points. `gap`:
    why a line that cannot be scored was accepted so; "" where it was not. `objections`: what was
    objected to it and answered, in sentences.
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
    unreported: bool = False
    columns: tuple[LinePoints, ...] = ()
    lost: str | None = None
    above: str | None = None
    zero_by_rule: bool = False
    note: str = ""
    kind: LineKind = LineKind.SCORE
    gap: str = ""
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactRow:
    """One measure that the points rest on.

    `records` are human lines that say which records make the value, `uncounted` which were looked
    at and not counted, each with why.
    `reason` says why a fact is missing, not applicable or undetermined. `nought` is what stands for
    a value of 0 that is none (未约定), "" where 0 is 0; `undone` what stands for a full value that
    nobody found (未抽查), "" where somebody did.
    """

    label: str
    value: Figure | None
    state: FactState = FactState.REPORTED
    records: tuple[str, ...] = ()
    reason: str = ""
    uncounted: tuple[str, ...] = ()
    nought: str = ""
    undone: str = ""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project from 1 亿元 on; `in_place` and `completed` are amounts of the year, None where the
    ledger has none. `uncounted` says why the project is none of those that `Card.projects_measure`
    counts, "" for one of them."""

    name: str
    stage: str
    total: Figure
    in_place: Figure | None = None
    completed: Figure | None = None
    uncounted: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What the ledger's entries of one kind add up to in the year, and how many they are."""

    kind: str
    amount: Figure
    entries: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """The card of a lower subject that this one builds on; `grade` "" while it is incomplete, None
    where nothing applied."""

    kind: str
    code: str
    name: str
    total: str
    grade: str | None
    complete: bool

    @property
    def grade_words(self) -> str:
        """The grade as it is shown."""
        return grade_words(self.grade, self.complete)


@dataclass(frozen=True, slots=True)
class RulingRow:
    """A figure that a higher level corrected or refused (更正, 不予认定), of `unit`.

    `by` is who ruled (市级初审), `value` what it put in place, `on` the day. `stands` is False
    where the records have changed since, or a later ruling of its level, or one of the level that
    the card goes by, took its place.
    """

    label: str
    unit: str
    reported: Figure | None
    value: Figure | None
    ruling: str
    by: str
    on: str
    reason: str
    stands: bool = True


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file: its kind (银行回单), name, day of filing, sha256, and the records that it proves. One
    file is one row, for however many records it was handed in."""

    kind: str
    name: str
    on: str
    sha256: str
    proves: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A document that the rulebook rests on; `url` and `date` (2023-02-10) may be empty."""

    title: str
    url: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard (考核评分表) of one subject and year; figures in points (分) unless said.

    `class_name` is "" on a sheet that knows no classes, 未分类 for a subject that has none on a
    sheet that does. `rank` None needs an `unranked_reason`; `ranked_count` is the number ranked in
    the class. `groups` stand in the rulebook's order, as do `lines`. `frozen_at` is text such as
    "2025-01-20 09:30"; its first ten characters are the document's date. `grade` is None where
    nothing applied to the subject. `number` is None for everything that is not issued; `supersedes`
    names the number that this card replaces. `next_steps` say which change of one fact would gain
    how many points, what is worth most first. `grade_notes` say why the grade is another than the
    points give, and which prize the rank won; `way` the arithmetic from full marks to the total;
    `left` what leaves the card unranked without being a veto. `bonus_limit` and `deduction_limit`
    are "" on a sheet without such lines. `verify_text` goes into the QR code, usually an address;
    "" leaves it out. `projects`, `ledger`, `rulings` and `evidence` are None where the snapshot did
    not freeze them, which is not the same as having none. `rank_withheld` says when a rank is
    told that the reader does not see yet. `projects_measure` is what the fact is
    called that counts such projects, "" where no line reads one or the snapshot does not tell.

    Raises ValueError for a numbered trial, an incomplete final card or a bad date.
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
    grade: str | None
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

    columns: tuple[Column, ...] = ()
    projects: tuple[ProjectRow, ...] | None = None
    projects_measure: str = ""
    ledger: tuple[LedgerRow, ...] | None = None
    members: tuple[MemberRow, ...] = ()
    rulings: tuple[RulingRow, ...] | None = None
    evidence: tuple[EvidenceRow, ...] | None = None

    unranked_reason: str = ""
    sentences: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    grade_notes: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    bonus_limit: str = ""
    deduction_limit: str = ""
    undecided: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sample: bool = False
    number: str | None = None
    supersedes: str = ""
    verify_text: str = ""
    owner: str = ""  # the city whose assessment it is (市考县)
    rank_withheld: str = ""

    def __post_init__(self) -> None:
        if self.status is PaperStatus.FINAL and self.lacking:
            raise ValueError("尚有不可计分的指标，评分表不能定稿。")
        _ = self.head  # refuses what no paper may be

    @property
    def grade_words(self) -> str:
        """The grade as it is shown."""
        if not self.complete and not self.lacking:
            return NOT_GRADED
        return grade_words(self.grade, self.complete)

    @property
    def lacking(self) -> bool:
        """Whether it waits for data that nobody accepted to be without."""
        if self.complete:
            return False
        waits = [line for line in self.lines if line.state is LineState.UNSCORABLE and not line.gap]
        return bool(waits or self.undecided or not self.unscorable_count)

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
            owner=self.owner,
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
