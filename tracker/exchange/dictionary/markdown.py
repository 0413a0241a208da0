"""The dictionary as Markdown: a heading and a table of columns for each table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tracker.exchange.dictionary.reading import ColumnWords, TableWords

PREFACE = """\
# 数据字典

本文由 `tracker dictionary --format markdown` 生成，请勿手改。
名称、单位、含义写在 `data/dictionary/`，其余由数据模型读出。

- 金额在数据库中以分存为整数，程序读出和显示时为元。
- 小数（n 位）在数据库中存为整数，即所示值乘以 10 的 n 次方；比例是占全部的部分，0.6 即 60%。
- 时刻在数据库中为世界协调时，页面显示北京时间。
- “为空表示”一栏为“必填”的不能为空；其余可以为空，写明空着表示什么。未报与 0 不同。
- 约束所比较的栏有空着的，该约束不作要求。
"""

_HEAD = "| 列 | 名称 | 类型 | 单位 | 为空表示 | 含义 |\n|---|---|---|---|---|---|\n"


def whole(tables: Sequence[TableWords]) -> str:
    """All `tables`: preface, contents, common columns, then table by table."""
    parts = [PREFACE, "\n## 目录\n\n| 部分 | 表 |\n|---|---|\n"]
    for area, members in groupby(tables, key=lambda table: table.area):
        links = "、".join(f"[{table.label}]({_anchor(table)})" for table in members)
        parts.append(f"| {area} | {links} |\n")
    parts.append("\n## 各表共有的栏\n\n各表有这些栏的，含义相同，表中不再重复。\n\n" + _HEAD)
    labels = {table.name: table for table in tables}
    parts += [_row(column, labels) for column in _common(tables)]
    for area, members in groupby(tables, key=lambda table: table.area):
        parts.append(f"\n## {area}\n")
        parts += [f"\n{one(table, tables, level=3)}" for table in members]
    return "".join(parts)


def one(table: TableWords, tables: Sequence[TableWords], level: int = 1) -> str:
    """`table` under a heading of `level`; `tables` are all that it may refer to.

    Under a heading of level 1 the table stands alone, with its common columns written out.
    """
    labels = {other.name: other for other in tables} if level > 1 else {}
    own = [column for column in table.columns if level == 1 or not column.is_common]
    common = [f"`{column.name}`" for column in table.columns if column not in own]
    parts = [f"{'#' * level} {table.name} {table.label}\n\n{table.records}{_trail(table)}\n\n"]
    parts += [_HEAD, *(_row(column, labels) for column in own)]
    if common:
        parts.append(f"\n共有的栏：{'、'.join(common)}。\n")
    if table.rules:
        parts.append("\n约束：\n\n")
        parts += [f"- {rule.text}（`{rule.name}`）\n" for rule in table.rules]
    return "".join(parts)


def _trail(table: TableWords) -> str:
    return "改动留痕。" if table.is_audited else "改动不另留痕。"


def _common(tables: Sequence[TableWords]) -> Iterator[ColumnWords]:
    seen = {c.name: c for table in tables for c in table.columns if c.is_common}
    yield from seen.values()


def _row(column: ColumnWords, labels: dict[str, TableWords]) -> str:
    cells = (
        f"`{column.name}`",
        column.label,
        column.kind.words + _reference(column, labels),
        column.unit,
        "必填" if column.empty is None else column.empty,
        column.meaning + _codes(column),
    )
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


def _reference(column: ColumnWords, labels: dict[str, TableWords]) -> str:
    if column.references is None:
        return ""
    target = labels.get(column.references)
    if target is None:
        return f"，引用 `{column.references}`"
    return f"，引用[{target.label}]({_anchor(target)})"


def _codes(column: ColumnWords) -> str:
    if not column.kind.codes:
        return ""
    return "<br>" + "<br>".join(
        f"`{code.value}` {code.shown}" + (f"：{code.note}" if code.note else "")
        for code in column.kind.codes
    )


def _anchor(table: TableWords) -> str:
    return f"#{table.name}-{table.label}"
