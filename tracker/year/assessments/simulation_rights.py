"""Who may suppose what, and whose points a simulation shows. The one place that decides both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import RegionLevel
from tracker.year.assessments import queries
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSnapshot

Sheet = tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """What of a standing among others a simulation shows."""

    ranks: bool = True
    grades: bool = True


# Tells what the stage of a year lets somebody see; the feature above that knows stages.
_tells: list[Callable[[Snapshot, User], Shown]] = []


def tells_shown(told: Callable[[Snapshot, User], Shown]) -> Callable[[Snapshot, User], Shown]:
    """Let a feature above say what of ranks and grades `user` sees of a snapshot."""
    _tells.append(told)
    return told


def shown(snapshot: Snapshot, user: User) -> Shown:
    """What of ranks and grades a simulation of `snapshot` shows `user`: no more than its cards do,
    or who tries many figures would find out what the others have."""
    for told in _tells:
        return told(snapshot, user)
    return Shown()


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
