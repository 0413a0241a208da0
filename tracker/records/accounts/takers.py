"""Who takes a step of what goes from a place by its city to the province."""

from __future__ import annotations

from enum import StrEnum

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission, Role, permits
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.scopes import is_province


class Whose(StrEnum):
    """Whose people take a step."""

    OWN = "own"  # of the place that hands it in
    CITY = "city"  # of the city above it
    ABOVE = "above"  # of that city or of the province
    PROVINCE = "province"


def city_above(place: Region) -> Region | None:
    """The city that looks first at what `place` hands in; None of a city, and of what no city of
    the province holds."""
    above = place.parent
    return above if above is not None and above.level is RegionLevel.CITY else None


def is_taker(user: User, place: Region, whose: Whose, permission: Permission) -> bool:
    """Whether `user` is of those who ever take the step, by role and place."""
    if not user.may(permission):
        return False
    above = city_above(place)
    return (
        (whose is Whose.OWN and user.region_id == place.id)
        or (whose in (Whose.CITY, Whose.ABOVE) and above is not None and user.region_id == above.id)
        or (whose in (Whose.PROVINCE, Whose.ABOVE) and is_province(user))
    )


def taker_words(place: Region, whose: Whose, permission: Permission) -> str:
    """Who takes the step: 缙云县领导, 丽水市审核人员, 省级考核人员."""
    if whose is Whose.OWN:
        staff = permits(Role.STAFF, permission)
        return f"{place.name}{'工作人员' if staff else '领导'}"
    above = city_above(place)
    return f"{above.name}审核人员" if whose is Whose.CITY and above else "省级考核人员"
