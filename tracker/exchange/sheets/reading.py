"""The cells of a workbook that nobody vouches for, one row after another.

It is read by expat itself, in the process of `strangers`: a number keeps the text that the file has
of it, a formula is told from its result, and a document type ends the reading before any entity is
made. Its own reader is nearly twice as fast as that of openpyxl, which gives either formulas or
their results; see docs/dependencies.md.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.parsers import expat

from tracker.core.strangers.bounds import Reason, UnreadableError
from tracker.exchange.sheets import formats
from tracker.exchange.sheets.archive import RefusedWorkbookError, opened
from tracker.exchange.sheets.formats import DAY, MOMENT, PERCENT, PLAIN, STRANGE, TEXT
from tracker.exchange.sheets.parts import (
    STEP,
    Book,
    links_of,
    main_part,
    parser_of,
    strings_of,
    styles_of,
    text_of,
)

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_DIGITS = "0123456789"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AS_TYPED = re.compile(r"0|-?[1-9][0-9]*(?:\.[0-9]*[1-9])?|-?0\.[0-9]*[1-9]")
_REMEMBERED = 10_000
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)

# What a broken workbook makes of its reading.
_BROKEN = (
    *(expat.ExpatError, zipfile.BadZipFile, zlib.error, NotImplementedError),
    *(EOFError, IndexError, KeyError, OverflowError, ValueError),
)

# What a cell holds: text; number, share or day exactly; anything else that has to be refused.
# Each is [column, what, value] and a fourth, True, where it is the result of a formula.
Row = tuple[int, list[list[Any]]]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name, the part that it is, whether a person can see it."""

    name: str
    part: str
    hidden: bool


def read(data: bytes, *, most_rows: int, most_columns: int) -> Iterator[dict[str, Any]]:
    """For the reading process: `{"refused": sentence}`, or `{"sheet", "hidden"}` before the rows of
    each sheet (`{"rows": [[number, cells], …]}`) and `{"merged": [[column, row, column, row]]}`
    behind them. Rows without a value are left out; more than `most_rows` of a sheet end it with
    `{"too_many": row}`. Of the cells of a row beyond `most_columns` the first alone comes.
    Raises UnreadableError."""
    try:
        with opened(data) as archive:
            yield from _of_archive(archive, most_rows, most_columns)
    except RefusedWorkbookError as error:
        yield {"refused": str(error)}
    except _BROKEN as error:
        raise UnreadableError(Reason.DAMAGED) from error


def _of_archive(
    archive: zipfile.ZipFile, most_rows: int, most_columns: int
) -> Iterator[dict[str, Any]]:
    names = {name.lower().lstrip("/"): name for name in archive.namelist()}

    def part(name: str) -> str:
        return names[name.lower().lstrip("/")]

    main = part(main_part(archive, part))
    book = Book(archive, main)
    links = links_of(archive, names, main)
    strings = strings_of(archive, names, links)
    styles = styles_of(archive, names, links)
    for sheet_name, hidden, link in book.sheets:
        yield {"sheet": sheet_name, "hidden": hidden}
        target = links.get(link, ("", ""))[1]
        reading = _Rows(strings, styles, book.from_1904, most_columns)
        count = 0
        with archive.open(part(target)) as source:
            for rows in reading.rows(lambda: source.read(STEP)):
                count += len(rows)
                if count > most_rows:
                    yield {"too_many": rows[-1][0]}
                    break
                yield {"rows": rows}
        if count <= most_rows:
            yield {"merged": reading.merged}


# -- the cells of a sheet

_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _SOUND, _MERGED = range(1, 8)
_TAGS = {
    f"{of} {name}": tag
    for of in _MAIN
    for name, tag in (
        ("row", _ROW),
        ("c", _CELL),
        ("v", _VALUE),
        ("f", _FORMULA),
        ("t", _TEXT),
        ("rPh", _SOUND),
        ("mergeCell", _MERGED),
    )
}


def letters(column: int) -> str:
    """The name of a column: 1 is A."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def number_of(name: str) -> int:
    """The number of the column `name`."""
    found = 0
    for char in name:
        found = found * 26 + ord(char) - 64
    return found


@dataclass
class _Rows:
    """Reads one sheet."""

    strings: list[str]
    styles: list[str]
    from_1904: bool
    most_columns: int
    merged: list[list[int]] = field(default_factory=list)

    def rows(self, source: Callable[[], bytes]) -> Iterator[list[Row]]:
        """The rows that hold anything, some at a time."""
        self._done: list[Row] = []
        self._row, self._column = 0, 0
        self._cells: list[list[Any]] = []
        self._columns: dict[str, int] = {}
        self._known: dict[tuple[str, str], tuple[str, str]] = {}
        self._parts: list[str] | None = None
        self._kind, self._style = "", 0
        self._value: str | None = None
        self._formula, self._sound = False, 0
        parser = parser_of(self._start, self._end)
        parser.CharacterDataHandler = self._characters
        while piece := source():
            parser.Parse(piece, False)
            if self._done:
                yield self._done
                self._done = []
        parser.Parse(b"", True)
        if self._done:
            yield self._done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name)
        if tag == _VALUE:
            self._parts = []
        elif tag == _CELL:
            self._begin(attributes)
        elif tag == _ROW:
            given = attributes.get("r")
            number = int(given) if given else self._row + 1
            if not self._row < number <= LAST_ROW:
                raise ValueError("rows out of order")
            self._row, self._column, self._cells = number, 0, []
        elif tag == _TEXT:
            if not self._sound:
                self._parts = []
        elif tag == _FORMULA:
            self._formula = True
        elif tag == _SOUND:
            self._sound += 1
        elif tag == _MERGED:
            self._merge(attributes.get("ref", ""))

    def _begin(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            name = reference.rstrip(_DIGITS)
            column = self._columns.get(name)
            if column is None:
                if not _REFERENCE.fullmatch(reference) or number_of(name) > LAST_COLUMN:
                    raise ValueError("no such cell")
                column = self._columns[name] = number_of(name)
            if column <= self._column or int(reference[len(name) :]) != self._row:
                raise ValueError("cells out of order")
            self._column = column
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = abs(int(attributes.get("s", 0)))
        self._value, self._formula = None, False

    def _characters(self, text: str) -> None:
        if self._parts is not None:
            self._parts.append(text)

    def _end(self, name: str) -> None:
        tag = _TAGS.get(name)
        if tag == _VALUE:
            if self._parts is not None:
                self._value, self._parts = "".join(self._parts), None
        elif tag == _CELL:
            if self._value is not None or self._formula:
                self._finish()
        elif tag == _ROW:
            if self._cells:
                self._done.append((self._row, self._cells))
        elif tag == _TEXT:
            if self._parts is not None:
                self._value = (self._value or "") + "".join(self._parts)
                self._parts = None
        elif tag == _SOUND:
            self._sound -= 1

    def _finish(self) -> None:
        what, value = self._found()
        if what == "s" and not value:
            return
        if (
            self._column > self.most_columns
            and self._cells
            and (self._cells[-1][0] > self.most_columns)
        ):
            return
        cell = [self._column, what, value]
        if self._formula:
            cell.append(True)
        self._cells.append(cell)

    def _found(self) -> tuple[str, str]:
        value, kind = self._value, self._kind
        if value is None or (self._formula and value == "" and kind != "str"):
            return ("formula", "")
        if kind == "s":
            if not value.isdecimal():
                raise ValueError("no such text")
            return ("s", self.strings[int(value)])
        if kind in ("str", "inlineStr"):
            return ("s", text_of(value))
        if kind == "b":
            return ("b", "1" if value.strip() in ("1", "true") else "0")
        if kind == "e":
            return ("e", value)
        if kind == "d":
            return ("d", value[:10]) if len(value) == 10 or value[10:] == "T00:00:00" else (
                "moment", value,
            )  # fmt: skip
        return self._number(value.strip())

    def _number(self, value: str) -> tuple[str, str]:
        if not value:
            return ("s", "")
        styles = self.styles
        of = styles[self._style] if self._style < len(styles) else PLAIN
        if of is PLAIN and len(value) <= 15 and _AS_TYPED.fullmatch(value):
            return ("n", value)
        key = of, value  # the same days come again and again
        found = self._known.get(key)
        if found is None:
            found = self._read_number(of, value)
            if len(self._known) < _REMEMBERED:
                self._known[key] = found
        return found

    def _read_number(self, of: str, value: str) -> tuple[str, str]:
        number = shown_number(value)
        if number is None:
            return ("inexact", value)
        if of in (DAY, MOMENT):
            try:
                return ("d", formats.day_of(number, from_1904=self.from_1904).isoformat())
            except ValueError as error:
                return ("moment", f"{error}")
        if of == PERCENT:
            return ("p", plain(number * 100))
        if of == STRANGE:
            return ("strange", plain(number))
        return ("n" if of in (PLAIN, TEXT) else "strange", plain(number))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        ends = [_REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)]
        if None in ends or len(self.merged) >= 10_000:
            raise ValueError("no such range")
        self.merged.append(
            [number for found in ends if found for number in (number_of(found[1]), int(found[2]))]
        )


def shown_number(value: str) -> Decimal | None:
    """The number that a spreadsheet shows of the text in a file: programs keep binary fractions and
    show 15 digits (1.1 is written 1.1000000000000001). None for a text of more digits that is no
    such fraction, and for what is no number."""
    try:
        exact = Decimal(value)
        if not exact.is_finite() or abs(exact) >= Decimal(10) ** 18:
            return None
        if len(exact.as_tuple().digits) <= 15:
            return exact
        shown = Decimal(f"{float(value):.15g}")
    except (InvalidOperation, ValueError, OverflowError):
        return None
    near = abs(shown - exact) <= abs(exact) * Decimal("1e-15")
    return shown if near and exact != exact.to_integral_value() else None


def plain(number: Decimal) -> str:
    """`number` as a keyboard would type it."""
    if not number:
        return "0"
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else f"{number.normalize():f}"
