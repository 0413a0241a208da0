"""Which filings are awaited and which of them are late, as conditions of statements."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from tracker.core.quantities.clock import today
from tracker.records.submissions.models import STANDING, Filing


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
