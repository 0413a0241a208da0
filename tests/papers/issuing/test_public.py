"""What anybody reads of an issued card: its points after the circular of its year, never before."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.courses import circulated
from tests.papers.issuing.conftest import YEAR
from tests.papers.issuing.test_pages import Visitor, index
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.papers.common.head import PaperKind
from tracker.papers.issuing import queries, service
from tracker.papers.issuing.models import IssuedPaper
from tracker.papers.issuing.running import run_issue
from tracker.papers.issuing.shown import is_public, public_card
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.procedure.models import Stage
from tracker.year.procedure.queries import assessment_of

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def papers(issue_id: int) -> tuple[IssuedPaper, IssuedPaper]:
    """A county's card, and a paper that is none."""
    found = queries.list_of(issue_id)
    card = next(p for p in found if p.kind is PaperKind.SCORECARD and p.subject_code == "331122")
    return card, next(p for p in found if p.kind is not PaperKind.SCORECARD)


@ONE_DATABASE
def test_points_are_public_after_the_circular_alone(app: Flask, snapshot: Snapshot) -> None:
    index(snapshot)
    issue = service.start(snapshot, None)
    db.session.commit()
    issue_id = issue.id
    assert run_issue(issue_id).finished
    card, report = papers(issue_id)
    row = db.session.query(ScorecardRow).filter_by(sheet=card.sheet, subject_code="331122").one()
    total, grade = f"{row.total:.2f} 分", row.grade
    address, other = f"/verify?number={card.number}", f"/verify?number={report.number}"
    assert public_card(card) is None
    year = assessment_of(YEAR)
    assert year is not None
    for stage in Stage:
        if stage is Stage.CIRCULAR:
            continue
        year.notice_until = year.stage_at.date()
        year.stage = stage
        db.session.flush()
        assert not is_public(card)
    db.session.rollback()
    visitor = Visitor(app, None)
    before = text_of(visitor.get(address))
    assert f"{YEAR} 年度考核结果通报后公布" in before
    assert total not in before
    assert grade not in before
    circulated(snapshot)
    db.session.commit()
    after = text_of(visitor.get(address))
    assert total in after
    assert grade in after
    assert "通报后公布" not in after
    # A paper about several subjects says nothing of points.
    assert total not in text_of(visitor.get(other))
