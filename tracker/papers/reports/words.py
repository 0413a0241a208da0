"""How the figures of reports read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN, Figure, added
from tracker.core.quantities.precision import decimals, shortened
from tracker.core.quantities.printed import amount_words, grouped, rounded_share, spelled

NONE = "—"
_PLACES, _CENT = 2, Decimal("0.01")
NAMED = 3  # so many names stand for those who share an extreme


def signed(found: str | None) -> str:
    """A difference with its sign; "—" for none."""
    return f"+{points(found)}" if found is not None and Decimal(found) > 0 else points(found)


def points(found: str | None) -> str:
    """Points with the places that they came with, so that a column's are aligned; "—" for none."""
    return NONE if found is None else spelled(Decimal(found))


def column(figures: Sequence[Figure | None], places: int | None = None) -> list[str]:
    """The figures of a column, all of one unit and with the same places, so that their points
    stand under each other; "—" for none. `places` are as many as they need, at most two, where
    nobody says how many. Raises UnitsDifferError.

    A figure that two places cannot hold is rounded and said to be: ≈; one that is a bound stays
    one, and is rounded away from what it claims.
    """
    known = [of for of in figures if of is not None]
    added(known)  # refuses a column of several units
    if places is None:
        places = min(_PLACES, max((decimals(_shortest(of.value)) for of in known), default=0))
    return [NONE if of is None else _shortened(of, places) for of in figures]


def _shortened(of: Figure, places: int) -> str:
    rounded = shortened(of.value, places, of.precision)
    mark = of.precision or ("≈" if rounded != of.value else "")
    return f"{mark}{spelled(rounded)}"


def money_column(figures: Sequence[Figure | None]) -> list[str]:
    """A column of 万元: two places on every paper, whatever the others of the column are."""
    return column([None if of is None else of.to(WAN_YUAN) for of in figures], places=_PLACES)


def _shortest(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def percent(part: str | None, places: int = 1) -> str:
    """A part of the whole in percent; "—" for none."""
    if part is None:
        return NONE
    return f"{grouped(str(rounded_share(Decimal(part), places)))}%"


def exact_percent(part: str) -> str:
    """A part of the whole in percent, without rounding: 10.008%."""
    value = f"{Decimal(part) * 100:f}"
    return f"{value.rstrip('0').rstrip('.') if '.' in value else value}%"


def named(names: Sequence[str]) -> str:
    """Names in a row; of many the first few and how many they are."""
    if len(names) <= NAMED:
        return "、".join(names)
    return f"{'、'.join(names[: NAMED - 1])}等 {len(names)} 个"


def money(amount: Figure | None) -> str:
    """万元 with the unit, from 1 亿元 on as 亿元 with the 万元 behind; 未报 for none. Two places at
    most: what they cannot hold is rounded and said to be, as `column` does. No blank parts a mark
    from its figure, nor does the end of a line."""
    if amount is None:
        return "○未报"
    wan = amount.to(WAN_YUAN)
    value, precision = _shortest(wan.value), wan.precision
    rounded = shortened(value, 2, precision)
    rounded = value if rounded == value else rounded
    if not rounded and value > 0 and not precision:
        return f"不足 {_CENT} 万元"
    first, *exact = amount_words(replace(wan, value=rounded))
    about = "≈" if rounded != value and not precision else ""
    # 亿元 have two places anyway: there it is the figure behind them that is rounded.
    first = first.replace(" ", "", 1) if precision else first if exact else about + first
    return "".join((first, *(f"（{about}{of.strip('()')}）" for of in exact)))


def exact_money(amount: Figure) -> str:
    """An amount that a contract names, with all places that it has there."""
    wan = amount.to(WAN_YUAN)
    words = "".join(amount_words(replace(wan, value=_shortest(wan.value)), whole=True))
    return words.replace("(", "（").replace(")", "）")


def day_words(day: date | str) -> str:
    """A day as official papers write it: 2025年1月20日."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.year}年{found.month}月{found.day}日"


def joined(parts: Sequence[str]) -> str:
    """Clauses as one sentence."""
    return "，".join(part for part in parts if part) + "。"


def frozen_within(year: int, frozen_on: str) -> bool:
    """Whether what was frozen on a day (2025-08-01) holds a part of `year` only."""
    return frozen_on[:4] <= str(year)


def alone_words(year: int, frozen_on: str) -> str:
    """Why a report of `year`, frozen on a day (2025-08-01), stands beside no year before."""
    if frozen_within(year, frozen_on):
        return f"冻结时{year}年度还没有结束，不与上年全年比较。"
    return "没有可比的上年快照，无从比较。"
