"""Reading many records that nobody changes, without what a session does for those that are changed.

A session keeps watch over each record that it loads: for some ten thousand, that takes most of the
time of what reads them. `rows` gives the rows of a statement of columns as the database has them,
and a `Shelf` records as plain objects of their class: they have their columns and what of their
relationships was asked for, their properties and words, but no session. Whoever asks such a record
for anything else, or when it was entered and changed, gets an UnmappedInstanceError, not another
statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import RelationshipProperty, class_mapper

from tracker.core.db.base import Base, db

_Record = TypeVar("_Record", bound=Base)
NAMED_AT_ONCE = 10_000  # SQLite takes some 32,000 parameters
_MOMENTS = ("created_at", "updated_at")


def rows(statement: Select, named: Mapping[str, Any] | None = None) -> Sequence[Row]:
    """The rows of a statement of columns, after what is not yet in the database has gone there."""
    if db.session.autoflush:
        db.session.flush()
    return db.session.connection().execute(statement, named).all()


class Shelf:
    """Records by their class and id, each read once."""

    def __init__(self) -> None:
        self._known: dict[type[Base], dict[int, Any]] = defaultdict(dict)
        self._has: dict[tuple[type[Base], str], set[int]] = defaultdict(set)

    def named(
        self, model: type[_Record], ids: Collection[int], paths: Iterable[str] = ()
    ) -> dict[int, _Record]:
        """The records of those ids that there are, by id, with the relationships that `paths` name:
        "pairing.supporter" gives a record its pairing and that its supporter."""
        known = self._known[model]
        missing = iter(sorted(set(ids) - known.keys()))
        columns = _read(model)
        while some := list(islice(missing, NAMED_AT_ONCE)):
            self._put(model, rows(select(*columns.values()).where(columns["id"].in_(some))))
        found = {number: known[number] for number in ids if number in known}
        self._relate(model, list(found.values()), paths)
        return found

    def those(self, statement: Select, paths: Iterable[str] = ()) -> Sequence[Any]:
        """The records that `select(Model)…` gives, in its order."""
        model = statement.column_descriptions[0]["entity"]
        found = self._put(model, rows(statement.with_only_columns(*_read(model).values())))
        self._relate(model, found, paths)
        return found

    def _put(self, model: Any, found: Iterable[Sequence[Any]]) -> list[Any]:
        new: Any = object.__new__
        keys, known, records = tuple(_read(model)), self._known[model], []
        place = keys.index("id")
        for row in found:
            record = known.get(row[place])
            if record is None:
                record = known[row[place]] = new(model)
                record.__dict__.update(zip(keys, row, strict=True))
            records.append(record)
        return records

    def _relate(self, model: type[Any], records: Sequence[Any], paths: Iterable[str]) -> None:
        below: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            name, _, rest = path.partition(".")
            below[name] += [rest] if rest else []
        for name, further in below.items():
            relationship = class_mapper(model).relationships[name]
            if relationship.uselist:
                self._list(model, relationship, records, further)
            else:
                self._one(relationship, records, further)

    def _one(
        self, relationship: RelationshipProperty[Any], records: Sequence[Any], paths: list[str]
    ) -> None:
        key = _key_of(relationship)
        ids = {number for each in records if (number := each.__dict__[key]) is not None}
        others = self.named(relationship.mapper.class_, ids, paths)
        for each in records:
            each.__dict__[relationship.key] = others.get(each.__dict__[key])

    def _list(
        self,
        model: type[Any],
        relationship: RelationshipProperty[Any],
        records: Sequence[Any],
        paths: list[str],
    ) -> None:
        other: type[Any] = relationship.mapper.class_
        has = self._has[model, relationship.key]
        fresh = [each for each in records if each.id not in has]
        has.update(each.id for each in fresh)
        key = _key_of(relationship)
        by_owner: dict[int, list[Any]] = defaultdict(list)
        owner: Any = getattr(other, key)
        for some in _parts([each.id for each in fresh]):
            wanted = select(other).where(owner.in_(some)).order_by(other.id)
            for record in self.those(wanted, paths):
                by_owner[record.__dict__[key]].append(record)
        for each in fresh:
            each.__dict__[relationship.key] = by_owner[each.id]


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), NAMED_AT_ONCE):
        yield ids[start : start + NAMED_AT_ONCE]


@cache
def _read(model: Any) -> Mapping[str, Any]:
    """The columns that are read of a table, by what its class calls them. The moments that every
    record has are not: to make them takes as long as all the rest of a record."""
    mapper = class_mapper(model)
    named = {
        mapper.get_property_by_column(column).key: column for column in model.__table__.columns
    }
    return {key: column for key, column in named.items() if key not in _MOMENTS}


@cache
def _key_of(relationship: RelationshipProperty[Any]) -> str:
    """The one key by which a relationship finds: of the record itself, or of those of a list."""
    ((local, remote),) = relationship.local_remote_pairs or ()
    if relationship.uselist:
        return relationship.mapper.get_property_by_column(remote).key
    return relationship.parent.get_property_by_column(local).key
