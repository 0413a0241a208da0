"""Numbers, money and days as people type them. Pure; messages are for the person who typed.

A reader gives exactly the value that the text is, or refuses: it never repairs a text into
another value. So characters are mapped one by one to the sign that they are (never by NFKC, which
makes 10² into 102), and commas and blanks may only part the thousands.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from tracker.core.quantities import numerals
from tracker.core.quantities.units import WAN, YI

LARGEST = Decimal(10) ** 12  # 元: beyond it a unit was mistaken
MOST_CHARACTERS = 20

# The full width of what a keyboard has, the blanks that typesetting uses, the signs for minus.
_MINUS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63, 0xFF0D), "-")
_SIGNS: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x00A0, 0x2009, 0x202F, 0x3000), " "),
    **_MINUS,
}
_DASHES = ("—", "―", "─")  # a dash of a sentence, which no keyboard gives for a minus
_LINES = re.compile(r"[\t\r\n\v\f]")
_UNSIGNED = r"[0-9](?:[0-9, ]*[0-9])?(?:\.[0-9]+)?"
_NUMBER = re.compile(
    r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?P<part>[, ])[0-9]{3}(?:(?P=part)[0-9]{3})*)(?:\.[0-9]+)?"
)
# 3千, 1.5百; 2千5百3十6, where no place is left out: 2千5 is said for 2,500 and read as 2,005.
_ONE = "[1-9] ?"
_TENS = f"{_ONE}十(?: ?[1-9])?"
_HUNDREDS = f"{_ONE}百 ?{_TENS}"
_PART = f"(?:{_ONE}千 ?(?:{_HUNDREDS}|{_ONE}百)|{_HUNDREDS}|{_TENS}|{_UNSIGNED}(?: ?[十百千])?)"
_TIMES = {"十": 10, "百": 100, "千": 1000}
_WRITTEN_OUT = str.maketrans("拾佰仟", "十百千")
_MONEY = re.compile(
    rf"(?:(?P<yi>{_PART}) ?亿 ?)?(?:(?P<wan>{_PART}) ?万 ?)?(?P<yuan>元)?|"
    rf"(?P<plain>{_PART}) ?(?P<plain_yuan>元)?"
)
_DAY = re.compile(
    r"([0-9]{4})(?: ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日?|"
    r" ?([-/.]) ?([0-9]{1,2}) ?\4 ?([0-9]{1,2}))"
)
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")

# What may lie below nothing: a rate of change by its unit, a change or balance by its name.
_PER = {"个百分点": "百分点", "百分点": "百分点", "%": "%", "‰": "‰"}  # as written → the unit
_SIGNED_NAMES = ("增", "减", "降", "净", "差额", "盈", "亏", "利润", "变动", "变化", "涨")


def parse_number(
    text: str, *, signed: bool = False, unit: str = "", wanted: str = "数字，例如 12.5"
) -> Decimal:
    """The number that `text` is: `1200`, `1,200`, `1 200.5`, in full width too.

    Commas or blanks, not both, part the thousands; `signed` also takes `-1.2`, `−1.2` and `–1.2`.
    Behind the number may stand `unit` itself (`-1.2%`, `3 ‰`, `4人`), never another.
    Raises ValueError with a message for anything else.
    """
    plain = _without_unit(signs_of(text), unit)
    if plain.startswith(("-", *_DASHES)) and not signed:
        raise ValueError("不能为负数。")
    if plain.startswith(_DASHES):
        raise ValueError(f"“{plain[0]}”是破折号，不是负号；负数请写成 -1.2 的样子。")
    return -_number(plain[1:], wanted) if plain.startswith("-") else _number(plain, wanted)


def may_be_negative(unit: str, name: str = "") -> bool:
    """Whether a figure in `unit` called `name` can lie below 0: a rate of growth, a balance."""
    return _rate(unit) != "" or any(word in name for word in _SIGNED_NAMES)


def parse_money(text: str) -> Decimal:
    """元 of an amount such as `12000` (万元), `12,000万`, `1.2亿元`, `1亿2000万`, `35元`,
    `1千万元`, `2千5百万`, `一千二百万元`.

    Raises ValueError with a message for anything else, for more than two decimals of a 元, and
    above 1 万亿元.
    """
    plain = signs_of(text)
    if plain.startswith(("-", *_DASHES)):
        raise ValueError("金额不能为负数。")
    if numerals.is_numeral(plain):
        return _not_too_large(numerals.money_of(plain))
    found = _MONEY.fullmatch(plain.translate(_WRITTEN_OUT))
    if not found or not re.search("[0-9]", plain):
        raise ValueError("请填写金额，例如 12000(单位万元)、12000万元或 1.2亿元。")
    if found["plain"]:
        if not found["plain_yuan"] and set(found["plain"]) & set(_TIMES):
            raise ValueError(
                f"“{plain}”看不出是元还是万元，请写成 {found['plain']}元或 {found['plain']}万元。"
            )
        amount = _part(found["plain"]) * (1 if found["plain_yuan"] else WAN)
    else:
        amount = _part(found["yi"] or "0") * YI + _part(found["wan"] or "0") * WAN
    if found["yi"] and found["wan"] and ("." in found["yi"] or _part(found["wan"]) >= WAN):
        raise ValueError("亿和万合写的，请写成 1亿2000万 的样子：亿为整数，万小于 1 万。")
    _not_too_large(amount)
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("金额最多精确到分，请核对小数位数。")
    return amount.quantize(Decimal("0.01"))


def _part(text: str) -> Decimal:
    """What stands before 亿, 万 or 元: 1,200; 1.5千; 2千5百3十6."""
    *places, rest = re.split("(?<=[十百千])", text)
    if len(places) == 1 and not rest.strip():
        return _number(places[0][:-1].rstrip(" ")) * _TIMES[places[0][-1]]
    whole = sum(int(each[:-1]) * _TIMES[each[-1]] for each in places)
    return whole + (_number(rest.strip(" ")) if rest.strip() else Decimal(0))


def _not_too_large(amount: Decimal) -> Decimal:
    if amount > LARGEST:
        raise ValueError("金额超过 1 万亿元，请核对单位。")
    return amount


def parse_day(text: str) -> date:
    """The day of `2024-07-03`, `2024.7.3`, `2024/7/3`, `2024年7月3日`, `20240703` or
    `二〇二四年七月三日`.

    Full-width characters are understood. Raises ValueError with a message for anything else and
    for years before 1978 or after 2100.
    """
    plain = signs_of(text).replace("。", ".")
    if told := numerals.day_of(plain):
        parts: tuple[int | str, ...] = told
    elif found := _DAY.fullmatch(plain):
        parts = found[1], found[2] or found[5], found[3] or found[6]
    elif found := _COMPACT_DAY.fullmatch(plain):
        parts = found[1], found[2], found[3]
    else:
        raise ValueError("请按 2024-07-03 的样式填写日期，年、月、日都要写。")
    year, month, day = map(int, parts)
    if not 1978 <= year <= 2100:
        raise ValueError(f"年份 {year} 不合情理，请核对。")
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= 12:
            raise ValueError(f"没有 {month} 月，请核对。") from None
        raise ValueError(f"{year}年{month}月没有{day}日，请核对。") from None


def signs_of(text: str) -> str:
    """`text` without what surrounds it, each full-width sign as the narrow one. Raises ValueError
    where it holds more than one line or cell."""
    plain = text.translate(_SIGNS).strip()
    if _LINES.search(plain):
        raise ValueError("中间有制表符或换行，像是粘贴了两个单元格，请只填一个。")
    return plain


def with_minus(text: str) -> str:
    """`text` with the one minus of keyboards for those that typesetting and spreadsheets write."""
    return text.translate(_MINUS)


def _rate(unit: str) -> str:
    """The unit of a rate, in whatever width it is written; "" for any other unit."""
    return _PER.get(unit.translate(_SIGNS).strip(), "")


def _without_unit(plain: str, unit: str) -> str:
    """`plain` without the unit behind it. Raises ValueError for a rate's sign that is another."""
    behind = next((sign for sign in _PER if plain.endswith(sign)), "")
    if not behind:
        own = unit.translate(_SIGNS).strip()
        return plain.removesuffix(own).rstrip(" ") if own else plain
    if _rate(behind) != _rate(unit):
        own = f"单位是{unit.strip()}" if unit.strip() else "没有这样的单位"
        raise ValueError(f"这一项{own}，不能写“{behind}”，请按本项的单位只填数字。")
    return plain.removesuffix(behind).rstrip(" ")


def _number(text: str, wanted: str = "数字，例如 12,000") -> Decimal:
    if len(text) > MOST_CHARACTERS:
        raise ValueError("数字过长，请核对。")
    if _NUMBER.fullmatch(text):
        return Decimal(re.sub("[, ]", "", text))
    if re.fullmatch(r"[0-9][0-9, ]*[, ][0-9, ]*(\.[0-9]+)?", text):
        raise ValueError("逗号或空格应每三位一个，例如 12,000；小数点请用“.”；两个数请分开填。")
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", text):
        raise ValueError("数字前面有多余的 0，请核对。")
    raise ValueError(f"请填写{wanted}。")
