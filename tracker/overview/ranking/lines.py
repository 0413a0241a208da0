"""The lines of cards beside each other: what a class got of a line on average, and which line costs
a card most. Of scorings and trials alike; pure arithmetic. Points in 分."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any

from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import as_decimal
from tracker.engine import scoring

SCORED, UNSCORABLE = "scored", "unscorable"


@dataclass(frozen=True)
class Line:
    """A line of a card: `points` in force, `award` what it has (0 where it cannot be scored;
    deductions below 0)."""

    code: str
    name: str
    group: str
    kind: str
    state: str
    points: Fraction
    award: Decimal

    @property
    def title(self) -> str:
        """Its code and its name."""
        return f"{self.code} {self.name}"

    @property
    def share(self) -> Fraction | None:
        """The part of its points that it has; None where it is not scored."""
        if self.state != SCORED or not self.points:
            return None
        return Fraction(self.award) / self.points

    @property
    def full(self) -> Decimal:
        """Its points as they are shown."""
        return _decimal(self.points)

    @property
    def counts(self) -> bool:
        """Whether its points are to be had on this card."""
        return self.state in (SCORED, UNSCORABLE) or bool(self.award)

    @property
    def lost(self) -> Decimal:
        """What it costs: of what is scored, points without award; deductions whole; no bonus. Of
        what cannot be scored nobody knows."""
        if self.state != SCORED or self.kind == "bonus":
            return Decimal(0)
        return -self.award if self.kind == "deduction" else self.full - self.award


def of_card(card: scoring.Scorecard) -> list[Line]:
    """The lines of a card of a scoring."""
    return [
        Line(
            line.code,
            line.indicator.name,
            line.indicator.group,
            line.indicator.kind,
            line.state,
            Fraction(0) if line.spread_away else Fraction(line.effective),
            line.award if line.state != UNSCORABLE else Decimal(0),
        )
        for line in card.lines
    ]


def of_trial(lines: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of a card of a trial, as it keeps them."""
    return [
        Line(
            line["code"],
            line["name"],
            line["group"],
            line["kind"],
            line["state"],
            Fraction(line["points"]),
            Decimal(line["award"]) if line["state"] != UNSCORABLE else Decimal(0),
        )
        for line in lines
    ]


class Peers:
    """The cards of a class, by line: means and places are told of no class of one."""

    def __init__(self, cards: Iterable[Sequence[Line]]) -> None:
        self.cards = list(cards)
        self._shares: dict[str, list[Fraction]] = {}
        for lines in self.cards:
            for line in lines:
                if (share := line.share) is not None:
                    self._shares.setdefault(line.code, []).append(share)

    def mean(self, line: Line) -> Decimal | None:
        """What the class got of `line` on average, in the points that it has on this card."""
        shares = self._shares.get(line.code)
        if len(self.cards) < 2 or not shares:
            return None
        return _decimal(sum(shares, Fraction(0)) / len(shares) * line.points)

    def place(self, line: Line) -> int | None:
        """How many of the class have a greater part of the line, and one."""
        own = line.share
        if len(self.cards) < 2 or own is None:
            return None
        return 1 + sum(share > own for share in self._shares[line.code])

    def group_mean(self, of: Group) -> Decimal | None:
        """What the class got of a group on average, in the points that it has on this card: over
        those of whom a part of it could be scored."""
        shares = self._group_shares.get(of.key)
        if len(self.cards) < 2 or not shares or not of.points:
            return None
        return _decimal(sum(shares, Fraction(0)) / len(shares) * of.points)

    @cached_property
    def _group_shares(self) -> dict[tuple[str, str], list[Fraction]]:
        found: dict[tuple[str, str], list[Fraction]] = {}
        for lines in self.cards:
            for group in groups_of(lines):
                if group.award is not None and group.points:
                    share = Fraction(group.award) / group.points
                    found.setdefault(group.key, []).append(share)
        return found


@dataclass(frozen=True)
class Group:
    """The lines of one 一级指标 on a card; `award` is None where none of them could be scored."""

    kind: str
    name: str
    lines: Sequence[Line]

    @property
    def key(self) -> tuple[str, str]:
        """What it is in every card of the sheet."""
        return self.kind, self.name

    @property
    def points(self) -> Fraction:
        """The points in force."""
        return sum((line.points for line in self.lines), Fraction(0))

    @property
    def full(self) -> Decimal:
        """Its points as they are shown."""
        return _decimal(self.points)

    @property
    def award(self) -> Decimal | None:
        """What could be scored, or is given where it does not apply."""
        had = [line.award for line in self.lines if line.state == SCORED or line.award]
        return sum(had, Decimal(0)) if had else None


def groups_of(lines: Sequence[Line]) -> list[Group]:
    """The groups of a card in the order of the sheet."""
    found: dict[tuple[str, str], list[Line]] = {}
    for key, of in groupby(lines, lambda line: (line.kind, line.group)):
        found.setdefault(key, []).extend(of)
    return [Group(kind, name, of) for (kind, name), of in found.items()]


@dataclass(frozen=True)
class Beside:
    """A line with what its class has of it; `mean` is None where that is not told."""

    line: Line
    mean: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """How much more than the class it has; below 0 where it costs the card. None where the
        line cannot be scored: what nobody knows is not 0."""
        if self.mean is None or not self.line.counts or self.line.state == UNSCORABLE:
            return None
        return self.line.award - self.mean


def beside(lines: Iterable[Line], peers: Peers | None) -> list[Beside]:
    """Each line beside the class."""
    return [Beside(line, peers.mean(line) if peers else None) for line in lines]


def costliest(found: Iterable[Beside]) -> Beside | None:
    """The line that lies furthest below the class; None where none does."""
    below = [each for each in found if each.gap is not None and each.gap < 0]
    return min(below, key=lambda each: each.gap or 0, default=None)


def strongest(found: Iterable[Beside]) -> Beside | None:
    """The line that lies furthest above the class; None where none does."""
    above = [each for each in found if each.gap is not None and each.gap > 0]
    return max(above, key=lambda each: each.gap or 0, default=None)


def lost_most(lines: Iterable[Line], number: int) -> list[Line]:
    """The lines that lost most, whatever others have."""
    lost = [line for line in lines if line.lost > 0]
    return sorted(lost, key=lambda line: -line.lost)[:number]


def _decimal(exact: Fraction) -> Decimal:
    return shortened(as_decimal(exact), 2)
