"""Places that got another code, or whose work another place took over: the old ones still lead on.

A place keeps its row, and with it all its records, when its code changes; which codes it had is
told by the audit trail, which never changes, and of the time before this system by `FormerCode`.
A place that was abolished keeps its row and its records too: sums of the years before stay its own,
and whoever took over its work sees them beside the present ones.
"""

from __future__ import annotations

import json

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.audit import AuditAction, AuditEntry
from tracker.records.places.models import FormerCode, Region

_CODE = "code"


def former_codes(region: Region) -> list[str]:
    """The codes that `region` had before, the latest first."""
    statement = _changes().where(AuditEntry.record_id == region.id)
    found = [_old(changes) for _, changes in db.session.execute(statement)]
    kept = select(FormerCode.code).where(FormerCode.region_id == region.id)
    found += db.session.scalars(kept.order_by(FormerCode.id.desc()))
    return [code for code in dict.fromkeys(found) if code and code != region.code]


def place_of_former_code(code: str) -> Region | None:
    """The place that had `code` last and has another one now; None if there is none."""
    if not (code.isascii() and code.isdecimal()):
        return None
    statement = _changes().where(AuditEntry.changes.contains(f'"{_CODE}": ["{code}",'))
    for record_id, changes in db.session.execute(statement):
        if _old(changes) == code:
            return db.session.get(Region, record_id)
    kept = select(FormerCode.region_id).where(FormerCode.code == code)
    region_id = db.session.scalar(kept)
    return db.session.get(Region, region_id) if region_id else None


def place_of(code: str) -> Region | None:
    """The place that has `code`, or had it last."""
    return db.session.scalar(select(Region).where(Region.code == code)) or (
        place_of_former_code(code)
    )


def other_codes(code: str) -> list[str]:
    """The other codes under which the place of `code` may be found: its present one first."""
    place = place_of(code)
    if place is None:
        return []
    return [each for each in (place.code, *former_codes(place)) if each and each != code]


def predecessors(region: Region) -> list[Region]:
    """The places whose work `region` took over, the latest first."""
    statement = select(Region).where(Region.successor_id == region.id)
    ordered = statement.options(joinedload(Region.succession_source))
    return list(db.session.scalars(ordered.order_by(Region.abolished_on.desc(), Region.code)))


def with_predecessors(regions: Select[int]) -> Select[int]:
    """The ids of `regions` and of what they took over: for records that are read one by one, never
    for sums."""
    return select(Region.id).where(or_(Region.id.in_(regions), Region.successor_id.in_(regions)))


def _changes() -> Select[int, str]:
    return (
        select(AuditEntry.record_id, AuditEntry.changes)
        .where(
            AuditEntry.table_name == Region.__tablename__,
            AuditEntry.action == AuditAction.CHANGED.value,
        )
        .order_by(AuditEntry.id.desc())
    )


def _old(changes: str) -> str | None:
    return json.loads(changes).get(_CODE, [None])[0]
