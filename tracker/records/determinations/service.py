"""Rule on a fact."""

from __future__ import annotations

from decimal import Decimal

from tracker.core.db import db
from tracker.core.questions import Questions
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.determinations import values
from tracker.records.determinations.models import (
    Determination,
    Ruling,
    RulingAnswer,
    RulingLevel,
)
from tracker.records.determinations.queries import SUBJECTS


class RulingError(ToldError, ValueError):
    """A ruling that is not possible; `field` names the form's field, the message is Chinese."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


# What features above know that speaks against ruling on a year at a level.
ruling_stands_against = Questions[[int, RulingLevel, int | None]](__name__)


def why_not_ruled(year: int, level: RulingLevel, owner: int | None = None) -> str:
    """Why `level` does not rule on facts of `year` now in the assessment of `owner`; "" where
    nothing is against it."""
    return ruling_stands_against.answer(year, level, owner)


def rule(
    year: int,
    measure: str,
    subject: dict[str, int],
    level: RulingLevel,
    ruling: Ruling,
    reported: Decimal | None,
    actor: User,
    *,
    value: Decimal | None = None,
    reason: str = "",
    owner: int | None = None,
) -> Determination:
    """Add a ruling on the figure `reported`; the caller commits. `subject` is one of the columns
    of SUBJECTS with its id; `value` has the type of its measure; `owner`: in whose assessment.
    Raises RulingError."""
    (column,) = subject
    if column not in SUBJECTS:
        raise RulingError("subject", "核定的对象有误。")
    if said := why_not_ruled(year, level, owner):
        raise RulingError("ruling", said)
    if ruling is not Ruling.ACCEPTED and not reason.strip():
        raise RulingError("reason", f"{ruling.label}须说明理由。")
    if ruling is Ruling.CORRECTED and value is None:
        raise RulingError("value", "更正须填写核定值。")
    if ruling is not Ruling.CORRECTED and value is not None:
        raise RulingError(
            "value",
            f"填了核定值，结论却是{ruling.label}。要按所填的值核定，请选更正；"
            f"要{ruling.label}，请清空核定值。",
        )
    if ruling is Ruling.ACCEPTED and reported is None:
        raise RulingError("ruling", "该项未报，无从认可；请更正或不予认定。")
    if value is not None and (fault := values.fault(measure, value)):
        raise RulingError("value", fault)
    if value is not None and value == reported:
        raise RulingError("value", "核定值与上报值相同，请改为认可。")
    determination = Determination(
        year=year,
        measure=measure,
        owner_region_id=owner,
        level=level,
        ruling=ruling,
        reported=reported,
        value=value,
        reason=reason.strip(),
        ruled_by_id=actor.id,
        **subject,
    )
    db.session.add(determination)
    db.session.flush()
    return determination


def answer(actor: User, ruling: Determination, agrees: bool, words: str) -> RulingAnswer:
    """Keep what a place says of a ruling on its figure; the caller commits, and has seen that it is
    the place's. It changes no figure. Raises RulingError."""
    if not agrees and not words.strip():
        raise RulingError("words", "有异议的须写明理由。")
    made = RulingAnswer(agrees=agrees, words=words.strip(), answered_by_id=actor.id)
    ruling.answers.append(made)
    db.session.flush()
    return made
