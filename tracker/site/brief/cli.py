"""`tracker brief` and `tracker summary`: what leaders take into a meeting, printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import YEAR, write_made
from tracker.papers.brief.period import Period, period_of

if TYPE_CHECKING:
    from tracker.records.places.models import Region

_OUT = "写到哪个文件；默认在当前文件夹，按文书名称命名。"


class _Key(click.ParamType):
    name = "period"

    def __init__(self, *, is_quarter: bool) -> None:
        self.is_quarter = is_quarter

    def convert(
        self, value: str | Period, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        """The period that was typed; a usage error for anything else."""
        if isinstance(value, Period):
            return value
        try:
            period = period_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if bool(period.quarter) is not self.is_quarter:
            self.fail(f"“{value}”不是{'季度' if self.is_quarter else '月份'}。", param, ctx)
        return period


@click.command()
@click.option("--month", type=_Key(is_quarter=False), help="月份，如 2025-06。")
@click.option("--quarter", type=_Key(is_quarter=True), help="季度，如 2025-2。")
@click.option("--region", help="省、设区市或县（市、区）的代码，如 331122；默认全省。")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_OUT)
@with_appcontext
def brief(
    month: Period | None, quarter: Period | None, region: str | None, out: Path | None
) -> None:
    """打印一个地区的工作简报（月报、季报，PDF，两页），内容为该地区领导能看到的。"""
    from tracker.papers.brief.parts import file_name
    from tracker.papers.brief.pdf import brief_pdf
    from tracker.site.brief.build import brief_of
    from tracker.site.brief.jobs import region_of

    period = month or quarter
    if period is None or (month and quarter):
        raise click.UsageError("请在 --month 和 --quarter 中选一个")
    place = _province() if region is None else region_of(region)
    if place is None:
        raise click.ClickException(f"没有代码为 {region} 的地区")
    made = brief_of(place, period)
    write_made(lambda: brief_pdf(made), out or Path(file_name(made.head)))


@click.command()
@click.option("--year", type=YEAR, required=True, help="年度。")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_OUT)
@with_appcontext
def summary(year: int, out: Path | None) -> None:
    """打印全省的年度总结（PDF）。"""
    from tracker.papers.brief.parts import file_name
    from tracker.papers.summary.pdf import summary_pdf
    from tracker.site.brief.yearly import summary_of

    made = summary_of(_province(), year)
    write_made(lambda: summary_pdf(made), out or Path(file_name(made.head)))


def _province() -> Region:
    from tracker.site.brief.jobs import province

    found = province()
    if found is None:
        raise click.ClickException("没有登记省，请先载入公开资料")
    return found


with_app(brief)
with_app(summary)
