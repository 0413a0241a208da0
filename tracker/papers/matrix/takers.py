"""Who takes the workbook with formulas."""

from __future__ import annotations

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.scopes import is_province
from tracker.year.assessments.models import Snapshot


def may_take(user: User, snapshot: Snapshot) -> bool:
    """Whether `user` sees all that the workbook of `snapshot` holds: the classes that its formulas
    compare are whole. Of a city's assessment its own people do too, who rule on all of it."""
    if is_province(user):
        return user.may(Permission.SNAPSHOTS_VIEW)
    owner = snapshot.owner_region_id
    return owner is not None and user.region_id == owner
