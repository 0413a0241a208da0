"""Reads of trials, as the reader may see them: like a draft before the notice, see `sights`."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, null, select
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of, sees
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.year.procedure.models import Stage
from tracker.year.procedure.sight import Range, range_of, who_is
from tracker.year.procedure.sights import TABLE, Sight
from tracker.year.trials.models import Trial, TrialCard


def latest(year: int, owner: int | None = None) -> Trial | None:
    """The newest trial of `year` by the rulebooks of `owner`."""
    newest = select(Trial).where(Trial.year == year, of(Trial.owner_region_id, owner))
    return db.session.scalars(newest.order_by(Trial.frozen_at.desc(), Trial.id).limit(1)).first()


def latest_of_cities(year: int) -> dict[int, Trial]:
    """The newest trial of `year` by the rulebooks of each city, by the city's id."""
    wanted = select(Trial).where(Trial.year == year, Trial.owner_region_id.is_not(None))
    rows = db.session.scalars(wanted.order_by(Trial.frozen_at, Trial.id))
    return {each.owner_region_id: each for each in rows if each.owner_region_id}


def of_month(year: int, month: date, owner: int | None = None) -> Trial | None:
    """The trial of a month (its first day) by the rulebooks of `owner`."""
    wanted = select(Trial).where(
        Trial.year == year, Trial.month == month, of(Trial.owner_region_id, owner)
    )
    return db.session.scalars(wanted).one_or_none()


def sheets(trial: Trial) -> set[str]:
    """The codes of the rulebooks by which a trial has cards."""
    wanted = select(TrialCard.sheet).where(TrialCard.trial_id == trial.id).distinct()
    return set(db.session.scalars(wanted))


def before_month(trial: Trial) -> Trial | None:
    """The last trial of the same year and owner from before the month of `trial`."""
    earlier = select(Trial).where(
        Trial.year == trial.year,
        Trial.month < trial.month,
        of(Trial.owner_region_id, trial.owner_region_id),
    )
    return db.session.scalars(earlier.order_by(Trial.month.desc()).limit(1)).first()


def year_before(trial: Trial) -> Trial | None:
    """The trial of the same month of the year before, of the same owner."""
    month = trial.month.replace(year=trial.year - 1)
    return of_month(month.year, month, trial.owner_region_id)


def sight_for(user: User, trial: Trial) -> Sight:
    """What `user` sees of a trial beyond the own points: it was never made public."""
    return TABLE[Stage.PREPARING][who_is(user, trial.owner_region_id)]


def _mine(trial: Trial, user: User, regions: Select[int]) -> ColumnElement[bool]:
    """Which cards of a trial are of `regions`: none of a city's that `user` sees nothing of."""
    if not sees(user, trial.owner_region_id):
        return false()
    return and_(TrialCard.trial_id == trial.id, TrialCard.region_id.in_(regions))


@dataclass(frozen=True)
class SeenTrial:
    """One card of a trial as the reader may see it: `rank` None where it is withheld or there is
    none. Points in 分."""

    sheet: str
    title: str
    subject: str
    code: str
    name: str
    county_class: str
    region_id: int
    total: Decimal
    rank: int | None
    complete: bool
    unscorable: int
    best_grade: str
    best_at: Decimal
    best_quota: bool

    @property
    def rank_words(self) -> str:
        """The rank among its class; a card with lines that wait for data has none yet."""
        if self.rank is None:
            return "不排名"
        return f"第 {self.rank} 名" if self.complete else "暂不排名"

    @property
    def to_best(self) -> Decimal:
        """How many points lack until the best grade; 0 where they are there."""
        return max(self.best_at - self.total, Decimal(0))


def cards(trial: Trial, user: User) -> list[SeenTrial]:
    """The cards of a trial of the places that `user` has in view, by sheet, class and points."""
    card = TrialCard
    ranked = card.rank if Sight.RANKS in sight_for(user, trial) else null()
    rows = db.session.execute(
        select(
            card.sheet,
            card.title,
            card.subject,
            card.subject_code.label("code"),
            card.subject_name.label("name"),
            card.county_class,
            card.region_id,
            card.total,
            ranked.label("rank"),
            card.complete,
            card.unscorable,
            card.best_grade,
            card.best_at,
            card.best_quota,
        )
        .where(_mine(trial, user, regions_in_view(user)))
        .order_by(card.sheet, card.county_class, card.total.desc(), card.subject_code)
    )
    return [SeenTrial(**row) for row in rows.mappings()]


def totals(
    trial: Trial, user: User, sheet_codes: Collection[str]
) -> dict[tuple[str, str], Decimal]:
    """(sheet, subject) → total (分) of the places for which `user` may look."""
    rows = db.session.execute(
        select(TrialCard.sheet, TrialCard.subject_code, TrialCard.total).where(
            _mine(trial, user, regions_of(user)),
            TrialCard.sheet.in_(sheet_codes),
        )
    )
    return {(sheet, code): total for sheet, code, total in rows}


def card_of(trial: Trial, sheet: str, code: str, user: User) -> TrialCard | None:
    """A card with its lines; None if it is not there or not for `user`."""
    wanted = select(TrialCard).where(
        _mine(trial, user, regions_of(user)),
        TrialCard.sheet == sheet,
        TrialCard.subject_code == code,
    )
    return db.session.scalars(wanted).one_or_none()


@dataclass(frozen=True)
class Whole:
    """A card of a trial with its lines, of a place for which the reader may look."""

    code: str
    county_class: str
    total: Decimal
    complete: bool
    lines: list[dict[str, Any]]


def whole_cards(trial: Trial, user: User, sheet: str) -> list[Whole]:
    """The cards of a sheet with their lines, of the places for which `user` may look."""
    card = TrialCard
    rows = db.session.execute(
        select(card.subject_code, card.county_class, card.total, card.complete, card.content).where(
            _mine(trial, user, regions_of(user)), card.sheet == sheet
        )
    )
    return [
        Whole(code, name, total, complete, json.loads(content))
        for code, name, total, complete, content in rows
    ]


def range_beside(card: SeenTrial, trial: Trial) -> Range:
    """How many of its class are whole, with the lowest and highest total; see `sight.Range`."""
    peer = aliased(TrialCard)
    wanted = select(peer.total).where(
        peer.trial_id == trial.id,
        peer.sheet == card.sheet,
        peer.county_class == card.county_class,
        peer.complete,
    )
    return range_of(db.session.scalars(wanted).all())
