"""How a record's figures look, by the type and the unit of their columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup
from sqlalchemy import Boolean, Column, Date, Integer, Text

from tracker.core.db import Coded, Money, Scaled, UtcDateTime
from tracker.core.db.codes import LabelledEnum
from tracker.core.quantities import shown as figures
from tracker.web.kit.declared import Column as Shown
from tracker.web.kit.declared import Field, Look, Show, Total
from tracker.web.kit.kinds import Kind, link_to, reader_at, value_at
from tracker.web.kit.words import PART, column_of, label_of, link_of, words_of

NOTHING = Markup('<span class="none">—</span>')
_NUMBERS = (Money, Scaled, Integer)
# The unit of a column whose figures have one each, or which is no quantity.
UNITLESS = frozenset({"年", "季度", "随项目", "随指标", "见单位栏"})


def money(amount: Decimal | None, record: Any = None) -> Markup:
    """元 in 万元 or 亿元."""
    return figures.money(amount)


def badge(value: LabelledEnum | None, record: Any = None, *, family: str = "word") -> Markup:
    """A coded word in its frame, of the class `family`-value."""
    if value is None:
        return NOTHING
    frame = Markup('<span class="badge-word {}-{}">{}</span>')
    return frame.format(family, value.value, value.label)


def origin(value: Any, record: Any) -> Markup:
    """Where a record comes from, in its frame."""
    return badge(record.origin, family="origin")


def light(colour: str, words: str) -> Markup:
    """A light (red, yellow, green, done, unknown), as a word with its shape."""
    return Markup('<span class="badge-word light light-{}">{}</span>').format(colour, words)


def says_no_origin(kind: Kind) -> bool:
    """Whether the records of `kind` come from somewhere and no field of their page says so: then
    the page does it by itself, so that what is invented is marked wherever it is read."""
    if not hasattr(kind.model, "origin"):
        return False
    fields = (*kind.subline, *(each for _, names in kind.groups for each in names))
    return all(isinstance(each, str) or each.look is not origin for each in fields)


def side(word: str) -> Look:
    """A place with the mark of its side: "sea" of supporters, "mountain" of recipients."""

    def shown(region: Any, record: Any) -> Markup:
        if region is None:
            return NOTHING
        return Markup('<span class="side-{}">{}</span>').format(word, region.name)

    return shown


def lines(value: str | None, record: Any = None) -> Markup | str:
    """A text with its line breaks."""
    return Markup('<span class="lines">{}</span>').format(value) if value else NOTHING


def quoted(value: str | None, record: Any = None) -> Markup:
    """A figure in the words of its source, which are shown as they are."""
    return Markup('<span class="quoted">{}</span>').format(value) if value else NOTHING


def yes_no(value: bool | None, record: Any = None) -> Markup | str:
    """是, 否, or 未报."""
    return figures.look(figures.NOT_REPORTED) if value is None else ("是" if value else "否")


def day(value: date | None, record: Any = None) -> Markup | str:
    """A day, or a dash."""
    return NOTHING if value is None else figures.day(value)


def percent(value: Decimal | None, record: Any = None) -> Markup:
    """A part of the whole as per cent, as exact as it is known."""
    if value is None:
        return figures.look(figures.NOT_REPORTED)
    return figures.figure(value * 100, "%")


def in_wan(amount: Decimal | None, record: Any = None) -> Markup:
    """元 as a figure of a column of 万元."""
    return figures.in_wan(amount)


def bare_percent(value: Decimal | None, record: Any = None) -> Markup:
    """A part of the whole as a figure of a column of per cent."""
    return figures.look(figures.NOT_REPORTED) if value is None else figures.figure(value * 100)


def quantity(unit: str) -> Look:
    """A number with its unit, or 未报."""

    def shown(value: Decimal | int | None, record: Any = None) -> Markup:
        if value is None:
            return figures.look(figures.NOT_REPORTED)
        return figures.figure(value, unit)

    return shown


def year(value: int | None, record: Any = None) -> Markup | str:
    """A year, which is never grouped."""
    return NOTHING if value is None else str(value)


def plain(value: Any, record: Any = None) -> Markup | str:
    """Any value by what it is."""
    if isinstance(value, LabelledEnum):
        return value.label
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal | int):
        return figures.figure(value)
    return NOTHING if value is None or value == "" else str(value)


def link(record: Any, _of: Any = None) -> Markup | str:
    """Another record by name."""
    return NOTHING if record is None else link_to(record)


def is_number(model: type[Any], field: Field) -> bool:
    """Whether the figures of `field` stand to the right."""
    column = column_at(model, field.name)
    if column is None or column.primary_key:  # a record's number stands for the record itself
        return field.number or bool(field.unit) or field.look in (money, percent)
    counted = isinstance(column.type, _NUMBERS) and words_of(column).unit not in ("年", "季度")
    return bool(field.unit) or (counted and not column.foreign_keys)


def label(kind: Kind, field: Field) -> str:
    """What stands before or above the figures of `field`."""
    if field.label:
        return field.label
    model, name = _end(kind.model, field.name)
    return label_of(model, name) if model is not None else field.name


def unit(kind: Kind, field: Field) -> str:
    """What all figures of a list's column are in, "" where it has no one unit."""
    if field.unit or field.value is not None:
        return field.unit
    if field.look is money:
        return "万元"
    if field.look is percent:
        return "%"
    column = column_at(kind.model, field.name) if field.look is None else None
    if column is None or column.foreign_keys or not isinstance(column.type, _NUMBERS):
        return ""
    if isinstance(column.type, Money):
        return "万元"
    named = words_of(column).unit or ""
    return "%" if named == PART else ("" if named in UNITLESS else named)


def head(kind: Kind, field: Field) -> str:
    """What stands above a list's column: its label with the unit of its figures."""
    named, of = label(kind, field), unit(kind, field)
    return f"{named}（{of}）" if of and f"（{of}）" not in named else named


@dataclass(frozen=True)
class Drawn:
    """A column of a list as it is drawn: what is the same in every row is found once. `attributes`
    are those of a cell, `classes` those of its head."""

    column: Shown
    head: str
    classes: str
    attributes: Markup
    cell: Callable[[Any], Markup | str]


_drawn: WeakKeyDictionary[Kind, tuple[Sequence[Shown], tuple[Drawn, ...]]] = WeakKeyDictionary()


def drawn(kind: Kind) -> tuple[Drawn, ...]:
    """The columns of the list of `kind`, which features above may have added to since."""
    columns, found = _drawn.get(kind, (None, ()))
    if columns is not kind.columns:
        found = tuple(_draw(kind, column, i) for i, column in enumerate(kind.columns))
        _drawn[kind] = (kind.columns, found)
    return found


def _draw(kind: Kind, column: Shown, index: int) -> Drawn:
    named, classes = head(kind, column), column_class(kind, column, index)
    attributes = Markup(' data-label="{}"').format(named)
    if classes:
        attributes += Markup(' class="{}"').format(classes)
    return Drawn(column, named, classes, attributes, cell_of(kind, column))


_BARE: dict[Look, Look] = {money: in_wan, percent: bare_percent}


def cell_of(kind: Kind, field: Field) -> Callable[[Any], Markup | str]:
    """How the figure of `field` looks in a list, whose head names the unit, for any record."""
    look = look_for(kind, field)
    if unit(kind, field) and not field.unit:
        look = _BARE.get(look, quantity(""))
    value = field.value or reader_at(field.name)

    def of(record: Any) -> Markup | str:
        if field.applies is not None and not field.applies(record):
            return figures.look(figures.NOT_APPLICABLE)
        return look(value(record), record)

    return of


def total(kind: Kind, field: Field, found: Total) -> Markup | str:
    """The sum of a list's column, and how many records are not in it."""
    said: Markup | str
    if unit(kind, field) == "万元":
        said = figures.in_wan(found.value)
    else:
        said = quantity("")(found.value, None)
    if not found.unknown or found.value is None:
        return said
    return said + Markup('<span class="note">{:,} 条未报，未计入</span>').format(found.unknown)


def shown(kind: Kind, field: Field, record: Any) -> Markup | str:
    """The figure of `field` as it stands on the page."""
    if field.applies is not None and not field.applies(record):
        return figures.look(figures.NOT_APPLICABLE)
    value = field.value(record) if field.value else value_at(record, field.name)
    return look_for(kind, field)(value, record)


def look_for(kind: Kind, field: Field) -> Look:
    """The look of `field`: its own, or that of its column where it shows what the column holds."""
    return field.look or (plain if field.value else look_of(kind.model, field.name))


def look_of(model: type[Any], path: str) -> Look:
    """The look that follows from the type of the column at the end of `path`."""
    at, name = _end(model, path)
    if at is None:
        return plain
    column = column_of(at, name)
    if column is None:
        return link if link_of(at, name) is not None else plain
    return _by_type(column)


def moment(value: Any, record: Any = None) -> Markup | str:
    """A moment, in Chinese time."""
    return figures.moment(value) if value else NOTHING


def _by_type(column: Column) -> Look:
    unit = words_of(column).unit or ""
    kinds: tuple[tuple[type, Look], ...] = (
        (Money, money),
        (Scaled, percent if unit == PART else quantity("" if unit in UNITLESS else unit)),
        (Boolean, yes_no),
        (UtcDateTime, moment),
        (Date, day),
        (Coded, plain),
        (Text, lines),
        (Integer, year if unit == "年" else quantity("" if unit in UNITLESS else unit)),
    )
    return next((look for of, look in kinds if isinstance(column.type, of)), plain)


def _end(model: type[Any], path: str) -> tuple[type | None, str]:
    """The model and the attribute that the end of `path` belongs to."""
    *before, name = path.split(".")
    for step in before:
        link = link_of(model, step)
        if link is None:
            return None, name
        model = link.mapper.class_
    return model, name


def column_at(model: type[Any], path: str) -> Column | None:
    """The column at the end of `path`; None for what is no one column."""
    at, name = _end(model, path)
    return column_of(at, name) if at is not None else None


def label_of_name(kind: Kind, name: str) -> str:
    """What the attribute `name` of a kind's records is called."""
    return label_of(kind.model, name)


def column_class(kind: Kind, column: Shown, index: int) -> str:
    """The classes of a list's cell: figures to the right, and on which screens it is shown."""
    phone = column.phone if column.phone is not None else index <= 3 and column.show is Show.ALWAYS
    words = {
        "num": is_number(kind.model, column),
        "nowrap": not is_number(kind.model, column) and _is_short(kind.model, column),
        "minor": not phone,
        f"from-{column.show.value}": column.show is not Show.ALWAYS,
    }
    return " ".join(word for word, said in words.items() if said)


def _is_short(model: type[Any], field: Field) -> bool:
    column = column_at(model, field.name)
    return column is not None and isinstance(column.type, Date | Coded | Boolean)
