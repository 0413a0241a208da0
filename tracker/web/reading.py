"""Money and days as people type them. Pure; messages are for the person who typed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
LARGEST = Decimal(10) ** 12  # 元: beyond it a unit was mistaken

_NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_MONEY = re.compile(
    rf"(?:(?P<yi>{_NUMBER})亿)?(?:(?P<wan>{_NUMBER})万)?(?P<yuan>元)?|"
    rf"(?P<plain>{_NUMBER})(?P<plain_yuan>元)?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DAY = re.compile(
    r"([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})日?|([-/.])([0-9]{1,2})\4([0-9]{1,2}))"
)
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def parse_money(text: str) -> Decimal:
    """元 of an amount such as `12000` (万元), `12000万`, `1.2亿元`, `1亿2000万`, `35元`.

    Full-width digits and grouping commas are understood. Raises ValueError with a message for
    anything else, for more than two decimals of a 元, and above 1 万亿元.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("、", ",")
    if plain.startswith(("-", "−", "－", "—")):
        raise ValueError("金额不能为负数。")
    found = _MONEY.fullmatch(plain)
    if not found or not re.search("[0-9]", plain):
        raise ValueError("请填写金额，例如 12000(单位万元)、12000万元或 1.2亿元。")
    if found["plain"]:
        amount = _number(found["plain"]) * (1 if found["plain_yuan"] else WAN)
    else:
        amount = _number(found["yi"] or "0") * YI + _number(found["wan"] or "0") * WAN
    if amount > LARGEST:
        raise ValueError("金额超过 1 万亿元，请核对单位。")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("金额最多精确到分，请核对小数位数。")
    return amount.quantize(Decimal("0.01"))


def parse_day(text: str) -> date:
    """The day of `2024-07-03`, `2024.7.3`, `2024/7/3`, `2024年7月3日` or `20240703`.

    Full-width characters are understood. Raises ValueError with a message for anything else and
    for years before 1978 or after 2100.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("。", ".")
    if found := _DAY.fullmatch(plain):
        parts = found[1], found[2] or found[5], found[3] or found[6]
    elif found := _COMPACT_DAY.fullmatch(plain):
        parts = found.groups()
    else:
        raise ValueError("请按 2024-07-03 的样式填写日期，年、月、日都要写。")
    year, month, day = map(int, parts)
    if not 1978 <= year <= 2100:
        raise ValueError(f"年份 {year} 不合情理，请核对。")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{year}年{month}月没有{day}日，请核对。") from None


def _number(text: str) -> Decimal:
    if "," in text and not _GROUPED.fullmatch(text):
        raise ValueError("逗号应每三位一个，例如 12,000；小数点请用“.”。")
    if len(text) > 40:
        raise ValueError("金额超过 1 万亿元，请核对单位。")
    return Decimal(text.replace(",", ""))
