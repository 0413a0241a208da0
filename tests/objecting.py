"""A year whose notice runs, and objections to lines of its cards, for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests import courses
from tracker.core.db import db
from tracker.records.determinations.models import Determination
from tracker.records.places.models import Region
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.objections.models import (
    Objection,
    ObjectionAct,
    ObjectionClaim,
    ObjectionEvent,
    ObjectionRuling,
    ObjectionState,
)
from tracker.year.objections.queries import line_of, points_of
from tracker.year.procedure.models import Act, Assessment, Stage

SHEET = "zj-recipient-county"


def published(snapshot: Snapshot, **fields: Any) -> Assessment:
    """The year of `snapshot` with its notice running on it."""
    found = courses.assessment(snapshot.year, Stage.NOTICE, **fields)
    courses.event(found, Act.NOTIFIED, snapshot)
    return found


def move(year: int, to: Stage) -> None:
    """Bring the year to a stage, without the way there."""
    found = db.session.scalars(db.select(Assessment).filter_by(year=year)).one()
    found.stage = to
    db.session.flush()


def card(snapshot: Snapshot, code: str, sheet: str = SHEET) -> ScorecardRow:
    """The card of a subject."""
    wanted = db.select(ScorecardRow).filter_by(
        snapshot_id=snapshot.id, sheet=sheet, subject_code=code
    )
    return db.session.scalars(wanted).one()


def line_reading(row: ScorecardRow, measure: str) -> str:
    """The code of the first line of a card that reads a measure."""
    sheet = points_of(row.snapshot).sheets[row.sheet]
    return next(line.code for line in sheet.card(row.subject_code).lines if measure in line.inputs)


def objection(of: Assessment, row: ScorecardRow, line: str, **fields: Any) -> Objection:
    """An objection to a line of a card, filed by nobody in particular."""
    sheet = points_of(row.snapshot).sheets[row.sheet]
    scored = line_of(sheet, row.subject_code, line)
    assert scored is not None
    given: dict[str, Any] = {
        "assessment_id": of.id,
        "region_id": row.region_id,
        "snapshot_id": row.snapshot_id,
        "sheet": row.sheet,
        "subject": sheet.rulebook.subject,
        "subject_code": row.subject_code,
        "subject_name": row.subject_name,
        "line": line,
        "line_name": scored.indicator.name,
        "words": "漏计一个项目",
    }
    made = Objection(**given | fields)
    made.events.append(ObjectionEvent(act=ObjectionAct.FILED))
    db.session.add(made)
    db.session.flush()
    return made


def plain(of: Assessment, place: Region, snapshot: Snapshot, **fields: Any) -> Objection:
    """An objection whose card nobody looks at, with a claim."""
    given: dict[str, Any] = {
        "assessment": of,
        "region": place,
        "snapshot": snapshot,
        "sheet": SHEET,
        "subject": "county.recipient",
        "subject_code": place.code,
        "subject_name": place.name,
        "line": "A2.1",
        "line_name": "新签约项目",
        "words": "漏计一个项目",
    }
    made = Objection(**given | fields)
    made.claims.append(ObjectionClaim(measure="projects.counted", value=Decimal(3)))
    db.session.add(made)
    db.session.flush()
    return made


def event(of: Objection, act: str, **fields: Any) -> ObjectionEvent:
    """An act on an objection."""
    made = ObjectionEvent(objection=of, act=ObjectionAct(act), **fields)
    db.session.add(made)
    db.session.flush()
    return made


def answered(of: Objection, ruling: Determination) -> ObjectionEvent:
    """The answer to an objection that was filed, with its ruling."""
    event(of, "filed")
    made = event(of, "granted", reason="已核对")
    made.rulings.append(ObjectionRuling(determination=ruling))
    of.state = ObjectionState.GRANTED
    db.session.flush()
    return made
