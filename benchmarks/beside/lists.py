"""Page 1 of 100,000 projects beside the same page of Flask-Admin and of Django's admin: equal data,
columns, order and rows (20, then 50), on SQLite. The product's page is measured as it is found
again and made anew, as after a save that it shows; theirs are always made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing

from flask import Flask, g
from flask.testing import FlaskClient

from benchmarks.beside import in_turn, other, own, told
from benchmarks.web_lists import filled
from tests.web.pages import Browser
from tracker.core.db import db, units
from tracker.records.accounts.models import User
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.models import Project

SIZE, ADDRESS = 100_000, "/projects/"
FIRST = SIZE - SIZE % 300  # the latest of those signed last, see `web_lists`


def main() -> None:
    """Print a line for each ratio."""
    with filled(SIZE, "") as app:
        with app.app_context():
            number = db.session.query(User.id).filter_by(username="province").scalar()
            database = db.engine.url.database
            copy = f"{database}.copy"
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (copy,))
        client = Browser(app, number).client
        for rows in (20, 50):
            object.__setattr__(PROJECTS, "per_page", rows)
            _compare(app, client, copy, rows)


def _compare(app: Flask, client: FlaskClient, copy: str, rows: int) -> None:
    def page() -> None:
        g.pop("csrf_token", None)  # a request has its own `g`, but within the context of `filled`
        answer = client.get(ADDRESS)
        assert answer.status_code == 200
        assert answer.text.count("示例集团") == rows

    def anew() -> float:
        _save(app)
        return own(page)()

    _save(app)  # the page of other rows is not found again
    others = {"Flask-Admin": "flask_admin_list.py", "Django admin": "django_list.py"}
    with ExitStack() as stack:
        takers: dict[str, Callable[[], float]] = {"anew": anew, "found again": own(page)}
        for name, script in others.items():
            takers[name] = stack.enter_context(other(script, copy, rows))
        taken = in_turn(takers)
    for name in others:
        told(f"{rows} rows, found again ÷ {name}", taken, "found again", name)
        told(f"{rows} rows, made anew ÷ {name}", taken, "anew", name)


def _save(app: Flask) -> None:
    """Write something that page 1 shows."""
    with app.app_context(), units.writing():
        project = db.session.get(Project, FIRST)
        assert project is not None
        project.investor = "示例集团甲" if project.investor == "示例集团" else "示例集团"
