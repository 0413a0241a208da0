"""The table of what is visible, walked for a city's assessment: every stage, everybody."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests.courses import assessment, event
from tests.papers.issuing.conftest import YEAR, records
from tests.year.procedure.cities import COUNTY, City, elsewhere
from tests.year.procedure.conftest import Year
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.places.models import Region
from tracker.year.assessments.queries import card_row
from tracker.year.procedure import sight
from tracker.year.procedure.models import STAGES, Act, Stage
from tracker.year.procedure.sights import TABLE, Sight, Who

# Everybody, and as whom each looks at the assessment of 丽水市.
PEOPLE = {
    "staff": Who.COUNTY,
    "reviewer": Who.PROVINCE,
    "city_leader": Who.PROVINCE,
    "assessor": Who.PROVINCE,
    "longyou": Who.ELSEWHERE,
    "quzhou": Who.ELSEWHERE,
    "administrator": Who.ADMINISTRATOR,
}


@pytest.fixture
def city(sqlite_app: Flask) -> City:
    found = City(Year(records()))
    elsewhere()
    city = db.session.get_one(Region, found.owner)
    make.user(Role.LEADER, city, username="city_leader")
    make.user(Role.ADMINISTRATOR, None, username="administrator")
    found.publish()
    return found


def test_every_stage_and_everybody(city: City) -> None:
    snapshot = city.score()
    users = {user.username: user for user in db.session.scalars(select(User))}
    of_city = None
    for stage in (None, *STAGES):
        if stage is not None:
            if of_city is None:
                of_city = assessment(
                    YEAR,
                    owner_region_id=city.owner,
                    document="1 号",
                    notice_until=date(2025, 3, 17),
                )
            of_city.stage = stage
            told = {
                Stage.NOTICE: (Act.NOTIFIED,),
                Stage.FINAL: (Act.FINALISED,),
                Stage.CIRCULAR: (Act.CIRCULATED,),
            }
            for act in told.get(stage, ()):
                event(of_city, act, None if act is Act.CIRCULATED else snapshot)
            db.session.flush()
        for name, who in PEOPLE.items():
            user, seen = users[name], TABLE[stage][who]
            assert sight.sight_of(snapshot, user) == seen, (stage, name)
            rows = {row.subject_code: row for row in sight.cards(snapshot, user, of_all=True)}
            everything = {"staff": {COUNTY, "331126"} if Sight.POINTS in seen else {COUNTY}}
            whole = {COUNTY, "331126"} if who is Who.PROVINCE else set()
            assert set(rows) == everything.get(name, whole), (stage, name)
            if name == "staff":
                assert (rows[COUNTY].rank is not None) is (Sight.RANKS in seen)
                assert rows[COUNTY].shows_grade is (Sight.OWN_GRADE in seen)
                assert all(
                    row.shows_grade is (Sight.GRADES in seen)
                    for code, row in rows.items()
                    if code != COUNTY
                )
            opened = card_row(snapshot.id, "city-recipient-county", COUNTY, user)
            assert (opened is not None) is (name not in ("longyou", "quzhou", "administrator"))
        assert sight.public_sight(snapshot) == TABLE[stage][Who.PUBLIC]
    # The province's own course is none of this.
    assert sight.courses([YEAR]) == {}
    assert sight.published_snapshot(YEAR) is None
    assert sight.published_snapshot(YEAR, city.owner) == snapshot
    assert sight.scores(users["staff"], COUNTY) == []
