"""At which level somebody rules."""

from __future__ import annotations

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region, RegionLevel

_LEVELS = {RegionLevel.PROVINCE: RulingLevel.PROVINCE, RegionLevel.CITY: RulingLevel.CITY}


def level_of(user: User, owner: int | None = None) -> RulingLevel | None:
    """The level at which `user` rules in the assessment of `owner`: that of the own region; None
    for a county. In the assessment of a city its people alone rule, and decide."""
    if owner is not None:
        return RulingLevel.PROVINCE if user.region_id == owner else None
    own = db.session.get(Region, user.region_id) if user.region_id else None
    return _LEVELS.get(own.level) if own else None
