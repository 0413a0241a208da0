"""The list of objections. They are filed on a line of a card, and changed by acts alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import url_for
from sqlalchemy import ColumnElement, select

from tracker.core.quantities.clock import day_of, today
from tracker.engine.scoring import SUBJECTS
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of as owned_by
from tracker.records.accounts.owners import selected_owner
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import Region
from tracker.records.places.scopes import is_province, touches, within
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
from tracker.web.kit.told import tell_names
from tracker.web.period import selected_year
from tracker.year.objections import queries, steps
from tracker.year.objections.models import Objection, ObjectionState
from tracker.year.procedure.models import Assessment

tell_names("objections.subject", SUBJECTS.get)

_STATE = partial(looks.badge, family="objection")
_SCOPE = within(touches(Objection.region_id), "region_id")


def days_waiting(objection: Objection) -> int:
    """For how many days an objection has waited, or waited until it was over."""
    filed = objection.events[0].at if objection.events else objection.created_at
    over = objection.state is not ObjectionState.OPEN
    return ((day_of(objection.state_at) if over else today()) - day_of(filed)).days


def _year_assessed() -> ColumnElement[int]:
    """The year that an objection is about, where it is of the assessment in view."""
    of = owned_by(Assessment.owner_region_id, selected_owner())
    year = select(Assessment.year).where(Assessment.id == Objection.assessment_id, of)
    return year.scalar_subquery()


def _not_to_prove(user: User, objection: Objection) -> Blocked | None:
    """Why `user` adds no files to an objection: another place's, or over, so that what was decided
    rests on what was there."""
    assert _SCOPE.foreign is not None, "of all that `within` makes"
    if said := _SCOPE.foreign(user, objection):
        return said
    if not is_province(user) and objection.state is not ObjectionState.OPEN:
        return Blocked(f"这件申诉已办结（{objection.state.label}），不再补充或撤回佐证。")
    return None


def _withdrawal(user: User, objection: Objection) -> Blocked | None:
    said = steps.why_no_withdrawal(user, objection)
    return Blocked(said) if said else None


def _answering(user: User, objection: Objection) -> Blocked | None:
    said = steps.why_no_answer(user, objection)
    return Blocked(said) if said else None


def _is_open(objection: Objection) -> bool:
    return objection.state is ObjectionState.OPEN


OBJECTIONS = Kind(
    "objections",
    Objection,
    "申诉",
    view=Permission.OBJECTIONS_VIEW,
    scope=replace(_SCOPE, foreign=_not_to_prove),
    name=lambda objection: f"第 {objection.id} 号申诉：{objection.line_words}",
    load=queries.WITH_ALL,
    columns=(
        Column("line", "指标", value=lambda o: o.line_words, sort=True),
        Column("subject_name", "评分对象", sort=True, phone=True),
        Column("region", "申诉单位", sort=through(Objection.region_id, Region.code), phone=True),
        Column("state", sort=True, look=_STATE, phone=True),
        Column(
            "filed",
            "提出",
            value=lambda o: o.events[0].at if o.events else None,
            look=looks.moment,
            sort=Objection.id,
        ),
        Column("waited", "办理天数", value=days_waiting, number=True),
        Column(
            "reason",
            "答复的理由",
            value=lambda o: o.answer.reason if o.answer else None,
            show=Show.WIDE,
        ),
        Column("origin", "来源", look=looks.origin, show=Show.WIDE),
    ),
    filters=(
        Filter(
            "span",
            "年度",
            [("all", "全部年度和考核")],
            lambda value: None if value else _year_assessed() == selected_year(),
            blank=lambda: f"{selected_year()} 年度",
            year_of=_year_assessed,
        ),
        one_of(Objection.state),
    ),
    search=(Objection.subject_name, Objection.line_name, Objection.words),
    search_label="对象、指标或理由",
    order="-filed",
    subline=(
        Field("state", look=_STATE),
        Field("region", "申诉单位"),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "申诉",
            (
                Field("subject_name", "评分对象"),
                Field("line", "指标", value=lambda o: o.line_words),
                Field("year", "年度", value=lambda o: o.assessment.name.removesuffix("考核")),
                Field("words", "申诉理由", look=looks.quoted),
            ),
        ),
    ),
    actions=(
        Action(
            "答复",
            "gavel",
            Permission.OBJECTIONS_ANSWER,
            lambda objection: url_for("objections.answer", objection_id=objection.id),
            _answering,
            primary=True,
            fits=lambda user, objection: (
                steps.answers(user, objection.assessment.owner_region_id) and _is_open(objection)
            ),
        ),
        Action(
            "撤回",
            "arrow-back-up",
            Permission.OBJECTIONS_FILE,
            lambda objection: url_for("objections.withdraw", objection_id=objection.id),
            _withdrawal,
            fits=lambda user, objection: (
                steps.files(user, objection.region_id) and _is_open(objection)
            ),
        ),
        Action(
            "听证材料（PDF）",
            "download",
            Permission.OBJECTIONS_VIEW,
            lambda objection: url_for("hearings.paper", objection_id=objection.id),
        ),
    ),
    detail_template="objections/detail.html",
    empty="公示期内对评分表提出的申诉列在这里。从本地评分表的指标处提出。",
)
