"""What changed between two scorings: sheets, lines, and the facts and rules that made it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.engine.scoring.diff import diff_rulebooks
from tracker.engine.scoring.exact import Number
from tracker.engine.scoring.facts import Facts, FactsError
from tracker.engine.scoring.meaning import CURRENT, Meaning
from tracker.engine.scoring.rendering import Labels
from tracker.engine.scoring.result import SCORED, Line, Result, Scorecard
from tracker.engine.scoring.rulebook import Rulebook
from tracker.engine.scoring.score import score
from tracker.engine.scoring.trials import Bench, Trial

Scored = Result | tuple[Rulebook, Facts]
Parts = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class LineSide:
    """A line before or after: its rounded award and its points after a spread, both 分; state."""

    award: Decimal
    state: str
    points: Number


@dataclass(frozen=True, slots=True)
class FactChange:
    """A measure of a line before and after, None where it is not reported.

    `alone` is the line as it would be if only this fact had changed: by the rulebook of before and
    with the other subjects of before. None where that rulebook has no such line, or reads no such
    measure. `read`: whether the rulebooks of before and of after read the measure at all; what one
    of them does not ask for is not unreported there.
    """

    measure: str
    before: Number | None
    after: Number | None
    alone: LineSide | None
    read: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A class value that a line reads (mean.X, best.X, sum.X) before and after."""

    name: str
    before: Number | None
    after: Number | None


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of one subject that changed, or whose facts or rules did.

    `before` or `after` is None where that rulebook has no such line. `facts` are those of the
    subject itself, those that `applies` reads included; `rules` Chinese sentences, one a change of
    the line in the rulebook; `reread` the line of before as the engine of after reads the same
    rulebook and facts, None where that makes no difference; `by_rule` and `by_own` part the
    difference (分) between the rule and the facts, by scoring the facts of before with the rulebook
    of after, None where the rule is the same or that cannot be scored; `pooled` tells that the
    line sets the subjects of a class against each other, so that it can change by the facts of
    others alone. `meaning` is that of the engine of after, in whose words it is said.
    """

    subject: str
    line: str
    name: str
    kind: str
    before: LineSide | None
    after: LineSide | None
    facts: tuple[FactChange, ...]
    class_values: tuple[ClassChange, ...]
    rules: tuple[str, ...]
    reread: LineSide | None
    pooled: bool
    by_rule: Decimal | None = None
    by_own: Decimal | None = None
    meaning: Meaning = CURRENT

    @property
    def difference(self) -> Decimal:
        """The points (分) that the line gained; a line that is not there counts 0."""
        after = self.after.award if self.after else Decimal(0)
        return after - (self.before.award if self.before else Decimal(0))

    @property
    def only_cause(self) -> FactChange | None:
        """The one fact that made the whole difference; None if there is no such fact."""
        others = self.rules or self.reread
        if len(self.facts) == 1 and self.facts[0].alone == self.after and not others:
            return self.facts[0]
        return None


@dataclass(frozen=True, slots=True)
class SheetSide:
    """A sheet before or after: points (分) as on the scorecard; `rank` None if unranked, it and
    `grade` None if not assessed (不予评定)."""

    class_name: str
    complete: bool
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal
    grade: str | None
    rank: int | None
    vetoes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetChange:
    """A subject whose sheet changed; `before` None if it is new, `after` None if it is gone.

    `lines` in the order of the rulebook of after, those that are gone last; none for a subject
    that is new or gone. `by_rule` and `by_own` part the difference of the totals as a line's do,
    None where the rulebook is the same, or either card or the one between is not complete.
    `meaning` is that of the engine of after, in whose words it is said.
    """

    subject: str
    name: str
    before: SheetSide | None
    after: SheetSide | None
    lines: tuple[LineChange, ...]
    by_rule: Decimal | None = None
    by_own: Decimal | None = None
    meaning: Meaning = CURRENT


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes: `rules` are Chinese sentences on the engine, where the versions differ, and on
    the rulebook outside its lines; sheets."""

    rules: tuple[str, ...]
    sheets: tuple[SheetChange, ...]

    def __bool__(self) -> bool:
        return bool(self.rules or self.sheets)


def changes(before: Scored, after: Scored, labels: Labels | None = None) -> Changes:
    """Compare two scorings sheet by sheet and line by line; subjects and lines go by their codes.

    Each side is a result, or a rulebook and facts to be scored. Sheets keep the order of after,
    those that are gone come last. `labels` of measures stand in the sentences on rules. Raises
    FactsError as `score` does.
    """
    return _Comparison(_result(before), _result(after), labels).changes()


def _result(scored: Scored) -> Result:
    return scored if isinstance(scored, Result) else score(*scored)


class _Comparison:
    def __init__(self, before: Result, after: Result, labels: Labels | None) -> None:
        self.before = before
        self.after = after
        self.labels = labels
        self.same = after.rulebook.meaning.same
        self.cards = {self.same(card.subject.code): card for card in before.scorecards}
        self.books_differ = before.rulebook.sha256 != after.rulebook.sha256
        self.reread = _reread(before, after)
        self.between = _between(before, after) if self.books_differ else {}
        self.rules = self.line_rules()
        self.benches: dict[str, tuple[Bench, dict[str, int]]] = {}

    def changes(self) -> Changes:
        sheets = [self.sheet(card) for card in self.after.scorecards]
        kept = {self.same(card.subject.code) for card in self.after.scorecards}
        sheets += [
            SheetChange(
                card.subject.code,
                card.subject.name,
                _side(card),
                None,
                (),
                meaning=self.after.rulebook.meaning,
            )
            for code, card in self.cards.items()
            if code not in kept
        ]
        return Changes(self.other_rules(), tuple(filter(None, sheets)))

    def other_rules(self) -> tuple[str, ...]:
        engines = (self.before.engine, self.after.engine)
        words = () if engines[0] == engines[1] else ("计分引擎由 {} 改为 {}".format(*engines),)
        if not self.books_differ:
            return words
        later = self.after.rulebook
        earlier = replace(self.before.rulebook, indicators=later.indicators)
        return (*words, *diff_rulebooks(earlier, later, self.labels))

    def line_rules(self) -> Mapping[str, tuple[str, ...]]:
        """Say by code what changed in the rules of the lines that both rulebooks have."""
        if not self.books_differ:
            return {}
        later = self.after.rulebook
        before = {line.code: line for line in self.before.rulebook.indicators}
        return {
            line.code: tuple(
                diff_rulebooks(
                    replace(later, indicators=(before[line.code],)),
                    replace(later, indicators=(line,)),
                    self.labels,
                )
            )
            for line in later.indicators
            if line.code in before
        }

    def sheet(self, card: Scorecard) -> SheetChange | None:
        code = card.subject.code
        earlier = self.cards.get(self.same(code))
        if earlier is None:
            return SheetChange(
                code,
                card.subject.name,
                None,
                _side(card),
                (),
                meaning=self.after.rulebook.meaning,
            )
        lines = {line.code: line for line in earlier.lines}
        found = [self.line(earlier, card, lines.pop(line.code, None), line) for line in card.lines]
        found += [self.line(earlier, card, line, None) for line in lines.values()]
        changed = tuple(filter(None, found))
        if not changed and _side(earlier) == _side(card):
            return None
        parts = self.sheet_parts(earlier, card)
        return SheetChange(
            code,
            card.subject.name,
            _side(earlier),
            _side(card),
            changed,
            *parts,
            meaning=self.after.rulebook.meaning,
        )

    def sheet_parts(self, earlier: Scorecard, card: Scorecard) -> Parts:
        between = self.between.get(earlier.subject.code)
        if between is None or not (earlier.complete and between.complete and card.complete):
            return None, None
        return between.total - earlier.total, card.total - between.total

    def line_parts(self, earlier: Scorecard, before: Line | None, after: Line | None) -> Parts:
        """What the rule and what the facts changed, where the rule changed and both are known."""
        between = self.between.get(earlier.subject.code)
        if before is None or after is None or between is None:
            return None, None
        there = (before, between.line(after.code), after)
        if any(line.state != SCORED or line.zeroed for line in there):
            return None, None
        return there[1].award - before.award, after.award - there[1].award

    def line(
        self, earlier: Scorecard, card: Scorecard, before: Line | None, after: Line | None
    ) -> LineChange | None:
        there = [line for line in (before, after) if line is not None]
        last = there[-1]
        rules = self.rules.get(last.code, ())
        facts = self.facts(earlier, card, before, there)
        class_values = _class_changes(before, after) if before and after else ()
        was, becomes = (None if line is None else _line_side(line) for line in (before, after))
        reread = self.reread_line(earlier, before) if after else None
        if was == becomes and not (rules or facts or class_values or reread):
            return None
        by_rule, by_own = self.line_parts(earlier, before, after) if rules else (None, None)
        return LineChange(
            card.subject.code,
            last.code,
            last.indicator.name,
            last.indicator.kind,
            was,
            becomes,
            facts,
            class_values,
            rules,
            reread,
            any(part.method.pooled for line in there for part in line.indicator.parts),
            by_rule,
            by_own,
            meaning=self.after.rulebook.meaning,
        )

    def reread_line(self, earlier: Scorecard, before: Line | None) -> LineSide | None:
        """Return the line as the engine of after reads what was before, if that is another."""
        card = self.reread.get(earlier.subject.code)
        if card is None or before is None:
            return None
        found = _line_side(card.line(before.code))
        return None if found == _line_side(before) else found

    def facts(
        self, earlier: Scorecard, card: Scorecard, before: Line | None, there: list[Line]
    ) -> tuple[FactChange, ...]:
        old, new = earlier.subject.measures, card.subject.measures
        names = dict.fromkeys(name for line in there for name in _direct(line))
        read = [set(result.rulebook.measures) for result in (self.before, self.after)]
        return tuple(
            FactChange(
                name,
                old.get(name),
                new.get(name),
                self.alone(earlier, before, name, new.get(name)),
                (name in read[0], name in read[1]),
            )
            for name in names
            if old.get(name) != new.get(name)
        )

    def alone(
        self, earlier: Scorecard, before: Line | None, measure: str, value: Number | None
    ) -> LineSide | None:
        if before is None or measure not in self.before.rulebook.measures:
            return None
        bench, places = self.bench(earlier.subject.class_name)
        number = next(n for n, line in enumerate(earlier.lines) if line is before)
        trial = Trial(bench, places[earlier.subject.code], number, measure)
        return _line_side(trial.line(value))

    def bench(self, class_name: str) -> tuple[Bench, dict[str, int]]:
        if class_name not in self.benches:
            subjects = [
                card.subject
                for card in self.before.scorecards
                if card.subject.class_name == class_name
            ]
            places = {subject.code: place for place, subject in enumerate(subjects)}
            self.benches[class_name] = Bench(self.before.rulebook, class_name, subjects), places
        return self.benches[class_name]


def _reread(before: Result, after: Result) -> dict[str, Scorecard]:
    """Score what was before as the engine of after would, by code; nothing for the same engine."""
    meaning = after.rulebook.meaning
    if before.rulebook.meaning == meaning:
        return {}
    subjects = tuple(
        replace(card.subject, class_name=meaning.same(card.subject.class_name))
        for card in before.scorecards
    )
    book = before.rulebook
    facts = Facts(book.year, subjects, before.facts_sha256)
    # The classes that a later office declares were not asked of the facts of before.
    again = score(replace(book, meaning=meaning, classes=()), facts)
    return {card.subject.code: card for card in again.scorecards}


def _between(before: Result, after: Result) -> dict[str, Scorecard]:
    """Score what was before by the rulebook of after, by code; nothing where it does not take those
    facts."""
    meaning, book = after.rulebook.meaning, after.rulebook
    subjects = tuple(
        replace(card.subject, class_name=meaning.same(card.subject.class_name))
        for card in before.scorecards
    )
    try:
        again = score(book, Facts(book.year, subjects, before.facts_sha256))
    except FactsError:
        return {}
    return {card.subject.code: card for card in again.scorecards}


def _direct(line: Line) -> list[str]:
    """Name the measures that a line reads directly, those of `applies` first."""
    applies = line.indicator.applies
    names = [] if applies is None else [n for n in applies.names if n in applies.measures]
    return [*names, *line.indicator.reads]


def _class_changes(before: Line, after: Line) -> tuple[ClassChange, ...]:
    old, new = before.pooled, after.pooled
    return tuple(
        ClassChange(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _line_side(line: Line) -> LineSide:
    return LineSide(line.award, line.state, line.effective)


def _side(card: Scorecard) -> SheetSide:
    return SheetSide(
        card.subject.class_name,
        card.complete,
        card.base,
        card.bonus,
        card.deduction,
        card.total,
        card.grade,
        card.rank,
        card.vetoes,
    )
