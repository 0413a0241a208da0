"""Texts that are exactly one value. Python's own readers take more than people mean: `int` takes
`2_024`, ` 2024` and `２０２４`, `Decimal` takes `1e5` and `NaN`, `date.fromisoformat` takes
`20240131` and `2024-W05-1`. These take one way to write a value and refuse all others."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def whole(text: str) -> int:
    """The whole number that `text` is: `2024`, `-3`. Raises ValueError for anything else."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"“{text}”应为整数，只用数字 0 至 9，例如 2024")
    return int(text)


def decimal(text: str) -> Decimal:
    """The number that `text` is: `1200`, `-0.5`. Raises ValueError for anything else."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"“{text}”应为数字，只用数字 0 至 9 和小数点，例如 1200.5")
    return Decimal(text)


def day(text: str) -> date:
    """The day that `text` is: `2024-01-31`. Raises ValueError for anything else."""
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}”应为日期，写成 2024-01-31 的样子")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValueError(f"“{text}”不是一个日期") from None
