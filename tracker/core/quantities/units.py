"""The units that money is told in."""

from __future__ import annotations

from decimal import Decimal

WAN = Decimal(10_000)  # 元 in a 万元
YI = Decimal(100_000_000)  # 元 in an 亿元
WAN_PER_YI = 10_000


def in_wan(yuan: Decimal) -> Decimal:
    """元 as 万元, exactly."""
    return yuan / WAN
