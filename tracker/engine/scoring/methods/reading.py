"""What several methods read: a figure above 0, and tables of thresholds and awards."""

from __future__ import annotations

from itertools import pairwise

from tracker.engine.scoring.exact import Number, plain
from tracker.engine.scoring.tables import Table


def positive(table: Table, key: str, default: Number) -> Number | None:
    """A figure that must be above 0."""
    value = table.number(key, default)
    if value is not None and value <= 0:
        table.fault(f"{table.named(key)}应大于 0，请改正")
    return value


def pairs(
    table: Table, key: str, points: Number | None, *, falling: bool, required: bool = True
) -> tuple[tuple[Number, Number], ...] | None:
    """Read rows [threshold, award]: thresholds fall or rise strictly, awards fall strictly."""
    rows = table.rows(key, required)
    if rows is None:
        return None
    found = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != 2:
            table.fault(f"{table.row_of(key, number)}应为两个数字，请写成 [界值, 得分]")
            return None
        first = table.as_number(row[0], f"{table.row_of(key, number)}的界值")
        award = table.as_number(row[1], f"{table.row_of(key, number)}的得分")
        if first is None or award is None:
            return None
        if award < 0:
            table.fault(f"{table.row_of(key, number)}的得分为负数，请改为 0 或正数")
        if points is not None and award > points:
            table.fault(f"{table.row_of(key, number)}的得分高于分值 {plain(points)}，请改小")
        found.append((first, award))
    for number, ((first, award), (after, less)) in enumerate(pairwise(found), 2):
        if first == after or (first > after) != falling:
            order = "从大到小" if falling else "从小到大"
            table.fault(f"{table.row_of(key, number)}的界值应{order}排列且不重复，请调整")
        if award <= less:
            table.fault(f"{table.row_of(key, number)}的得分应低于上一行，请调整")
    return tuple(found)
