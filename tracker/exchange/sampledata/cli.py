"""`tracker sample-data`, `tracker sample-course`: invented records, the course of their years."""

from __future__ import annotations

import re

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import Whole
from tracker.exchange.sampledata.scene import YEARS
from tracker.year.assessments.owner_option import OWNER, owner_of
from tracker.year.procedure.models import Stage

SEED = 20_030_710
_SPAN = re.compile(r"([0-9]{4})(?:\.\.([0-9]{4}))?")


class Years(click.ParamType):
    """A year, or a span such as 2023..2025."""

    name = "YEAR"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[int]:
        """The years of the span; a usage error unless it is one."""
        found = _SPAN.fullmatch(value)
        if found is None:
            self.fail("请写一个年度（2024）或一段年度（2023..2025）", param, ctx)
        first, last = int(found[1]), int(found[2] or found[1])
        if first > last:
            self.fail("起始年度不能晚于结束年度", param, ctx)
        return list(range(first, last + 1))


@click.command()
@click.option(
    "--year",
    "years",
    type=Years(),
    default=f"{YEARS[0]}..{YEARS[-1]}",
    help="年度，默认2023..2025。",
)
@click.option("--seed", type=Whole(min=0), default=SEED, help="随机种子，默认固定。")
@click.option("--to-date", is_flag=True, help="再载入到今天为止最近一个已结束的季度。")
@click.option("--remove", is_flag=True, help="清除示例数据。")
@with_appcontext
def sample_data(years: list[int], seed: int, to_date: bool, remove: bool) -> None:
    """载入示例数据（全部标明“示例”）；可重复运行，不改公开资料和填报数据。"""
    from tracker.core.db import statistics, units
    from tracker.core.quantities.clock import today
    from tracker.exchange.sampledata.load import load_sample_data, load_to_date, remove_sample_data

    if remove:
        with units.writing():
            removed = remove_sample_data()
        statistics.refresh()
        click.echo(f"已清除示例数据 {removed} 条")
        return
    counts = load_sample_data(years, seed, _tell)
    if to_date:
        counts += load_to_date(seed, today(), _tell)
    statistics.refresh()
    for table, number in sorted(counts.items()):
        click.echo(f"{table}：新增 {number}")
    if not counts:
        click.echo("示例数据已经载入，没有变化")


def _tell(step: str) -> None:
    click.echo(f"载入{step} …", err=True)


@click.command()
@click.option(
    "--year", "years", type=Years(), required=True, help="年度，或一段年度（2023..2025）。"
)
@click.option(
    "--to",
    type=click.Choice([stage.value for stage in Stage]),
    default=Stage.CIRCULAR.value,
    help="办到哪个阶段，默认到通报；已在其后的不变。",
)
@OWNER
@with_appcontext
def sample_course(years: list[int], to: str, owner: str | None) -> None:
    """把示例年度的考核办到某个阶段：冻结、复核、定稿都按产品的办法核对；可重复运行。"""
    from tracker.core.db import statistics
    from tracker.exchange.sampledata.course import go_on
    from tracker.records.accounts.owners import NAME

    city = owner_of(owner)
    for year in years:
        found = go_on(year, Stage(to), lambda step: click.echo(f"{step} …", err=True), city)
        whose = "" if city is None else f"{NAME} {owner} "
        click.echo(f"{whose}{year}年度：{found.called(found.stage)}阶段")
    statistics.refresh()


for _command in (sample_data, sample_course):
    with_app(_command)
