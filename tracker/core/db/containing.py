"""Whether a text contains another: what both databases do quickest.

A list is searched by reading one column after the other of all its rows, so that the cost of one
comparison is that of the search. `lower(…) LIKE …` copies every text before it looks at it.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# Figures and Chinese: of no letter case, and nothing else becomes one of them in lower case.
_PLAIN = re.compile(r"[0-9\u3400-\u4dbf\u4e00-\u9fff]+")


def is_plain(text: str) -> bool:
    """Whether `text` is nothing but figures and Chinese characters, each the only way to write it.
    What stands so in a name stands in its key too (`core.db.searchable`)."""
    return _PLAIN.fullmatch(text) is not None


def contains(column: SQLColumnExpression[str], text: str) -> ColumnElement[bool]:
    """Whether `column` contains `text`, letter case aside; `%` and `_` mean themselves."""
    if is_plain(text):
        return holds(column, text)
    return _caseless(column).like(_caseless(literal(_pattern(text), String)), escape="/")


def holds(column: SQLColumnExpression[str], text: str) -> ColumnElement[bool]:
    """Whether `column` contains `text` as it is."""
    return _place(column, literal(text, String)) > 0


def _pattern(text: str) -> str:
    for sign in "/%_":
        text = text.replace(sign, f"/{sign}")
    return f"%{text}%"


class _place(FunctionElement):  # noqa: N801 - used as a function is
    """Where the one text begins in the other, from 1; 0 where it does not."""

    inherit_cache = True
    type = Integer()


@compiles(_place)
def _strpos(element: _place, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(_place, "sqlite")
def _instr(element: _place, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


class _caseless(FunctionElement):  # noqa: N801 - used as a function is
    """A text as LIKE is to compare it: letter case aside."""

    inherit_cache = True
    type = String()


@compiles(_caseless)
def _lower(element: _caseless, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_caseless, "sqlite")
def _as_it_is(element: _caseless, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)  # LIKE folds what lower() does: ASCII
