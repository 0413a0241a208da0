"""Four counties of one class in two cities, whose cards are whole; three snapshots of the year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask

from tests import factories as make
from tests import factories_papers as papers
from tracker.core.db import db, units
from tracker.engine.scoring import canonical_json
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import RegionLevel
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import index_of
from tracker.year.procedure.models import Act, Assessment, AssessmentEvent, Stage
from tracker.year.rulebooks.shelf import year_set

YEAR = 2024
SHEET = "zj-recipient-county"
FROZEN = datetime(2025, 1, 20, 1, 30, tzinfo=UTC)
# The projects of each county: 龙游县, which is not in the city of 缙云县, comes neither first nor
# last, so that no range tells its total.
REPORTED = {"331126": "1", "331122": "6", "330825": "11", "330822": "30"}
OWN, MIDDLE = "331122", "330825"

USERS = (
    ("staff", Role.STAFF, "331122"),
    ("leader", Role.LEADER, "331122"),
    ("city_staff", Role.STAFF, "331100"),
    ("reviewer", Role.REVIEWER, "331100"),
    ("city_leader", Role.LEADER, "331100"),
    ("assessor", Role.ASSESSOR, "330000"),
    ("province", Role.LEADER, "330000"),
    ("administrator", Role.ADMINISTRATOR, ""),
)


@dataclass
class World:
    """An application on a database; ids by name: of users, `draft`, `notice` and `final` the
    snapshots, `paper` and `foreign_paper` those issued of 缙云县 and 龙游县."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.ids[name]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with self.app.app_context(), units.mode(writes=True):
            yield
            db.session.commit()

    def come_to(self, stage: Stage, *told: tuple[Act, str | None]) -> None:
        """Let the year come to `stage` by the acts `told`, each with the snapshot that it froze."""
        with self.at_work():
            of_year = db.session.query(Assessment).one_or_none()
            if of_year is None:
                of_year = Assessment(
                    year=YEAR, document="1 号", notice_until=date(2025, 3, 17), stage=stage
                )
                db.session.add(of_year)
            of_year.stage = stage
            db.session.flush()
            for act, snapshot in told:
                event = AssessmentEvent(
                    assessment_id=of_year.id,
                    act=act,
                    from_stage=stage,
                    to_stage=stage,
                    snapshot_id=self.ids[snapshot] if snapshot else None,
                    reason="示例",
                )
                db.session.add(event)
                db.session.flush()


def build(app: Flask) -> World:
    """Add the records to the empty database of `app`."""
    world = World(app)
    with world.at_work():
        places = make.zhejiang()
        quzhou = make.region("330800", "衢州市", places["浙江省"], level=RegionLevel.CITY)
        counties = [places["缙云县"], places["庆元县"]]
        for code, name in (("330825", "龙游县"), ("330822", "常山县")):
            counties.append(make.region(code, name, quzhou))
        for place in counties:
            make.listing(place)
            make.pairing(places["富阳区"], place, since=date(2021, 1, 1))
        by_code = {place.code: place for place in (*places.values(), *counties)}
        for name, role, code in USERS:
            world.ids[name] = make.user(role, by_code.get(code), username=name).id
        document = _document()
        for number, name in enumerate(("draft", "notice", "final")):
            document["frozen_at"] = (FROZEN + timedelta(days=number)).isoformat()
            world.ids[name] = _keep(document).id
        issue = papers.paper_issue(db.session.get_one(Snapshot, world["final"]))
        for name, code in (("paper", OWN), ("foreign_paper", MIDDLE)):
            about = {"sheet": SHEET, "subject_code": code, "subject_name": by_code[code].name}
            world.ids[name] = papers.issued_paper(issue, by_code[code], **about).id
    return world


def _document() -> dict[str, Any]:
    """The frozen year with every fact that nobody reported at 1, all of them ruled on."""
    document = freeze(year_set(YEAR), FROZEN, lambda step: None)
    document["column"] = "province"
    names = list(document["measures"])
    for sheet in document["sheets"].values():
        sheet["undetermined"] = {}
        for column in sheet["facts"].values():
            for subject in column["subjects"]:
                given = {name: value for name, value in subject["measures"].items() if value}
                subject["measures"] = {**dict.fromkeys(names, "1"), **given}
                lacking = [name for name in names if name.startswith("enclaves.")]
                subject["measures"] |= dict.fromkeys(lacking, "0")  # no sheets of enclaves are read
                if subject["code"] in REPORTED:
                    subject["measures"]["projects.counted"] = REPORTED[subject["code"]]
    return document


def _keep(document: dict[str, Any]) -> Snapshot:
    content = canonical_json(document)
    sha256 = hashlib.sha256(content).hexdigest()
    snapshot = Snapshot(
        year=YEAR,
        sha256=sha256,
        facts_sha256=sha256,
        engine=document["engine"],
        frozen_at=datetime.fromisoformat(document["frozen_at"]),
        content=content,
    )
    snapshot.cards = index_of(scored(sha256, content))
    db.session.add(snapshot)
    db.session.flush()
    return snapshot
