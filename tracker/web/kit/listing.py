"""A kind's list as the address asks for it: search, filters, order, page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from flask import request
from sqlalchemy import Boolean, ColumnElement, Date, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import Coded, Searchable, db
from tracker.core.quantities.days import days_of, last_day
from tracker.web.kit.apart import set_apart
from tracker.web.kit.declared import Column, Filter, Total
from tracker.web.kit.kinds import Kind, all_kinds, name_of, value_at
from tracker.web.kit.paging import Slice, Term, slice_of
from tracker.web.kit.words import label_of
from tracker.web.period import selected_year, years
from tracker.web.search import found_in
from tracker.web.tables import asked_text

MOST_CHOICES = 300
FEW = 1000  # records that a search finds, of which the numbers are held


@dataclass(frozen=True)
class Asked:
    """A filter with what it offers and what was chosen ("" for nothing)."""

    filter: Filter
    choices: list[tuple[str, str]]
    chosen: str

    @property
    def blank(self) -> str:
        """The words for nothing chosen."""
        return self.filter.blank() if callable(self.filter.blank) else self.filter.blank


@dataclass(frozen=True)
class Listing:
    """One page of a kind's records, and what it was narrowed to; `statement` selects them all.
    `other_year` is the latest year with such records where the year in view has none; `totals` are
    the sums of all records by the names of their columns."""

    kind: Kind
    statement: Select
    page: Slice
    text: str
    asked: list[Asked]
    sort: str
    parent: Any = None
    other_year: int | None = None
    totals: Mapping[str, Total] = field(default_factory=dict)

    @cached_property
    def apart(self) -> dict[int, str]:
        """What stands behind the names of this page's records that read alike, by number."""
        model = self.kind.model
        if issubclass(model, Searchable):
            return set_apart(self.page.rows)
        if not (hasattr(model, "village") or hasattr(model, "person")):
            return {}  # called by their day or kind, which several may share
        # Somebody may be posted twice to one place.
        found = set_apart(self.page.rows)
        return {number: words.partition(" 编号 ")[0] for number, words in found.items()}

    @cached_property
    def _named(self) -> dict[str, dict[tuple[type, int], str]]:
        """Column → record named in it → what stands behind its name."""
        found = {}
        for column in self.kind.columns[1:]:
            if column.value is not None:
                continue
            of_type: dict[type, dict[int, Any]] = defaultdict(dict)
            for record in self.page.rows:
                named = value_at(record, column.name)
                if has_sound(type(named)):
                    of_type[type(named)][named.id] = named
            found[column.name] = {
                (of, number): words
                for of, records in of_type.items()
                for number, words in set_apart(list(records.values())).items()
            }
        return {name: apart for name, apart in found.items() if apart}

    def beside(self, column: Column, record: Any) -> str:
        """What stands behind the name of the record that a cell names, where others of the column
        read alike."""
        apart = self._named.get(column.name)
        if not apart:
            return ""
        named = value_at(record, column.name)
        return apart.get((type(named), named.id), "") if named is not None else ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was searched or chosen."""
        return bool(self.text or any(asked.chosen for asked in self.asked))


@dataclass(frozen=True)
class Wanted:
    """What the address asks of a kind's list: `statement` selects it, `in_any_year` without the
    year in view; `sort` is the order's key, `order` its terms."""

    statement: Select
    in_any_year: Select
    text: str
    asked: list[Asked]
    sort: str
    order: list[Term]


def wanted_of(kind: Kind, user: Any, parent: Any = None) -> Wanted:
    """What the address asks of the list of `kind`; `parent`: only what was entered under it."""
    statement = kind.in_view_of(user)
    if parent is not None:
        # What is open by its own address shows all that belongs to it, however the top narrows.
        statement = kind.seen_by(user).where(getattr(kind.model, kind.under.column) == parent.id)
    text = asked_text("q")
    if text:
        statement = statement.where(_found(kind, text))
    asked = [_asked(each, user) for each in kind.filters]
    in_any_year = statement
    for each in asked:
        condition = each.filter.narrow(each.chosen)
        if condition is not None:
            statement = statement.where(condition)
            if each.filter.year_of is None:
                in_any_year = in_any_year.where(condition)
    return Wanted(statement, in_any_year, text, asked, *order_of(kind))


def listing_of(kind: Kind, user: Any, parent: Any = None) -> Listing:
    """The list of `kind` as the address asks for it; `parent`: only what was entered under it."""
    wanted = wanted_of(kind, user, parent)
    page = slice_of(
        wanted.statement,
        kind.model,
        wanted.order,
        options=kind.load,
        seen=kind.scope.seen(user),
        per_page=kind.per_page,
    )
    if kind.prepare is not None:
        kind.prepare(page.rows)
    other = None if page.rows else _latest_year(wanted.in_any_year, wanted.asked)
    totals = totals_of(kind, wanted.statement) if page.rows else {}
    about = (wanted.text, wanted.asked, wanted.sort)
    return Listing(kind, wanted.statement, page, *about, parent, other, totals)


def totals_of(kind: Kind, statement: Select) -> dict[str, Total]:
    """The sums of what `statement` selects: one statement for all attributes of the model."""
    plain = [column.name for column in kind.columns if column.total]
    if not plain and kind.sums is None:
        return {}
    attributes = [getattr(kind.model, name) for name in plain]
    sums = [func.sum(each, type_=each.type) for each in attributes]
    known = [func.count(each) for each in attributes]
    asked = statement.order_by(None).with_only_columns(
        func.count(kind.model.id), *sums, *known, maintain_column_froms=True
    )
    number, *rest = db.session.execute(asked).one()
    values, counts = rest[: len(plain)], rest[len(plain) :]
    found = {
        name: Total(value, number - count)
        for name, value, count in zip(plain, values, counts, strict=True)
    }
    return found | dict(kind.sums(statement, number)) if kind.sums else found


def _latest_year(statement: Select, asked: list[Asked]) -> int | None:
    """The latest year, not after the running one, in which `statement` finds records; None where
    the list is not of one year."""
    year_of = next((each.filter.year_of for each in asked if each.filter.year_of), None)
    if year_of is None:
        return None
    column, last = year_of(), years()[0]
    until = last_day(last) if isinstance(column.type, Date) else last
    latest = statement.where(column <= until).with_only_columns(
        func.max(column), maintain_column_froms=True
    )
    found = db.session.scalar(latest)
    return found.year if isinstance(found, date) else found


def has_sound(model: type[Any]) -> bool:
    """Whether records of `model` have names that are found by their sound."""
    return issubclass(model, Searchable)


def found_by(kind: Kind, text: str) -> ColumnElement[bool]:
    """Whether a record is found by every word of `text`: in what is searched of its kind, or by
    the key or pinyin of its name."""
    expressions, model = search_of(kind), kind.model
    if has_sound(model) and all(each is not model.name for each in expressions):
        expressions.append(model.name)
    return found_in(text, expressions, kind.heard)


def _found(kind: Kind, text: str) -> ColumnElement[bool]:
    """The same for a list, whose page, count and sums all ask for it: where few records are found
    they are looked for once, and then known by their numbers."""
    condition, number = found_by(kind, text), kind.model.id
    few = db.session.scalars(select(number).where(condition).limit(FEW + 1)).all()
    return number.in_(few) if len(few) <= FEW else condition


def search_of(kind: Kind) -> list[SQLColumnExpression]:
    """What is searched: what the kind declares, else its name and its code."""
    if kind.search:
        return list(kind.search)
    named = [getattr(kind.model, name, None) for name in ("name", "code")]
    return [column for column in named if column is not None]


def order_of(kind: Kind) -> tuple[str, list[Term]]:
    """(key, terms) of the order in the address (`?sort=name` or `-name`), else the kind's own."""
    sortable = {column.name: column for column in kind.columns if column.sort is not False}
    asked = request.args.get("sort", kind.order)
    if asked.removeprefix("-") not in sortable:
        asked = kind.order
    if not asked:
        return "", []
    descending = asked.startswith("-")
    by = _sorted_by(kind, sortable[asked.removeprefix("-")])
    return asked, [Term(expression, descending) for expression in by]


def _sorted_by(kind: Kind, column: Column) -> tuple[Any, ...]:
    if column.sort is not True:
        assert not isinstance(column.sort, bool), column.name
        return column.sort if isinstance(column.sort, tuple) else (column.sort,)
    if column.name == "name" and has_sound(kind.model):
        # As people look names up: by their sound.
        return (kind.model.name_initials, kind.model.name)
    return (getattr(kind.model, column.name),)


def _asked(each: Filter, user: Any) -> Asked:
    choices = each.offered(user)
    chosen = request.args.get(each.name, "")
    if all(chosen != value for value, _ in choices):
        chosen = ""
    return Asked(each, choices, chosen)


# -- filters that follow from a column


def one_of(column: InstrumentedAttribute, label: str = "", name: str = "") -> Filter:
    """By a coded column."""
    coded: Coded = column.property.columns[0].type
    members: Any = coded.members
    return Filter(
        name or column.key,
        label or _label(column),
        members.choices(),
        lambda value: column == members(value) if value else None,
    )


def yes_no(column: InstrumentedAttribute, label: str = "", empty: str = "未报") -> Filter:
    """By a flag: 是, 否, or `empty` where it may be empty."""
    answers: dict[str, tuple[bool | None, str]] = {"yes": (True, "是"), "no": (False, "否")}
    if column.property.columns[0].nullable:
        answers["empty"] = (None, empty)
    assert isinstance(column.property.columns[0].type, Boolean)
    return Filter(
        column.key,
        label or _label(column),
        [(key, word) for key, (_, word) in answers.items()],
        lambda value: column.is_(answers[value][0]) if value else None,
    )


def flag(name: str, label: str, word: str, condition: Any) -> Filter:
    """By one condition, called `word`: 规模 亿元以上."""
    return Filter(name, label, [("1", word)], lambda value: condition if value else None)


def in_year(column: InstrumentedAttribute, label: str = "", name: str = "") -> Filter:
    """By the year of a day, or by a column that is a year."""
    return Filter(
        # `year` itself is the one at the top of the page.
        name or ("of" if column.key == "year" else column.key),
        label or _label(column),
        lambda user: [(year, f"{year} 年") for year in years()],
        lambda value: year_is(column, int(value)) if value else None,
    )


def this_year(column: InstrumentedAttribute) -> Filter:
    """The year chosen at the top of the page, unless all years are asked for (`?span=all`)."""
    return Filter(
        "span",
        "年度",
        [("all", "全部年度")],
        lambda value: None if value else year_is(column, selected_year()),
        blank=lambda: f"{selected_year()} 年度",
        year_of=lambda: column.expression,
    )


def linked(column: InstrumentedAttribute, label: str = "", name: str = "") -> Filter:
    """By the record that a key names, among those of its kind that the user sees."""
    (key,) = column.property.columns[0].foreign_keys

    def choices(user: Any) -> list[tuple[int, str]]:
        return [(r.id, name_of(r)) for r in records_to_link(key.column.table.name, user)]

    return Filter(
        name or column.key.removesuffix("_id"),
        label or _label(column),
        choices,
        lambda value: column == int(value) if value else None,
    )


def records_to_link(table: str, user: Any, most: int = MOST_CHOICES) -> list[Any]:
    """The records of a table that `user` may refer to, in the order of their kind's list."""
    kind = kind_of_table(table)
    if kind is None:
        raise LookupError(f"no kind of record is declared for {table}; give the choices by hand")
    statement = kind.seen_by(user).options(*kind.load)
    if kind.order:
        column = next(c for c in kind.columns if c.name == kind.order.removeprefix("-"))
        terms = [Term(by, kind.order.startswith("-")) for by in _sorted_by(kind, column)]
        statement = statement.order_by(*(term.clause() for term in terms))
    return list(db.session.scalars(statement.order_by(kind.model.id).limit(most)).unique())


def kind_of_table(table: str) -> Kind | None:
    """The first kind that was declared for `table`."""
    return next((k for k in all_kinds() if k.model.__tablename__ == table), None)


def year_is(column: InstrumentedAttribute, year: int) -> ColumnElement[bool]:
    """Whether the day `column` lies in `year`, or the year `column` is it."""
    if isinstance(column.property.columns[0].type, Date):
        return column.between(*days_of(year))
    return column == year


def _label(column: InstrumentedAttribute) -> str:
    owner: Any = column.class_
    return label_of(owner, column.key)
