"""Which records are unusual by their figures and days as they stand, whether or not anybody was
asked: the rules of the forms, put as conditions so that only what may be unusual is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, class_mapper

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import WAN
from tracker.web.kit.doubted import (
    FEWEST_PEERS,
    asks_again,
    day_facts,
    is_year,
    overlap_facts,
    stored_again,
    unit_of,
)
from tracker.web.kit.kinds import Kind
from tracker.web.kit.words import column_of, dotted, its_column, label_of
from tracker.web.plausibility import (
    TIMES,
    AgainFacts,
    Doubt,
    FigureFacts,
    again_doubts,
    day_doubts,
    figure_doubts,
    overlap_doubts,
)
from tracker.web.usual import AHEAD, AHEAD_OF, BEGINNING, EARLIER, USUAL

MOST = 500  # records of a kind; where more are unusual, something else is wrong


def outliers(kind: Kind, among: Select) -> dict[int, list[Doubt]]:
    """Record (id) → what is unusual of it, among the records of `kind` that `among` selects."""
    model, conditions = kind.model, []
    for name in columns_of(model):
        conditions += _conditions(model, name)
    if not conditions:
        return {}
    largest = _largest(model)
    conditions += [getattr(model, name) == top for name, (top, _) in largest.items() if top]
    found: dict[int, list[Doubt]] = {}
    for record in db.session.scalars(among.where(or_(*conditions)).limit(MOST)).unique():
        if doubts := list(_of(model, record, largest)):
            found[record.id] = doubts
    return found


def beside_others(
    kind: Kind, among: Select, answered: Callable[[int], Collection[str]]
) -> dict[int, list[Doubt]]:
    """Record (id) → that another says the same, or overlaps it, among the records of `kind` that
    `among` selects; each pair once, at the later record. A pair of which `answered` (id → rules)
    has one is left out. Two statements, and one for the others' names."""
    again = dict(stored_again(kind, among)) if asks_again(kind) else {}
    span = kind.span
    meeting = span.pairs(kind.model, among) if span is not None else []
    over = {
        number: other
        for number, other in meeting
        if number not in again and "overlaps" not in answered(other)
    }
    wanted = select(kind.model).where(kind.model.id.in_({*again.values(), *over.values()}))
    if not (again or over):
        return {}
    others = {r.id: r for r in db.session.scalars(wanted.options(*kind.load)).unique()}
    found = {}
    for number, other in again.items():
        found[number] = again_doubts(AgainFacts(kind.label, kind.name(others[other]), other))
    for number, other in over.items():
        assert span is not None, "without a span nothing overlaps"
        found[number] = overlap_doubts(overlap_facts(kind, span, others[other]))
    return dict(sorted(found.items())[:MOST])


def columns_of(model: type[Any]) -> list[str]:
    """The attributes of `model` that are one column."""
    every = class_mapper(model).column_attrs
    return [each.key for each in every if column_of(model, each.key) is not None]


def _of(model: type[Any], record: Any, largest: dict[str, tuple[Any, Any]]) -> Iterator[Doubt]:
    for name in columns_of(model):
        value = getattr(record, name)
        if value is None:
            continue
        of = dotted(its_column(model, name))
        if of in USUAL:
            unit, told = unit_of(model, name)
            top, second = largest[name]
            yield from figure_doubts(
                FigureFacts(
                    label_of(model, name),
                    told(value),
                    unit,
                    usual=Decimal(USUAL[of]),
                    peer=told(second) if second is not None and value == top else None,
                )
            )
        elif (facts := day_facts(model, name, value)) is not None:
            yield from day_doubts(facts)


def _conditions(model: type[Any], name: str) -> list[ColumnElement[bool]]:
    """What lets a record be unusual by the column `name`."""
    attribute: InstrumentedAttribute = getattr(model, name)
    column = its_column(model, name)
    of = dotted(column)
    if of in USUAL:
        unit, _ = unit_of(model, name)
        scale = {"万元": WAN, "%": Decimal("0.01")}.get(unit, Decimal(1))
        most = USUAL[of] * scale
        return [attribute > (int(most) if isinstance(column.type, Integer) else most)]
    last = today().year + AHEAD_OF.get(of, AHEAD)
    if isinstance(column.type, Date):
        found = [attribute > last_day(last)]
        return found if of in EARLIER else [*found, attribute < first_day(BEGINNING)]
    if is_year(column.name):
        return [attribute > last] if of in EARLIER else [attribute > last, attribute < BEGINNING]
    return []


def _figures(model: type[Any]) -> list[str]:
    return [name for name in columns_of(model) if dotted(its_column(model, name)) in USUAL]


def _largest(model: type[Any]) -> dict[str, tuple[Any, Any]]:
    """For each figure the largest value of all records, and the next one below where that is far
    below and there are peers enough; else (None, None). One statement."""
    names = _figures(model)
    if not names:
        return {}
    asked = []
    for name in names:
        attribute = getattr(model, name)
        top = select(func.max(attribute, type_=attribute.type)).scalar_subquery()
        below = select(func.max(attribute, type_=attribute.type)).where(attribute < top)
        asked += [select(func.count(attribute)).scalar_subquery(), top, below.scalar_subquery()]
    row = list(db.session.execute(select(*asked)).one())
    found = {}
    for place, name in enumerate(names):
        number, top, second = row[3 * place : 3 * place + 3]
        far = number > FEWEST_PEERS and second and top >= TIMES * second
        found[name] = (top, second) if far else (None, None)
    return found
