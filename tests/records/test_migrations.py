"""Migrations: the schema that they make is the models', and each goes up and down with data."""

from __future__ import annotations

import re
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, func, inspect, select, text

from tests import factories as make
from tracker.db import Base, Origin, db
from tracker.db.base import MIGRATIONS
from tracker.publicdata.load import load_public_data

SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


def test_migrations_are_numbered_one_after_another() -> None:
    names = sorted(path.name for path in Path(MIGRATIONS, "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)
    assert [name[:4] for name in names] == REVISIONS


def test_the_migrations_make_the_models_schema(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_check_of_the_models_is_in_the_database(app: Flask) -> None:
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        declared = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        found = {c["name"] for c in inspector.get_check_constraints(table.name)}
        assert found == declared, table.name


def test_every_constraint_has_a_name(app: Flask) -> None:
    for table in Base.metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_migration_goes_down_and_up_again_with_data(app: Flask, revision: str) -> None:
    load_public_data()
    # Only a database that holds sample data and nothing that was entered may be taken down.
    make.organisation(origin=Origin.SAMPLE)
    db.session.commit()
    counts = {t.name: _count(t) for t in Base.metadata.sorted_tables}
    db.session.remove()
    before = SCRIPTS.get_revision(revision).down_revision or "base"
    flask_migrate.downgrade(revision=before)
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    flask_migrate.upgrade()
    for table in Base.metadata.sorted_tables:
        if table.name in left:
            assert _count(table) == counts[table.name], table.name
    db.session.remove()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def _count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_classes_become_words_and_codes_again(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """0007: each code becomes its word, and a word that the codes do not know is not dropped."""
    places = make.zhejiang()
    listings = {
        name: make.listing(places[name], county_class).id
        for name, county_class in (
            ("缙云县", "跨越发展类"),
            ("庆元县", "生态发展类"),
            ("富阳区", ""),
        )
    }
    db.session.commit()
    db.session.remove()

    def classes() -> dict[int, str | None]:
        found = db.session.execute(text("SELECT id, county_class FROM county_listings"))
        rows = {row.id: row.county_class for row in found}
        db.session.remove()
        return rows

    words = dict(zip(listings.values(), ("跨越发展类", "生态发展类", ""), strict=True))
    assert classes() == words
    flask_migrate.downgrade(revision="0006")
    assert list(classes().values()) == ["leapfrog", "ecological", None]
    flask_migrate.upgrade()
    assert classes() == words
    db.session.execute(
        text("UPDATE county_listings SET county_class = '平原类' WHERE county_class = ''")
    )
    db.session.commit()
    db.session.remove()
    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision="0006")
    assert "“平原类”（1 条）" in caplog.text
    db.session.remove()
    assert list(classes().values()) == ["跨越发展类", "生态发展类", "平原类"]
