"""The pages of county indicators and of totals that sources publish."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities import shown as figures
from tracker.core.quantities.reading import may_be_negative
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.indicators.forms import CONSTRAINTS, CountyIndicatorForm
from tracker.records.indicators.models import CountyIndicator, PublishedTotal
from tracker.records.places.models import Region
from tracker.records.places.scopes import (
    everybodys,
    is_province,
    own_places,
    provinces_alone,
    touches,
    within,
)
from tracker.records.submissions import locks
from tracker.records.submissions.locks import Shut
from tracker.web.kit import Blocked, Column, Filter, Kind, Show, acts, in_year, looks, through
from tracker.web.plausibility import Doubt, FigureFacts, figure_doubts
from tracker.web.usual import usual_in


def _figure(value: Decimal | None, record: CountyIndicator | PublishedTotal) -> Markup:
    """The figure in its row's own unit, with the sign of a bound before it."""
    return looks.NOTHING if record.figure is None else figures.figure(record.figure)


def _bare(value: Decimal, record: CountyIndicator) -> Markup:
    return figures.figure(record.figure.bare())


def _named(user: User) -> list[tuple[str, str]]:
    """The indicators on record, by name."""
    names = select(CountyIndicator.indicator).distinct().order_by(CountyIndicator.indicator)
    return [(name, name) for name in db.session.scalars(names)]


def _is(value: str) -> ColumnElement[bool] | None:
    return CountyIndicator.indicator == value if value else None


def _doubts(record: CountyIndicator | None, parent: None, values: Mapping[str, Any]) -> list[Doubt]:
    year, unit = values["year"], values["unit"]
    before = db.session.scalar(
        select(CountyIndicator.value).where(
            CountyIndicator.region_id == values["region_id"],
            CountyIndicator.year == year - 1,
            CountyIndicator.indicator == values["indicator"],
            CountyIndicator.unit == unit,
        )
    )
    if may_be_negative(unit, values["indicator"]):
        return []  # a rate of growth leaps without being wrong
    return figure_doubts(
        FigureFacts(
            values["indicator"], values["value"], unit, before, f"{year - 1} 年", usual_in(unit)
        )
    )


_LATER = "统计部门以后公布或更正的，由省级登记并写明理由"
_KEPT = Shut("新增、修改或删除这一年的县域指标", "指标", _LATER)


def _closed(
    user: User, record: CountyIndicator | None, parent: None, values: Mapping[str, Any]
) -> tuple[str, str] | None:
    """A year whose annual filing is locked takes what is published later from the province alone,
    with a reason."""
    said = locks.locked_year(values["year"], values["region_id"], _KEPT)
    if not said and record is not None:
        said = locks.locked_year(record.year, record.region_id, _KEPT)
    if not said:
        return None
    if not is_province(user):
        return "year", said
    reason = values.get("reason", "")
    return None if reason else ("reason", f"{said}请填写锁定后登记的理由。")


def _locked(user: User, record: CountyIndicator) -> Blocked | None:
    said = locks.locked_year(record.year, record.region_id, _KEPT)
    return Blocked(said) if said and not is_province(user) else None


def _remove(user: User, record: CountyIndicator, reason: str) -> None:
    if said := locks.locked_year(record.year, record.region_id, _KEPT):
        raise acts.BlockedError(f"{said}已登记的不能删除，数值有误的请改数值。")
    db.session.delete(record)


COUNTY_INDICATORS = Kind(
    "indicators",
    CountyIndicator,
    "县域指标",
    view=Permission.INDICATORS_VIEW,
    edit=Permission.INDICATORS_EDIT,
    scope=within(touches(CountyIndicator.region_id), "region_id", blocked=_locked),
    closed=_closed,
    remove=_remove,
    reserved=provinces_alone("reason"),
    name=lambda each: f"{each.region.name} {each.year} 年 {each.indicator}",
    load=(joinedload(CountyIndicator.region), joinedload(CountyIndicator.source)),
    columns=(
        Column("indicator", sort=True),
        Column("region", sort=through(CountyIndicator.region_id, Region.code)),
        Column("year", sort=True),
        Column("value", look=_bare, phone=True, bounded=True),
        Column("unit", phone=True),
        Column("note", show=Show.WIDE),
        Column("source", show=Show.DESK, phone=False),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(
        in_year(CountyIndicator.year),
        Filter("indicator", "指标", _named, _is),
    ),
    search=(
        CountyIndicator.indicator,
        through(CountyIndicator.region_id, Region.name),
        through(CountyIndicator.region_id, Region.name_initials),
        through(CountyIndicator.region_id, Region.name_pinyin),
    ),
    search_label="指标或地方",
    order="-year",
    groups=(
        ("指标", ("region", "year", "indicator", Column("value", look=_figure))),
        ("依据", ("source", "note", "reason")),
    ),
    form=CountyIndicatorForm,
    constraints=CONSTRAINTS,
    choices={"region_id": own_places},
    doubts=_doubts,
    defaults=lambda user, parent: {"region_id": user.region_id},
    list_template="indicators/list.html",
    empty="这里将列出各县（市、区）各年度的经济社会指标。从“登记县域指标”开始，照统计公报填写。",
)

PUBLISHED_TOTALS = Kind(
    "published_totals",
    PublishedTotal,
    "公布的汇总数",
    view=Permission.INDICATORS_VIEW,
    scope=everybodys(),
    name=lambda total: f"{total.scope} {total.indicator}",
    load=(joinedload(PublishedTotal.region), joinedload(PublishedTotal.source)),
    columns=(
        Column("indicator", sort=True),
        Column("scope", sort=True),
        Column("year", sort=True),
        Column("text", look=looks.quoted, phone=True),
        Column("period", show=Show.WIDE),
        Column("source", show=Show.DESK, phone=False),
        Column("origin", "来源", look=looks.origin, show=Show.DESK),
    ),
    filters=(in_year(PublishedTotal.year),),
    search=(PublishedTotal.indicator, PublishedTotal.scope, PublishedTotal.text),
    search_label="指标或范围",
    order="-year",
    groups=(
        (
            "汇总数",
            (
                "scope",
                "region",
                "year",
                "period",
                "indicator",
                "text",
                Column("value", look=_figure),
            ),
        ),
        ("依据", ("source", "note")),
    ),
    menu="indicators.index",
    list_template="indicators/list.html",
    empty="这里将列出公开资料中的汇总数，照出处所写，不相加，也不参与计分。",
)
