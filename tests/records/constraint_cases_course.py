"""The cases of the tables about the course of a year's assessment."""

from __future__ import annotations

from datetime import date

from tests import courses
from tests.records.constraint_cases import Cases, of, unlisted
from tracker.core.db import db
from tracker.year.procedure.models import Act, AssessmentDay, Stage

_SUNDAY, _MONDAY = date(2021, 1, 10), date(2021, 1, 11)


def _day(w) -> AssessmentDay:
    given = {"stage": Stage.SELF, "stated_on": _SUNDAY, "due_on": _MONDAY}
    row = AssessmentDay(assessment_id=w.assessment.id, **given)
    db.session.add(row)
    db.session.flush()
    return row


OWNED = {"owner_region_id": of("county")}

COURSE = {
    "assessments": Cases(
        base=lambda w: courses.assessment(2018, days=[]),
        refused={
            **unlisted("stage"),
            "year": [{"year": 2001}, {"year": 2101}],
            "notice": [{"stage": "notice"}],
            "document": [{"stage": "circular"}],
        },
        uniques={
            "uq_assessments_year": {},
            "uq_assessments_owner_year": (OWNED, {}),
        },
        accepted=[
            {"stage": "notice", "notice_until": date(2019, 3, 15)},
            {"stage": "circular", "document": "示例〔2019〕1号"},
        ],
        beside=[{"year": 2017}],
    ),
    "assessment_days": Cases(
        base=_day,
        refused={
            **unlisted("stage"),
            "stage": [{"stage": "unlisted"}, {"stage": "preparing"}],
            "stated_on_before_due_on": [
                {"stated_on": date(2020, 1, 11), "due_on": date(2020, 1, 10)}
            ],
        },
        uniques={"uq_assessment_days_stage": {}},
        accepted=[{"stated_on": date(2020, 1, 10), "due_on": date(2020, 1, 10)}],
        beside=[
            {"stage": "city"},
            {"assessment_id": lambda _r, w: w.other_assessment.id},
        ],
    ),
    "assessment_events": Cases(
        base=lambda w: courses.event(w.assessment, Act.OPENED),
        refused={
            **unlisted("act", "from_stage", "to_stage"),
            "reason": [{"act": "taken_back"}, {"act": "reopened"}],
            "snapshot": [
                {"act": "self_closed"},
                {"act": "city_closed"},
                {"act": "notified"},
                {"act": "finalised"},
            ],
        },
        accepted=[
            {"act": "taken_back", "reason": "更正"},
            {"act": "finalised", "snapshot_id": lambda _r, w: w.snapshot.id},
        ],
    ),
    "card_reviews": Cases(
        base=lambda w: courses.review(w.assessment),
    ),
    "gaps": Cases(
        base=lambda w: courses.gap(w.assessment),
        refused={"reason": [{"reason": ""}]},
        accepted=[{"accepted": False}],
    ),
}
