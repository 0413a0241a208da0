"""Repeatable draws: each kind of record of each subject has a stream of its own, so that one more
kind, or one more subject, does not shift the others."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from tracker.core.quantities.units import WAN

CENT = Decimal("0.01")


def stream(seed: int, kind: str, *subject: object) -> random.Random:
    """The random numbers of `kind` for `subject`; the same on every machine."""
    name = "|".join(str(part) for part in (seed, kind, *subject))
    return random.Random(name)  # noqa: S311 — sample data are no secret


def percent(rng: random.Random, low: int, high: int) -> Decimal:
    """A share between `low` and `high` percent, in whole percents."""
    return Decimal(rng.randint(low, high)) / 100


def wan(rng: random.Random, low: int, high: int) -> Decimal:
    """Between `low` and `high` 万元, as 元."""
    return rng.randint(low, high) * WAN


def day(rng: random.Random, first: date, last: date) -> date:
    """A day of the span, both ends included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def chance(rng: random.Random, of_hundred: int) -> bool:
    """True `of_hundred` times of a hundred."""
    return rng.randint(1, 100) <= of_hundred


def whole(value: Decimal) -> Decimal:
    """`value` without its places."""
    return Decimal(int(value))


def quarters(total: Decimal) -> list[Decimal]:
    """`total` in four whole parts that add up to it, a little more each quarter."""
    parts = [whole(total * share / 100) for share in (23, 25, 25)]
    return [*parts, total - sum(parts)]


def level(
    seed: int, kind: str, code: str, year: int, start: int, growth: tuple[int, int]
) -> Decimal:
    """A figure that stood at `start` in 2019 and grows by a drawn percentage each year."""
    value = Decimal(start)
    for passed in range(2020, year + 1):
        value *= 1 + percent(stream(seed, kind, code, passed), *growth)
    return whole(value)
