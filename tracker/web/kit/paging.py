"""Pages of a list by their edge (`?after=`, `?before=` a record's number), not by counting.

The edge is a record: where it stands in the order is looked up when the page is asked for. One that
is gone, out of sight or no number at all leads to the first page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db
from tracker.web.tables import PER_PAGE, asked_number

COUNTED = 10_000
PORTION = 500


@dataclass(frozen=True)
class Term:
    """One expression of an order. Empty values come last in either direction."""

    by: SQLColumnExpression
    descending: bool = False

    @property
    def may_be_empty(self) -> bool:
        """Whether the expression can be NULL: unknown for all but columns."""
        if isinstance(self.by, InstrumentedAttribute):
            return self.by.property.columns[0].nullable
        return True

    def clause(self, *, backwards: bool = False) -> SQLColumnExpression:
        """For ORDER BY."""
        ordered = self.by.desc() if self.descending != backwards else self.by.asc()
        if not self.may_be_empty:
            return ordered
        return ordered.nulls_first() if backwards else ordered.nulls_last()

    def beyond(self, edge: Any, *, backwards: bool) -> ColumnElement[bool]:
        """Whether a row stands after `edge` (before it if `backwards`) by this term alone."""
        if edge is None:
            return self.by.is_not(None) if backwards else false()
        further = self.by < edge if self.descending != backwards else self.by > edge
        return or_(further, self.by.is_(None)) if self.may_be_empty and not backwards else further

    def level(self, edge: Any) -> ColumnElement[bool]:
        """Whether a row is level with `edge` by this term."""
        return self.by.is_(None) if edge is None else self.by == edge


@dataclass(frozen=True)
class Slice:
    """One page: its rows, the edges towards its neighbours (None at an end), and how many rows
    there are in all; `total` is None above `COUNTED`. `first` is the number of its first row in the
    list, from 1; None beyond `COUNTED`."""

    rows: Sequence
    before: int | None
    after: int | None
    total: int | None
    first: int | None = 1

    @property
    def words(self) -> str:
        """How many there are, for people."""
        return f"超过 {COUNTED:,} 条" if self.total is None else f"共 {self.total:,} 条"


def slice_of(
    statement: Select,
    model: type[Any],
    order: Sequence[Term],
    *,
    options: tuple = (),
    seen: ColumnElement[bool] | None = None,
    per_page: int = PER_PAGE,
) -> Slice:
    """The page of `statement` (of `model`, without an order) that the address asks for.

    `seen` limits which records may be an edge, so that an address tells nothing of others.
    `options` say what is loaded with the rows.
    """
    terms = _to_the_end(order, model)
    backwards = "before" in request.args and "after" not in request.args
    edge = asked_number("before" if backwards else "after")
    values = _values(model, terms, edge, seen) if edge else None
    ids: Sequence[int] = ()
    if values is not None:
        wanted = statement.where(_beyond(terms, values, backwards=backwards))
        ids = _ids(wanted, model, terms, per_page + 1, backwards=backwards)
    if values is None or not ids or (backwards and len(ids) <= per_page):
        backwards = False
        values = None
        ids = _ids(statement, model, terms, per_page + 1)
    more = len(ids) > per_page
    ids = ids[:per_page]
    if backwards:
        ids = ids[::-1]
    has_before = more if backwards else values is not None
    has_after = True if backwards else more
    return Slice(
        _rows(model, ids, options),
        ids[0] if ids and has_before else None,
        ids[-1] if ids and has_after else None,
        _total(statement, model),
        _place(statement, model, terms, ids[0]) if ids and has_before else 1,
    )


def portions_of(
    statement: Select, model: type[Any], order: Sequence[Term], *, options: tuple = ()
) -> Iterator[list]:
    """All rows of `statement` in its order, so many at a time as are held at once.

    The order is found once: its numbers come from the database as they are asked for.
    """
    ordered = statement.order_by(*(term.clause() for term in _to_the_end(order, model)))
    ids = ordered.with_only_columns(model.id, maintain_column_froms=True)
    found = db.session.execute(ids.execution_options(yield_per=PORTION)).scalars()
    for portion in found.partitions():
        yield _rows(model, portion, options)


def _to_the_end(order: Sequence[Term], model: type[Any]) -> list[Term]:
    """The terms that leave no two records level."""
    return [*order, Term(model.id, order[0].descending if order else False)]


def _place(statement: Select, model: type[Any], terms: Sequence[Term], number: int) -> int | None:
    """Which row of `statement` the record `number` is, from 1; None beyond `COUNTED`."""
    values = _values(model, terms, number, None)
    assert values is not None, "a unit sees one state of the data"
    earlier = _total(statement.where(_beyond(terms, values, backwards=True)), model)
    return None if earlier is None else earlier + 1


def _values(
    model: type[Any], terms: Sequence[Term], edge: int, seen: ColumnElement[bool] | None
) -> tuple | None:
    statement = select(*(term.by for term in terms)).select_from(model).where(model.id == edge)
    if seen is not None:
        statement = statement.where(seen)
    return db.session.execute(statement).first()


def _beyond(terms: Sequence[Term], values: Sequence, *, backwards: bool) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = false()
    for term, edge in zip(reversed(terms), reversed(values), strict=True):
        level = and_(term.level(edge), condition)
        condition = or_(term.beyond(edge, backwards=backwards), level)
    return condition


def _ids(
    statement: Select,
    model: type[Any],
    terms: Sequence[Term],
    most: int,
    *,
    backwards: bool = False,
) -> Sequence[int]:
    """The order is found over the numbers alone: whole rows are dear to sort."""
    ordered = statement.order_by(*(term.clause(backwards=backwards) for term in terms))
    ids = ordered.with_only_columns(model.id, maintain_column_froms=True)
    return db.session.scalars(ids.limit(most)).all()


def _rows(model: type[Any], ids: Sequence[int], options: tuple) -> list:
    if not ids:
        return []
    wanted = select(model).where(model.id.in_(ids)).options(*options)
    found = {row.id: row for row in db.session.scalars(wanted).unique()}
    return [found[number] for number in ids if number in found]


def _total(statement: Select, model: type[Any]) -> int | None:
    ids = statement.with_only_columns(model.id, maintain_column_froms=True)
    counted = select(func.count()).select_from(ids.limit(COUNTED + 1).subquery())
    total = db.session.scalar(counted) or 0
    return total if total <= COUNTED else None
