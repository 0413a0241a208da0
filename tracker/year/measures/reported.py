"""When nothing on record means nought, and when it means that nobody has reported.

Two rules. What a county reports (aid, training, sales, visits, …) is 0 where it filed the year's
fourth quarter or annual report and recorded nothing; without such a report it is not reported.
What the program itself keeps (parks, enclaves, findings, adoptions) is 0 where nothing is on
record, for every county that takes part: on the list, or a side of a pairing.

A nought rests on a record too: on the report that was filed, or on the county's own entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from sqlalchemy import Row, Select, SQLColumnExpression, exists, or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.core.quantities.units import in_wan
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import CountyListing, Region
from tracker.records.submissions.models import Filing, FilingKind
from tracker.records.submissions.queries import standing
from tracker.year.measures.declare import NotReportedError, Reading, Rows
from tracker.year.measures.made import Made, count, shares

NOUGHT_IF_FILED = "当年没有记录的，已报送第四季度季报或年报的为0，否则为未报。"
NOUGHT_IF_KNOWN = "没有记录的为0；当年不在名单上、也从未有结对关系的县为未报。"
UNKNOWN = "既不在名单上，也没有结对关系"


@cache  # all measures of a year ask it, and it is asked once for all of them
def filed(year: int, subject: SQLColumnExpression[int | None] = Filing.region_id) -> Select:
    """The fourth quarter and annual reports of `year` that were filed, with `subject` as theirs;
    what was given back is no report until it is filed anew."""
    return select(subject.label("subject_id"), Filing.id.label("record_id")).where(
        subject.is_not(None),
        Filing.year == year,
        Filing.kind.in_((FilingKind.Q4, FilingKind.ANNUAL)),
        standing(),
    )


@cache
def known(year: int) -> Select:
    """The counties that take part in `year`: on the list in it, or ever a side of a pairing."""
    listed = exists().where(
        CountyListing.region_id == Region.id,
        or_(CountyListing.joined_on.is_(None), CountyListing.joined_on <= last_day(year)),
        or_(CountyListing.left_on.is_(None), CountyListing.left_on >= first_day(year)),
    )
    paired = exists().where(
        or_(Pairing.supporter_id == Region.id, Pairing.recipient_id == Region.id)
    )
    return select(Region.id.label("subject_id"), Region.id.label("record_id")).where(
        or_(listed, paired)
    )


def without(statement: Select, others: Iterable[Select]) -> Select:
    """The rows of `statement` of those subjects that have no row in any of `others`.

    NOT IN, so that a database reads the others once: for NOT EXISTS, SQLite reads a year's ledger
    anew for each row.
    """
    rows = statement.subquery()
    found = select(rows)
    for other in others:
        theirs = other.subquery().c.subject_id
        found = found.where(rows.c.subject_id.not_in(select(theirs).where(theirs.is_not(None))))
    return found


def nought_if_filed(
    year: int,
    statements: Mapping[str, Select],
    value: Callable[[Rows], Made | Decimal | int],
    *,
    nothing: str,
    why: Callable[[str, Row], str] | None = None,
) -> Reading:
    """`value` of the rows of `statements`; where they have none, 0 if the county's last report of
    the year was filed, else not reported, for the reason `nothing`. `why` says of what else is
    looked at why it is not counted then."""
    return _nought_if("filings", filed(year), statements, value, nothing, why)


def nought_if_known(
    year: int,
    statements: Mapping[str, Select],
    value: Callable[[Rows], Made | Decimal | int],
    extra: Mapping[str, Select] | None = None,
    why: Callable[[str, Row], str] | None = None,
) -> Reading:
    """`value` of the rows of `statements`; where they have none, 0 for a county that takes part.

    `extra` statements serve `value` as well, but their rows alone are no reason to call it; then
    `why` says why they are not counted.
    """
    reading = _nought_if("regions", known(year), statements, value, UNKNOWN, why)
    return replace(reading, statements={**reading.statements, **(extra or {})})


def _nought_if(
    table: str,
    fallback: Select,
    statements: Mapping[str, Select],
    value: Callable[[Rows], Made | Decimal | int],
    nothing: str,
    why: Callable[[str, Row], str] | None = None,
) -> Reading:
    def of_subject(rows: Rows) -> Made | Decimal | int:
        if any(rows[name] for name in statements):
            return value(rows)
        if not rows[table]:
            raise NotReportedError(nothing)
        made = Made(0, shares(table, rows[table]))
        return replace(made, why=why) if why else made

    return Reading({**statements, table: fallback}, of_subject, {table: tuple(statements)})


def amounts(rows: Rows) -> Decimal:
    """The sum of the column `amount` (元) of all rows that have one, in 万元."""
    found = (
        row.amount
        for of_table in rows.values()
        if of_table and "amount" in of_table[0]._fields
        for row in of_table
    )
    return in_wan(sum(found, Decimal(0)))


def number(table: str) -> Callable[[Rows], int]:
    """How many rows `table` has."""
    return lambda rows: len(rows[table])


def number_that(
    table: str, mark: str, why: Callable[[Row], str] | None = None
) -> Callable[[Rows], Made]:
    """How many rows of `table` have a true column `mark`; `why` says of another why it does not
    count."""
    return lambda rows: count(rows, table, lambda row: bool(getattr(row, mark)), why)
