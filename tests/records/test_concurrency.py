"""Two people at once: no update is lost, on either database."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db, units
from tracker.records.projects.models import Project

THREADS, TURNS = 4, 25


@pytest.fixture
def project_id(app: Flask) -> int:
    project = make.project(make.zhejiang()["缙云县"], total_investment=wan(1))
    db.session.commit()
    number = project.id
    db.session.remove()
    return number


def test_read_add_write_from_several_threads_loses_nothing(app: Flask, project_id: int) -> None:
    """Each turn either holds the row from its first read, or is told that it came too late and
    tries again; the sum of all turns arrives."""
    refused = []

    def work() -> None:
        for _ in range(TURNS):
            while not _added(app, project_id):
                refused.append(1)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    project = db.session.get(Project, project_id)
    assert project.total_investment == wan(1 + THREADS * TURNS)
    assert project.version == 1 + THREADS * TURNS


def _added(app: Flask, project_id: int) -> bool:
    with app.app_context():
        try:
            with units.writing():
                project = db.session.get(Project, project_id)
                project.total_investment += wan(1)
        except StaleDataError:
            return False
        return True


def test_the_second_of_two_editors_is_told(app: Flask, project_id: int) -> None:
    """Both have opened the form; the second one's row version is no longer the record's."""
    first = db.session.get(Project, project_id)
    opened_at = first.version
    first.industry = "竹木"
    db.session.commit()
    statement = (
        Project.__table__.update()
        .where(Project.id == project_id, Project.version == opened_at)
        .values(industry="医药")
    )
    assert db.session.execute(statement).rowcount == 0
    assert db.session.scalar(select(Project.industry)) == "竹木"
