"""存疑数据: what was unusual of records, answered when they were saved or not answered at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.records.places.scopes import is_province, touches, within
from tracker.records.submissions.checking import labels
from tracker.site.outliers import Wanted, doubted_kinds, outliers
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept_for_each
from tracker.web.kit import (
    Column,
    Field,
    Filter,
    Kind,
    Show,
    detail_page,
    list_of,
    looks,
    offer_files,
)
from tracker.web.kit.kinds import Choices, link_to
from tracker.web.kit.listing import kind_of_table, this_year
from tracker.web.kit.words import table_label
from tracker.web.period import selected_year
from tracker.web.plausibility import LABELS
from tracker.web.tables import asked_number

MOST_SHOWN = 200
_OWNING = (RegionLevel.CITY, RegionLevel.COUNTY)


def _raised_by(rules: str, doubt: AnsweredDoubt) -> str:
    named = {**LABELS, **labels()}
    return "、".join(named.get(key, key) for key in rules.split(","))


def _kind_word(table: str, doubt: AnsweredDoubt | None = None) -> str:
    kind = kind_of_table(table)
    return kind.label if kind is not None else table_label(table)


def _record(name: str, doubt: AnsweredDoubt) -> Markup | str:
    """The record as a link where there still is one and the user may open it."""
    found = getattr(doubt, "record", None)
    kind = kind_of_table(doubt.table_name)
    if found is None or kind is None:
        return name
    return Markup('<a href="{}">{}</a>').format(kind.address(found), name)


def _load_records(doubts: Sequence[AnsweredDoubt]) -> None:
    """Hang onto each answer the record that it is about, as far as the user may see it."""
    for table in {doubt.table_name for doubt in doubts}:
        kind = kind_of_table(table)
        if kind is None or not current_user.may(kind.view):
            continue
        of = [doubt for doubt in doubts if doubt.table_name == table]
        wanted = kind.seen_by(current_user).where(kind.model.id.in_({d.record_id for d in of}))
        found = {r.id: r for r in db.session.scalars(wanted.options(*kind.load)).unique()}
        for doubt in of:
            held: Any = doubt
            held.record = found.get(doubt.record_id)


def _tables(user: User) -> Choices:
    return [(k.model.__tablename__, k.label) for k in doubted_kinds() if user.may(k.view)]


def _places(user: User) -> Choices:
    listed = select(Region.id, Region.name).where(
        Region.id.in_(regions_of(user)) if not is_province(user) else Region.level.in_(_OWNING)
    )
    return [(number, name) for number, name in db.session.execute(listed.order_by(Region.code))]


def _against(value: str) -> ColumnElement[bool] | None:
    return AnsweredDoubt.rules.contains(value, autoescape=True) if value else None


DOUBTS = Kind(
    "doubts",
    AnsweredDoubt,
    "存疑数据",
    view=Permission.LEDGER_VIEW,
    scope=within(touches(AnsweredDoubt.region_id), "region_id"),
    name=lambda doubt: f"{doubt.name}的核实说明",
    load=(joinedload(AnsweredDoubt.answered_by), joinedload(AnsweredDoubt.region)),
    prepare=_load_records,
    columns=(
        Column("answered_at", "说明时刻", sort=True),
        Column("name", "记录", look=_record),
        Column("table_name", "类别", look=_kind_word, show=Show.DESK),
        Column("region", "地区", look=lambda place, doubt: place.name if place else "—"),
        Column("words", "存疑之处", look=looks.lines),
        Column("reason", "核实说明"),
    ),
    filters=(
        this_year(AnsweredDoubt.year),
        Filter(
            "table",
            "类别",
            _tables,
            lambda value: AnsweredDoubt.table_name == value if value else None,
        ),
        Filter(
            "place",
            "县（市、区）",
            _places,
            lambda value: AnsweredDoubt.region_id == int(value) if value else None,
        ),
        Filter("rule", "存疑之处", list(LABELS.items()), _against),
    ),
    search=(AnsweredDoubt.name, AnsweredDoubt.reason, AnsweredDoubt.words),
    search_label="记录、存疑之处或说明",
    order="-answered_at",
    groups=(
        (
            "存疑数据",
            (
                Field("name", "记录", look=_record),
                Field("table_name", "类别", look=_kind_word),
                Field("region", "地区", look=lambda place, doubt: place.name if place else "—"),
                "year",
                Field("rules", "规则", look=_raised_by),
                Field("words", "存疑之处", look=looks.lines),
                Field("reason", "核实说明"),
                Field(
                    "answered_by_id",
                    value=lambda d: d.answered_by and d.answered_by.display_name,
                    look=looks.plain,
                ),
                "answered_at",
            ),
        ),
    ),
    list_template="site/doubts/list.html",
    empty="这里将列出保存或提交时数额、日期异常，经填报人核实说明的记录，例如到位资金超过总投资的。",
)

bp = Blueprint("doubts", __name__, url_prefix="/doubts")
offer_files(bp, DOUBTS)


@bp.get("/")
@requires(Permission.LEDGER_VIEW)
@kept_for_each
def index() -> Drawing:
    """What was answered, and above it what is unusual though nobody was asked."""
    wanted = Wanted(
        year=None if request.args.get("span") == "all" else selected_year(),
        table=_chosen("table", _tables(current_user)),
        region_id=asked_number("place"),
        rule=_chosen("rule", list(LABELS.items())),
    )
    found = outliers(current_user, wanted)
    return list_of(
        DOUBTS, unanswered=found[:MOST_SHOWN], more=len(found[MOST_SHOWN:]), link_to=link_to
    )


@bp.get("/<id:answered_doubt_id>")
@requires(Permission.LEDGER_VIEW)
def detail(answered_doubt_id: int) -> ResponseReturnValue:
    """One answer."""

    def loaded(doubt: Any) -> dict[str, object]:
        _load_records([doubt])
        return {}

    return detail_page(DOUBTS, answered_doubt_id, data=loaded)


def _chosen(name: str, choices: Choices) -> str:
    value = request.args.get(name, "")
    return value if any(value == str(key) for key, _ in choices) else ""
