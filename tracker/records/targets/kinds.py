"""The pages of the year's tasks (年度任务) and, beside them, of the goals of plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.scopes import places, set_above
from tracker.records.places.subjects import (
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
)
from tracker.records.targets.done_rules import (
    bare_share,
    done_bare,
    done_of,
    done_words,
    find_done,
    share_of,
    share_words,
    why_unknown,
)
from tracker.records.targets.forms import TargetForm
from tracker.records.targets.models import SUBJECT_COLUMNS, Target
from tracker.records.targets.queries import Decomposition, why_held
from tracker.records.targets.service import BELOW
from tracker.web.kit import (
    Action,
    Blocked,
    Column,
    Field,
    Filter,
    Kind,
    Section,
    Show,
    looks,
    one_of,
    this_year,
    through,
)
from tracker.web.kit.declared import Choices
from tracker.web.kit.kinds import name_of
from tracker.web.period import selected_year
from tracker.web.plausibility import Doubt, FigureFacts, figure_doubts
from tracker.web.usual import usual_in
from tracker.year.measures.fields import (
    measure_words,
    measured,
    of_record,
    of_record_bare,
    unit_column,
    unit_of,
)


def _parts(target: Target) -> Mapping[str, object] | None:
    if not target.parts:
        return None
    statement = (
        select(Target)
        .where(Target.parent_id == target.id)
        .options(*TARGETS.load)
        .order_by(Target.id)
    )
    parts = list(db.session.scalars(statement).unique())
    find_done(parts)
    return {
        "division": Decomposition(target, parts),
        "kind": TARGETS,
        "measured": measured,
        "unit": unit_of(target.measure),
        "done_of": done_of,
        "why_unknown": why_unknown,
        "subject_of": subject_of,
    }


def _above(user: User, target: Target | None) -> Choices:
    """(id, words) of the targets of the province and its cities: those that can be divided."""
    statement = (
        select(Target)
        .join(Region, Region.id == Target.region_id)
        .where(TARGETS.scope.seen(user), Region.level.in_(BELOW))
        .options(joinedload(Target.region))
        .order_by(Target.year.desc(), Region.code, Target.measure)
    )
    found = db.session.scalars(statement)
    return [(each.id, f"{each.year} {_name(each)}") for each in found if each is not target]


def _name(target: Target) -> str:
    return f"{name_of(subject_of(target))} {measure_words(target.measure)}"


def _not_to_change(user: User, target: Target) -> Blocked | None:
    """Whoever is obliged never sets it, and what a list issued is adjusted there."""
    said = set_above(user, target)
    if said is None and target.id is not None and (held := why_held(target)):
        return Blocked(held)
    return said


def not_to_divide(user: User, target: Target) -> Blocked | None:
    """Why `target` cannot be divided among the places below; None if it can."""
    if target.region is None or target.region.level not in BELOW:
        return Blocked("只有省、设区市的任务可以分解。")
    return Blocked("已经分解，见下面的“分解”；可逐项修改。") if target.parts else None


def _measures_asked(user: User) -> Choices:
    names = db.session.scalars(select(Target.measure).distinct())
    return sorted(((name, str(measure_words(name))) for name in names), key=lambda pair: pair[1])


def _doubts(target: Target | None, parent: None, values: Mapping[str, Any]) -> list[Doubt]:
    year, measure = values["year"], values["measure"]
    before = db.session.scalar(
        select(Target.value).where(
            *(getattr(Target, name) == values.get(name) for name in SUBJECT_COLUMNS),
            Target.year == year - 1,
            Target.measure == measure,
        )
    )
    unit = unit_of(measure)
    percent = 100 if unit == "比例" else 1
    return figure_doubts(
        FigureFacts(
            "任务数",
            values["value"] * percent,
            "%" if unit == "比例" else unit,
            before * percent if before is not None else None,
            f"{year - 1} 年任务",
            usual_in(unit),
        )
    )


TARGETS = Kind(
    "targets",
    Target,
    "年度任务",
    view=Permission.TARGETS_VIEW,
    edit=Permission.TARGETS_EDIT,
    scope=subject_scope(Target, _not_to_change),
    name=_name,
    load=load_subject(Target),
    load_detail=(joinedload(Target.parent).joinedload(Target.region), joinedload(Target.source)),
    prepare=find_done,
    columns=(
        Column("measure", look=measure_words, sort=True),
        subject_column(phone=True),
        unit_column(phone=True),
        Column("value", look=of_record_bare, phone=True),
        Column(
            "done",
            "已完成",
            value=done_of,
            look=done_bare,
            number=True,
            phone=True,
            bounded=True,
        ),
        Column("share", "完成率", value=share_of, look=bare_share, unit="%", show=Show.DESK),
        Column("year", sort=True, show=Show.WIDE),
        Column("due_on", sort=True, show=Show.DESK),
        Column("responsible_unit", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Target.year),
        subject_filter(Target),
        Filter(
            "measure",
            "指标",
            _measures_asked,
            lambda name: Target.measure == name if name else None,
        ),
        one_of(Target.origin, "来源"),
    ),
    search=(
        through(Target.region_id, Region.name),
        through(Target.enclave_id, Enclave.name),
        through(Target.park_id, Park.name),
        Target.document,
        Target.responsible_unit,
    ),
    search_label="地方、飞地、产业园、文件或责任单位",
    order="measure",
    subline=(Field("origin", look=looks.origin),),
    groups=(
        (
            "任务",
            (
                Field("subject", "对象", value=subject_of, look=looks.link),
                "year",
                Field("measure", look=measure_words),
                Field("value", look=of_record),
                Field("done", "已完成", value=done_of, look=done_words),
                Field("share", "完成率", value=share_of, look=share_words),
                "due_on",
                "responsible_unit",
                "document",
                "parent",
                "source",
            ),
        ),
    ),
    sections=(Section("分解", "targets/parts.html", _parts, "parts"),),
    actions=(
        Action(
            "分解",
            "list-numbers",
            Permission.TARGETS_EDIT,
            lambda target: url_for("targets.divide", target_id=target.id),
            not_to_divide,
            fits=lambda user, target: target.region is not None and target.region.level in BELOW,
        ),
    ),
    form=TargetForm,
    choices={"region_id": places, "parent_id": _above},
    defaults=lambda user, parent: {"year": selected_year()},
    doubts=_doubts,
    list_template="targets/list.html",
    empty="这里将列出下达给地方、飞地、产业园和结对的年度任务。由省级考核人员登记。",
)
