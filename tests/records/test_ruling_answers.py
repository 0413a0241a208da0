"""Which rulings wait for an answer, and which are spoken against: on both databases."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.records.accounts.permissions import Role
from tracker.records.determinations import service
from tracker.records.determinations.levels import level_of
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.queries import about, objected, unanswered
from tracker.records.places.models import Region


def found(*conditions) -> list[int]:
    db.session.flush()
    statement = select(Determination.id).where(*conditions).order_by(Determination.id)
    return list(db.session.scalars(statement))


def refused(of, **fields) -> Determination:
    return acts.determination(of, ruling=Ruling.REFUSED, reason="没有凭证", **fields)


def own(place: Region):
    return select(Region.id).where(Region.id == place.id)


def test_what_stands_against_a_place_waits_until_it_is_answered_or_ruled_anew(app: Flask) -> None:
    places = make.zhejiang()
    county, other = places["缙云县"], places["庆元县"]
    clerk = make.user(Role.STAFF, county)
    enclave = make.enclave(county, places["富阳区"])
    acts.determination(county)
    first, second = refused(county, measure="a"), refused(enclave, measure="b")
    foreign = refused(other, measure="a")
    assert found(*unanswered()) == [first.id, second.id, foreign.id]
    assert found(about(own(county)), *unanswered()) == [first.id, second.id]
    assert found(about(own(places["富阳区"])), *unanswered()) == []
    service.answer(clerk, first, True, "")
    assert found(about(own(county)), *unanswered()) == [second.id]
    anew = acts.determination(enclave, measure="b")
    assert found(about(own(county)), *unanswered()) == []
    # Another level, year, measure or subject does not rule anew.
    for other_one in ({"level": RulingLevel.CITY}, {"year": 2023}, {"measure": "c"}):
        acts.determination(other, **{"measure": "a", **other_one})
    assert found(*unanswered()) == [foreign.id]
    assert anew.ruling is Ruling.ACCEPTED


def test_an_objection_is_that_of_the_last_answer_to_a_ruling_that_stands(app: Flask) -> None:
    places = make.zhejiang()
    county = places["缙云县"]
    clerk = make.user(Role.STAFF, county)
    ruling = refused(county, measure="a")
    service.answer(clerk, ruling, False, "合同已补传")
    assert found(*objected(RulingLevel.PROVINCE)) == [ruling.id]
    assert found(*objected(RulingLevel.CITY)) == []
    service.answer(clerk, ruling, True, "")
    assert found(*objected(RulingLevel.PROVINCE)) == []
    service.answer(clerk, ruling, False, "仍有异议")
    assert found(*objected(RulingLevel.PROVINCE)) == [ruling.id]
    refused(county, measure="a")
    assert found(*objected(RulingLevel.PROVINCE)) == []


def test_levels_are_those_of_the_own_place(sqlite_app: Flask) -> None:
    places = make.zhejiang()
    assert level_of(make.user(Role.ASSESSOR, places["浙江省"])) is RulingLevel.PROVINCE
    assert level_of(make.user(Role.REVIEWER, places["丽水市"])) is RulingLevel.CITY
    assert level_of(make.user(Role.STAFF, places["缙云县"])) is None
    assert level_of(make.user(Role.ADMINISTRATOR)) is None
