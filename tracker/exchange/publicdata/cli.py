"""`tracker public-data`: load the public facts."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tracker.core.db.commands import with_app


@click.group()
def public_data() -> None:
    """公开资料：政府网站与新闻媒体公布的事实。"""


@public_data.command()
@with_appcontext
def load() -> None:
    """载入公开资料；可重复运行，不覆盖人工填报。"""
    from tracker.core.db import statistics, units
    from tracker.exchange.publicdata.load import load_public_data

    with units.writing():
        report = load_public_data(lambda step: click.echo(f"载入{step} …", err=True))
    statistics.refresh()
    for line in report.lines():
        click.echo(line)


with_app(public_data)
