"""Constraints in words: those whose SQL speaks plainly are read, the others need an entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Column, Date, Table

from tracker.core.db import Coded, Scaled

_ATOM = r"\w+ (?:(?:<=|>=|<>|<|>) (?:\w+|'[^']*')|BETWEEN \d+ AND \d+)"
_ATOMS = re.compile(rf"{_ATOM}(?: AND {_ATOM})*")
_PART = re.compile(
    r"(?P<left>\w+) (?:(?P<sign><=|>=|<>|<|>) (?P<right>\w+|'[^']*')"
    r"|BETWEEN (?P<low>\d+) AND (?P<high>\d+))"
)
_ONE = r"CASE WHEN \w+ IS NULL THEN 0 ELSE 1 END"
_EXACTLY_ONE = re.compile(rf"{_ONE}(?: \+ {_ONE})* = 1")
_LENGTH = re.compile(r"length\((?P<column>\w+)\) = (?P<length>\d+)")
_NUMBERS = {"<=": "不大于", ">=": "不小于", "<": "小于", ">": "大于", "<>": "不同于"}
_DAYS = {"<=": "不晚于", ">=": "不早于", "<": "早于", ">": "晚于", "<>": "不同于"}


def is_coded_list(condition: str, table: Table) -> bool:
    """Whether `condition` only repeats the coded list of a column, which the column shows."""
    name, _, rest = condition.partition(" IN (")
    column = table.columns.get(name)
    if column is None or not isinstance(column.type, Coded):
        return False
    values = ", ".join(f"'{member.value}'" for member in column.type.members)
    return rest.removesuffix(")") == values


def named_in(condition: str, table: Table) -> tuple[str, ...]:
    """The columns of `table` that `condition` names, in the table's order."""
    words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", condition)))
    return tuple(column.name for column in table.columns if column.name in words)


def in_words(condition: str, table: Table, labels: Mapping[str, str]) -> str | None:
    """What the CHECK `condition` asks; None where it has to be said by a person.

    `labels` gives the Chinese name of each column. Numbers are shown as people see them: shares as
    parts of 1, money in 元.
    """
    if _EXACTLY_ONE.fullmatch(condition):
        names = [labels[name] for name in named_in(condition, table)]
        return f"{'、'.join(names)}，须填且只填一项"
    if found := _LENGTH.fullmatch(condition):
        return f"{labels[found['column']]}须为 {found['length']} 位"
    if not _ATOMS.fullmatch(condition):
        return None
    return "；".join(_part(found, table, labels) for found in _PART.finditer(condition))


def not_repeated(names: tuple[str, ...], labels: Mapping[str, str]) -> str:
    """What a unique key over the columns `names` asks."""
    if len(names) == 1:
        return f"{labels[names[0]]}不得重复"
    return f"同一{'、'.join(labels[name] for name in names)}只能有一行"


def _part(found: re.Match[str], table: Table, labels: Mapping[str, str]) -> str:
    column = table.columns[found["left"]]
    label = labels[column.name]
    if found["low"] is not None:
        return f"{label}在 {_figure(found['low'], column)} 至 {_figure(found['high'], column)} 之间"
    sign = (_DAYS if isinstance(column.type, Date) else _NUMBERS)[found["sign"]]
    right = found["right"]
    if right in table.columns:
        return f"{label}{sign}{labels[right]}"
    if right == "''" and found["sign"] == "<>":
        return f"{label}须填"
    if right.startswith("'"):
        return f"{label}{sign} {right[1:-1]}"
    return f"{label}{sign} {_figure(right, column)}"


def _figure(digits: str, column: Column) -> str:
    if not isinstance(column.type, Scaled):
        return digits
    return f"{Decimal(digits).scaleb(-column.type.places).normalize():f}"
