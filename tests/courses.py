"""Years in a stage of their course, without the way there."""

from __future__ import annotations

from datetime import date

from tracker.core.db import db
from tracker.year.assessments.models import Snapshot
from tracker.year.procedure.models import (
    Act,
    Assessment,
    AssessmentDay,
    AssessmentEvent,
    CardReview,
    Gap,
    Stage,
)
from tracker.year.procedure.queries import assessment_of
from tracker.year.procedure.service import usual_days

CARD = {"subject": "county.recipient", "subject_code": "331122"}


def _add(row):
    db.session.add(row)
    db.session.flush()
    return row


def assessment(year: int, stage: Stage = Stage.PREPARING, **fields: object) -> Assessment:
    """The assessment of a year, in a stage."""
    given: dict = {"year": year, "stage": stage}
    if stage is Stage.NOTICE:
        given["notice_until"] = date(2099, 1, 1)
    if stage is Stage.CIRCULAR:
        given["document"] = "示例〔2025〕1号"
    given |= fields
    found = Assessment(**given)
    for of, day in usual_days(year).items() if "days" not in given else ():
        found.days.append(AssessmentDay(stage=of, stated_on=day, due_on=day))
    return _add(found)


def event(of: Assessment, act: Act, snapshot: Snapshot | None = None, **fields: object):
    """An act that was done."""
    given: dict = {"from_stage": of.stage, "to_stage": of.stage, "snapshot_id": None}
    if snapshot is not None:
        given["snapshot_id"] = snapshot.id
    return _add(AssessmentEvent(assessment_id=of.id, act=act, **given | fields))


def review(of: Assessment, **fields: object) -> CardReview:
    """A card that was reviewed."""
    given: dict = {**CARD, "facts_sha256": "0" * 64}
    return _add(CardReview(assessment_id=of.id, **given | fields))


def gap(of: Assessment, **fields: object) -> Gap:
    """A line that was accepted as a gap."""
    given: dict = {**CARD, "line": "A1.1", "accepted": True, "reason": "没有这项统计"}
    return _add(Gap(assessment_id=of.id, **given | fields))


def finalised(snapshot: Snapshot, stage: Stage = Stage.FINAL) -> Assessment:
    """The year of `snapshot`, made final with it."""
    found = assessment_of(snapshot.year)
    if found is None:
        found = assessment(snapshot.year, stage)
    elif found.stage is not stage:
        found.stage = stage
    event(found, Act.FINALISED, snapshot)
    return found


def circulated(snapshot: Snapshot) -> Assessment:
    """The year of `snapshot`, made final with it and circulated."""
    found = finalised(snapshot)
    found.document, found.stage = "示例〔2025〕1号", Stage.CIRCULAR
    event(found, Act.CIRCULATED)
    return found
