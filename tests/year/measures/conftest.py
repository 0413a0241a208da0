"""One application and database of each kind a process: what a test writes is rolled back, so that
no test has to wait for a database of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from tests.conftest import settings_for
from tests.postgres import Server
from tracker import create_app
from tracker.core.db import db


@pytest.fixture(scope="session")
def on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("measures")
    shutil.copy(sqlite_template, folder / "tracker.db")
    yield from _application(f"sqlite:///{folder / 'tracker.db'}", folder)


@pytest.fixture(scope="session")
def on_postgresql(
    postgres: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    name = f"measures{os.getpid()}"
    url = postgres.create(name, postgres_template)
    yield from _application(url, tmp_path_factory.mktemp("measures"))
    postgres.drop(name)


def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(settings_for(url, folder))
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on the shared database of each kind, with its context pushed."""
    yield from _rolled_back(request.getfixturevalue(f"on_{request.param}"))


@pytest.fixture
def sqlite_app(on_sqlite: Flask) -> Iterator[Flask]:
    """The application on the shared SQLite database, for what no database can make a difference
    to."""
    yield from _rolled_back(on_sqlite)


def _rolled_back(app: Flask) -> Iterator[Flask]:
    def refuse(_session: object) -> None:
        raise AssertionError("the database is shared: a test of a measure commits nothing")

    with app.app_context():
        event.listen(db.session, "before_commit", refuse)
        try:
            yield app
        finally:
            event.remove(db.session, "before_commit", refuse)
            db.session.remove()
