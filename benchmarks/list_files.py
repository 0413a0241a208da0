"""A list of 100,000 projects as a file, beside the plainest way to get its rows into a file:
`csv.writer` over the columns that it shows, selected as they are kept.

The ratio counts; also how many times as long ten times as many rows take, and how much memory
each asks for (the peak of what Python holds meanwhile, in a run of its own).
"""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from benchmarks.web_lists import filled
from tests.postgres import Server
from tests.web.pages import Browser
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.places.models import Region
from tracker.records.projects.models import Project

SIZES = (10_000, 100_000)
ADDRESS = "/projects/export.{form}?sort=name"


def main() -> None:
    """Print a line for each form and size, SQLite then PostgreSQL."""
    server = Server()
    try:
        for kind in ("sqlite", "postgresql"):
            print(f"\n{kind:12}{'rows':>10}{'plain':>10}{'file':>10}{'ratio':>8}{'peak':>10}")
            for size in SIZES:
                url = server.create(f"files{size}") if kind == "postgresql" else ""
                with filled(size, url) as app:
                    measure(app, size)
    finally:
        server.stop()


def measure(app: Flask, size: int) -> None:
    """Plain and as a file in turns, the best of three."""
    number = db.session.scalars(select(User.id).order_by(User.id)).first()
    client = Browser(app, number).client
    db.session.rollback()

    def take(form: str) -> None:
        answer = client.get(ADDRESS.format(form=form))
        assert answer.status_code == 200
        for _piece in answer.response:
            pass
        answer.close()

    for form in ("csv", "xlsx"):
        take(form)
        plain = min(timed(plainly) for _ in range(3))
        file = min(timed(lambda form=form: take(form)) for _ in range(3))
        tracemalloc.start()
        take(form)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        figures = f"{size:>10,}{plain:>8.2f} s{file:>8.2f} s{file / plain:>8.1f}"
        print(f"{form:12}{figures}{held / 1e6:>7.1f} MB", flush=True)


def plainly() -> None:
    """The rows as they are kept."""
    columns = [
        *(Project.name, Region.name, Project.category, Project.total_investment),
        *(Project.signed_on, Project.started_on, Project.in_production_on, Project.investor),
    ]
    wanted = select(*columns).join(Region, Region.id == Project.region_id)
    ordered = wanted.order_by(Project.name_initials, Project.name, Project.id)
    lines = csv.writer(io.StringIO(newline=""))
    lines.writerows(db.session.execute(ordered.execution_options(yield_per=500)))
    db.session.rollback()


def timed(work: Callable[[], None]) -> float:
    """Seconds."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
