"""Databases for the tests: each test that asks for `app` runs on SQLite and on PostgreSQL, in a
fresh copy of a database that was migrated once."""

from __future__ import annotations

import copy
import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from tests.ordering import (
    pytest_addoption,
    pytest_configure,
    pytest_configure_node,
    pytest_report_header,
    shuffled,
)
from tests.postgres import Server
from tests.recycling import Applications, Databases, composing_once
from tests.sampling import leave_out
from tests.scheduling import place_of, pytest_xdist_make_scheduler
from tracker import create_app
from tracker.core.config import Settings
from tracker.core.db import db, units
from tracker.exchange.publicdata.load import load_public_data
from tracker.exchange.publicdata.report import LoadReport
from tracker.records.accounts import service

gc.disable()  # until all tests are collected
RARELY = (50_000, 10, 2)  # thresholds of gc; a rarer last one keeps applications that are gone

# No drawn example fails for the time that it takes: the machine may be busy.
settings.register_profile(
    "unhurried",
    parent=settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unhurried")

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_report_header",
    "pytest_xdist_make_scheduler",
]


def pytest_collection_finish() -> None:
    """Nothing that is there when the tests begin is garbage ever: it is not looked through again
    and again, and what the tests leave is looked for less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    gc.enable()


@pytest.hookimpl(tryfirst=True)  # before those with a mark are left out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(items, config.rootpath)
    items.sort(key=lambda item: place_of(item.path))
    if seed := config.option.order_seed:
        items[:] = shuffled(items, lambda item: place_of(item.path), seed)


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test application whose files lie in `folder`."""
    return Settings(
        database_url=url,
        instance=folder,
        secret_key="for tests only",
        secure_cookies=False,
        demo=False,
    )


def migrate(url: str, folder: Path) -> None:
    """Bring the empty database `url` to the newest version."""
    import flask_migrate

    app = create_app(settings_for(url, folder))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def arranging() -> Iterator[None]:
    """What a test does itself is a writing unit, to which the acts that it calls belong; requests
    and commands begin by reading, here as everywhere."""
    with units.mode(writes=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def composed_once() -> Iterator[None]:
    """Statements are composed once in a process."""
    with composing_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def full_hasher() -> Iterator[PasswordHasher]:
    """The passwords of tests cost next to nothing; gives what the application hashes with."""
    full = service._hasher
    service._hasher = PasswordHasher.from_parameters(CHEAPEST)
    yield full
    service._hasher = full


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(f"sqlite:///{folder / 'template.db'}", folder)
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    migrate(postgres.create("migrated"), tmp_path_factory.mktemp("postgres"))
    return "migrated"


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def applications(databases: Databases) -> Applications:
    return Applications(databases)


@pytest.fixture
def new_sqlite(databases: Databases, sqlite_template: Path) -> Iterator[Callable[[], str]]:
    """Makes migrated SQLite databases; each call returns the URL of a new one."""
    with ExitStack() as lent:
        yield lambda: lent.enter_context(databases.sqlite(sqlite_template))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The URL of a fresh, migrated database; once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("new_sqlite")()
        return
    server: Server = request.getfixturevalue("postgres")
    with databases.postgresql(server, request.getfixturevalue("postgres_template")) as url:
        yield url


def _application(applications: Applications, url: str, folder: Path) -> Iterator[Flask]:
    with applications.at(settings_for(url, folder)) as app:
        app.testing = True
        with app.app_context():
            yield app
            db.session.remove()


@pytest.fixture
def app(database_url: str, applications: Applications, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh database of each kind, with its context pushed."""
    yield from _application(applications, database_url, tmp_path)


@pytest.fixture
def sqlite_app(
    new_sqlite: Callable[[], str], applications: Applications, tmp_path: Path
) -> Iterator[Flask]:
    """The application on SQLite alone, for what no database can make a difference to."""
    yield from _application(applications, new_sqlite(), tmp_path)


def _load(url: str, folder: Path) -> LoadReport:
    """Load the public data into the migrated database `url`."""
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
def public_data(
    request: pytest.FixtureRequest, databases: Databases, applications: Applications, tmp_path: Path
) -> Iterator[LoadReport]:
    """The context of an application on a database of each kind that holds a copy of the public
    data, which was loaded once; gives what the loading said."""
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


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
