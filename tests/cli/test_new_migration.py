"""`tracker db migrate`: what it writes is numbered, and goes up and down with data and triggers."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import sqlalchemy.orm
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests import factories as make
from tests.processes import forked
from tracker.cli import main
from tracker.core.db import db
from tracker.core.db.base import MIGRATIONS
from tracker.records.ledger.models import EntryKind, LedgerEntry


# Two tables that are guarded by triggers and hang on each other, one of them on itself: with a
# column that a foreign key names, and one that an index names.
def changed() -> None:
    """`tracker` with these columns."""
    sa.orm.configure_mappers()  # before the new keys make its joins ambiguous
    ledger, projects = (db.metadata.tables[name] for name in ("ledger_entries", "projects"))
    ledger.append_column(sa.Column("receipt", sa.String(20), index=True))
    ledger.append_column(sa.Column("sister_id", sa.ForeignKey("ledger_entries.id")))
    projects.append_column(sa.Column("office_id", sa.ForeignKey("organisations.id")))
    main()


@pytest.fixture
def tracker(app: Flask, tmp_path: Path):
    """A run of `tracker db …` whose models have more columns than the database, over a copy of
    the migrations."""
    shutil.copytree(MIGRATIONS, tmp_path / "migrations")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        db.session.remove()
        db.engine.dispose()
        url = app.config["TRACKER"].database_url
        where = {"DATABASE_URL": url, "TRACKER_INSTANCE": str(tmp_path)}
        folder = tmp_path / "migrations"
        return forked(changed, "db", *arguments, "-d", folder, environment=where)

    return run


def _newest(folder: Path) -> Path:
    return max((folder / "migrations" / "versions").glob("*.py"), key=lambda path: path.name)


def test_a_new_migration_goes_up_and_down_twice_and_guards_what_was_guarded(
    app: Flask, tracker, tmp_path: Path
) -> None:
    place = make.zhejiang()["缙云县"]
    entry = make.entry(
        make.project(place), EntryKind.FUNDS_IN_PLACE, make.wan(100), date(2024, 5, 1)
    )
    db.session.commit()
    entry_id, before = entry.id, _state()
    number = int(_newest(MIGRATIONS.parent).name[:4]) + 1

    written = tracker("migrate", "-m", "receipts and sisters")
    assert written.returncode == 0, written.stderr
    assert _newest(tmp_path).name == f"{number:04}_receipts_and_sisters.py"
    for _ in range(2 if db.engine.dialect.name == "sqlite" else 1):  # where tables are copied
        up = tracker("upgrade")
        assert up.returncode == 0, up.stderr
        columns = {each["name"] for each in inspect(db.engine).get_columns("ledger_entries")}
        assert {"receipt", "sister_id"} <= columns
        assert _state() == before
        _refuses(entry_id)
        down = tracker("downgrade")
        assert down.returncode == 0, down.stderr
        columns = {each["name"] for each in inspect(db.engine).get_columns("ledger_entries")}
        assert not {"receipt", "sister_id"} & columns
        assert _state() == before
        _refuses(entry_id)


def _state() -> tuple[int, list[str]]:
    """The entries, and the triggers of the whole database with what they say."""
    rows = db.session.scalar(select(func.count()).select_from(LedgerEntry))
    if db.engine.dialect.name == "sqlite":
        triggers = db.session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
    else:
        triggers = db.session.scalars(
            text("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        )
    found = (rows, sorted(triggers))
    db.session.remove()
    return found


def _refuses(entry_id: int) -> None:
    with pytest.raises(DBAPIError):
        db.session.execute(
            text("UPDATE ledger_entries SET amount = 1 WHERE id = :id"), {"id": entry_id}
        )
    db.session.rollback()
    db.session.remove()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("words", [(), ("-m", "加一列")])
def test_words_that_make_no_name_write_no_file(app: Flask, tracker, tmp_path: Path, words) -> None:
    newest = _newest(tmp_path)
    refused = tracker("migrate", *words)
    assert refused.returncode == 1
    assert "请用 -m 以英文说明改了什么" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert _newest(tmp_path) == newest
