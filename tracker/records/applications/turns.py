"""Whose turn it is with an application that its place has in hand, and why it came back."""

from __future__ import annotations

from sqlalchemy import select

from tracker.core.db import db
from tracker.records.accounts.takers import Whose, taker_words
from tracker.records.applications import service, steps
from tracker.records.applications.models import (
    IN_HAND,
    Application,
    ApplicationAct,
    ApplicationEvent,
)
from tracker.records.applications.queries import events_of
from tracker.records.evidence.models import EvidenceLink

A = ApplicationAct


def given_back(application: Application) -> ApplicationEvent | None:
    """The act that gave it back to those who fill it in; None where nobody did, or it has gone on
    since."""
    if application.state not in IN_HAND:
        return None
    last = next(iter(events_of(application)), None)
    return last if last is not None and last.act in (A.RETURNED, A.SENT_BACK) else None


def reason_words(event: ApplicationEvent) -> str:
    """Why it came back, in words: 退回：缺投资估算."""
    return f"{event.act.label}：{event.reason}"


def mended(application: Application, back: ApplicationEvent) -> bool:
    """Whether anything was changed or handed in since it was given back by `back`."""
    if application.updated_at > back.at:
        return True
    later = select(EvidenceLink.id).where(
        EvidenceLink.application_id == application.id, EvidenceLink.linked_at > back.at
    )
    return db.session.scalar(later.limit(1)) is not None


def is_filled_in(application: Application) -> bool:
    """Whether those who fill it in have it before them: it lacks something, or came back and was
    not changed since. Then its leader is not next."""
    if application.state not in IN_HAND:
        return False
    back = given_back(application)
    if back is not None and not mended(application, back):
        return True
    return bool(service.demanded(application, A.APPROVED))


def next_words(application: Application) -> str:
    """Who does what next: 由缙云县工作人员补齐内容和材料，再由缙云县领导审核; "" where nobody."""
    step = steps.onward(application)
    if step is None:
        return ""
    who = taker_words(application.county, step.whose, step.permission)
    if not is_filled_in(application):
        return f"由{who}办理"
    staff = taker_words(application.county, Whose.OWN, steps.STEPS[A.SUBMITTED].permission)
    what = "修改" if given_back(application) is not None else "补齐内容和材料"
    return f"由{staff}{what}，再由{who}办理"
