"""Reads of a year's assessment: its stage, its final snapshot, the standing reviews and gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.engine.scoring import digest
from tracker.records.accounts.owners import of as owned_by
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.models import Snapshot
from tracker.year.procedure.models import (
    FINISHED,
    Act,
    Assessment,
    AssessmentEvent,
    CardReview,
    Gap,
    Stage,
)

Card = tuple[str, str]  # (what the sheet is about, the subject's code)


def of_year(year: int, owner: int | None) -> ColumnElement[bool]:
    """Whether an assessment is that of `year` by `owner`."""
    return and_(Assessment.year == year, owned_by(Assessment.owner_region_id, owner))


def assessment_of(year: int, owner: int | None = None) -> Assessment | None:
    """The assessment of `year` by `owner` with its days; None where it was not opened."""
    wanted = select(Assessment).where(of_year(year, owner))
    return db.session.scalars(wanted.options(selectinload(Assessment.days))).one_or_none()


def of_cities(year: int) -> dict[int, Assessment]:
    """The assessments of `year` that cities make of their own counties, by the city's id."""
    wanted = select(Assessment).where(
        Assessment.year == year, Assessment.owner_region_id.is_not(None)
    )
    return {
        each.owner_region_id: each for each in db.session.scalars(wanted) if each.owner_region_id
    }


def stage_of(year: int, owner: int | None = None) -> Stage | None:
    """The stage of `year`; None where its assessment was not opened."""
    return db.session.scalar(select(Assessment.stage).where(of_year(year, owner)))


def assessments(owner: int | None = None) -> list[Assessment]:
    """All of `owner`, the newest year first."""
    wanted = select(Assessment).where(owned_by(Assessment.owner_region_id, owner))
    wanted = wanted.options(selectinload(Assessment.days))
    return list(db.session.scalars(wanted.order_by(Assessment.year.desc())))


def events_of(assessment: Assessment) -> list[AssessmentEvent]:
    """What was done, the newest first."""
    wanted = (
        select(AssessmentEvent)
        .where(AssessmentEvent.assessment_id == assessment.id)
        .options(joinedload(AssessmentEvent.actor), joinedload(AssessmentEvent.snapshot))
    )
    return list(db.session.scalars(wanted.order_by(AssessmentEvent.id.desc())))


def final_snapshot(year: int, owner: int | None = None) -> Snapshot | None:
    """The snapshot with which `year` was made final; None while it is not."""
    if stage_of(year, owner) not in FINISHED:
        return None
    return stage_snapshots(year, owner).get(Act.FINALISED)


def stage_snapshots(year: int, owner: int | None = None) -> dict[Act, Snapshot]:
    """The snapshot that each act froze, the last of each act, in the order of the course."""
    wanted = (
        select(AssessmentEvent)
        .join(AssessmentEvent.assessment)
        .where(of_year(year, owner), AssessmentEvent.snapshot_id.is_not(None))
        .options(joinedload(AssessmentEvent.snapshot))
        .order_by(AssessmentEvent.id)
    )
    found: dict[Act, Snapshot] = {}
    for event in db.session.scalars(wanted):
        assert event.snapshot is not None, "asked for with one"
        found[event.act] = event.snapshot
    return {act: found[act] for act in Act if act in found}


def facts_digest(sheet: Mapping[str, Any], code: str) -> str:
    """What a review of the card of `code` rests on: the values of its 复核 column and who decided
    them. `sheet` is its part of a snapshot's document."""
    column = sheet["facts"][RulingLevel.PROVINCE.value]
    measures = next(each["measures"] for each in column["subjects"] if each["code"] == code)
    marks = {name: sheet.get(name, {}).get(code, ()) for name in ("taken_over", "undetermined")}
    changed = sheet.get("changed", {}).get(code, {})
    return digest({"measures": measures, **marks, "changed": changed})


def latest_reviews(year: int, owner: int | None = None) -> dict[Card, CardReview]:
    """The last review of each card of `year`, whether it stands or not; one statement."""
    wanted = (
        select(CardReview)
        .join(Assessment, Assessment.id == CardReview.assessment_id)
        .where(of_year(year, owner))
        .options(joinedload(CardReview.actor))
        .order_by(CardReview.id)
    )
    return {(row.subject, row.subject_code): row for row in db.session.scalars(wanted)}


def standing_reviews(
    year: int, sheets: Mapping[str, Mapping[str, Any]], owner: int | None = None
) -> dict[Card, CardReview]:
    """The reviews that stand: made on the facts that `sheets` (of a snapshot's document) has."""
    return {
        (subject, code): row
        for (subject, code), row in latest_reviews(year, owner).items()
        if code in sheets.get(subject, {}).get("subjects", ())
        and row.facts_sha256 == facts_digest(sheets[subject], code)
    }


def accepted_gaps(year: int, owner: int | None = None) -> dict[Card, dict[str, Gap]]:
    """The lines of `year` that are accepted as gaps, by card and the line's code."""
    wanted = (
        select(Gap)
        .join(Assessment, Assessment.id == Gap.assessment_id)
        .where(of_year(year, owner))
        .options(joinedload(Gap.actor))
        .order_by(Gap.id)
    )
    latest = {(row.subject, row.subject_code, row.line): row for row in db.session.scalars(wanted)}
    return _by_card(row for row in latest.values() if row.accepted)


def _by_card(rows: Iterable[Gap]) -> dict[Card, dict[str, Gap]]:
    found: dict[Card, dict[str, Gap]] = {}
    for row in rows:
        found.setdefault((row.subject, row.subject_code), {})[row.line] = row
    return found


def reviews_of(year: int, subject: str, code: str, owner: int | None = None) -> list[CardReview]:
    """All reviews of a card, the newest first."""
    wanted = (
        select(CardReview)
        .join(Assessment, Assessment.id == CardReview.assessment_id)
        .where(
            of_year(year, owner),
            CardReview.subject == subject,
            CardReview.subject_code == code,
        )
        .options(joinedload(CardReview.actor))
    )
    return list(db.session.scalars(wanted.order_by(CardReview.id.desc())))
