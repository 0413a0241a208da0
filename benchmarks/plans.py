"""The overview and a freeze without and with statistics of the data, side by side in one run.

Statements are written so that their plans are right without: the ratio counts, and it should stay
near 1. The data are the sample years on the public places, as `make run` has them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from benchmarks.world import empty, seed
from tests.postgres import Server
from tests.web.pages import Browser
from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.db.statistics import refresh
from tracker.exchange.publicdata.load import load_public_data
from tracker.exchange.sampledata.load import load_sample_data
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.year.assessments.freeze import freeze
from tracker.year.rulebooks.shelf import year_set

YEAR, REPEATS = 2024, 5


def main() -> None:
    """Print a line for each act: seconds without and with statistics and their ratio."""
    server = Server()
    try:
        for kind in ("sqlite", "postgresql"):
            url = server.create("benchstatistics") if kind == "postgresql" else ""
            with empty(url) as app:
                leader = _fill()
                without = _measure(app, leader)
                refresh()
                db.engine.dispose()  # a connection keeps what it knew when it was opened
                given = _measure(app, leader)
            print(f"\n{kind:12}{'without':>12}{'with':>12}{'ratio':>8}")
            for what, seconds in without.items():
                ratio = seconds / given[what]
                print(f"{what:12}{seconds:>10.2f} s{given[what]:>10.2f} s{ratio:>8.2f}", flush=True)
    finally:
        server.stop()


def _fill() -> int:
    """Load the data, forget any statistics, and give the number of a leader of the province."""
    with units.writing():
        load_public_data()
        load_sample_data([YEAR], seed())
        province = db.session.query(Region).filter_by(code="330000").one()
        user = User(username="leader", display_name="leader", password_hash="!", role=Role.LEADER)
        user.region_id = province.id
        db.session.add(user)
        db.session.flush()
        number = user.id
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("DELETE FROM pg_statistic"))
    db.engine.dispose()
    return number


def _measure(app: Flask, leader: int) -> dict[str, float]:
    client = Browser(app, leader).client
    address = f"/overview/?year={YEAR}"
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    found = {
        "overview": _median(lambda: client.get(address)),
        "freeze": _median(lambda: freeze(year_set(YEAR), now())),
    }
    db.session.rollback()
    return found


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
