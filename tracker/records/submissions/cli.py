"""`tracker submissions`: the last days of a year, and all that is to be filed in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import Whole
from tracker.records.submissions import service

if TYPE_CHECKING:
    from tracker.records.submissions.models import FilingKind

_YEAR = Whole(service.YEARS[0], service.YEARS[-1])


@click.group(help="报送：设定一个年度的期限，生成应报送的材料。")
def submissions() -> None:
    """Commands about filings."""


@submissions.command("open")
@click.option("--year", required=True, type=_YEAR, help="年度。")
@click.option(
    "--due",
    multiple=True,
    metavar="材料=日期",
    help="另定的期限，例如 q1=2026-04-15；材料为 plan、q1、q2、q3、q4、annual。可以写几次。",
)
@with_appcontext
def open_(year: int, due: tuple[str, ...]) -> None:
    """设定一个年度的报送期限，生成所有县和飞地应报送的材料；可以重复执行，只补缺少的。"""
    from tracker.core.db import db, units
    from tracker.records.submissions import workdays

    stated = dict(_named(each) for each in due)
    with units.writing():
        done = service.open_year(None, year, stated)
        last = service.last_days(year)
        known = workdays.years_known()
        db.session.commit()
    for each in last:
        moved = f"（{each.stated_on} 不是工作日，顺延）" if each.due_on != each.stated_on else ""
        click.echo(f"{each.kind.label}：{each.due_on}{moved}")
    for missing in sorted({each.due_on.year for each in last} - known):
        click.echo(f"{missing} 年的放假安排没有登记，只按周末顺延。")
    click.echo(f"新增报送 {done.made} 份；{done.moved} 份未报送的改了期限。")


def _named(text: str) -> tuple[FilingKind, date]:
    from tracker.core.quantities.reading import parse_day
    from tracker.records.submissions.models import FilingKind

    name, _, day = text.partition("=")
    try:
        return FilingKind(name.strip()), parse_day(day)
    except ValueError as error:
        raise click.BadParameter(
            f"“{text}”应为 材料=日期，例如 q1=2026-04-15", param_hint="--due"
        ) from error


with_app(submissions)
