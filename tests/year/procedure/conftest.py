"""A small year on its way: two counties with a supporter and an enclave, and who assesses them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from tests import factories as make
from tests.papers.issuing.conftest import YEAR, records
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.places.models import Region
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure import service
from tracker.year.procedure.checks import ERROR, Asked, latest_points, precheck
from tracker.year.procedure.models import Act, Assessment
from tracker.year.procedure.queries import accepted_gaps, assessment_of


class Year:
    """The year, and what its people do."""

    def __init__(self, assessor: User) -> None:
        self.assessor = assessor
        city = db.session.scalars(db.select(Region).where(Region.name == "丽水市")).one()
        self.reviewer = make.user(Role.REVIEWER, city, username="reviewer")

    @property
    def assessment(self) -> Assessment:
        found = assessment_of(YEAR)
        assert found is not None
        return found

    def open(self) -> None:
        service.open_year(self.assessor, YEAR, service.usual_days(YEAR))
        db.session.commit()

    def score(self) -> Snapshot:
        return freeze_and_score(YEAR, self.assessor)

    def errors(self, what: Act) -> dict[str, int]:
        """What the precheck of a step finds that stands in its way: how often, by its label."""
        found = precheck(what, Asked(YEAR))
        return {each.label: len(each.faults) for each in found if each.weight is ERROR}

    def rule_all(self, snapshot: Snapshot, level: RulingLevel, actor: User) -> int:
        """Rule on all that waits: what was reported is accepted, all else set to 1."""
        cards = list(
            db.session.scalars(
                db.select(ScorecardRow).where(ScorecardRow.snapshot_id == snapshot.id)
            )
        )
        number = 0
        for subject in subjects_to_rule(snapshot, cards):
            for fact in subject.facts:
                if not fact.awaits(level):
                    continue
                new = {} if fact.reported is not None else {"value": Decimal(1), "reason": "补报"}
                ruling = Ruling.CORRECTED if new else Ruling.ACCEPTED
                of = {subject.column: subject.record_id}
                rule(YEAR, fact.name, of, level, ruling, fact.reported, actor, **new)
                number += 1
        db.session.commit()
        return number

    def review_all(self, snapshot: Snapshot) -> int:
        points = latest_points(YEAR)
        assert points is not None
        sheets = points.document["sheets"]
        cards = [(kind, code) for kind, sheet in sheets.items() for code in sheet["subjects"]]
        made = service.review(self.assessor, snapshot, sheets, cards)
        db.session.commit()
        return len(made)

    def accept_gaps(self) -> int:
        """Accept all lines that cannot be scored and are not accepted yet."""
        points, number, known = latest_points(YEAR), 0, accepted_gaps(YEAR)
        assert points is not None
        for sheet in points.sheets.values():
            for card in sheet.result.scorecards:
                lines = {line.code for line in card.lines if line.state == "unscorable"}
                of = (sheet.rulebook.subject, card.subject.code)
                for line in sorted(lines.difference(known.get(of, ()))):
                    service.set_gap(self.assessor, YEAR, of, line, True, "没有统计", lines)
                    number += 1
        db.session.commit()
        return number


@pytest.fixture
def year(app: Flask) -> Year:
    return Year(records())
