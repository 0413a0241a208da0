"""What is unusual of a record as a form would leave it, and the answer that is kept with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Date, Select, UniqueConstraint, func, select

from tracker.core.db import Money, Searchable, db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.db.searchable import key_of
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import first_day
from tracker.core.quantities.units import WAN
from tracker.web.kit.kinds import Kind, place_of
from tracker.web.kit.spans import Span, is_text
from tracker.web.kit.words import PART, column_of, dotted, its_column, label_of, words_of
from tracker.web.plausibility import (
    AgainFacts,
    DayFacts,
    Doubt,
    FigureFacts,
    OverlapFacts,
    again_doubts,
    day_doubts,
    figure_doubts,
    keys_of,
    overlap_doubts,
)
from tracker.web.usual import USUAL

FEWEST_PEERS = 5  # of fewer, the largest says little

# (record or None, values) → what is unusual of them, as far as features above the kind know.
Maker = Callable[[Any, Mapping[str, Any]], Sequence[Doubt]]
_makers: dict[str, list[Maker]] = {}


def also_doubted(table: str) -> Callable[[Maker], Maker]:
    """Let a feature above say what is unusual of records of `table`, beside their kind."""

    def hang(maker: Maker) -> Maker:
        _makers.setdefault(table, []).append(maker)
        return maker

    return hang


def doubts_of(kind: Kind, record: Any, parent: Any, values: Mapping[str, Any]) -> list[Doubt]:
    """What is unusual of `record`, or of a new one, with `values`: what its kind says, each figure
    and day by what is usual of it, that another record says the same or overlaps, and what features
    above say."""
    found = [*kind.doubts(record, parent, values), *_of_fields(kind.model, record, values)]
    again = _said_again(kind, parent, values) if record is None and asks_again(kind) else []
    found += again or _overlaps(kind, record, parent, values)
    for maker in _makers.get(kind.model.__tablename__, ()):
        found += maker(record, values)
    said: dict[str, Doubt] = {}
    for doubt in found:
        said.setdefault(doubt.words, doubt)
    return list(said.values())


def has_key(model: type[Any]) -> bool:
    """Whether the database itself refuses a second record of the same: by name, or by a key."""
    table = model.__table__
    return (
        issubclass(model, Searchable)
        or any(index.unique for index in table.indexes)
        or any(isinstance(each, UniqueConstraint) for each in table.constraints)
    )


def asks_again(kind: Kind) -> bool:
    """Whether a second record of `kind` that says the same is asked about."""
    return not has_key(kind.model)


def _overlaps(kind: Kind, record: Any, parent: Any, values: Mapping[str, Any]) -> list[Doubt]:
    """That the record's span would overlap another's of the same thing; of one that is kept, only
    where it is moved."""
    span = kind.span
    if span is None or (record is not None and not span.changed(record, values)):
        return []
    above = {kind.parent.column: parent.id} if kind.parent is not None else {}
    named = {name: getattr(record, name, None) for name in (span.start, span.end, *span.same)}
    like = SimpleNamespace(**{**named, **above, **values})
    others = span.others(kind.model, like, record.id if record is not None else None)
    other = next(others, None)
    return [] if other is None else overlap_doubts(overlap_facts(kind, span, other))


def overlap_facts(kind: Kind, span: Span, other: Any) -> OverlapFacts:
    """What a record is asked whose span overlaps that of `other`."""
    return OverlapFacts(kind.label, span.about, kind.name(other), span.said(other), other.id)


def _said_again(kind: Kind, parent: Any, values: Mapping[str, Any]) -> list[Doubt]:
    """That a record says all that a new one would, remarks aside: the form was filled in twice, in
    two tabs or on two days. Texts are compared as names are."""
    model = kind.model
    said = {name: value for name, value in values.items() if _is_said(model, name)}
    if kind.parent is not None:
        said[kind.parent.column] = parent.id
    texts = {name for name in said if is_text(model, name)}
    same = (getattr(model, name) == said[name] for name in said.keys() - texts)
    for other in db.session.scalars(select(model).where(*same).order_by(model.id)):
        if all(_key(getattr(other, name)) == _key(said[name]) for name in texts):
            return again_doubts(AgainFacts(kind.label, kind.name(other), other.id))
    return []


def said_by(kind: Kind) -> list[str]:
    """What a record of `kind` says: the columns that its form asks for, remarks aside, and what it
    was entered under."""
    assert kind.form is not None, "what nobody enters says nothing"
    asked = (name for _, names in kind.form.groups for name in names)
    above = [kind.parent.column] if kind.parent is not None else []
    return [*above, *(name for name in asked if _is_said(kind.model, name) and name not in above)]


def stored_again(kind: Kind, among: Select) -> list[tuple[int, int]]:
    """(number, number of the first that says the same) of the records of `kind` that `among`
    selects, each but the first; by the rule of `_said_again`. One statement."""
    model, names = kind.model, said_by(kind)
    texts = [name for name in names if is_text(model, name)]
    exact = [getattr(model, name) for name in names if name not in texts]
    alike = among.with_only_columns(
        model.id,
        *(getattr(model, name).label(f"text_{place}") for place, name in enumerate(texts)),
        func.count().over(partition_by=exact).label("times"),
        func.dense_rank().over(order_by=exact).label("alike"),
    ).order_by(None)
    within = alike.subquery()
    first: dict[tuple, int] = {}
    found = []
    for number, *said, _, same in db.session.execute(
        select(within).where(within.c.times > 1).order_by(within.c.id)
    ):
        before = first.setdefault((same, *map(_key, said)), number)
        if before != number:
            found.append((number, before))
    return found


def _is_said(model: type, name: str) -> bool:
    return name != "note" and column_of(model, name) is not None


def _key(text: str | None) -> str:
    return key_of(text or "")


def _of_fields(model: type[Any], record: Any, values: Mapping[str, Any]) -> Iterator[Doubt]:
    stood: list[Doubt] = []  # what is unusual of values that stay as they are
    for name, value in values.items():
        before = getattr(record, name, None)
        column = column_of(model, name) if value is not None else None
        if column is None:
            continue
        found: list[Doubt] = []
        if dotted(column) in USUAL:
            earlier = None if value == before else before
            found = figure_doubts(_figure_facts(model, name, value, record, earlier))
        elif (facts := day_facts(model, name, value)) is not None:
            found = day_doubts(facts)
        if value == before:
            stood += found
        else:
            yield from found
    if stood:
        answers = answers_about(model.__tablename__, record.id)
        known = {words for each in answers for words in each.words.split("\n")}
        yield from (doubt for doubt in stood if doubt.words not in known)


def _figure_facts(model: type[Any], name: str, value: Any, record: Any, before: Any) -> FigureFacts:
    unit, of = unit_of(model, name)
    peer = _largest_other(model, name, record)
    return FigureFacts(
        label_of(model, name),
        of(value),
        unit,
        of(before) if before is not None else None,
        "修改前",
        Decimal(USUAL[dotted(its_column(model, name))]),
        of(peer) if peer is not None else None,
    )


def unit_of(model: type[Any], name: str) -> tuple[str, Callable[[Any], Decimal]]:
    """The unit in which a figure is typed, and how its value is told in it."""
    column = its_column(model, name)
    if isinstance(column.type, Money):
        return "万元", lambda value: Decimal(value) / WAN
    unit = words_of(column).unit or ""
    if unit == PART:
        return "%", lambda value: Decimal(value) * 100
    return unit, Decimal


def day_facts(model: type[Any], name: str, value: Any) -> DayFacts | None:
    """A day or a year that a record names; None for any other value."""
    column = its_column(model, name)
    of = dotted(column)
    if isinstance(column.type, Date) and isinstance(value, date):
        return DayFacts(label_of(model, name), of, value, today())
    if is_year(column.name) and isinstance(value, int) and 1 <= value <= 9999:
        return DayFacts(label_of(model, name), of, first_day(value), today(), by_year=True)
    return None


def is_year(name: str) -> bool:
    """Whether a column by its name holds a year."""
    return name == "year" or name.endswith("_year")


def _largest_other(model: type[Any], name: str, record: Any) -> Any:
    column = getattr(model, name)
    statement = select(func.count(column), func.max(column, type_=column.type))
    if record is not None:
        statement = statement.where(model.id != record.id)
    number, largest = db.session.execute(statement).one()
    return largest if number >= FEWEST_PEERS else None


def keep_answer(
    kind: Kind, record: Any, doubts: Collection[Doubt], reason: str, user: Any
) -> AnsweredDoubt:
    """Keep why `record` is right although `doubts` were raised."""
    answer = AnsweredDoubt(
        table_name=kind.model.__tablename__,
        record_id=record.id,
        name=kind.name(record)[:300],
        region_id=place_of(kind, record),
        year=year_of(record),
        rules=keys_of(doubts),
        words="\n".join(doubt.words for doubt in doubts),
        reason=reason,
        answered_by_id=user.id,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def answers_about(table: str, record_id: int) -> list[AnsweredDoubt]:
    """What was answered about a record, in the order of the answers."""
    of = (AnsweredDoubt.table_name == table, AnsweredDoubt.record_id == record_id)
    return list(db.session.scalars(select(AnsweredDoubt).where(*of).order_by(AnsweredDoubt.id)))


def year_of(record: Any) -> int:
    """The year that a record's figures are of; the running one where they are of none."""
    for name in ("year", "occurred_on", "held_on", "bought_on", "visited_on", "found_on"):
        value = getattr(record, name, None)
        if isinstance(value, date):
            return value.year
        if isinstance(value, int):
            return value
    return today().year
