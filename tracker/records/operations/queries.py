"""Yearly figures from quarterly ones, and those that are computed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tracker.records.operations.items import MEANINGS, Item


def of_year(item: Item, figures: Iterable[Any]) -> Decimal | None:
    """The year's value of `item` from one subject's figures of one year: a flow is the sum of its
    quarters, a stock its last one. None if no quarter was reported."""
    quarters = {figure.quarter: figure.value for figure in figures if figure.item is item}
    if not quarters:
        return None
    if MEANINGS[item].is_flow:
        return sum(quarters.values(), Decimal(0))
    return quarters[max(quarters)]


def per_mu(amount: Decimal | None, area_mu: Decimal | None) -> Fraction | None:
    """亩均: 万元 a 亩; None where a side is not reported or the area is 0."""
    if amount is None or not area_mu:
        return None
    return Fraction(amount) / Fraction(area_mu)
