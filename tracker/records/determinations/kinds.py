"""The list of rulings: who decided what. They are added to, never changed and never deleted."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.accounts.permissions import Permission
from tracker.records.determinations.models import Determination
from tracker.records.places.subjects import (
    load_subject,
    subject_column,
    subject_filter,
    subject_of,
    subject_scope,
)
from tracker.web.kit import Column, Field, Filter, Kind, Show, looks, one_of, this_year
from tracker.web.kit.declared import Choices
from tracker.web.kit.kinds import name_of
from tracker.year.measures.fields import measure_words, of_record, of_record_bare, unit_column

_RULING = partial(looks.badge, family="ruling")


def _measures_ruled(user: object) -> Choices:
    names = db.session.scalars(select(Determination.measure).distinct())
    return sorted(((name, str(measure_words(name))) for name in names), key=lambda pair: pair[1])


RULINGS = Kind(
    "rulings",
    Determination,
    "核定记录",
    view=Permission.DETERMINATIONS_VIEW,
    scope=subject_scope(Determination),
    name=lambda ruling: (
        f"{name_of(subject_of(ruling))} {measure_words(ruling.measure)} {ruling.level.label}"
    ),
    load=(*load_subject(Determination), joinedload(Determination.ruled_by)),
    columns=(
        Column("measure", look=measure_words),
        subject_column(phone=True),
        Column("level"),
        Column("ruling", look=_RULING, phone=True),
        unit_column(show=Show.DESK, phone=True),
        Column("reported", look=of_record_bare, show=Show.DESK),
        Column("value", look=of_record_bare, phone=True),
        Column("ruled_at", sort=True, phone=False),
        Column("ruled_by.display_name", "核定人", show=Show.WIDE),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        this_year(Determination.year),
        one_of(Determination.level),
        one_of(Determination.ruling),
        subject_filter(Determination),
        Filter(
            "measure",
            "指标",
            _measures_ruled,
            lambda name: Determination.measure == name if name else None,
        ),
    ),
    search=(Determination.reason,),
    search_label="理由",
    order="-ruled_at",
    subline=(Field("ruling", look=_RULING), Field("level"), Field("origin", look=looks.origin)),
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
    empty="这里将列出各级的核定。从“待核定”一页开始。",
)
