"""Units of work: reading cannot write, writing is alone and sees what the one before it wrote."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import click
import pytest
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests import factories as make
from tracker.core.db import db, units
from tracker.core.db.commands import with_app
from tracker.records.projects.models import Project


@pytest.fixture
def project_id(app: Flask) -> int:
    project = make.project(make.zhejiang()["缙云县"], industry="竹木")
    db.session.commit()
    number = project.id
    db.session.remove()
    return number


@pytest.fixture
def reading(project_id: int) -> Iterator[None]:
    """As pages and commands begin: reading."""
    with units.mode(writes=False):
        yield
        db.session.rollback()


def industry() -> str:
    return db.session.scalar(select(Project.industry))


def rename(project_id: int, name: str) -> None:
    db.session.get(Project, project_id).industry = name


def elsewhere(app: Flask, act) -> None:
    """Do `act` in a thread of its own, to its end."""

    def work() -> None:
        with app.app_context():
            act()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    "write",
    [
        lambda number: (rename(number, "医药"), db.session.flush()),
        lambda number: db.session.execute(update(Project).values(industry="医药")),
        lambda number: db.session.execute(text("DELETE FROM projects")),
        lambda number: db.session.execute(text("CREATE TABLE more (id INTEGER)")),
    ],
)
def test_a_write_outside_a_writing_unit_fails_at_once(reading, project_id: int, write) -> None:
    with pytest.raises(DBAPIError, match=r"readonly database|read-only transaction"):
        write(project_id)
    db.session.rollback()
    assert industry() == "竹木"


def test_a_connection_that_wrote_only_reads_afterwards(reading, project_id: int) -> None:
    """The pool gives the same connection again, which keeps the mode of its last transaction."""
    for turn in range(3):
        with units.writing():
            rename(project_id, f"第{turn}")
        assert industry() == f"第{turn}"
        with pytest.raises(DBAPIError):
            db.session.execute(update(Project).values(industry="医药"))
        db.session.rollback()


def test_what_raises_is_undone(reading, project_id: int) -> None:
    def fail() -> None:
        with units.writing():
            rename(project_id, "医药")
            db.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert industry() == "竹木"
    assert not units.is_writing()


def test_what_is_given_up_is_undone_and_the_rest_only_reads(reading, project_id: int) -> None:
    with units.writing():
        rename(project_id, "医药")
        db.session.flush()
        units.give_up()
        assert industry() == "竹木"
        with pytest.raises(DBAPIError):
            db.session.execute(update(Project).values(industry="医药"))
        db.session.rollback()
    assert industry() == "竹木"


def test_a_unit_within_a_unit_is_a_part_of_it(reading, project_id: int) -> None:
    def fail() -> None:
        with units.writing():
            with units.writing():
                rename(project_id, "医药")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert industry() == "竹木"


def test_what_is_tried_is_taken_back_alone_or_within_a_unit(reading, project_id: int) -> None:
    with units.trying():
        db.session.get(Project, project_id).industry = "试"
    assert industry() == "竹木"
    with units.writing():
        project = db.session.get(Project, project_id)
        project.industry = "机械"
        with units.trying():
            project.industry = "试"
            db.session.flush()
        assert project.industry == "机械"
        with pytest.raises(ValueError), units.trying():
            raise ValueError
    assert industry() == "机械"


def test_a_writing_unit_reads_again_what_was_read_before(
    app: Flask, reading, project_id: int
) -> None:
    project = db.session.get(Project, project_id)
    assert project.industry == "竹木"

    def change() -> None:
        with units.writing():
            rename(project_id, "医药")

    elsewhere(app, change)
    assert db.session.get(Project, project_id).industry == "竹木"  # one state to the end
    with units.writing():
        assert project.industry == "医药"


def test_a_check_holds_until_the_write_that_rests_on_it(app: Flask, project_id: int) -> None:
    """Two units that each count first: the second counts what the first has written."""
    counted = []

    def work() -> None:
        with app.app_context(), units.writing():
            number = int(industry()) if industry().isdigit() else 0
            counted.append(number)
            rename(project_id, str(number + 1))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == list(range(8))


def test_a_command_begins_by_reading(app: Flask, project_id: int) -> None:
    @click.command()
    @with_appcontext
    def careless() -> None:
        db.session.execute(update(Project).values(industry="医药"))
        db.session.commit()

    answer = app.test_cli_runner().invoke(with_app(careless))
    assert isinstance(answer.exception, DBAPIError)
    db.session.rollback()
    assert industry() == "竹木"


@pytest.mark.usefixtures("reading")
def test_what_is_left_for_afterwards_is_done_once_the_unit_is_there(app: Flask, project_id: int):
    seen: list[str] = []

    def look() -> None:
        assert not units.is_writing()
        elsewhere(app, lambda: seen.append(industry()))

    with units.writing():
        rename(project_id, "茶叶")
        with units.writing():  # a part of the unit around it
            units.afterwards(look)
        assert seen == []
    assert seen == ["茶叶"]
    units.afterwards(look)
    assert seen == ["茶叶", "茶叶"]


@pytest.mark.usefixtures("reading")
def test_what_is_left_for_afterwards_goes_with_what_is_undone(project_id: int):
    done: list[int] = []

    def fails() -> None:
        with units.writing():
            units.afterwards(lambda: done.append(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with units.trying():
        units.afterwards(lambda: done.append(2))
    with units.writing():
        units.afterwards(lambda: done.append(3))
        units.give_up()
    assert done == []
