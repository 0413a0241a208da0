"""What a column's type says, in words: kind of value, how it is kept, coded list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, String, Text

from tracker.core.db import Coded, Money, Scaled, UtcDateTime
from tracker.records.operations.items import MEANINGS, Item


@dataclass(frozen=True)
class Code:
    """A value of a coded list, its label, and what more is known of it ("" where nothing is)."""

    value: str
    label: str
    note: str = ""

    @property
    def shown(self) -> str:
        """The label, also where the list has none because nothing is written before a figure."""
        return self.label or "（不加符号）"


@dataclass(frozen=True)
class Kind:
    """`stored` is how the database keeps the value. `unit` is set where the type itself has one;
    `is_number` where a unit has to be stated."""

    words: str
    stored: str
    unit: str = ""
    is_number: bool = False
    codes: tuple[Code, ...] = ()


def kind_of(column: Column) -> Kind:
    """The kind of `column`. Raises TypeError for a type that has no words yet."""
    match column.type:
        case Money():
            return Kind("金额", "整数，单位为分", unit="元")
        case Scaled() as scaled:
            words = f"小数（{scaled.places} 位）"
            return Kind(words, f"整数，为所示值的 10^{scaled.places} 倍", is_number=True)
        case Coded() as coded:
            return Kind("代码表", "代码值", codes=_codes(coded))
        case UtcDateTime():
            return Kind("时刻", "世界协调时")
        case Date():
            return Kind("日期", "日期")
        case Boolean():
            return Kind("是否", "真假值")
        case LargeBinary():
            return Kind("文件内容", "字节")
        case Text():
            return Kind("文字（不限长）", "文字")
        case String() as string:
            return Kind(f"文字（至多 {string.length} 字）", "文字")
        case Integer():
            is_key = column.primary_key or bool(column.foreign_keys)
            return Kind("整数", "整数", is_number=not is_key)
    raise TypeError(f"{column.table.name}.{column.name} 的类型 {column.type!r} 没有对应的说法")


def _codes(coded: Coded) -> tuple[Code, ...]:
    members: Any = coded.members
    return tuple(Code(member.value, member.label, _note(member)) for member in members)


def _note(member: object) -> str:
    if not isinstance(member, Item):
        return ""
    meaning = MEANINGS[member]
    return f"{meaning.unit}。{meaning.definition}"
