"""All of a leader's first page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.overview import progress
from tracker.overview.course import course_of_counties
from tracker.overview.enclaves import returns_in
from tracker.records.accounts.models import User
from tracker.records.ledger.parts import part_of
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_in_view
from tracker.records.places.switch import narrowed_to
from tracker.site import application_lists as applications
from tracker.site import supervision_lists
from tracker.site.filing_lists import given_back
from tracker.site.leader import urgent
from tracker.site.leader.changed import has_changed
from tracker.site.leader.late import is_late, returned_in
from tracker.site.leader.own import own_assessment
from tracker.site.leader.score import moved_words, score_of
from tracker.site.leader.standing import stands
from tracker.site.leader.words import Sentence
from tracker.year.trials import queries as trials
from tracker.year.trials.rules import trial_words


def leader_page(user: User, year: int) -> dict[str, Any]:
    """The year in the regions in view: nothing is scored for it."""
    place = narrowed_to() or user.region
    assert isinstance(place, Region), "a leader has a region"
    regions = regions_in_view(user)
    counties = progress.counties_in(regions)
    found = progress.progress_of(counties, year)
    returned_year = returned_in(year)
    returns = returns_in(regions, returned_year)
    trial = trials.latest(year)
    is_county = place.level is RegionLevel.COUNTY
    sentences: list[Sentence] = [
        stands(place, year, found, len(counties)),
        is_late(regions, year, returns, returned_year),
        has_changed(regions, year, moved_words(place, user, trial) if is_county else ""),
    ]
    return {
        "place": place,
        "part": part_of(regions, year),
        "sentences": sentences,
        "is_county": is_county,
        "score": score_of(place, year, user, trial) if is_county else None,
        "course": None if is_county else course_of_counties(found),
        "counties": len(counties),
        "own": own_assessment(place, year, user),
        "trial": trial,
        "trial_said": trial_words(trial) if trial else "",
        "back": given_back(select(Region.id).where(Region.id == user.region_id)),
        "todos": [*supervision_lists.of_user(user), *applications.to_approve(user)],
        "items": urgent.in_regions(regions, year, found, returns, returned_year),
    }
