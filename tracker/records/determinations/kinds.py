"""The list of rulings: who decided what. They are added to, never changed and never deleted."""

from __future__ import annotations

from functools import partial

from flask import url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of as owned_by
from tracker.records.accounts.owners import selected_owner, whose_words
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.models import (
    Determination,
    RulingAnswer,
    RulingLevel,
)
from tracker.records.determinations.queries import about, objected, unanswered
from tracker.records.places.models import Region
from tracker.records.places.scopes import is_province
from tracker.records.places.subjects import (
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
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
    this_year,
)
from tracker.web.kit.declared import Choices
from tracker.web.kit.kinds import name_of
from tracker.year.measures.fields import measure_words, of_record, of_record_bare, unit_column

_RULING = partial(looks.badge, family="ruling")


def _measures_ruled(user: object) -> Choices:
    names = db.session.scalars(select(Determination.measure).distinct())
    return sorted(((name, str(measure_words(name))) for name in names), key=lambda pair: pair[1])


def _level(ruling: Determination) -> str:
    """The level, and whose assessment it was ruled in where that is a city's (市考县): both lists
    can be read as one."""
    city = ruling.owner_region
    return f"{ruling.level.label}（{whose_words(city.name)}）" if city else ruling.level.label


def _answered(ruling: Determination) -> str:
    """What the place said last; a dash where it said nothing."""
    if not ruling.answers:
        return "—"
    return "无异议" if ruling.answers[-1].agrees else "有异议"


def not_to_answer(user: User, ruling: Determination) -> Blocked | None:
    """Why `user` does not answer a ruling: whoever enters the figure does."""
    if is_province(user):
        return Blocked("答复由填报的地方作出。")
    return RULINGS.foreign(user, ruling)


def _in_answers(value: str) -> ColumnElement[bool] | None:
    place = current_user.region_id if current_user.is_authenticated else None
    own = select(Region.id).where(Region.id == place)
    return {
        "own": and_(*unanswered(), about(own)),
        "none": and_(*unanswered()),
        "objected": or_(*(and_(*objected(level)) for level in RulingLevel)),
    }.get(value)


RULINGS = Kind(
    "rulings",
    Determination,
    "核定记录",
    view=Permission.DETERMINATIONS_VIEW,
    scope=subject_scope(Determination),
    name=lambda ruling: (
        f"{name_of(subject_of(ruling))} {measure_words(ruling.measure)} {ruling.level.label}"
    ),
    load=(
        *load_subject(Determination),
        joinedload(Determination.owner_region),
        joinedload(Determination.ruled_by),
        selectinload(Determination.answers).joinedload(RulingAnswer.answered_by),
    ),
    actions=(
        Action(
            "答复",
            "pencil",
            Permission.DETERMINATIONS_ANSWER,
            lambda ruling: url_for("rulings.answer", determination_id=ruling.id),
            not_to_answer,
            fits=lambda user, ruling: not_to_answer(user, ruling) is None,
        ),
    ),
    columns=(
        Column("measure", look=measure_words),
        subject_column(phone=True),
        Column("level", value=_level),
        Column("ruling", look=_RULING, phone=True),
        unit_column(show=Show.DESK, phone=True),
        Column("reported", look=of_record_bare, show=Show.DESK),
        Column("value", look=of_record_bare, phone=True),
        Column("ruled_at", sort=True, phone=False),
        Column("answered", "答复", value=_answered, show=Show.WIDE),
        Column("ruled_by.display_name", "核定人", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Determination.year),
        Filter(
            "whose",
            "考核",
            [("all", "省考核和市考县")],
            lambda value: (
                None if value else owned_by(Determination.owner_region_id, selected_owner())
            ),
            blank=lambda: "本考核",
        ),
        one_of(Determination.level),
        one_of(Determination.ruling),
        subject_filter(Determination),
        Filter(
            "measure",
            "指标",
            _measures_ruled,
            lambda name: Determination.measure == name if name else None,
        ),
        Filter(
            "answer",
            "答复",
            [
                ("own", "待本地答复"),
                ("none", "更正、不予认定而未答复"),
                ("objected", "有异议"),
            ],
            _in_answers,
        ),
    ),
    search=(Determination.reason,),
    search_label="理由",
    order="-ruled_at",
    subline=(
        Field("ruling", look=_RULING),
        Field("level", value=_level),
        Field("origin", look=looks.origin),
    ),
    groups=(
        (
            "核定",
            (
                Field("subject", "对象", value=subject_of, look=looks.link),
                "year",
                Field("measure", look=measure_words),
                Field("reported", look=of_record),
                Field("value", look=of_record),
                "reason",
                "ruled_at",
                Field("ruled_by.display_name", "核定人"),
            ),
        ),
    ),
    menu="determinations.index",
    list_template="determinations/rulings.html",
    detail_template="determinations/ruling.html",
    empty="这里将列出各级的核定。从“待核定”一页开始。",
)
