"""`tracker dictionary`: every table and column in words. Needs no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tracker.exchange.dictionary.reading import TableWords

FORMATS = ("text", "markdown", "json", "csv")


def _format(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value not in FORMATS:
        raise click.BadParameter(f"应为 {'、'.join(FORMATS)} 之一")
    return value


@click.command()
@click.argument("table", metavar="[表名]", required=False)
@click.option(
    "--format",
    "form",
    metavar="格式",
    default="text",
    callback=_format,
    help=f"输出格式：{'、'.join(FORMATS)}。",
)
def dictionary(table: str | None, form: str) -> None:
    """打印数据字典：表、栏、单位、含义。写明表名的，只打印该表。"""
    from tracker.core.db.words import DictionaryError
    from tracker.exchange.dictionary.reading import dictionary as read_dictionary

    try:
        tables = read_dictionary()
    except DictionaryError as error:
        raise click.ClickException(f"数据字典与数据表不符：{error}") from None
    chosen = [found for found in tables if table in (None, found.name)]
    if not chosen:
        raise click.UsageError(f"没有表 {table}")
    click.echo(_written(chosen, tables, form), nl=False)


def _written(chosen: Sequence[TableWords], tables: Sequence[TableWords], form: str) -> str:
    from tracker.exchange.dictionary import markdown, printing

    if form == "markdown":
        return markdown.whole(tables) if chosen == list(tables) else markdown.one(chosen[0], tables)
    if form == "json":
        return printing.as_json(chosen)
    if form == "csv":
        return printing.as_csv(chosen)
    return printing.as_text(chosen)
