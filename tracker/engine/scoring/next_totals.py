"""What the total gains by a change of one fact: the sheet is scored again with it, so that what one
line gains and another loses, shared caps, limits and vetoes have their say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from tracker.engine.scoring.exact import Number, exact, fixed, plain
from tracker.engine.scoring.facts import Facts
from tracker.engine.scoring.levers import Lever
from tracker.engine.scoring.next_points import NextPoints, Reach, line_searches, of_subjects
from tracker.engine.scoring.result import UNSCORABLE, Line, Scorecard
from tracker.engine.scoring.rulebook import Rulebook
from tracker.engine.scoring.search import Search
from tracker.engine.scoring.trials import Bench, Trial, Whole

WORTH = Decimal("0.5")
"""So many points (分) are worth an effort: a smaller step is named only where no more is to be had.
"""


def next_totals(
    rulebook: Rulebook,
    facts: Facts,
    granularity: Mapping[str, Decimal] | None = None,
    highest: Mapping[str, Decimal] | None = None,
    subjects: Collection[str] | None = None,
    worth: Decimal = WORTH,
) -> list[NextPoints]:
    """As `next_points`, but gains are those of the total, and each fact is named once.

    `next` is the smallest change found by which the total gains `worth` (分), or the most that the
    fact can bring where that is less; `full` the smallest found that brings the most. No change
    that fires a veto or leaves a line unscorable is named. Raises as `next_points` does.
    """

    def find(
        bench: Bench,
        place: int,
        by_line: list[tuple[Lever, ...]],
        units: Mapping[str, Number],
        tops: Mapping[str, Number],
    ) -> Iterator[NextPoints]:
        return _of_subject(bench, place, by_line, units, tops, worth)

    return of_subjects(rulebook, facts, granularity, highest, subjects, find)


def gains_with(
    rulebook: Rulebook, facts: Facts, subject: str, values: Sequence[tuple[str, Number]]
) -> list[Decimal | None]:
    """What the total of a subject gains (分) with each (measure, value) alone in place of what the
    facts say; None where a veto would fire or a line could no longer be scored. KeyError for a
    subject that is not there."""
    own = {each.code: each for each in facts.subjects}[subject]
    peers = [each for each in facts.subjects if each.class_name == own.class_name]
    bench, place = Bench(rulebook, own.class_name, peers), peers.index(own)
    found = []
    for measure, value in values:
        sheet = Whole(bench, place, measure)
        now, then = sheet.card(sheet.now), sheet.card(exact(value))
        found.append(None if _worse(then, now) else then.total - now.total)
    return found


def _of_subject(
    bench: Bench,
    index: int,
    by_line: list[tuple[Lever, ...]],
    units: Mapping[str, Number],
    tops: Mapping[str, Number],
    worth: Decimal,
) -> Iterator[NextPoints]:
    best: dict[str, NextPoints] = {}
    sheets: dict[str, Whole] = {}
    for line, trial, search in line_searches(bench, index, by_line, units, tops):
        if trial.measure not in sheets:
            sheets[trial.measure] = Whole(bench, index, trial.measure)
        sheet = sheets[trial.measure]
        found = _Total(trial, sheet, search, worth).found(bench.subjects[index].code, line)
        if found is None:
            continue
        known = best.get(found.measure)
        if known is None or found.full.gain > known.full.gain:
            best[found.measure] = found
    yield from best.values()


class _Total:
    """The total's gain by the steps of a search that gains in its line, in units of the last
    place."""

    def __init__(self, trial: Trial, sheet: Whole, search: Search, worth: Decimal) -> None:
        self.trial, self.sheet, self.search = trial, sheet, search
        self.worth = worth * 10**search.line.decimals
        self.gains: dict[int, int] = {}

    def found(self, code: str, line: Line) -> NextPoints | None:
        search = self.search
        least, full = search.smallest(), search.fullest()
        assert least is not None, "only what gains is found"
        if self.gain(full) < 0 < self.gain(least):
            full = self._last_allowed(least, full)
        best = max((full, least), key=self.gain)
        most = self.gain(best)
        if most <= 0:
            return None
        following = self._first(self._first(best, most), min(self.worth, most))
        # Where the total turns back, a change on the way may bring more than the ends do.
        most = max(self.gains.values())
        full = min((k for k, gain in self.gains.items() if gain == most), key=abs)
        enough = min(self.worth, most)
        if self.gain(following) < enough or abs(following) > abs(full):
            following = min((k for k, gain in self.gains.items() if gain >= enough), key=abs)
        now = self.trial.now
        return NextPoints(
            code,
            line.code,
            self.trial.measure,
            None if now is None else plain(now),
            line.award,
            self._reach(following),
            self._reach(full),
            of_total=True,
        )

    def gain(self, step: int) -> int:
        """What the total gains; far below 0 where the change must not be named."""
        found = self.gains.get(step)
        if found is None:
            known = self.search.scored(step)
            found = self.sheet.gain(self.search.value(step), self.trial.number, known)
            self.gains[step] = found
        return found

    def _first(self, limit: int, goal: Decimal | int) -> int:
        """The smallest step up to `limit`, which reaches it, by which the total gains `goal`: the
        one of the line where that is the total's too, else by halving."""
        hint = self.search.reaching(limit, int(goal))
        sign, low, high = (1 if limit > 0 else -1), 0, abs(limit)
        for k in (abs(hint), abs(hint) - 1) if hint is not None else ():
            if low < k < high:
                low, high = (low, k) if self.gain(sign * k) >= goal else (k, high)
        while high - low > 1:
            k = (low + high) // 2
            low, high = (low, k) if self.gain(sign * k) >= goal else (k, high)
        return sign * high

    def _last_allowed(self, low: int, high: int) -> int:
        """The step before a veto or an impossible line, where `low` is allowed and `high` not."""
        sign, low, high = (1 if high > 0 else -1), abs(low), abs(high)
        while high - low > 1:
            k = (low + high) // 2
            low, high = (low, k) if self.gain(sign * k) < 0 else (k, high)
        return sign * low

    def _reach(self, step: int) -> Reach:
        then, line = self.search.value(step), self.search.line
        change = then - (self.trial.now or 0)
        units = self.search.scored(step)
        if units is None:
            units = self.trial.line(then).units
        award, gain = (Decimal(fixed(n, line.decimals)) for n in (units, self.gain(step)))
        return Reach(plain(then), plain(change), award, gain)


def _worse(then: Scorecard, now: Scorecard) -> bool:
    """Whether a veto fires that did not, or something can no longer be scored or decided."""
    lacking = {line.code for line in now.lines if line.state == UNSCORABLE}
    return (
        not set(then.vetoes) <= set(now.vetoes)
        or not set(then.undecided) <= set(now.undecided)
        or any(line.state == UNSCORABLE and line.code not in lacking for line in then.lines)
    )
