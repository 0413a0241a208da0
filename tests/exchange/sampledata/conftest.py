"""One database with public data and the sample data of the latest year for all tests that only
read; in the long runs one with all sample years."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table, select

from tests import factories as make
from tests.conftest import settings_for
from tests.exchange.sampledata.leading import Leading, at
from tests.exchange.sampledata.plain_records import Sql
from tests.exchange.sampledata.publishing import publish
from tracker import create_app
from tracker.core.db import Base, Origin, db, units
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json
from tracker.exchange.publicdata.report import LoadReport
from tracker.exchange.sampledata.cli import SEED
from tracker.exchange.sampledata.load import load_sample_data, load_to_date
from tracker.exchange.sampledata.scene import YEARS
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import ScoredSnapshot, score_document
from tracker.year.rulebooks.shelf import year_set
from tracker.year.trials import service as trials
from tracker.year.trials.freezing import tried

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


def _load(years: Sequence[int], template: Path, folder: Path) -> Sampled:
    shutil.copy(template, folder / "tracker.db")
    app = create_app(settings_for(f"sqlite:///{folder / 'tracker.db'}", folder))
    with app.app_context():
        before = {table.name: rows_of(table) for table in Base.metadata.sorted_tables}
        load_sample_data(years[:1], SEED)
        db.session.commit()
        first = drawn()
        added = load_sample_data(years, SEED)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return Sampled(app, years, before, first, added)


@pytest.fixture(scope="session")
def one_year(
    public_sqlite: tuple[Path, LoadReport], tmp_path_factory: pytest.TempPathFactory
) -> Sampled:
    return _load(YEARS[-1:], public_sqlite[0], tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="session")
def all_years(
    public_sqlite: tuple[Path, LoadReport], tmp_path_factory: pytest.TempPathFactory
) -> Sampled:
    return _load(YEARS, public_sqlite[0], tmp_path_factory.mktemp("all"))


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("one_year", id="one year"),
        pytest.param("all_years", id="all years", marks=pytest.mark.soak),
    ],
)
def sampled(request: pytest.FixtureRequest) -> Iterator[Sampled]:
    found: Sampled = request.getfixturevalue(request.param)
    yield found
    with found.app.app_context():
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


RUNNING = date(2025, 11, 20)  # of two years the second one runs
TO_DATE = date(2026, 8, 20)
SEEDS = (SEED, 1, 77)
FEW = ("331100", "331122")  # a city, a county
MANY = (*FEW, "330000", "330800", "339901")


def _lead(file: Path, folder: Path, day: date, year: int, seed: int) -> Leading:
    """A leader of the province on the database `file`, the clock at `day`, with what is published
    beside it."""
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    app.testing = True
    with app.app_context(), units.mode(writes=True):
        province = db.session.scalars(select(Region).where(Region.code == "330000")).one()
        leader = make.user(Role.LEADER, province, username="figures-leader")
        publish(seed, range(year - 2, year + 1), FEW[1])
        db.session.commit()
        number = leader.id
        db.session.remove()
    return Leading(app, file, number, day, year)


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(None, id="sample"),
        *(pytest.param(seed, id=f"seed {seed}", marks=pytest.mark.soak) for seed in SEEDS),
    ],
)
def led(
    request: pytest.FixtureRequest,
    public_sqlite: tuple[Path, LoadReport],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Leading]:
    """Two years of the sample; in the long runs all of a seed, to the day, with a trial."""
    folder = tmp_path_factory.mktemp("led")
    file = folder / "tracker.db"
    shutil.copy(public_sqlite[0], file)
    day, year = (RUNNING, 2025) if request.param is None else (TO_DATE, 2026)
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    with at(day), app.app_context(), units.mode(writes=True):
        if request.param is None:
            load_sample_data(YEARS[-2:], SEED)
        else:
            load_sample_data(YEARS, request.param)
            load_to_date(request.param, day)
            db.session.commit()
            trials.keep(tried(year), None)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with at(day):
        leading = _lead(file, folder, day, year, request.param or SEED)
    yield leading
    with leading.app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["running", pytest.param("over", marks=pytest.mark.soak)])
def leading(request: pytest.FixtureRequest, led: Leading) -> Iterator[Leading]:
    """The leader in the running year, and in the one before."""
    with at(led.day):
        yield led if request.param == "running" else led.before


@pytest.fixture(
    params=[*FEW, *(pytest.param(code, marks=pytest.mark.soak) for code in MANY[len(FEW) :])]
)
def sql(request: pytest.FixtureRequest, leading: Leading) -> Iterator[Sql]:
    """The same database in plain SQL, for a place."""
    found = leading.sql(request.param)
    yield found
    found.close()
