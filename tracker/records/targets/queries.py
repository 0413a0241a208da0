"""Targets and their decomposition: province → city → county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.core.db import db
from tracker.core.questions import Questions
from tracker.records.targets.models import Target


@dataclass(frozen=True)
class Decomposition:
    """A target and the parts that the level below took on, in the measure's unit."""

    whole: Target
    parts: Sequence[Target]

    @property
    def assigned(self) -> Decimal:
        """The sum of the parts."""
        return sum((part.value for part in self.parts), Decimal(0))

    @property
    def missing(self) -> Decimal:
        """What nobody has taken on; negative where more was assigned than asked."""
        return self.whole.value - self.assigned

    @property
    def is_balanced(self) -> bool:
        """Whether the parts make up the whole: an undivided target is not unbalanced."""
        return not self.parts or self.missing == 0


def decompositions(year: int, measure: str | None = None) -> list[Decomposition]:
    """Every target of the year that was divided, with its parts; two statements in all."""
    statement = select(Target).where(Target.year == year, Target.parts.any())
    if measure:
        statement = statement.where(Target.measure == measure)
    wholes = db.session.scalars(statement.options(selectinload(Target.parts)).order_by(Target.id))
    return [Decomposition(whole, whole.parts) for whole in wholes]


def unbalanced(year: int) -> list[Decomposition]:
    """The divided targets of the year whose parts do not make up the whole (汇总校验)."""
    return [found for found in decompositions(year) if not found.is_balanced]


# What features above know that holds a target as it is, as the list that gave it.
held_by = Questions[[Target]](__name__)


def why_held(target: Target) -> str:
    """Why `target` is not changed by itself; "" where nothing holds it."""
    return held_by.answer(target)
