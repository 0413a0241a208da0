"""What `make test` runs on SQLite alone."""

from __future__ import annotations

from pathlib import PurePath

from tests.sampling import ONE_IN, is_left_out

ON_POSTGRESQL, ON_SQLITE = {"database_url": "postgresql", "year": 2024}, {"any_site": "sqlite"}
PAGE, RECORD = PurePath("tests/web/test_forms.py"), PurePath("tests/records/test_ledger.py")


def left_out(path: PurePath, values: dict[str, object]) -> int:
    """Of a thousand tests."""
    return sum(is_left_out(f"test_a_page[{number}]", path, values) for number in range(1000))


def test_some_tests_of_pages_run_on_postgresql_and_all_on_sqlite() -> None:
    for path in (PAGE, PurePath("tests/records/test_quarters.py")):
        assert abs(left_out(path, ON_POSTGRESQL) - 1000 * (ONE_IN - 1) / ONE_IN) < 50
    assert left_out(PAGE, ON_SQLITE) == left_out(PAGE, {}) == 0


def test_tests_of_records_and_of_what_happens_at_once_run_on_both() -> None:
    assert left_out(RECORD, ON_POSTGRESQL) == 0
    assert left_out(PurePath("tests/web/test_at_once.py"), ON_POSTGRESQL) == 0


def test_what_others_compare_with_postgresql_runs_on_sqlite_alone() -> None:
    for path in (PurePath("tests/exchange/publicdata/test_load.py"), PurePath("tests/frozen/a.py")):
        assert left_out(path, ON_POSTGRESQL) == 1000
        assert left_out(path, ON_SQLITE) == 0
