"""`tracker evidence`: the stored files compared with what was handed in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from tracker.core.db.commands import with_app

if TYPE_CHECKING:
    from tracker.records.evidence.models import EvidenceLink


@click.group(help="佐证材料：核对存放的文件。")
def evidence() -> None:
    """Commands about files of proof."""


@evidence.command()
@with_appcontext
def check() -> None:
    """逐份读取存放的佐证文件，与上传时的校验码比对；有缺失或被改动的，退出码为 1。"""
    from tracker.records.evidence import checks
    from tracker.records.evidence.queries import reference_of

    number = checks.count(everything=True)
    with click.progressbar(length=number, label="核对文件", file=sys.stderr) as bar:
        unsound = checks.look(everything=True, progress=lambda: bar.update(1))
    for each in unsound:
        click.echo(f"{each.state.label}：{each.sha256}")
        for link in _links(each.file_id):
            withdrawn = "，已撤回" if link.withdrawn_at else ""
            click.echo(f"  {link.name}（{link.kind}）证明 {reference_of(link)}{withdrawn}")
    click.echo(f"共 {number} 份文件，完好 {number - len(unsound)} 份，不符 {len(unsound)} 份")
    if unsound:
        raise click.ClickException("不符的文件不能作为证明，请从备份恢复后再核对")


def _links(file_id: int) -> list[EvidenceLink]:
    from tracker.core.db import db
    from tracker.records.evidence.models import EvidenceLink

    statement = select(EvidenceLink).where(EvidenceLink.file_id == file_id)
    return list(db.session.scalars(statement.order_by(EvidenceLink.id)))


with_app(evidence)
