"""One database with public and sample data of three years for all tests that only read."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table, select

from tests.conftest import settings_for
from tracker import create_app
from tracker.core.db import Base, Origin, db
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json
from tracker.exchange.publicdata.load import load_public_data
from tracker.exchange.sampledata.cli import SEED
from tracker.exchange.sampledata.load import load_sample_data
from tracker.exchange.sampledata.scene import YEARS
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import ScoredSnapshot, score_document
from tracker.year.rulebooks.shelf import year_set


def rows_of(table: Table, sample: bool | None = None) -> set[tuple]:
    """The rows of a table; those of one origin alone where `sample` says which."""
    statement = select(table)
    if sample is not None and "origin" in table.c:
        is_sample = table.c.origin == Origin.SAMPLE
        statement = statement.where(is_sample if sample else ~is_sample)
    return {tuple(row) for row in db.session.execute(statement)}


@pytest.fixture(scope="session")
def sampled(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, dict[str, set[tuple]]]]:
    """The application, and every row as it was before the sample came."""
    folder = tmp_path_factory.mktemp("sampled")
    shutil.copy(sqlite_template, folder / "tracker.db")
    app = create_app(settings_for(f"sqlite:///{folder / 'tracker.db'}", folder))
    with app.app_context():
        load_public_data()
        db.session.commit()
        before = {table.name: rows_of(table) for table in Base.metadata.sorted_tables}
        load_sample_data(YEARS, SEED)
        db.session.commit()
        db.session.remove()
    yield app, before
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def years(sampled) -> dict[int, ScoredSnapshot]:
    """The three years scored, each from the bytes that a snapshot would store."""
    app, _ = sampled
    with app.app_context():
        contents = {year: canonical_json(freeze(year_set(year), now())) for year in YEARS}
        db.session.remove()
    return {
        year: score_document(hashlib.sha256(content).hexdigest(), json.loads(content))
        for year, content in contents.items()
    }


@pytest.fixture
def here(sampled) -> Iterator[dict[str, set[tuple]]]:
    """The context of that application, rolled back afterwards; gives the rows before."""
    app, before = sampled
    with app.app_context():
        yield before
        db.session.rollback()
        db.session.remove()
