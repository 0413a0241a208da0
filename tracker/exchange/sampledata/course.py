"""The course of a sample year: its stages on their days, its cards reviewed, its snapshots frozen.

The acts are those of the product with its prechecks; the days are those that a year has.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tracker.core.db import Origin, db, units
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.exchange.sampledata.city_course import with_books
from tracker.exchange.sampledata.rows import moment as ten_o_clock
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.year.assessments.awaited import FactToRule, subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.assessments.service import freeze_and_score
from tracker.year.procedure import service, steps
from tracker.year.procedure.advancing import refuse
from tracker.year.procedure.checks import Asked, precheck
from tracker.year.procedure.models import STAGES, Act, Assessment, Stage
from tracker.year.procedure.queries import assessment_of

DOCUMENT = "示例通报〔{}〕1号"
LACKING = "示例：没有上报，也没有记录"
AGREED = "示例：与上报资料一致"
_STEP = timedelta(days=30)


def go_on(
    year: int,
    to: Stage,
    progress: Callable[[str], None] = lambda step: None,
    owner: int | None = None,
) -> Assessment:
    """Bring the assessment of `year` by `owner` to the stage `to`; one that is there or beyond
    stays. A city's goes by the example of rulebooks where it has none.

    Facts are frozen where the course begins, and again where its cards are reviewed. Before the
    review of a year that the sample opened, whoever assesses decides on what is left. Raises
    ProcedureError, AssessmentError with what stands in the way.
    """
    days = _days(year, to)
    assessment = assessment_of(year, owner)
    if owner is not None:
        with_books(year, owner)
    if assessment is None:
        with units.writing():
            began = moment(days[Stage.SELF] - _STEP)
            assessment = service.open_year(None, year, days, at=began, owner=owner)
            assessment.origin = Origin.SAMPLE
            db.session.commit()
    snapshot: Snapshot | None = None
    while (assessment := _again(year, owner)) and _at(assessment.stage) < _at(to):
        step = steps.onward(assessment)
        assert step is not None, "only what is circulated has none, and nothing lies beyond"
        if step.freezes and snapshot is None:
            snapshot = freeze_and_score(year, None, progress, owner=owner)
        if step.act is Act.NOTIFIED:
            assert snapshot is not None, "frozen above"
            if assessment.origin is Origin.SAMPLE and decide(snapshot, days[Stage.PROVINCE]):
                snapshot = freeze_and_score(year, None, progress, owner=owner)
            snapshot = _reviewed(year, snapshot, days[Stage.PROVINCE], progress)
        _take(assessment, step, snapshot, days)
    return assessment


def moment(on: date) -> datetime:
    """When something of `on` was done: in its morning, and never later than now."""
    return min(ten_o_clock(on), now())


def _again(year: int, owner: int | None) -> Assessment:
    found = assessment_of(year, owner)
    assert found is not None, "opened above"
    return found


def _at(stage: Stage) -> int:
    return STAGES.index(stage)


def _days(year: int, to: Stage) -> dict[Stage, date]:
    """The usual days; what is not reached lies ahead, so that a demonstration is not late. A notice
    to be looked at begins today: one of last year would be over, and nobody could object."""
    days = service.usual_days(year)
    ahead = today()
    if to is Stage.NOTICE:
        days[Stage.PROVINCE] = max(days[Stage.PROVINCE], ahead)
    for stage in STAGES[max(_at(to), 1) :]:
        if to is not Stage.CIRCULAR:
            ahead += _STEP
            days[stage] = max(days[stage], ahead)
    return days


def decide(snapshot: Snapshot, on: date) -> int:
    """Decide on the facts of a snapshot that nobody has decided on as they are: as they were
    reported, and for nothing where they were not. How many."""
    cards = db.session.scalars(select(ScorecardRow).filter_by(snapshot_id=snapshot.id)).all()
    owner, number = snapshot.owner_region_id, 0
    with units.writing():
        for subject in subjects_to_rule(snapshot, cards):
            for fact in subject.facts:
                if not _is_open(fact, owner):
                    continue
                lacks = fact.reported is None
                ruling = Determination(
                    year=snapshot.year,
                    measure=fact.name,
                    owner_region_id=owner,
                    level=RulingLevel.PROVINCE,
                    ruling=Ruling.REFUSED if lacks else Ruling.ACCEPTED,
                    reported=fact.reported,
                    reason=LACKING if lacks else AGREED,
                    ruled_at=now() if fact.rulings else moment(on),
                    origin=Origin.SAMPLE,
                    **{subject.column: subject.record_id},
                )
                db.session.add(ruling)
                number += 1
        db.session.commit()
    return number


def _is_open(fact: FactToRule, owner: int | None) -> bool:
    """Whether a fact is to be decided on: for the province what no level has, since its review
    adopts what its cities decided; for a city each, since it gave its 初审 for the province."""
    if owner is not None:
        return fact.awaits(RulingLevel.PROVINCE)
    standing = fact.at(RulingLevel.PROVINCE)
    return standing.ruling is None or standing.changed


def _reviewed(year: int, snapshot: Snapshot, on: date, progress: Callable[[str], None]) -> Snapshot:
    """Review every card, and freeze that."""
    sheets = scored_of(snapshot).document["sheets"]
    cards = [(kind, code) for kind, sheet in sheets.items() for code in sheet["subjects"]]
    with units.writing():
        service.review(None, snapshot, sheets, cards, at=moment(on))
        db.session.commit()
    return freeze_and_score(year, None, progress, owner=snapshot.owner_region_id)


def _take(
    assessment: Assessment, step: steps.Step, snapshot: Snapshot | None, days: dict[Stage, date]
) -> None:
    year, owner = assessment.year, assessment.owner_region_id
    points = scored_of(snapshot) if snapshot else None
    refuse(step.act, precheck(step.act, Asked(year, points, owner=owner)))
    due = days.get(assessment.stage, days[Stage.SELF] - _STEP)
    done = max(each.at for each in assessment.events)
    with units.writing():
        service.act(
            None,
            _again(year, owner),
            step.act,
            snapshot=snapshot if step.freezes else None,
            document=DOCUMENT.format(year + 1) if step.act is Act.CIRCULATED else "",
            at=max(moment(due), done),  # a notice to be looked at began later than is usual
        )
        db.session.commit()
