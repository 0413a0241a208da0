"""The year's tasks beside the quarter's grid: set above, read here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.records.quarters.cells import Sheet
from tracker.records.targets.done_rules import find_done
from tracker.records.targets.kinds import TARGETS
from tracker.records.targets.models import Target


def tasks_of(sheet: Sheet) -> list[Target]:
    """The tasks of the sheet's year of the county and of its enclaves, parks and pairings, with
    what was done of each by the latest snapshot."""

    def ids(column: str) -> Iterable[int]:
        return {row.subject.id for s in sheet.sections for row in s.rows if row.column == column}

    wanted = or_(
        Target.region_id == sheet.region.id,
        Target.enclave_id.in_(ids("enclave")),
        Target.park_id.in_(ids("park")),
        Target.pairing_id.in_(ids("pairing")),
    )
    statement = select(Target).where(Target.year == sheet.year, wanted).options(*TARGETS.load)
    found = list(db.session.scalars(statement.order_by(Target.measure, Target.id)).unique())
    find_done(found)
    return found
