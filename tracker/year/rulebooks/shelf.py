"""The rulebooks of a year: the set that was published for it, else the files that the program
ships, `data/rulebooks/YEAR/set.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import has_app_context

from tracker.core.config import RULEBOOKS
from tracker.core.told import ToldError
from tracker.engine.scoring import Rulebook, RulebookError, RulebookSet, load_set
from tracker.engine.typeset.gate import refused_strings
from tracker.records.places.classes import PUBLISHED_CLASSES
from tracker.year.measures.names import known_measures
from tracker.year.rulebooks import queries

SHELF = RULEBOOKS
SET_FILE = "set.toml"
_YEAR = re.compile("[12][0-9]{3}")


class NoRulebooksError(ToldError, LookupError):
    """There are no rulebooks for the year; the message is for the user."""

    status = 404


@dataclass(frozen=True)
class YearSet:
    """A year's set with the texts that it was read from: the set file's, and each rulebook's by
    the path that the set file names."""

    rulebook_set: RulebookSet
    text: str
    texts: Mapping[str, str]

    @property
    def year(self) -> int:
        """The assessment year."""
        return self.rulebook_set.year

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """In the order of scoring."""
        return self.rulebook_set.rulebooks


def year_set(year: int, owner: int | None = None) -> YearSet:
    """The set in force for `year` in the assessments of `owner`, checked against the catalogue of
    measures. Files are shipped for the province alone: a city has the sets that it published.

    Raises NoRulebooksError where there is none, RulebookError with all faults of a bad one,
    texts that no paper could print among them.
    """
    return _set_of(year, owner, _published(owner).get(year))


def _set_of(year: int, owner: int | None, published: tuple[int, str] | None) -> YearSet:
    if published is None and owner is not None:
        raise NoRulebooksError(f"没有{year}年的市考县评分细则，请先载入并发布")
    if published is None:
        return shipped(year)
    return _stored(*published)


def year_set_at(year: int, moment: datetime, owner: int | None = None) -> YearSet:
    """The set of `owner` that was in force for `year` at a moment; raises as `year_set` does."""
    return _set_of(year, owner, queries.in_force(owner, at=moment).get(year))


def shipped(year: int, shelf: Path = SHELF) -> YearSet:
    """The set of files of `year`; raises as `year_set` does."""
    file = shelf / str(year) / SET_FILE
    if not file.is_file():
        raise NoRulebooksError(f"没有{year}年的评分细则（应在 {file.parent.name}/set.toml）")
    return checked(
        file.read_text(encoding="utf-8"),
        lambda path: (file.parent / path).read_text(encoding="utf-8"),
    )


def city_example() -> YearSet:
    """The example of a city's rulebooks (市考县) that the program ships, from which a city's
    assessors begin their own."""
    file = SHELF / "city" / SET_FILE
    return checked(
        file.read_text(encoding="utf-8"),
        lambda path: (file.parent / path).read_text(encoding="utf-8"),
    )


def checked(text: str, read: Callable[[str], str]) -> YearSet:
    """The set whose file says `text` and whose rulebooks `read` gives by path, an OSError or a
    KeyError where there is none. Raises RulebookError with all faults: of the set, of each
    rulebook, of what no paper could print."""
    texts: dict[str, str] = {}

    def text_of(path: str) -> str:
        try:
            texts[path] = read(path)
        except KeyError:
            raise FileNotFoundError(path) from None
        return texts[path]

    try:
        loaded = load_set(text, text_of, known_measures())
    except RulebookError as error:
        raise RulebookError([*error.faults, *_undrawn({SET_FILE: text, **texts})]) from None
    if undrawn := _undrawn({SET_FILE: text, **texts}):
        raise RulebookError(undrawn)
    return YearSet(loaded, text, texts)


def years(owner: int | None = None) -> list[int]:
    """The years that have rulebooks of `owner`, the latest first."""
    return [year for year, _ in editions(owner)]


def shipped_years(shelf: Path = SHELF) -> list[int]:
    """The years that have files, the latest first."""
    found = (path.parent.name for path in shelf.glob("*/set.toml"))
    return sorted((int(name) for name in found if _YEAR.fullmatch(name)), reverse=True)


def path_of(texts: Mapping[str, str], code: str) -> str:
    """The path of the rulebook `code` among `texts`. Raises KeyError."""
    for path, text in texts.items():
        if _code_of(text) == code:
            return path
    raise KeyError(code)


@lru_cache(maxsize=128)
def _code_of(text: str) -> object:
    return tomllib.loads(text).get("code")


def editions(owner: int | None = None) -> tuple[tuple[int, str], ...]:
    """The years that have rulebooks of `owner`, each with what tells its set from any other of the
    year: what is computed from all of them may be kept by it."""
    published = _published(owner)
    files = shipped_years() if owner is None else ()
    found = sorted({*files, *published}, reverse=True)
    return tuple((year, published[year][1] if year in published else "") for year in found)


def edition(year: int, owner: int | None = None) -> str:
    """That of one year, as `editions` has it; "" also where the year has no rulebooks."""
    _, sha256 = _published(owner).get(year, (0, ""))
    return sha256


def _published(owner: int | None = None) -> Mapping[int, tuple[int, str]]:
    # Commands that check and score files do without a database.
    return queries.in_force(owner) if has_app_context() else {}


@lru_cache(maxsize=16)
def _stored(set_id: int, _sha256: str) -> YearSet:
    """What was published never changes."""
    texts = queries.texts(set_id)
    return checked(texts[SET_FILE], texts.__getitem__)


def _undrawn(texts: Mapping[str, str]) -> list[str]:
    found = []
    for path, text in texts.items():
        found += [f"{path}：{fault}" for fault in _refused(text)]
    return found


@lru_cache(maxsize=64)
def _refused(text: str) -> tuple[str, ...]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ()  # said by what reads it
    return tuple(refused_strings(values))


def _published_classes() -> list[str]:
    """The classes that the published sets' rulebooks of receiving counties declare."""
    found: dict[str, None] = {}
    for _, published in sorted(_published().items(), reverse=True):
        for book in _stored(*published).rulebooks:
            if book.subject == "county.recipient":
                found.update(dict.fromkeys(book.classes))
    return list(found)


PUBLISHED_CLASSES.append(_published_classes)
