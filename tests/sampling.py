"""Which tests are run on SQLite alone in `make test`, and on PostgreSQL in `make soak`; which
cases of a test of pages are left to `make soak`.

What pages and cards say of records, what is reported, checked, ruled and reminded of by their
rules, what measures make of them and how a year goes its course is asked for in the same words on
either database, and each test of it runs on SQLite: of those that run on PostgreSQL too,
`make test` takes some. Records, their constraints, migrations and what happens at once run on both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from zlib import crc32

import pytest

SAMPLED = (
    "tests/papers/reports",
    "tests/records/test_annual_tasks",
    "tests/records/test_application_",
    "tests/records/test_bundles",
    "tests/records/test_determinations",
    "tests/records/test_due_days",
    "tests/records/test_filing_",
    "tests/records/test_owing",
    "tests/records/test_plan_reminders",
    "tests/records/test_plausibility",
    "tests/records/test_quarter",
    "tests/records/test_remind",
    "tests/records/test_returns",
    "tests/records/test_ruling_answers",
    "tests/records/test_splitting",
    "tests/records/test_standing_rulings",
    "tests/records/test_supervision_reminders",
    "tests/records/test_usual",
    "tests/web",
    "tests/year/assessments",
    "tests/year/measures",
    "tests/year/procedure",
)
ONE_IN = 3
FEW_IN = 9  # of pages
# None of these on PostgreSQL: what the public data come to there, `test_load` of the sample data
# compares row by row; what was frozen long ago is read and issued as what is frozen now.
APART = ("tests/exchange/publicdata", "tests/frozen")
# What a database takes part in: locks, order, search, sums, statements.
WHOLE = frozenset({"test_at_once", "test_scoring_queue", "test_search", "test_statements"})
# Of these pages' tests that take part in locks and order, one in three all the same.
OFTEN = frozenset({"test_kit_paging", "test_meanwhile"})
# What is tried on pages in many cases of one kind: what a field refuses, how an address narrows a
# list, the kinds of a record. Of the cases of such a test `make test` takes some, the first among
# them; who may do what, and what strangers send, is tried in all.
CASES = "tests/web/"
CASES_IN = 3
ALL_CASES = frozenset(
    {
        "test_access", "test_at_once", "test_bodies", "test_dispatch", "test_figures",
        "test_meanwhile", "test_proxies", "test_reading", "test_refused_uploads",
        "test_scoring_queue", "test_security", "test_sessions", "test_sign_in", "test_users",
    }
)  # fmt: skip
# And whatever its file, a test whose name says whose something is.
WHOSE = re.compile(
    "in_charge|no_longer_who|no_other_site|nobody_else|ones_own|out_of_sight|who_may|who_see"
)
DATABASES = ("sqlite", "postgresql")


def is_left_out(name: str, path: PurePath, values: dict[str, object]) -> bool:
    """Whether `make soak` alone runs the test `name` of the file `path` (from the root); `values`:
    those of its parameters. The choice is by name, and always the same."""
    if "postgresql" not in values.values() or path.stem in WHOLE:
        return False
    if path.as_posix().startswith(APART):
        return True
    few = path.as_posix().startswith(CASES) and path.stem not in OFTEN
    return path.as_posix().startswith(SAMPLED) and not _drawn(name, FEW_IN if few else ONE_IN)


def _drawn(name: str, one_in: int) -> bool:
    return crc32(name.encode()) % one_in == 0


def has_cases_left_out(test: str, path: PurePath) -> bool:
    """Whether cases of the test of that name in the file `path` are left to `make soak`."""
    of_pages = path.as_posix().startswith(CASES) and path.stem not in ALL_CASES
    return of_pages and not WHOSE.search(test)


def cases_left_out(names: Sequence[str]) -> set[str]:
    """Of the cases of one test, in their order, those that `make soak` alone runs."""
    return {name for name in names[1:] if not _drawn(name, CASES_IN)}


def leave_out(items: list[pytest.Item], root: PurePath) -> None:
    """Leave those tests to the long runs."""
    cases: dict[tuple[PurePath, str], dict[str, list[pytest.Item]]] = {}
    for item in items:
        path = item.path.relative_to(root)
        values = item.callspec.params if hasattr(item, "callspec") else {}
        if is_left_out(item.name, path, values):
            item.add_marker(pytest.mark.soak)
        if values and has_cases_left_out(item.name.partition("[")[0], path):
            case = "-".join(part for part in item.callspec.id.split("-") if part not in DATABASES)
            of = cases.setdefault((path, item.nodeid.partition("[")[0]), {})
            of.setdefault(case, []).append(item)
    for of in cases.values():
        for case in cases_left_out(list(of)):
            for item in of[case]:
                item.add_marker(pytest.mark.soak)
