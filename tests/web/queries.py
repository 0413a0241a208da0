"""How many statements a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from tests.web.pages import forget
from tracker.core.db import db


@contextmanager
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent within the block, in their order; `len` of them is the number.

    with count_queries(site.app) as before:
        staff.get("/projects/")
    add_many_rows()
    with count_queries(site.app) as after:
        staff.get("/projects/")
    assert len(after) == len(before)
    """
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    forget(app)  # of a page that is made
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
