"""Dates as their sources gave them: a year or a month is not a day."""

from __future__ import annotations

from typing import Any

from tracker.core.db import Precision
from tracker.core.quantities.shown import day
from tracker.web.kit.declared import Field


def stated_day(record: Any, field: str, missing: str = "—") -> str:
    """The date `field` of a record with sourced values: "2019-11" where the source that was
    believed gave no day, else 2019-11-24; `missing` where there is none."""
    value = getattr(record, field)
    if value is not None:
        for said in record.sourced_values:
            if said.field == field and said.adopted and said.precision is Precision.ABOUT:
                return said.text
    return day(value, missing)


def stated(field: str) -> Field:
    """The date `field` of a record with sourced values, as exact as its source gave it."""
    return Field(field, value=lambda record: stated_day(record, field), look=lambda text, of: text)
