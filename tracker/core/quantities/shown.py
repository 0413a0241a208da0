"""How figures look: money in 万元 and 亿元, days, and the four looks of a figure.

No page shows more than two decimals of anything: what they hide is in the title.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from flask import Flask
from markupsafe import Markup, escape

from tracker.core.quantities.clock import present, written
from tracker.core.quantities.figure import PART, PERCENT, WAN_YUAN, YES_NO, YUAN, Figure, yuan
from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import percent, spelled, trimmed
from tracker.core.quantities.units import WAN, YI

NOT_REPORTED = "未报"
NOT_APPLICABLE = "不适用"
UNSCORABLE = "不可计分"
INCALCULABLE = "不可计算"
_KB, _MB = 1024, 1024 * 1024

_LOOKS = {
    NOT_REPORTED: "missing",
    NOT_APPLICABLE: "not-applicable",
    UNSCORABLE: "unscorable",
    INCALCULABLE: "unscorable",
}


class Told(Markup):
    """A figure as it looks, and the figure that it is of, for what is not read by eyes: a file."""

    of: Figure | None = None

    @classmethod
    def figure(cls, words: Markup, of: Figure | None) -> Told:
        """`words` on the page, for `of`."""
        told = cls(words)
        told.of = of
        return told


_BEFORE_UNIT = re.compile(f'<span class="unit">(?!{PERCENT})')


def init_app(app: Flask) -> None:
    app.jinja_env.globals["present"] = present
    app.jinja_env.filters.update(
        money=money,
        money_exactly=money_exactly,
        wan=wan,
        short=short,
        in_wan=in_wan,
        size_words=size_words,
        in_unit=in_unit,
        in_words=in_words,
        bare=bare,
        headed=headed,
        named=named,
        day=day,
        moment=moment,
        look=look,
        grouped=trimmed,
        two_decimals=two_decimals,
        figure=figure,
        points=points,
        percent=percent,
    )


def wan(amount: Figure | Decimal) -> str:
    """Money as exact 万元 without the unit: 12,000.5."""
    of = _money(amount).to(WAN_YUAN)
    return f"{of.precision}{trimmed(of.value)}"


def short(value: Decimal | int, precision: str = "") -> str:
    """A number with at most two decimals: 397.88. A bound stays true, and what is not 0 never looks
    like it: <0.01."""
    return _told(shortened(Decimal(value), 2, precision), value).rstrip("0").rstrip(".") or "0"


def told(value: Decimal | int, unit: str = "", precision: str = "") -> str:
    """`value` with its unit as a record's words say it: thousands grouped, at most two decimals,
    ≈ where that rounds it; a bound (≥, ≤) stays true. 比例 is said in per cent, 是否 as it is."""
    if unit == YES_NO:
        return "是" if value else "否"
    if unit == PART:
        value, unit = value * 100, PERCENT
    text = short(value, precision)
    rounded = text != trimmed(value) and text[0] not in "<>"
    behind = unit if unit in ("", PERCENT) else f" {unit}"
    return f"{precision or ('≈' if rounded else '')}{text}{behind}"


def money(amount: Figure | Decimal | None, *, like: Figure | Decimal | None = None) -> Markup:
    """Money with its unit, in running text: 万元 below 1 亿元, 亿元 from there on, at most two
    decimals; in the unit that both have of this and of `like`, where two amounts are compared.

    Where that hides something, the exact 元 are in the title. None is 未报. Here as below, a bare
    number is one from a column of money: 元, exact.
    """
    if amount is None:
        return look(NOT_REPORTED)
    of, most = _money(amount), abs(_money(0 if like is None else like).value)
    if max(abs(of.value), most) < YI:
        return _titled(short(of.value / WAN, of.precision), "万元", of, WAN)
    return _titled(two_decimals(of.value / YI, of.precision), "亿元", of, YI)


def in_wan(amount: Figure | Decimal | None) -> Markup:
    """Money as a figure of a column whose head says 万元: always two decimals, so that the points
    stand below each other. None is 未报."""
    if amount is None:
        return look(NOT_REPORTED)
    of = _money(amount)
    return Told.figure(_titled(two_decimals(of.value / WAN, of.precision), "", of, WAN), of)


def money_exactly(amount: Figure | Decimal) -> Markup:
    """As `money`, with the exact 元 below where it hides something."""
    shown = money(amount)
    if "title=" not in shown:
        return shown
    return shown + Markup('<span class="exact">{}元</span>').format(trimmed(_money(amount).value))


def _money(amount: Figure | Decimal | int) -> Figure:
    return amount.to(YUAN) if isinstance(amount, Figure) else yuan(Decimal(amount))


def _titled(text: str, unit: str, of: Figure, whole: Decimal) -> Markup:
    exact = "" if of.value % (whole / 100) == 0 else f"{trimmed(of.value)}元"
    return _frame(text, of.precision, unit, exact)


def _told(shown: Decimal, value: Decimal | int) -> str:
    if shown or not value:
        return spelled(shown)
    return "<0.01" if value > 0 else ">−0.01"


def two_decimals(value: Decimal | int, precision: str = "") -> str:
    """A figure of a column, all of which have two decimals: 4.90. A bound stays true."""
    return _told(shortened(Decimal(value), 2, precision), value)


def points(value: Decimal | int | str) -> str:
    """Points (分) with two decimals."""
    return spelled(shortened(Decimal(value), 2))


def figure(of: Figure | Decimal | int | str, unit: str = "") -> Markup:
    """A figure with its unit behind it, with at most two decimals; `of` may be a bare number, which
    is one of `unit` and exact, or a text that is grouped already."""
    if isinstance(of, str) and "," in of:
        return _framed(of, of, "", unit)
    found = _figure(of, unit)
    text = short(found.value, found.precision)
    framed = _framed(text, trimmed(found.value), found.precision, found.unit)
    return Told.figure(framed, found)


def _figure(of: Figure | Decimal | int | str, unit: str) -> Figure:
    return of if isinstance(of, Figure) else Figure(Decimal(of), unit)


def _framed(text: str, exact: str, precision: str, unit: str) -> Markup:
    return _frame(text, precision, unit, f"{exact}{unit}" if exact != text else "")


def _frame(text: str, precision: str, unit: str, exact: str) -> Markup:
    title = f' title="{escape(exact)}"' if exact else ""
    behind = f'<span class="unit">{escape(unit)}</span>' if unit else ""
    shown = f'<span class="figure"{title}>{escape(precision)}{escape(text)}{behind}</span>'
    # A page has hundreds of figures, and `Markup.format` takes several times as long.
    return Markup(shown)  # noqa: S704 - each part is escaped above


def in_unit(of: Figure | Decimal | int | None, unit: str = "") -> Markup:
    """A measure's figure in its unit: a part of the whole as per cent, a yes or no in words. A bare
    number is one of `unit`."""
    if of is None:
        return look(NOT_REPORTED)
    found = _figure(of, unit)
    if found.unit == YES_NO:
        return Markup("是") if found.value else Markup("否")
    return figure(found.to(PERCENT) if found.unit == PART else found)


def bare(of: Figure | Decimal | int | None, unit: str = "") -> Markup:
    """As `in_unit`, for a column or a row whose head says `named(unit)`."""
    if of is None:
        return look(NOT_REPORTED)
    found = _figure(of, unit)
    return in_unit(found) if found.unit == YES_NO else figure(found.bare())


def in_words(shown: Markup) -> str:
    """A figure of a page within a sentence that has no markup: its unit stands behind a space, as
    `told` has it."""
    return str(Markup(_BEFORE_UNIT.sub(" ", shown)).striptags())  # noqa: S704 - stripped at once


def named(unit: str) -> str:
    """The unit of `bare` figures, "" for what has none."""
    return {PART: PERCENT, YES_NO: ""}.get(unit, unit)


def headed(label: str, unit: str) -> str:
    """A head with the unit of the figures below or beside it: 总投资（万元）."""
    shown = named(unit)
    said = label.endswith((f"（{shown}）", f"({shown})"))
    return f"{label}（{shown}）" if shown and not said else label


@cache  # one of four words, in cell after cell
def look(word: str) -> Markup:
    """One of the words that stand where a figure is missing, each with its own look."""
    return Markup('<span class="look look-{}">{}</span>').format(_LOOKS[word], escape(word))


def day(value: date | None, missing: str = "—") -> str:
    """2024-07-03, or `missing`."""
    return value.isoformat() if value else missing


def days_left(left: int) -> str:
    """还有 3 天, 今天到期, 已过 1,429 天."""
    if left == 0:
        return "今天到期"
    return f"还有 {left:,} 天" if left > 0 else f"已过 {-left:,} 天"


def moment(value: datetime) -> str:
    """2024-07-03 09:30 on a clock in China."""
    return written(value)


def size_words(size: int) -> str:
    """Bytes as people say them: 1.2 MB."""
    return f"{size / _MB:.1f}\u00a0MB" if size >= _MB else f"{max(1, round(size / _KB))}\u00a0KB"
