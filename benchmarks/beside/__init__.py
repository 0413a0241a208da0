"""The product beside programs that are made for the same: its list of projects beside Flask-Admin's
and Django's admin, a scorecard beside Typst, WeasyPrint and fpdf2.

The others run in processes and an environment of their own (`build/beside`, from
`requirements/beside.txt`): what they need is nothing that the product needs. All are asked in turn,
round after round; each says what processor time it took.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER, LOCKED = ROOT / "build" / "beside", ROOT / "requirements" / "beside.txt"
ROUNDS, WARM = 15, 3


def environment() -> Path:
    """The Python of the others, made anew when what they need has changed."""
    python, made = FOLDER / "bin" / "python", FOLDER / "made-of.txt"
    if not made.exists() or made.read_text() != LOCKED.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        install = [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", LOCKED]
        subprocess.run(install, check=True)
        made.write_text(LOCKED.read_text())
    return python


@contextmanager
def other(script: str, *arguments: str | int) -> Iterator[Callable[[], float]]:
    """Starts `benchmarks/beside/SCRIPT`; what it gives makes the thing once and returns the seconds
    of processor time that the script took, as it tells them line by line. Raises RuntimeError when
    the script ends."""
    command = [environment(), Path(__file__).with_name(script), *map(str, arguments)]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1)
    assert child.stdin is not None
    assert child.stdout is not None

    def take() -> float:
        child.stdin.write("\n")
        line = child.stdout.readline()
        if not line:
            raise RuntimeError(f"{script} ended")
        return float(line)

    try:
        yield take
    finally:
        child.stdin.close()
        child.wait(30)


def own(make: Callable[[], object]) -> Callable[[], float]:
    """What `make` takes in this process, in seconds of processor time."""

    def take() -> float:
        start = time.process_time()
        make()
        return time.process_time() - start

    return take


def in_turn(takers: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """The seconds of each, asked in turn; the first rounds are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in takers}
    for turn in range(WARM + ROUNDS):
        for name, take in takers.items():
            seconds = take()
            if turn >= WARM:
                taken[name].append(seconds)
    return taken


def told(what: str, taken: Mapping[str, list[float]], one: str, than: str) -> None:
    """Print the ratio of two medians, with the quarters of the rounds."""
    each = [a / b for a, b in zip(taken[one], taken[than], strict=True)]
    low, _, high = statistics.quantiles(each, n=4)
    ratio = statistics.median(taken[one]) / statistics.median(taken[than])
    print(f"{what:58}{ratio:>8.2f}   {low:.2f}–{high:.2f}", flush=True)
