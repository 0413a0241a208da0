"""Every measure of the catalogue yields exactly the records that made its value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from sqlalchemy import Row

from tracker.core.db import db
from tracker.exchange.sampledata.scene import YEARS
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.declare import Measure, NotReportedError
from tracker.year.measures.made import Made, all_of

YEAR = YEARS[-1]
SUBJECTS = 25  # of each measure: enough that each kind of case comes up, few enough to be quick
# Whose value is a number of its records; the others are sums, quotients or answers.
COUNTED_IN = ("个", "起", "件", "项", "家", "对", "次")
# Of a flow or a number of people a record counts more than once; a number of villages is one row's.
NOT_ONE_EACH = {
    "villages.listed",
    "villages.paid",
    "demonstration.low_income_households",
    "incubated.projects",
}

# Whether these are known rests on more than what makes them: that no village is left to report,
# that the ledger has any rent at all.
KNOWN_BY_MORE = {"village_income.met_share", "returns.due"}
# Of which nothing is asked where there is no such pair: it gives nothing to the value itself.
WHERE_PAIRED = {"chain.projects", "chain.large_pairs", "chain.park_pairs"}

Of = dict[str, list[Row]]


def _worlds(measure: Measure, subjects: int = SUBJECTS) -> Iterator[tuple[Of, Made]]:
    """The rows of some subjects that have a value, with what made it."""
    reading = measure.read(YEAR)
    of: dict[int, Of] = defaultdict(lambda: {table: [] for table in reading.statements})
    for table, statement in reading.statements.items():
        for row in db.session.execute(statement):
            if row.subject_id is not None:
                of[row.subject_id][table].append(row)
    for subject_id in sorted(of)[:subjects]:
        rows = reading.rows(of[subject_id])
        try:
            made = reading.value(rows)
        except NotReportedError:
            continue
        yield rows, made if isinstance(made, Made) else Made(made, all_of(rows))


def _value(measure: Measure, rows: Mapping[str, list[Row]]) -> Decimal | None:
    try:
        made = measure.read(YEAR).value(rows)
    except (NotReportedError, IndexError):
        return None
    return Decimal(made.value if isinstance(made, Made) else made)


def _kept(rows: Of, keep) -> Of:
    return {table: [row for row in of if keep(table, row)] for table, of in rows.items()}


@pytest.mark.parametrize("name", CATALOGUE.measures)
def test_the_listed_records_make_the_value(here, name: str) -> None:
    measure = CATALOGUE.measures[name]
    for rows, made in _worlds(measure):
        value = Decimal(made.value)
        listed = {(share.table, id(share.row)) for share in made.shares}
        assert len(listed) == len(made.shares), "nothing counts twice"
        if measure.unit in COUNTED_IN and name not in NOT_ONE_EACH and value:
            records = {
                (share.table.partition("#")[0], share.row.record_id) for share in made.shares
            }
            assert len(records) == value
        if not value:
            continue  # a nought is made of nothing, or of the report that says so
        if name != "support.returns_due":  # which is told by enclaves, made of their promises
            asked = "pairings" if name in WHERE_PAIRED else None
            only = _kept(rows, lambda table, row: table == asked or (table, id(row)) in listed)  # noqa: B023
            again = _value(measure, only)
            assert again == value or (again is None and name in KNOWN_BY_MORE)


@pytest.mark.parametrize("name", [m.name for m in CATALOGUE.measures.values() if m.unit == "万元"])
def test_a_sum_of_money_is_the_sum_of_what_each_record_gave(here, name: str) -> None:
    for _, made in _worlds(CATALOGUE.measures[name]):
        tables = {share.table.partition("#")[0] for share in made.shares}
        if tables <= {"ledger_entries", "consumption_aids"} and tables:
            assert sum(Decimal(s.weight) for s in made.shares) / 10_000 == Decimal(made.value)


@pytest.mark.parametrize(
    "subjects", [pytest.param(8, id="some"), pytest.param(25, id="more", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("name", CATALOGUE.measures)
def test_without_a_listed_record_the_value_is_another(here, name: str, subjects: int) -> None:
    """Of counts and of sums: the quotient of two may stay the same by chance, and an answer may
    have been given twice."""
    measure = CATALOGUE.measures[name]
    counts = measure.unit in COUNTED_IN and name not in NOT_ONE_EACH
    for rows, made in _worlds(measure, subjects):
        tables = {share.table.partition("#")[0] for share in made.shares}
        sums = measure.unit == "万元" and tables <= {"ledger_entries", "consumption_aids"}
        if not made.value or not (counts or sums):
            continue
        again = {id(row) for _, row in made.alike}
        for share in made.shares[:10]:
            less = _kept(rows, lambda _, row: row is not share.row and id(row) not in again)  # noqa: B023
            assert _value(measure, less) != Decimal(made.value), share
