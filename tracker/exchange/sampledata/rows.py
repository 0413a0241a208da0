"""Collect rows and write them in bulk.

Bulk statements pass by the audit trail, as they may: no person wrote these rows, and every one of
them says that it is a sample.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time
from itertools import chain, count
from typing import Any

from sqlalchemy import ColumnDefault, func, insert, inspect, select, text

from tracker.core.db import Base, Origin, Searchable, db, key_of, search_values
from tracker.core.db.printable import check_row
from tracker.core.quantities.clock import day_of
from tracker.records.operations.models import OperatingFigure
from tracker.records.submissions.models import Filing, FilingEvent
from tracker.records.targets.models import Target

# Of these the database holds one row a key, and a public or entered one comes first.
KEYS: dict[type[Any], tuple[str, ...]] = {
    OperatingFigure: ("enclave_id", "park_id", "year", "quarter", "item"),
    Filing: ("region_id", "enclave_id", "year", "kind"),
    Target: ("region_id", "enclave_id", "park_id", "pairing_id", "year", "measure"),
}
_MOMENTS = ("created_at", "updated_at", "entered_at", "submitted_at", "ruled_at")


def moment(on: date) -> datetime:
    """Ten o'clock in the morning in China on `on`."""
    return datetime.combine(on, time(2), UTC)


class Rows:
    """Rows waiting to be written, with their ids given in the order of their making.

    Of a running year only what happened in the `window` (first and last day) is taken, and of what
    is to be filed, which is planned ahead, only what was filed by `day`.
    """

    def __init__(self, window: tuple[date, date] | None = None, day: date | None = None) -> None:
        self._window, self._day = window, day
        self.counts: Counter[str] = Counter()
        self._waiting: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
        self._next: dict[type[Any], int] = {}
        self._blank: dict[type[Any], dict[str, Any]] = {}
        self._taken: dict[type[Any], set[tuple]] = {}
        self._names: dict[type[Any], set[tuple]] = {}

    def add(self, model: type[Any], on: date, /, **values: Any) -> Any:
        """A sample row of `model` made on `on`; its id, or None where the key is taken."""
        if self._window is not None:
            if model is Filing:
                if values["filed_at"] and not self.has_come(day_of(values["filed_at"])):
                    values["filed_at"] = None
            elif model is not FilingEvent and not self._window[0] <= on <= self._window[1]:
                return None
        if model in KEYS and not self._take(model, values):
            return None
        row = self._blank_row(model) | values
        row.update({name: moment(on) for name in _MOMENTS if name in row and name not in values})
        row["id"] = self._id(model)
        if "origin" in row:
            row["origin"] = Origin.SAMPLE
        if issubclass(model, Searchable):
            row["name"] = self._name(model, row)
            row.update(search_values(row["name"]))
        check_row(model.__table__, row)
        self._waiting[model].append(row)
        self.counts[model.__tablename__] += 1
        return row["id"]

    def holds(self, on: date) -> bool:
        """Whether what happened `on` a day is taken: all of it, of a year that is over."""
        return self._window is None or self._window[0] <= on <= self._window[1]

    def has_come(self, on: date) -> bool:
        """Whether `on` is no later than the day that a load of a running year is of."""
        return self._day is None or on <= self._day

    @property
    def last_day(self) -> date | None:
        """The last day of the window of a running year; None of a year that is over."""
        return self._window[1] if self._window is not None else None

    def write(self) -> None:
        """Insert what waits, tables in the order of their references."""
        order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
        for model in sorted(self._waiting, key=lambda model: order[model.__table__]):
            db.session.execute(insert(model), self._waiting[model])
            if db.engine.dialect.name == "postgresql":
                db.session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                    {"name": model.__tablename__, "last": self._next[model] - 1},
                )
        self._waiting.clear()

    def _take(self, model: type[Any], values: dict[str, Any]) -> bool:
        names = KEYS[model]
        if model not in self._taken:
            columns = [getattr(model, name) for name in names]
            self._taken[model] = {tuple(row) for row in db.session.execute(select(*columns))}
        key = tuple(values.get(name) for name in names)
        if key in self._taken[model]:
            return False
        self._taken[model].add(key)
        return True

    def _name(self, model: type[Searchable], row: dict[str, Any]) -> str:
        """The name of `row`; with a number where somebody has a record of that name there."""
        if model not in self._names:
            columns = [getattr(model, each) for each in ("name_key", *model.name_within)]
            self._names[model] = {tuple(each) for each in db.session.execute(select(*columns))}
        place = tuple(row[each] for each in model.name_within)
        named = chain([row["name"]], (f"{row['name']}（{n}）" for n in count(2)))
        name = next(each for each in named if (key_of(each), *place) not in self._names[model])
        self._names[model].add((key_of(name), *place))
        return name

    def _id(self, model: type[Any]) -> int:
        if model not in self._next:
            self._next[model] = (db.session.scalar(select(func.max(model.id))) or 0) + 1
        self._next[model] += 1
        return self._next[model] - 1

    def _blank_row(self, model: type[Any]) -> dict[str, Any]:
        if model not in self._blank:
            self._blank[model] = {
                attribute.key: _default(attribute.columns[0])
                for attribute in inspect(model).column_attrs
            }
        return self._blank[model]


def _default(column: Any) -> Any:
    given = column.default
    return given.arg if isinstance(given, ColumnDefault) and given.is_scalar else None
