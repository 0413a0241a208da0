"""What people are reminded of about objections: what waits for the answer of those who run the
assessment, the province or a city."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.records.accounts.permissions import Permission
from tracker.records.reminders.occasions import WEEK, Found, Occasion, declare, path_to
from tracker.year.objections.models import Objection
from tracker.year.objections.queries import WITH_ALL, is_open
from tracker.year.objections.steps import ANSWERING
from tracker.year.procedure.models import Assessment
from tracker.year.procedure.occasions import at, run_by, subject_of


def _waiting(on: date) -> Iterator[Found]:
    """Objections that nobody answered: of an assessment one thing, told again as more come, and
    each week."""
    wanted = select(Objection).where(is_open()).options(*WITH_ALL).order_by(Objection.id)
    of_assessment: dict[Assessment, list[Objection]] = defaultdict(list)
    for each in db.session.scalars(wanted):
        if each.assessment.stage in ANSWERING:
            of_assessment[each.assessment].append(each)
    for of, found in of_assessment.items():
        first, last, one = found[0], found[-1], len(found) == 1
        since = day_of(first.state_at)
        runs = run_by(of)
        assert runs is not None, "there is a province where there is an assessment"
        number = f"第 {first.id} 号申诉待答复"
        yield Found(
            subject_of(of),
            f"{last.id} {(on - since).days // WEEK}",
            (runs,),
            (Permission.OBJECTIONS_ANSWER,),
            f"{of.whose}{number}" if one else f"{of.of_year}有 {len(found)} 件申诉待答复",
            f"{'' if one else '最早的一件'}由{first.region.name}提出，{since} 起等待答复；"
            "全部答复以后才能定稿。",
            path_to("objections.detail", objection_id=first.id)
            if one
            else path_to("objections.index", state="open", span="all", **at(of)),
        )


declare(Occasion("objections", "申诉待答复", "提出时，其后每周一次", _waiting))
