"""The probes of `make test`: they say what a tracer says, and lose nothing that a process did."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from coverage import Coverage

from tools.branches.laying import prepare
from tools.branches.telling import Count, Part, keep, report

SAMPLE = '''\
"""Words."""

from __future__ import annotations

from contextlib import suppress
from functools import cache


@cache
def known(
    number: int,
) -> int:
    """Words."""
    return {
        "one": number,
    }["one"]


class Thing:
    """Words."""

    size = 3

    @property
    def double(self) -> int:
        if self.size > 3:
            return 1
        return 2

    def only_words(self) -> None:
        """Words."""


def walk(number):
    total = 0
    for each in range(number):
        if (
            each == 2
            and number > 3
        ):
            continue
        elif each == 5:
            break
        total += each
    else:
        total += 100
    while total > 10:
        total -= 7
        if total == 9:
            return total
    with suppress(ValueError):
        if number == 4:
            raise ValueError("four")
        total += known(number)
    try:
        if number == 1:
            raise KeyError("one")
        if number == 3:
            raise TypeError("three")
        total += 1
    except KeyError:
        total = 0
    except (
        TypeError,
        IndexError,
    ) as error:
        total = len(str(error))
    else:
        total += 2
    finally:
        total += 3
    match number:
        case 0 if total:
            total += 1
        case 1 | 2:
            total += 2
        case [first, *_]:
            total += first
    match total:
        case 3:
            return "three"
        case _:
            text = [each for each in range(total) if each]
    def inner(each):
        @cache
        def deep():
            return each
        return deep()
    if number == 6:
        return inner(number)
    refused(number)
    last = len(text)
    return last


def refused(number):
    if number > 4:
        raise RuntimeError("large")
    number += 1


def never():
    yield 1
    while True:
        yield 2


walk(0) if __name__ == "__main__" else None
'''
CASES: tuple[tuple[int, ...], ...] = (
    (), (0,), (1,), (2,), (3,), (4,), (5,), (6,), (7,), (0, 1, 2, 3), tuple(range(9)),
)  # fmt: skip
ENDED = """\
def f(number):
    if number == 1:
        return 1
    if number == 2:
        return 2
    return 0
"""
RUN = """
from contextlib import suppress
from importlib import import_module

for place, numbers in enumerate({cases}):
    module = import_module(f"tracker.case_{{place}}")
    for number in numbers:
        with suppress(RuntimeError):
            module.walk(number)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree of its own with a package of the measured name."""
    (tmp_path / "tracker").mkdir()
    (tmp_path / "tracker" / "__init__.py").touch()
    (tmp_path / "setup.cfg").write_text("[coverage:run]\nbranch = true\n")
    return tmp_path


def run(root: Path, *arguments: str) -> int:
    places = os.pathsep.join((str(root / "laid"), str(root)))
    environment = {**os.environ, "PYTHONPATH": places}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, check=False
    ).returncode


def told(cov: Coverage, path: Path) -> tuple[list[int], dict[int, tuple[int, int]]]:
    """The statements that were not reached; of each branching line its ways and those taken."""
    return cov.analysis2(str(path))[3], cov.branch_stats(str(path))


def measured(root: Path) -> Coverage:
    cov = Coverage(data_file=str(root / "laid" / "coverage"), config_file=str(root / "setup.cfg"))
    keep(root / "laid", cov).close()
    cov.load()
    return cov


def test_probes_say_what_a_tracer_says(root: Path) -> None:
    paths = [root / "tracker" / f"case_{place}.py" for place in range(len(CASES))]
    for path in paths:
        path.write_text(SAMPLE)
    (root / "run.py").write_text(RUN.format(cases=CASES))
    assert (
        run(root, "-m", "coverage", "run", "--source=tracker", "--data-file=traced", "run.py") == 0
    )
    traced = Coverage(data_file=str(root / "traced"), config_file=str(root / "setup.cfg"))
    traced.load()
    prepare(root, root / "laid")
    assert run(root, "run.py") == 0
    probed = measured(root)
    for numbers, path in zip(CASES, paths, strict=True):
        assert told(probed, path) == told(traced, path), numbers
    assert len({str(told(probed, path)) for path in paths}) == len(CASES)


def test_what_a_process_did_before_it_was_killed_counts(root: Path) -> None:
    (root / "tracker" / "ended.py").write_text(ENDED)
    prepare(root, root / "laid")
    code = (
        "import os, signal\nfrom tracker.ended import f\n"
        "if not os.fork():\n    f(1); os.kill(os.getpid(), signal.SIGKILL)\n"
        "os.wait(); f(2); os._exit(3)\n"
    )
    assert run(root, "-c", code) == 3
    assert told(measured(root), root / "tracker" / "ended.py") == ([6], {2: (2, 2), 4: (2, 1)})


def test_what_was_changed_or_never_loaded_is_missing(root: Path) -> None:
    for name in ("changed", "never"):
        (root / "tracker" / f"{name}.py").write_text("a = 1\n")
    prepare(root, root / "laid")
    (root / "tracker" / "changed.py").write_text("a = 12\n")
    assert run(root, "-c", "from tracker.changed import a; assert a == 12") == 0
    found = measured(root)
    for name in ("changed", "never"):
        assert told(found, root / "tracker" / f"{name}.py") == ([1], {})


def test_a_part_below_its_floor_is_told_and_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "tracker" / "half.py").write_text(
        "def f(n):\n    if n:\n        return 1\n    return 0\n"
    )
    prepare(root, root / "laid")
    assert run(root, "-c", "from tracker.half import f; f(1)") == 0
    parts = Part("half", 75, ("tracker/",)), Part("whole", 100, ("tracker/__init__.py",))
    assert report(root, root / "laid", parts) == 1
    lines = capsys.readouterr().out.splitlines()
    told_first = "half 75.00 % of 4 50.00 % of 2 66.66 % of 6 75 % BELOW"
    assert " ".join(lines[1].split()) == told_first
    assert any("half.py" in line and line.endswith("67%   4") for line in lines), lines
    assert lines[-1].split()[-2:] == ["100", "%"]
    assert report(root, root / "laid", (Part("half", 50, ("tracker/",)),)) == 0


def test_a_floor_is_not_rounded_up_to() -> None:
    assert Count(20, 1, 20, 1).reaches(95)
    assert not Count(200_000, 1, 2, 0).reaches(100)
    assert Count(100, 4, 100, 6).reaches(95)
    assert not Count(100, 5, 100, 6).reaches(95)
    assert Count().reaches(100)
