"""What is typed or pasted into cells, as values: exactly the value that the text is, or refused.
Pure; messages are for the person who typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN
from tracker.core.quantities.reading import parse_day, parse_money, parse_number, signs_of
from tracker.core.told import ToldError
from tracker.records.quarters.fields import Field, Sort
from tracker.records.quarters.models import LONGEST

MOST_ROWS, MOST_COLUMNS = 500, 60  # of a pasted block
_PLACES = 6
_DASHES = frozenset("-—―─–/／\\")
# Nothing that one sees; what Excel and web pages leave between figures.
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None)


CELL, SEEN = "cell:", "seen:"  # before the address of a cell: what was typed, the version seen


@dataclass(frozen=True)
class Typed:
    """What somebody typed into the cell `address`, and the version that they saw there."""

    address: str
    text: str
    version: int


def typed_of(form: Mapping[str, str]) -> list[Typed]:
    """All cells that a form brings; -1 for a version that is none."""
    found = []
    for name, text in form.items():
        if name.startswith(CELL):
            address = name.removeprefix(CELL)
            seen = form.get(f"{SEEN}{address}", "")
            version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1
            found.append(Typed(address, text, version))
    return found


class BlockError(ToldError, ValueError):
    """A block that cannot be laid onto the grid."""


def kept(text: str) -> str:
    """`text` as a cell keeps it: without blanks around, what no database holds shown as �."""
    shown = "".join("�" if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)
    return shown.translate(_UNSEEN).strip()[:LONGEST].strip()


def read(field: Field, typed: str) -> Decimal | date | None:
    """The value of a cell: 元 for money, the unit of its column for a figure, the day of a
    payment; None where nothing stands in it. Raises ValueError with a message."""
    if not typed:
        return None
    if len(typed) > LONGEST - 20:
        raise ValueError("填写的内容过长，请只填一个数。")
    if set(typed.replace(" ", "")) <= _DASHES:
        raise ValueError(f"“{typed}”看不出是 0 还是没有数：没有的请填 0，还不知道的请留空。")
    if typed.startswith("="):
        raise ValueError("这是公式，请填数值（在表格软件里复制后选“只粘贴数值”）。")
    if field.sort is Sort.DAY:
        return parse_day(typed)
    if field.sort is Sort.MONEY or field.unit == WAN_YUAN:
        amount = parse_money(typed)
        return amount if field.sort is Sort.MONEY else _fitting(amount / 10_000)
    plain = signs_of(typed)
    if field.unit and plain.endswith(field.unit) and field.unit != "%":
        plain = plain.removesuffix(field.unit)
    return _fitting(parse_number(plain, unit=field.unit))


def _fitting(value: Decimal) -> Decimal:
    if value != value.quantize(Decimal(1).scaleb(-_PLACES)):
        raise ValueError(f"最多 {_PLACES} 位小数，请核对。")
    if value >= Decimal(10) ** 12:
        raise ValueError("数字过大，请核对单位。")
    return value


def cells_of(block: str) -> list[list[str]]:
    """The cells of a block as spreadsheets put it onto the clipboard: lines of cells that tabs
    part, a cell with tabs, line breaks or quotes in quotes. Every cell as it stands, without the
    blanks around; the last line break ends a line and begins none. Raises BlockError."""
    rows: list[list[str]] = [[]]
    text = block.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    at = 0
    while True:
        cell, at = _quoted(text, at) or _bare(text, at)
        rows[-1].append(" ".join(cell.split("\n")).strip())
        if at >= len(text):
            break
        if text[at] == "\n":
            rows.append([])
            if len(rows) > MOST_ROWS:
                raise BlockError(f"一次最多粘贴 {MOST_ROWS} 行，请分几次。")
        elif len(rows[-1]) >= MOST_COLUMNS:
            raise BlockError(f"一次最多粘贴 {MOST_COLUMNS} 列，请分几次。")
        at += 1
    return rows


def _bare(text: str, at: int) -> tuple[str, int]:
    ends = [found for sign in "\t\n" if (found := text.find(sign, at)) >= 0]
    end = min(ends, default=len(text))
    return text[at:end], end


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """A cell in quotes and where it ends; None where it is none: a quote within a text is one."""
    if not text.startswith('"', at):
        return None
    parts: list[str] = []
    start = at + 1
    while (end := text.find('"', start)) >= 0:
        parts.append(text[start:end])
        if text.startswith('"', end + 1):
            parts.append('"')
            start = end + 2
            continue
        if end + 1 == len(text) or text[end + 1] in "\t\n":
            return "".join(parts), end + 1
        return None
    return None


def laid(
    block: Sequence[Sequence[str]], row: int, column: int, rows: int, columns: int
) -> dict[tuple[int, int], str]:
    """Where the cells of `block` come to lie, laid with its first onto (`row`, `column`) of a grid
    of `rows` × `columns`; empty ones leave what is there. Raises BlockError where it does not
    fit: then nothing is taken."""
    found = {
        (row + down, column + right): text
        for down, line in enumerate(block)
        for right, text in enumerate(line)
        if kept(text)
    }
    if not found:
        raise BlockError("粘贴的内容里没有数。")
    if (over := max(down for down, _ in found) + 1 - rows) > 0:
        raise BlockError(f"粘贴的行数比表中剩下的多 {over} 行，没有填入。请从对应的行开始粘贴。")
    if (over := max(right for _, right in found) + 1 - columns) > 0:
        raise BlockError(f"粘贴的列数比表中剩下的多 {over} 列，没有填入。请从对应的列开始粘贴。")
    return found
