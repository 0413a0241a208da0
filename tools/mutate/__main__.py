"""Whether the tests notice: change one thing in the code, run them, and tell what they let pass.

    python -m tools.mutate SOURCE… --tests TEST… [--sample N] [--seed N] [--processes N] [--named]

Each mutant is one change of one node of the syntax: a comparison, an operator, a condition, a
number, a member that is left out of a set. Exit 1 if a mutant survives that docs/dev/mutations.md
does not name; those that it names are not run, for a survivor runs all its tests, unless --named
asks for them. What the changes are stands in `changes.py`, how the runs are made in `running.py`.
No file is touched.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from tools.mutate.changes import EXPLAINED, mutant, named, places
from tools.mutate.running import surviving_of


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sources", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--sample", type=int, help="so many by chance; all if it is left out")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--named", action="store_true", help="run those too that are explained")
    asked = parser.parse_args()
    files = [f for s in asked.sources for f in (sorted(s.rglob("*.py")) if s.is_dir() else [s])]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    chosen = [(file, place) for file, text in texts.items() for place in places(text)]
    every = len(chosen)
    if asked.sample is not None and asked.sample < every:
        rng = random.Random(asked.seed)  # noqa: S311
        chosen = rng.sample(chosen, asked.sample)
    explained = named(EXPLAINED.read_text(encoding="utf-8"))
    every_mutant = (mutant(file, texts[file], place) for file, place in chosen)
    run = [each for each in every_mutant if asked.named or each.name not in explained]
    surviving = surviving_of(run, asked.tests, asked.processes)
    new = sorted({each.name for each in surviving if each.name not in explained})
    print(f"{len(chosen)} of {every} mutants: {len(run)} run, {len(surviving)} survive")
    print(f"{len(new)} unexplained")
    for name in new:
        print(f"- {name}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
