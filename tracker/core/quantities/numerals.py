"""Numbers and days in Chinese numerals: 一千二百万, 壹仟贰佰万元整, 二〇二四年七月三日. Pure.

As everywhere, a text is exactly the value that it is or it is none: a numeral that nobody writes in
full (一百二, 三千五) or in another order (万一) is refused, and none is read as another.
"""

from __future__ import annotations

import re
from decimal import Decimal

# What financial papers write (大写) and what hands write, as the plain sign.
_PLAIN = str.maketrans(
    "零壹贰叁肆伍陆柒捌玖拾佰仟萬億两貳參陸圆圓", "〇一二三四五六七八九十百千万亿二二三六元元"
)
_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_SIGNS = frozenset(_DIGITS + "十百千万亿")
_MONEY = re.compile(
    r"(?P<yuan>[〇一二三四五六七八九十百千万亿]+)(?:(?P<unit>元)(?P<whole>[整正])?"
    r"(?:〇?(?P<jiao>[一二三四五六七八九])角)?(?:〇?(?P<fen>[一二三四五六七八九])分)?)?"
)
_DAY = re.compile(
    "([〇一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,4})[日号]?"
)


def is_numeral(text: str) -> bool:
    """Whether `text` begins with a sign of these numerals: it is to be read by them or not at
    all."""
    return bool(text) and text[0].translate(_PLAIN) in _DIGITS + "十"


def whole_of(text: str) -> int:
    """The whole number that `text` is, below 10¹⁶. Raises ValueError for what is none in full."""
    plain = text.translate(_PLAIN)
    value = _read(plain)
    if value is None or plain not in _ways(value):
        raise ValueError(
            f"“{text[:20]}”不是写全的中文数字，请写成一千二百万的样子，或改用阿拉伯数字。"
        )
    return value


def money_of(text: str) -> Decimal:
    """元 of 一千二百万, 壹仟贰佰万元整, 三元五角二分: with 万, 亿 or 元 in it, since a bare 壹仟
    does not say whether it is of 元 or 万元. Raises ValueError."""
    found = _MONEY.fullmatch(text.translate(_PLAIN))
    if found is None or (found["whole"] and (found["jiao"] or found["fen"])):
        raise ValueError("请填写金额，例如 12000(单位万元)、12000万元、1.2亿元或一千二百万元。")
    whole = whole_of(found["yuan"])
    if not found["unit"] and not found["yuan"].endswith(("万", "亿")):
        raise ValueError(f"“{text[:20]}”没有写明单位，请写成{text[:20]}万元或{text[:20]}元。")
    cents = "".join(str(_DIGITS.index(found[name] or "〇")) for name in ("jiao", "fen"))
    return Decimal(f"{whole}.{cents}")


def day_of(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of 二〇二四年七月三日; None for what is none."""
    found = _DAY.fullmatch(text.translate(_PLAIN))
    if found is None:
        return None
    year = int("".join(str(_DIGITS.index(sign)) for sign in found[1]))
    try:
        return year, whole_of(found[2]), whole_of(found[3])
    except ValueError:
        return None


def written(value: int) -> str:
    """A whole number, 0 to 10¹⁶ - 1, as it is written in full: 一千〇五十万."""
    if not value:
        return "〇"
    parts: list[str] = []
    gap = False
    for place in range(3, -1, -1):
        group = value // 10 ** (4 * place) % 10_000
        if not group:
            gap = gap or bool(parts)
            continue
        # A group of three digits or fewer behind another has its 〇 before it.
        if parts and (gap or group < 1_000):
            parts.append("〇")
        parts.append(_group(group) + ("万" if place == 3 else _GROUPS[place]))
        if place == 3 and not value // 10**8 % 10_000:
            parts.append("亿")
        gap = False
    return "".join(parts)


def _group(value: int) -> str:
    """1 to 9,999."""
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            said += ("〇" if gap else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        else:
            gap = bool(said)
    return said


def _ways(value: int) -> set[str]:
    """How `value` may stand there: in full, and with 十 for a leading 一十."""
    full = written(value)
    return {full, full.removeprefix("一") if full.startswith("一十") else full}


def _read(plain: str) -> int | None:
    """What the signs add up to, whatever their order; None where they add up to nothing."""
    if not plain or not set(plain) <= _SIGNS:
        return None
    whole = part = digit = 0
    for sign in plain:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in _UNITS:
            part += (digit or 1) * 10 ** _UNITS.index(sign)
            digit = 0
        elif sign == "万":
            part, digit = (part + digit) * 10_000, 0
        else:
            whole, part, digit = (whole + part + digit) * 10**8, 0, 0
    return whole + part + digit
