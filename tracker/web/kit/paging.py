"""Pages of a list by their edge (`?after=`, `?before=` a record's number), not by counting.

The edge is a record: where it stands in the order is looked up when the page is asked for. One that
is gone, out of sight or no number at all leads to the first page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import db
from tracker.web.tables import PER_PAGE, asked_number

COUNTED = 10_000


@dataclass(frozen=True)
class Term:
    """One expression of an order. Empty values come last in either direction."""

    by: ColumnElement
    descending: bool = False

    @property
    def may_be_empty(self) -> bool:
        """Whether the expression can be NULL: unknown for all but columns."""
        if isinstance(self.by, InstrumentedAttribute):
            return self.by.property.columns[0].nullable
        return True

    def clause(self, *, backwards: bool = False) -> ColumnElement:
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
    there are in all; `total` is None above `COUNTED`."""

    rows: Sequence
    before: int | None
    after: int | None
    total: int | None


def slice_of(
    statement: Select,
    model: type,
    order: Sequence[Term],
    *,
    seen: ColumnElement[bool] | None = None,
    per_page: int = PER_PAGE,
) -> Slice:
    """The page of `statement` (of `model`, without an order) that the address asks for.

    `seen` limits which records may be an edge, so that an address tells nothing of others.
    """
    terms = [*order, Term(model.id, order[0].descending if order else False)]
    backwards = "before" in request.args and "after" not in request.args
    edge = asked_number("before" if backwards else "after")
    values = _values(model, terms, edge, seen) if edge else None
    rows: Sequence = ()
    if values is not None:
        wanted = statement.where(_beyond(terms, values, backwards=backwards))
        rows = _rows(wanted, terms, per_page + 1, backwards=backwards)
    if values is None or not rows or (backwards and len(rows) <= per_page):
        backwards = False
        values = None
        rows = _rows(statement, terms, per_page + 1)
    more = len(rows) > per_page
    rows = rows[:per_page]
    if backwards:
        rows = rows[::-1]
    has_before = more if backwards else values is not None
    has_after = True if backwards else more
    return Slice(
        rows,
        rows[0].id if rows and has_before else None,
        rows[-1].id if rows and has_after else None,
        _total(statement, model),
    )


def _values(
    model: type, terms: Sequence[Term], edge: int, seen: ColumnElement[bool] | None
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


def _rows(
    statement: Select, terms: Sequence[Term], most: int, *, backwards: bool = False
) -> Sequence:
    ordered = statement.order_by(*(term.clause(backwards=backwards) for term in terms))
    return db.session.scalars(ordered.limit(most)).unique().all()


def _total(statement: Select, model: type) -> int | None:
    ids = statement.with_only_columns(model.id, maintain_column_froms=True).order_by(None)
    counted = select(func.count()).select_from(ids.limit(COUNTED + 1).subquery())
    total = db.session.scalar(counted)
    return total if total <= COUNTED else None
