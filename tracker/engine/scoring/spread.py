"""Spreading the points of lines that do not apply over the other score lines."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.engine.scoring.exact import Number, divide, exact


def spread_points(
    points: Sequence[Number], away: Sequence[bool], full_marks: Number, decimals: int
) -> list[Number]:
    """Return the points (分) of the score lines after a spread, in the same order.

    `points` are those of the score lines, `away` marks the lines whose points are spread. Every
    other P becomes P × full_marks ÷ (full_marks − S), rounded down to `decimals` places; the last
    places that are then missing go one each to the largest remainders, ties to the earlier line.
    Nothing changes if S is 0 or all of `full_marks`; lines that are spread keep their points.
    """
    gone = sum(value for value, is_away in zip(points, away, strict=True) if is_away)
    rest = full_marks - gone
    if gone == 0 or rest == 0:
        return list(points)
    unit = 10**decimals
    units: dict[int, int] = {}
    remainders: list[tuple[Number, int]] = []
    for index, (value, is_away) in enumerate(zip(points, away, strict=True)):
        if is_away:
            continue
        share = divide(value * full_marks * unit, rest)
        units[index] = share.numerator // share.denominator
        remainders.append((units[index] - share, index))
    left = int(full_marks * unit) - sum(units.values())
    for _, index in sorted(remainders)[:left]:
        units[index] += 1
    return [
        exact(divide(units[index], unit)) if index in units else value
        for index, value in enumerate(points)
    ]
