"""Reads what a brief shows, by the functions that give the leaders' pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day, quarter_end, quarter_of
from tracker.core.quantities.shown import points
from tracker.core.told import ToldError
from tracker.overview import progress
from tracker.overview.attention import Concern as Found
from tracker.overview.attention import concerns_of
from tracker.overview.enclaves import returns_in
from tracker.overview.figures import figures_of, tasks_of
from tracker.overview.summary import blocks_of, months_left
from tracker.overview.trends.series import money_series, signed_series
from tracker.papers.brief.model import Brief, Concern, Head, Score, Told, Urgent
from tracker.papers.brief.period import Period
from tracker.records.accounts.models import User
from tracker.records.ledger.parts import Stretch, part_until
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import regions_of
from tracker.site.brief import charts, lines
from tracker.site.brief.reader import leader_of, rests_on_samples
from tracker.site.leader import urgent
from tracker.site.leader.changed import changed_within
from tracker.site.leader.late import is_late, returned_in
from tracker.site.leader.score import moved_words, score_of
from tracker.site.leader.standing import stands
from tracker.year.assessments import queries as assessments
from tracker.year.procedure import sight
from tracker.year.trials import queries as trials
from tracker.year.trials.models import Trial


class NotBegunError(ToldError):
    """A period of which there is nothing to tell yet."""


def brief_of(place: Region, period: Period) -> Brief:
    """The brief of `place` for `period`, as its own leader may have it, on this day. Raises
    NotBegunError."""
    day, year = today(), period.year
    if period.first > day:
        raise NotBegunError(f"{period.words}还没有开始。")
    until = min(period.last, day)
    reader = leader_of(place)
    regions = regions_of(reader)
    counties = progress.counties_in(regions)
    found = progress.progress_of(counties, year)
    returns = returns_in(regions, year)
    part = part_until(regions, year, until)
    own = Stretch(year, until, part.kind, part.reported, part.obliged, first=period.first)
    tasks = tasks_of(found)
    so_far, within = (
        blocks_of(regions, year, of, figures_of(regions, year, found, returns, of), tasks)
        for of in (part, own)
    )
    returned_year = returned_in(year)
    returned = returns if returned_year == year else returns_in(regions, returned_year)
    is_county = place.level is RegionLevel.COUNTY
    trial = _trial(period)
    moved = moved_words(place, reader, trial) if is_county else ""
    label = "本季" if period.quarter else "本月"
    sentences = (
        stands(place, year, found, len(counties)),
        is_late(regions, year, returned, returned_year),
        changed_within(regions, period.first, until, label, moved),
    )
    days = done_until(year, day)
    snapshot = assessments.latest_snapshot(year)
    cards = sight.cards(snapshot, reader) if snapshot else []
    course = (
        charts.of_tasks(found, days, progress.passed(year))
        if is_county
        else charts.of_counties(found, days)
    )
    return Brief(
        Head(
            title=period.title,
            period=period.words,
            code=place.code or "",
            name=place.name,
            until=until,
            printed_on=day,
            sample=rests_on_samples(regions),
        ),
        [(each.label, each.words) for each in sentences],
        part.told,
        period.label,
        part.before_words,
        days,
        done_words(year, day),
        months_left(year),
        lines.blocks_of(so_far, within, over=quarter_end(year, quarter_of(until)) < day),
        charts.of_years(
            [*money_series(regions, year, part), *signed_series(regions, year, part)], part
        ),
        course,
        _score(place, year, reader, trial) if is_county else None,
        urgent_of(urgent.in_regions(regions, year, found, returned, returned_year)),
        told_of(concerns_of(regions, year, returns, cards, found)),
    )


def done_until(year: int, day: date) -> str:
    """Of which days the facts of a year are on `day`, in words."""
    return f"{year} 年全年" if day > last_day(year) else f"{year} 年至打印之日"


def done_words(year: int, day: date) -> str:
    """As `done_until`, for the head of a column."""
    return "全年" if day > last_day(year) else f"至 {day.isoformat()[5:]}"


def urgent_of(items: Iterable[urgent.Item]) -> list[Urgent]:
    """The most urgent things, without their ways."""
    return [Urgent(each.what, each.who, each.by, each.when if each.late else "") for each in items]


def told_of(found: Sequence[Found]) -> list[Concern]:
    """What needs attention, without its ways."""
    return [
        Concern(
            each.title,
            each.rule,
            each.total,
            each.unknown,
            [Told(one.name, one.words, one.next) for one in each.sentences],
        )
        for each in found
    ]


def _trial(period: Period) -> Trial | None:
    """The trial of the period's last month; where there was none, the latest of its year."""
    return trials.of_month(period.year, period.last.replace(day=1)) or trials.latest(period.year)


def _score(place: Region, year: int, reader: User, trial: Trial | None) -> Score | None:
    found: Any = score_of(place, year, reader, trial)
    if found is None:
        return None
    words = "，".join(filter(None, (f"{points(found.total)} 分", found.rank)))
    return Score(
        found.title,
        f"{words}；{found.before}；{found.best}。",
        [f"{each.name}（{each.words}）" for each in found.reasons],
        found.said,
    )
