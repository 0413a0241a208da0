"""Days in China of stored moments, in statements (see `core.quantities.clock.day_of`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tracker.core.quantities.clock import CHINA

_AHEAD = CHINA.utcoffset(None) // timedelta(hours=1)  # of how a moment is stored


class day_in_china(FunctionElement):  # noqa: N801 - used as a function is
    """The day of a moment in China."""

    inherit_cache = True
    type = Date()


@compiles(day_in_china)
def _cast(element: day_in_china, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST({moment} + INTERVAL '{_AHEAD} hours' AS DATE)"


@compiles(day_in_china, "sqlite")
def _date(element: day_in_china, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+{_AHEAD} hours')"
