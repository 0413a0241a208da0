"""Words to SQLite's planner, for statements that have to be right without statistics.

Without them SQLite takes any equality on an indexed column to leave ten rows. Where a column is
nearly always the same (the kind of an entry, a key that is mostly empty), it is put aside, so that
the plan begins where the statement is narrow. PostgreSQL keeps statistics by itself and is told
nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class aside(FunctionElement):  # noqa: N801 - used as a function is
    """`column`, to be compared with, but not as a way into its table."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(aside)
def _as_it_is(element: aside, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    return compiler.process(column, **options)


@compiles(aside, "sqlite")
def _without_index(element: aside, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{_as_it_is(element, compiler, **options)}"
