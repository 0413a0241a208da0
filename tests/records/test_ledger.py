"""The ledger: written once, corrected by reversal only; the database itself sees to it."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests import factories as make
from tracker.core.db import db
from tracker.records.ledger.models import EntryKind, LedgerEntry

DAY = date(2024, 6, 30)


@pytest.fixture
def rebate(app: Flask) -> LedgerEntry:
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    entry = make.entry(enclave, EntryKind.REBATE, make.wan("1000.8"), DAY, villages=121)
    db.session.commit()
    return entry


def _mirror(entry: LedgerEntry, **changed) -> LedgerEntry:
    fields = {
        "enclave_id": entry.enclave_id,
        "kind": entry.kind,
        "amount": -entry.amount,
        "occurred_on": entry.occurred_on,
        "reversal_of_id": entry.id,
        "submitted_at": entry.submitted_at,
        "note": "重复录入",
    }
    return LedgerEntry(**{**fields, **changed})


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_entries SET amount = 1", "DELETE FROM ledger_entries"]
)
def test_the_database_refuses_to_change_an_entry(rebate: LedgerEntry, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert db.session.get(LedgerEntry, rebate.id).amount == make.wan("1000.8")


def test_a_reversal_takes_the_entry_out_of_its_year(rebate: LedgerEntry) -> None:
    db.session.add(_mirror(rebate))
    db.session.commit()
    total = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.occurred_on == DAY)
    assert db.session.scalar(total) == 0
    assert rebate.reversal.note == "重复录入"


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": Decimal("-1")},
        {"occurred_on": date(2023, 6, 30)},
        {"kind": EntryKind.RENT},
        {"cumulative": True},
    ],
)
def test_a_reversal_that_does_not_mirror_its_entry_is_refused(
    rebate: LedgerEntry, changed: dict
) -> None:
    db.session.add(_mirror(rebate, **changed))
    with pytest.raises(DBAPIError, match="must mirror"):
        db.session.flush()


def test_an_entry_is_reversed_once_and_a_reversal_never(rebate: LedgerEntry) -> None:
    first = _mirror(rebate)
    db.session.add(first)
    db.session.commit()
    db.session.add(_mirror(rebate))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    db.session.add(_mirror(first, amount=rebate.amount))
    with pytest.raises(DBAPIError):
        db.session.flush()


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"enclave_id": None}, "one_subject"),
        ({"amount": Decimal(-5)}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"period_from": date(2024, 7, 1)}, "period"),
        ({"villages": -1}, "villages"),
    ],
)
def test_the_database_checks_an_entry(rebate: LedgerEntry, changed: dict, constraint: str) -> None:
    fields = {
        "enclave_id": rebate.enclave_id,
        "kind": EntryKind.REBATE,
        "amount": Decimal(1),
        "occurred_on": DAY,
    }
    db.session.add(LedgerEntry(**{**fields, **changed}))
    with pytest.raises(IntegrityError, match=f"ck_ledger_entries_{constraint}"):
        db.session.flush()


def test_two_subjects_are_refused(rebate: LedgerEntry) -> None:
    project = make.project(rebate.enclave.origin_region)
    db.session.add(
        LedgerEntry(
            enclave_id=rebate.enclave_id,
            project_id=project.id,
            kind=EntryKind.TAX,
            amount=Decimal(1),
            occurred_on=DAY,
        )
    )
    with pytest.raises(IntegrityError, match="one_subject"):
        db.session.flush()


def test_sums_agree_to_the_fen(rebate: LedgerEntry) -> None:
    chance = random.Random(20241231)
    amounts = [Decimal(chance.randrange(1, 10**14)).scaleb(-2) for _ in range(2_000)]
    db.session.add_all(
        LedgerEntry(
            enclave_id=rebate.enclave_id, kind=EntryKind.RENT, amount=amount, occurred_on=DAY
        )
        for amount in amounts
    )
    db.session.commit()
    stored = db.session.scalar(
        select(func.sum(LedgerEntry.amount)).where(LedgerEntry.kind == EntryKind.RENT)
    )
    assert stored == sum(amounts)


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal("1e17"), 0.1, Decimal("NaN")])
def test_an_amount_that_is_not_whole_fen_never_reaches_the_database(
    rebate: LedgerEntry, amount
) -> None:
    db.session.add(
        LedgerEntry(
            enclave_id=rebate.enclave_id, kind=EntryKind.RENT, amount=amount, occurred_on=DAY
        )
    )
    with pytest.raises(Exception, match=r"float|decimal places|too large"):
        db.session.flush()
