"""Numbers as a facts file writes them."""

from __future__ import annotations

from decimal import Decimal


def decimal_string(value: Decimal | int) -> str:
    """`value` as a facts file writes it: no exponent, no trailing zeros, no "-0"."""
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
