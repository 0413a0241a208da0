"""What the page of a simulation shows: the fields, what is supposed, and what it would move."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tracker.engine.scoring import (
    SUBJECTS,
    Changes,
    LineChange,
    Number,
    SheetChange,
    SheetSide,
    Through,
    explain,
    meaning_of,
    plain,
)
from tracker.engine.scoring import figure as written
from tracker.year.assessments.changes import Vocabulary, without_class
from tracker.year.assessments.class_lines import UNTOLD, tells_others
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.assessments.simulating import Simulated, depends_on, facts_read
from tracker.year.assessments.simulation_address import (
    UNREPORTED_WORD,
    Supposed,
    written_value,
)
from tracker.year.assessments.simulation_rights import Shown, Untried
from tracker.year.assessments.weights import Weight, weights_by_path, weights_of
from tracker.year.measures.labels import by_rule_words

LINES_SHOWN = 200
NAMED = 3
_TYPED_IN = {"比例": "%", "是否": "1 是，0 否"}

Sheet = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """A field of the form: what is called `label` and is `now`, in `unit`; what is supposed or was
    typed, its fault, and what depends on it, in words. `untried`: it may not be tried yet."""

    name: str
    label: str
    unit: str
    now: str
    value: str
    fault: str
    reach: str = ""
    untried: bool = False


@dataclass(frozen=True)
class Fields:
    """The fields of a line; `fault` is of the line as a whole."""

    code: str
    name: str
    fields: tuple[Field, ...]
    fault: str = ""


@dataclass(frozen=True)
class MovedLine:
    """A line that would be another: awards (分), why, and how the award would come about."""

    code: str
    name: str
    before: Decimal
    after: Decimal
    difference: Decimal
    why: str
    explained: str


@dataclass(frozen=True)
class MovedSheet:
    """A sheet that would be another, with its lines in words."""

    sheet: str
    code: str
    change: SheetChange
    lines: tuple[str, ...]


class Told:
    """Says what of a frozen year is supposed and moved."""

    def __init__(self, points: ScoredSnapshot) -> None:
        self.points = points
        self.meaning = meaning_of(points.document["engine"])
        self.words = Vocabulary.of(points)

    def value(self, measure: str, value: Number | None) -> str:
        """A value of a measure with its unit, 未报 for none."""
        if value is None:
            return UNREPORTED_WORD
        return written(plain(value), self.words.units.get(measure, ""), self.meaning)

    def fact_fields(self, at: Sheet, supposed: Supposed, untried: Untried) -> Iterator[Fields]:
        """The facts that a sheet reads, by the first line that does."""
        card = self.points.sheets[at[0]].card(at[1])
        for code, names in facts_read(card).items():
            fields = tuple(self._fact_field(at, name, supposed, untried) for name in names)
            yield Fields(code, card.line(code).indicator.name, fields)

    def _fact_field(self, at: Sheet, measure: str, supposed: Supposed, untried: Untried) -> Field:
        key = (*at, measure)
        unit = self.words.units.get(measure, "")
        typed, fault = supposed.wrong_facts.get(key, ("", ""))
        if key in supposed.facts:
            value = supposed.facts[key]
            typed = UNREPORTED_WORD if value is None else written_value(value, unit)
        sheet, code = self.points.sheets[at[0]], at[1]
        now = sheet.card(code).subject.measures.get(measure)
        beside = by_rule_words(sheet.undone(code, measure, now))
        return Field(
            f"v.{measure}",
            self.words.labels.get(measure, measure),
            _TYPED_IN.get(unit, unit),
            f"{self.value(measure, now)}{beside}",
            typed,
            fault,
            reached(self.points, at, measure).here,
            untried.fact(*key),
        )

    def weight_fields(
        self, sheet: str, supposed: Supposed, faults: Mapping[str, str], untried: Untried
    ) -> Iterator[Fields]:
        """The figures of a rulebook by line; `faults` are those of whole lines."""
        of_sheet = self.points.sheets[sheet]
        names = {line.code: line.name for line in of_sheet.rulebook.indicators}
        for code, of in weights_of(self.points, of_sheet).items():
            closed = untried.weight(sheet, code)
            fields = tuple(self._weight_field(sheet, each, supposed, closed) for each in of)
            yield Fields(code, names[code], fields, faults.get(code, ""))

    def _weight_field(self, sheet: str, weight: Weight, supposed: Supposed, untried: bool) -> Field:
        key = (sheet, weight.line, weight.path)
        typed, fault = supposed.wrong_weights.get(key, ("", ""))
        if key in supposed.weights:
            typed = f"{supposed.weights[key].normalize():f}"
        name = f"k.{weight.line}~{weight.path}"
        now = f"{weight.now.normalize():f}"
        return Field(name, weight.label, "", now, typed, fault, untried=untried)

    def lines(
        self, change: SheetChange, simulated: Simulated, sheet: str, shown: Shown
    ) -> list[MovedLine]:
        """The lines of a sheet that would be others."""
        card = simulated.card(sheet, change.subject)
        said = (self.words.labels, self.words.units)
        found = []
        for each in change.lines:
            told = self._tells(sheet, change.subject, each, shown)
            explained = explain(card.line(each.line), *said) if told else UNTOLD
            found.append(self._line(each if told else without_class(each), explained))
        return found

    def _tells(self, sheet: str, code: str, change: LineChange, shown: Shown) -> bool:
        """Whether the arithmetic of a line may be told to who is shown no more than `shown`."""
        of = self.points.sheets[sheet]
        card = of.card(code)
        return shown.ranks or not tells_others(card.line(change.line), card, of)

    def _words_of(self, sheet: str, change: SheetChange, shown: Shown) -> Iterator[str]:
        for each in change.lines:
            told = self._tells(sheet, change.subject, each, shown)
            yield self.words.line(each if told else without_class(each))

    def _line(self, change: LineChange, explained: str) -> MovedLine:
        assert change.before is not None, "no line comes in a simulation"
        assert change.after is not None, "no line goes in a simulation"
        sides = (change.before.award, change.after.award)
        why = self.words.reasons(change) or "本对象的数据没有变化，同类其他对象的数据有变化"
        return MovedLine(change.line, change.name, *sides, change.difference, why, explained)

    def others(
        self,
        moved: list[tuple[ScoredSheet, Changes]],
        own: Sheet,
        seen: Collection[Sheet],
        shown: Shown,
    ) -> list[tuple[str, list[MovedSheet]]]:
        """The other sheets in sight that would be others, by what their rulebook is called."""
        found, room = [], LINES_SHOWN
        for sheet, changes in moved:
            code, rows = sheet.rulebook.code, []
            for each in changes.sheets:
                if (code, each.subject) == own or (code, each.subject) not in seen:
                    continue
                change = veiled(each, shown)
                if change is None:
                    continue
                lines = tuple(self._words_of(code, each, shown)) if room >= len(each.lines) else ()
                room -= len(lines)
                rows.append(MovedSheet(code, each.subject, change, lines))
            if rows:
                rows.sort(key=lambda row: -abs(_gained(row.change)))
                found.append((SUBJECTS[sheet.rulebook.subject], rows))
        return found


def veiled(change: SheetChange, shown: Shown) -> SheetChange | None:
    """A change without what `shown` withholds of it, and without rank and grade where a sheet is
    incomplete, which has neither; None where nothing of it is left."""

    def side(of: SheetSide | None) -> SheetSide | None:
        if of is None:
            return None
        rank = of.rank if shown.ranks and of.complete else None
        return replace(of, rank=rank, grade=of.grade if shown.grades and of.complete else "")

    before, after = side(change.before), side(change.after)
    if before == after and not change.lines:
        return None
    return replace(change, before=before, after=after)


def own_change(moved: list[tuple[ScoredSheet, Changes]], own: Sheet) -> SheetChange | None:
    """What would be another on the page's own sheet."""
    for sheet, changes in moved:
        for each in changes.sheets:
            if (sheet.rulebook.code, each.subject) == own:
                return each
    return None


def _gained(change: SheetChange) -> Decimal:
    assert change.before is not None, "nobody comes in a simulation"
    assert change.after is not None, "nobody goes in a simulation"
    return change.after.total - change.before.total


@dataclass(frozen=True)
class Reached:
    """Which points a fact of a sheet enters: `here` says which lines of its own sheet and how many
    sheets of its class, `above` which lines of which sheets above; "" for none."""

    here: str
    above: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Both, or that there are none."""
        above = f"经总分计入上级评分表：{self.above}" if self.above else ""
        return tuple(filter(None, (self.here, above))) or ("不影响任何得分",)


def reached(points: ScoredSnapshot, at: Sheet, measure: str) -> Reached:
    """Which points a fact of a sheet enters, from the rulebooks alone."""
    subject = points.sheets[at[0]].rulebook.subject
    found = depends_on(points, *at, measure)
    own: dict[str, set[Through]] = {}
    peers: set[str] = set()
    above: dict[Sheet, dict[str, None]] = {}
    for each in found.lines:
        if (each.subject, each.code) == (subject, at[1]):
            own.setdefault(each.line, set()).add(each.way)
        elif each.subject == subject and each.measure == measure:
            peers.add(each.code)
        else:
            above.setdefault((each.subject, each.code), {})[each.line] = None
    said = []
    if read := [line for line, ways in own.items() if ways != {Through.SPREAD}]:
        said.append(f"本表指标 {'、'.join(read)}")
    if any(Through.SPREAD in ways for ways in own.values()):
        said.append("本表其余指标的分值（是否均摊）")
    if peers:
        said.append(f"同类另 {len(peers)} 份表")
    return Reached("；".join(said), _above_words(points, above))


def _above_words(points: ScoredSnapshot, above: Mapping[Sheet, Collection[str]]) -> str:
    by_kind = {sheet.rulebook.subject: sheet for sheet in points.sheets.values()}
    told = [
        f"{SUBJECTS[kind]}“{by_kind[kind].card(code).subject.name}”指标 {'、'.join(lines)}"
        for (kind, code), lines in above.items()
    ]
    more = f"，等 {len(told)} 份" if len(told) > NAMED else ""
    return f"{'；'.join(told[:NAMED])}{more}"


def changes_told(told: Told, supposed: Supposed) -> list[dict[str, Any]]:
    """What is supposed, each with the address parameters that are left without it."""
    found: list[dict[str, Any]] = []
    for key, value in supposed.facts.items():
        sheet, code, measure = key
        card = told.points.sheets[sheet].card(code)
        now = card.subject.measures.get(measure)
        found.append(
            {
                "whose": card.subject.name,
                "kind": SUBJECTS[told.points.sheets[sheet].rulebook.subject],
                "label": told.words.labels.get(measure, measure),
                "before": told.value(measure, now),
                "after": told.value(measure, value),
                "without": _without(supposed, key),
            }
        )
    for key, figure in supposed.weights.items():
        sheet, line, path = key
        book = told.points.sheets[sheet].rulebook
        weight = weights_by_path(told.points, told.points.sheets[sheet])[line, path]
        found.append(
            {
                "whose": f"指标 {line} {book.indicator(line).name}",
                "kind": SUBJECTS[book.subject],
                "label": weight.label,
                "before": f"{weight.now.normalize():f}",
                "after": f"{figure.normalize():f}",
                "without": _without(supposed, key),
            }
        )
    return found


def _without(supposed: Supposed, key: tuple[str, str, str]) -> Supposed:
    return Supposed(
        {k: v for k, v in supposed.facts.items() if k != key},
        {k: v for k, v in supposed.weights.items() if k != key},
    )
