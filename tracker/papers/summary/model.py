"""What the yearly summary shows, as plain frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.papers.brief.model import Block, Chart, Concern, Head, Urgent


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its title: the first column heads its row, `lefts` columns are of words and the
    others of figures; `shares` of the width."""

    title: str
    heads: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Sequence[str]]
    note: str = ""
    lefts: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A section: what it says in words, then its pictures, side by side, and its tables."""

    title: str
    words: Sequence[str]
    grids: Sequence[Grid] = ()
    charts: Sequence[Chart] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """年度总结. `now`, `before`, `done`: what the columns of the year, of the year before and of
    what was done of tasks are called; `left`: how many months are left, 0 where it is over."""

    head: Head
    sentences: Sequence[tuple[str, str]]
    told: str
    now: str
    before: str
    done: str
    left: int
    blocks: Sequence[Block]
    sections: Sequence[Section]
    urgent: Sequence[Urgent]
    concerns: Sequence[Concern]
