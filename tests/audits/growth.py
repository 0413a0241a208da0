"""More of everything: further counties with all that belongs to one, and copies of what belongs to
the records that are there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from tests import factories as make
from tests import objecting
from tests.audits.world import PARTNER, YEAR, county
from tracker.core.db import Base, Coded, db
from tracker.core.provenance.models import Source
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure.queries import assessment_of

# Places and objections are grown whole; a snapshot and its cards are made anew from what has grown,
# a trial has one card a place.
NOT_COPIED = frozenset(
    {
        *("regions", "county_listings", "industrial_listings", "snapshots", "scorecards"),
        *("trials", "trial_cards"),
        *("objections", "objection_claims", "objection_events", "objection_rulings"),
    }
)

_numbers = itertools.count(5000)  # far from the numbers that the factories give
_places = itertools.count(30)


def grow(times: int) -> dict[str, int]:
    """Add `times` counties and `times` copies of every row that may stand beside itself; freeze
    the year again. How many copies each table took, by its name."""
    before = {table: _rows(table) for table in Base.metadata.sorted_tables}
    _counties(times)
    copied = {}
    for table, rows in before.items():
        if table.name not in NOT_COPIED:
            copies = [_copy(table, row, number) for row in rows for number in range(1, times + 1)]
            copied[table.name] = sum(copies)
    freeze_and_score(YEAR, _user("assessor"))
    db.session.commit()
    return copied


def _counties(times: int) -> None:
    city = db.session.scalar(select(Region).where(Region.code == "331100"))
    supporter = db.session.scalar(select(Region).where(Region.code == PARTNER))
    source = db.session.scalar(select(Source).order_by(Source.id))
    year, snapshot = assessment_of(YEAR), latest_snapshot(YEAR)
    for _ in range(times):
        number = next(_places)
        place = make.region(f"3311{number}", f"示例{number}县", city)
        county(place, supporter, source, _user("assessor"), f"增{number}")
        objecting.event(objecting.plain(year, place, snapshot), "filed")


def _user(name: str) -> User:
    return db.session.scalar(select(User).where(User.username == name))


def _rows(table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(select(table)).mappings()]


def _copy(table: Table, row: dict[str, Any], years: int) -> bool:
    """Insert `row` once more with other words, and `years` later, where it must not repeat; False
    where the database wants it only once."""
    number = next(_numbers)
    values = {name: value for name, value in row.items() if name != "id"}
    for name in _unique(table):
        column = table.columns[name]
        if isinstance(values[name], str) and not isinstance(column.type, Coded):
            length = getattr(column.type, "length", None) or 200
            digits = str(number)
            values[name] = f"{values[name][: length - len(digits)]}{digits}"
        elif name == "year" and values[name] is not None:
            values[name] += years
    try:
        with db.session.begin_nested():
            db.session.execute(insert(table).values(**values))
    except IntegrityError:
        return False
    return True


def _unique(table: Table) -> Iterator[str]:
    """The columns that some key of `table` names."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield from (column.name for column in constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield from (column.name for column in index.columns)
    yield from (column.name for column in table.columns if column.unique)
