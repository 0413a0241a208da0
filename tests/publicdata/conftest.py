"""The public data, loaded once into a database of each kind and copied for each test."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.postgres import Server
from tests.recycling import Applications, Databases
from tracker import create_app
from tracker.db import db
from tracker.publicdata.load import load_public_data
from tracker.publicdata.report import LoadReport


def _load(url: str, folder: Path) -> LoadReport:
    app = create_app(settings_for(url, folder))
    with app.app_context():
        report = load_public_data()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return report


@pytest.fixture(scope="session")
def public_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, LoadReport]:
    folder = tmp_path_factory.mktemp("public")
    target = folder / "tracker.db"
    shutil.copy(sqlite_template, target)
    return target, _load(f"sqlite:///{target}", folder)


@pytest.fixture(scope="session")
def public_postgresql(
    postgres: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, LoadReport]:
    url = postgres.create("public", postgres_template)
    return "public", _load(url, tmp_path_factory.mktemp("public"))


@pytest.fixture(params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, databases: Databases, applications: Applications, tmp_path: Path
) -> Iterator[LoadReport]:
    """What the loading said; the context of an application on a copy of what was loaded."""
    template, report = request.getfixturevalue(f"public_{request.param}")
    if request.param == "sqlite":
        lent = databases.sqlite(template)
    else:
        lent = databases.postgresql(request.getfixturevalue("postgres"), template)
    with lent as url, applications.at(settings_for(url, tmp_path)) as app:
        app.testing = True
        with app.app_context():
            yield copy.deepcopy(report)
            db.session.remove()
