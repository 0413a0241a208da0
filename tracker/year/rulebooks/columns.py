"""The columns of a rulebook in a workbook: headings, what they hold, how cells become values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tracker.core.quantities.reading import with_minus
from tracker.engine.scoring import strict
from tracker.engine.scoring.canonical import number_text
from tracker.engine.scoring.method import MethodColumn
from tracker.engine.scoring.methods import RULES
from tracker.engine.scoring.wording import VALUES
from tracker.year.rulebooks.headings import ROWS

if TYPE_CHECKING:
    from tracker.year.rulebooks.workbook import Cell

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SEPARATOR = re.compile(r"[|｜]")

METHODS = {rule.title: rule.name for rule in RULES.values()}


@dataclass(frozen=True)
class Column:
    """A heading, the rulebook's key, and what a cell may hold.

    `holds`: text, number, expression, date, yes, list (、between), lines (one a line), pairs
    (name | number, one a line) or rows (the method's own table). `methods`: the methods that take
    it; empty for a column of every row.
    """

    heading: str
    key: str
    holds: str = "text"
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    methods: frozenset[str] = frozenset()

    def read(self, cell: Cell) -> Any:
        """The value for the rulebook; raises ValueError with what to do, in Chinese."""
        if self.choices:
            if str(cell) not in self.choices:
                raise ValueError(f"应为 {'、'.join(self.choices)} 之一，请改正")
            return self.choices[str(cell)]
        return _READERS[self.holds](cell)

    def write(self, value: Any) -> Cell:
        """The cell for a value of a rulebook; the reverse of `read`."""
        if self.choices:
            return next(label for label, code in self.choices.items() if code == value)
        if self.holds == "yes":
            return "是" if value else "否"
        if self.holds == "list":
            return "、".join(value)
        if self.holds == "lines":
            return "\n".join(map(str, value))
        if self.holds == "pairs":
            return "\n".join(f"{name} | {shown(number)}" for name, number in value.items())
        if self.holds == "rows":
            return "\n".join(
                " | ".join(shown(part) for part in (row.values() if isinstance(row, dict) else row))
                for row in value
            )
        return value


def shown(value: Any) -> str:
    """A number without trailing zeros, text as it is."""
    return number_text(value) if isinstance(value, int | Decimal) else str(value)


def as_number(cell: Cell) -> int | Decimal:
    """A number, also one that was typed as text; raises ValueError."""
    if isinstance(cell, bool | date):
        raise ValueError("应为数字，请改正")
    if isinstance(cell, str):
        cell = with_minus(cell)
        if not _NUMBER.fullmatch(cell):
            raise ValueError("应为数字，请改正（百分比请写成小数，如 0.55）")
        return Decimal(cell) if "." in cell else int(cell)
    try:
        plain = number_text(cell)
    except ValueError:
        raise ValueError("数字过大或过小，请改正") from None
    return Decimal(plain) if "." in plain else int(plain)


def as_rows(cell: Cell, method: str) -> list[Any]:
    """The method's own table, one row a line, parts between bars; raises ValueError."""
    lines = _text(cell).split("\n")
    return read_rows([[part.strip() for part in _SEPARATOR.split(line)] for line in lines], method)


def read_rows(given: Sequence[Sequence[str]], method: str) -> list[Any]:
    """The method's own table from the parts of its rows; raises ValueError."""
    rows = RULES[method].rows
    wanted = rows.parts
    found = []
    for number, parts in enumerate(given, 1):
        if not len(wanted) - ("max" in wanted) <= len(parts) <= len(wanted):
            raise ValueError(f"第 {number} 小行应写成“{rows.words}”，请改正")
        try:
            values = [
                _PARTS.get(key, as_number)(part) for key, part in zip(wanted, parts, strict=False)
            ]
        except ValueError as error:
            raise ValueError(f"第 {number} 小行：{error}") from None
        is_item = wanted[0] == "name"
        found.append(dict(zip(wanted, values, strict=False)) if is_item else values)
    return found


def as_expression(cell: Cell) -> str | int | Decimal:
    """A bare number, or the text of an expression on one line; raises ValueError."""
    if isinstance(cell, bool | date):
        raise ValueError("应为算式或数字，请改正")
    if not isinstance(cell, str) or _NUMBER.fullmatch(with_minus(cell)):
        return as_number(cell)
    return cell.replace("\n", " ")


_PARTS: dict[str, Callable[[str], Any]] = {"name": str, "value": as_expression}


def _text(cell: Cell) -> str:
    if isinstance(cell, bool | date):
        raise ValueError("应为文字，请改正")
    if isinstance(cell, Decimal) and str(cell) != shown(cell):
        raise ValueError(
            f"显示为 {cell}，存的却是数字 {shown(cell)}，请把单元格格式改为文本后重新输入"
        )
    return shown(cell)


def _date(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    try:
        return strict.day(str(cell))
    except ValueError:
        raise ValueError("应为日期，请写成 2024-01-31 的样子") from None


def _yes(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    if cell not in ("是", "否"):
        raise ValueError("应填“是”或“否”")
    return cell == "是"


def _pairs(cell: Cell) -> dict[str, int | Decimal]:
    found = {}
    for line in _text(cell).split("\n"):
        parts = [part.strip() for part in _SEPARATOR.split(line)]
        if len(parts) != 2:
            raise ValueError("每一小行应写成“类别 | 分值”，请改正")
        found[parts[0]] = as_number(parts[1])
    return found


_READERS = {
    "text": _text,
    "number": as_number,
    "expression": as_expression,
    "date": _date,
    "yes": _yes,
    "list": lambda cell: [part.strip() for part in re.split(r"[、\n]", _text(cell))],
    "lines": lambda cell: [as_expression(line.strip()) for line in _text(cell).split("\n")],
    "pairs": _pairs,
    "rows": _text,  # read once the row's method is known
}


def _of_methods() -> tuple[Column, ...]:
    """The columns that only some methods take, those of a new method last."""
    takers: dict[str, tuple[MethodColumn, set[str]]] = {}
    for rule in RULES.values():
        for column in rule.columns:
            takers.setdefault(column.key, (column, set()))[1].add(rule.name)
    with_rows = {rule.name for rule in RULES.values() if rule.rows}
    found = {
        column.key: Column(
            column.heading,
            column.key,
            column.holds,
            choices=column.choices,
            methods=frozenset(names),
        )
        for column, names in takers.values()
    }
    found["rows"] = Column(ROWS, "rows", "rows", methods=frozenset(with_rows))
    order = {key: place for place, key in enumerate(_ORDER)}
    return tuple(sorted(found.values(), key=lambda each: order.get(each.key, len(order))))


_ORDER = (
    *("value", "target", "when", "base", "rows", "per", "unit", "cap", "floor", "otherwise"),
    *("flat", "step", "gain", "loss", "ceiling", "absolute", "proportional", "lower_is_better"),
    *("direction", "interpolate", "by_share", "base_share", "low", "high"),
)


def _choices(key: str) -> dict[str, str]:
    return {label: code for code, label in VALUES[key].items()}


HEAD = (
    Column("细则编号", "code", required=True),
    Column("考核年度", "year", "number", required=True),
    Column("名称", "title", required=True),
    Column(
        "考核对象",
        "subject",
        required=True,
        choices=_choices("subject"),
    ),
    Column("性质", "status", required=True, choices=_choices("status")),
    Column("制定单位", "issuer"),
    Column("文号", "document"),
    Column("满分", "full_marks", "number", required=True),
    Column("加分封顶", "bonus_cap", "number"),
    Column("扣分封顶", "deduction_cap", "number"),
    Column("小数位数", "line_decimals", "number"),
    Column("并列次序", "tie_break", "lines"),
    Column("类别", "classes", "list"),
)
SOURCES = (
    Column("名称", "title", required=True),
    Column("网址", "url"),
    Column("日期", "date", "date"),
)
GRADES = (
    Column("等次", "name", required=True),
    Column("最低分", "at_least", "number", required=True),
    Column("名额比例", "quota", "number"),
)
GROUPS = ("一级指标",)  # headings under which one merged cell stands for all its rows
INDICATORS = (
    Column("编号", "code", required=True),
    Column("一级指标", "group", required=True),
    Column("二级指标", "name", required=True),
    Column("条款", "clause", required=True),
    Column("计分说明", "words", required=True),
    Column("分值", "points", "number", required=True),
    Column("分类分值", "points_by_class", "pairs"),
    Column("类型", "kind", choices=_choices("kind")),
    Column("数据来源", "data_source"),
    Column("佐证材料", "evidence", "list"),
    Column("适用条件", "applies", "expression"),
    Column("不适用时", "absent", choices=_choices("absent")),
    Column("未报时", "missing", choices=_choices("missing")),
    Column("计分方法", "method", required=True, choices=METHODS),
    *_of_methods(),
)
CAPS = (
    Column("指标编号", "lines", "list", required=True),
    Column("至多", "at_most", "number", required=True),
)
VETOES = (
    Column("名称", "name", required=True),
    Column("条件", "when", "expression", required=True),
    Column("最高等次", "grade"),
    Column("总分至多", "total_at_most", "number"),
    Column("不计加分", "no_bonus", "yes"),
    Column("不参加排名", "unranked", "yes"),
)
