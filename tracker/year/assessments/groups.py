"""A sheet's points by group (一级指标), and what the subjects of a class got of them on average."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from tracker.engine.scoring import Line, Result, Scorecard

# Kind (score, bonus, deduction) and name.
Group = tuple[str, str]


def lines_by_group(card: Scorecard) -> dict[Group, list[Line]]:
    """The lines of `card` by group, in the rulebook's order."""
    found: dict[Group, list[Line]] = {}
    for line in card.lines:
        found.setdefault((line.indicator.kind, line.indicator.group), []).append(line)
    return found


def group_points(lines: list[Line]) -> Fraction:
    """The points (分) in force, without those that were spread away."""
    return sum((Fraction(line.effective) for line in lines if not line.spread_away), Fraction(0))


def group_award(lines: list[Line]) -> Decimal | None:
    """The sum of what could be scored, or is given where it does not apply; None where nothing
    could."""
    awards = [line.award for line in lines if line.state == "scored" or line.award]
    return sum(awards, Decimal(0)) if awards else None


def mean_shares(result: Result) -> Mapping[tuple[str, Group], Fraction]:
    """By class and group, the mean part of the group's points that the assessed subjects got, over
    those whose group could be scored at least in part; nothing for a class of one."""
    shares: dict[tuple[str, Group], list[Fraction]] = defaultdict(list)
    members: dict[str, int] = defaultdict(int)
    for card in result.scorecards:
        if not card.assessed:
            continue
        members[card.subject.class_name] += 1
        for group, lines in lines_by_group(card).items():
            award, points = group_award(lines), group_points(lines)
            if award is not None and points:
                shares[card.subject.class_name, group].append(Fraction(award) / points)
    return {
        (class_name, group): sum(found, Fraction(0)) / len(found)
        for (class_name, group), found in shares.items()
        if members[class_name] > 1
    }
