"""`make bench`: run every benchmark, or those named on the command line."""

from __future__ import annotations

import sys

from benchmarks import (
    list_files,
    meanwhile,
    next_points,
    papers,
    plans,
    scoring_year,
    web_lists,
    workbooks,
)

ALL = {
    "scoring_year": scoring_year.main,
    "next_points": next_points.main,
    "papers": papers.main,
    "web_lists": web_lists.main,
    "list_files": list_files.main,
    "meanwhile": meanwhile.main,
    "plans": plans.main,
    "workbooks": workbooks.main,
}


def main() -> None:
    """Run the benchmarks named in the arguments, all of them without arguments."""
    wanted = sys.argv[1:] or list(ALL)
    unknown = [name for name in wanted if name not in ALL]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}")
    for name in wanted:
        print(f"\n== {name}")
        ALL[name]()


if __name__ == "__main__":
    main()
