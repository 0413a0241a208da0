"""The rankings of a snapshot: each sheet by class, against last year, with prizes.

Rows come from the index of cards; no card is built. What the index does not hold (titles, places,
vetoes, prizes) is read from the scored snapshot, which is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any

from tracker.core.db.searchable import initials_of
from tracker.engine.scoring import SUBJECTS, UNCLASSED, PrizeWon, Scorecard, explain_grade
from tracker.papers.scorecard.reasons import unranked_words
from tracker.records.determinations.models import RulingLevel
from tracker.web.search import matches
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.procedure.sight import Range, SeenCard
from tracker.year.procedure.sights import Sight
from tracker.year.rulebooks.printed import sheet_title

PREVIEW = 5
SHORT = 40  # so few rows are shown whole
CENT = Decimal("0.01")

_TOTALS = {
    RulingLevel.COUNTY: lambda row: row.self_total,
    RulingLevel.CITY: lambda row: row.city_total,
    RulingLevel.PROVINCE: lambda row: row.province_total,
}


@dataclass(frozen=True)
class Ranked:
    """A row of a ranking. `totals` are those of the three columns, None above the one that counts;
    `rank_change` is how many places the subject gained, `total_change` how many points (分);
    `grade_notes` say why the grade is another than the points give; `is_new`: there was such a
    sheet last year, and the subject not on it."""

    row: SeenCard
    place: str
    totals: tuple[Decimal | None, ...]
    last: Scorecard | None
    rank_change: int | None
    total_change: Decimal | None
    prizes: tuple[str, ...]
    reason: str
    grade_notes: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True)
class ClassRanking:
    """The rows of a class; `left_out` more are not shown. Mean and best total (分) are those of
    the complete cards in view that are assessed; `of_class` tells the range of the whole class
    where the rows are not of all."""

    name: str
    rows: tuple[Ranked, ...]
    count: int
    mean: Decimal | None
    best: Decimal | None
    of_class: str = ""

    @property
    def left_out(self) -> int:
        """How many rows of the class are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class SheetRanking:
    """A sheet with the rankings of its classes; `changed` names what keeps it from being compared
    with last year's, "" where nothing does."""

    code: str
    title: str
    column: RulingLevel
    classes: tuple[ClassRanking, ...]
    changed: str = ""

    @property
    def count(self) -> int:
        """How many cards there are in view."""
        return sum(each.count for each in self.classes)


@dataclass(frozen=True)
class Wanted:
    """What the rankings are narrowed to; the empty value of each leaves them alone."""

    sheet: str = ""
    class_name: str = ""
    text: str = ""
    sort: str = "rank"


# Key → what rows are ordered by; None comes last in either direction.
SORTS: dict[str, Callable[[Ranked], object]] = {
    "rank": lambda each: each.row.rank if each.row.complete else None,
    "name": lambda each: initials_of(each.row.subject_name),
    "self": lambda each: each.row.self_total,
    "total": lambda each: each.row.total,
    "moved": lambda each: each.rank_change,
    "gained": lambda each: each.total_change,
}


def rankings(
    rows: list[SeenCard],
    points: ScoredSnapshot,
    years: Between | None,
    wanted: Wanted,
    ranges: Mapping[tuple[str, str], Range] = MappingProxyType({}),
    before: Sight = ~Sight.NOTHING,
) -> list[SheetRanking]:
    """The rankings of `rows` (in view, by sheet and class) that `wanted` leaves, by kind of sheet.

    `years`: the snapshot beside last year's, None where there is none to compare with, and
    `before` what the reader sees of that; `ranges`: of the whole classes, where the rows are not
    of all.
    """
    prizes: dict[tuple[str, str], list[str]] = {}
    for won in points.prizes:
        code = next(s.rulebook.code for s in points.sheets.values() if _won_on(s, won))
        prizes.setdefault((code, won.scorecard.subject.code), []).append(won.prize.name)
    found = []
    whole = bool(wanted.sheet or wanted.text) or len(rows) <= SHORT
    for code, of_sheet in groupby(rows, lambda row: row.sheet):
        if wanted.sheet in ("", code):
            sheet = points.sheets[code]
            ranked = [_ranked(row, sheet, years, prizes, before) for row in of_sheet]
            order = sheet.rulebook.class_order
            classes = tuple(_classes(ranked, wanted, order, ranges, whole=whole))
            if classes:
                title = sheet_title(sheet.rulebook.title)
                changed = years.words(sheet.rulebook.subject, alike=False) if years else ""
                found.append(SheetRanking(code, title, sheet.column, classes, changed))
    kinds = list(SUBJECTS)
    return sorted(found, key=lambda each: kinds.index(points.sheets[each.code].rulebook.subject))


def _won_on(sheet: ScoredSheet, won: PrizeWon) -> bool:
    return sheet.rulebook.subject == won.prize.subject


def _ranked(
    row: SeenCard,
    sheet: ScoredSheet,
    years: Between | None,
    prizes: Mapping[tuple[str, str], list[str]],
    before: Sight,
) -> Ranked:
    subject, card = sheet.rulebook.subject, sheet.card(row.subject_code)
    seen_before = row.own or Sight.POINTS in before
    last = years.card(subject, row.subject_code) if years and seen_before else None
    change = years.difference(subject, card, last) if years and last else None
    climbed = None
    alike = last is not None and row.county_class == last.subject.class_name
    if last is not None and alike and change is not None and Sight.RANKS in before:
        climbed = None if row.rank is None or last.rank is None else last.rank - row.rank
    levels = list(RulingLevel)
    highest = levels.index(sheet.column)
    return Ranked(
        row=row,
        place=sheet.frozen["subjects"][row.subject_code]["place"],
        totals=tuple(
            _total(row, level, sheet.column) if at <= highest else None
            for at, level in enumerate(levels)
        ),
        last=last,
        rank_change=climbed,
        total_change=change,
        prizes=tuple(prizes.get((row.sheet, row.subject_code), ()))
        if row.complete and row.shows_grade
        else (),
        reason=unranked_words(card) if row.own or row.shows_grade else "",
        grade_notes=tuple(explain_grade(card)) if row.complete and row.shows_grade else (),
        is_new=bool(years and years.sheet(subject)) and last is None and seen_before,
    )


def _total(row: SeenCard, level: RulingLevel, counts: RulingLevel) -> Decimal | None:
    """The total of a column; of others' cards that of the column that counts alone."""
    return row.total if level is counts and not row.own else _TOTALS[level](row)


def _classes(
    ranked: list[Ranked],
    wanted: Wanted,
    order: Callable[[str], Any],
    ranges: Mapping[tuple[str, str], Range],
    *,
    whole: bool,
) -> Iterator[ClassRanking]:
    found = [each for each in ranked if _matches(each.row, wanted.text)]
    found.sort(key=lambda each: order(each.row.county_class))
    for name, members in groupby(found, lambda each: each.row.county_class):
        rows = list(members)
        if wanted.class_name not in ("", name or UNCLASSED):
            continue
        totals = [each.row.total for each in rows if each.row.complete and each.row.assessed]
        rows = _sorted(rows, wanted.sort)
        shown = rows if whole else rows[:PREVIEW]
        yield ClassRanking(
            name,
            tuple(shown),
            len(rows),
            (sum(totals, Decimal(0)) / len(totals)).quantize(CENT, ROUND_HALF_UP)
            if totals
            else None,
            max(totals, default=None),
            of_class.words if (of_class := ranges.get((rows[0].row.sheet, name))) else "",
        )


def _matches(row: SeenCard, text: str) -> bool:
    return matches(text, row.subject_name, row.subject_code)


def _sorted(rows: list[Ranked], sort: str) -> list[Ranked]:
    key: Callable[[Ranked], Any] = SORTS[sort.removeprefix("-")]
    known = [each for each in rows if key(each) is not None]
    unknown = [each for each in rows if key(each) is None]
    return [*sorted(known, key=key, reverse=sort.startswith("-")), *unknown]
