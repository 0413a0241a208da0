"""丽水市 assesses its own counties, beside another city."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from tests import factories as make
from tests.papers.issuing.conftest import YEAR
from tests.year.procedure.conftest import Year
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.places.models import Region, RegionLevel
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure import advancing, service
from tracker.year.procedure.checks import ERROR, Asked, precheck
from tracker.year.procedure.models import Act, Assessment
from tracker.year.procedure.queries import assessment_of
from tracker.year.rulebooks import service as rulebooks
from tracker.year.rulebooks.models import SetStatus
from tracker.year.rulebooks.shelf import SET_FILE, city_example

SHEET, COUNTY = "city-recipient-county", "331122"


class City:
    """丽水市's assessment of its counties."""

    def __init__(self, year: Year) -> None:
        self.year, self.reviewer = year, year.reviewer
        assert year.reviewer.region_id is not None
        self.owner: int = year.reviewer.region_id

    @property
    def assessment(self) -> Assessment:
        found = assessment_of(YEAR, self.owner)
        assert found is not None
        return found

    def publish(self) -> None:
        example = city_example()
        texts = {SET_FILE: example.text, **example.texts}
        made = rulebooks.make(
            self.reviewer, YEAR, "丽水市考县细则", SetStatus.DESIGNED, "", texts, self.owner
        )
        rulebooks.publish(made, "", self.reviewer)
        db.session.commit()

    def open(self) -> None:
        service.open_year(self.reviewer, YEAR, service.usual_days(YEAR), owner=self.owner)
        db.session.commit()

    def score(self) -> Snapshot:
        return freeze_and_score(YEAR, self.reviewer, owner=self.owner)

    def step(self, what: Act, **given: object) -> None:
        prepared = advancing.prepare(YEAR, what, owner=self.owner)
        advancing.take(prepared, None if "at" in given else self.reviewer, **given)
        db.session.commit()

    def rule_all(self) -> int:
        snapshot, number = self.score(), 0
        rows = list(db.session.scalars(select(ScorecardRow).filter_by(snapshot_id=snapshot.id)))
        for subject in subjects_to_rule(snapshot, rows):
            for fact in subject.facts:
                new = {} if fact.reported is not None else {"value": Decimal(1), "reason": "补报"}
                ruling = Ruling.CORRECTED if new else Ruling.ACCEPTED
                of = {subject.column: subject.record_id}
                level = RulingLevel.PROVINCE
                more = {**new, "owner": self.owner}
                rule(YEAR, fact.name, of, level, ruling, fact.reported, self.reviewer, **more)
                number += 1
        db.session.commit()
        return number

    def review_all(self) -> None:
        snapshot = self.score()
        sheets = scored(snapshot.sha256, snapshot.content).document["sheets"]
        of = [(kind, code) for kind, sheet in sheets.items() for code in sheet["subjects"]]
        service.review(self.reviewer, snapshot, sheets, of)
        db.session.commit()

    def errors(self, what: Act) -> set[str]:
        found = precheck(what, Asked(YEAR, owner=self.owner))
        return {each.label for each in found if each.weight is ERROR}

    def to_notice(self) -> None:
        self.publish()
        self.open()
        for what in (Act.BEGUN, Act.SELF_CLOSED, Act.CITY_CLOSED):
            self.step(what)
        self.rule_all()
        self.review_all()
        self.step(Act.NOTIFIED)


def elsewhere() -> tuple[User, User]:
    """A county with its people in another city, and that city's reviewer."""
    province = db.session.scalars(select(Region).where(Region.name == "浙江省")).one()
    quzhou = make.region("330800", "衢州市", province, level=RegionLevel.CITY)
    longyou = make.region("330825", "龙游县", quzhou)
    make.listing(longyou)
    people = make.user(Role.STAFF, longyou, username="longyou")
    other = make.user(Role.REVIEWER, quzhou, username="quzhou")
    db.session.commit()
    return people, other
