"""`make bench`: run every benchmark, or those named on the command line.

`--seed N` draws the invented data anew; `--write` keeps what is printed in `RESULTS.md`, with the
day and the versions that it holds for.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import sqlite3
import sys
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from benchmarks import (
    engine,
    freezing,
    list_files,
    meanwhile,
    mix,
    next_points,
    pages,
    papers,
    plans,
    scoring_year,
    searches,
    start,
    web_lists,
    workbooks,
    world,
)
from tracker.core.quantities.clock import today

ALL = {
    "engine": engine.main,
    "freezing": freezing.main,
    "scoring_year": scoring_year.main,
    "next_points": next_points.main,
    "papers": papers.main,
    "pages": pages.main,
    "web_lists": web_lists.main,
    "searches": searches.main,
    "list_files": list_files.main,
    "meanwhile": meanwhile.main,
    "plans": plans.main,
    "workbooks": workbooks.main,
    "start": start.main,
    "mix": mix.main,
}
RESULTS = Path(__file__).with_name("RESULTS.md")
USED = ("flask", "sqlalchemy", "jinja2", "reportlab")


class _Both(io.TextIOBase):
    """Prints, and keeps what it prints."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.kept = out, io.StringIO()

    def write(self, text: str) -> int:
        self.out.write(text)
        self.out.flush()
        return self.kept.write(text)


def main() -> None:
    """Run the benchmarks named in the arguments, all of them without arguments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="、".join(ALL))
    parser.add_argument("--seed", type=int, default=world.seed())
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in ALL]:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}")
    world.draw_with(asked.seed)
    both = _Both(sys.stdout)
    with redirect_stdout(both):
        for name in asked.names or ALL:
            print(f"\n== {name}")
            ALL[name]()
    if asked.write:
        RESULTS.write_text(f"{_head(asked.seed)}\n```text{both.kept.getvalue()}```\n", "utf-8")


def _head(seed: int) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in USED)
    return (
        "# Results\n\n"
        "Ratios of things measured in turn in one run; see the head of each file for what they "
        "are of.\nWritten by `python -m benchmarks --write`.\n\n"
        f"{today()}, seed {seed}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}\n"
    )


if __name__ == "__main__":
    main()
