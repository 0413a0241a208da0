"""The facts of a running year, scored by the rulebooks in force or by those of the year before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.core.db import db, units
from tracker.core.db.records import now
from tracker.core.quantities.clock import day_of, today
from tracker.core.quantities.printed import as_decimal
from tracker.core.told import ToldError
from tracker.engine.scoring import (
    ENGINE,
    FactsError,
    Line,
    RulebookError,
    Scorecard,
    digest,
    explain,
    plain,
)
from tracker.records.accounts.owners import NAME, whose_words
from tracker.records.determinations.models import RulingLevel
from tracker.records.places.models import Region
from tracker.year.assessments.class_lines import UNTOLD, tells_others
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import ScoredSheet, score_frozen
from tracker.year.measures.labels import labels_of, units_of
from tracker.year.rulebooks.queries import owners_with_books
from tracker.year.rulebooks.shelf import NoRulebooksError, YearSet, year_set
from tracker.year.trials.models import Trial, TrialCard

# Sheets of places alone: what leaders read. Enclaves and parks count in the sheets above them.
_OF_PLACES = ("county.", "city")


class TrialError(ToldError):
    """A year cannot be tried; the message is for the user."""

    status = 409


def owners_of(year: int) -> list[int | None]:
    """For whom `year` is tried: the province (None), and each city that has rulebooks of its own
    for the year or for the one before."""
    cities = owners_with_books(year) | owners_with_books(year - 1)
    there = select(Region.id).where(Region.id.in_(cities), Region.abolished_on.is_(None))
    return [None, *db.session.scalars(there.order_by(Region.code))]


def whose(owner: int | None) -> str:
    """Whose trial it is, before what is said of it: "" of the province's."""
    city = db.session.get(Region, owner) if owner is not None else None
    return f"{whose_words(city.name)} " if city is not None else ""


def rulebooks_for(year: int, owner: int | None = None) -> tuple[YearSet, int]:
    """The set of `owner` to try `year` by, made to be of `year`, and the year that it was made
    for: its own where that has one, else that of the year before. Raises TrialError."""
    for of in (year, year - 1):
        try:
            found = year_set(of, owner)
        except NoRulebooksError:
            continue
        except RulebookError as error:
            raise TrialError("评分细则有误：" + "；".join(error.faults)) from None
        if of == year:
            return found, of
        books = tuple(replace(book, year=year) for book in found.rulebooks)
        return replace(
            found, rulebook_set=replace(found.rulebook_set, year=year, rulebooks=books)
        ), of
    kind = "" if owner is None else NAME
    raise TrialError(f"{year} 年和 {year - 1} 年都没有{kind}评分细则，不能试算。")


def tried(
    year: int, progress: Callable[[str], None] = lambda step: None, owner: int | None = None
) -> Trial:
    """The trial of `year` by the rulebooks of `owner` as it is now, not yet kept: the long part,
    for which nobody who writes has to wait. Raises TrialError for a year that does not run, or
    that cannot be scored."""
    if year != today().year:
        raise TrialError(f"只试算进行中的年度（{today().year} 年）。")
    rulebooks, made_for = rulebooks_for(year, owner)
    units.afresh()
    frozen_at = now().replace(microsecond=0)
    document = freeze(rulebooks, frozen_at, progress, owner)
    progress("计分")
    column = RulingLevel(document["column"])
    try:
        result = score_frozen(document, rulebooks.rulebook_set, column)
    except FactsError as error:
        raise TrialError("；".join(error.faults)) from None
    return Trial(
        year=year,
        month=month_of(frozen_at),
        owner_region_id=owner,
        frozen_at=frozen_at,
        rulebook_year=made_for,
        engine=ENGINE,
        facts_sha256=digest({key: of for key, of in document.items() if key != "frozen_at"}),
        cards=[
            card
            for subject, found in result.results.items()
            if subject.startswith(_OF_PLACES)
            for card in _cards(
                ScoredSheet(column, {column: found}, document["sheets"][subject]), subject
            )
        ],
    )


def month_of(moment: datetime) -> date:
    """The first day of the month of a moment, in China."""
    return day_of(moment).replace(day=1)


def _cards(sheet: ScoredSheet, subject: str) -> Iterator[TrialCard]:
    book = sheet.rulebook
    best = max(book.grades, key=lambda grade: grade.at_least)
    labels, of_unit = labels_of(book.measures), units_of(book.measures)
    for card in sheet.result.scorecards:
        region_id = sheet.frozen["subjects"][card.subject.code]["region_id"]
        if region_id is None or not card.assessed:
            continue
        yield TrialCard(
            sheet=book.code,
            title=book.title,
            subject=subject,
            subject_code=card.subject.code,
            subject_name=card.subject.name,
            county_class=card.subject.class_name,
            region_id=int(region_id),
            total=card.total,
            rank=card.rank,
            complete=card.complete,
            unscorable=sum(line.state == "unscorable" for line in card.lines),
            best_grade=best.name,
            best_at=as_decimal(best.at_least),
            best_quota=best.quota is not None,
            content=json.dumps(
                [_line(line, card, sheet, labels, of_unit) for line in card.lines],
                ensure_ascii=False,
            ),
        )


def _line(
    line: Line, card: Scorecard, sheet: ScoredSheet, labels: Any, of_unit: Any
) -> dict[str, str]:
    withheld = tells_others(line, card, sheet)
    return {
        "code": line.code,
        "group": line.indicator.group,
        "name": line.indicator.name,
        "kind": line.indicator.kind,
        "state": line.state,
        "points": plain(line.effective),
        "award": str(line.award),
        "words": UNTOLD if withheld else explain(line, labels, of_unit),
    }
