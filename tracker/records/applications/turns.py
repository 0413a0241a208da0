"""Whose turn it is with an application that its place has in hand, and why it came back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.records.accounts.takers import Whose, taker_words
from tracker.records.applications import demands, service, steps
from tracker.records.applications.models import (
    IN_HAND,
    Application,
    ApplicationAct,
    ApplicationEvent,
)
from tracker.records.applications.queries import latest_events
from tracker.records.evidence.models import EvidenceLink

A = ApplicationAct


@dataclass(frozen=True)
class Turn:
    """How an application stands that its place has in hand. `back`: the act that gave it back to
    those who fill it in, None where nobody did or it has gone on since; `mended`: whether anything
    was changed or handed in since; `whole`: whether nothing is demanded of it any more; `lacking`:
    the kinds of files that its next act lacks."""

    back: ApplicationEvent | None
    mended: bool
    whole: bool
    lacking: tuple[str, ...]

    @property
    def is_filled_in(self) -> bool:
        """Whether those who fill it in have it before them: it lacks something, or came back and
        was not changed since. Then its leader is not next."""
        return not self.whole or (self.back is not None and not self.mended)


def turns_of(applications: Collection[Application]) -> dict[int, Turn]:
    """Of each of `applications`, in as many statements as of one."""
    known = service.Known(applications)
    latest = latest_events(applications)
    which = EvidenceLink.application_id
    files = select(which, func.max(EvidenceLink.linked_at)).where(
        which.in_([each.id for each in applications])
    )
    brought = {row[0]: row[1] for row in db.session.execute(files.group_by(which))}
    found = {}
    for each in applications:
        last = latest.get(each.id) if each.state in IN_HAND else None
        back = last if last is not None and last.act in (A.RETURNED, A.SENT_BACK) else None
        later = brought.get(each.id)
        mended = back is not None and (
            each.updated_at > back.at or (later is not None and later > back.at)
        )
        step = steps.onward(each)
        lacking = demands.missing(each, step.act, known.files[each.id]) if step else []
        whole = each.state not in IN_HAND or not service.demanded(each, A.APPROVED, known)
        found[each.id] = Turn(back, mended, whole, tuple(lacking))
    return found


def turn_of(application: Application) -> Turn:
    """That of one application."""
    return turns_of([application])[application.id]


def reason_words(event: ApplicationEvent) -> str:
    """Why it came back, in words: 退回：缺投资估算."""
    return f"{event.act.label}：{event.reason}"


def next_words(application: Application) -> str:
    """Who does what next: 由缙云县工作人员补齐内容和材料，再由缙云县领导审核; "" where nobody."""
    step = steps.onward(application)
    if step is None:
        return ""
    who = taker_words(application.county, step.whose, step.permission)
    turn = turn_of(application)
    if not turn.is_filled_in:
        return f"由{who}办理"
    staff = taker_words(application.county, Whose.OWN, steps.STEPS[A.SUBMITTED].permission)
    what = "修改" if turn.back is not None else "补齐内容和材料"
    return f"由{staff}{what}，再由{who}办理"
