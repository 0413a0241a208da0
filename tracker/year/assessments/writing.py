"""How the snapshot document writes days and figures; None where nobody has said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.core.quantities.units import in_wan
from tracker.year.measures.numbers import decimal_string


def iso(day: date | None) -> str | None:
    """A day: "2024-06-30"."""
    return day.isoformat() if day else None


def figure(value: Decimal | None) -> str | None:
    """A decimal string."""
    return None if value is None else decimal_string(value)


def wan(yuan: Decimal | None) -> str | None:
    """元, in 万元."""
    return None if yuan is None else decimal_string(in_wan(yuan))
