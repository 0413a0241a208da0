"""Which filings are awaited and which of them are late, as conditions of statements."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from tracker.core.quantities.clock import today
from tracker.records.submissions.models import Filing


def awaited() -> ColumnElement[bool]:
    """Not filed yet."""
    return Filing.filed_at.is_(None)


def past_due() -> ColumnElement[bool]:
    """Whose last day is over, filed or not."""
    return Filing.due_on < today()


def overdue() -> ColumnElement[bool]:
    """Late and not filed."""
    return awaited() & past_due()
