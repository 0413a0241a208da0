"""What scoring gives: scorecards with their lines, exact and complete enough to be explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tracker.engine.scoring.exact import Number, fixed
from tracker.engine.scoring.facts import Subject
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.rulebook import Cap, Indicator, Rulebook, Veto

SCORED = "scored"
UNSCORABLE = "unscorable"
NOT_APPLICABLE = "not_applicable"

NOT_ASSESSED = "不予评定"
"""Stands for the grade of a subject to whom nothing applies."""
UNCLASSED = "未分类"
"""Stands for the class "", wherever a class is shown."""

FACT_MISSING = "missing"
IMPOSSIBLE = "impossible"


@dataclass(slots=True)
class PartAward:
    """A method's exact award (分, not rounded) within `points`, and the figures it used.

    `trace` holds the method's intermediate figures for the explanation, see `methods`.
    """

    points: Number
    award: Number
    trace: tuple


@dataclass(slots=True)
class Line:
    """A line of a scorecard.

    `state` is scored, unscorable or not_applicable. `points` are the rulebook's (class) points,
    `effective` those after a spread, `scale` the factor on all that is fixed in points; all 分.
    `exact` is the award before rounding, `units` the rounded award in units of the last place.
    `why` is "" , "missing" or "impossible" (then `reason` says what, in Chinese); `lacking` names
    the missing facts; `in_applies` tells that they, or the impossible step, belong to `applies`.
    `nowhere_to_spread`: the points of a line that does not apply had no other line to go to.
    """

    indicator: Indicator
    state: str
    points: Number
    effective: Number
    scale: Number
    exact: Number
    units: int
    decimals: int
    parts: tuple[PartAward, ...]
    env: Mapping[str, Number] = field(repr=False, compare=False)
    meaning: Meaning = field(repr=False, compare=False)
    why: str = ""
    reason: str = ""
    lacking: tuple[str, ...] = ()
    in_applies: bool = False
    nowhere_to_spread: bool = False

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code

    @property
    def award(self) -> Decimal:
        """The rounded award (分), with `line_decimals` places; negative on deduction lines."""
        return Decimal(fixed(self.units, self.decimals))

    @property
    def spread_away(self) -> bool:
        """Whether the line is not applicable and its points were spread over the others."""
        return (
            self.state == NOT_APPLICABLE
            and self.indicator.kind == "score"
            and self.indicator.absent == "spread"
        )

    @property
    def zeroed(self) -> bool:
        """Whether the line counts 0 because a fact is missing under `missing = "zero"`."""
        return self.state == SCORED and self.why == FACT_MISSING

    @property
    def inputs(self) -> dict[str, Number | None]:
        """The measures read directly, None where not reported, in reading order.

        Those of the method and parts; where `applies` settled the line, those of `applies`.
        """
        names = self.indicator.reads
        if self.state == NOT_APPLICABLE or self.in_applies:
            applies = self.indicator.applies
            assert applies is not None, "only what is under a condition does not apply"
            names = tuple(n for n in applies.names if not _pooled(n))
        return {name: self.env.get(name) for name in names}

    @property
    def pooled(self) -> dict[str, Number | None]:
        """The class values (mean.X, best.X, sum.X) that the line read; None where nobody reports X.

        The pools of `rank` and `efficacy` are in the trace of the parts.
        """
        return {name: self.env.get(name) for name in self.indicator.names if _pooled(name)}


@dataclass(frozen=True, slots=True)
class Spread:
    """What was spread: the lines that do not apply and their points (分) in all; `whole` if those
    are all of the full marks, so that there is no line to spread them over."""

    codes: tuple[str, ...]
    points: Number
    whole: bool


@dataclass(frozen=True, slots=True)
class CapApplied:
    """A cap that bit: the sum of its lines before and after, in 分."""

    cap: Cap
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class QuotaApplied:
    """A quota that moved a sheet down from `grade`, of which `limit` may be given among the
    `ranked` sheets of the class."""

    grade: str
    limit: int
    ranked: int


@dataclass(slots=True)
class Scorecard:
    """A subject's sheet. Points are Decimal with `line_decimals` places, after the vetoes.

    `total_before` and `grade_before` are those before the vetoes (and the quota); `bonus_before`
    likewise. `grade` may be lowered by vetoes (to `grade_after_vetoes`) and then by the `quotas`,
    one a step; `fired` are the vetoes that hold, `tied` tells that others share the rank. `rank`
    is None if unranked. A subject to whom nothing applies is not assessed (不予评定): its grades
    and rank are None. `undecided_because` gives the Chinese reason of each undecided veto.
    """

    subject: Subject
    lines: tuple[Line, ...]
    complete: bool
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal
    grade: str | None
    bonus_before: Decimal
    total_before: Decimal
    grade_before: str | None
    vetoes: tuple[str, ...]
    undecided: tuple[str, ...]
    undecided_because: tuple[str, ...]
    unranked: bool
    caps: tuple[CapApplied, ...]
    spread: Spread | None
    tie_break: tuple[Number | None, ...]
    fired: tuple[Veto, ...] = ()
    grade_after_vetoes: str | None = None
    rank: int | None = None
    tied: bool = False
    quotas: tuple[QuotaApplied, ...] = ()

    @property
    def moved_down(self) -> int:
        """How many grades the quotas took."""
        return len(self.quotas)

    @property
    def assessed(self) -> bool:
        """Whether anything applied to the subject, so that it has a grade."""
        return self.grade is not None

    def line(self, code: str) -> Line:
        """Return the line of that code; raises KeyError."""
        for line in self.lines:
            if line.code == code:
                return line
        raise KeyError(code)


@dataclass(slots=True)
class Result:
    """The scorecards of all subjects, in the order of the facts."""

    engine: str
    rulebook: Rulebook
    facts_sha256: str
    scorecards: tuple[Scorecard, ...]


def _pooled(name: str) -> bool:
    return name.startswith(("mean.", "best.", "sum."))
