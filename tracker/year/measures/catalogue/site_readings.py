"""Readings that enclaves, parks and demonstration villages share: quarterly figures, goals, counts
and sums, and when nothing recorded means nought.

What a site reports counts as nought where its year's report (fourth quarter or annual) was filed
without it; else it is not reported. An enclave files its own report, the county files for its
parks and demonstration villages. Findings are the program's own: none recorded is nought.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.ledger.models import LedgerEntry
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.operations.queries import of_year
from tracker.records.parks.models import Park
from tracker.records.submissions.models import Filing
from tracker.records.targets.models import Target
from tracker.records.villages.models import DemonstrationVillage
from tracker.year.measures.declare import NotReportedError, Reading, Rows
from tracker.year.measures.made import Made, Share, shares
from tracker.year.measures.reported import filed, without

PLACES = 8  # a ruling keeps this many decimals
NOUGHT_IF_COUNTY_FILED = "没有记录的，所在县已报送当年第四季度季报或年报的为0，否则为未报。"


def quotient(above: Decimal | int, below: Decimal | int) -> Decimal:
    """`above` ÷ `below`, rounded half up to 8 decimals; both are 0 or more, `below` is not 0."""
    scaled = Fraction(above) / Fraction(below) * 10**PLACES
    return Decimal(math.floor(scaled + Fraction(1, 2))).scaleb(-PLACES)


def reports_of_enclaves(year: int) -> Select:
    """The year's final reports that enclaves have filed."""
    return filed(year, Filing.enclave_id)


def reports_for_parks(year: int) -> Select:
    """The year's final reports of the counties that parks lie in, by park."""
    return filed(year, Park.id).join(Park, Park.recipient_id == Filing.region_id)


def reports_for_demonstrations(year: int) -> Select:
    """The year's final reports of the counties that demonstration villages lie in, by village."""
    return filed(year, DemonstrationVillage.id).join(
        DemonstrationVillage, DemonstrationVillage.county_id == Filing.region_id
    )


def in_year(statement: Select, year: int) -> Select:
    """The ledger entries of `statement` that happened in `year`."""
    return statement.where(LedgerEntry.occurred_on.between(first_day(year), last_day(year)))


def ranked(sources: Mapping[str, Select]) -> dict[str, Select]:
    """Each statement only for the subjects that no earlier one has a row for."""
    statements = list(sources.values())
    return {
        table: without(statement, statements[:place])
        for place, (table, statement) in enumerate(sources.items())
    }


def sum_or_filed(sources: Mapping[str, Select], reports: Select, *, nothing: str) -> Reading:
    """The sum of `amount` (元) in 万元, from the first of `sources` that has rows for the subject;
    0 where there are none but a final report was filed."""

    def value(rows: Rows) -> Decimal:
        if not any(rows.values()):
            raise NotReportedError(nothing)
        return in_wan(amount_of(rows, sources))

    return Reading(ranked({**sources, "filings": reports}), value)


def amount_of(rows: Rows, tables: Mapping[str, Select] | Sequence[str]) -> Decimal:
    """The sum of `amount` (元) of the rows of `tables`."""
    return sum((row.amount for table in tables for row in rows[table]), Decimal(0))


def count_or_filed(
    table: str,
    known: Select,
    condition: ColumnElement[bool],
    reports: Select,
    *,
    nothing: str,
    why: Callable[[Row], str],
) -> Reading:
    """How many rows of `known` satisfy `condition`; 0 where there are others only, or none at all
    but a final report was filed. `why` says of one of the others why it is not counted."""
    marked = known.add_columns(condition.label("counted"))

    def value(rows: Rows) -> Made:
        if not any(rows.values()):
            raise NotReportedError(nothing)
        counted = [row for row in rows[table] if row.counted]
        made = shares(table, counted, lambda row: 1) + shares("filings", rows["filings"])
        return Made(len(counted), made, why=lambda _, row: why(row))

    return Reading(ranked({table: marked, "filings": reports}), value)


def figures(subject: InstrumentedAttribute, year: int, *items: Item) -> Select:
    """Quarterly figures of `items` of `year`, with `item`, `quarter` and `value`."""
    return select(
        subject.label("subject_id"),
        OperatingFigure.id.label("record_id"),
        OperatingFigure.item.label("item"),
        OperatingFigure.quarter.label("quarter"),
        OperatingFigure.value.label("value"),
    ).where(subject.is_not(None), OperatingFigure.year == year, OperatingFigure.item.in_(items))


def year_of(item: Item, rows: Sequence[Row], year: int) -> Decimal:
    """The year's value of `item`: a flow is the sum of its quarters, a stock the last one reported.
    Raises NotReportedError where no quarter was."""
    value = of_year(item, rows)
    if value is None:
        raise NotReportedError(f"{year}年季报中没有{item.label}")
    return value


LAST_QUARTER = "取最后一个填报季度，此前各季不计"


def figures_of(item: Item, rows: Rows) -> list[Share]:
    """The quarters that make the year's value of `item`: all of a flow, the last of a stock."""
    table = "operating_figures"
    found = [row for row in rows[table] if row.item is item]
    if found and not MEANINGS[item].is_flow:
        found = [max(found, key=lambda row: row.quarter)]
    return shares(table, found, lambda row: row.value)


def figure(
    subject: InstrumentedAttribute,
    item: Item,
    year: int,
    convert: Callable[[Decimal], Decimal] = lambda value: value,
) -> Reading:
    """The year's value of one item."""

    def value(rows: Rows) -> Made:
        found = convert(year_of(item, rows["operating_figures"], year))
        return Made(found, figures_of(item, rows), why=lambda *_: LAST_QUARTER)

    return Reading({"operating_figures": figures(subject, year, item)}, value)


def goal(subject: InstrumentedAttribute, name: str, year: int) -> Reading:
    """The value of the year's target row `name`; 0 where none was issued."""
    goals = select(
        subject.label("subject_id"), Target.id.label("record_id"), Target.value.label("value")
    ).where(subject.is_not(None), Target.year == year, Target.measure == name)

    def value(rows: Rows) -> Decimal | int:
        return rows["targets"][0].value if rows["targets"] else 0

    return Reading({"targets": goals}, value)
