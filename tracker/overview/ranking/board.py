"""The standing of a year on one sheet, by class. Points in 分."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tracker.core.quantities.precision import shortened
from tracker.engine.scoring import SUBJECTS
from tracker.overview.ranking.lines import Beside, Line, Peers, costliest, lost_most
from tracker.overview.ranking.moved import Moved
from tracker.year.procedure.sight import Range
from tracker.year.procedure.sights import RANK_LATER

OF_PLACES = ("county.", "city")


@dataclass(frozen=True)
class Row:
    """A card in the standing: `rank` is None where none is told; `page` is that of the card,
    `lines` are its lines beside the class and `places` its place by each: all of the own places
    alone."""

    code: str
    name: str
    total: Decimal
    rank: int | None
    rank_words: str
    complete: bool
    grade: str
    moved: Moved
    page: str | None
    lines: Sequence[Beside] = ()
    places: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def rank_said(self) -> str:
        """The rank within a sentence: words that stand for it tell what they are about."""
        return f"名次{self.rank_words}" if self.rank_words.endswith(RANK_LATER) else self.rank_words

    @property
    def why(self) -> Beside | None:
        """The line that costs most: against the class; where that is not told, of its points."""
        if any(each.mean is not None for each in self.lines):
            return costliest(self.lines)
        lost = lost_most([each.line for each in self.lines], 1)
        return Beside(lost[0], None) if lost else None

    def line(self, code: str) -> Beside | None:
        """One of its lines."""
        return next((each for each in self.lines if each.line.code == code), None)


@dataclass(frozen=True)
class ClassStanding:
    """A class: `mean` and `best` (分) of its `known` whole cards, in view or not, where its ranks
    are told, else its `range`; `peers` are its lines where its means are told."""

    name: str
    rows: Sequence[Row]
    mean: Decimal | None
    best: Decimal | None
    known: int
    range: Range | None
    peers: Peers | None

    @property
    def moves(self) -> bool:
        """Whether there is anything to say of last year."""
        return any(row.moved != Moved() for row in self.rows)

    @property
    def ranked(self) -> list[Row]:
        """Those that have a rank, the first one first."""
        return [row for row in self.rows if row.rank is not None]


@dataclass(frozen=True)
class Standing:
    """One sheet of a year. `bounds` are the grades with the total (分) from which each is given,
    the best first; `said` when and by what it was made, `compared` what of last year is not
    compared and why, `later` why there is no more to see."""

    sheet: str
    title: str
    sheets: Sequence[tuple[str, str]]
    choices: Sequence[tuple[str, str]]
    classes: Sequence[ClassStanding]
    bounds: Sequence[tuple[str, Decimal]]
    is_trial: bool
    said: str
    compared: str
    later: str
    ranks: bool

    def find(self, code: str) -> tuple[ClassStanding, Row] | None:
        """A row with its class."""
        rows = ((each, row) for each in self.classes for row in each.rows)
        return next((found for found in rows if found[1].code == code), None)


def choices_of(subjects: Mapping[str, str]) -> list[tuple[str, str]]:
    """The sheets with what each is of, from sheet → subject, in the order of the subjects."""
    order = list(SUBJECTS)
    found = sorted(subjects.items(), key=lambda each: order.index(each[1]))
    return [(code, SUBJECTS[subject]) for code, subject in found]


def mean_and_best(totals: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """Of totals; None where there are none."""
    if not totals:
        return None, None
    mean = sum(totals, Decimal(0)) / len(totals)
    return shortened(mean, 2), max(totals)


def places_of(lines: Sequence[Line], peers: Peers | None) -> dict[str, int | None]:
    """The place of a card by each of its lines; None where places are not told."""
    return {line.code: peers.place(line) if peers else None for line in lines}
