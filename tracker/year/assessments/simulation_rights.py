"""Who may suppose what, and whose points a simulation shows. The one place that decides both
(docs/procedure-sight.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tracker.engine.scoring import Through
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.models import RegionLevel
from tracker.year.assessments import queries
from tracker.year.assessments.class_lines import class_of, step_tells_others
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.assessments.simulating import depends_on

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


class Untried:
    """What somebody may not try before ranks are told: figures that enter a line whose arithmetic
    tells what another one of the class has, since whoever tries many of them finds that out. Who
    sees all cards of the class may try everything. `seen`: see `seen`."""

    def __init__(self, points: ScoredSnapshot, seen: Collection[Sheet], shown: Shown) -> None:
        self._points, self._seen, self._shown = points, seen, shown
        self._sheets = {each.rulebook.subject: code for code, each in points.sheets.items()}

    def fact(self, sheet: str, code: str, measure: str) -> bool:
        """Whether a fact of a sheet is such a figure."""
        if self._shown.ranks:
            return False
        reached = depends_on(self._points, sheet, code, measure).lines
        places = {
            (self._sheets[each.subject], each.code, each.line)
            for each in reached
            if each.way is not Through.SPREAD and each.subject in self._sheets
        }
        return any(self._tells(*place) for place in places)

    def weight(self, sheet: str, line: str) -> bool:
        """Whether the figures of a line of a rulebook are."""
        if self._shown.ranks:
            return False
        return any(self._tells(name, code, line) for name, code in self._seen if name == sheet)

    def _tells(self, sheet: str, code: str, line: str) -> bool:
        if (sheet, code) not in self._seen:
            return False
        of = self._points.sheets[sheet]
        card = of.card(code)
        if not step_tells_others(card.line(line), card, of):
            return False
        return any((sheet, each.subject.code) not in self._seen for each in class_of(card, of))


def may_weigh(user: User) -> bool:
    """Whether `user` may suppose other weights: those of a city or the province who judge."""
    if not user.may(Permission.SIMULATIONS_WEIGH) or user.region is None:
        return False
    return user.region.level in (RegionLevel.PROVINCE, RegionLevel.CITY)
