"""Every constraint of the database refuses what it is there for, on SQLite and on PostgreSQL.

The rows are written as plain SQL, past the model's types, so that it is the database that refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    CheckConstraint,
    Row,
    Table,
    UniqueConstraint,
    column,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError

from tests.records import constraint_cases_acts as acts
from tests.records import constraint_cases_course as course
from tests.records import constraint_cases_papers as papers
from tests.records import constraint_cases_places as places
from tests.records import constraint_cases_sites as sites
from tests.records.constraint_cases import Cases, Changes, unlisted, world
from tracker import tables as _tables  # noqa: F401
from tracker.core.db import Base, db

_OWN: dict[str, Cases] = (
    places.PLACES
    | sites.SITES
    | acts.MONEY
    | acts.EXCHANGES
    | acts.PROOFS
    | papers.PAPERS
    | course.COURSE
)
# Where a record comes from is one list for all tables.
CASES = {
    name: replace(cases, refused=cases.refused | unlisted("origin"))
    if "origin" in Base.metadata.tables[name].columns
    else cases
    for name, cases in _OWN.items()
}
TABLES = Base.metadata.tables
MISSING = 999_999_999


def checks_of(of: Table) -> dict[str, str]:
    """Name → condition of each CHECK that the models declare for a table."""
    return {str(c.name): str(c.sqltext) for c in of.constraints if isinstance(c, CheckConstraint)}


def uniques_of(of: Table) -> dict[str, list[str]]:
    """Name → columns of each unique constraint and unique index of a table."""
    found = [
        *(c for c in of.constraints if isinstance(c, UniqueConstraint)),
        *(index for index in of.indexes if index.unique),
    ]
    return {str(c.name): [part.name for part in c.columns] for c in found}


class Trial:
    """A valid row of one table, to be written to the database with changes."""

    def __init__(self, name: str, w: SimpleNamespace) -> None:
        self.name, self.world = name, w
        self.failures: list[str] = []
        plain = table(name, *(column(c.name) for c in TABLES[name].columns))
        self.statement = insert(plain)
        self.connection = db.session.connection()
        if name not in w.valid:
            with db.session.begin_nested() as savepoint:
                record = CASES[name].base(w)
                found = select(plain).where(plain.c.id == record.id)
                raw: Row = self.connection.execute(found).one()
                savepoint.rollback()
            w.valid[name] = dict(raw._mapping)
        self.row: dict[str, Any] = w.valid[name]
        # What the database gave was given back; a second row needs another id.
        self.second_id = self.row["id"] + 1_000_000

    def changed(self, row: dict[str, Any], changes: Changes) -> dict[str, Any]:
        unknown = set(changes) - set(row)
        assert not unknown, f"{self.name} has no {unknown}"
        given = {c: v(row, self.world) if callable(v) else v for c, v in changes.items()}
        return {**row, **given}

    def accepts(self, row: dict[str, Any], case: str) -> None:
        with self._tried(row) as error:
            if error is not None:
                self.failures.append(f"{self.name}, {case}: refused by {error.orig}")

    def refuses(self, row: dict[str, Any], by: str, case: str) -> None:
        """The row must be refused, and the error must name `by`."""
        with self._tried(row) as error:
            if error is None:
                self.failures.append(f"{self.name}, {case}: not refused by {by}")
            elif named(error) != by:
                self.failures.append(f"{self.name}, {case}: not {by} but {error.orig}")

    @contextmanager
    def beside(self, first: dict[str, Any], case: str) -> Iterator[None]:
        """`first` stands in the database for the time of the block."""
        with self._tried(first) as error:
            if error is None:
                yield
            else:
                raise AssertionError(f"{self.name}, {case}: refused by {error.orig}")

    @contextmanager
    def _tried(self, row: dict[str, Any]) -> Iterator[DBAPIError | None]:
        outcome = None
        with self.connection.begin_nested() as savepoint:
            try:
                self.connection.execute(self.statement, row)
            except DBAPIError as error:
                savepoint.rollback()
                outcome = error
            yield outcome
            if savepoint.is_active:
                savepoint.rollback()


def named(error: DBAPIError) -> str:
    """What the error names: the constraint, or the columns (SQLite's uniques, empty columns)."""
    if db.engine.dialect.name == "postgresql":
        told = error.orig.diag
        return told.constraint_name or f"{told.table_name}.{told.column_name}"
    return str(error.orig).partition(" constraint failed")[2].removeprefix(": ")


@pytest.fixture(scope="module")
def w(shared_app: Flask) -> SimpleNamespace:
    """The world of all tests on a database, and in `valid` the rows that are tried, by table."""
    return SimpleNamespace(**vars(world()), valid={})


def trials(w: SimpleNamespace) -> Iterator[tuple[Trial, Cases]]:
    """A trial for each table; what one adds to the world is gone before the next."""
    for name, cases in CASES.items():
        with db.session.begin_nested() as savepoint:
            yield Trial(name, w), cases
            savepoint.rollback()


def test_every_constraint_has_a_case_and_every_case_a_constraint() -> None:
    declared = {name: {*checks_of(model), *uniques_of(model)} for name, model in TABLES.items()}
    assert {name: cases.names(name) for name, cases in CASES.items()} == declared
    assert all(rows for cases in CASES.values() for rows in cases.refused.values())


def test_the_checks_of_the_database_say_what_the_models_say(sqlite_app: Flask) -> None:
    """SQLite keeps the text of a CHECK as the migration gave it, which is one for both."""
    inspector = inspect(db.engine)
    for name, model in TABLES.items():
        found = {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(name)}
        assert found == checks_of(model), name


def test_checks_refuse_what_they_are_there_for(w: SimpleNamespace) -> None:
    failures = []
    for trial, cases in trials(w):
        for name, refused in cases.refused.items():
            for changes in refused:
                row = trial.changed(trial.row, changes)
                trial.refuses(row, f"ck_{trial.name}_{name}", str(changes))
        failures += trial.failures
    assert not failures, "\n".join(failures)


def test_what_is_just_allowed_is_accepted(w: SimpleNamespace) -> None:
    failures = []
    for trial, cases in trials(w):
        for changes in ({}, *cases.accepted):
            trial.accepts(trial.changed(trial.row, changes), str(changes))
        failures += trial.failures
    assert not failures, "\n".join(failures)


def test_exactly_one_subject_is_accepted(w: SimpleNamespace) -> None:
    failures = []
    for trial, cases in trials(w):
        for name, columns in cases.one_of.items():
            ids = {c: target_of(trial, c) for c in columns}
            none = dict.fromkeys(columns)
            check = f"ck_{trial.name}_{name}"
            trial.refuses({**trial.row, **none}, check, "none")
            for c in columns:
                trial.accepts({**trial.row, **none, c: ids[c]}, c)
            for first, second in combinations(columns, 2):
                both = {first: ids[first], second: ids[second]}
                trial.refuses({**trial.row, **none, **both}, check, f"{first}, {second}")
        failures += trial.failures
    assert not failures, "\n".join(failures)


def target_of(trial: Trial, name: str) -> int:
    """The id of a new record of the table that a foreign key names."""
    (key,) = TABLES[trial.name].c[name].foreign_keys
    return CASES[key.column.table.name].base(trial.world).id


def test_uniques_refuse_a_second_row(w: SimpleNamespace) -> None:
    failures = []
    for trial, cases in trials(w):
        columns = uniques_of(TABLES[trial.name])
        for name, rows in cases.uniques.items():
            first, second = rows if isinstance(rows, tuple) else ({}, rows)
            row = trial.changed(trial.row, first)
            by = name
            if db.engine.dialect.name == "sqlite":
                by = ", ".join(f"{trial.name}.{c}" for c in columns[name])
            with trial.beside(row, name):
                twin = trial.changed({**row, "id": trial.second_id}, second)
                trial.refuses(twin, by, f"{name} {second}")
        failures += trial.failures
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("shared_app", ["postgresql"], indirect=True)
def test_each_case_is_refused_by_its_constraint_alone(w: SimpleNamespace) -> None:
    """Without the constraint the row is accepted; PostgreSQL can drop one and take it back."""
    failures = []
    for trial, cases in trials(w):
        of = TABLES[trial.name]
        for name, refused in cases.refused.items():
            with without(of, f"ck_{trial.name}_{name}"):
                for changes in refused:
                    trial.accepts(trial.changed(trial.row, changes), f"{changes} without {name}")
        for name, rows in cases.uniques.items():
            first, second = rows if isinstance(rows, tuple) else ({}, rows)
            row = trial.changed(trial.row, first)
            with without(of, name), trial.beside(row, name):
                twin = trial.changed({**row, "id": trial.second_id}, second)
                trial.accepts(twin, f"a twin without {name}")
        failures += trial.failures
    assert not failures, "\n".join(failures)


@contextmanager
def without(of: Table, name: str) -> Iterator[None]:
    """The table lacks a constraint or a unique index for the time of the block."""
    index = name in {index.name for index in of.indexes}
    drop = f"DROP INDEX {name}" if index else f"ALTER TABLE {of.name} DROP CONSTRAINT {name}"
    with db.session.begin_nested() as savepoint:
        db.session.execute(text(drop))
        yield
        savepoint.rollback()


def test_rows_that_differ_in_any_part_of_a_unique_stand_side_by_side(w: SimpleNamespace) -> None:
    failures = []
    for trial, cases in trials(w):
        for changes in cases.beside:
            with trial.beside(trial.row, "base"):
                second = trial.changed({**trial.row, "id": trial.second_id}, changes)
                trial.accepts(second, f"beside {changes}")
        failures += trial.failures
    assert not failures, "\n".join(failures)


def test_no_column_that_must_be_filled_can_be_empty(w: SimpleNamespace) -> None:
    failures = []
    for trial, _cases in trials(w):
        for c in TABLES[trial.name].columns:
            if not c.nullable and not c.primary_key:
                trial.refuses({**trial.row, c.name: None}, f"{trial.name}.{c.name}", "empty")
        failures += trial.failures
    assert not failures, "\n".join(failures)


def test_no_foreign_key_names_a_record_that_is_not_there(w: SimpleNamespace) -> None:
    failures = []
    for trial, cases in trials(w):
        subjects = {c for columns in cases.one_of.values() for c in columns}
        for key in TABLES[trial.name].foreign_key_constraints:
            (name,) = key.column_keys
            # A trigger refuses these first: no such entry to mirror, or to correct.
            if name in ("reversal_of_id", "corrects_id"):
                continue
            row = {**trial.row, **(dict.fromkeys(subjects) if name in subjects else {})}
            if name == "successor_id":  # only of a place that is no more
                row["abolished_on"] = date(2021, 4, 9)
            if (trial.name, name) == ("task_events", "part_id"):  # only of what is done
                row |= {"act": "done", "reason": "试", "revision": None, "content": None}
            if (trial.name, name) == ("key_work_events", "milestone_id"):  # reached on a day
                row["day"] = date(2024, 4, 9)
            if (trial.name, name) == ("supervision_orders", "snapshot_id"):  # only with its line
                row |= dict.fromkeys(
                    ("card_sheet", "card_subject", "card_line", "card_words"), "试"
                )
            if name == "cancelled_by_id":  # only of work that was cancelled
                row["state"] = "cancelled"
            by = "" if db.engine.dialect.name == "sqlite" else str(key.name)
            trial.refuses({**row, name: MISSING}, by, name)
        failures += trial.failures
    assert not failures, "\n".join(failures)
