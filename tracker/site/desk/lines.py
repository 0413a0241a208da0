"""One line of a sheet over all subjects in view: points, value and target in one unit, last year's
beside, the arithmetic, and what is unusual by the declared rules of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tracker.core.db.searchable import initials_of
from tracker.core.quantities.figure import Figure
from tracker.engine.scoring import Indicator, Line, above, lost, plain
from tracker.engine.scoring.units import unit_of
from tracker.papers.scorecard.build import explained, labels_in
from tracker.papers.scorecard.card import LinePoints
from tracker.papers.scorecard.columns import line_points
from tracker.papers.scorecard.corrections import decided_note
from tracker.papers.scorecard.facts import in_unit
from tracker.papers.scorecard.veil import tells_line
from tracker.records.determinations.models import RulingLevel
from tracker.web.plausibility import Doubt, FigureFacts, figure_doubts
from tracker.web.usual import usual_in
from tracker.year.assessments.class_lines import UNTOLD
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.sights import Sight

# What a method holds its value against, by its parameter: what that is called.
_AGAINST = {"target": "目标", "base": "基数"}


@dataclass(frozen=True)
class LineRow:
    """A subject at the line. `place` is by the part of the points, among `of` of its class that are
    scored; `value` and `target` None where the method has none, or a fact is missing; `last` and
    `last_value` None where last year's line is another, or there is none."""

    row: ScorecardRow
    place_name: str
    points: LinePoints
    full: str
    lost: Decimal
    above: Decimal
    place: int | None
    of: int
    value: Figure | None
    target: Figure | None
    last: LinePoints | None
    last_value: Figure | None
    explain: str
    facts: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def share(self) -> Fraction | None:
        """The part of the points that the line got; None where it is not scored."""
        if self.points.award is None or not Fraction(self.full):
            return None
        return Fraction(self.points.award) / Fraction(self.full)


@dataclass(frozen=True)
class LinePage:
    """A line over the subjects of its sheet. `unit` is that of all values, "" where they differ;
    `against` what the value is held against ("目标"), "" for nothing; `compared`: the year beside,
    None where none can be compared; `changed` says that last year's rule is another."""

    line: Indicator
    rows: tuple[LineRow, ...]
    unit: str
    against: str
    compared: int | None
    changed: bool

    @property
    def doubted(self) -> int:
        """Of how many rows something is unusual."""
        return sum(bool(row.doubts) for row in self.rows)


# Key → what rows are ordered by; None comes last in either direction.
SORTS: dict[str, tuple[str, Callable[[LineRow], Any]]] = {
    "points": ("得分率", lambda row: row.share),
    "value": ("数值", lambda row: None if row.value is None else row.value.value),
    "rank": ("同类位次", lambda row: row.place),
    "name": ("名称", lambda row: initials_of(row.row.subject_name)),
}
ORDER = "points"


def line_page(
    rows: Sequence[ScorecardRow],
    points: ScoredSnapshot,
    sheet: ScoredSheet,
    code: str,
    before: ScoredSnapshot | None,
    sort: str = ORDER,
    sight: Sight = ~Sight.NOTHING,
) -> LinePage:
    """The line `code` of `sheet` for the subjects of `rows`, as far as `sight` lets tell of others.
    Raises ValueError for another code."""
    lines = sheet.rulebook.indicators
    at = [line.code for line in lines].index(code)
    years = Between(points, before) if before else None
    rules = years.rules(sheet.rulebook.subject) if years else None
    alike = rules is not None and code in rules.alike
    found = list(_rows(rows, points, sheet, at, years if alike else None, sight))
    found = _doubted(found, sheet, at, years.year if years else None)
    units = {row.value.unit for row in found if row.value is not None}
    units |= {row.target.unit for row in found if row.target is not None}
    method = lines[at].parts[0].method
    simple = lines[at].combine is None
    against = next((word for key, word in _AGAINST.items() if simple and key in method.params), "")
    return LinePage(
        lines[at],
        tuple(_sorted(found, sort)),
        units.pop() if len(units) == 1 else "",
        against,
        years.year if years and alike else None,
        rules is not None and not alike,
    )


def _rows(
    rows: Sequence[ScorecardRow],
    points: ScoredSnapshot,
    sheet: ScoredSheet,
    at: int,
    years: Between | None,
    sight: Sight,
) -> Iterator[LineRow]:
    units = {name: about["unit"] for name, about in points.document["measures"].items()}
    units |= {name: "分" for name in sheet.rulebook.measures if name.startswith("score.")}
    labels, shares = labels_in(points, sheet), _shares(sheet, at)
    for row in rows:
        code = row.subject_code
        line = sheet.card(code).lines[at]
        then = years.card(sheet.rulebook.subject, code) if years else None
        old = next((x for x in then.lines if x.code == line.code), None) if then else None
        of_class = shares[sheet.card(code).subject.class_name]
        own = of_class.get(code)
        told = tells_line(line, sheet.card(code), sheet, sight)
        # What is measured may be held against the class as well: its own facts alone are its own.
        value, target = (None, None) if line.pooled and not told else figures_of(line, units)
        yield LineRow(
            row,
            sheet.frozen["subjects"][code]["place"],
            replace(line_points(line), note=_note(line, sheet, code)),
            plain(line.effective),
            lost(line),
            above(line),
            None
            if own is None or Sight.RANKS not in sight
            else 1 + sum(other > own for other in of_class.values()),
            len(of_class),
            value,
            target,
            line_points(old) if old else None,
            figures_of(old, units)[0] if old else None,
            explained(line, points, sheet, code, labels) if told else UNTOLD,
            tuple(line.inputs),
        )


def figures_of(line: Line, units: Mapping[str, str]) -> tuple[Figure | None, Figure | None]:
    """What a line of one method measures and what it is held against, where it says so; a line that
    reads one fact alone measures that."""
    if line.indicator.combine is not None or line.state != "scored" or line.why:
        return None, None
    params = line.indicator.parts[0].method.params

    def figure(expression: Any) -> Figure | None:
        if expression is None:
            return None
        try:
            value = expression.evaluate(line.env)
        except (KeyError, ZeroDivisionError):
            return None
        return in_unit(value, unit_of(expression.tree, units, line.env))

    value = figure(params.get("value"))
    if value is None and len(line.inputs) == 1:
        ((name, given),) = line.inputs.items()
        value = None if given is None else in_unit(given, units.get(name, ""))
    against = (figure(params[key]) for key in _AGAINST if key in params)
    return value, next(against, None)


def _shares(sheet: ScoredSheet, at: int) -> dict[str, dict[str, Fraction]]:
    """By class, the part of the line's points that each subject got, of those that are scored."""
    found: dict[str, dict[str, Fraction]] = {}
    for card in sheet.result.scorecards:
        line, of_class = card.lines[at], found.setdefault(card.subject.class_name, {})
        if line.state == "scored" and line.effective:
            of_class[card.subject.code] = Fraction(line.award) / Fraction(line.effective)
    return found


def _note(line: Line, sheet: ScoredSheet, code: str) -> str:
    """What stands beside the points where the level of the card did not decide itself."""
    return decided_note(line, sheet, code) if sheet.column is RulingLevel.PROVINCE else ""


def _doubted(rows: list[LineRow], sheet: ScoredSheet, at: int, year: int | None) -> list[LineRow]:
    """The rows with what is unusual of their values: by the rules that forms ask by."""
    indicator = sheet.rulebook.indicators[at]
    values = [row.value.value for row in rows if row.value is not None]
    most = sorted(values)[-2:]
    found = []
    for row in rows:
        if row.value is None:
            found.append(row)
            continue
        value, unit = row.value.value, row.value.unit
        peer = None
        if len(most) == 2:
            peer = most[0] if value == most[1] else most[1]
        last = row.last_value
        before = last.value if last is not None and last.unit == unit else None
        facts = FigureFacts(
            indicator.name, value, unit, before, f"{year} 年度", usual_in(unit), peer
        )
        found.append(replace(row, doubts=tuple(figure_doubts(facts))))
    return found


def _sorted(rows: list[LineRow], sort: str) -> list[LineRow]:
    key = SORTS[sort.removeprefix("-")][1]
    known = [row for row in rows if key(row) is not None]
    unknown = [row for row in rows if key(row) is None]
    return [*sorted(known, key=key, reverse=sort.startswith("-")), *unknown]
