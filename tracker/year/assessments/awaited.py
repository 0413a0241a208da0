"""What is there to rule on: the facts of a year's latest snapshot with the rulings made so far.

The reported values are the snapshot's, the rulings are today's: who has just ruled sees it at once,
and the cards follow when the year is frozen again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.engine.scoring import SUBJECTS
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.records.determinations.queries import LEVELS, Standing, rulings_of_year, standing
from tracker.records.determinations.service import why_not_ruled
from tracker.records.places.models import Region, RegionLevel
from tracker.year.assessments.freeze import GIVEN
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.measures.columns import SUBJECT_COLUMNS
from tracker.year.measures.labels import undone_words


@dataclass(frozen=True)
class FactToRule:
    """A fact of a subject. `reported` is in the measure's unit, None if it was not reported, and
    `reason` then says why. `rulings` are all of them, the oldest first. `over`: nobody rules on the
    year any more; `of_city`: it is a city's own, and the province alone rules on it;
    `adopted`: when the snapshot was frozen, if it holds a review of its card."""

    name: str
    label: str
    unit: str
    reported: Decimal | None
    reason: str
    references: tuple[str, ...]
    rulings: tuple[Determination, ...]
    over: bool
    of_city: bool = False
    adopted: datetime | None = None

    @property
    def undone(self) -> str:
        """What stands for a full value that rests on no record (未抽查); "" for any other."""
        return undone_words(self.name, self.reported, self.references)

    def at(self, level: RulingLevel) -> Standing:
        """What the column of `level` takes."""
        return standing(level, self.reported, self.rulings)

    def of(self, level: RulingLevel) -> Determination | None:
        """The ruling of `level` itself that stands."""
        found = self.at(level).ruling
        return found if found is not None and found.level is level else None

    def awaits(self, level: RulingLevel) -> bool:
        """Whether `level`, or one above it, still has to decide on the value, and may."""
        closed = self.over or (self.of_city and level is RulingLevel.CITY)
        return not closed and self.undecided(level)

    def undecided(self, level: RulingLevel) -> bool:
        """Whether neither `level` nor one above it decided on the value as it is: what was ruled
        below is taken over for now, what was ruled on another figure stands for now."""
        made = self.ruled_at(LEVELS[LEVELS.index(level) :])
        if self.adopted is not None and level is RulingLevel.PROVINCE:
            # The review adopted what was taken over by then.
            made = tuple(r for r in self.rulings if r in made or r.ruled_at <= self.adopted)
        decided = standing(RulingLevel.PROVINCE, self.reported, made)
        return decided.ruling is None or decided.changed

    def ruled_at(self, levels: Collection[RulingLevel]) -> tuple[Determination, ...]:
        """The rulings of `levels`, the oldest first."""
        return tuple(ruling for ruling in self.rulings if ruling.level in levels)

    @property
    def changed(self) -> bool:
        """Whether the records have changed since the ruling that stands."""
        return self.at(RulingLevel.PROVINCE).changed

    @property
    def latest(self) -> int:
        """The number of the newest ruling, 0 without any."""
        return max((ruling.id for ruling in self.rulings), default=0)


@dataclass(frozen=True)
class SubjectToRule:
    """A subject of a sheet with its facts, in the order of the measures' names. `column` and
    `record_id` name it in a ruling."""

    card: ScorecardRow
    title: str
    place: str
    column: str
    record_id: int
    facts: tuple[FactToRule, ...]

    @property
    def of_city(self) -> bool:
        """Whether its facts are a city's own."""
        return any(fact.of_city for fact in self.facts)

    @property
    def over(self) -> bool:
        """Whether nobody rules on its facts any more."""
        return any(fact.over for fact in self.facts)

    def awaiting(self, level: RulingLevel) -> int:
        """How many of its facts wait for a ruling."""
        return sum(fact.awaits(level) for fact in self.facts)

    def fact(self, name: str) -> FactToRule | None:
        """The fact of the measure `name`."""
        return next((fact for fact in self.facts if fact.name == name), None)


def subjects_to_rule(snapshot: Snapshot, cards: Sequence[ScorecardRow]) -> list[SubjectToRule]:
    """The subjects of `cards`, which are cards of `snapshot`, in their order.

    Left out are subjects whose record is gone. The number of statements depends on the kinds of
    sheets alone.
    """
    points = scored_of(snapshot)
    sheets = {card.sheet: points.sheets[card.sheet] for card in cards}
    kinds = {code: sheet.rulebook.subject for code, sheet in sheets.items()}
    of_kind = {kind: _ids(kind, snapshot.year) for kind in set(kinds.values())}
    ids = {code: of_kind[kind] for code, kind in kinds.items()}
    columns = {code: _column(sheet) for code, sheet in sheets.items()}
    asked: dict[str, set[int]] = {name: set() for name in columns.values()}
    for card in cards:
        if (number := ids[card.sheet].get(card.subject_code)) is not None:
            asked[columns[card.sheet]].add(number)
    owner = snapshot.owner_region_id
    rulings = {
        n: rulings_of_year(snapshot.year, n, of, owner, whole=True) for n, of in asked.items()
    }
    reported = {code: _reported(sheet) for code, sheet in sheets.items()}
    cities = set(db.session.scalars(select(Region.id).where(Region.level == RegionLevel.CITY)))
    over = bool(why_not_ruled(snapshot.year, RulingLevel.PROVINCE, owner))
    found = []
    for card in cards:
        sheet, column = sheets[card.sheet], columns[card.sheet]
        record_id = ids[card.sheet].get(card.subject_code)
        if record_id is None:
            continue
        values = reported[card.sheet][card.subject_code]
        made = rulings[column]
        code, of_city = card.subject_code, card.region_id in cities
        adopted = snapshot.frozen_at if sheet.review(code) is not None else None
        facts = tuple(_facts(points, sheet, code, values, record_id, made, over, of_city, adopted))
        place = sheet.frozen["subjects"][card.subject_code]["place"]
        title = SUBJECTS[sheet.rulebook.subject]
        found.append(SubjectToRule(card, title, place, column, record_id, facts))
    return found


def _ids(kind: str, year: int) -> dict[str, int]:
    subjects = ROSTERS[kind].subjects(year)
    return {subject.code: subject.record_id for subject in subjects}


def _column(sheet: ScoredSheet) -> str:
    return SUBJECT_COLUMNS[ROSTERS[sheet.rulebook.subject].measures]


def _reported(sheet: ScoredSheet) -> dict[str, dict[str, str]]:
    file = sheet.frozen["facts"][RulingLevel.COUNTY.value]
    return {subject["code"]: subject["measures"] for subject in file["subjects"]}


def _facts(
    points: ScoredSnapshot,
    sheet: ScoredSheet,
    code: str,
    values: Mapping[str, str],
    record_id: int,
    rulings: Mapping[tuple[int, str], list[Determination]],
    over: bool,
    of_city: bool,
    adopted: datetime | None,
) -> Iterator[FactToRule]:
    frozen: Mapping[str, Any] = sheet.frozen
    reasons = frozen["reasons"][RulingLevel.COUNTY.value].get(code, {})
    records = frozen["records"].get(code, {})
    names = {*values, *reasons, *frozen["undetermined"].get(code, ())}
    for name in sorted(name for name in names if name.partition(".")[0] not in (*GIVEN, "score")):
        about = points.document["measures"].get(name)
        if about is None:
            continue
        yield FactToRule(
            name=name,
            label=about["label"],
            unit=about["unit"],
            reported=Decimal(values[name]) if name in values else None,
            reason=reasons.get(name, ""),
            references=tuple(records.get(name, ())),
            rulings=tuple(rulings.get((record_id, name), ())),
            over=over,
            of_city=of_city,
            adopted=adopted,
        )
