"""Reads of objections, and of the lines that they are about."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.core.quantities.shown import NOT_APPLICABLE, UNSCORABLE
from tracker.engine.scoring import Line
from tracker.year.assessments.awaited import FactToRule, SubjectToRule, subjects_to_rule
from tracker.year.assessments.freeze import GIVEN
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import latest_snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.objections.models import (
    Objection,
    ObjectionEvent,
    ObjectionRuling,
    ObjectionState,
)
from tracker.year.procedure.models import Act, Assessment
from tracker.year.procedure.queries import of_year as of_assessment
from tracker.year.procedure.queries import stage_snapshots

# What pages and papers of an objection show of it.
WITH_ALL = (
    joinedload(Objection.assessment),
    joinedload(Objection.region),
    joinedload(Objection.snapshot),
    selectinload(Objection.claims),
    selectinload(Objection.events).joinedload(ObjectionEvent.actor),
    selectinload(Objection.events)
    .selectinload(ObjectionEvent.rulings)
    .joinedload(ObjectionRuling.determination),
)


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether an objection is of one of `regions` (ids)."""
    return Objection.region_id.in_(regions)


def is_open() -> ColumnElement[bool]:
    """Whether it waits for an answer."""
    return Objection.state == ObjectionState.OPEN


def of_year(year: int, owner: int | None = None) -> list[Objection]:
    """All objections in the assessment of `year` by `owner`, in the order of their filing."""
    wanted = select(Objection).join(Objection.assessment).where(of_assessment(year, owner))
    return list(db.session.scalars(wanted.options(*WITH_ALL).order_by(Objection.id)).unique())


def number_open(year: int, owner: int | None = None) -> int:
    """How many objections of `year` by `owner` wait for an answer."""
    wanted = select(func.count()).select_from(Objection).join(Objection.assessment)
    return db.session.scalar(wanted.where(of_assessment(year, owner), is_open())) or 0


def notified(year: int, owner: int | None = None) -> Snapshot | None:
    """The snapshot that the notice of `year` froze; None where there was none."""
    return stage_snapshots(year, owner).get(Act.NOTIFIED)


def on_card(row: ScorecardRow) -> dict[str, list[Objection]]:
    """The objections to the lines of a card of the snapshot that was published, by line."""
    wanted = select(Objection).where(
        Objection.snapshot_id == row.snapshot_id,
        Objection.sheet == row.sheet,
        Objection.subject_code == row.subject_code,
    )
    found: dict[str, list[Objection]] = {}
    for objection in db.session.scalars(wanted.order_by(Objection.id)):
        found.setdefault(objection.line, []).append(objection)
    return found


def open_on(assessment: Assessment, subject: str, code: str, line: str) -> Objection | None:
    """The objection to a line that waits for an answer."""
    wanted = select(Objection).where(
        Objection.assessment_id == assessment.id,
        Objection.subject == subject,
        Objection.subject_code == code,
        Objection.line == line,
        is_open(),
    )
    return db.session.scalar(wanted)


def points_of(snapshot: Snapshot) -> ScoredSnapshot:
    """The points of a snapshot."""
    return scored_of(snapshot)


def line_of(sheet: ScoredSheet, code: str, line: str) -> Line | None:
    """A line of a card; None where the card has none of that code."""
    if code not in sheet.frozen["subjects"]:
        return None
    return next((each for each in sheet.card(code).lines if each.code == line), None)


def without_points(line: Line) -> str:
    """The word for why a line has no points; "" where it is scored."""
    return {"unscorable": UNSCORABLE, "not_applicable": NOT_APPLICABLE}.get(line.state, "")


def ruled_measures(line: Line) -> tuple[str, ...]:
    """The measures of a line whose value somebody rules on: not what documents give (任务数), nor
    the points of lower sheets."""
    return tuple(n for n in line.inputs if n.partition(".")[0] not in (*GIVEN, "score"))


def subject_now(objection: Objection) -> SubjectToRule | None:
    """The subject of an objection with its facts in the year's latest snapshot; None where that has
    no such card any more."""
    snapshot = latest_snapshot(objection.assessment.year, objection.assessment.owner_region_id)
    if snapshot is None:
        return None
    sheet = points_of(snapshot).sheet_of(objection.subject)
    if sheet is None:
        return None
    wanted = select(ScorecardRow).where(
        ScorecardRow.snapshot_id == snapshot.id,
        ScorecardRow.sheet == sheet.rulebook.code,
        ScorecardRow.subject_code == objection.subject_code,
    )
    card = db.session.scalar(wanted.options(joinedload(ScorecardRow.snapshot)))
    found = subjects_to_rule(snapshot, [card]) if card is not None else []
    return found[0] if found else None


def facts_to_correct(objection: Objection, found: SubjectToRule | None) -> list[FactToRule]:
    """Those facts of `found` that the line of the objection reads, in its order."""
    if found is None:
        return []
    sheet = points_of(found.card.snapshot).sheets[found.card.sheet]
    line = line_of(sheet, objection.subject_code, objection.line)
    names: Collection[str] = ruled_measures(line) if line is not None else ()
    facts = (found.fact(name) for name in names)
    return [fact for fact in facts if fact is not None]
