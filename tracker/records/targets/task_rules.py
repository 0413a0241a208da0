"""The year's tasks of a pair, a park or an enclave, with what the measure is called."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tracker.core.db import db
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.targets.models import Target
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.declare import Measure


@dataclass(frozen=True)
class Task:
    """A target; `measure` is None where the catalogue does not know its name."""

    target: Target
    measure: Measure | None


def tasks_of(subject: Pairing | Park | Enclave, year: int) -> list[Task]:
    """The tasks that `subject` was given for the year."""
    key = {
        Pairing: Target.pairing_id,
        Park: Target.park_id,
        Enclave: Target.enclave_id,
    }[type(subject)]
    targets = db.session.scalars(
        select(Target).where(key == subject.id, Target.year == year).order_by(Target.measure)
    )
    return [Task(target, CATALOGUE.measures.get(target.measure)) for target in targets]
