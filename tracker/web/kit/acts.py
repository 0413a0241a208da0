"""What can be done to any record: make one, change it, delete it with a reason. Nothing commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from sqlalchemy import ForeignKey, func, inspect, literal, select, union_all

from tracker.core.db import Base, Origin, Searchable, db
from tracker.core.db.audit import because
from tracker.core.db.searchable import refuse_twin
from tracker.core.told import ToldError
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.web.kit.words import table_label
from tracker.web.transactions import ConflictError


class BlockedError(ToldError):
    """The record may not be written as it is; the message is for the user."""

    status = 409


class RefusedError(ToldError):
    """The record cannot stand beside the others: `field` and the sentence beside it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Reference:
    """How many rows of a table refer to a record."""

    table: str
    count: int

    @property
    def words(self) -> str:
        """For a sentence: 3 条台账."""
        return f"{self.count} 条{table_label(self.table)}"

    @property
    def lasts(self) -> bool:
        """Whether these rows are never deleted: no page of their kind does it."""
        return not any(
            kind.model.__tablename__ == self.table and kind.form is not None and kind.edit
            for kind in all_kinds()
        )


def create(kind: Kind, user: Any, parent: Any, values: Mapping[str, object]) -> Any:
    """A new record of `kind`, under `parent` where the kind has one.

    What belongs to a sample is a sample. Raises IntegrityError, TwinError, or BlockedError if
    `user` may not have such a record.
    """
    if said := kind.closed(user, None, parent, values):
        raise RefusedError(*said)
    if kind.create is not None:
        record = kind.create(user, parent, values)
    else:
        record = kind.model(**values)
        _complete(kind, user, parent, record)
        unlike_others(record)
        db.session.add(record)
    db.session.flush()
    kind.after(record)
    blocked = kind.blocked(user, record)
    if blocked is not None:
        raise BlockedError(blocked.reason)
    _refuse_beside_others(kind, record)
    return record


def update(
    kind: Kind, user: Any, record: Any, values: Mapping[str, object], version: int | None
) -> None:
    """Change what differs from the record.

    Raises ConflictError if the record is no longer at `version`, TwinError, and BlockedError if
    `user` may not have it as it would be.
    """
    if said := kind.closed(user, record, kind.parent_of(record), values):
        raise RefusedError(*said)
    before = version_of(record)
    if kind.update is not None:
        kind.update(user, record, values, version)
    else:
        change(record, values, version)
    db.session.flush()
    if version_of(record) != before:
        kind.after(record)
    blocked = kind.blocked(user, record)
    if blocked is not None:
        raise BlockedError(blocked.reason)
    _refuse_beside_others(kind, record)


def _refuse_beside_others(kind: Kind, record: Any) -> None:
    if said := kind.against(record):
        raise RefusedError(*said)


def unlike_others(record: Any) -> None:
    """Raises TwinError where `record`, before it is flushed, would be one; see `refuse_twin`."""
    if isinstance(record, Searchable):
        refuse_twin(db.session, record)


def change(record: Any, values: Mapping[str, object], version: int | None) -> set[str]:
    """Set what differs from `record`, and give the names of what did.

    A published value that is overridden stays visible, but is no longer the adopted one, and the
    record counts as entered. Raises ConflictError if the record is no longer at `version`, and
    TwinError.
    """
    if version != version_of(record):
        raise ConflictError
    changed = {name for name, value in values.items() if getattr(record, name) != value}
    for name in changed:
        setattr(record, name, values[name])
    for said in getattr(record, "sourced_values", ()):
        if said.field in changed:
            said.adopted = False
    if changed and getattr(record, "origin", None) is Origin.PUBLIC:
        record.origin = Origin.ENTERED
    unlike_others(record)
    db.session.flush()
    return changed


def version_of(record: Any) -> int:
    """The row version of `record`; where its table keeps none, a number that follows from its
    values."""
    if hasattr(record, "version"):
        return record.version
    values = [getattr(record, c.key) for c in inspect(record).mapper.column_attrs]
    return crc32(repr(values).encode())


def remove(kind: Kind, user: Any, record: Any, reason: str) -> None:
    """Delete `record`; the trail keeps its values and the `reason`.

    Raises IntegrityError if another record refers to it.
    """
    with because(db.session, reason):
        if kind.remove is not None:
            kind.remove(user, record, reason)
        else:
            db.session.delete(record)
        db.session.flush()
        kind.after(record)


def references_to(record: Any) -> list[Reference]:
    """Which tables refer to `record`, and with how many rows; one statement for all of them. What
    goes with the record where it is deleted does not hold it."""
    table = record.__table__
    counts = [
        select(literal(column.table.name).label("name"), func.count().label("rows")).where(
            column == record.id
        )
        for column in _columns_referring_to(table.name)
    ]
    if not counts:
        return []
    found: dict[str, int] = {}
    for name, rows in db.session.execute(union_all(*counts)):
        found[name] = found.get(name, 0) + rows
    return [Reference(name, rows) for name, rows in found.items() if rows]


def _columns_referring_to(table: str) -> list:
    keys: list[ForeignKey] = [
        key
        for other in Base.metadata.sorted_tables
        for column in other.columns
        for key in column.foreign_keys
        if key.target_fullname == f"{table}.id" and key.ondelete != "CASCADE"
    ]
    return [key.parent for key in keys]


def _complete(kind: Kind, user: Any, parent: Any, record: Any) -> None:
    """What the form does not ask for: the parent, the owner, the origin."""
    if kind.parent is not None:
        setattr(record, kind.parent.column, parent.id)
        if getattr(parent, "origin", None) is Origin.SAMPLE and hasattr(record, "origin"):
            record.origin = Origin.SAMPLE
    owner = kind.scope.owner
    if owner and "." not in owner and getattr(record, owner, None) is None:
        setattr(record, owner, user.region_id)
