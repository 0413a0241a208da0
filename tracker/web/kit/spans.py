"""Dated rows of one thing that overlap: refused where there can be only one at a time, asked about
where several can be real."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, or_, select

from tracker.core.db import db
from tracker.core.db.searchable import key_of
from tracker.web.kit.words import column_of, label_of

Against = Callable[[Any], tuple[str, str] | None]


@dataclass(frozen=True)
class Span:
    """From `start` to `end` a row says something of one thing, which rows of the same `same` share;
    texts are compared as names are.

    `closed`: `end` is the last day of the span, not the first after it. An empty start is before,
    an empty end after all others. `only` says of which rows this is so. `about` is what they share
    in words ("同一人的任期"), where an overlap is asked about.
    """

    start: str
    end: str
    same: Sequence[str]
    closed: bool = False
    only: Callable[[Any], bool] = lambda record: True
    about: str = ""

    def others(self, model: type[Any], record: Any, number: int | None) -> Iterator[Any]:
        """The rows of `model`, but the one of the `number`, that overlap `record`: a record, or
        what has its values."""
        if not self.only(record):
            return
        texts = [name for name in self.same if is_text(model, name)]
        alike = [
            getattr(model, name) == getattr(record, name) for name in self.same if name not in texts
        ]
        wanted = select(model).where(*alike, *self._overlapping(model, record))
        if number is not None:
            wanted = wanted.where(model.id != number)
        for other in db.session.scalars(wanted.order_by(model.id)).unique():
            if self.only(other) and all(_key(other, n) == _key(record, n) for n in texts):
                yield other

    def pairs(self, model: type[Any], among: Select) -> list[tuple[int, int]]:
        """(number, number of an earlier row) of rows that overlap, among the records of `model`
        that `among` selects; each row once. One statement."""
        of_thing: dict[tuple, list[Any]] = defaultdict(list)
        wanted = among.with_only_columns(
            model.id, *(getattr(model, name) for name in (self.start, self.end, *self.same))
        )
        for row in db.session.execute(wanted.order_by(None).order_by(model.id)).unique():
            if self.only(row):
                of_thing[tuple(_key(row, name) for name in self.same)].append(row)
        found = []
        for rows in of_thing.values():
            for place, row in enumerate(rows):
                before = next((each for each in rows[:place] if self._meet(each, row)), None)
                if before is not None:
                    found.append((row.id, before.id))
        return found

    def _overlapping(self, model: type[Any], record: Any) -> list[ColumnElement[bool]]:
        first, last = getattr(record, self.start), getattr(record, self.end)
        begins, ends = getattr(model, self.start), getattr(model, self.end)
        conditions = []
        if last is not None:
            before = begins <= last if self.closed else begins < last
            conditions.append(or_(begins.is_(None), before))
        if first is not None:
            after = ends >= first if self.closed else ends > first
            conditions.append(or_(ends.is_(None), after))
        return conditions

    def _meet(self, one: Any, other: Any) -> bool:
        def before(last: Any, first: Any) -> bool:
            if last is None or first is None:
                return False
            return last < first if self.closed else last <= first

        def ends(row: Any) -> tuple[Any, Any]:
            return getattr(row, self.start), getattr(row, self.end)

        (first, last), (begins, stops) = ends(one), ends(other)
        return not before(last, begins) and not before(stops, first)

    def said(self, record: Any) -> str:
        """The span of `record` in words."""
        first, last = getattr(record, self.start), getattr(record, self.end)
        return f"{_said(first, '起初')}—{_said(last, '至今')}"

    def changed(self, record: Any, values: Mapping[str, Any]) -> bool:
        """Whether `values` would move `record` in time, or to another thing."""
        names = (self.start, self.end, *self.same)
        return any(name in values and values[name] != getattr(record, name) for name in names)


def no_overlap(
    start: str,
    end: str,
    *same: str,
    closed: bool = False,
    only: Callable[[Any], bool] = lambda record: True,
) -> Against:
    """What speaks against a record whose span has a day or a year in common with that of another
    row of the same `same`; see `Span`."""
    span = Span(start, end, same, closed, only)

    def against(record: Any) -> tuple[str, str] | None:
        model = type(record)
        other = next(span.others(model, record, record.id), None)
        if other is None:
            return None
        return start, (
            f"与已有一段（{span.said(other)}，编号 {other.id}）重叠。同一时间只能有一段，"
            f"请先填那一段的{label_of(model, end)}，或核对两处日期。"
        )

    return against


def is_text(model: type, name: str) -> bool:
    """Whether an attribute of `model` is a text, which is compared as names are."""
    column = column_of(model, name)
    return column is not None and isinstance(column.type, String)


def _key(record: Any, name: str) -> Any:
    value = getattr(record, name)
    return key_of(value) if type(value) is str else value


def _said(value: date | int | None, empty: str) -> str:
    return empty if value is None else str(value)
