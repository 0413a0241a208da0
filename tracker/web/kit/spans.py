"""Dated rows of one thing do not overlap: what a new or changed row is held against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.web.kit.words import label_of

Against = Callable[[Any], tuple[str, str] | None]


def no_overlap(
    start: str,
    end: str,
    *same: str,
    closed: bool = False,
    only: Callable[[Any], bool] = lambda record: True,
) -> Against:
    """What speaks against a record whose span, from `start` to `end`, has a day or a year in common
    with that of another row of the same `same`. `closed`: `end` is the last day of the span, not
    the first after it. An empty start is before, an empty end after all others. `only` says of
    which rows this is asked."""

    def against(record: Any) -> tuple[str, str] | None:
        if not only(record):
            return None
        model = type(record)
        alike = (getattr(model, name) == getattr(record, name) for name in same)
        first, last = getattr(record, start), getattr(record, end)
        begins, ends = getattr(model, start), getattr(model, end)
        conditions = []
        if last is not None:
            before = begins <= last if closed else begins < last
            conditions.append(or_(begins.is_(None), before))
        if first is not None:
            after = ends >= first if closed else ends > first
            conditions.append(or_(ends.is_(None), after))
        wanted = select(model).where(*alike, *conditions, model.id != record.id)
        others = db.session.scalars(wanted.order_by(model.id))
        other = next((other for other in others if only(other)), None)
        if other is None:
            return None
        span = f"{_said(getattr(other, start), '起初')}—{_said(getattr(other, end), '至今')}"
        return start, (
            f"与已有一段（{span}，编号 {other.id}）重叠。同一时间只能有一段，"
            f"请先填那一段的{label_of(model, end)}，或核对两处日期。"
        )

    return against


def _said(value: date | int | None, empty: str) -> str:
    return empty if value is None else str(value)
