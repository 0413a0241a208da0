"""人员 of 总表: who was sent and trained, against the tasks that ask it. A figure is what came
within the days; what a task asks is done by the task's own measure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import Select, func, select

from tracker.core.db import db
from tracker.core.quantities.days import days_of, first_day
from tracker.overview import progress
from tracker.overview.figures import OfYear, Task, tasks_of
from tracker.overview.progress import Progress
from tracker.overview.summary import Block, Line, pace
from tracker.records.exchanges.models import Training
from tracker.records.exchanges.sums import by_kind
from tracker.records.ledger.parts import Part
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region

POSTED, SPECIALISTS = "cadres.posted", "support.specialists"
# Kind of exchange → its line, the list that has its records, and the task that asks it ("" none).
LINES = (
    ("employed", "培训后就业", "trainings.index", ""),
    ("specialists", "新派专技人才", "specialist_postings.index", SPECIALISTS),
)
# All that pages of leaders tell tasks of.
MEASURES = (*progress.ASKED, POSTED, SPECIALISTS)
CADRES = ("cadres", "新派挂职干部", "secondments.index", POSTED)


def tasks_with_people(
    counties: Iterable[Region], year: int, found: Iterable[Progress]
) -> dict[str, Task]:
    """The tasks of `found` by the name of their measure, and those about people beside them."""
    more = progress.progress_of(counties, year, (POSTED, SPECIALISTS))
    return tasks_of([*found, *more])


def with_people(
    blocks: Iterable[Block],
    regions: Select[int],
    year: int,
    part: Part,
    tasks: dict[str, Task],
) -> list[Block]:
    """`blocks` of 总表, with all lines about people: those in 人次, then cadres in 人."""
    pairs = select(Pairing.id).where(pairings.touching(regions))
    whole, now, before = (by_kind(pairs, *days) for days in _spans(year, part))

    def line(key: str, label: str, endpoint: str, measure: str) -> Line:
        all_of, in_part, in_before = (of.get(key) for of in (whole, now, before))
        of = OfYear(label, all_of, in_part, in_before, endpoint, {}, tasks.get(measure))
        return Line(of, pace(of, year), _untold(pairs, year) if key == "employed" else "")

    *others, people = blocks
    more = [line(*each) for each in LINES]
    posted = Block("cadres", "干部", "人", [line(*CADRES)])
    return [*others, replace(people, lines=[*people.lines, *more]), posted]


def _spans(year: int, part: Part) -> list[tuple[date, date]]:
    """All of the year, the part that is compared, and the same part of the year before."""
    return [
        days_of(year),
        (first_day(year), part.until),
        (first_day(year - 1), part.until_before),
    ]


def _untold(pairs: Select[int], year: int) -> str:
    """Of how many trainings nobody says how many found work."""
    held = Training.held_on.between(*days_of(year))
    silent = select(func.count()).where(
        Training.pairing_id.in_(pairs), held, Training.employed.is_(None)
    )
    number = db.session.scalar(silent)
    return f"{number} 场未报就业人数，不在其内" if number else ""
