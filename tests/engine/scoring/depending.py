"""What of two scorings is another, and whether a line reads a fact, told from the lines alone."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.engine.scoring import Dependence, Dependent, Line, Scorecard, SetResult, Through
from tracker.engine.scoring.result import NOT_APPLICABLE
from tracker.engine.scoring.rulebook import Rulebook


def arithmetic(line: Line) -> tuple:
    """All that a line's award and its explanation are made of."""
    return (
        line.units,
        line.exact,
        line.state,
        line.effective,
        line.scale,
        line.why,
        line.reason,
        line.lacking,
        line.nowhere_to_spread,
        tuple((part.points, part.award, part.trace) for part in line.parts),
        line.inputs,
        line.pooled,
    )


def changed_places(before: SetResult, after: SetResult) -> set[tuple[str, str, str]]:
    """(subject, code, line) of every line whose points or arithmetic are another."""
    return {
        (subject, card.subject.code, line.code)
        for subject, result in after.results.items()
        for old, card in zip(before.results[subject].scorecards, result.scorecards, strict=True)
        if old is not card  # taken over whole
        for was, line in zip(old.lines, card.lines, strict=True)
        if arithmetic(was) != arithmetic(line)
    }


def changed_standings(before: SetResult, after: SetResult) -> tuple[set, set]:
    """The sheets whose total or completeness is another, and the classes with another order."""
    totals, classes = set(), set()
    for subject, result in after.results.items():
        for old, card in zip(before.results[subject].scorecards, result.scorecards, strict=True):
            if (old.total, old.complete, old.vetoes) != (card.total, card.complete, card.vetoes):
                totals.add((subject, card.subject.code))
            if (old.rank, old.tied, old.grade) != (card.rank, card.tied, card.grade):
                classes.add((subject, card.subject.class_name))
    return totals, classes


def reads(each: Dependent, book: Rulebook, *lines: Line) -> bool:
    """Whether the explanation of the line, before or after, or the condition under which it or
    another applies, names the fact."""
    asks = {
        line.code: set(line.applies.names) if line.applies else set() for line in book.indicators
    }
    shared = {f"{word}.{each.measure}" for word in ("mean", "best", "sum")}
    if each.way is Through.READS:
        told = {name for line in lines for name in line.inputs}
        if any(line.in_applies or line.state == NOT_APPLICABLE for line in lines):
            told |= set(lines[0].indicator.reads)  # what it would read if it applied
        return each.measure in told | asks[each.line]
    if each.way is Through.CLASS:
        told = {name for line in lines for name in line.pooled}
        return bool(shared & (told | asks[each.line]))
    if each.way is Through.POOL:
        values = [part.method for part in lines[0].indicator.parts if part.method.pooled]
        names = {name for method in values for name in method.params["value"].names}
        return bool(values) and bool((shared | {each.measure}) & (names | asks[each.line]))
    assert each.way is Through.SPREAD
    spread = {
        name for line in book.indicators if line.absent == "spread" for name in asks[line.code]
    }
    return lines[0].indicator.kind == "score" and bool((shared | {each.measure}) & spread)


def check(
    found: Dependence,
    before: SetResult,
    after: SetResult,
    fact: tuple[str, str, str],
) -> int:
    """Nothing moved that was not predicted, all that is predicted reads the fact, and every line
    whose explanation shows the changed fact is another; gives how many lines moved."""
    moved = changed_places(before, after)
    assert moved <= found.places, moved - found.places
    totals, classes = changed_standings(before, after)
    assert totals <= found.totals, totals - found.totals
    assert classes <= found.classes, classes - found.classes
    sides = [_cards(side) for side in (before, after)]
    for each in found.lines:
        lines = [side[each.subject, each.code].line(each.line) for side in sides]
        assert reads(each, before.results[each.subject].rulebook, *lines), each
        own = (each.subject, each.code, each.measure) == fact and each.way is Through.READS
        if own and all(each.measure in line.inputs for line in lines):
            assert (each.subject, each.code, each.line) in moved, each
    return len(moved)


def _cards(of: SetResult) -> Mapping[tuple[str, str], Scorecard]:
    return {
        (subject, card.subject.code): card
        for subject, result in of.results.items()
        for card in result.scorecards
    }
