"""Which tests run one after another in one process, and which of them begin first.

xdist knows groups too (`--dist loadgroup`), but puts their names behind those of the tests in a way
that pytest 9.2 no longer reads: without a word, every test was a group of its own, and whatever is
made once a group was made in every process.
"""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath
from typing import Any

import pytest

# Folders whose tests share something costly. Elsewhere the tests of a file stay together. The
# audits open nearly every page, and most of what a page takes the first time is to compose its
# statements and to compile its templates.
TOGETHER = frozenset(
    {"audits", "browser", "common", "publicdata", "reports", "sampledata", "scorecard"}
)
# The longest first, so that towards the end there are short tests left for every process.
LONGEST = (
    "audits", "sampledata", "browser", "test_recipes", "reports", "scorecard", "issuing", "common",
    "test_migrations", "cli", "assessments",
)  # fmt: skip


def group_of(path: PurePath) -> str:
    """The group of the tests in the file `path`: its folder, part of that, or the file itself."""
    folder = path.parent.name
    return folder if folder in TOGETHER else str(path)


def place_of(path: PurePath) -> int:
    """Where the tests of the file `path` stand in the run, from 0."""
    names = (group_of(path), path.stem, path.parent.name)
    return next((LONGEST.index(name) for name in names if name in LONGEST), len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The scheduler of xdist that gives a process one group after another."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(PurePosixPath(nodeid.partition("::")[0]))

    return ByGroup(config, log)
