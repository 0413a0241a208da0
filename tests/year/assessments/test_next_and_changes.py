"""What brings the next points, and what made the difference between two snapshots."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.factories import wan
from tracker.core.db import db
from tracker.papers.scorecard.build import card_of
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind
from tracker.year.assessments.changes import change_words
from tracker.year.assessments.next_steps import next_steps, step_words
from tracker.year.assessments.scored import ScoredSnapshot, score_document, scored
from tracker.year.assessments.service import freeze_and_score

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


def in_the_year(found: ScoredSnapshot) -> ScoredSnapshot:
    """The same facts, frozen while the year still ran."""
    running = {**found.document, "frozen_at": f"{YEAR}-10-08T01:30:00+00:00"}
    return score_document(found.sha256, running)


def test_doing_what_is_said_gains_what_is_said(enclave: Enclave) -> None:
    before = in_the_year(points())
    steps = next_steps(before, before.sheets[INCOME], "FD-1")
    (paid,) = [step for step in steps if step.measure == "returns.paid"]
    assert step_words(before, paid).startswith("当年返利到账额再增加")
    assert paid.full.gain > paid.next.gain >= Decimal("0.5")
    make.entry(enclave, EntryKind.REBATE, wan(paid.next.change), date(YEAR, 7, 1), villages=90)
    after = points()
    totals = [found.sheets[INCOME].card("FD-1").total for found in (before, after)]
    assert totals[1] - totals[0] == paid.next.gain


def test_the_card_names_what_is_worth_most_first(enclave: Enclave) -> None:
    card = card_of(in_the_year(points()), INCOME, "FD-1")
    assert any("当年返利到账额再增加" in step for step in card.next_steps)
    assert card.sentences[-1] == f"最值得做的：{card.next_steps[0]}"
    # What was made final has no next points, also where it is shown or printed as a draft.
    settled = card_of(in_the_year(points()), INCOME, "FD-1", settled=True)
    assert settled.next_steps == ()
    assert settled.sentences == card.sentences[:-1]


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
