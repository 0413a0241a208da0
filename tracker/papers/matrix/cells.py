"""What is put into cells of the workbook: texts, figures and formulas, and how they look."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from tracker.engine.scoring import plain
from tracker.engine.scoring.exact import Number, places

BOLD = Font(bold=True)
FILL = PatternFill("solid", fgColor="E8EEF4")
GIVEN = Font(color="1F4E79")  # figures that may be changed, also said in words
WRAPPED = Alignment(wrap_text=True, vertical="center")


def put(page: Any, row: int, column: int, text: str, font: Font | None = None) -> None:
    """A text, whatever it begins with: never a formula."""
    cell = page.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    if font is not None:
        cell.font = font


def formula(page: Any, row: int, column: int, text: str, form: str = "") -> None:
    """A formula, with the format of its value."""
    cell = page.cell(row, column)
    cell.value = f"={text}"
    if form:
        cell.number_format = form


def figure(value: Number) -> Decimal | float:
    """A figure for a cell: as it is written where a decimal writes it."""
    return Decimal(plain(value)) if places(value) is not None else float(Fraction(value))


def decimal_format(decimals: int) -> str:
    """The format of a figure with so many decimals."""
    return f"0.{'0' * decimals}" if decimals else "0"
