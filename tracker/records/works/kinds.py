"""The pages of key work and its milestones."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day_yet
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.evidence.kinds import asked_for
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import touches, within
from tracker.records.works import queries
from tracker.records.works.forms import (
    MILESTONE_CONSTRAINTS,
    WORK_CONSTRAINTS,
    MilestoneForm,
    WorkForm,
)
from tracker.records.works.models import KeyWork, Milestone
from tracker.records.works.steps import (
    LIGHTS,
    STEPS,
    Step,
    is_one_of,
    light_of,
    next_of,
    sets,
    why_not,
)
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Show,
    looks,
    one_of,
    through,
)
from tracker.web.kit.declared import Choices, SameForAll
from tracker.web.kit.kinds import Parent
from tracker.web.period import selected_year
from tracker.web.tables import asked_number


def _set_above(user: User, work: KeyWork | None) -> Blocked | None:
    """Whoever is obliged never sets it: the city does for its counties, the province for all."""
    if work is None or sets(user, work):
        return None
    return Blocked(
        "清单由上级下达：县的由设区市或省登记，市的由省登记。承担单位用“报告进展”“报告完成”。"
    )


@SameForAll
def _below(user: User) -> Choices:
    """The cities and counties that `user` sets work for."""
    statement = (
        select(Region.id, Region.name)
        .where(
            Region.id.in_(regions_of(user)),
            Region.id != user.region_id,
            Region.level.in_((RegionLevel.CITY, RegionLevel.COUNTY)),
            Region.abolished_on.is_(None),
        )
        .order_by(Region.code)
    )
    return [(number, name) for number, name in db.session.execute(statement)]


def _action(step: Step) -> Action:
    def blocked(user: User, work: KeyWork) -> Blocked | None:
        said = why_not(user, work, step)
        return Blocked(said) if said else None

    def fits(user: User, work: KeyWork) -> bool:
        return is_one_of(user, work, step) and step.of_open is (work.finished_on is None)

    return Action(
        step.act.label,
        step.icon,
        step.permission,
        lambda work: url_for(f"key_works.{step.act.value}", key_work_id=work.id),
        blocked,
        primary=step.act.value == "reported",
        fits=fits,
    )


def _day() -> date:
    return last_day_yet(selected_year())


def light(work: KeyWork) -> Markup:
    """The light of a work, as a word with its shape."""
    return looks.light(*light_of(work, _day()))


def _next(work: KeyWork) -> str:
    step = next_of(work, _day())
    return "" if step is None else f"{step.words}（{step.due_on}）"


def _of_light(value: str) -> ColumnElement[bool] | None:
    return queries.lights(_day()).get(value)


def _of_year(value: str) -> ColumnElement[bool] | None:
    return None if value == "all" else queries.in_year(selected_year())


def _one_place(user: User) -> Choices:
    """The place that the address names; offered only then."""
    number = asked_number("owner")
    if number is None:
        return []
    wanted = select(Region.id, Region.name).where(
        Region.id == number, Region.id.in_(regions_of(user))
    )
    return [(each, name) for each, name in db.session.execute(wanted)]


def _of_place(value: str) -> ColumnElement[bool] | None:
    return KeyWork.region_id == int(value) if value else None


KEY_WORKS = Kind(
    "key_works",
    KeyWork,
    "重点工作",
    view=Permission.WORKS_VIEW,
    edit=Permission.WORKS_EDIT,
    scope=within(touches(KeyWork.region_id), "region_id", "region.parent_id", blocked=_set_above),
    name=lambda work: work.name,
    load=queries.WHOLE,
    columns=(
        Column("name", sort=True),
        Column("sheet", sort=True, phone=True),
        Column("region", sort=through(KeyWork.region_id, Region.code), phone=True),
        Column("responsible", show=Show.DESK),
        Column("next", "下一步", value=_next, phone=True),
        Column("due_on", sort=True, phone=True),
        Column("light", "亮灯", value=light, look=lambda said, work: said, phone=True),
        Column("starts_on", sort=True, show=Show.WIDE),
        Column("finished_on", sort=True, show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        Filter("span", "年度", [("all", "全部年度")], _of_year, blank="本年及未完成"),
        one_of(KeyWork.sheet, "清单"),
        Filter("light", "亮灯", LIGHTS, _of_light),
        Filter("owner", "承担地方", _one_place, _of_place),
    ),
    search=(KeyWork.name, KeyWork.responsible, through(KeyWork.region_id, Region.name)),
    search_label="工作、责任单位或地方",
    order="due_on",
    subline=(
        Field("sheet"),
        Field("light", value=light, look=lambda said, work: said),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "工作",
            (
                "region",
                Field("demand", look=looks.quoted),
                "document",
                "responsible",
                "starts_on",
                "due_on",
                Field("next", "下一步", value=_next),
                "finished_on",
            ),
        ),
    ),
    actions=tuple(_action(step) for step in STEPS.values()),
    form=WorkForm,
    constraints=WORK_CONSTRAINTS,
    choices={"region_id": _below},
    defaults=lambda user, parent: {"starts_on": today()},
    empty="这里将列出列入四张清单的重点工作：重点任务、突破性抓手、重大改革、最佳实践。由省、设区市登记。",
    detail_template="works/detail.html",
)


def _why_late(work: Any, milestone: Milestone) -> Markup:
    """How a milestone stands, as a word with its shape."""
    day = _day()
    if milestone.reached_on is not None and milestone.reached_on <= day:
        colour, words = "done", "已完成"
    elif milestone.planned_on < day:
        colour, words = "red", f"逾期 {(day - milestone.planned_on).days:,} 天"
    else:
        colour, words = "green", f"还有 {(milestone.planned_on - day).days} 天"
    return looks.light(colour, words)


MILESTONES = Kind(
    "key_work_milestones",
    Milestone,
    "工作节点",
    view=Permission.WORKS_VIEW,
    edit=Permission.WORKS_EDIT,
    parent=Parent(KEY_WORKS, "work_id"),
    columns=(
        Column("name", sort=True),
        Column("planned_on", sort=True, phone=True),
        Column("reached_on", sort=True, phone=True),
        Column("stands", "情况", value=lambda each: each, look=_why_late, phone=True),
    ),
    order="planned_on",
    groups=(("节点", ("name", "planned_on", "reached_on")),),
    form=MilestoneForm,
    constraints=MILESTONE_CONSTRAINTS,
    empty="这里将列出这项工作的节点，每个节点有计划日期；完成的由承担单位报告。",
)

asked_for(KeyWork, lambda user, work: ("进展佐证", "完成佐证"))
