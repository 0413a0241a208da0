"""`tracker twins`: records whose names read alike."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app


@click.command()
@with_appcontext
def twins() -> None:
    """列出名称相同（全角与半角、大小写、空格不同也算）的记录和账户，并说明怎样处理。"""
    from tracker.site.twins import ADVICE, all_twins, called

    found = all_twins()
    for each in found:
        place = f"（{each.place}）" if each.place else ""
        names = "、".join(f"编号 {record.id}“{called(record)}”" for record in each.records)
        click.echo(f"{each.label}{place}：{names}")
    click.echo(f"共 {len(found)} 组同名。{ADVICE}" if found else "没有同名的记录。")


with_app(twins)
