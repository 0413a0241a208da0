"""`tracker report` and `tracker verify`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker.assessments.queries import latest_snapshot
from tracker.assessments.scored import scored
from tracker.db.cli import with_app
from tracker.scorecards.report import write_cards
from tracker.scorecards.verification import verify_card


@click.command()
@click.option("--year", type=click.IntRange(2002, 2100), required=True, help="考核年度。")
@click.option("--out", type=click.Path(path_type=Path), help="写到哪个文件夹；默认在实例文件夹。")
@with_appcontext
def report(year: int, out: Path | None) -> None:
    """由最近一份快照生成全部考核评分表（PDF）。"""
    snapshot = latest_snapshot(year)
    if snapshot is None:
        raise click.ClickException(f"{year}年尚未计分，请先运行 tracker score --year {year}")
    folder = out or current_app.config["TRACKER"].instance / "reports" / str(year)
    points = scored(snapshot.sha256, snapshot.content)
    count = sum(len(sheet.result.scorecards) for sheet in points.sheets.values())
    files = write_cards(points, folder)
    screen = click.get_text_stream("stderr")
    try:
        with click.progressbar(files, length=count, label="生成评分表", file=screen) as written:
            for _ in written:
                pass
    except OSError as error:
        where = error.filename or folder
        raise click.ClickException(f"无法写入 {where}：{error.strerror}") from None
    click.echo(f"已生成 {count} 份评分表：{folder}")


@click.command()
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@with_appcontext
def verify(file: Path) -> int:
    """核验一份评分表：与快照一致则输出“一致”，否则说明不同之处。"""
    try:
        verdict = verify_card(file.read_bytes())
    except OSError as error:
        raise click.UsageError(f"文件 {file} 无法读取：{error.strerror}") from None
    if verdict.agrees:
        click.echo("一致")
    for line in verdict.words:
        click.echo(line, err=True)
    return 0 if verdict.agrees else 1


with_app(report)
with_app(verify)
