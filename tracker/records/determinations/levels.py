"""At which level somebody rules."""

from __future__ import annotations

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region, RegionLevel

_LEVELS = {RegionLevel.PROVINCE: RulingLevel.PROVINCE, RegionLevel.CITY: RulingLevel.CITY}


def level_of(user: User) -> RulingLevel | None:
    """The level at which `user` rules: that of the own region; None for a county."""
    own = db.session.get(Region, user.region_id) if user.region_id else None
    return _LEVELS.get(own.level) if own else None
