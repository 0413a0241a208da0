"""`make bench`: run every benchmark, or those named on the command line.

`--seed N` draws the invented data anew; `--write` keeps what is printed in `RESULTS.md`, each
benchmark by itself with the day and the versions that it holds for.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import re
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
from benchmarks.beside import lists as beside_lists
from benchmarks.beside import papers as beside_papers
from tracker.core.quantities.clock import today

ALL = {
    "engine": engine.main,
    "freezing": freezing.main,
    "scoring_year": scoring_year.main,
    "next_points": next_points.main,
    "papers": papers.main,
    "beside_papers": beside_papers.main,
    "pages": pages.main,
    "web_lists": web_lists.main,
    "beside_lists": beside_lists.main,
    "searches": searches.main,
    "list_files": list_files.main,
    "meanwhile": meanwhile.main,
    "plans": plans.main,
    "workbooks": workbooks.main,
    "start": start.main,
    "mix": mix.main,
}
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results

Ratios of things measured in turn in one run; see the head of each file for what they are of.
Written by `python -m benchmarks --write`.
"""
_SECTION = re.compile(r"^## (\w+)\n\n(.*?^```\n)(?=\n##|\Z)", re.M | re.S)
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
    for name in asked.names or ALL:
        print(f"\n== {name}\n")
        both = _Both(sys.stdout)
        with redirect_stdout(both):
            ALL[name]()
        if asked.write:
            _keep(name, asked.seed, both.kept.getvalue())


def _keep(name: str, seed: int, printed: str) -> None:
    """Put what a benchmark printed in the place of what it printed before."""
    kept = dict(_SECTION.findall(RESULTS.read_text("utf-8"))) if RESULTS.exists() else {}
    body = printed.strip("\n")
    versions = ", ".join(f"{each} {version(each)}" for each in USED)
    kept[name] = (
        f"{today()}, seed {seed}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}\n\n"
        f"```text\n{body}\n```\n"
    )
    sections = (f"\n## {each}\n\n{kept[each]}" for each in ALL if each in kept)
    RESULTS.write_text(HEAD + "".join(sections), "utf-8")


if __name__ == "__main__":
    main()
