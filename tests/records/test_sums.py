"""A million amounts add up to the 分."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from tests import factories as make
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

DAY = date(2024, 6, 30)
AT_ONCE = 50_000


def _sums_agree(count: int) -> None:
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"])
    chance = random.Random(20241231)
    total = 0
    for start in range(0, count, AT_ONCE):
        fen = [chance.randrange(1, 10**12) for _ in range(min(AT_ONCE, count - start))]
        total += sum(fen)
        rows = [
            {
                "enclave_id": enclave.id,
                "kind": EntryKind.REBATE,
                "amount": Decimal(amount).scaleb(-2),
                "occurred_on": DAY,
                "submitted_at": now(),
            }
            for amount in fen
        ]
        db.session.execute(insert(LedgerEntry), rows)
    exact = Decimal(total).scaleb(-2)
    assert db.session.scalar(select(func.sum(LedgerEntry.amount))) == exact
    fact = collect(2024, SubjectKind.ENCLAVE, ["returns.paid"], [enclave.id])[enclave.id]
    assert Decimal(fact["returns.paid"].value) * 10_000 == exact
    assert len(fact["returns.paid"].records) == count


def test_twenty_thousand_amounts_add_up_to_the_fen(app: Flask) -> None:
    _sums_agree(20_000)


@pytest.mark.soak
def test_a_million_amounts_add_up_to_the_fen(app: Flask) -> None:
    _sums_agree(1_000_000)
