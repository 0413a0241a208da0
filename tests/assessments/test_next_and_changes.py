"""What brings the next points, and what made the difference between two snapshots."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.assessments.changes import change_words
from tracker.assessments.next_steps import next_steps, step_words
from tracker.assessments.scored import ScoredSnapshot, scored
from tracker.assessments.service import freeze_and_score
from tracker.db import db
from tracker.enclaves.models import Enclave
from tracker.ledger.models import EntryKind
from tracker.scorecards.build import build_card

YEAR, INCOME = 2024, "zj-income-enclave"


@pytest.fixture
def enclave(app: Flask) -> Enclave:
    places = make.zhejiang()
    enclave = make.enclave(places["缙云县"], places["富阳区"], code="FD-1", villages=100)
    make.term(enclave, amount=wan(100))
    make.entry(enclave, EntryKind.REBATE, wan(80), date(YEAR, 6, 30), villages=90)
    return enclave


def points() -> ScoredSnapshot:
    snapshot = freeze_and_score(YEAR, None)
    db.session.commit()
    return scored(snapshot.sha256, snapshot.content)


def award(found: ScoredSnapshot, line: str) -> Decimal:
    return found.sheets[INCOME].card("FD-1").line(line).award


def test_doing_what_is_said_gains_what_is_said(enclave: Enclave) -> None:
    before = points()
    steps = next_steps(before, before.sheets[INCOME], "FD-1")
    (paid,) = [step for step in steps if (step.line, step.measure) == ("3", "returns.paid")]
    assert step_words(before, paid).startswith("当年返利到账额再增加")
    assert paid.full.gain == Decimal("5.00")
    assert Decimal(paid.full.change) <= 20
    make.entry(enclave, EntryKind.REBATE, wan(paid.full.change), date(YEAR, 7, 1), villages=90)
    after = points()
    assert award(after, "3") - award(before, "3") == paid.full.gain


def test_the_card_names_the_cheapest_step_first(enclave: Enclave) -> None:
    found = freeze_and_score(YEAR, None)
    card = build_card(found, INCOME, "FD-1")
    assert any("当年返利到账额再增加" in step for step in card.next_steps)
    assert card.sentences[-1] == f"最易再得分的是{card.next_steps[0]}"


def test_a_change_is_told_with_the_fact_that_made_it(enclave: Enclave) -> None:
    before = points()
    make.entry(enclave, EntryKind.REBATE, wan(10), date(YEAR, 7, 1), villages=90)
    after = points()
    told = "\n".join(change_words(before, after))
    assert enclave.name in told
    assert "返利到账率" in told
    assert "当年返利到账额" in told
    assert "80" in told
    assert "90" in told
    assert list(change_words(after, after)) == []
