"""Numbers: as a facts file writes them, and as the words of a record say them."""

from __future__ import annotations

from decimal import Decimal

from tracker.core.quantities.printed import trimmed
from tracker.core.quantities.shown import short


def decimal_string(value: Decimal | int) -> str:
    """`value` as a facts file writes it: no exponent, no trailing zeros, no "-0"."""
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def told(value: Decimal | int, unit: str = "", precision: str = "") -> str:
    """`value` with its unit as a record's words say it: thousands grouped, at most two decimals,
    ≈ where that rounds it; a bound (≥, ≤) stays true. 比例 is said in per cent, 是否 as it is."""
    if unit == "是否":
        return "是" if value else "否"
    if unit == "比例":
        value, unit = value * 100, "%"
    text = short(value, precision)
    rounded = text != trimmed(value) and text[0] not in "<>"
    behind = unit if unit in ("", "%") else f" {unit}"
    return f"{precision or ('≈' if rounded else '')}{text}{behind}"
