"""What the tests of a group share is made once: one process runs all of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path, PurePath

import pytest

from tests.scheduling import LONGEST, group_of, place_of

ROOT = Path(__file__).parents[2]
EMPTY = """
import pytest

@pytest.mark.parametrize("number", range(12))
def test_nothing(number): ...
"""


def test_one_process_runs_a_group(tmp_path: Path):
    (tmp_path / "conftest.py").write_text("from tests.scheduling import *", encoding="utf-8")
    for folder in ("common", "elsewhere"):
        (tmp_path / folder).mkdir()
        for name in ("test_one", "test_two"):
            (tmp_path / folder / f"{name}_{folder}.py").write_text(EMPTY, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadscope",
         "--no-loadscope-reorder", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    processes: dict[str, set[str]] = defaultdict(set)
    for process, file in re.findall(r"\[(gw\d)\].* PASSED (\S+)::", run.stdout):
        processes[group_of(PurePath(file))].add(process)
    assert len(processes) == 3
    assert {len(found) for found in processes.values()} == {1}


def test_every_group_that_begins_early_is_there():
    files = list((ROOT / "tests").rglob("test_*.py"))
    assert {place_of(file) for file in files} == {*range(len(LONGEST) + 1)}


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("tests/audits/test_pages.py", "audits"),
        ("tests/dev/test_recipes.py", "tests/dev/test_recipes.py"),
        ("tests/papers/common/test_start.py", "common"),
        ("tests/web/browser/test_browser.py", "browser"),
        ("tests/web/test_tables.py", "tests/web/test_tables.py"),
    ],
)
def test_a_group_is_a_folder_that_shares_or_a_file(path: str, group: str):
    assert group_of(PurePath(path)) == group
