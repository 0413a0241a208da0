"""How figures look: money in 万元 and 亿元, days, and the four looks of a figure.

No page shows more than two decimals of anything: what they hide is in the title.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from markupsafe import Markup, escape

from tracker.core.quantities.clock import present, written
from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import rounded_share, spelled, trimmed
from tracker.core.quantities.units import WAN, YI

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


def init_app(app: Flask) -> None:
    app.jinja_env.globals["present"] = present
    app.jinja_env.filters.update(
        money=money,
        money_exactly=money_exactly,
        wan=wan,
        short=short,
        in_wan=in_wan,
        in_unit=in_unit,
        bare=bare,
        headed=headed,
        named=named,
        day=day,
        moment=moment,
        look=look,
        grouped=trimmed,
        figure=figure,
        points=points,
        percent=percent,
    )


def wan(amount: Decimal) -> str:
    """元 as exact 万元 without the unit: 12,000.5."""
    return trimmed(amount / WAN)


def short(value: Decimal | int, precision: str = "") -> str:
    """A number with at most two decimals: 397.88. A bound stays true, and what is not 0 never looks
    like it: <0.01."""
    return _told(shortened(Decimal(value), 2, precision), value).rstrip("0").rstrip(".") or "0"


def money(amount: Decimal | None, precision: str = "", *, like: Decimal | None = None) -> Markup:
    """元 with its unit, in running text: 万元 below 1 亿元, 亿元 from there on, at most two
    decimals; in the unit that both have of this and of `like`, where two amounts are compared.

    Where that hides something, the exact 元 are in the title. None is 未报.
    """
    if amount is None:
        return look(NOT_REPORTED)
    if max(abs(amount), abs(like or Decimal(0))) < YI:
        return _titled(short(amount / WAN, precision), "万元", precision, amount, WAN)
    return _titled(_two(amount / YI, precision), "亿元", precision, amount, YI)


def in_wan(amount: Decimal | None, precision: str = "") -> Markup:
    """元 as a figure of a column whose head says 万元: always two decimals, so that the points
    stand below each other. None is 未报."""
    return _column(amount, precision, WAN)


def money_exactly(amount: Decimal, precision: str = "") -> Markup:
    """As `money`, with the exact 元 below where it hides something."""
    shown = money(amount, precision)
    if "title=" not in shown:
        return shown
    return shown + Markup('<span class="exact">{}元</span>').format(trimmed(amount))


def _column(amount: Decimal | None, precision: str, unit: Decimal) -> Markup:
    if amount is None:
        return look(NOT_REPORTED)
    return _titled(_two(amount / unit, precision), "", precision, amount, unit)


def _titled(text: str, unit: str, precision: str, amount: Decimal, of: Decimal) -> Markup:
    exact = "" if amount % (of / 100) == 0 else f"{trimmed(amount)}元"
    title = Markup(' title="{}"').format(exact) if exact else ""
    behind = Markup('<span class="unit">{}</span>').format(unit) if unit else ""
    return Markup('<span class="figure"{}>{}{}{}</span>').format(title, precision, text, behind)


def _told(shown: Decimal, value: Decimal | int) -> str:
    if shown or not value:
        return spelled(shown)
    return "<0.01" if value > 0 else ">−0.01"


def _two(value: Decimal | int, precision: str = "") -> str:
    return _told(shortened(Decimal(value), 2, precision), value)


def points(value: Decimal | int | str) -> str:
    """Points (分) with two decimals."""
    return spelled(shortened(Decimal(value), 2))


def percent(share: Decimal) -> str:
    """A part of the whole with one decimal: 89.1%. What is not all never looks like it (99.9%), nor
    does what is not nothing look like nothing (<0.1%)."""
    value = rounded_share(share)
    if share and not value:
        return "<0.1%" if share > 0 else ">−0.1%"
    return f"{spelled(value)}%"


def figure(value: Decimal | int | str, unit: str = "", precision: str = "") -> Markup:
    """A figure with its unit behind it, with at most two decimals; `value` is a number or a text
    that is one already."""
    given = isinstance(value, str) and "," in value
    text = value if given else short(Decimal(value), precision)
    exact = text if given else trimmed(value)
    title = Markup(' title="{}"').format(f"{exact}{unit}") if exact != text else ""
    unit_part = Markup('<span class="unit">{}</span>').format(unit) if unit else ""
    frame = Markup('<span class="figure"{}>{}{}{}</span>')
    return frame.format(title, precision, text, unit_part)


def in_unit(value: Decimal | int | None, unit: str) -> Markup:
    """A measure's figure in its unit: a part of the whole as per cent, a yes or no in words."""
    if value is None:
        return look(NOT_REPORTED)
    if unit == "是否":
        return Markup("是") if value else Markup("否")
    return figure(value * 100, "%") if unit == "比例" else figure(value, unit)


def bare(value: Decimal | int | None, unit: str) -> Markup:
    """As `in_unit`, for a column or a row whose head says `named(unit)`."""
    if value is None or unit == "是否":
        return in_unit(value, unit)
    return figure(value * 100 if unit == "比例" else value)


def named(unit: str) -> str:
    """The unit of `bare` figures, "" for what has none."""
    return {"比例": "%", "是否": ""}.get(unit, unit)


def headed(label: str, unit: str) -> str:
    """A head with the unit of the figures below or beside it: 总投资（万元）."""
    behind = f"（{named(unit)}）"
    return label + behind if named(unit) and not label.endswith(behind) else label


def look(word: str) -> Markup:
    """One of the words that stand where a figure is missing, each with its own look."""
    return Markup('<span class="look look-{}">{}</span>').format(_LOOKS[word], escape(word))


def day(value: date | None, missing: str = "—") -> str:
    """2024-07-03, or `missing`."""
    return value.isoformat() if value else missing


def moment(value: datetime) -> str:
    """2024-07-03 09:30 on a clock in China."""
    return written(value)
