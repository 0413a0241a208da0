"""How figures read on paper and page: grouped, with their unit, bounds kept true."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tracker.core.quantities.figure import PART, WAN_YUAN, YES_NO, Figure
from tracker.core.quantities.precision import EXACT, shortened
from tracker.core.quantities.units import WAN_PER_YI
from tracker.engine.scoring import NOT_ASSESSED, Number, plain


def as_decimal(exact: Fraction | Decimal | int | str) -> Decimal:
    """An exact figure of the engine as a decimal: exact where it ends, else as long as the context
    has it."""
    found = Fraction(exact)
    return Decimal(found.numerator) / found.denominator


def spelled(number: Decimal | int) -> str:
    """A number as it stands, with thousands grouped and the one sign for minus: −1,200.50."""
    return f"{number:,f}".replace("-", "−")


def grouped(number: Decimal | int | str) -> str:
    """A number with thousands grouped and the decimals that it came with; zero is "0"."""
    value = Decimal(number)
    return spelled(value) if value else "0"


def trimmed(number: Decimal | int | str) -> str:
    """As `grouped`, without empty decimals: 12,000.5."""
    text = grouped(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def marks(points: Number) -> str:
    """Full marks (分) as a decimal string: whole ones without decimals, others with at least two,
    as the awards beside them have."""
    text = plain(points)
    whole, point, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}" if point else text


def amount_words(figure: Figure, *, whole: bool = False) -> tuple[str, ...]:
    """A figure with its unit; from 1 亿元 on in 亿元, then the 万元 in brackets. A percentage has
    one decimal, then what it shortens in brackets; zero has none. At most two decimals: what that
    rounds carries ≈, and is the whole figure where two would leave nothing of it, or `whole`."""
    number, unit, precision = figure.value, figure.unit, figure.precision
    lead = f"{precision} " if precision else ""
    if unit == YES_NO:
        return ("是" if number else "否",)
    near, text = (False, grouped(number)) if whole else _near(number, precision)
    exact = f"{'≈' if near and not precision else ''}{_joined(text, unit)}"
    if unit == WAN_YUAN and abs(number) >= WAN_PER_YI:
        yi = shortened(number / WAN_PER_YI, 2, precision)
        return (f"{lead}{spelled(yi)} 亿元", f"({exact})")
    if unit == "%" and number:
        rounded = shortened(number, 1, precision)
        shown = f"{lead}{spelled(rounded)}%"
        if rounded == shortened(number, 2, precision):  # two decimals tell no more than one
            return (shown if rounded == number or precision else f"≈{shown}",)
        return (shown, f"({exact})")
    return (lead + exact,)


def rounded_share(share: Decimal, places: int = 1, sign: str = EXACT) -> Decimal:
    """A part of the whole in percent, a bound so that it stays true. What is not all of it is never
    rounded to 100, nor what is more than all: a task that lacks one 元 is not done."""
    unit = Decimal(1).scaleb(-places)
    value = shortened(share * 100, places, sign)
    if value == 100 and share != 1:
        value += unit if share > 1 else -unit
    return value


def percent(share: Decimal | Figure) -> str:
    """A part of the whole with one decimal: 89.1%, and with the sign of a bound before it. What is
    not all never looks like it (99.9%), nor does what is not nothing look like nothing (<0.1%)."""
    sign = EXACT
    if isinstance(share, Figure):
        sign, share = share.precision, share.to(PART).value
    value = rounded_share(share, sign=sign)
    if share and not value and not sign:
        return "<0.1%" if share > 0 else ">−0.1%"
    return f"{sign}{spelled(value)}%"


def digest_words(digest: str) -> str:
    """A digest in groups of four, eight groups a line."""
    groups = [digest[start : start + 4] for start in range(0, len(digest), 4)]
    return "\n".join(" ".join(groups[start : start + 8]) for start in range(0, len(groups), 8))


def _near(number: Decimal, precision: str) -> tuple[bool, str]:
    """A figure of at most two decimals, and whether that rounded it."""
    rounded = shortened(number, 2, precision)
    if rounded == number or not rounded:
        return False, grouped(number)
    return True, grouped(rounded)


def _joined(number: str, unit: str) -> str:
    return f"{number}%" if unit == "%" else f"{number} {unit}".rstrip()


NOT_GRADED = "不评等次"


def grade_words(grade: str | None, complete: bool, *, by_gaps: bool = False) -> str:
    """A grade; 不予评定 where nothing applied (None), 暂不评定 while lines wait for data, 不评等次
    where all that is lacking was accepted as gaps."""
    if grade is None:
        return NOT_ASSESSED
    if complete:
        return grade
    return NOT_GRADED if by_gaps else "暂不评定"
