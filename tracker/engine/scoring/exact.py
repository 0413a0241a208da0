"""Exact numbers: reading, dividing, rounding and writing them. No float appears anywhere."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

Number = int | Fraction

MAX_DIGITS = 60
"""A fact or a rulebook number with more digits than this is refused as a mistake."""

_LARGE = 10**15
_EXACT_PLACES = 4
_MOST_PLACES = 30
_WHOLE = re.compile(r"[0-9]+")
_THOUSANDS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+$)")
_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def exact(value: int | Decimal | Fraction) -> Number:
    """Return `value` as an int if it is whole, else as a Fraction.

    Raises TypeError for booleans, floats and anything else; ValueError for NaN, infinities
    and numbers of more than MAX_DIGITS digits.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"not an exact number: {type(value).__name__}")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("not a finite number")
        # A number such as 1E+999999999 is short to write but would fill the memory.
        _, digits, exponent = value.as_tuple()
        if len(digits) + abs(int(exponent)) > 2 * MAX_DIGITS:
            raise ValueError("too many digits")
        value = Fraction(value)
    if isinstance(value, int):
        if abs(value) >= 10**MAX_DIGITS:
            raise ValueError("too many digits")
        return value
    return value.numerator if value.denominator == 1 else value


def read_decimal(text: str) -> Number | None:
    """Read a fact written `-?digits[.digits]`; None if the text is anything else or too long."""
    if len(text) > MAX_DIGITS + 2:
        return None
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    sign, whole, places = match.groups()
    if len(whole) + len(places or "") > MAX_DIGITS:
        return None
    if places is None:
        return -int(whole) if sign else int(whole)
    number = int(whole + places)
    fraction = Fraction(-number if sign else number, 10 ** len(places))
    return fraction.numerator if fraction.denominator == 1 else fraction


def _fraction(numerator: int, denominator: int) -> Fraction:
    """What `Fraction(numerator, denominator)` gives, in a third of its time: that asks of what type
    the two are. Raises ZeroDivisionError."""
    if not denominator:
        raise ZeroDivisionError("a number divided by 0")
    common = gcd(numerator, denominator)
    if denominator < 0:
        common = -common
    made: Any = object.__new__(Fraction)
    made._numerator = numerator // common
    made._denominator = denominator // common
    return made


def divide(dividend: Number, divisor: Number) -> Number:
    """Divide exactly; raises ZeroDivisionError."""
    if type(dividend) is int and type(divisor) is int:
        quotient, rest = divmod(dividend, divisor)
        return _fraction(dividend, divisor) if rest else quotient
    return _fraction(
        dividend.numerator * divisor.denominator, dividend.denominator * divisor.numerator
    )


def times(first: Number, second: Number) -> Number:
    """The product: several times faster than `*` of Fractions."""
    if type(first) is int and type(second) is int:
        return first * second
    return _fraction(first.numerator * second.numerator, first.denominator * second.denominator)


def same(first: Number, second: Number) -> bool:
    """Tell whether two numbers are equal; several times faster than comparing Fractions."""
    return first.numerator * second.denominator == second.numerator * first.denominator


def magnitude(value: Number) -> Number:
    """The value without its sign."""
    return -value if value < 0 else value


def floor(value: Number) -> int:
    """Return the largest whole number not above `value`."""
    return value if type(value) is int else value.numerator // value.denominator


def less(first: Number, second: Number) -> bool:
    """Tell whether `first` < `second`; several times faster than comparing Fractions."""
    return first.numerator * second.denominator < second.numerator * first.denominator


def clamp(value: Number, top: Number) -> Number:
    """Limit `value` to 0…`top`."""
    if value.numerator <= 0:
        return 0
    return top if less(top, value) else value


def round_units(value: Number, decimals: int) -> int:
    """Round half away from zero to `decimals` places; the result counts units of the last place."""
    denominator = value.denominator
    scaled = value.numerator * 10**decimals
    if denominator == 1:
        return scaled
    if scaled >= 0:
        return (2 * scaled + denominator) // (2 * denominator)
    return -((denominator - 2 * scaled) // (2 * denominator))


def fixed(units: int, decimals: int) -> str:
    """Write a count of last units with exactly `decimals` places: (2473, 2) is "24.73"."""
    if not decimals:
        return str(units)
    if decimals == 2 and units >= 0:
        return f"{units // 100}.{units % 100:02}"
    digits = str(abs(units)).rjust(decimals + 1, "0")
    return f"{'-' if units < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


@lru_cache(maxsize=4096)
def _places(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def places(value: Number) -> int | None:
    """Count the decimal places that write `value` exactly; None if no number of places does."""
    return _places(value.denominator)


def plain(value: Number) -> str:
    """Write an exact decimal without trailing zeros and without exponent: "25", "0.35".

    A value that no finite decimal writes is rounded to ten places, half away from zero.
    """
    if type(value) is int:
        return str(value)
    denominator = value.denominator
    count = _places(denominator)
    if count is not None:
        return fixed(value.numerator * 10**count // denominator, count)
    return trim(fixed(round_units(value, 10), 10))


def trim(text: str) -> str:
    """Drop the trailing zeros of a written decimal: "1.50" is "1.5", "2.00" is "2"."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Number, decimals: int = 4) -> str:
    """Write a number for a reader: exact if at most `decimals` places do, else rounded to them.

    Very small numbers get four significant digits, very large ones a power of ten.
    """
    numerator, denominator = value.numerator, value.denominator
    size = abs(numerator)
    if size >= _LARGE * denominator:
        power = Context(prec=4).divide(Decimal(numerator), Decimal(denominator))
        return f"{trim(str(power.scaleb(-power.adjusted())))}×10^{power.adjusted()}"
    if denominator == 1:
        return str(numerator)
    while decimals < 30 and size * 10 ** (decimals - 3) < denominator:
        decimals += 1
    return trim(fixed(round_units(value, decimals), decimals))


Written = tuple[str, int]
"""What was written, and the number that it says, in units of the place `FINEST`."""
FINEST = 40
_POWERS = tuple(10**n for n in range(FINEST + 1))


def says_exactly(level: int, value: Number) -> bool:
    """Tell whether what was written says the value itself, not rounded; `level` as in `Written`."""
    return level * value.denominator == value.numerator * _POWERS[FINEST]


def brief_written(value: Number, places: int = 2) -> Written:
    """Write a number for running text: exact if at most four places do, else rounded to `places`
    (small numbers to as many as leave two digits). Thousands are not grouped: see `grouped`."""
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1 and -_LARGE < numerator < _LARGE:
        return str(numerator), numerator * _POWERS[FINEST]
    size = abs(numerator)
    count = _places(denominator)
    if size >= _LARGE * denominator or (count is not None and count <= _EXACT_PLACES):
        return _read_back(shown(value))
    while places < _MOST_PLACES and size * 10 ** (places - 1) < denominator:
        places += 1
    return _rounded(round_units(value, places), places)


def short_written(value: Number, places: int = 2) -> Written:
    """As `brief_written`, but exact only if two places write the number: 934.19 for 934.1874. What
    is not 0 never looks like it."""
    if type(value) is int and -_LARGE < value < _LARGE:
        return str(value), value * _POWERS[FINEST]
    numerator, denominator = value.numerator, value.denominator
    if not -_LARGE * denominator < numerator < _LARGE * denominator:
        return _read_back(shown(value))
    while not (units := round_units(value, places)) and places < _MOST_PLACES:
        places += 1
    return _rounded(units, places)


def percent_written(value: Number, places: int = 2) -> Written:
    """As `percent`, rounded to `places` where two do not write it exactly; the number that 12.5%
    says is 0.125."""
    if type(value) is int and -_LARGE < value < _LARGE:
        return f"{value * 100}%", value * _POWERS[FINEST]
    numerator, denominator = value.numerator, value.denominator
    if not -_LARGE * denominator < numerator < _LARGE * denominator:
        text, level = _read_back(shown(value * 100))
        return f"{text}%", level // 100
    hundredths, rest = divmod(numerator * 10_000, denominator)
    if rest:
        units = round_units(value, places + 2)
        return f"{fixed(units, places)}%", units * _POWERS[FINEST - 2 - places]
    return f"{trim(fixed(hundredths, 2))}%", hundredths * _POWERS[FINEST - 4]


def _rounded(units: int, places: int) -> Written:
    return trim(fixed(units, places)), units * _POWERS[FINEST - places]


def _read_back(text: str) -> Written:
    return text, int(Fraction(text.replace("×10^", "e")) * _POWERS[FINEST])


def minus(text: str) -> str:
    """A written number with − where it is negative."""
    return text.replace("-", "−")


def grouped(text: str, comma: str = ",") -> str:
    """Group the thousands of a written number: "-1,000.8"; other marks stay as they are."""
    if len(text) <= 3 or (text[-3] == "." and len(text) <= 6):
        return text  # as most are: no four digits stand together
    whole = text.removesuffix("%").partition(".")[0]
    if len(whole) <= 3 and whole[-1:].isdecimal():
        return text
    return _WHOLE.sub(lambda found: _THOUSANDS.sub(comma, found[0]), text, count=1)


def shows_exactly(text: str, value: Number) -> bool:
    """Tell whether what `shown` or `percent` wrote is the value itself, not rounded."""
    if text.endswith("%"):
        text, value = text[:-1], value * 100
    return Fraction(text.replace("×10^", "e")) == value


def percent(value: Number) -> str:
    """Write a ratio in percent: exact if at most two places do, else rounded to two places."""
    numerator, denominator = value.numerator, value.denominator
    if abs(numerator) >= _LARGE * denominator:
        return f"{shown(value * 100)}%"
    hundredths, rest = divmod(numerator * 10_000, denominator)
    if rest:
        return f"{fixed(round_units(value, 4), 2)}%"
    return f"{trim(fixed(hundredths, 2))}%"
