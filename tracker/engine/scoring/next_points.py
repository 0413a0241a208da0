"""What brings the next points: the smallest change of one fact that gains points in a line.

Every change that is returned has been scored. The closed forms of `needed` only say where to look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracker.engine.scoring.exact import Number, exact, fixed, plain, read_decimal, round_units
from tracker.engine.scoring.facts import Facts, FactsError
from tracker.engine.scoring.levers import Lever, levers
from tracker.engine.scoring.result import FACT_MISSING, SCORED, Line, Scorecard
from tracker.engine.scoring.rulebook import Indicator, Rulebook
from tracker.engine.scoring.score import fact_faults, score
from tracker.engine.scoring.search import Search
from tracker.engine.scoring.trials import Bench, Trial

HUNDREDTH = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Reach:
    """A changed fact and what its line gives then.

    `then` and `change` (signed) are decimal strings in the measure's unit; `award` and `gain` in
    分 with `line_decimals` places. From a fact that is not reported, `change` is from 0.
    """

    then: str
    change: str
    award: Decimal
    gain: Decimal


@dataclass(frozen=True, slots=True)
class NextPoints:
    """How one fact gains points in one line of one subject, all else staying as it is.

    `now` is the fact as a decimal string, None if it is not reported; `award` the line's rounded
    award (分) now. `next` is the smallest change that gains, `full` the smallest that gains the
    most that this fact alone can; both are the same where there is but one step.
    Gains are those of the line: caps of the sheet and vetoes may take from them, and lines that
    read the same fact may gain besides. Those `of_total` are the total's (see `next_totals`).
    """

    subject: str
    line: str
    measure: str
    now: str | None
    award: Decimal
    next: Reach
    full: Reach
    of_total: bool = False

    @property
    def then(self) -> str:
        """The fact after the smallest change that gains."""
        return self.next.then

    @property
    def change(self) -> str:
        """The smallest change that gains, signed."""
        return self.next.change

    @property
    def gain(self) -> Decimal:
        """What the smallest change gains in the line (分)."""
        return self.next.gain


def next_points(
    rulebook: Rulebook,
    facts: Facts,
    granularity: Mapping[str, Decimal] | None = None,
    highest: Mapping[str, Decimal] | None = None,
    subjects: Collection[str] | None = None,
) -> list[NextPoints]:
    """Find, for each subject and line that lost points, each fact that alone gains some.

    `granularity` maps measures to the step (in the measure's unit) of which a change is a whole
    number, 0.01 where none is given; `highest` to the largest value that makes sense, such as 1
    for a share. No fact that is not negative is brought below 0. `subjects` are the codes to look
    at, None for all; the others still make up the pools. In order of subjects, lines, measures.
    Raises FactsError as `score` does, ValueError for a step that is not positive.
    """
    return of_subjects(rulebook, facts, granularity, highest, subjects, _of_subject)


def of_subjects(
    rulebook: Rulebook,
    facts: Facts,
    granularity: Mapping[str, Decimal] | None,
    highest: Mapping[str, Decimal] | None,
    subjects: Collection[str] | None,
    find: Callable[..., Iterator[NextPoints]],
) -> list[NextPoints]:
    """What `find` finds for each of the subjects, in their order; see `next_points`."""
    if faults := fact_faults(rulebook, facts):
        raise FactsError(faults)
    units = {name: exact(step) for name, step in (granularity or {}).items()}
    if any(step <= 0 for step in units.values()):
        raise ValueError("a granularity must be above 0")
    tops = {name: exact(value) for name, value in (highest or {}).items()}
    by_line = [levers(line, rulebook.meaning) for line in rulebook.indicators]
    classes: dict[str, list[int]] = {}
    for index, subject in enumerate(facts.subjects):
        classes.setdefault(subject.class_name, []).append(index)
    found: dict[int, list[NextPoints]] = {}
    for name, members in classes.items():
        if subjects is not None and not any(facts.subjects[n].code in subjects for n in members):
            continue
        bench = Bench(rulebook, name, [facts.subjects[index] for index in members])
        for place, index in enumerate(members):
            if subjects is None or facts.subjects[index].code in subjects:
                found[index] = list(find(bench, place, by_line, units, tops))
    return [item for index in sorted(found) for item in found[index]]


def sheet_after(rulebook: Rulebook, facts: Facts, item: NextPoints, reach: Reach) -> Scorecard:
    """Score the subject's class anew with a change made: total, grade and rank as they would be.

    `reach` is `item.next` or `item.full`. Caps, vetoes, quotas and all lines that read the fact
    have their say here. Raises KeyError if the facts have no such subject.
    """
    by_code = {subject.code: subject for subject in facts.subjects}
    own, then = by_code[item.subject], read_decimal(reach.then)
    assert then is not None, "`then` was written by us"
    changed = replace(own, measures={**own.measures, item.measure: then})
    same_class = tuple(
        changed if subject is own else subject
        for subject in facts.subjects
        if subject.class_name == own.class_name
    )
    result = score(rulebook, replace(facts, subjects=same_class))
    return next(card for card in result.scorecards if card.subject is changed)


def _of_subject(
    bench: Bench,
    index: int,
    by_line: list[tuple[Lever, ...]],
    units: Mapping[str, Number],
    tops: Mapping[str, Number],
) -> Iterator[NextPoints]:
    for line, trial, search in line_searches(bench, index, by_line, units, tops):
        yield _found(bench.subjects[index].code, line, trial, search)


def line_searches(
    bench: Bench,
    index: int,
    by_line: list[tuple[Lever, ...]],
    units: Mapping[str, Number],
    tops: Mapping[str, Number],
) -> Iterator[tuple[Line, Trial, Search]]:
    """Every search of a fact by which a line of the subject gains."""
    for number, line in enumerate(bench.kept_lines(index)):
        if not by_line[number] or not _lost(line):
            continue
        for lever in by_line[number]:
            if line.why == FACT_MISSING and line.lacking != (lever.measure,):
                continue
            trial = Trial(bench, index, number, lever.measure)
            search = Search(
                trial, line, lever, units.get(lever.measure, HUNDREDTH), tops.get(lever.measure)
            )
            if search.smallest() is not None:
                yield line, trial, search


def _lost(line: Line) -> bool:
    """Tell whether a line could give more than it does, for a fact that can be moved."""
    if line.why == FACT_MISSING and not line.in_applies:
        return line.indicator.kind != "deduction"
    if line.state != SCORED or line.why:
        return False
    return line.units < round_units(_top(line.indicator, line.effective), line.decimals)


def _top(indicator: Indicator, points: Number) -> Number:
    """Return the most that a line can give (分)."""
    if indicator.kind == "deduction":
        return 0
    params = indicator.parts[0].method.params  # those of a part are 1 at most
    return points * max(1, params.get("cap", 1), params.get("ceiling", 1))


def _found(code: str, line: Line, trial: Trial, search: Search) -> NextPoints:
    least = search.smallest()
    assert least is not None, "only what gains is found"
    return NextPoints(
        code,
        line.code,
        trial.measure,
        None if trial.now is None else plain(trial.now),
        line.award,
        _reach(line, trial, search, least),
        _reach(line, trial, search, search.fullest()),
    )


def _reach(line: Line, trial: Trial, search: Search, step: int) -> Reach:
    then = search.value(step)
    units = search.units(step)
    return Reach(
        plain(then),
        plain(then - (trial.now or 0)),
        Decimal(fixed(units, line.decimals)),
        Decimal(fixed(units - line.units, line.decimals)),
    )
