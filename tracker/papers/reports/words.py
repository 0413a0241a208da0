"""How the figures of reports read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

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


def column(
    figures: Sequence[str | None], marks: Sequence[str] = (), places: int | None = None
) -> list[str]:
    """The figures of a column, all in its unit and with the same places, so that their points
    stand under each other; "—" for none. `marks` are their precisions; `places` are as many as
    they need, at most two, where nobody says how many.

    A figure that two places cannot hold is rounded and said to be: ≈; one that is a bound stays
    one, and is rounded away from what it claims.
    """
    if places is None:
        known = (_shortest(Decimal(of)) for of in figures if of is not None)
        places = min(_PLACES, max((decimals(of) for of in known), default=0))
    found = []
    for of, mark in zip(figures, marks or [""] * len(figures), strict=True):
        if of is None:
            found.append(NONE)
            continue
        value = Decimal(of)
        rounded = shortened(value, places, mark)
        mark = mark or ("≈" if rounded != value else "")
        found.append(f"{mark}{points(str(rounded))}")
    return found


def money_column(figures: Sequence[str | None], marks: Sequence[str] = ()) -> list[str]:
    """A column of money: two places on every paper, whatever the others of the column are."""
    return column(figures, marks, places=_PLACES)


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


def money(wan: str | None, precision: str = "") -> str:
    """万元 with the unit, from 1 亿元 on as 亿元 with the 万元 behind; 未报 for none. Two places at
    most: what they cannot hold is rounded and said to be, as `column` does. No blank parts a mark
    from its figure, nor does the end of a line."""
    if wan is None:
        return "○未报"
    value = _shortest(Decimal(wan))
    rounded = shortened(value, 2, precision)
    rounded = value if rounded == value else rounded
    if not rounded and value > 0 and not precision:
        return f"不足 {_CENT} 万元"
    first, *exact = amount_words(f"{rounded:f}", "万元", precision)
    about = "≈" if rounded != value and not precision else ""
    # 亿元 have two places anyway: there it is the figure behind them that is rounded.
    first = first.replace(" ", "", 1) if precision else first if exact else about + first
    return "".join((first, *(f"（{about}{of.strip('()')}）" for of in exact)))


def exact_money(wan: str) -> str:
    """An amount that a contract names, with all places that it has there."""
    words = "".join(amount_words(f"{_shortest(Decimal(wan)):f}", "万元", whole=True))
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
