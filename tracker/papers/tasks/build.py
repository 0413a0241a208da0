"""年度任务清单: what a year asks of a region, enclave, park or pairing, and what is done so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import Origin, db
from tracker.core.quantities.clock import written
from tracker.core.quantities.figure import Figure
from tracker.papers.common.form import FormHead
from tracker.papers.quarter.model import TaskForm, TaskLine
from tracker.papers.tasks.goals import GOALS, done_of, reads_of
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import Fact, collect
from tracker.year.measures.declare import SubjectKind

Subject = Region | Enclave | Park | Pairing

_MEASURED = {RegionLevel.COUNTY: SubjectKind.COUNTY, RegionLevel.CITY: SubjectKind.CITY}


@dataclass(frozen=True)
class _Described:
    """A subject by column of the targets, name, code, and the kind of measures that describe it."""

    column: str
    name: str
    code: str
    kind: SubjectKind | None


def task_form(subject: Subject, year: int, printed_at: datetime) -> TaskForm:
    """The form of `subject`; the number of statements grows with the measures named, not with the
    records behind them."""
    about = _describe(subject)
    statement = (
        select(Target)
        .where(Target.year == year, getattr(Target, about.column) == subject.id)
        .options(
            joinedload(Target.parent).joinedload(Target.region),
            joinedload(Target.parent).joinedload(Target.pairing).joinedload(Pairing.supporter),
            joinedload(Target.parent).joinedload(Target.pairing).joinedload(Pairing.recipient),
        )
        .order_by(Target.due_on.is_(None), Target.due_on, Target.id)
    )
    targets = list(db.session.scalars(statement))
    measures = {target.measure for target in targets}
    names = {name for measure in measures for name in reads_of(measure)}
    facts = _facts(about.kind, subject.id, year, names)
    done = {name: done_of(name, facts) if about.kind else None for name in measures}
    return TaskForm(
        head=FormHead(
            title="任务清单",
            period=f"{year}年度",
            subject_code=about.code,
            subject_name=about.name,
            printed_at=written(printed_at),
            sample=any(target.origin is Origin.SAMPLE for target in targets),
        ),
        tasks=tuple(_task(target, done[target.measure]) for target in targets),
    )


def _describe(subject: Subject) -> _Described:
    if isinstance(subject, Region):
        kind = _MEASURED.get(subject.level)
        return _Described("region_id", subject.name, subject.code or "", kind)
    if isinstance(subject, Pairing):
        name = f"{subject.supporter.name}—{subject.recipient.name}"
        code = f"{subject.supporter.code or '省外'}-{subject.recipient.code or '省外'}"
        return _Described("pairing_id", name, code, SubjectKind.PAIR)
    if isinstance(subject, Park):
        return _Described("park_id", subject.name, subject.code, SubjectKind.PARK)
    return _Described("enclave_id", subject.name, subject.code, SubjectKind.ENCLAVE)


def _facts(
    kind: SubjectKind | None, subject_id: int, year: int, names: Iterable[str]
) -> dict[str, Fact]:
    if kind is None:
        return {}
    return collect(year, kind, names, [subject_id], with_records=False)[subject_id]


def _task(target: Target, fact: Fact | None) -> TaskLine:
    measure = CATALOGUE.measures.get(target.measure)
    known = fact is not None and fact.value is not None
    unit = measure.unit if measure else ""
    return TaskLine(
        task=_label(target.measure),
        value=Figure(target.value, unit),
        done=None if fact is None else fact.figure(unit),
        reason="" if known or fact is None else fact.reason,
        responsible=target.responsible_unit,
        due_on=target.due_on,
        parent=_parent(target.parent),
        document=target.document,
    )


def _label(name: str) -> str:
    """What a task is called: of a goal, what it speaks of."""
    actual = GOALS.get(name)
    if actual and actual.label:
        return actual.label
    measure = CATALOGUE.measures.get(actual.measure if actual else name)
    return measure.label if measure else name


def _parent(parent: Target | None) -> str:
    if parent is None:
        return ""
    name = _label(parent.measure)
    if parent.region is not None:
        return f"{parent.region.name}：{name}"
    if parent.pairing is not None:
        sides = f"{parent.pairing.supporter.name}—{parent.pairing.recipient.name}"
        return f"{sides}：{name}"
    return name
