"""What a rulebook holds once it has been read and found sound."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tracker.engine.scoring.exact import Number, divide
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.meaning import Meaning
from tracker.engine.scoring.method import Method


class RulebookError(ValueError):
    """A rulebook (or set) that is refused. `faults`: every fault in Chinese, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Source:
    """What the indicators rest on; `url` is "" and `date` None where the file gives none."""

    title: str
    url: str
    date: datetime.date | None


@dataclass(frozen=True)
class Grade:
    """A grade: totals from `at_least` (points) on; `quota` is a share of the class or None."""

    name: str
    at_least: Number
    quota: Number | None


@dataclass(frozen=True)
class Part:
    """A part of a line: `points` (分) at the line's default points, and its method."""

    points: Number
    method: Method


@dataclass(frozen=True)
class Indicator:
    """A line of the rulebook. `points` in 分; `combine` is None for a line of one method.

    A line of one method has exactly one part with the line's own points.
    """

    code: str
    group: str
    name: str
    clause: str
    words: str
    points: Number
    points_by_class: Mapping[str, Number]
    kind: str
    data_source: str
    evidence: tuple[str, ...]
    applies: Expression | None
    absent: str
    missing: str
    combine: str | None
    parts: tuple[Part, ...]
    names: frozenset[str]
    """All names that the method or parts read, mean.X and the like included."""
    reads: tuple[str, ...]
    """The measures that the method or parts read directly, in reading order."""

    def points_for(self, class_name: str) -> Number:
        """Return the points (分) of the line for a class, as `Meaning.same` gives it."""
        return self.points_by_class.get(class_name, self.points)

    def scale_for(self, class_name: str) -> Number:
        """Return what everything fixed in points is multiplied by for a class."""
        if class_name not in self.points_by_class:
            return 1
        return divide(self.points_by_class[class_name], self.points)


@dataclass(frozen=True)
class Cap:
    """Lines of one kind that count together at most `at_most` points (分)."""

    lines: tuple[str, ...]
    at_most: Number


@dataclass(frozen=True)
class Veto:
    """一票否决: a condition and its effects; `grade` and `total_at_most` None where not given."""

    name: str
    when: Expression
    grade: str | None
    total_at_most: Number | None
    no_bonus: bool
    unranked: bool


@dataclass(frozen=True)
class Rulebook:
    """A sound rulebook of format 1. Points are int or Fraction, in 分.

    `classes`: those that the office knows, as written; none where any class is taken as it comes.
    `meaning`: what it means, to the engine that froze it or to that of today. `measures`: all
    measures read anywhere (mean.X counts as X). `sha256`: digest of the parsed file, the same for
    any spelling, order of keys and comments.
    """

    code: str
    year: int
    title: str
    subject: str
    status: str
    issuer: str
    document: str
    full_marks: Number
    line_decimals: int
    bonus_cap: Number
    deduction_cap: Number
    tie_break: tuple[Expression, ...]
    classes: tuple[str, ...]
    sources: tuple[Source, ...]
    grades: tuple[Grade, ...]
    indicators: tuple[Indicator, ...]
    caps: tuple[Cap, ...]
    vetoes: tuple[Veto, ...]
    sha256: str
    meaning: Meaning

    def class_order(self, name: str) -> tuple[bool, int, str]:
        """Sort classes by it: the known ones first, in their order, "" last."""
        known = [*map(self.meaning.same, self.classes or self.meaning.classes)]
        place = known.index(name) if name in known else len(known)
        return not name, place, name

    @cached_property
    def measures(self) -> frozenset[str]:
        """All measures that the rulebook reads."""
        return frozenset().union(*(found for _, found in self.measures_by_place()))

    def measures_by_place(self) -> list[tuple[str, frozenset[str]]]:
        """List each place that reads measures (Chinese, as faults name it) with its measures."""
        places = []
        for line in self.indicators:
            found = [e for part in line.parts for e in part.method.expressions]
            if line.applies is not None:
                found.append(line.applies)
            places.append((f"指标 {line.code}", _measures(found)))
        places += [(f"一票否决「{veto.name}」", veto.when.measures) for veto in self.vetoes]
        places += [(f"并列次序第 {i} 项", e.measures) for i, e in enumerate(self.tie_break, 1)]
        return places

    def indicator(self, code: str) -> Indicator:
        """Return the line of that code; raises KeyError."""
        for line in self.indicators:
            if line.code == code:
                return line
        raise KeyError(code)


def _measures(expressions: list[Expression]) -> frozenset[str]:
    return frozenset().union(*(expression.measures for expression in expressions))
