"""Which tests are run on SQLite alone in `make test`, and on PostgreSQL in `make soak`.

What pages and cards say of records, and what is reported, checked and reminded of by their rules,
is asked for in the same words on either database, and each test of it runs on SQLite: of those that
run on PostgreSQL too, `make test` takes some. Records, their constraints, migrations, measures and
what happens at once run on both.
"""

from __future__ import annotations

from pathlib import PurePath
from zlib import crc32

import pytest

SAMPLED = (
    "tests/papers/reports",
    "tests/records/test_filing_",
    "tests/records/test_plausibility",
    "tests/records/test_quarter",
    "tests/records/test_remind",
    "tests/records/test_splitting",
    "tests/records/test_usual",
    "tests/web",
    "tests/year/assessments",
)
ONE_IN = 3
# None of these on PostgreSQL: what the public data come to there, `test_load` of the sample data
# compares row by row; what was frozen long ago is read and issued as what is frozen now.
APART = ("tests/exchange/publicdata", "tests/frozen")
# What a database takes part in: locks, order, search, sums, statements.
WHOLE = frozenset(
    {
        "test_at_once", "test_kit_paging", "test_meanwhile", "test_scoring_queue", "test_search",
        "test_statements", "test_year",
    }
)  # fmt: skip


def is_left_out(name: str, path: PurePath, values: dict[str, object]) -> bool:
    """Whether `make soak` alone runs the test `name` of the file `path` (from the root); `values`:
    those of its parameters. The choice is by name, and always the same."""
    if "postgresql" not in values.values() or path.stem in WHOLE:
        return False
    if path.as_posix().startswith(APART):
        return True
    return path.as_posix().startswith(SAMPLED) and crc32(name.encode()) % ONE_IN != 0


def leave_out(items: list[pytest.Item], root: PurePath) -> None:
    """Leave those tests to the long runs."""
    for item in items:
        values = item.callspec.params if hasattr(item, "callspec") else {}
        if is_left_out(item.name, item.path.relative_to(root), values):
            item.add_marker(pytest.mark.soak)
