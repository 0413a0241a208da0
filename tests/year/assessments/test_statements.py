"""A year costs the same number of statements for ten subjects and for many more."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.freeze import freeze
from tracker.year.measures.collect import MOST_NAMED
from tracker.year.rulebooks.shelf import YearSet, year_set


def statements(books: YearSet) -> tuple[int, int]:
    """How many statements freezing takes, and how many subjects it freezes."""
    seen: list[str] = []

    def listener(*arguments: object) -> None:
        seen.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", listener)
    document = freeze(books, now())
    event.remove(db.engine, "before_cursor_execute", listener)
    return len(seen), sum(len(sheet["subjects"]) for sheet in document["sheets"].values())


@pytest.mark.parametrize(
    "more",
    [pytest.param(100, id="some"), pytest.param(1_000, id="many", marks=pytest.mark.soak)],
)
def test_ten_subjects_or_more_than_a_statement_names(sqlite_app: Flask, more: int) -> None:
    assert more > MOST_NAMED
    places = make.zhejiang()
    county, strong = places["缙云县"], places["富阳区"]
    make.listing(county)
    make.pairing(strong, county)

    def grow(count: int) -> None:
        for number in range(count):
            kind = list(EnclaveKind)[number % 3]
            enclave = make.enclave(county, strong, kind, villages=number)
            make.term(enclave, amount=wan(100))
            make.entry(enclave, EntryKind.REBATE, wan(50), date(2024, 6, 30), villages=number)
        db.session.commit()

    books = year_set(2024)
    grow(9)
    few, small = statements(books)
    grow(more)
    many, large = statements(books)
    assert (small, large) == (14, more + 14)
    assert many == few
