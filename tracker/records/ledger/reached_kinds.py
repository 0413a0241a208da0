"""What the ledger gives other lists: to that of projects the columns of what was put in so far and
the filter of those that stand still, to that of villages the filter of those that returns reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, func, select

from tracker.core.db import Precision, aside, db
from tracker.core.quantities.days import last_day_yet
from tracker.core.quantities.figure import yuan
from tracker.core.quantities.shown import NOT_REPORTED, in_wan, look
from tracker.records.ledger.dispatched import RULES, dispatched, lights
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.reached import CHOICES, reached
from tracker.records.ledger.stalled import CONDITIONS
from tracker.records.ledger.standing import counted
from tracker.records.ledger.sums import Sum, together, totals
from tracker.records.places.scopes import places
from tracker.records.projects.kinds import PROJECTS
from tracker.records.projects.milestones import has_late, has_plan
from tracker.records.projects.models import Project
from tracker.records.villages.kinds import VILLAGES
from tracker.web.kit import Column, Filter, Show
from tracker.web.kit.declared import Total
from tracker.web.period import selected_year

REACHED = (EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT)


def find_reached(projects: Sequence[Project]) -> None:
    """What was put into each of `projects` so far, of all years, in one statement: see `_of`."""
    found = totals(
        LedgerEntry.project_id.in_([project.id for project in projects]),
        aside(LedgerEntry.kind).in_(REACHED),  # few entries are of these, many of one kind
        by=(LedgerEntry.project_id, LedgerEntry.kind),
    )
    for project in projects:
        held: Any = project
        held.reached = {kind: found.get((project.id, kind)) for kind in REACHED}


def sums_of_reached(statement: Select, number: int) -> Mapping[str, Total]:
    """What was put into the projects that `statement` selects, `number` of them."""
    amount, its_precision = LedgerEntry.amount, LedgerEntry.precision
    of_each = [
        each
        for precision in Precision
        for each in (
            func.sum(amount, type_=amount.type).filter(its_precision == precision),
            func.count().filter(its_precision == precision),
        )
    ]
    wanted = (
        select(LedgerEntry.kind, func.count(LedgerEntry.project_id.distinct()), *of_each)
        .where(
            LedgerEntry.project_id.in_(statement.order_by(None).with_only_columns(Project.id)),
            LedgerEntry.kind.in_(REACHED),
            *counted(),
        )
        .group_by(LedgerEntry.kind)
    )
    totals_ = {}
    for kind, reported, *found in db.session.execute(wanted):
        parts = zip(Precision, found[::2], found[1::2], strict=True)
        sums = [Sum(yuan(value, of.label), count) for of, value, count in parts if count]
        totals_[kind.value] = Total(together(sums).figure, number - reported)
    return totals_


def _of(kind: EntryKind) -> Any:
    return lambda project: project.reached[kind]


def _amount(sum_: Sum | None, project: Project) -> Markup:
    return look(NOT_REPORTED) if sum_ is None else in_wan(sum_.figure)


def _rate(kind: EntryKind) -> Any:
    def rate(project: Any) -> Decimal | None:
        found, planned = project.reached[kind], project.total_investment
        return found.figure.value / planned * 100 if found is not None and planned else None

    return rate


def _percent(rate: Decimal | None, project: Project) -> Markup | str:
    return look(NOT_REPORTED) if rate is None else f"{rate:.1f}"


def _columns() -> list[Column]:
    return [
        column
        for kind, label, rate in zip(
            REACHED, ("累计到位", "累计完成"), ("到位率", "完成率"), strict=True
        )
        for column in (
            Column(
                kind.value,
                label,
                value=_of(kind),
                look=_amount,
                unit="万元",
                phone=True,
                bounded=True,
            ),
            Column(
                f"{kind.value}_rate",
                rate,
                value=_rate(kind),
                look=_percent,
                unit="%",
                show=Show.WIDE,
            ),
        )
    ]


PROJECTS.beside("total_investment", *_columns(), prepare=find_reached, sums=sums_of_reached)


def _stalled(value: str) -> ColumnElement[bool] | None:
    return CONDITIONS[value][1](selected_year()) if value else None


_CHOICES = [(key, words) for key, (words, _) in CONDITIONS.items()]
PROJECTS.narrowed_by(Filter("stalled", "需要关注", _CHOICES, _stalled))


def _of_light(value: str) -> ColumnElement[bool] | None:
    return and_(dispatched(), lights(selected_year())[value]) if value else None


def _of_plan(value: str) -> ColumnElement[bool] | None:
    late = and_(dispatched(), has_late(last_day_yet(selected_year())))
    return {"yes": has_plan(), "late": late, "no": ~has_plan()}.get(value)


PROJECTS.narrowed_by(
    Filter("light", "亮灯（亿元以上）", [(key, word) for key, word, _ in RULES], _of_light),
    Filter(
        "plan",
        "计划节点",
        [("yes", "有计划节点"), ("late", "计划节点逾期"), ("no", "没有计划节点")],
        _of_plan,
    ),
    Filter(
        "owner",
        "所在地",
        places,
        lambda value: Project.region_id == int(value) if value else None,
    ),
)

VILLAGES.narrowed_by(
    Filter(
        "reached",
        "飞地返利",
        CHOICES,
        lambda value: reached(value, selected_year()) if value else None,
        blank=lambda: f"{selected_year()} 年不限",
    )
)
