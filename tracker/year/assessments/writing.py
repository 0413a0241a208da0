"""How the snapshot document writes days and figures; None where nobody has said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.units import in_wan
from tracker.year.measures.numbers import decimal_string


def iso(day: date | None) -> str | None:
    """A day: "2024-06-30"."""
    return day.isoformat() if day else None


def figure(value: Decimal | None) -> str | None:
    """A decimal string."""
    return None if value is None else decimal_string(value)


def money(amount: Figure) -> dict[str, str]:
    """An amount as it is frozen: 万元 and the sign of its precision."""
    return {
        "amount": decimal_string(amount.to(WAN_YUAN).value),
        "precision": amount.precision,
    }


def wan(yuan: Decimal | None) -> str | None:
    """元, in 万元."""
    return None if yuan is None else decimal_string(in_wan(yuan))
