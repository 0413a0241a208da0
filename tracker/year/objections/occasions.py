"""What people are reminded of about objections: what waits for the province's answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import Region, RegionLevel
from tracker.records.reminders.occasions import WEEK, Found, Occasion, declare, path_to
from tracker.year.objections.models import Objection
from tracker.year.objections.queries import WITH_ALL, is_open
from tracker.year.objections.steps import ANSWERING


def _waiting(on: date) -> Iterator[Found]:
    """Objections that nobody answered: of a year one thing, told again as more come, and each
    week."""
    province = db.session.scalar(select(Region.id).where(Region.level == RegionLevel.PROVINCE))
    wanted = select(Objection).where(is_open()).options(*WITH_ALL).order_by(Objection.id)
    of_year: dict[int, list[Objection]] = defaultdict(list)
    for each in db.session.scalars(wanted):
        if each.assessment.stage in ANSWERING:
            of_year[each.assessment.year].append(each)
    for year, found in of_year.items():
        first, last, one = found[0], found[-1], len(found) == 1
        since = day_of(first.state_at)
        assert province is not None, "there is a province where there is an assessment"
        yield Found(
            str(year),
            f"{last.id} {(on - since).days // WEEK}",
            (province,),
            (Permission.OBJECTIONS_ANSWER,),
            f"第 {first.id} 号申诉待答复" if one else f"{year} 年度有 {len(found)} 件申诉待答复",
            f"{'' if one else '最早的一件'}由{first.region.name}提出，{since} 起等待答复；"
            "全部答复以后才能定稿。",
            path_to("objections.detail", objection_id=first.id)
            if one
            else path_to("objections.index", state="open", span="all"),
        )


declare(Occasion("objections", "申诉待答复", "提出时，其后每周一次", _waiting))
