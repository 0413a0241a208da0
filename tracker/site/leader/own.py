"""A city's own assessment (市考县) on the first page of its leader, and of those of its counties:
the scoring of the whole year where there is one, else the trial of the running year."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.db import db
from tracker.core.quantities.clock import day_of
from tracker.core.quantities.shown import points
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import NAME, sees
from tracker.records.places.models import Region, RegionLevel
from tracker.site.leader.score import best_words, rank_in_trial
from tracker.web.ways import way
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.queries import is_whole
from tracker.year.procedure import sight
from tracker.year.procedure.sight import SeenCard
from tracker.year.rulebooks.queries import owners_with_books
from tracker.year.trials import queries as trials
from tracker.year.trials.models import Trial
from tracker.year.trials.rules import made_words


@dataclass(frozen=True)
class Own:
    """What it gave: what that is called, its page, and the rest."""

    label: str
    href: str | None
    words: str


def own_assessment(place: Region, year: int, user: User) -> Own | None:
    """That of the city `place` in `year`, or of the city in which the county `place` lies; None
    where the city has no rulebooks of its own, or the reader sees none of it."""
    city = place
    if place.level is RegionLevel.COUNTY and place.parent_id is not None:
        city = db.session.get_one(Region, place.parent_id)
    if city.level is not RegionLevel.CITY or not sees(user, city.id):
        return None
    snapshot, trial = sight.begun_with(year, user, city.id), trials.latest(year, city.id)
    if snapshot is not None and (trial is None or is_whole(snapshot)):
        return _of_scoring(place, city, snapshot, user)
    if trial is not None:
        return _of_trial(place, city, trial, user)
    if city.id not in owners_with_books(year) | owners_with_books(year - 1):
        return None
    page = way("procedure.index", year=year, owner=city.code)
    return Own(_called(place, city), page, f"{year} 年度没有试算，也没有计分。")


def _called(place: Region, city: Region, kind: str = "") -> str:
    """What it gave is called, on the page of the city or of one of its counties."""
    return f"{NAME}{kind}得分" if place is city else f"{city.name}{NAME}{kind}得分"


def _of_scoring(place: Region, city: Region, snapshot: Snapshot, user: User) -> Own:
    label = _called(place, city)
    part = "" if is_whole(snapshot) else "，年度没有结束，只计到当时，不作为考核结果"
    said = f"事实冻结于 {day_of(snapshot.frozen_at)}{part}。"
    page = way("scorecards.index", year=snapshot.year, owner=city.code)
    cards = sight.cards(snapshot, user)
    if place is city:
        return Own(label, page, f"{len(cards)} 份评分表，{said}")
    card = next((each for each in cards if each.subject_code == place.code), None)
    if card is None:
        return Own(label, page, f"没有{place.name}的评分表，{said}")
    page = way(
        "scorecards.detail",
        snapshot_id=snapshot.id,
        sheet=card.sheet,
        subject_code=card.subject_code,
    )
    return Own(f"{label} {points(card.total)} 分", page, f"{_rank(card)}，{said}")


def _rank(card: SeenCard) -> str:
    if card.rank_later:
        return f"名次{card.rank_words}"
    return f"{card.county_class if card.rank and card.complete else ''}{card.rank_words}"


def _of_trial(place: Region, city: Region, trial: Trial, user: User) -> Own:
    label = _called(place, city, "试算")
    page = way("trials.index", year=trial.year, owner=city.code)
    cards = trials.cards(trial, user)
    if place is city:
        return Own(label, page, f"{len(cards)} 份评分表，{made_words(trial)}")
    card = next((each for each in cards if each.region_id == place.id), None)
    if card is None:
        return Own(label, page, f"没有{place.name}的评分表，{made_words(trial)}")
    at = {"sheet": card.sheet, "code": card.code, "year": trial.year}
    return Own(
        f"{label} {points(card.total)} 分",
        way("trials.detail", **at, owner=city.code),
        f"{best_words(card)}；{rank_in_trial(card, trial, user)}。{made_words(trial, card.sheet)}",
    )
