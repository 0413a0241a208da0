"""Leaders' pages of a sample, as they are read, beside what `plain_sql` says of the same database.

What is not a sum or a count of rows (a task's own measure, what a contract owes) comes from the
second reading of the measures (`tests/year/measures/second`), which reads plain rows too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask

from tests.exchange.sampledata.plain_records import Sql
from tests.web.pages import Browser
from tests.year.measures.comparing import exported
from tests.year.measures.second.counties import COUNTY
from tests.year.measures.second.enclaves import ENCLAVE, returns_due
from tests.year.measures.second.records import Row, World
from tracker.web.shown import Table, shown_in

SIGNS = re.compile(r"^[≈≥≤+'’]+")
NOTHING = {"", "—", "未报", "不适用", "不可计算", "无"}


def number(text: str) -> Decimal | None:
    """The figure of a cell; None where it says that there is none."""
    bare = SIGNS.sub("", text.strip()).replace("−", "-").replace(",", "").removesuffix("%")
    return None if bare in NOTHING else Decimal(bare)


def cell_of(text: str) -> Decimal | str | None:
    """As `number`; the words where a cell of figures says more."""
    try:
        return number(text)
    except InvalidOperation:
        return text


def rounded(value: Fraction | Decimal | int | None, places: int = 2) -> Decimal | None:
    """As a page rounds: half up."""
    if value is None:
        return None
    exact = Fraction(value)
    many = Decimal(exact.numerator) / Decimal(exact.denominator)
    return many.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def wan(fen: int | None) -> Decimal | None:
    """分 as a cell of 万元 has it."""
    return None if fen is None else rounded(Fraction(fen, 1_000_000))


def share(part: Any, whole: Any) -> Decimal | None:
    """Per cent with one decimal, as shown: never 100 of what is not all, nor 0 of something."""
    if part is None or not whole:
        return None
    exact = Fraction(part) / Fraction(whole) * 100
    told = rounded(exact, 1)
    assert told is not None
    for bound, aside in ((Decimal(100), Fraction(100)), (Decimal(0), Fraction(0))):
        if told == bound and exact != aside:
            step = Decimal("0.1") if exact > aside else Decimal("-0.1")
            told += step
    return told


@dataclass
class Leading:
    """A leader of the province at the pages of an application whose database is `file`."""

    app: Flask
    file: Path
    user_id: int
    day: date
    year: int

    @cached_property
    def browser(self) -> Browser:
        return Browser(self.app, self.user_id)

    @cached_property
    def world(self) -> World:
        """All rows for the second reading, once for all places."""
        with self.app.app_context():
            return exported(self.day)

    @cached_property
    def before(self) -> Leading:
        """The same leader in the year before."""
        of = replace(self, year=self.year - 1)
        of.__dict__.update(browser=self.browser, world=self.world)
        return of

    def sql(self, code: str) -> Sql:
        return Sql(self.file, code, self.year, self.day)

    def page(self, address: str, code: str, **asked: object) -> str:
        """The HTML of a page of the year for a place."""
        query = "&".join(f"{key}={value}" for key, value in asked.items())
        mark = "&" if "?" in address else "?"
        answer = self.browser.get(f"{address}{mark}year={self.year}&region={code}&{query}")
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def tables(self, address: str, code: str, **asked: object) -> list[Table]:
        return shown_in(self.page(address, code, **asked)).tables

    # -- of the second reading

    def done(self, measure: str, place_id: int, year: int | None = None) -> Fraction | None:
        """What a county did of a measure, in its unit."""
        place = self.world.get("regions", place_id)
        value: Any = COUNTY[measure](self.world, place, year or self.year)
        return None if value is None else Fraction(value)

    def fact(self, measure: str, enclave_id: int) -> Fraction | None:
        value: Any = ENCLAVE[measure](self.world, self.enclave(enclave_id), self.year)
        return None if value is None else Fraction(value)

    def due(self, enclave_id: int, year: int | None = None) -> Fraction | None:
        """What falls due to an enclave in a year, 万元."""
        return returns_due(self.world, self.enclave(enclave_id), year or self.year)

    def enclave(self, number: int) -> Row:
        found = self.world.get("enclaves", number)
        assert found is not None
        return found


@dataclass
class Owed:
    """The returns of enclaves in 万元: what is due of those of whom it can be told, what of it was
    paid, what was not and by how many, and what was paid beyond."""

    number: int
    due: Fraction
    met: Fraction
    owing: Fraction
    short: int


def owed(leading: Leading, stood: Iterable[tuple], year: int | None = None) -> Owed:
    """Of rows of `Sql.stood`, one by one: what one paid too much settles no other."""
    found = Owed(0, Fraction(0), Fraction(0), Fraction(0), 0)
    for enclave_id, _kind, paid in stood:
        due = leading.due(enclave_id, year)
        if due is None:
            continue
        owing = max(due - Fraction(paid or 0, 1_000_000), Fraction(0))
        found.number += 1
        found.due += due
        found.met += due - owing
        found.owing += owing
        found.short += owing > 0
    return found


def rows_of(tables: Iterable[Table], head: str) -> dict[str, dict[str, Decimal | str | None]]:
    """The rows by their first cell of the first table that has a head that begins so."""
    table = next(t for t in tables if any(each.startswith(head) for each in t.heads))
    found: dict[str, dict[str, Decimal | str | None]] = {}
    for row in table.rows:
        first, *rest = row
        if first is None:
            continue
        cells = zip(table.heads[1:], rest, strict=True)
        found[first.text] = {
            name: (cell_of(cell.text) if cell.figure else cell.text) if cell else None
            for name, cell in cells
        }
    return found


def at(day: date) -> time_machine.travel:
    """The clock at noon of a day."""
    return time_machine.travel(datetime(day.year, day.month, day.day, 4, tzinfo=UTC), tick=False)
