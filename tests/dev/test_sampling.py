"""What `make test` runs on SQLite alone, and which cases of a test of pages."""

from __future__ import annotations

from pathlib import PurePath

from tests.sampling import (
    CASES_IN,
    FEW_IN,
    ONE_IN,
    cases_left_out,
    has_cases_left_out,
    is_left_out,
)

ON_POSTGRESQL, ON_SQLITE = {"database_url": "postgresql", "year": 2024}, {"any_site": "sqlite"}
PAGE, RECORD = PurePath("tests/web/test_forms.py"), PurePath("tests/records/test_ledger.py")


def left_out(path: PurePath, values: dict[str, object]) -> int:
    """Of a thousand tests."""
    return sum(is_left_out(f"test_a_page[{number}]", path, values) for number in range(1000))


def test_some_tests_of_pages_run_on_postgresql_and_all_on_sqlite() -> None:
    for path, one_in in (
        (PAGE, FEW_IN),
        (PurePath("tests/web/test_kit_paging.py"), ONE_IN),
        (PurePath("tests/records/test_quarters.py"), ONE_IN),
    ):
        assert abs(left_out(path, ON_POSTGRESQL) - 1000 * (one_in - 1) / one_in) < 50
    assert left_out(PAGE, ON_SQLITE) == left_out(PAGE, {}) == 0


def test_tests_of_records_and_of_what_happens_at_once_run_on_both() -> None:
    assert left_out(RECORD, ON_POSTGRESQL) == 0
    assert left_out(PurePath("tests/web/test_at_once.py"), ON_POSTGRESQL) == 0


def test_the_first_case_of_a_test_of_pages_stays_and_some_of_the_others() -> None:
    names = [f"name-{number}-says" for number in range(1000)]
    left = cases_left_out(names)
    assert abs(len(left) - 1000 * (CASES_IN - 1) / CASES_IN) < 50
    assert left < set(names[1:])
    assert all(cases_left_out([name]) == set() for name in names)  # run alone


def test_who_may_do_what_is_tried_in_all_cases() -> None:
    assert has_cases_left_out("test_a_refusal_is_beside_its_field", PAGE)
    assert not has_cases_left_out("test_a_refusal_is_beside_its_field", RECORD)
    assert not has_cases_left_out("test_what_is_out_of_sight_is_not_found", PAGE)
    assert not has_cases_left_out(
        "test_next_leads_nowhere_else", PurePath("tests/web/test_access.py")
    )


def test_what_others_compare_with_postgresql_runs_on_sqlite_alone() -> None:
    for path in (PurePath("tests/exchange/publicdata/test_load.py"), PurePath("tests/frozen/a.py")):
        assert left_out(path, ON_POSTGRESQL) == 1000
        assert left_out(path, ON_SQLITE) == 0
