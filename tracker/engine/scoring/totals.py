"""From lines to a scorecard: caps, totals, vetoes and the grade that the total gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tracker.engine.scoring.exact import Number, divide, fixed
from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.facts import Subject
from tracker.engine.scoring.result import UNSCORABLE, CapApplied, Line, Scorecard, Spread
from tracker.engine.scoring.rulebook import Rulebook, Veto

Env = dict[str, Number]


def scorecard(
    rulebook: Rulebook,
    subject: Subject,
    lines: tuple[Line, ...],
    env: Mapping[str, Number],
    spread: Spread | None,
) -> Scorecard:
    """Add up a subject's lines, decide the vetoes and read the grade; rank and quota come later."""
    return _Totals(rulebook, lines, env).card(subject, spread)


class _Totals:
    """The sums of one subject, in units of the last place."""

    def __init__(
        self, rulebook: Rulebook, lines: tuple[Line, ...], env: Mapping[str, Number]
    ) -> None:
        self.rulebook = rulebook
        self.lines = lines
        self.env = env
        self.decimals = rulebook.line_decimals
        self.caps: list[CapApplied] = []
        sums = self.capped_sums()
        self.base = sums["score"]
        self.bonus = min(sums["bonus"], self.units(rulebook.bonus_cap))
        self.deduction = max(sums["deduction"], -self.units(rulebook.deduction_cap))
        self.total = max(0, self.base + self.bonus + self.deduction)

    def units(self, points: Number) -> int:
        """Count units of the last place; the format allows caps no more places than that."""
        return int(points * 10**self.decimals)

    def points(self, units: int) -> Decimal:
        return Decimal(fixed(units, self.decimals))

    def capped_sums(self) -> dict[str, int]:
        sums = {"score": 0, "bonus": 0, "deduction": 0}
        for line in self.lines:
            sums[line.indicator.kind] += line.units
        for cap in self.rulebook.caps:
            capped = [line for line in self.lines if line.code in cap.lines]
            before = sum(line.units for line in capped)
            limit = self.units(cap.at_most)
            after = max(-limit, min(limit, before))
            if after != before:
                sums[capped[0].indicator.kind] += after - before
                self.caps.append(CapApplied(cap, self.points(before), self.points(after)))
        return sums

    def card(self, subject: Subject, spread: Spread | None) -> Scorecard:
        fired: list[Veto] = []
        undecided: list[tuple[str, str]] = []
        values = self.values([veto.when for veto in self.rulebook.vetoes], self.base, self.total)
        for veto in self.rulebook.vetoes:
            lacking = [name for name in veto.when.names if name not in values]
            if lacking:
                undecided.append((veto.name, f"缺少 {'、'.join(lacking)}"))
                continue
            try:
                if veto.when.evaluate(values):
                    fired.append(veto)
            except ZeroDivisionError:
                undecided.append((veto.name, "除数为 0"))
        bonus = 0 if any(veto.no_bonus for veto in fired) else self.bonus
        total = max(0, self.base + bonus + self.deduction)
        for veto in fired:
            if veto.total_at_most is not None:
                total = min(total, self.units(veto.total_at_most))
        ties = self.values(self.rulebook.tie_break, self.base, total)
        assessed = self.assesses(spread)
        grade = self.worst_grade(total, fired) if assessed else None
        return Scorecard(
            subject=subject,
            lines=self.lines,
            complete=not undecided and all(line.state != UNSCORABLE for line in self.lines),
            base=self.points(self.base),
            bonus=self.points(bonus),
            deduction=self.points(self.deduction),
            total=self.points(total),
            grade=grade,
            bonus_before=self.points(self.bonus),
            total_before=self.points(self.total),
            grade_before=self.worst_grade(self.total, ()) if assessed else None,
            vetoes=tuple(veto.name for veto in fired),
            undecided=tuple(name for name, _ in undecided),
            undecided_because=tuple(reason for _, reason in undecided),
            unranked=any(veto.unranked for veto in fired),
            caps=tuple(self.caps),
            spread=spread,
            tie_break=tuple(_value(expression, ties) for expression in self.rulebook.tie_break),
            fired=tuple(fired),
            grade_after_vetoes=grade,
        )

    def assesses(self, spread: Spread | None) -> bool:
        """Whether there is anything by which the subject could be graded and ranked."""
        nothing_applies = spread is not None and spread.whole
        return not (nothing_applies and self.rulebook.meaning.may_not_assess)

    def values(self, expressions: Sequence[Expression], base: int, total: int) -> Env:
        """Add the values of line.CODE, share.CODE, base and total that `expressions` read."""
        values = dict(self.env)
        unit = 10**self.decimals
        by_code = {line.code: line for line in self.lines}
        for name in {name for expression in expressions for name in expression.names}:
            first, _, code = name.partition(".")
            if first == "base":
                values[name] = divide(base, unit)
            elif first == "total":
                values[name] = divide(total, unit)
            elif first == "line":
                values[name] = divide(by_code[code].units, unit)
            elif first == "share":
                values[name] = share(by_code[code])
        return values

    def worst_grade(self, total: int, fired: Sequence[Veto]) -> str:
        """Return the grade of a total, lowered to the worst that a veto still allows."""
        grades = self.rulebook.grades
        names = [grade.name for grade in grades]
        reached = divide(total, 10**self.decimals)
        place = next(i for i, grade in enumerate(grades) if reached >= grade.at_least)
        limits = [names.index(veto.grade) for veto in fired if veto.grade is not None]
        return names[max([place, *limits])]


def share(line: Line) -> Number:
    """Return award ÷ printed points: 0 if the points are 0, 1 if they were spread."""
    if line.spread_away:
        return 1
    if line.effective == 0:
        return 0
    return divide(divide(line.units, 10**line.decimals), line.effective)


def _value(expression: Expression, values: Env) -> Number | None:
    """Evaluate a tie-break; None, the lowest, if it lacks a fact or divides by zero."""
    if not all(name in values for name in expression.names):
        return None
    try:
        return expression.evaluate(values)
    except ZeroDivisionError:
        return None
