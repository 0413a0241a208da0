"""The dictionary for the terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from tracker.exchange.dictionary.kinds import Code
from tracker.exchange.dictionary.reading import ColumnWords, TableWords

CSV_HEAD = (
    "部分",
    "表",
    "表名称",
    "列",
    "名称",
    "类型",
    "库中存储",
    "单位",
    "可否为空",
    "为空表示",
    "含义",
    "取值",
    "引用",
    "约束",
)


def as_text(tables: Sequence[TableWords]) -> str:
    """`tables` for reading in a terminal; a table's common columns only by name, unless it is
    the only one."""
    parts = []
    area = ""
    for table in tables:
        if table.area != area:
            area = table.area
            parts.append(f"【{area}】")
        parts.append(f"\n{table.name}  {table.label}\n  {table.records}")
        own = [c for c in table.columns if len(tables) == 1 or not c.is_common]
        for column in own:
            parts += _lines(column)
        common = [column.name for column in table.columns if column not in own]
        if common:
            parts.append(f"  共有的栏：{'、'.join(common)}")
        parts += [f"  约束：{rule.text}（{rule.name}）" for rule in table.rules]
        parts.append("")
    return "\n".join(parts)


def as_json(tables: Sequence[TableWords]) -> str:
    """`tables` as JSON, {"tables": […]}; every table with all of its columns."""
    document = {"tables": [_table(table) for table in tables]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_csv(tables: Sequence[TableWords]) -> str:
    """`tables` as CSV, one line a column under `CSV_HEAD`."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for table in tables:
        for column in table.columns:
            writer.writerow(
                (
                    table.area,
                    table.name,
                    table.label,
                    column.name,
                    column.label,
                    column.kind.words,
                    column.kind.stored,
                    column.unit,
                    "必填" if column.empty is None else "可空",
                    column.empty or "",
                    column.meaning,
                    "；".join(_code(code) for code in column.kind.codes),
                    column.references or "",
                    "；".join(r.text for r in table.rules if column.name in r.columns),
                )
            )
    return file.getvalue()


def _lines(column: ColumnWords) -> list[str]:
    facts = [column.kind.words]
    if column.unit:
        facts.append(f"单位 {column.unit}")
    if column.references:
        facts.append(f"引用 {column.references}")
    facts.append("必填" if column.empty is None else "可空")
    lines = [f"  {column.name}  {column.label}  {'，'.join(facts)}", f"      {column.meaning}"]
    if column.empty is not None:
        lines.append(f"      为空表示：{column.empty}")
    for code in column.kind.codes:
        lines.append(f"      {_code(code)}")
    return lines


def _code(code: Code) -> str:
    return f"{code.value} {code.shown}" + (f"：{code.note}" if code.note else "")


def _table(table: TableWords) -> dict[str, Any]:
    return {
        "name": table.name,
        "label": table.label,
        "area": table.area,
        "records": table.records,
        "audited": table.is_audited,
        "columns": [_column(column) for column in table.columns],
        "rules": [
            {"name": rule.name, "text": rule.text, "columns": list(rule.columns)}
            for rule in table.rules
        ],
    }


def _column(column: ColumnWords) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.label,
        "type": column.kind.words,
        "stored": column.kind.stored,
        "unit": column.unit,
        "meaning": column.meaning,
        "required": column.empty is None,
        "empty": column.empty,
        "codes": [
            {"value": code.value, "label": code.shown, "note": code.note}
            for code in column.kind.codes
        ],
        "references": column.references,
        "common": column.is_common,
    }
