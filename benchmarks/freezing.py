"""Freezing a year against the sums of its ledger in SQL, on a sample year and on more of it.

What is frozen are the sample year's places with all their records, and copies of them all (see
`multiplied`): counties, enclaves, parks, villages, projects, entries and reversals, rulings and
proofs. The SQL is one statement through the database's own driver: the sums of the year's
entries by subject and kind, fetched and thrown away. The two in turn, round after round, by
processor time; a ratio is one of two medians, with the range between the rounds' quarters. The
exponent is that of the time of a freeze as the entries grow.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import pairwise

from benchmarks.multiplied import multiply
from benchmarks.world import YEAR, empty, seed
from tracker.core.db import db, units
from tracker.exchange.publicdata.load import load_public_data
from tracker.exchange.sampledata.load import load_sample_data
from tracker.year.assessments.freeze import freeze
from tracker.year.rulebooks.shelf import YearSet, year_set

SIZES, ROUNDS = (1, 10), {1: 7, 10: 3}
MOMENT = datetime(YEAR + 1, 3, 1, tzinfo=UTC)
SUMS = """
    SELECT project_id, enclave_id, park_id, pairing_id, demonstration_village_id, kind,
           SUM(amount), COUNT(*)
    FROM ledger_entries
    WHERE occurred_on BETWEEN ? AND ? AND submitted_at IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6
"""


def main(sizes: Iterable[int] = SIZES) -> None:
    """Print a line a size, and how the freeze grows."""
    print(
        f"\n{'seed ' + str(seed()):24}{'entries':>9}{'parks':>7}{'ratio':>8}   quarters of rounds"
    )
    found: list[tuple[int, float]] = []
    for times in sizes:
        with empty():
            with units.writing():
                load_public_data()
                load_sample_data([YEAR], seed())
            with units.writing():
                multiply(times)
            books = year_set(YEAR)
            frozen, summed = _measure(books, ROUNDS[times])
            entries, parks = (
                db.session.connection().exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar()
                for table in ("ledger_entries", "parks")
            )
        each = [a / b for a, b in zip(frozen, summed, strict=True)]
        low, _, high = statistics.quantiles(each, n=4)
        ratio = statistics.median(frozen) / statistics.median(summed)
        what = f"freeze ÷ SQL, {times} ×"
        print(f"{what:24}{entries:>9}{parks:>7}{ratio:>8.1f}   {low:.1f}–{high:.1f}", flush=True)
        found.append((entries, statistics.median(frozen)))
    for (few, short), (many, long) in pairwise(found):
        print(f"exponent of the freeze: {math.log(long / short) / math.log(many / few):.2f}")


def _measure(books: YearSet, rounds: int) -> tuple[list[float], list[float]]:
    days = (f"{YEAR}-01-01", f"{YEAR}-12-31")
    driver = db.session.connection().connection.cursor()
    frozen, summed = [], []
    for turn in range(1 + rounds):
        db.session.expunge_all()
        acts = (
            _spent(lambda: freeze(books, MOMENT)),
            _spent(lambda: driver.execute(SUMS, days).fetchall()),
        )
        if turn:
            frozen.append(acts[0])
            summed.append(acts[1])
    return frozen, summed


def _spent(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
