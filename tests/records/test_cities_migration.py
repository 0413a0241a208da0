"""The migration by which assessments have owners, with rows of before and with a city's."""

from __future__ import annotations

import click
import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests import courses
from tests import factories as make
from tests import factories_acts as acts
from tests import factories_papers as papers
from tracker.core.db import db, units

OWNED = ("snapshots", "determinations", "assessments", "paper_issues")


def columns(table: str) -> set[str]:
    return {each["name"] for each in inspect(db.engine).get_columns(table)}


def test_rows_of_before_are_the_provinces_and_no_citys_becomes_one(app: Flask) -> None:
    places = make.zhejiang()
    snapshot = acts.snapshot()
    acts.determination(places["缙云县"])
    courses.assessment(2024)
    papers.paper_issue(snapshot)
    city = places["丽水市"].id
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="0033")
    assert all("owner_region_id" not in columns(table) for table in OWNED)
    flask_migrate.upgrade(revision="0034")
    for table in OWNED:
        assert db.session.scalar(text(f"SELECT count(owner_region_id) FROM {table}")) == 0, table
    with units.mode(writes=True, shown=False):  # a database of before 0042 counts no units
        with pytest.raises(IntegrityError):
            courses.assessment(2024)
        db.session.rollback()
        courses.assessment(2024, owner_region_id=city)
        db.session.commit()
        with pytest.raises(IntegrityError):
            courses.assessment(2024, owner_region_id=city)
        db.session.rollback()
    db.session.remove()
    with pytest.raises(click.ClickException, match="市考县的数据"):
        flask_migrate.downgrade(revision="0033")
    assert all("owner_region_id" in columns(table) for table in OWNED)
