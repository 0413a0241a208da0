"""What the box above a list finds: every word of it, by text, key, whole pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BinaryExpression,
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
from tracker.core.db.containing import contains, holds, is_plain
from tracker.core.db.searchable import initials_of, pinyin_of

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
    conditions = [each for of in expressions for each in _in(of, word)]
    conditions += [contains(each, word) for each in heard]
    if sound := _sound_of(word):
        conditions += [each.in_(_that_sound(each, sound)) for each in heard]
    return or_(*conditions)


def _sound_of(word: str) -> str:
    return word.lower() if word.isascii() and word.isalnum() else ""


def _in(expression: Any, word: str) -> Iterator[ColumnElement[bool]]:
    """What says that `word` is found in `expression`: one of these."""
    if isinstance(expression, ScalarSelect):
        sought, key, link = _look_through(expression)
        # The records that are named are looked through once, not again for each that names them.
        found = select(key).where(or_(*_in(sought, word))).correlate(None)
        yield link.in_(found)
        return
    column: Any = getattr(expression, "__clause_element__", lambda: expression)()
    if not _is_name(column):
        yield contains(expression, word)
        return
    beside, key = column.table.c, key_of(word)
    if not is_plain(word):
        yield contains(expression, word)
    if key:
        yield holds(beside.name_key, key)
    if sound := _sound_of(word):
        yield from (holds(beside[name], sound) for name in _SOUNDS)


def _look_through(expression: ScalarSelect) -> tuple[Any, Any, Any]:
    """What is looked for through a key (`web.kit.through`), the key, and the link that names it."""
    chosen = expression.element
    assert isinstance(chosen, Select)
    (sought,), where = chosen.selected_columns, chosen.whereclause
    assert isinstance(where, BinaryExpression), "a text of another record is found through its key"
    assert where.left.primary_key, "a text of another record is found through its key"
    return sought, where.left, where.right


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
