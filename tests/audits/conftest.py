"""The site with the audits' world: made once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from tests.audits.crawl import SOME, Most, Page, crawl, in_turn
from tests.audits.world import World, build_world
from tests.conftest import settings_for
from tests.recycling import Applications, Databases
from tests.web.pages import Browser
from tracker import create_app
from tracker.core.db import db

Recycled = tuple[Databases, Applications]


@dataclass
class Site:
    """An application on a database that holds the world; `template` is the world as it was."""

    app: Flask
    world: World
    template: Path
    database: Path

    def client(self, user: str | None = None) -> FlaskClient:
        """A client in which `user` has signed in; a stranger's without one."""
        return Browser(self.app, self.world[user] if user else None).client

    def restore(self) -> None:
        """Put the world back as it was."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for rest in ("-wal", "-shm"):
            self.database.with_name(self.database.name + rest).unlink(missing_ok=True)
        shutil.copy(self.template, self.database)


@pytest.fixture(scope="session")
def world_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """The database file that holds the world, in the folder that holds its evidence."""
    target = tmp_path_factory.mktemp("audits") / "world.db"
    shutil.copy(sqlite_template, target)
    app = create_app(settings_for(f"sqlite:///{target}", target.parent))
    with app.app_context():
        world = build_world()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return target, world


@contextmanager
def _opened(template: Path, world: World, recycled: Recycled, folder: Path) -> Iterator[Site]:
    """A site of its own, whose files lie in `folder`."""
    databases, applications = recycled
    shutil.copytree(template.parent / "evidence", folder / "evidence", dirs_exist_ok=True)
    with (
        databases.sqlite(template) as url,
        applications.at(settings_for(url, folder)) as app,
    ):
        yield Site(app, world, template, Path(make_url(url).database))


@pytest.fixture(scope="session")
def new_site(
    world_template: tuple[Path, World], databases: Databases, applications: Applications
) -> Callable[[Path], AbstractContextManager[Site]]:
    """Opens a site of its own, whose files lie in the folder that is given."""
    template, world = world_template
    return lambda folder: _opened(template, world, (databases, applications), folder)


@pytest.fixture(scope="module")
def site(new_site: Callable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site; a test that changes records puts them back (`restore`)."""
    with new_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def crawled(
    new_site: Callable, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., list[Page]]]:
    """The pages that a user reaches: in turn with the others (`in_turn`) unless more are asked for
    (`crawl`). Each user goes once a run, through a site where nothing else is done, so that it does
    not matter which test asks first."""
    with new_site(tmp_path_factory.mktemp("crawled")) as site:
        some = cache(lambda: in_turn(site.app, site.client))

        @cache
        def kept(user: str, most: Most = SOME) -> list[Page]:
            if most is SOME:
                return some()[user]
            return crawl(site.app, site.client(user), user, most=most)

        yield kept
