"""Moving an assessment on where its facts are frozen with the step: the long part is done before
the unit that writes, and what it froze has stood up to the precheck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.assessments.service import Frozen, frozen_year, keep
from tracker.year.procedure import service
from tracker.year.procedure.checks import ERROR, Asked, Branch, precheck
from tracker.year.procedure.models import Act, AssessmentEvent
from tracker.year.procedure.queries import assessment_of
from tracker.year.procedure.steps import STEPS

_NAMED = 3


@dataclass(frozen=True)
class Prepared:
    """A step whose facts are frozen, not yet kept, and found without errors."""

    year: int
    what: Act
    frozen: Frozen | None
    owner: int | None = None


def prepare(
    year: int,
    what: Act,
    progress: Callable[[str], None] = lambda step: None,
    owner: int | None = None,
) -> Prepared:
    """Freeze what the step freezes, and check it. Raises ProcedureError with what stands in the
    way, AssessmentError where the year cannot be scored."""
    if not STEPS[what].freezes:
        refuse(what, precheck(what, Asked(year, owner=owner)))
        return Prepared(year, what, None, owner)
    frozen = frozen_year(year, progress, owner)
    progress("核对")
    snapshot = frozen.snapshot or db.session.get_one(Snapshot, frozen.latest_id)
    points = scored_of(snapshot)
    refuse(what, precheck(what, Asked(year, points, owner)))
    return Prepared(year, what, frozen, owner)


def refuse(what: Act, branches: tuple[Branch, ...]) -> None:
    """Raise ProcedureError with the errors among `branches`; nothing where there are none."""
    errors = [branch for branch in branches if branch.weight is ERROR]
    if errors:
        raise service.ProcedureError(f"还不能{what.label}：{'；'.join(map(_said, errors))}。")


def _said(branch: Branch) -> str:
    named = "，".join(f"{fault.name}{fault.words}" for fault in branch.faults[:_NAMED])
    more = len(branch.faults) - _NAMED
    return f"{branch.label}（{named}{f'，等 {len(branch.faults)} 处' if more > 0 else ''}）"


def take(
    prepared: Prepared,
    actor: User | None,
    *,
    reason: str = "",
    document: str = "",
    address: str | None = None,
    at: datetime | None = None,
) -> AssessmentEvent:
    """Keep what was frozen and take the step, within a writing unit. Raises ProcedureError."""
    assessment = assessment_of(prepared.year, prepared.owner)
    if assessment is None:
        raise service.ProcedureError(f"{prepared.year} 年度的考核还没有启动。")
    snapshot = None
    if prepared.frozen is not None:
        snapshot = keep(prepared.frozen, actor.id if actor else None)
    return service.act(
        actor,
        assessment,
        prepared.what,
        snapshot=snapshot,
        reason=reason,
        document=document,
        address=address,
        at=at,
    )
