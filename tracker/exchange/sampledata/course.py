"""The course of a sample year: its stages on their days, its cards reviewed, its snapshots frozen.

The acts are those of the product with its prechecks; the days are those that a year has.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tracker.core.db import Origin, db, units
from tracker.core.quantities.clock import today
from tracker.exchange.sampledata.rows import moment
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure import service, steps
from tracker.year.procedure.advancing import refuse
from tracker.year.procedure.checks import Asked, precheck
from tracker.year.procedure.models import STAGES, Act, Assessment, Stage
from tracker.year.procedure.queries import assessment_of

DOCUMENT = "示例通报〔{}〕1号"
_STEP = timedelta(days=30)


def go_on(year: int, to: Stage, progress: Callable[[str], None] = lambda step: None) -> Assessment:
    """Bring the assessment of `year` to the stage `to`; one that is there or beyond stays.

    Facts are frozen where the course begins, and again where its cards are reviewed. Raises
    ProcedureError, AssessmentError with what stands in the way.
    """
    days = _days(year, to)
    assessment = assessment_of(year)
    if assessment is None:
        with units.writing():
            assessment = service.open_year(None, year, days, at=moment(days[Stage.SELF] - _STEP))
            assessment.origin = Origin.SAMPLE
            db.session.commit()
    snapshot: Snapshot | None = None
    while (assessment := _again(year)) and _at(assessment.stage) < _at(to):
        step = steps.onward(assessment)
        assert step is not None, "only what is circulated has none, and nothing lies beyond"
        if step.freezes and snapshot is None:
            snapshot = freeze_and_score(year, None, progress)
        if step.act is Act.NOTIFIED:
            assert snapshot is not None, "frozen above"
            snapshot = _reviewed(year, snapshot, days[Stage.PROVINCE], progress)
        _take(year, step, snapshot, days)
    return assessment


def _again(year: int) -> Assessment:
    found = assessment_of(year)
    assert found is not None, "opened above"
    return found


def _at(stage: Stage) -> int:
    return STAGES.index(stage)


def _days(year: int, to: Stage) -> dict[Stage, date]:
    """The usual days; what is not reached lies ahead, so that a demonstration is not late."""
    days = service.usual_days(year)
    ahead = today()
    for stage in STAGES[max(_at(to), 1) :]:
        if to is not Stage.CIRCULAR:
            ahead += _STEP
            days[stage] = max(days[stage], ahead)
    return days


def _reviewed(year: int, snapshot: Snapshot, on: date, progress: Callable[[str], None]) -> Snapshot:
    """Review every card, and freeze that."""
    sheets = scored(snapshot.sha256, snapshot.content).document["sheets"]
    cards = [(kind, code) for kind, sheet in sheets.items() for code in sheet["subjects"]]
    with units.writing():
        service.review(None, snapshot, sheets, cards, at=moment(on))
        db.session.commit()
    return freeze_and_score(year, None, progress)


def _take(year: int, step: steps.Step, snapshot: Snapshot | None, days: dict[Stage, date]) -> None:
    assessment = _again(year)
    points = scored(snapshot.sha256, snapshot.content) if snapshot else None
    refuse(step.act, precheck(step.act, Asked(year, points)))
    due = days.get(assessment.stage, days[Stage.SELF] - _STEP)
    with units.writing():
        service.act(
            None,
            _again(year),
            step.act,
            snapshot=snapshot if step.freezes else None,
            document=DOCUMENT.format(year + 1) if step.act is Act.CIRCULATED else "",
            at=moment(min(due, today())),
        )
        db.session.commit()
