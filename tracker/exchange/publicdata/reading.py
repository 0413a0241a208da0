"""Read the public CSV files: rows, partial dates, amounts, signs of precision."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tracker.core.config import ROOT
from tracker.core.db import Precision
from tracker.core.provenance.models import SourceKind
from tracker.core.told import ToldError
from tracker.engine.scoring import strict
from tracker.engine.typeset.gate import refusal

FOLDER = ROOT / "data" / "public"

_WORDS = {
    Precision.AT_LEAST: ("多", "超", "余", "突破", "以上"),
    Precision.AT_MOST: ("近",),
    Precision.ABOUT: ("约",),
}


@dataclass(frozen=True)
class Citation:
    """Where a row was read: the kind of source, its address (copies have none) and its day."""

    kind: SourceKind
    url: str | None
    published_on: date | None

    @property
    def order(self) -> tuple[int, int]:
        """Sorts the source to believe first: official, press, copy; then the later one."""
        return self.kind.rank, -(self.published_on or date.min).toordinal()


class RefusedRowError(ToldError, ValueError):
    """A row of a public file cannot be taken; the message names it, for the user."""

    status = 500


class Row(dict[str, str]):
    """A row of a public file; `where` names it."""

    where = ""


def rows(name: str, folder: Path = FOLDER) -> Iterator[Row]:
    """The rows of `name`.csv, as dictionaries of stripped strings. Raises RefusedRowError."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            where = f"{name}.csv 第 {reader.line_num} 行"
            for column, text in row.items():
                if fault := refusal(f"{where}“{column}”栏", text or ""):
                    raise RefusedRowError(fault)
            found = Row((key, (value or "").strip()) for key, value in row.items())
            found.where = where
            yield found


def citation(row: dict[str, str]) -> Citation:
    """The source named in a row's `source_*` columns."""
    published, _ = partial_date(row["source_date"])
    return Citation(SourceKind(row["source_kind"]), row["source_url"] or None, published)


def partial_date(text: str) -> tuple[date | None, Precision]:
    """A date of which a source may give the year or the month alone.

    Gives its first day, "about" unless the day itself is known; (None, exact) where the text is
    empty or names no year.
    """
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
    if not match:
        return None, Precision.EXACT
    year, month, day = match.groups()
    found = date(int(year), int(month or 1), int(day or 1))
    return found, Precision.EXACT if day else Precision.ABOUT


def number(text: str) -> Decimal | None:
    """A number, or None for an empty cell. Raises RefusedRowError for what is not exactly one."""
    return _read(strict.decimal, text)


def whole(text: str) -> int | None:
    """A whole number, or None for an empty cell. Raises RefusedRowError for what is not one."""
    return _read(strict.whole, text)


def _read(reader: Callable[[str], Any], text: str) -> Any:
    try:
        return reader(text) if text else None
    except ValueError as error:
        raise RefusedRowError(f"公开资料中的{error}。") from None


def precision(text: str) -> Precision:
    """The sign of precision behind words such as 多(下限), 超, 约."""
    for sign, words in _WORDS.items():
        if any(word in text for word in words):
            return sign
    return Precision.EXACT
