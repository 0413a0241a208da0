"""Those who have a part in the stage of a year are reminded of it, until it is done or over."""

from __future__ import annotations

from datetime import date

from tests import courses, objecting
from tests.web.conftest import YEAR, Site
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.reminders import service
from tracker.records.reminders.models import Reminder
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.objections.models import ObjectionState
from tracker.year.procedure.models import Act, Stage
from tracker.year.procedure.service import review

OURS = ("self_assessment", "city_ruling", "card_reviews", "stage_over", "notice", "objections")
LATE = date(2025, 2, 3)  # after the last day of the city's stage


def told(on: date) -> dict[str, list[str]]:
    """Who is newly told what of the year's course, by username."""
    made = service.gather(service.standing(on), [])
    found: dict[str, list[str]] = {}
    for each in made.new:
        if each.occasion in OURS:
            found.setdefault(each.user.username, []).append(each.found.title)
    return {name: sorted(titles) for name, titles in found.items()}


def stands(user: str) -> list[str]:
    """What of the year's course `user` is reminded of now."""
    wanted = (
        db.select(Reminder.title)
        .join(User, User.id == Reminder.user_id)
        .where(Reminder.over_at.is_(None), User.username == user, Reminder.occasion.in_(OURS))
    )
    return sorted(db.session.scalars(wanted))


def test_each_stage_reminds_those_who_have_a_part_in_it(site: Site) -> None:
    with site.app.app_context():
        snapshot = db.session.get_one(Snapshot, site.world["snapshot"])
        of = courses.assessment(YEAR, Stage.SELF)
        own = [f"{YEAR} 年度考核正在自评"]
        assert told(date(2024, 12, 25)) == {"staff": own, "neighbour": own}
        assert told(date(2024, 12, 26)) == {}
        assert told(date(2025, 1, 7)) == {"staff": own, "neighbour": own}  # 3 days before
        late = told(date(2025, 1, 12))
        assert late["staff"] == own
        assert late["assessor"] == [f"{YEAR} 年度考核的自评已到期，待办理：自评截止"]

        of.stage = Stage.CITY
        (ruling,) = told(date(2025, 1, 13))["reviewer"]
        assert ruling.startswith(f"{YEAR} 年度市级初审：")
        assert ruling.endswith("份评分表有数据待核定")
        assert (stands("staff"), stands("assessor"), stands("reviewer")) == ([], [], [ruling])

        of.stage = Stage.PROVINCE
        (waiting,) = told(date(2025, 2, 1))["assessor"]
        assert stands("reviewer") == []
        sheets = scored(snapshot.sha256, snapshot.content).document["sheets"]
        cards = sum(len(sheet["subjects"]) for sheet in sheets.values())
        assert waiting == f"{YEAR} 年度有 {cards} 份评分表待复核"
        pairs = [("pair", code) for code in sheets["pair"]["subjects"]]
        review(None, snapshot, sheets, pairs)
        assert told(date(2025, 2, 1)) == {}
        assert stands("assessor") == [f"{YEAR} 年度有 {cards - len(pairs)} 份评分表待复核"]
        db.session.commit()


def test_the_notice_and_what_is_objected_remind_until_they_are_over(site: Site) -> None:
    until = date(2025, 3, 14)
    with site.app.app_context():
        snapshot = db.session.get_one(Snapshot, site.world["snapshot"])
        of = objecting.published(snapshot, notice_until=until)
        open_to_all = [f"{YEAR} 年度评分表正在公示"]
        first = told(date(2025, 3, 7))
        assert {name: said for name, said in first.items() if name != "leader"} == {
            "staff": open_to_all,
            "neighbour": open_to_all,
        }
        assert told(date(2025, 3, 10)) == {}
        assert told(date(2025, 3, 13))["staff"] == open_to_all
        assert told(until)["staff"] == open_to_all
        row = objecting.card(snapshot, "331122")
        lines = objecting.points_of(snapshot).sheets[row.sheet].card("331122").lines[:2]
        made = [objecting.objection(of, row, line.code) for line in lines]
        assert told(until) == {"assessor": [f"{YEAR} 年度有 2 件申诉待答复"]}
        db.session.commit()
    home = text_of(site.browser("assessor").get("/reminders/"))
    assert f"{YEAR} 年度有 2 件申诉待答复" in home
    with site.app.app_context():
        made = [db.session.merge(each) for each in made]
        made[1].state = ObjectionState.WITHDRAWN
        over = told(date(2025, 3, 15))
        assert over == {
            "assessor": [
                f"{YEAR} 年度考核的公示已到期，待办理：公示期满",
                f"第 {made[0].id} 号申诉待答复",
            ]
        }
        assert stands("staff") == []
        made[0].state = ObjectionState.REFUSED
        objecting.move(YEAR, Stage.OBJECTIONS)
        told(date(2025, 3, 15))
        assert [said for said in stands("assessor") if "申诉" in said] == []
        db.session.commit()


def test_a_year_that_nobody_opened_reminds_nobody(site: Site) -> None:
    with site.app.app_context():
        found = service.standing(LATE)
        assert [each for key in OURS for each in found[key]] == []
        courses.event(courses.assessment(YEAR, Stage.CIRCULAR), Act.CIRCULATED)
        found = service.standing(LATE)
        assert [each for key in OURS for each in found[key]] == []
