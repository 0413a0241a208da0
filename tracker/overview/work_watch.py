"""重点工作监测: the key work of four lists by how it stands, and what of it is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.records.places.models import Region
from tracker.records.works.models import KeyWork, WorkEvent, WorkList
from tracker.records.works.queries import last_words
from tracker.records.works.steps import LIGHTS, Next, light_of, next_of

KEYS = tuple(key for key, _ in LIGHTS)
SHOWN = 20


@dataclass(frozen=True)
class Row:
    """The works of one list, or of one place, by light."""

    of: WorkList | Region
    numbers: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.numbers.values())


@dataclass(frozen=True)
class Due:
    """A work that is not done: what is next, how it stands, and what was said of it last."""

    work: KeyWork
    next: Next
    days_late: int
    light: tuple[str, str]
    said: WorkEvent | None


def _numbers(works: Iterable[KeyWork], day: date) -> dict[str, int]:
    found = dict.fromkeys(KEYS, 0)
    for each in works:
        found[light_of(each, day)[0]] += 1
    return found


def whole(works: Sequence[KeyWork], day: date) -> dict[str, int]:
    """How many there are of each light."""
    return _numbers(works, day)


def by_list(works: Sequence[KeyWork], day: date) -> list[Row]:
    """Each of the four lists, those without works too."""
    return [Row(of, _numbers((w for w in works if w.sheet is of), day)) for of in WorkList]


def by_place(works: Sequence[KeyWork], day: date) -> list[Row]:
    """Each place in charge, in the order of the works."""
    places = dict.fromkeys(work.region for work in works)
    return [Row(of, _numbers((w for w in works if w.region is of), day)) for of in places]


def due_ones(works: Sequence[KeyWork], day: date, light: str) -> list[Due]:
    """The first of those of one light, the most overdue or the nearest first."""
    found = [
        (each, step)
        for each in works
        if light_of(each, day)[0] == light and (step := next_of(each, day)) is not None
    ]
    shown = sorted(found, key=lambda pair: (pair[1].due_on, pair[0].id))[:SHOWN]
    said = last_words([each for each, _ in shown])
    return [
        Due(each, step, step.days_late(day), light_of(each, day), said.get(each.id))
        for each, step in shown
    ]
