"""What is said of key work, each as an event. The acting user is given; nothing commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.core.db import db
from tracker.core.db.audit import because
from tracker.core.quantities.clock import today
from tracker.core.told import ToldError
from tracker.engine.typeset.gate import refusal
from tracker.records.accounts.models import User
from tracker.records.works.models import KeyWork, WorkAct, WorkEvent
from tracker.records.works.steps import STEPS, why_not


class WorkError(ToldError):
    """The step cannot be taken; the message says why, `field` what of the form it is about."""

    status = 409

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Said:
    """What somebody says: in words, of which milestone, and the day on which that or the whole was
    done."""

    words: str
    milestone_id: int | None = None
    on: date | None = None


def act(
    actor: User, work: KeyWork, what: WorkAct, said: Said, *, address: str | None = None
) -> WorkEvent:
    """Take a step with `work`, with its event. Raises WorkError."""
    if why := why_not(actor, work, STEPS[what]):
        raise WorkError(why)
    words = said.words.strip()
    label = "理由" if what is WorkAct.REOPENED else "进展"
    if not words:
        raise WorkError(f"请写明{label}。", "words")
    if fault := refusal(label, words):
        raise WorkError(fault, "words")
    milestone = next((each for each in work.milestones if each.id == said.milestone_id), None)
    if said.milestone_id is not None and milestone is None:
        raise WorkError("请在这项工作的节点中选择。", "milestone_id")
    dated = milestone is not None or what is WorkAct.FINISHED
    if dated:
        _check_day(work, said.on)
    elif said.on is not None:
        raise WorkError("没有选节点的，不填完成日期。", "on")
    with because(db.session, words):
        if milestone is not None:
            milestone.reached_on = said.on
        elif what is not WorkAct.REPORTED:
            work.finished_on = said.on
        event = WorkEvent(
            work=work,
            act=what,
            milestone=milestone,
            day=said.on,
            words=words,
            actor_id=actor.id,
            address=address[:64] if address else None,
        )
        db.session.add(event)
        db.session.flush()
    return event


def _check_day(work: KeyWork, on: date | None) -> None:
    if on is None:
        raise WorkError("请填写完成日期。", "on")
    if on > today():
        raise WorkError(f"完成日期 {on} 晚于今天({today()})。", "on")
    if on < work.starts_on:
        raise WorkError(f"完成日期 {on} 早于开始日期({work.starts_on})。", "on")
