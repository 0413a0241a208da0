"""Databases and applications that one test after another uses.

Most of a test's time went into building an application, compiling its templates and composing its
statements, all of which are the same for every test. An application is tied to the address of its
database, so the addresses are used again: what lies there is new for each test, and so are the
settings, the folder and whatever the application remembers.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.util import LRUCache

from tests.postgres import Server
from tracker import create_app
from tracker.core.config import Settings
from tracker.core.db import db

COMPOSED = 6000  # statements of one database kind that are kept composed; all tests have some 4000


@contextmanager
def composing_once() -> Iterator[None]:
    """Let all engines of a kind of database share the statements that they have composed.

    SQLAlchemy keeps them by engine and dialect. Each application of the tests had its own, that of
    every world, template and command too, and composed them anew: a fifth of all compositions. A
    process that is forked begins with what is there.
    """
    dialects: dict[str, object] = {}
    kept: dict[str, LRUCache] = {}
    make = db._make_engine

    def sharing(bind_key: str | None, options: dict, app: Flask) -> Engine:
        engine = make(bind_key, options, app)
        name = engine.dialect.name
        if name in dialects:
            engine.dialect, engine._compiled_cache = dialects[name], kept[name]
        else:  # a dialect can be lent when it has seen its database
            event.listen(engine, "connect", lambda *_: lend(engine))
        return engine

    def lend(engine: Engine) -> None:
        name = engine.dialect.name
        if name not in dialects:
            dialects[name] = engine.dialect
            kept[name] = engine._compiled_cache = LRUCache(COMPOSED)

    db._make_engine = sharing
    yield
    del db._make_engine


class Databases:
    """Addresses of databases; each is lent to one test at a time, with a copy of a template."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._files: list[Path] = []
        self._names: list[str] = []

    @contextmanager
    def sqlite(self, template: Path) -> Iterator[str]:
        """The URL of a copy of the database file `template`."""
        file = self._files.pop() if self._files else self._folder / f"{next(self._numbers)}.db"
        shutil.copy(template, file)
        yield f"sqlite:///{file}"
        # Whoever still holds the file keeps what it holds, and the next one gets another.
        for rest in ("", "-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        self._files.append(file)

    @contextmanager
    def postgresql(self, server: Server, template: str) -> Iterator[str]:
        """The URL of a copy of the database `template`."""
        name = self._names.pop() if self._names else f"test{os.getpid()}_{next(self._numbers)}"
        yield server.create(name, template)
        server.drop(name)
        self._names.append(name)

    def lends(self, url: str) -> bool:
        """Whether the address is one that will be used again."""
        database = make_url(url).database or ""
        return Path(database).parent == self._folder or database.startswith(f"test{os.getpid()}_")


class Templates(BytecodeCache):
    """What templates were compiled to, for all applications: to compile them takes longer than to
    fill in a page."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        compiled = self._compiled.get((bucket.key, bucket.checksum))
        if compiled is not None:
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class Applications:
    """Applications by the address of their database; those of `databases` are kept."""

    def __init__(self, databases: Databases) -> None:
        self._templates = Templates()
        self._databases = databases
        self._kept: dict[str, tuple[Flask, dict, dict]] = {}

    @contextmanager
    def at(self, settings: Settings) -> Iterator[Flask]:
        """An application as `create_app` builds it."""
        url = settings.database_url
        kept = self._kept.pop(url, None)
        if kept is None:
            app = create_app(settings)
            app.jinja_env.bytecode_cache = self._templates
            kept = (app, dict(app.config), dict(app.extensions))
        app, config, extensions = kept
        app.config.clear()
        app.config.update(config, TRACKER=settings)
        app.extensions.clear()
        app.extensions.update(extensions)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self._databases.lends(url):
            self._kept[url] = kept
