"""The pictures of a brief: who did how much of the task, and the same part of four years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tracker.core.quantities.figure import PERCENT, Figure
from tracker.core.quantities.printed import percent
from tracker.overview import progress
from tracker.overview.chart import short_name
from tracker.overview.progress import Progress
from tracker.overview.trends.series import Series
from tracker.papers.brief.model import Chart, ChartBar
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.parts import Part

FEW = 20  # counties of which two pictures go on one page
SHOWN = (EntryKind.FUNDS_IN_PLACE.value, EntryKind.REBATE.value, "signed")


def of_counties(found: Sequence[Progress], days: str) -> list[Chart]:
    """The money that came in by county with its task, the most first, as 总览 has it; where none of
    the counties receives, and beside it where they are few, the money that their pairs brought."""
    shown = progress.pictured(found)
    sent = [one for one in found if one.measure.name == progress.FUNDS_SENT]
    charts = [_of_progress(shown, days)] if shown else []
    if shown and shown[0].measure.name == progress.FUNDS and len(shown) + len(sent) <= FEW:
        brought = progress.pictured(sent)
        charts += [_of_progress(brought, days)] if brought else []
    return charts


def _of_progress(shown: Sequence[Progress], days: str) -> Chart:
    bars = [ChartBar(short_name(one.region.name), one.done, one.asked) for one in shown]
    note = f"{days}的记录；竖线为全年任务，灰色的没有任务。"
    return Chart(f"各县{shown[0].measure.label}（万元）", bars, note, asks=True)


def of_tasks(found: Iterable[Progress], days: str, passed: Decimal) -> list[Chart]:
    """The tasks of one county: what was done of each, with the mark at all of it."""
    given = [one for one in found if one.asked is not None]
    if not given:
        return []
    whole = Figure(Decimal(100), PERCENT)
    bars = [
        ChartBar(
            one.measure.label,
            None if one.share is None else one.share.to(PERCENT),
            whole,
        )
        for one in given
    ]
    note = f"{days}的记录；竖线为全年任务（100%），全年已过 {percent(passed)}。"
    return [Chart("各项任务完成率（%）", bars, note, asks=True)]


def of_years(every: Iterable[Series], part: Part) -> list[Chart]:
    """The same part of four years, of what is known at all."""
    return [_of_series(each, part) for each in every if each.key in SHOWN and _is_known(each)]


def _is_known(series: Series) -> bool:
    return any(each.part is not None for each in series.years)


def _of_series(series: Series, part: Part) -> Chart:
    bars: Sequence[ChartBar] = [ChartBar(f"{each.year}", each.part) for each in series.years]
    days = "全年" if part.whole else f"各年至 {part.until.isoformat()[5:]}"
    return Chart(f"{series.label}（{series.unit}），{days}", bars, "")
