"""A database of each kind for all tests of a file that leave in it what they found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import settings_for
from tests.recycling import Applications, Databases
from tracker.core.db import db


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_app(
    request: pytest.FixtureRequest,
    databases: Databases,
    applications: Applications,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application on a database of each kind, with its context pushed, for a file whose tests
    write within savepoints alone and take back what they wrote."""
    template = request.getfixturevalue(
        "sqlite_template" if request.param == "sqlite" else "postgres_template"
    )
    if request.param == "sqlite":
        lent = databases.sqlite(template)
    else:
        lent = databases.postgresql(request.getfixturevalue("postgres"), template)
    folder = tmp_path_factory.mktemp("shared")
    with lent as url, applications.at(settings_for(url, folder)) as app, app.app_context():
        yield app
        db.session.remove()
