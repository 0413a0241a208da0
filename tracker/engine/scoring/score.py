"""Scoring: a rulebook and the facts of a year give a scorecard for every subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tracker.engine.scoring import methods, pools
from tracker.engine.scoring.exact import Number, clamp, divide, round_units, times
from tracker.engine.scoring.facts import Facts, FactsError, Subject, class_fault
from tracker.engine.scoring.method import ImpossibleError
from tracker.engine.scoring.names import quoted
from tracker.engine.scoring.pools import ClassPool
from tracker.engine.scoring.ranking import rank_class
from tracker.engine.scoring.result import (
    FACT_MISSING,
    IMPOSSIBLE,
    NOT_APPLICABLE,
    SCORED,
    UNSCORABLE,
    Line,
    PartAward,
    Result,
    Scorecard,
    Spread,
)
from tracker.engine.scoring.rulebook import Indicator, Rulebook
from tracker.engine.scoring.spread import spread_points
from tracker.engine.scoring.totals import scorecard

DIVISION_BY_ZERO = "除数为 0"


def score(rulebook: Rulebook, facts: Facts, known: Result | None = None) -> Result:
    """Score all subjects; scorecards keep the order of the facts.

    A class that is in `known`, scored by this very rulebook, with the same facts is taken from
    there. Raises FactsError if the facts are of another year than the rulebook, or name a class
    that its `classes` lack.
    """
    if faults := fact_faults(rulebook, facts):
        raise FactsError(faults)
    classes: dict[str, list[int]] = {}
    for index, subject in enumerate(facts.subjects):
        classes.setdefault(subject.class_name, []).append(index)
    cards: dict[int, Scorecard] = {}
    kept = _by_class(known) if known is not None and known.rulebook is rulebook else {}
    for class_name, members in classes.items():
        subjects = [facts.subjects[index] for index in members]
        found = kept.get(class_name, [])
        if [card.subject for card in found] != subjects:
            found = ClassScorer(rulebook, class_name, subjects).scorecards()
            rank_class(found, rulebook.grades)
        cards.update(zip(members, found, strict=True))
    ordered = tuple(cards[index] for index in range(len(facts.subjects)))
    return Result(rulebook.meaning.engine, rulebook, facts.sha256, ordered)


def _by_class(result: Result) -> dict[str, list[Scorecard]]:
    found: dict[str, list[Scorecard]] = {}
    for card in result.scorecards:
        found.setdefault(card.subject.class_name, []).append(card)
    return found


def fact_faults(rulebook: Rulebook, facts: Facts) -> list[str]:
    """Say in Chinese why a rulebook does not take facts that are sound by themselves."""
    faults = []
    if facts.year != rulebook.year:
        faults.append(f"year 为 {facts.year}，与评分细则的 {rulebook.year} 年不符，请核对")
    for subject in facts.subjects:
        fault = class_fault(subject.class_name, rulebook.classes, rulebook.meaning.same)
        if fault:
            faults.append(f"对象{quoted(subject.name or subject.code)}：{fault}")
    return faults


class ClassScorer:
    """Scores the subjects of one class."""

    def __init__(self, rulebook: Rulebook, class_name: str, subjects: Sequence[Subject]) -> None:
        self.rulebook = rulebook
        self.subjects = subjects
        self.lines = rulebook.indicators
        self.points = [line.points_for(class_name) for line in self.lines]
        self.scales = [line.scale_for(class_name) for line in self.lines]
        self.pool = ClassPool(rulebook, subjects)
        self.spreads: dict[tuple[int, ...], tuple] = {}

    def scorecards(self) -> list[Scorecard]:
        return [self.card(index) for index in range(len(self.subjects))]

    def card(self, index: int) -> Scorecard:
        env = self.pool.envs[index]
        applies = [
            pools.APPLIES if column is None else column[index] for column in self.pool.applicability
        ]
        effective, scales, spread = self.spread(applies)
        lines = tuple(
            self.line(number, env, applies[number], effective[number], scales[number])
            for number in range(len(self.lines))
        )
        if spread is not None and spread.whole:
            for line in lines:
                line.nowhere_to_spread = line.spread_away
        return scorecard(self.rulebook, self.subjects[index], lines, env, spread)

    def spread(
        self, applies: Sequence[str]
    ) -> tuple[Sequence[Number], Sequence[Number], Spread | None]:
        """Return the points and scales of all lines after the spread, and what was spread."""
        away = tuple(
            number
            for number, line in enumerate(self.lines)
            if line.absent == "spread" and applies[number] == pools.DOES_NOT_APPLY
        )
        if away not in self.spreads:
            self.spreads[away] = self.spread_over(away)
        return self.spreads[away]

    def spread_over(
        self, away: tuple[int, ...]
    ) -> tuple[Sequence[Number], Sequence[Number], Spread | None]:
        gone = sum(self.points[number] for number in away)
        if not gone:
            return self.points, self.scales, None
        scored = [number for number, line in enumerate(self.lines) if line.kind == "score"]
        new = spread_points(
            [self.points[number] for number in scored],
            [number in away for number in scored],
            self.rulebook.full_marks,
            self.rulebook.line_decimals,
        )
        points, scales = list(self.points), list(self.scales)
        for number, value in zip(scored, new, strict=True):
            if points[number] != value:
                scales[number] = scales[number] * divide(value, points[number])
                points[number] = value
        codes = tuple(self.lines[number].code for number in away)
        return points, scales, Spread(codes, gone, gone == self.rulebook.full_marks)

    def line(
        self,
        number: int,
        env: Mapping[str, Number],
        applies: str,
        effective: Number,
        scale: Number,
    ) -> Line:
        indicator = self.lines[number]
        line = Line(
            indicator,
            SCORED,
            self.points[number],
            effective,
            scale,
            0,
            0,
            self.rulebook.line_decimals,
            (),
            env,
            self.rulebook.meaning,
        )
        if applies == pools.DOES_NOT_APPLY:
            line.state = NOT_APPLICABLE
            if indicator.absent == "full":
                _give(line, effective)
        elif applies == pools.IS_IMPOSSIBLE:
            line.in_applies = True
            _impossible(line, DIVISION_BY_ZERO)
        elif applies == pools.LACKS_FACT:
            line.in_applies = True
            assert indicator.applies is not None
            _lacking(line, [name for name in indicator.applies.names if name not in env])
        elif not indicator.names <= env.keys():
            names = dict.fromkeys(
                name
                for part in indicator.parts
                for expression in part.method.expressions
                for name in expression.names
            )
            _lacking(line, [name for name in names if name not in env])
        else:
            try:
                self.award(line, number, env)
            except ZeroDivisionError:
                _impossible(line, DIVISION_BY_ZERO)
            except ImpossibleError as error:
                _impossible(line, str(error))
        return line

    def award(self, line: Line, number: int, env: Mapping[str, Number]) -> None:
        """Compute the parts and the award; sets nothing if a part is impossible."""
        indicator = line.indicator
        values, meaning = self.pool.values, self.rulebook.meaning
        if indicator.combine is None:
            method = indicator.parts[0].method
            pool = values.get((number, 0), ())
            exact, trace = methods.award(meaning, method, env, line.effective, line.scale, pool)
            line.parts = (PartAward(line.effective, exact, trace),)
            _give(line, exact)
            return
        parts = []
        for part_number, part in enumerate(indicator.parts):
            points = times(part.points, line.scale)
            pool = values.get((number, part_number), ())
            exact, trace = methods.award(meaning, part.method, env, points, line.scale, pool)
            parts.append(PartAward(points, exact, trace))
        line.parts = tuple(parts)
        _give(line, clamp(_COMBINE[indicator.combine](p.award for p in parts), line.effective))


_COMBINE: dict[str, Callable[[Iterable[Number]], Number]] = {"sum": sum, "max": max, "min": min}


def _give(line: Line, award: Number) -> None:
    line.exact = award
    line.units = round_units(award, line.decimals)


def _impossible(line: Line, reason: str) -> None:
    line.state, line.why, line.reason = UNSCORABLE, IMPOSSIBLE, reason


def _lacking(line: Line, names: list[str]) -> None:
    """Settle a line that lacks facts: `missing` decides between 0 and not scorable."""
    indicator: Indicator = line.indicator
    line.state = SCORED if indicator.missing == "zero" else UNSCORABLE
    line.why, line.lacking = FACT_MISSING, tuple(names)
