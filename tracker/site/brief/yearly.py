"""Reads what the province's yearly summary shows, by the functions that give the leaders' pages."""

from __future__ import annotations

from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day, last_day_yet
from tracker.core.quantities.shown import in_words, money
from tracker.overview import progress
from tracker.overview.attention import concerns_of
from tracker.overview.enclaves import returns_in
from tracker.overview.figures import OfYear, figures_of
from tracker.overview.people import tasks_with_people, with_people
from tracker.overview.summary import blocks_of, months_left
from tracker.papers.brief.model import Head
from tracker.papers.brief.words import change_words
from tracker.papers.summary.model import Summary
from tracker.records.ledger.parts import Part, part_of
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.site.brief import lines, sections, standing_sections
from tracker.site.brief.build import NotBegunError, done_words, told_of, urgent_of
from tracker.site.brief.reader import leader_of, rests_on_samples
from tracker.site.leader import urgent
from tracker.site.leader.late import is_late, returned_in
from tracker.site.leader.standing import stands
from tracker.year.assessments import queries as assessments
from tracker.year.procedure import sight


def summary_of(province: Region, year: int) -> Summary:
    """The summary of `year`, as the leader of `province` may have it, on this day. Raises
    NotBegunError."""
    day = today()
    if year > day.year:
        raise NotBegunError(f"{year}年还没有开始。")
    reader = leader_of(province)
    regions = regions_of(reader)
    counties = progress.counties_in(regions)
    found = progress.progress_of(counties, year)
    returns = returns_in(regions, year)
    returned_year = returned_in(year)
    returned = returns if returned_year == year else returns_in(regions, returned_year)
    part = part_of(regions, year)
    figures = figures_of(regions, year, found, returns, part)
    tasks = tasks_with_people(counties, year, found)
    blocks = blocks_of(regions, year, part, figures, tasks)
    snapshot = assessments.latest_snapshot(year)
    cards = sight.cards(snapshot, reader) if snapshot else []
    listed = last_day_yet(year)
    sentences = (
        stands(province, year, found, len(counties)),
        is_late(regions, year, returned, returned_year),
    )
    over = day > last_day(year)
    return Summary(
        Head(
            title="年度总结",
            period=f"{year}年" if over else f"{year}年（至 {day.isoformat()}）",
            code=province.code or "",
            name=province.name,
            until=part.until,
            printed_on=day,
            sample=rests_on_samples(regions),
        ),
        [*((each.label, each.words) for each in sentences), ("主要", _main(figures, part))],
        part.told,
        f"{year} 年" if part.whole else f"本年至\n{part.until.isoformat()[5:]}",
        f"{year - 1} 年" if part.whole else part.before_words,
        f"任务口径完成\n（{done_words(year, day)}）",
        months_left(year),
        lines.blocks_of(with_people(blocks, regions, year, part, tasks)),
        [
            sections.of_enclaves(regions, year, listed, returns),
            sections.of_trends(regions, year, part),
            standing_sections.of_list(regions, year, listed),
            standing_sections.of_grades(snapshot, reader, year),
        ],
        urgent_of(urgent.in_regions(regions, year, found, returned, returned_year)),
        told_of(concerns_of(regions, year, returns, cards, found)),
    )


def _main(figures: list[OfYear], part: Part) -> str:
    """The figures of the year in words, each with its change."""
    said = []
    for of in figures:
        if of.now is None:
            said.append(f"{of.label}未报")
            continue
        amount = (
            in_words(money(of.now))
            if of.now.unit == "元"
            else f"{of.now.precision}{of.now.value:,.0f} {of.now.unit}"
        )
        moved = of.change is not None and of.change.value
        change = f"（比{part.before_words} {change_words(of.change)}）" if moved else ""
        said.append(f"{of.label} {amount}{change}")
    days = "全年" if part.whole else f"至 {part.until}"
    return f"{days}{'，'.join(said)}。"
