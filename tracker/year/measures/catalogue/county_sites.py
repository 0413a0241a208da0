"""Measures of counties of both sides: their parks and the enclaves inside mountain counties."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.models import Direction, Enclave
from tracker.records.parks.models import Park, ParkKind
from tracker.year.measures.catalogue.counties import county_measure
from tracker.year.measures.declare import Reading
from tracker.year.measures.reported import NOUGHT_IF_KNOWN, nought_if_known, number

JOINT_PARKS = (ParkKind.INDUSTRIAL, ParkKind.TOURISM)


def running(year: int) -> ColumnElement[bool]:
    """Whether a park runs on 31 December: approved (or, without that day, signed), not closed."""
    begun = func.coalesce(Park.approved_on, Park.signed_on)
    return and_(
        or_(begun.is_(None), begun <= last_day(year)),
        or_(Park.closed_on.is_(None), Park.closed_on > last_day(year)),
    )


def _both_sides(
    first: SQLColumnExpression[int | None],
    second: SQLColumnExpression[int | None],
    statement: Select,
) -> Select:
    """`statement` once for each of two columns as its subject; they name different regions."""
    return (
        statement.add_columns(first.label("subject_id"))
        .union_all(statement.add_columns(second.label("subject_id")))
        .subquery()
        .select()
    )


@county_measure(
    "parks.count",
    label="山海协作产业园数",
    unit="个",
    definition="年末在运行、以该县为受援方的工业类和生态旅游文化类山海协作产业园数；"
    "批复（没有批复日期的按签约）晚于年末的、年末前关闭的不计。" + NOUGHT_IF_KNOWN,
    records="产业园：类别、日期",
)
def parks_count(year: int) -> Reading:
    parks = select(Park.recipient_id.label("subject_id"), Park.id.label("record_id")).where(
        Park.kind.in_(JOINT_PARKS), running(year)
    )
    return nought_if_known(year, {"parks": parks}, number("parks"))


@county_measure(
    "parks.hundred_yi_first",
    label="当年首次迈入百亿级的产业园数",
    unit="个",
    definition="该县参与共建的工业类和生态旅游文化类产业园中，当年总产值首次达到100亿元的个数，"
    "受援县、支援县都计。" + NOUGHT_IF_KNOWN,
    records="产业园：迈入百亿级的日期",
)
def hundred_yi_first(year: int) -> Reading:
    parks = select(Park.id.label("record_id")).where(
        Park.kind.in_(JOINT_PARKS),
        Park.ten_billion_on.between(first_day(year), last_day(year)),
    )
    of_sides = _both_sides(Park.recipient_id, Park.supporter_id, parks)
    return nought_if_known(year, {"parks": of_sides}, number("parks"))


@county_measure(
    "enclaves.inbound_opened",
    label="当年新启用的域内飞地数",
    unit="个",
    definition="建在受援县域内（正向）、当年投用的发展飞地和双向飞地数；"
    "受援县、支援县各按自己参与共建的计。" + NOUGHT_IF_KNOWN,
    records="飞地：方向、投用日期",
)
def inbound_opened(year: int) -> Reading:
    opened = select(Enclave.id.label("record_id")).where(
        Enclave.direction == Direction.INBOUND,
        Enclave.in_use_on.between(first_day(year), last_day(year)),
    )
    of_sides = _both_sides(Enclave.origin_id, Enclave.host_id, opened)
    return nought_if_known(year, {"enclaves": of_sides}, number("enclaves"))
