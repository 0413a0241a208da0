"""Draft rulebooks: what a single line says while the rest may not be sound, and what stands against
publishing a set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeGuard

from tracker.engine.scoring import (
    SUBJECTS,
    Rulebook,
    RulebookError,
    check_measures,
    load_rulebook,
)
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks import editing
from tracker.year.rulebooks.faults import checked_book
from tracker.year.rulebooks.headings import FIELDS
from tracker.year.rulebooks.models import SetStatus, StoredSet
from tracker.year.rulebooks.shelf import SET_FILE, YearSet, checked
from tracker.year.rulebooks.toml_text import toml_text

_MOST = 10**9  # what has more marks is refused by itself
_FILLER = "ZZ"  # code of the line that makes up full marks


@dataclass(frozen=True)
class DraftBook:
    """A file of a draft as far as it says: `book` None where it has `faults`."""

    path: str
    subject: str
    title: str
    status: str
    lines: int
    faults: tuple[str, ...]
    book: Rulebook | None


@dataclass(frozen=True)
class DraftSet:
    """A set, loaded where it is sound; else what stands against it."""

    books: tuple[DraftBook, ...]
    faults: tuple[str, ...]
    year_set: YearSet | None


def draft_book(path: str, text: str) -> DraftBook:
    """What a file of a draft says; its measures are asked of the catalogue."""
    values = editing.values_of(text)
    book, faults = checked_book(text, known_measures())
    rows = values.get("indicator")
    return DraftBook(
        path,
        str(values.get("subject", "")),
        str(values.get("title", path)),
        str(values.get("status", "")),
        len(rows) if isinstance(rows, list) else 0,
        tuple(faults),
        book,
    )


def draft_set(stored: StoredSet, texts: Mapping[str, str]) -> DraftSet:
    """A set with all that stands against publishing it."""
    paths = [path for path in texts if path != SET_FILE]
    books = tuple(draft_book(path, texts[path]) for path in paths)
    order = list(SUBJECTS)
    books = tuple(
        sorted(books, key=lambda b: order.index(b.subject) if b.subject in order else len(order))
    )
    if not paths:
        return DraftSet((), ("还没有细则，请先载入。",), None)
    faults: list[str] = []
    found = None
    try:
        found = checked(texts[SET_FILE], texts.__getitem__)
    except RulebookError as error:
        faults += error.faults
    else:
        if found.year != stored.year:
            faults.append(
                f"{SET_FILE}：year（考核年度）为 {found.year}，与本套的 {stored.year} 年度不符"
            )
    named = editing.values_of(texts[SET_FILE]).get("rulebooks")
    if isinstance(named, list):  # what else it is, is told above
        unnamed = (b.path for b in books if b.path not in named)
        faults += [
            f"{SET_FILE}：rulebooks（所含细则）中没有 {path}，请加入，或移出这一本"
            for path in unnamed
        ]
    if stored.owner_region_id is not None:
        faults += _not_of_cities(books)
    if stored.status is SetStatus.OFFICIAL:
        faults += [
            f"{b.path}：本套为正式，这一本仍是示例细则，请把 status（性质）改为 official（正式）"
            for b in books
            if b.status != "official"
        ]
    return DraftSet(books, tuple(faults), None if faults else found)


def _not_of_cities(books: Iterable[DraftBook]) -> list[str]:
    """A city assesses its counties: its rulebooks are of no other sheet, and take no other's
    points."""
    faults = []
    for each in (book for book in books if book.book is not None):
        assert each.book is not None, "asked for with one"
        if not each.book.subject.startswith("county."):
            faults.append(f"{each.path}：市考县只评县（市、区），请移出这一本")
        elif any(name.startswith("score.") for name in each.book.measures):
            faults.append(f"{each.path}：市考县没有下级评分表，指标不能取其得分（score.…）")
    return faults


def probe(text: str, row: Mapping[str, Any]) -> Rulebook:
    """A rulebook with nothing but the line `row` and the head of `text`, by which the line can be
    read, said and scored alone. Raises RulebookError with the faults of the line."""
    values = editing.values_of(text)
    places = values.get("line_decimals", 2)
    full = bonus = Decimal(10_000)
    line = dict(row)
    filler: dict[str, Any] = {
        "code": _FILLER,
        "group": "—",
        "name": "—",
        "clause": "—",
        "words": "—",
        "method": "gate",
        "when": "1 > 0",
        "points": full,
    }
    points, by_class = line.get("points"), line.get("points_by_class")
    if line.get("kind", "score") == "score" and _is_points(points):
        full += Decimal(points)  # whatever its marks are, they are all that the book has
        if isinstance(by_class, dict) and all(map(_is_points, by_class.values())):
            filler["points_by_class"] = {name: full - Decimal(p) for name, p in by_class.items()}
    book = {
        "format": 1,
        "code": "probe",
        "year": values.get("year", 2024),
        "title": "—",
        "subject": values.get("subject"),
        "status": "designed",
        "full_marks": full,
        "line_decimals": places if isinstance(places, int) and 0 <= places <= 6 else 2,
        **({"classes": values["classes"]} if values.get("classes") else {}),
        "bonus_cap": bonus,
        "source": [{"title": "—"}],
        "grade": [{"name": "—", "at_least": 0}],
        "indicator": [line, filler],
    }
    found = load_rulebook(_written(book), words=FIELDS)
    if unknown := check_measures(found, known_measures()):
        raise RulebookError(unknown)
    return replace(found, indicators=found.indicators[:1])


def _is_points(value: Any) -> TypeGuard[int | Decimal]:
    known = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return known and Decimal(value).is_finite() and abs(value) < _MOST


def _written(book: dict[str, Any]) -> str:
    """The probe as a file; a line of several parts has tables of its own."""
    lines = book.pop("indicator")
    text = toml_text(book)
    for line in lines:
        text = editing.with_line(text, None, line)
    return text
