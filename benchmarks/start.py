"""What a process costs before it does anything, held against `import flask`, by processor time.

Whole processes, each a fresh one, all in turn, round after round, so that a busy machine slows all
of them alike; user and system time as the kernel counts it (`os.wait4`), less that of an empty
interpreter. Compiled modules are kept beforehand, as they are of any program that was started
before. Each ratio is one of two medians, with the range between the rounds' quarters.
"""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.core.config import ROOT

ROUNDS, WARM = 9, 1
EMPTY, FLASK = "an empty interpreter", "import flask"
_COMMAND = "import sys; sys.argv = ['tracker', '{}', '--help']; from tracker import cli; cli.main()"
_LIBRARIES = "import flask, flask_login, flask_wtf, flask_sqlalchemy, sqlalchemy.orm"
_TABLES = f"{_LIBRARIES}; import tracker.tables; sqlalchemy.orm.configure_mappers()"
PROCESSES = {
    EMPTY: "pass",
    FLASK: "import flask",
    "flask with its three extensions and SQLAlchemy": _LIBRARIES,
    "the same with the tables of all records": _TABLES,
    "create_app()": "from tracker import create_app; create_app()",
    **{
        f"tracker {name} --help": _COMMAND.format(name)
        for name in ("score", "score-file", "report", "users", "serve")
    },
}


def main() -> None:
    """Print a line a process: its ratio to `import flask`."""
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        taken = _measure(Path(name))
    print(f"\n{'÷ import flask':50}{'ratio':>8}   quarters of rounds")
    for what, times in taken.items():
        if what in (EMPTY, FLASK):
            continue
        each = [
            (a - c) / (b - c) for a, b, c in zip(times, taken[FLASK], taken[EMPTY], strict=True)
        ]
        low, _, high = statistics.quantiles(each, n=4)
        print(f"{what:50}{statistics.median(each):>8.2f}   {low:.2f}–{high:.2f}", flush=True)


def _measure(folder: Path) -> dict[str, list[float]]:
    kept = {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    own = {"PYTHONPATH": str(ROOT), "TRACKER_INSTANCE": str(folder)}
    environment = {**os.environ, **kept, **own}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken: dict[str, list[float]] = {what: [] for what in PROCESSES}
    for turn in range(WARM + ROUNDS):
        for what, code in PROCESSES.items():
            spent = _seconds(code, environment)
            if turn >= WARM:
                taken[what].append(spent)
    return taken


def _seconds(code: str, environment: dict[str, str]) -> float:
    out = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, out, 1)]
    arguments = [sys.executable, "-c", code]
    process = os.posix_spawn(sys.executable, arguments, environment, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    os.close(out)
    if status:
        raise RuntimeError(f"{code}: {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime
