"""What the number format of a cell says of the number in it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

# What a number in a cell is. `STRANGE` is shown as something other than it is.
PLAIN, PERCENT, DAY, MOMENT, TEXT, STRANGE = "plain", "percent", "day", "moment", "text", "strange"

_BUILT_IN = {
    **dict.fromkeys((0, 1, 2, 3, 4, 11, 37, 38, 39, 40, 41, 42, 43, 44, 48), PLAIN),
    **dict.fromkeys((5, 6, 7, 8, 23, 24, 25, 26), PLAIN),
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((12, 13), PLAIN),
    **dict.fromkeys((14, 15, 16, 17), DAY),
    **dict.fromkeys((18, 19, 20, 21, 22, 45, 46, 47), MOMENT),
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), DAY),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), MOMENT),
    49: TEXT,
}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_FILL = re.compile(r"[_*].")
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_MONTHS_DAYS = re.compile(r"[yd年日]|m{3,}|月", re.I)
_HOURS = re.compile(r"[hs时秒]|AM/PM|上午", re.I)
# Words that a format may put beside a number and that leave it what it is.
_HARMLESS = frozenset("¥￥$ -+()/,.:_")


def of_format(number: int, code: str | None) -> str:
    """What numbers in cells of the format are, by its number or its own code."""
    if code is None:
        return _BUILT_IN.get(number, PLAIN)
    return _of_code(code)


def _of_code(code: str) -> str:
    if code.strip().lower() in ("general", "g/通用格式", "@"):
        return TEXT if code.strip() == "@" else PLAIN
    if _ELAPSED.search(code):
        return MOMENT
    section = code.split(";")[0]
    said = "".join(one or other for one, other in _LITERAL.findall(section))
    bare = _FILL.sub("", _BRACKETS.sub("", _LITERAL.sub("", section)))
    if _HOURS.search(bare):
        return MOMENT
    if _MONTHS_DAYS.search(bare) or ("m" in bare.lower() and not set("0#") & set(bare)):
        return DAY
    if "年" in said and "y" in bare.lower():
        return DAY
    if "%" in bare:
        return PERCENT
    if _SCALED.search(bare) or not set(said) <= _HARMLESS or _stands_alone(bare):
        return STRANGE
    return PLAIN


def _stands_alone(bare: str) -> bool:
    """Whether the format has words beside its number that are not in quotes (0万元)."""
    return any(ord(char) > 0x2E80 and char not in "￥" for char in bare)


def day_of(serial: Decimal, *, from_1904: bool) -> date:
    """The day of a serial. Raises ValueError for what is no day of a calendar, or has an hour."""
    if serial != serial.to_integral_value():
        raise ValueError("带有时刻，应只有日期")
    number = int(serial)
    if from_1904:
        first, number = date(1904, 1, 1), number
    elif number == 60:
        raise ValueError("是 1900年2月29日，没有这一天")
    else:
        # 1900 is a leap year there, which it was not.
        first, number = date(1899, 12, 31), number - (number > 60)
    if not 0 <= number <= 2_958_465:
        raise ValueError("不是日期")
    return first + timedelta(days=number)
