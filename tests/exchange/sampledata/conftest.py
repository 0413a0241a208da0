"""One database with public data and the sample data of the latest year for all tests that only
read; in the long runs one with all sample years."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table, select

from tests.conftest import settings_for
from tracker import create_app
from tracker.core.db import Base, Origin, db
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json
from tracker.exchange.publicdata.report import LoadReport
from tracker.exchange.sampledata.cli import SEED
from tracker.exchange.sampledata.load import load_sample_data
from tracker.exchange.sampledata.scene import YEARS
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import ScoredSnapshot, score_document
from tracker.year.rulebooks.shelf import year_set

WITHOUT_ORIGIN = {
    "village_payments",
    "evidence_files",
    "filing_events",
    "application_events",
    "task_events",
    "key_work_events",
    "supervision_events",
}


def rows_of(table: Table, sample: bool | None = None) -> set[tuple]:
    """The rows of a table; those of one origin alone where `sample` says which."""
    statement = select(table)
    if sample is not None and "origin" in table.c:
        is_sample = table.c.origin == Origin.SAMPLE
        statement = statement.where(is_sample if sample else ~is_sample)
    return {tuple(row) for row in db.session.execute(statement)}


Rows = dict[str, set[tuple]]

# For tests that need more than one year.
OF_ALL_YEARS = pytest.mark.parametrize(
    "sampled",
    [pytest.param(YEARS, id="all years", marks=pytest.mark.soak)],
    indirect=True,
    scope="session",
)


@dataclass(frozen=True)
class Sampled:
    """An application with the sample of `years`: all rows `before` it came, those that the sample
    of the first year brought, and how many of each table the later ones added."""

    app: Flask
    years: Sequence[int]
    before: Rows
    first: Rows
    added: dict[str, int]


def drawn() -> Rows:
    """The rows of the sample by table."""
    return {
        table.name: rows_of(table, sample=True)
        for table in Base.metadata.sorted_tables
        if "origin" in table.c or table.name in WITHOUT_ORIGIN
    }


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(YEARS[-1:], id="one year"),
        pytest.param(YEARS, id="all years", marks=pytest.mark.soak),
    ],
)
def sampled(
    request: pytest.FixtureRequest,
    public_sqlite: tuple[Path, LoadReport],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sampled]:
    folder = tmp_path_factory.mktemp("sampled")
    shutil.copy(public_sqlite[0], folder / "tracker.db")
    app = create_app(settings_for(f"sqlite:///{folder / 'tracker.db'}", folder))
    with app.app_context():
        before = {table.name: rows_of(table) for table in Base.metadata.sorted_tables}
        load_sample_data(request.param[:1], SEED)
        db.session.commit()
        first = drawn()
        added = load_sample_data(request.param, SEED)
        db.session.commit()
        db.session.remove()
    yield Sampled(app, request.param, before, first, added)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def years(sampled: Sampled) -> dict[int, ScoredSnapshot]:
    """The years scored, each from the bytes that a snapshot would store."""
    with sampled.app.app_context():
        contents = {year: canonical_json(freeze(year_set(year), now())) for year in sampled.years}
        db.session.remove()
    return {
        year: score_document(hashlib.sha256(content).hexdigest(), json.loads(content))
        for year, content in contents.items()
    }


@pytest.fixture(scope="session")
def cards(years: dict[int, ScoredSnapshot]) -> Callable[[int, str, str], Card]:
    """Gives the scorecard of a year, a sheet and a subject, each built once."""
    return cache(lambda year, sheet, code: card_of(years[year], sheet, code))


@pytest.fixture
def here(sampled: Sampled) -> Iterator[Rows]:
    """The context of that application, rolled back afterwards; gives the rows before."""
    with sampled.app.app_context():
        yield sampled.before
        db.session.rollback()
        db.session.remove()
