"""A small year on its way: two counties with a supporter and an enclave, and who assesses them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from tests import factories as make
from tests.conftest import settings_for
from tests.papers.issuing.conftest import YEAR, records
from tests.recycling import Applications, Databases
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.models import Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.enclaves.models import EnclaveKind
from tracker.records.places.models import Region
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure import advancing, service, steps
from tracker.year.procedure.checks import ERROR, Asked, latest_points, precheck
from tracker.year.procedure.models import Act, Assessment, Stage
from tracker.year.procedure.queries import accepted_gaps, assessment_of


class Year:
    """The year, and what its people do."""

    app: Flask

    def __init__(self, assessor: User) -> None:
        self.assessor = assessor
        city = db.session.scalars(db.select(Region).where(Region.name == "丽水市")).one()
        self.reviewer = make.user(Role.REVIEWER, city, username="reviewer")

    @classmethod
    def that_is_there(cls, app: Flask) -> Year:
        """The year and its people, in the database of `app`, which has them."""
        year = object.__new__(cls)
        year.app = app
        users = {user.username: user for user in db.session.scalars(db.select(User))}
        year.assessor, year.reviewer = users["assessor"], users["reviewer"]
        return year

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


def step(year: Year, what: Act, **given: object) -> None:
    prepared = advancing.prepare(YEAR, what)
    advancing.take(prepared, given.pop("actor", year.assessor), **given)
    db.session.commit()


def past_notice(year: Year) -> None:
    """The notice is over since yesterday, as if days had passed."""
    year.assessment.notice_until = date(2025, 3, 1)
    db.session.commit()


def brought_to(year: Year, stage: Stage) -> None:
    """The year in `stage`, with all that each step wants done."""
    if assessment_of(YEAR) is None:
        year.open()
    while year.assessment.stage is not stage:
        what = steps.ONWARD[year.assessment.stage]
        if what is Act.NOTIFIED:
            year.rule_all(year.score(), RulingLevel.PROVINCE, year.assessor)
            snapshot = year.score()
            year.accept_gaps()
            year.review_all(snapshot)
            year.score()
        if what is Act.NOTICE_ENDED:
            past_notice(year)
        step(year, what, document="示例〔2025〕1号" if what is Act.CIRCULATED else "")


@pytest.fixture(scope="module")
def on_the_way(
    databases: Databases,
    applications: Applications,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[Stage, Path]:
    """The database of a year as it came to some of its stages, on its one way to the last."""
    folder = tmp_path_factory.mktemp("way")
    kept = {stage: folder / f"{stage.value}.db" for stage in _KEPT}
    with (
        databases.sqlite(sqlite_template) as url,
        applications.at(settings_for(url, folder)) as app,
        app.app_context(),
    ):
        year = Year(records())
        places = {place.name: place for place in db.session.scalars(db.select(Region))}
        make.enclave(
            places["缙云县"],
            places["富阳区"],
            EnclaveKind.INDUSTRIAL,
            name="缙云产业飞地",
            code="FD-002",
            signed_on=date(2020, 1, 1),
            in_use_on=date(2021, 1, 1),
        )
        for stage, file in kept.items():
            brought_to(year, stage)
            db.session.commit()
            with (
                closing(sqlite3.connect(make_url(url).database)) as there,
                closing(sqlite3.connect(file)) as copy,
            ):
                there.backup(copy)
        db.session.remove()
    return kept


_KEPT = (Stage.PROVINCE, Stage.NOTICE, Stage.FINAL)


@pytest.fixture
def later(
    request: pytest.FixtureRequest,
    on_the_way: dict[Stage, Path],
    databases: Databases,
    applications: Applications,
    tmp_path: Path,
) -> Iterator[Year]:
    """The year in a stage that it has come to, with one more enclave."""
    with (
        databases.sqlite(on_the_way[request.param]) as url,
        applications.at(settings_for(url, tmp_path)) as app,
        app.app_context(),
    ):
        app.testing = True
        yield Year.that_is_there(app)
        db.session.remove()
