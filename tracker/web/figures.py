"""How figures look: money in 万元 and 亿元, days, and the four looks of a figure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from flask import Flask
from markupsafe import Markup, escape

from tracker.web.clock import present, written
from tracker.web.reading import WAN, YI

NOT_REPORTED = "未报"
NOT_APPLICABLE = "不适用"
UNSCORABLE = "不可计分"
INCALCULABLE = "不可计算"

_LOOKS = {
    NOT_REPORTED: "missing",
    NOT_APPLICABLE: "not-applicable",
    UNSCORABLE: "unscorable",
    INCALCULABLE: "unscorable",
}

# A bound stays true when it is shortened only if it is rounded away from the claim.
_ROUNDING = {"≥": ROUND_FLOOR, "≤": ROUND_CEILING}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["present"] = present
    app.jinja_env.filters.update(
        money=money,
        money_exactly=money_exactly,
        wan=wan,
        day=day,
        moment=moment,
        look=look,
        grouped=grouped,
        figure=figure,
        points=points,
    )


def grouped(value: Decimal | int | str) -> str:
    """A number with its thousands grouped and no empty decimals: 12,000.5."""
    number = Decimal(value)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def wan(amount: Decimal) -> str:
    """元 as exact 万元 without the unit: 12,000.5."""
    return grouped(amount / WAN)


def money(amount: Decimal | None, precision: str = "") -> Markup:
    """元 with its unit: exact 万元 below 1 亿元, 亿元 with two decimals from there on.

    Where 亿元 hide something, the exact 万元 are in the title. None is 未报.
    """
    if amount is None:
        return look(NOT_REPORTED)
    if abs(amount) < YI:
        return figure(wan(amount), "万元", precision)
    rounding = _ROUNDING.get(precision, ROUND_HALF_UP)
    short = (amount / YI).quantize(Decimal("0.01"), rounding=rounding)
    exact = f"{wan(amount)}万元"
    frame = Markup('<span class="figure" title="{}">{}{:,}<span class="unit">亿元</span></span>')
    return frame.format(exact, precision, short)


def money_exactly(amount: Decimal, precision: str = "") -> Markup:
    """As `money`, with the exact 万元 below where 亿元 hide something."""
    shown = money(amount, precision)
    if abs(amount) < YI or amount % (YI / 100) == 0:
        return shown
    return shown + Markup('<span class="exact">{}万元</span>').format(wan(amount))


def points(value: Decimal | int | str) -> str:
    """Points (分) with two decimals."""
    return f"{Decimal(value).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):f}"


def figure(value: Decimal | int | str, unit: str = "", precision: str = "") -> Markup:
    """A figure with its unit behind it; `value` is a number or a text that is one already."""
    text = value if isinstance(value, str) and "," in value else grouped(value)
    unit_part = Markup('<span class="unit">{}</span>').format(unit) if unit else ""
    return Markup('<span class="figure">{}{}{}</span>').format(precision, text, unit_part)


def look(word: str) -> Markup:
    """One of the words that stand where a figure is missing, each with its own look."""
    return Markup('<span class="look look-{}">{}</span>').format(_LOOKS[word], escape(word))


def day(value: date | None, missing: str = "—") -> str:
    """2024-07-03, or `missing`."""
    return value.isoformat() if value else missing


def moment(value: datetime) -> str:
    """2024-07-03 09:30 on a clock in China."""
    return written(value)
