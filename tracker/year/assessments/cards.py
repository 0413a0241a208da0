"""The cards of subjects in the latest snapshot of each year, and what the sheets are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.places.queries import regions_of
from tracker.records.places.recoded import with_predecessors
from tracker.web.kit.told import tell_names
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import touching
from tracker.year.rulebooks.shelf import NoRulebooksError, edition, editions, year_set


@dataclass(frozen=True)
class Score:
    """One card of one year with how many were ranked beside it."""

    year: int
    card: ScorecardRow
    title: str
    ranked: int


def scores_of(user: User, *subject_codes: str) -> list[Score]:
    """The cards of the subjects that `user` may see in the latest snapshot of each year of
    the province's assessment, the latest year first. For pages: `procedure.sight.scores`."""
    newer = aliased(Snapshot)
    superseded = (
        select(newer.id)
        .where(newer.year == Snapshot.year, newer.owner_region_id.is_(None))
        .where(
            or_(
                newer.frozen_at > Snapshot.frozen_at,
                (newer.frozen_at == Snapshot.frozen_at) & (newer.id > Snapshot.id),
            )
        )
        .exists()
    )
    beside = aliased(ScorecardRow)
    ranked = (
        select(func.count())
        .select_from(beside)
        .where(
            beside.snapshot_id == ScorecardRow.snapshot_id,
            beside.sheet == ScorecardRow.sheet,
            beside.county_class == ScorecardRow.county_class,
            beside.rank.is_not(None),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(ScorecardRow, Snapshot.year, ranked)
        .join(ScorecardRow.snapshot)
        .options(contains_eager(ScorecardRow.snapshot))
        .where(
            ScorecardRow.subject_code.in_(subject_codes),
            touching(with_predecessors(regions_of(user))),
            Snapshot.owner_region_id.is_(None),
            ~superseded,
        )
        .order_by(Snapshot.year.desc(), ScorecardRow.sheet, ScorecardRow.subject_code)
    )
    found = rows.all()
    of_year = dict(editions()) if found else {}
    return [
        Score(year, card, _titles(year, of_year.get(year, "")).get(card.sheet, card.sheet), number)
        for card, year, number in found
    ]


def titles_of(year: int) -> dict[str, str]:
    """The titles of the rulebooks of a year by their codes; none where there are none."""
    return _titles(year, edition(year))


def sheet_called(code: str) -> str | None:
    """The title that the rulebook `code` had last; None where no year has one of that code."""
    for year, text in editions():
        if title := _titles(year, text).get(code):
            return title
    return None


tell_names("objections.sheet", sheet_called)
tell_names("supervision_orders.card_sheet", sheet_called)


@lru_cache
def _titles(year: int, _edition: str) -> dict[str, str]:
    try:
        return {book.code: book.title for book in year_set(year).rulebooks}
    except NoRulebooksError:
        return {}
