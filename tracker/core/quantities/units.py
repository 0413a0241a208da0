"""The units that money is told in, and what the unit of a figure says of it."""

from __future__ import annotations

from decimal import Decimal

WAN = Decimal(10_000)  # 元 in a 万元
YI = Decimal(100_000_000)  # 元 in an 亿元
WAN_PER_YI = 10_000


# What is counted has no part of one; a share is of one.
COUNTED = ("个", "次", "项", "件", "起", "人", "对", "人次", "户", "家")
SHARE = "比例"


def unfit(value: Decimal, unit: str) -> str:
    """Why `value` is no figure of `unit`, in Chinese; "" if it can be one."""
    if unit in COUNTED and value != value.to_integral_value():
        return f"单位为{unit}，须为整数。"
    return "比例不能大于 100%。" if unit == SHARE and value > 1 else ""


def in_wan(yuan: Decimal) -> Decimal:
    """元 as 万元, exactly."""
    return yuan / WAN
