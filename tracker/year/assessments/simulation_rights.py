"""Who may suppose what, and whose points a simulation shows. The one place that decides both."""

from __future__ import annotations

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import RegionLevel
from tracker.year.assessments import queries
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSnapshot

Sheet = tuple[str, str]


def seen(points: ScoredSnapshot, snapshot: Snapshot, user: User) -> set[Sheet]:
    """(sheet, code) of the cards of a snapshot whose points and ranks `user` is shown, here as in
    the rankings: those that the user may open."""
    codes = {
        card.subject.code for sheet in points.sheets.values() for card in sheet.result.scorecards
    }
    return queries.visible_cards(snapshot.id, codes, user)


def may_weigh(user: User) -> bool:
    """Whether `user` may suppose other weights: those of a city or the province who judge."""
    if not user.may(Permission.SIMULATIONS_WEIGH) or user.region is None:
        return False
    return user.region.level in (RegionLevel.PROVINCE, RegionLevel.CITY)
