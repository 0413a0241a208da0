"""Corrections of records, however many, never change what was issued: its bytes, its pages, its
verification."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests.papers.issuing.conftest import YEAR
from tests.web.pages import Browser, text_of
from tracker.core.db import db
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, service
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.verification import Answer, verify
from tracker.records.accounts.models import User
from tracker.records.accounts.queries import by_username
from tracker.records.determinations import service as rulings
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure.models import Stage
from tracker.year.procedure.queries import assessment_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SEED = 20241231
_PRINTED = re.compile(r"打印于 [0-9-]+ [0-9:]+")
"""The head on paper says the minute in which a page was asked for."""
MEASURES = ("projects.counted", "projects.large", "exchanges.visits", "projects.funds_in_place")


class Corrections:
    """Random corrections of the records behind what was issued."""

    def __init__(self, actor: User) -> None:
        self.random = random.Random(SEED)
        self.actor = actor
        self.enclave = db.session.scalars(select(Enclave)).first()
        self.counties = db.session.scalars(
            select(Region).where(Region.name.in_(("缙云县", "庆元县")))
        ).all()

    def one(self) -> None:
        """Make one and commit it."""
        acts: list[Callable[[], object]] = [
            self.enter,
            self.reverse,
            self.correct,
            self.rule,
            self.rule,
            self.change_project,
        ]
        self.random.choice(acts)()
        db.session.commit()

    def enter(self) -> LedgerEntry:
        day = date(YEAR, 1, 1) + timedelta(days=self.random.randrange(366))
        kind = self.random.choice((EntryKind.REBATE, EntryKind.TAX, EntryKind.COMPLETED_INVESTMENT))
        return make.entry(self.enclave, kind, self.amount(), day)

    def reverse(self) -> None:
        ledger.reverse(self.actor, self.standing(), "重复登记")

    def correct(self) -> None:
        entry = self.standing()
        ledger.reverse(self.actor, entry, "金额有误")
        make.entry(self.enclave, entry.kind, self.amount(), entry.occurred_on)

    def rule(self) -> None:
        measure = self.random.choice(MEASURES)
        value = self.random.randrange(1, 900)
        rulings.rule(
            YEAR,
            measure,
            {"region_id": self.random.choice(self.counties).id},
            RulingLevel.PROVINCE,  # the city's review is over by then
            Ruling.CORRECTED,
            Decimal(0),
            self.actor,
            value=Decimal(value),
            reason="与凭证不符",
        )

    def change_project(self) -> None:
        found = db.session.scalars(select(Project)).all()
        if len(found) < 5 or self.random.random() < 0.3:
            make.project(self.random.choice(self.counties), signed_on=date(YEAR, 3, 1))
            return
        project = self.random.choice(found)
        project.total_investment = self.amount()
        project.terminated_on = self.random.choice((None, date(YEAR, 11, 1)))

    def amount(self) -> Decimal:
        return make.wan(self.random.randrange(1, 50_000))

    def standing(self) -> LedgerEntry:
        """An entry that nothing takes back yet."""
        reversed_ids = select(LedgerEntry.reversal_of_id).where(
            LedgerEntry.reversal_of_id.is_not(None)
        )
        found = db.session.scalars(
            select(LedgerEntry)
            .where(LedgerEntry.reversal_of_id.is_(None), LedgerEntry.id.not_in(reversed_ids))
            .order_by(LedgerEntry.id)
        ).all()
        return self.random.choice(found) if found else self.enter()


@pytest.fixture
def issued(snapshot: Snapshot) -> Snapshot:
    issue = service.start(snapshot, None)
    db.session.commit()
    assert run_issue(issue.id).finished
    year = assessment_of(YEAR)
    assert year is not None
    year.stage = Stage.OBJECTIONS  # handled again: before that nobody rules or scores
    db.session.commit()
    return snapshot


def seen(browser: Browser) -> Iterator[tuple[str, bytes, str]]:
    """The number, the bytes and the page of each card that was issued."""
    found = [
        (paper.id, paper.number, queries.content_of(paper))
        for paper in queries.list_of(1)
        if paper.kind is PaperKind.SCORECARD
    ]
    db.session.commit()  # a request is a unit of its own
    for paper_id, number, content in found:
        page = browser.get(f"/papers/{paper_id}")
        assert page.status_code == 200
        yield number, content, _PRINTED.sub("", text_of(page))


@pytest.mark.parametrize(
    ("count", "batches"),
    [pytest.param(60, 2, id="some"), pytest.param(1000, 5, id="all", marks=pytest.mark.soak)],
)
def test_corrections_never_change_what_was_issued(
    app: Flask, issued: Snapshot, count: int, batches: int
) -> None:
    actor = by_username("assessor")
    assert actor is not None
    digests = {scored.sha256 for scored in db.session.scalars(select(Snapshot))}
    actor_id = actor.id
    db.session.commit()
    browser = Browser(app, actor_id)
    before = list(seen(browser))
    assert before
    corrections = Corrections(actor)
    for _ in range(batches):
        for _ in range(count // batches):
            corrections.one()
        assert list(seen(browser)) == before
    for number, content, _ in before:
        verdict = verify(content)
        assert verdict.answer is Answer.GENUINE, verdict.words
        assert number in verdict.words[0]
    # They did change what a scoring of today gives, or nothing was tried.
    again = freeze_and_score(YEAR, actor)
    db.session.commit()
    assert again.sha256 not in digests
    assert [content for _, content, _ in seen(browser)] == [each[1] for each in before]
