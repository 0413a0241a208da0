"""`tracker assessment`: the course of a year, by the acts of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import Whole
from tracker.year.assessments.owner_option import OWNER, owner_of
from tracker.year.procedure import service

if TYPE_CHECKING:
    from tracker.year.procedure.models import Assessment

_YEAR = Whole(service.YEARS[0], service.YEARS[-1])
_NAMED = 10


@click.group(help="年度考核：启动、核对、复核、转入下一阶段。")
def assessment() -> None:
    """Commands about the course of a year."""


@assessment.command("open")
@click.option("--year", required=True, type=_YEAR, help="年度。")
@OWNER
@with_appcontext
def open_(year: int, owner: str | None) -> None:
    """启动一个年度的考核，按通常的日期设定各阶段截止日；已启动的，截止日改回通常的日期。"""
    from tracker.core.db import db, units

    with units.writing():
        found = service.open_year(None, year, service.usual_days(year), owner=owner_of(owner))
        db.session.commit()
    for day in found.days:
        click.echo(f"{found.called(day.stage)}：{day.due_on}")


@assessment.command()
@click.option("--year", required=True, type=_YEAR, help="年度。")
@OWNER
@with_appcontext
def check(year: int, owner: str | None) -> None:
    """核对转入下一阶段以前须办理的事项；有须先办理的，退出码为 1。"""
    from tracker.year.procedure import steps
    from tracker.year.procedure.checks import Asked, precheck

    found = _opened(year, owner_of(owner))
    step = steps.onward(found)
    click.echo(f"{year}年度：{found.called(found.stage)}阶段")
    if step is None:
        return
    errors = 0
    for branch in precheck(step.act, Asked(year, owner=found.owner_region_id)):
        click.echo(f"{branch.weight.label}：{branch.label}（{len(branch.faults)}）")
        for fault in branch.faults[:_NAMED]:
            click.echo(f"  {fault.name}：{fault.words}")
        if len(branch.faults) > _NAMED:
            click.echo(f"  其余 {len(branch.faults) - _NAMED} 处从略")
        errors += branch.weight.value == "error"
    if errors:
        raise click.exceptions.Exit(1)
    click.echo(f"可以办理：{step.act.label}")


@assessment.command()
@click.option("--year", required=True, type=_YEAR, help="年度。")
@OWNER
@with_appcontext
def review(year: int, owner: str | None) -> None:
    """复核最近一次计分中可以复核而没有复核的全部评分表。"""
    from tracker.core.db import db, units
    from tracker.year.assessments.queries import latest_snapshot
    from tracker.year.procedure import queries
    from tracker.year.procedure.checks import faults_of_card, latest_points

    whose = owner_of(owner)
    snapshot, points = latest_snapshot(year, whose), latest_points(year, whose)
    if snapshot is None or points is None:
        raise click.ClickException(f"{year}年尚未计分，请先运行 tracker score --year {year}")
    sheets = points.document["sheets"]
    done = queries.standing_reviews(year, sheets, whose)
    every = [(kind, code) for kind, sheet in sheets.items() for code in sheet["subjects"]]
    waiting = [card for card in every if card not in done]
    ready = [card for card in waiting if not faults_of_card(sheets[card[0]], card[1])]
    with units.writing():
        service.review(None, snapshot, sheets, ready)
        db.session.commit()
    left = len(waiting) - len(ready)
    click.echo(f"复核 {len(ready)} 份，此前已复核 {len(done)} 份，还不能复核 {left} 份")


@assessment.command()
@click.option("--year", required=True, type=_YEAR, help="年度。")
@OWNER
@click.option("--reason", default="", help="说明；退回和重新处理须写明。")
@click.option("--document", default="", help="通报的文号。")
@click.option("--back", is_flag=True, help="退回上一阶段；定稿以后为重新处理。")
@with_appcontext
def advance(year: int, owner: str | None, reason: str, document: str, back: bool) -> None:
    """转入下一阶段：先冻结、核对，没有须先办理的才转入。"""
    from tracker.core.db import db, statistics, units
    from tracker.year.procedure import advancing, steps
    from tracker.year.procedure.models import Act

    found = _opened(year, owner_of(owner))
    step = steps.back(found) if back else steps.onward(found)
    if step is None:
        raise click.ClickException(f"{year}年度在“{found.called(found.stage)}”阶段，没有这样的一步")
    prepared = advancing.prepare(
        year, step.act, lambda what: click.echo(f"{what} …", err=True), found.owner_region_id
    )
    with units.writing():
        event = advancing.take(prepared, None, reason=reason, document=document)
        db.session.commit()
    statistics.refresh()
    frozen = f"，快照 {event.snapshot.sha256[:12]}" if event.snapshot else ""
    click.echo(
        f"{year}年度：{Act(event.act).label}，现在是“{found.called(event.to_stage)}”阶段{frozen}"
    )


def _opened(year: int, owner: int | None) -> Assessment:
    from tracker.year.procedure import queries

    found = queries.assessment_of(year, owner)
    if found is None:
        raise click.ClickException(
            f"{year}年度的考核还没有启动，请先运行 tracker assessment open --year {year}"
        )
    return found


with_app(assessment)
