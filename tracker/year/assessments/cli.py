"""`tracker score`, `tracker changes`, `tracker next-points`, `tracker snapshot`."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app
from tracker.core.options import YEAR, fault_of
from tracker.year.assessments.owner_option import OWNER, owner_of

if TYPE_CHECKING:
    from tracker.year.assessments.models import Snapshot
    from tracker.year.assessments.scored import ScoredSheet

_NAMED = 20  # files that are named one by one


@click.command()
@click.option("--year", type=YEAR, required=True, help="考核年度。")
@OWNER
@with_appcontext
def score(year: int, owner: str | None) -> None:
    """冻结一个年度的事实，按评分细则计分。"""
    from tracker.core.db import statistics
    from tracker.year.assessments.scored import scored_of
    from tracker.year.assessments.service import freeze_and_score

    snapshot = freeze_and_score(
        year, None, lambda step: click.echo(f"{step} …", err=True), owner_of(owner)
    )
    statistics.refresh()
    _name_unsound()
    click.echo(f"{year}年度快照 {snapshot.sha256}")
    points = scored_of(snapshot)
    for sheet in points.sheets.values():
        cards = sheet.result.scorecards
        states = Counter(line.state for card in cards for line in card.lines)
        click.echo(
            f"{sheet.rulebook.title}：{len(cards)} 份，完整 {sum(c.complete for c in cards)} 份；"
            f"指标已计分 {states['scored']} 项，不可计分 {states['unscorable']} 项，"
            f"不适用 {states['not_applicable']} 项{_means(sheet)}"
        )


def _name_unsound() -> None:
    """Name on standard error the files that proved nothing, because they are not what they were."""
    from tracker.records.evidence.queries import unsound_links

    unsound = unsound_links()
    for link, state in unsound[:_NAMED]:
        click.echo(f"{state.label}，不作证明：{link.name}（{link.kind}）", err=True)
    if unsound:
        click.echo(f"共 {len(unsound)} 件佐证与上传时不符；详见 tracker evidence check", err=True)


def _means(sheet: ScoredSheet) -> str:
    """The mean totals of the three columns: "；平均 自评 85.20、初审 84.10、复核 84.10"."""

    if not sheet.result.scorecards:
        return ""
    means = []
    for level, result in sheet.results.items():
        totals = [card.total for card in result.scorecards if card.assessed]
        if totals:
            means.append(f"{level.label} {sum(totals, Decimal(0)) / len(totals):.2f}")
    return f"；平均 {'、'.join(means)}" if means else ""


@click.command("changes")
@click.option("--year", type=YEAR, required=True, help="考核年度。")
@OWNER
@click.option("--before", metavar="摘要", help="较早的快照（摘要的开头几位）；默认为倒数第二份。")
@click.option("--after", metavar="摘要", help="较晚的快照；默认为最近一份。")
@with_appcontext
def changes_command(year: int, owner: str | None, before: str | None, after: str | None) -> None:
    """说明一个年度两份快照之间，哪些事实使哪些指标的得分变了。"""
    from tracker.year.assessments.changes import change_words
    from tracker.year.assessments.queries import snapshots
    from tracker.year.assessments.scored import scored_of

    found = snapshots(year, owner_of(owner))
    earlier = _chosen(found, before, 1, year)
    later = _chosen(found, after, 0, year)
    lines = list(change_words(scored_of(earlier), scored_of(later)))
    click.echo("\n".join(lines) or "两份快照的得分没有差别")


@click.command("next-points")
@click.option("--year", type=YEAR, required=True, help="考核年度。")
@OWNER
@click.option("--subject", "code", help="只看一个对象（代号）；默认看全部。")
@with_appcontext
def next_points_command(year: int, owner: str | None, code: str | None) -> None:
    """说明每个对象再做到什么，总分可以增加几分；年度结束后只列还来得及做的。"""
    from tracker.engine.scoring import folded
    from tracker.year.assessments.next_steps import step_words, steps_of
    from tracker.year.assessments.queries import latest_snapshot
    from tracker.year.assessments.scored import scored_of

    found = latest_snapshot(year, owner_of(owner))
    if found is None:
        raise click.ClickException(f"{year}年尚未计分，请先运行 tracker score --year {year}")
    points = scored_of(found)
    for sheet in points.sheets.values():
        wanted = [
            card.subject.code
            for card in sheet.result.scorecards
            if code is None or folded(code) == folded(card.subject.code)
        ]
        for own, steps in steps_of(points, sheet, wanted):
            click.echo(f"【{sheet.rulebook.title}】{own} {sheet.card(own).subject.name}")
            for step in steps:
                click.echo(f"  {step.line}　{step_words(points, step)}")


@click.group("snapshot")
def snapshot_commands() -> None:
    """已冻结的快照：导出成文件。"""


@snapshot_commands.command("export")
@click.option("--year", type=YEAR, required=True, help="考核年度。")
@OWNER
@click.option("--snapshot", "digest", metavar="摘要", help="快照摘要的开头几位；默认为最近一份。")
@click.option("--out", type=click.Path(path_type=Path), help="写到哪个文件夹；默认在实例文件夹。")
@with_appcontext
def export_command(year: int, owner: str | None, digest: str | None, out: Path | None) -> None:
    """写出一份快照的细则和事实，供任何人不用数据库重新计分。"""
    from tracker.year.assessments.exporting import exported
    from tracker.year.assessments.queries import snapshots
    from tracker.year.assessments.scored import scored

    found = snapshots(year, owner_of(owner))
    if not found:
        raise click.ClickException(f"{year}年尚未计分，请先运行 tracker score --year {year}")
    chosen = _chosen(found, digest, 0, year)
    sha256, content = chosen.sha256, chosen.content
    folder = out or current_app.config["TRACKER"].instance / "snapshots" / f"{year}-{sha256[:12]}"
    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in exported(scored(sha256, content), content):
            (folder / name).write_bytes(file)
            count += 1
    except OSError as error:
        raise click.ClickException(
            f"无法写入 {error.filename or folder}：{fault_of(error)}"
        ) from None
    click.echo(f"已写出 {count} 个文件：{folder}")


def _chosen(found: list[Snapshot], start: str | None, place: int, year: int) -> Snapshot:
    if start is None:
        if len(found) <= place:
            raise click.ClickException(f"{year}年的快照不足两份，没有可比较的")
        return found[place]
    matching = [snapshot for snapshot in found if snapshot.sha256.startswith(start)]
    if len(matching) != 1:
        raise click.UsageError(f"{year}年有 {len(matching)} 份快照的摘要以 {start} 开头")
    return matching[0]


for _command in (score, changes_command, next_points_command, snapshot_commands):
    with_app(_command)
