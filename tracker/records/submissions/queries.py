"""Whose filings are whose, which are awaited and which of them are late, as conditions of
statements."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.quantities.clock import today
from tracker.records.enclaves.models import Enclave
from tracker.records.submissions.models import STANDING, Filing

# Loads what `Filing.place` asks for.
WITH_PLACE = (
    joinedload(Filing.region),
    joinedload(Filing.enclave).joinedload(Enclave.origin_region),
)


def filed_by(regions: Select[int]) -> ColumnElement[bool]:
    """Whether the people of any of `regions` (ids) file it: its place, or that which its enclave
    was flown out from. Never NULL, so that it may be denied."""
    enclaves = select(Enclave.id).where(Enclave.origin_id.in_(regions))
    return or_(
        and_(Filing.region_id.is_not(None), Filing.region_id.in_(regions)),
        and_(Filing.enclave_id.is_not(None), Filing.enclave_id.in_(enclaves)),
    )


def standing() -> ColumnElement[bool]:
    """Filed, and not given back since."""
    return Filing.state.in_(STANDING)


def awaited() -> ColumnElement[bool]:
    """Not filed yet, or given back and not filed anew."""
    return ~standing()


def never_filed() -> ColumnElement[bool]:
    """Not once, whatever its state."""
    return Filing.filed_at.is_(None)


def past_due() -> ColumnElement[bool]:
    """Whose last day is over, filed or not."""
    return Filing.due_on < today()


def overdue() -> ColumnElement[bool]:
    """Late and never filed: what was given back was in time or not, once and for all."""
    return never_filed() & past_due()
