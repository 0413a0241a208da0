"""The shipped rulebooks for the tests: by year, and scored on facts given by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from tracker.engine.scoring import (
    Line,
    Result,
    Rulebook,
    Scorecard,
    load_rulebook,
    parse_facts,
    score,
)

SHELF = Path(__file__).parents[3] / "data" / "rulebooks"
YEARS = (2023, 2024, 2025)
FILES = {
    year: sorted(f.name for f in (SHELF / str(year)).glob("*.toml") if f.name != "set.toml")
    for year in YEARS
}
EVERY_FILE = [(year, file) for year in YEARS for file in FILES[year]]

Measures = Mapping[str, str | None]


def reader(year: int) -> Callable[[str], bytes]:
    """Reads a file of the year by its path in the set."""
    return lambda path: (SHELF / str(year) / path).read_bytes()


@cache
def book(year: int, file: str) -> Rulebook:
    return load_rulebook(reader(year)(file))


def scored(year: int, file: str, *subjects: Measures) -> Result:
    """Score subjects S1, S2, … of one class by a shipped file; None is not reported."""
    rows = [
        {"code": f"S{n}", "name": f"示例{n}", "class": "", "measures": dict(measures)}
        for n, measures in enumerate(subjects, 1)
    ]
    return score(book(year, file), parse_facts({"year": year, "subjects": rows}))


def changed(facts: Measures, changes: Measures) -> Measures:
    """`facts` with `changes`, in whose names `__` stands for a dot."""
    return {**facts, **{name.replace("__", "."): value for name, value in changes.items()}}


def line(found: Scorecard, code: str) -> Line:
    return next(line for line in found.lines if line.code == code)


def award(found: Scorecard, code: str) -> Decimal:
    return line(found, code).award


read_2024 = reader(2024)
book_2024 = partial(book, 2024)
