"""Places that got another code: the old one still leads to them.

A place keeps its row, and with it all its records, when its code changes; which codes it had is
told by the audit trail, which never changes.
"""

from __future__ import annotations

import json

from sqlalchemy import select

from tracker.db import db
from tracker.db.audit import AuditAction, AuditEntry
from tracker.regions.models import Region

_CODE = "code"


def former_codes(region: Region) -> list[str]:
    """The codes that `region` had before, the latest first."""
    statement = _changes().where(AuditEntry.record_id == region.id)
    found = [_old(changes) for _, changes in db.session.execute(statement)]
    return [code for code in dict.fromkeys(found) if code and code != region.code]


def place_of_former_code(code: str) -> Region | None:
    """The place that had `code` last and has another one now; None if there is none."""
    if not (code.isascii() and code.isdecimal()):
        return None
    statement = _changes().where(AuditEntry.changes.contains(f'"{_CODE}": ["{code}",'))
    for record_id, changes in db.session.execute(statement):
        if _old(changes) == code:
            return db.session.get(Region, record_id)
    return None


def _changes():
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
