"""What people are told of a city's assessment: reminders, and what there is to do on 我的工作."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask_login import login_user
from sqlalchemy import select

from tests import factories_acts as acts
from tests import objecting
from tests.courses import assessment, event
from tests.papers.issuing.conftest import YEAR, records
from tests.year.procedure.cities import COUNTY, SHEET, City, elsewhere
from tests.year.procedure.conftest import Year
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.determinations import service as determinations
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.service import rule
from tracker.records.places.models import Region
from tracker.records.reminders import service
from tracker.site import work
from tracker.year.procedure.models import Act, Stage

OURS = ("self_assessment", "city_ruling", "card_reviews", "stage_over", "notice", "objections")
OF_CITY = f"市考县 · 丽水市 {YEAR} 年度"


@pytest.fixture
def city(sqlite_app: Flask) -> City:
    found = City(Year(records()))
    elsewhere()
    found.publish()
    return found


def told(on: date) -> dict[str, list[tuple[str, str]]]:
    """Who is newly told what of the course, with the address of its page."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in service.gather(service.standing(on), []).new:
        if each.occasion in OURS:
            say = (each.found.title, each.found.path)
            found.setdefault(each.user.username, []).append(say)
    return {name: sorted(says) for name, says in found.items()}


def test_each_stage_of_a_city_reminds_its_own_people(city: City) -> None:
    snapshot = city.score()
    of = assessment(YEAR, Stage.SELF, owner_region_id=city.owner)
    db.session.refresh(of)
    own = (f"{OF_CITY}考核正在自评", f"/scorecards/?year={YEAR}&owner=331100")
    assert told(date(2024, 12, 25)) == {"staff": [own]}
    over = told(date(2025, 1, 12))
    assert over["reviewer"] == [
        (
            f"{OF_CITY}考核的自评已到期，待办理：自评截止",
            f"/assessments/course/?year={YEAR}&owner=331100",
        )
    ]
    assert set(over) == {"reviewer", "staff"}

    of.stage = Stage.CITY
    ((said, path),) = told(date(2025, 1, 13))["reviewer"]
    assert (said, path) == (
        f"{OF_CITY}初审：2 份评分表有数据待核定",
        f"/determinations/?year={YEAR}&owner=331100",
    )
    of.stage = Stage.PROVINCE
    assert told(date(2025, 2, 1)) == {
        "reviewer": [
            (f"{OF_CITY}有 2 份评分表待复核", f"/assessments/reviews/?year={YEAR}&owner=331100")
        ]
    }

    of.stage, of.notice_until = Stage.NOTICE, date(2025, 3, 14)
    event(of, Act.NOTIFIED, snapshot)
    assert told(date(2025, 3, 7)) == {
        "staff": [(f"{OF_CITY}评分表正在公示", f"/scorecards/?year={YEAR}&owner=331100")]
    }
    row = objecting.card(snapshot, COUNTY, SHEET)
    for line in ("C1", "C2"):
        objecting.objection(of, row, line)
    # The city answers what is objected in its own assessment: nobody of the province is told.
    assert told(date(2025, 3, 8)) == {
        "reviewer": [
            (f"{OF_CITY}有 2 件申诉待答复", "/objections/?state=open&span=all&owner=331100")
        ]
    }
    # Beside it the province's course reminds of itself, as if there were none of a city.
    provinces = assessment(YEAR, Stage.SELF)
    assert told(date(2024, 12, 25))["staff"][0][0] == f"{YEAR} 年度考核正在自评"
    db.session.delete(provinces)


def todos(app: Flask, name: str) -> dict[str, work.lists.Todo]:
    user = db.session.scalars(select(User).where(User.username == name)).one()
    with app.test_request_context(f"/?year={YEAR}"):
        app.preprocess_request()
        login_user(user)
        found = work.of_role(user.role)(user, YEAR)
        return {todo.key: todo for todo in found["todos"]}


def corrected(city: City) -> Determination:
    """The city refuses a figure of 缙云县 in its own assessment."""
    county = db.session.scalars(select(Region.id).where(Region.code == COUNTY)).one()
    made = rule(
        YEAR, "exchanges.visits", {"region_id": county}, RulingLevel.PROVINCE, Ruling.REFUSED,
        None, city.reviewer, reason="没有记录", owner=city.owner,
    )  # fmt: skip
    db.session.commit()
    return made


def test_a_county_answers_what_its_city_rules_and_the_city_sees_it(
    sqlite_app: Flask, city: City
) -> None:
    assessment(YEAR, Stage.PROVINCE, owner_region_id=city.owner)
    made = corrected(city)
    to_answer = todos(sqlite_app, "staff")["to-answer"]
    (row,) = to_answer.rows
    assert row.state == "市考县，不予认定：没有记录"
    assert to_answer.records_href is not None
    assert "whose=all" in to_answer.records_href
    staff = db.session.scalars(select(User).where(User.username == "staff")).one()
    determinations.answer(staff, made, False, "有合影")
    db.session.commit()
    assert todos(sqlite_app, "staff")["to-answer"].total == 0
    of_city = todos(sqlite_app, "reviewer")
    assert [row.state for row in of_city["city-objections"].rows] == ["有异议：有合影"]
    assert of_city["objections"].total == 0
    assert "owner=331100" in (of_city["city-objections"].records_href or "")
    assert todos(sqlite_app, "assessor")["objections"].total == 0


def test_what_another_city_rules_does_not_hold_up_this_one(city: City) -> None:
    assessment(YEAR, Stage.PROVINCE, owner_region_id=city.owner)
    snapshot = city.score()
    later = {"year": YEAR, "ruled_at": snapshot.frozen_at + timedelta(minutes=1)}
    places = {each.code: each for each in db.session.scalars(select(Region))}
    acts.determination(places["330825"], level=RulingLevel.CITY, **later)
    assert "计分以后又有核定" not in city.errors(Act.NOTIFIED)
    acts.determination(places[COUNTY], level=RulingLevel.CITY, **later)
    assert "计分以后又有核定" in city.errors(Act.NOTIFIED)
