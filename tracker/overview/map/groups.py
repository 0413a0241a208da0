"""Values in groups that a colour stands for. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.core.quantities.figure import Figure

MOST = 5


@dataclass(frozen=True)
class Group:
    """A colour: `number` (1 the palest; 0: nought) and its least and greatest value, the codes of
    the counties in it by value, the greatest first."""

    number: int
    least: Figure
    greatest: Figure
    codes: tuple[str, ...]


def groups_of(values: Mapping[str, Figure]) -> list[Group]:
    """The counties of `values` (one unit; by code) in groups of as equal size as equal values let,
    the palest first; a value of nought is a group of its own."""
    nought = {code: value for code, value in values.items() if not value.value}
    ordered = sorted(
        ((value.value, code) for code, value in values.items() if value.value),
        key=lambda each: (each[0], each[1]),
    )
    different = len({value for value, _ in ordered})
    number = min(MOST, different)
    parted: list[list[str]] = [[] for _ in range(number)]
    place = 0
    for index, (value, code) in enumerate(ordered):
        due = index * number // len(ordered)
        if due > place and value != ordered[index - 1][0]:
            place = min(place + 1, number - 1)
        parted[place].append(code)
    found = [_group(0, nought)] if nought else []
    kept = [codes for codes in parted if codes]
    step = MOST - len(kept)  # few groups are told apart best by the darkest colours
    return found + [
        _group(step + place, {code: values[code] for code in codes})
        for place, codes in enumerate(kept, start=1)
    ]


def _group(number: int, values: Mapping[str, Figure]) -> Group:
    codes = sorted(values, key=lambda code: (-values[code].value, code))
    return Group(number, values[codes[-1]], values[codes[0]], tuple(codes))
