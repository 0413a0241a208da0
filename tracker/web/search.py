"""What the box above a list finds: every word of it, by text, key, whole pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db, key_of
from tracker.core.db.searchable import initials_of, pinyin_of
from tracker.web.tables import contains

_SOUNDS = ("name_initials", "name_pinyin")
MOST_HEARD = 5000  # different names that are read for their sound at once, the newest


def found_in(
    text: str,
    expressions: Iterable[SQLColumnExpression[str] | InstrumentedAttribute[str]],
    heard: Iterable[InstrumentedAttribute[str]] = (),
) -> ColumnElement[bool]:
    """Whether every word of `text` is found in one of `expressions`. The name of a record that
    keeps its key and sound is found by these too, also through a subquery; columns `heard` hold
    names without, of which there are few enough to be read one by one."""
    expressions, heard = list(expressions), list(heard)
    return and_(*(_word(word, expressions, heard) for word in text.split()))


def matches(text: str, *names: str) -> bool:
    """Whether every word of `text` is found in one of `names`, as `found_in` finds them."""
    return all(any(_is_in(word, name) for name in names) for word in text.split())


def _is_in(word: str, name: str) -> bool:
    key, sound = key_of(word), word.lower()
    if (key and key in key_of(name)) or sound in name.lower():
        return True
    return word.isascii() and word.isalnum() and any(sound in each for each in _sounds(name))


def _word(word: str, expressions: list, heard: list) -> ColumnElement[bool]:
    conditions = [contains(each, word) for each in (*expressions, *heard)]
    sound = word.lower() if word.isascii() and word.isalnum() else ""
    key = key_of(word)
    for each in expressions:
        if key:
            conditions += [contains(other, key) for other in _beside(each, ("name_key",))]
        if sound:
            conditions += [contains(other, sound) for other in _beside(each, _SOUNDS)]
    if sound:
        conditions += [each.in_(_that_sound(each, sound)) for each in heard]
    return or_(*conditions)


def _beside(
    expression: SQLColumnExpression, names: tuple[str, ...]
) -> Iterator[SQLColumnExpression[str]]:
    """The columns `names` of the record whose name `expression` is; none for any other text."""
    if isinstance(expression, ScalarSelect):
        chosen = expression.element
        assert isinstance(chosen, Select)
        (column,) = chosen.selected_columns
        if _is_name(column):
            for name in names:
                other = chosen.with_only_columns(column.table.c[name], maintain_column_froms=True)
                yield other.scalar_subquery()
        return
    given: Any = getattr(expression, "__clause_element__", lambda: expression)()
    if _is_name(given):
        yield from (given.table.c[name] for name in names)


def _is_name(column: Any) -> bool:
    table = getattr(column, "table", None)
    return table is not None and getattr(column, "name", "") == "name" and "name_key" in table.c


def _that_sound(column: InstrumentedAttribute[str], sound: str) -> list[str]:
    newest = func.max(column.class_.id).desc()
    wanted = select(column).group_by(column).order_by(newest).limit(MOST_HEARD)
    names = db.session.scalars(wanted)
    return [name for name in names if any(sound in each for each in _sounds(name or ""))]


@lru_cache(20_000)
def _sounds(name: str) -> tuple[str, str]:
    return initials_of(name), pinyin_of(name)
