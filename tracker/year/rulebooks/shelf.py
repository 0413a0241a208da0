"""The rulebooks that the program ships, by year: `data/rulebooks/YEAR/set.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.core.config import RULEBOOKS
from tracker.core.told import ToldError
from tracker.engine.scoring import Rulebook, RulebookError, RulebookSet, load_set
from tracker.engine.typeset.gate import refused_strings
from tracker.year.measures.names import known_measures

SHELF = RULEBOOKS
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


def year_set(year: int, shelf: Path = SHELF) -> YearSet:
    """The set of `year`, checked against the catalogue of measures.

    Raises NoRulebooksError where there is none, RulebookError with all faults of a bad one,
    texts that no paper could print among them.
    """
    file = shelf / str(year) / "set.toml"
    if not file.is_file():
        raise NoRulebooksError(f"没有{year}年的评分细则（应在 {file.parent.name}/set.toml）")
    read: dict[str, str] = {}

    def text_of(path: str) -> str:
        read[path] = (file.parent / path).read_text(encoding="utf-8")
        return read[path]

    text = file.read_text(encoding="utf-8")
    loaded = load_set(text, text_of, known_measures())
    undrawn = [
        f"{path}：{fault}"
        for path, each in {file.name: text, **read}.items()
        for fault in refused_strings(tomllib.loads(each))
    ]
    if undrawn:
        raise RulebookError(undrawn)
    return YearSet(loaded, text, read)


def years(shelf: Path = SHELF) -> list[int]:
    """The years that have rulebooks, the latest first."""
    found = (path.parent.name for path in shelf.glob("*/set.toml"))
    return sorted((int(name) for name in found if _YEAR.fullmatch(name)), reverse=True)
