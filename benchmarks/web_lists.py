"""Lists and pages at 1,000 and 100,000 projects, side by side in one run, on both databases.

A page that asks for what it shows and no more takes as long with many records as with few: the
ratio of the two counts, not the milliseconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from benchmarks.world import FILED, YEAR, add_rows, empty
from tests.postgres import Server
from tests.web.pages import Browser
from tracker.core.db import Origin, db, units
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import Region, RegionLevel
from tracker.records.projects.models import Project, ProjectCategory

SIZES = (1_000, 100_000)
COUNTIES = 100
REPEATS = 7

# (what, whose, address); {middle} and {last} are numbers of projects.
PAGES = (
    ("first page", "province", "/projects/"),
    ("page in the middle", "province", "/projects/?after={middle}"),
    ("last page", "province", "/projects/?after={last}"),
    ("largest first", "province", "/projects/?sort=-total_investment"),
    ("part of a name", "province", "/projects/?q=项目7777"),
    ("pinyin initials", "province", "/projects/?q=slxm77"),
    ("nothing found", "province", "/projects/?q=没有这样的项目"),
    ("one stage", "province", "/projects/?stage=started"),
    ("a county's own", "county", "/projects/"),
    ("one project", "province", "/projects/{middle}"),
    ("ledger of a year", "province", f"/ledger/?year={YEAR}"),
    ("first page of work", "county", "/"),
)


def main() -> None:
    """Print a line a page: milliseconds at each size and their ratio, SQLite then PostgreSQL."""
    server = Server()
    try:
        for kind in ("sqlite", "postgresql"):
            found = []
            for size in SIZES:
                url = server.create(f"bench{size}") if kind == "postgresql" else ""
                with filled(size, url) as app:
                    found.append(measure(app, size))
            print(f"\n{kind:24}" + "".join(f"{size:>10,}" for size in SIZES) + "     ratio")
            for what, _, _ in PAGES:
                few, many = (times[what] for times in found)
                print(f"{what:24}{few:>7.1f} ms{many:>7.1f} ms{many / few:>10.2f}", flush=True)
    finally:
        server.stop()


@contextmanager
def filled(size: int, url: str, project: Callable[[int], dict] | None = None) -> Iterator[Flask]:
    """An application with `size` projects of `COUNTIES` counties, an entry of money each;
    `project` makes one of its number."""
    with empty(url) as app:
        with units.writing():
            _fill(size, project or _project)
        with units.writing():
            db.session.execute(text("ANALYZE"))
        yield app


def _fill(size: int, project: Callable[[int], dict]) -> None:
    places = [
        {"code": "330000", "name": "浙江省", "level": RegionLevel.PROVINCE, "parent_id": None}
    ]
    places += [
        {
            "code": f"33{number + 1000}",
            "name": f"示例县{number}",
            "level": RegionLevel.COUNTY,
            "parent_id": 1,
        }
        for number in range(COUNTIES)
    ]
    add_rows(Region, [{**place, "note": "", "name_initials": ""} for place in places])
    add_rows(Project, [project(number) for number in range(size)])
    add_rows(LedgerEntry, [_entry(number + 1) for number in range(size)])
    for number, (name, role) in enumerate((("province", Role.ASSESSOR), ("county", Role.STAFF))):
        user = User(username=name, display_name=name, password_hash="!", role=role)
        user.region_id = number + 1
        db.session.add(user)


def _project(number: int) -> dict:
    return {
        "name": f"示例项目{number}",
        "name_initials": f"slxm{number}",
        "region_id": 2 + number % COUNTIES,
        "category": ProjectCategory.INDUSTRY,
        "in_scope": True,
        "investor": "示例集团",
        "industry": "",
        "partner_note": "",
        "signed_on": date(YEAR, 1, 1) + timedelta(number % 300),
        "started_on": date(YEAR, 12, 1) if number % 3 else None,
        "total_investment": Decimal(50_000_000 + number),
        "note": "",
    }


def _entry(project: int) -> dict:
    return {
        "project_id": project,
        "kind": EntryKind.FUNDS_IN_PLACE,
        "amount": Decimal(2_000_000 + project),
        "occurred_on": date(YEAR, 3, 15),
        "voucher": "",
        "note": "",
        "submitted_at": FILED,
        "origin": Origin.SAMPLE,
    }


def measure(app: Flask, size: int) -> dict[str, float]:
    """The median milliseconds of each page."""
    with app.app_context():
        users = {user.username: user.id for user in db.session.query(User)}
    clients = {name: Browser(app, number).client for name, number in users.items()}
    numbers = {"middle": size // 2, "last": size - 10}
    return {
        what: _milliseconds(clients[user], address.format(**numbers))
        for what, user, address in PAGES
    }


def _milliseconds(client: FlaskClient, address: str) -> float:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        client.get(address)
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)
