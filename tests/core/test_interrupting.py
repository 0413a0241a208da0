"""A signal that comes within a statement is heard once that is over."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event, select, update

from tests import factories as make
from tracker.core.db import db, units
from tracker.core.interrupting import outside_of_statements
from tracker.records.projects.models import Project


class Heard(BaseException):
    """What the signal raises."""


@pytest.fixture(autouse=True)
def handled() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGALRM)}
    signal.signal(signal.SIGUSR1, outside_of_statements(Heard))
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def signalled(app) -> Iterator[list[str]]:
    """A signal comes within the first statement that changes a row."""
    changed: list[str] = []

    def come(_connection, _cursor, statement: str, *_rest) -> None:
        if statement.startswith("UPDATE projects") and not changed:
            changed.append(statement)
            signal.raise_signal(signal.SIGUSR1)

    event.listen(db.engine, "before_cursor_execute", come)
    yield changed
    event.remove(db.engine, "before_cursor_execute", come)


def called(name: str) -> None:
    db.session.execute(update(Project).values(industry=name))


def waiting(act: Callable[[], None]) -> None:
    """Do `act` in a writing unit, in which the signal is waited for."""
    with units.writing():
        act()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            time.sleep(0.001)


def test_a_unit_is_left_between_its_statements_and_the_next_one_writes(signalled: list[str]):
    make.project(make.zhejiang()["缙云县"], industry="竹木")
    db.session.commit()
    with units.mode(writes=False):
        with pytest.raises(Heard) as heard:
            waiting(lambda: called("茶叶"))
        assert signalled
        frames = traceback.extract_tb(heard.value.__traceback__)
        assert not [frame for frame in frames if "/sqlalchemy/" in frame.filename]
        assert db.session.scalar(select(Project.industry)) == "竹木"
        with units.writing(1.0):
            called("香菇")
        assert db.session.scalar(select(Project.industry)) == "香菇"
        db.session.rollback()


def test_where_there_is_no_statement_it_is_heard_at_once():
    with pytest.raises(Heard, match=str(int(signal.SIGUSR1))):
        signal.raise_signal(signal.SIGUSR1)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
