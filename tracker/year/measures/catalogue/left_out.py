"""Why a project is not counted: the one reason that holds, told from its own dates and figures.

Rows have the columns of `TOLD` that a reason reads.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row

from tracker.core.quantities.days import last_day
from tracker.core.quantities.shown import told
from tracker.core.quantities.units import in_wan
from tracker.records.projects.models import LARGE_FROM, Project, SourceSide

TOLD = (
    Project.signed_on.label("signed_on"),
    Project.started_on.label("started_on"),
    Project.completed_on.label("completed_on"),
    Project.in_production_on.label("in_production_on"),
    Project.terminated_on.label("terminated_on"),
    Project.total_investment.label("total"),
    Project.source_side.label("side"),
)


def terminated(row: Row, year: int) -> str:
    """The project had ended by the end of `year`; "" where it had not."""
    ended = row.terminated_on is not None and row.terminated_on <= last_day(year)
    return f"{row.terminated_on}终止" if ended else ""


def not_of_the_year(on: date | None, what: str, year: int) -> str:
    """`what` (签约, 投产) was not done in `year`; "" where it was."""
    if on is None:
        return f"没有{what}日期"
    return "" if on.year == year else f"{on}{what}，不在{year}年"


def not_newly_signed(row: Row, year: int) -> str:
    """Not signed in `year`, or ended again; "" for one that was and had not."""
    return not_of_the_year(row.signed_on, "签约", year) or terminated(row, year)


def not_large(row: Row) -> str:
    """The planned investment is not known, or below that of a large one; "" for a large one."""
    if row.total is None:
        return "没有填报计划总投资"
    if row.total >= LARGE_FROM:
        return ""
    size = in_wan(row.total)
    # What is just below is not rounded up to what it does not reach.
    reaches = round(size, 2) >= in_wan(LARGE_FROM)
    words = told(size, "万元", "≥" if reaches else "")
    return f"计划总投资 {words}，不足 {told(in_wan(LARGE_FROM), '万元')}"


def not_of_the_supporter(row: Row) -> str:
    """The investor does not come from the supporting side; "" for one that does."""
    if row.side is None:
        return "没有注明投资方来源"
    return "" if row.side is SourceSide.SUPPORTER else f"投资方来源为{row.side.label}"


def built_before(row: Row, first: date) -> str:
    """Completed or in production before `first`; "" for one that was still being built."""
    for on, what in ((row.completed_on, "竣工"), (row.in_production_on, "投产")):
        if on is not None and on < first:
            return f"{on}{what}，早于{first}"
    return ""
