"""A save by itself, and while each of the long commands runs, on one year of sample data.

Real processes and real commits on SQLite, where one may write at a time. What counts is how much
longer the slowest save takes, and that none is refused. The machine's cores are shared as well, so
that some of the ratio is that of any two programs.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient

from benchmarks.world import YEAR
from tracker import create_app
from tracker.core.config import ROOT, Settings
from tracker.core.db import db
from tracker.records.accounts.demo import ACCOUNTS
from tracker.records.places.models import Region
from tracker.records.projects.models import Project

_RUN = "from tracker.cli import main; main()"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
BEFORE = (["db", "upgrade"], ["public-data", "load"], ["sample-data", "--year", str(YEAR)])
COMMANDS = (
    ["score", "--year", str(YEAR)],
    ["report", "--year", str(YEAR)],
    ["evidence", "check"],
    ["public-data", "load"],
)
ALONE = 30  # saves


def main() -> None:
    """Print a line a command: its time, the saves meanwhile, and how they compare."""
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        folder = Path(name)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TRACKER_INSTANCE": name}
        environment |= {"DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
        for command in (*BEFORE, ["users", "demo", "--yes"]):
            _started(command, environment).wait()
        save = _saver(environment["DATABASE_URL"], folder)
        alone = [_timed(save)[0] for _ in range(ALONE)]
        usual = median(alone)
        slowest = max(alone) / usual
        print(f"a save by itself: {usual * 1000:.0f} ms; the slowest of {ALONE}: {slowest:.1f} ×")
        heads = f"{'meanwhile':>24} {'s':>6} {'saves':>6} {'refused':>8}"
        print(f"{heads} {'median ×':>9} {'slowest ×':>10}")
        for command in COMMANDS:
            start, process = time.perf_counter(), _started(command, environment)
            seen = []
            while process.poll() is None:
                seen.append(_timed(save))
            took = time.perf_counter() - start
            times = [seconds for seconds, _ in seen]
            refused = sum(status != 302 for _, status in seen)
            print(
                f"{' '.join(command):>24} {took:>6.1f} {len(seen):>6} {refused:>8}"
                f" {median(times) / usual:>9.1f} {max(times) / usual:>10.1f}"
            )


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, *command], env=environment, stdout=quiet, stderr=quiet
    )


def _saver(url: str, folder: Path) -> Callable[[], int]:
    """Enters one more payment each time; gives the answer's status."""
    app = create_app(Settings(url, folder, "bench", False, True))
    staff = next(account for account in ACCOUNTS if account.username == "jinyun")
    client = app.test_client()
    typed = {"username": staff.username, "password": staff.password}
    client.post("/login", data={**typed, "csrf_token": _token(client, "/login")})
    with app.app_context():
        projects = db.select(Project.id).join(Project.region).where(Region.code == staff.region)
        project = db.session.scalar(projects)
    address, number = f"/ledger/projects/{project}/new", iter(range(1, 10**6))
    token = _token(client, address)

    def save() -> int:
        amount = {"kind": "completed_investment", "amount": str(next(number))}
        form = {**amount, "occurred_on": f"{YEAR}-11-08", "csrf_token": token}
        status = client.post(address, data=form).status_code
        with client.session_transaction() as session:
            session.pop("_flashes", None)  # what the next page would have shown
        return status

    return save


def _token(client: FlaskClient, address: str) -> str:
    return _TOKEN.search(client.get(address).text)[1]


def _timed(act: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    status = act()
    return time.perf_counter() - start, status
