"""After the tests: what was reached, as coverage.py tells it, and whether it is enough."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage import Coverage, CoverageData
from coverage.parser import PythonParser

from tools.branches.laying import FOLDER, ROOT

DATA = "coverage"  # the file with what was reached, in the form of coverage.py
SHOWN = 20  # files, of a part that may lack something
MOST = 100


@dataclass(frozen=True)
class Part:
    """What must be reached to `floor` percent, its statements and its branches together."""

    name: str
    floor: int
    files: tuple[str, ...]

    def holds(self, file: str) -> bool:
        return file.startswith(self.files)


PARTS = (
    Part("everything", 95, ("tracker/",)),
    Part("scoring", MOST, ("tracker/engine/scoring/",)),
    Part(
        "who may do what",
        MOST,
        (
            "tracker/records/accounts/permissions.py",
            "tracker/records/accounts/queries.py",
            "tracker/records/accounts/sessions.py",
            "tracker/web/access.py",
        ),
    ),
)


@dataclass
class Count:
    statements: int = 0
    missing: int = 0
    branches: int = 0
    untaken: int = 0

    def add(self, other: Count) -> None:
        self.statements += other.statements
        self.missing += other.missing
        self.branches += other.branches
        self.untaken += other.untaken

    def reaches(self, floor: int) -> bool:
        """Whether statements and branches together, as coverage.py counts, come to `floor` percent;
        nothing is rounded up."""
        whole, lacking = map(sum, zip(*self.both, strict=True))
        return (whole - lacking) * MOST >= whole * floor

    @property
    def both(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Of statements and of branches: how many there are, how many were not reached."""
        return (self.statements, self.missing), (self.branches, self.untaken)


def keep(folder: Path, cov: Coverage) -> CoverageData:
    """What was reached, as data of coverage.py in `folder`, by the names of files."""
    reached = (folder / "reached").read_bytes()
    meanings = json.loads((folder / "meanings.json").read_text())
    left_out = "|".join(f"(?:{each})" for each in cov.get_exclude_list())
    data = CoverageData(str(folder / DATA))
    data.erase()
    data.add_arcs(
        {
            name: set(_steps(PythonParser(Path(name).read_text(), name, left_out), meant, reached))
            for name, meant in meanings.items()
        }
    )
    data.touch_files(list(meanings))  # what was not even loaded is missing too
    return data


def _steps(
    parser: PythonParser, meant: dict[str, Any], reached: bytes
) -> Iterator[tuple[int, int]]:
    """The steps from line to line that the probes show, of those that coverage.py knows."""
    parser.parse_source()
    ways = defaultdict(set)
    for start, end in parser.arcs():
        ways[start].add(end)
    forks = defaultdict(list)
    for fork in meant["forks"]:
        forks[parser.first_line(fork["line"])].append(fork)

    def shown(ids: list[int]) -> bool:
        return any(reached[each] for each in ids)

    for statement in meant["statements"]:
        if not shown(statement["shown_by"]):
            continue
        start, end = statement["lines"]
        for line in {parser.first_line(each) for each in range(start, end + 1)}:
            yield -1, line
            if line not in forks:  # all its ways but one are exceptions, which are no branches
                yield from ((line, target) for target in ways[line])
    for line, here in forks.items():
        targets = {parser.first_line(fork["target"]) for fork in here}
        for fork in here:
            if shown(fork["taken"]):
                yield line, parser.first_line(fork["target"])
            if shown(fork["passed"]):
                yield from ((line, target) for target in ways[line] - targets)


def report(root: Path = ROOT, folder: Path = FOLDER, parts: tuple[Part, ...] = PARTS) -> int:
    """Print what was reached and what a part lacks; 1 where a part is below its floor."""
    cov = Coverage(data_file=str(folder / DATA), config_file=str(root / "setup.cfg"))
    keep(folder, cov).close()
    cov.load()
    cov.json_report(outfile=str(folder / "report.json"))
    counts = {}
    for name, told in json.loads((folder / "report.json").read_text())["files"].items():
        found = told["summary"]
        counts[name] = Count(
            found["num_statements"],
            found["missing_lines"],
            found["num_branches"],
            found["missing_branches"],
        )
    below = []
    print(f"{'':18}{'statements':>22}{'branches':>22}{'together':>22}{'floor':>8}")
    for part in parts:
        files = [name for name in counts if part.holds((root / name).relative_to(root).as_posix())]
        count = Count()
        for name in files:
            count.add(counts[name])
        good = count.reaches(part.floor)
        together = tuple(map(sum, zip(*count.both, strict=True)))
        shares = "".join(f"{_share(*each):>22}" for each in (*count.both, together))
        print(f"{part.name:18}{shares}{part.floor:>6} %{'' if good else '  BELOW'}")
        if not good:
            below.append(part)
            _tell(cov, files, counts, SHOWN if part.floor < MOST else len(files))
    return 1 if below else 0


def _share(whole: int, lacking: int) -> str:
    """As much as was reached, never rounded up: 100.00 % is all."""
    hundredths = (whole - lacking) * MOST * MOST // whole if whole else MOST * MOST
    return f"{hundredths / MOST:.2f} % of {whole:,}"


def _tell(cov: Coverage, files: list[str], counts: dict[str, Count], most: int) -> None:
    worst = sorted(files, key=lambda name: -counts[name].missing - counts[name].untaken)[:most]
    cov.report(sorted(map(os.path.abspath, worst)), show_missing=True, skip_covered=True)
