"""The second stage: what a cell says as somebody would type it into the form, or why not.

Nothing is guessed: a cell that could mean two things is refused with what to do.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tracker.core.db import key_of
from tracker.exchange.sheets.columns import YES, Column, Value, What
from tracker.exchange.sheets.formats import day_of
from tracker.exchange.sheets.reading import plain

EMPTY = frozenset({"—", "——", "―", "/", "／"})
UNCLEAR = frozenset({"-", "－", "–", "−", "--"})
_NUMBERS = frozenset({What.NUMBER, What.SHARE, What.COUNT})
_TEXTS = frozenset({What.TEXT, What.LINES})
NO = "否"
_AS_TEXT = "请把单元格设为“文本”格式，再重新填写"


class CellError(ValueError):
    """What is wrong with a cell: a sentence for the user."""


def typed(column: Column, cell: list[Any]) -> tuple[str, str]:
    """The text of a cell of `column`, "" for nothing, and what a person should know of how it was
    read, "" for nothing. Raises CellError."""
    what, value = cell[1], cell[2]
    note = f"是公式，按其结果“{value}”读取" if len(cell) > 3 else ""
    match what:
        case "s":
            return _of_text(column, value, note)
        case "n":
            return _of_number(column, value), note
        case "p":
            return _of_share(column, value), note
        case "d":
            return _of_day(column, value), note
        case "b":
            return _of_truth(column, value), note
        case "formula":
            raise CellError(
                "是没有结果的公式。请改为数值（复制后选择性粘贴为数值），"
                "或在表格软件中打开、重算后保存。"
            )
        case "e":
            raise CellError(f"是错误值 {value}，请改正。")
        case "moment":
            raise CellError(f"不是一个日期（{value}），请只填年、月、日。")
        case "strange":
            raise CellError(
                f"单元格的数字格式使显示的与实际的（{value}）不同，请改为“常规”格式，并核对数字和单位。"
            )
    raise CellError(f"数字超过 15 位，表格软件记不全；{_AS_TEXT}。")


def _of_text(column: Column, value: str, note: str) -> tuple[str, str]:
    text = trimmed(value)
    if text in EMPTY:
        return "", f"填的是“{text}”，按没有填读取"
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs") and char not in "\n\t":
            raise CellError(f"含有看不见的字符 U+{ord(char):04X}，请删去后重新输入。")
    if column.what in _NUMBERS and text in UNCLEAR:
        raise CellError(f"填的是“{text}”，看不出是 0 还是没有填。是 0 的填 0，没有的不填。")
    if column.what is What.TICK:
        if text not in ("", YES, NO):
            raise CellError(f"只填“{YES}”或不填。")
        return ("y" if text == YES else ""), note
    return text, note


def trimmed(text: str) -> str:
    """`text` without the blanks and what is not seen before and behind it."""
    begin, end = 0, len(text)
    while begin < end and _unseen(text[begin]):
        begin += 1
    while end > begin and _unseen(text[end - 1]):
        end -= 1
    return text[begin:end]


def _unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in ("Cf", "Cc")


def _of_number(column: Column, value: str) -> str:
    if column.what is What.DAY and len(value) == 5 and value.isdecimal():
        day = day_of(Decimal(value), from_1904=False)
        other = day + timedelta(days=1462)
        raise CellError(
            f"填的是数字 {value}，像是日期的序列号（{day}，1904 日期系统则是 {other}）；"
            "请把单元格设为日期格式，并核对日期。"
        )
    if column.what is What.TICK:
        raise CellError(f"只填“{YES}”或不填。")
    return value


def _of_share(column: Column, value: str) -> str:
    if column.what is What.SHARE:
        return value
    if column.what in _NUMBERS or column.what in _TEXTS:
        return f"{value}%"
    raise CellError(f"是百分数 {value}%，与本列不符。")


def _of_day(column: Column, value: str) -> str:
    if column.what is What.DAY:
        return value
    if column.what in _NUMBERS:
        raise CellError(f"是日期 {value}，应填数字。请把单元格设为“常规”格式，再重新填写。")
    raise CellError(f"内容已被表格软件变成日期 {value}；{_AS_TEXT}。")


def _of_truth(column: Column, value: str) -> str:
    said = YES if value == "1" else NO
    if column.what is What.CHOICE:
        return said
    if column.what is What.TICK:
        return "y" if said == YES else ""
    raise CellError("是逻辑值 TRUE 或 FALSE，请改为应填的内容。")


def retyped(column: Column, value: Value) -> str:
    """How `value`, as a template has it, reads as a typed text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, str):
        text = trimmed(value.replace("\r\n", "\n"))
        return "y" if column.what is What.TICK and text == YES else text
    return value.isoformat()


def same(column: Column, text: str, value: Value) -> bool:
    """Whether what was typed is what the template had there."""
    before = retyped(column, value)
    if text == before:
        return True
    return column.what is What.CHOICE and key_of(text) == key_of(before) and bool(text)


def value_of(label: str, offered: list[tuple[str, str]]) -> str | None:
    """The value of the choice (value, label) that `label` names, in whatever width and case it is
    written; None where none or several fit."""
    exact = [value for value, word in offered if word == label]
    if len(exact) == 1:
        return exact[0]
    alike = [value for value, word in offered if key_of(word) == key_of(label)]
    return alike[0] if len(alike) == 1 else None
