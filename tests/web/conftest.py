"""A small world of records, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tests import factories as make
from tests.conftest import settings_for
from tests.postgres import Server
from tests.recycling import Applications, Databases
from tests.web.pages import Browser
from tracker import create_app
from tracker.core.db import Precision, db
from tracker.core.provenance.models import Source, SourcedValue, SourceKind
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import EnclaveKind, TermKind
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.service import freeze_and_score

YEAR = 2024


@dataclass
class World:
    """The numbers of the records by name; users by their role's value."""

    ids: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.ids[name]


@dataclass
class Site:
    """An application on a database that holds the world."""

    app: Flask
    world: World

    def browser(self, user: str | None = None) -> Browser:
        """A browser in which `user` has signed in; a stranger's without one."""
        return Browser(self.app, self.world[user] if user else None)


def build_world() -> World:
    """Add the records of the tests to the present session; a snapshot of `YEAR` among them."""
    places = make.zhejiang()
    jinyun, qingyuan, fuyang = places["缙云县"], places["庆元县"], places["富阳区"]
    for place in (jinyun, qingyuan):
        make.listing(place)
    users = {
        role.value: make.user(role, place, username=role.value)
        for role, place in (
            (Role.STAFF, jinyun),
            (Role.REVIEWER, places["丽水市"]),
            (Role.ASSESSOR, places["浙江省"]),
            (Role.LEADER, places["浙江省"]),
            (Role.ADMINISTRATOR, None),
        )
    }
    users["neighbour"] = make.user(Role.STAFF, qingyuan, username="neighbour")
    pairing = make.pairing(fuyang, jinyun, since=date(2021, 1, 1))
    other_pairing = make.pairing(fuyang, qingyuan)
    enclave = make.enclave(
        jinyun,
        fuyang,
        EnclaveKind.INCOME,
        name="缙云消薄飞地",
        village_capital=make.wan(1000),
        total_capital=make.wan(2000),
        signed_on=date(2020, 1, 1),
    )
    make.term(enclave, TermKind.FIXED_SUM, amount=make.wan(100), starts_on=date(2023, 1, 1))
    other_enclave = make.enclave(qingyuan, fuyang, name="庆元飞地")
    project = make.project(
        jinyun,
        name="智能装备项目",
        pairing=pairing,
        total_investment=make.wan(12_000),
        signed_on=date(2024, 3, 1),
        started_on=date(2024, 6, 1),
    )
    other_project = make.project(qingyuan, name="庆元竹木项目")
    entry = make.entry(
        project, EntryKind.COMPLETED_INVESTMENT, make.wan(3000), date(2024, 9, 1), note="三季度"
    )
    other_entry = make.entry(
        other_project, EntryKind.FUNDS_IN_PLACE, make.wan(50), date(2024, 9, 1)
    )
    rebate = make.entry(enclave, EntryKind.REBATE, make.wan(100), date(2024, 12, 1), villages=8)
    source = Source(
        kind=SourceKind.PRESS, url="https://example.org/a", published_on=date(2024, 1, 2)
    )
    copy = Source(kind=SourceKind.COPY, published_on=date(2023, 1, 2))
    for of, name, text, adopted in (
        (source, "investor", "甲公司", True),
        (copy, "investor", "甲集团", False),
    ):
        db.session.add(
            SourcedValue(
                project_id=project.id,
                field=name,
                text=text,
                adopted=adopted,
                precision=Precision.EXACT,
                source=of,
            )
        )
    db.session.flush()
    snapshot = freeze_and_score(YEAR, users["assessor"])
    records = {
        **users,
        "jinyun": jinyun,
        "qingyuan": qingyuan,
        "pairing": pairing,
        "other_pairing": other_pairing,
        "enclave": enclave,
        "other_enclave": other_enclave,
        "project": project,
        "other_project": other_project,
        "entry": entry,
        "other_entry": other_entry,
        "rebate": rebate,
        "snapshot": snapshot,
    }
    return World({name: record.id for name, record in records.items()})


def _settle(url: str, folder: Path) -> World:
    """The world in the database at `url`, whose files lie in `folder`."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        world = build_world()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return world


@contextmanager
def site_at(applications: Applications, url: str, folder: Path, world: World) -> Iterator[Site]:
    """The site on the database at `url`, which holds `world`."""
    with applications.at(settings_for(url, folder)) as app:
        app.config["PROPAGATE_EXCEPTIONS"] = True
        yield Site(app, world)


@pytest.fixture(scope="session")
def world_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    folder = tmp_path_factory.mktemp("world")
    target = folder / "world.db"
    shutil.copy(sqlite_template, target)
    return target, _settle(f"sqlite:///{target}", folder)


@pytest.fixture
def site(
    world_template: tuple[Path, World],
    databases: Databases,
    applications: Applications,
    tmp_path: Path,
) -> Iterator[Site]:
    """The site on SQLite."""
    template, world = world_template
    with (
        databases.sqlite(template) as url,
        site_at(applications, url, tmp_path, world) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def postgres_world(
    postgres: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, World]:
    """The name of a PostgreSQL database that holds the world, to be copied."""
    url = postgres.create("world", postgres_template)
    return "world", _settle(url, tmp_path_factory.mktemp("world"))


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(
    request: pytest.FixtureRequest,
    databases: Databases,
    applications: Applications,
    tmp_path: Path,
) -> Iterator[Site]:
    """The site once on SQLite and once on PostgreSQL, for what the database takes part in."""
    if request.param == "sqlite":
        yield request.getfixturevalue("site")
        return
    server: Server = request.getfixturevalue("postgres")
    template, world = request.getfixturevalue("postgres_world")
    with (
        databases.postgresql(server, template) as url,
        site_at(applications, url, tmp_path, world) as site,
    ):
        yield site


@pytest.fixture
def staff(site: Site) -> Browser:
    return site.browser("staff")


@pytest.fixture
def in_database(site: Site) -> Callable:
    """Calls a function within the site's application and returns what it returns."""

    def call(function: Callable) -> object:
        with site.app.app_context():
            return function()

    return call
