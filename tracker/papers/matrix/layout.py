"""Where things stand in the workbook: each sheet of the year as three worksheets (points, data,
marks), a subject in the same row of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from openpyxl.utils import get_column_letter

from tracker.engine.scoring import SUBJECTS, Indicator, Scorecard, members_read
from tracker.engine.scoring.pools import pooled_names
from tracker.engine.scoring.result import NOT_APPLICABLE, Line
from tracker.papers.matrix.formulas import Pool
from tracker.year.assessments.groups import Group
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

HEAD, FIRST = 5, 6  # rows
NAME, CLASS, TOTAL, RANK, FIRST_LINE = 1, 2, 3, 4, 5  # columns of the points
NUMBER, FIRST_FACT = 3, 4  # columns of the data
FIRST_MARK = 3  # column of the marks
_OF_CLASS = {"mean": "AVERAGEIFS", "sum": "SUMIFS", "best": "_xlfn.MAXIFS"}


@dataclass(frozen=True)
class Places:
    """One sheet's places. `cards` are its subjects in the order of the rows; `facts` the measures
    in the order of their columns, `pools` the (line, part) that compare the class, likewise."""

    sheet: ScoredSheet
    name: str
    cards: tuple[Scorecard, ...]
    facts: tuple[str, ...]
    pools: tuple[tuple[int, int], ...]
    groups: tuple[Group, ...]
    class_numbers: Mapping[str, int]

    @property
    def data(self) -> str:
        """The worksheet of the facts."""
        return f"{self.name}数据"

    @property
    def marks(self) -> str:
        """The worksheet of the points in force."""
        return f"{self.name}分值"

    @property
    def last(self) -> int:
        """The last row of a subject."""
        return FIRST + len(self.cards) - 1

    @property
    def lines(self) -> Sequence[Indicator]:
        """The lines in the order of their columns."""
        return self.sheet.rulebook.indicators

    def row(self, code: str) -> int:
        """The row of a subject."""
        return self._rows[code]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {card.subject.code: row for row, card in enumerate(self.cards, FIRST)}

    def points(self, column: int, row: int) -> str:
        """A cell of the points, for a formula on the same worksheet."""
        return f"{get_column_letter(column)}{row}"

    def all_points(self, column: int) -> str:
        """A column of the points."""
        letter = get_column_letter(column)
        return f"${letter}${FIRST}:${letter}${self.last}"

    def total(self, code: str) -> str:
        """The total of a subject, for a formula on any worksheet."""
        return f"'{self.name}'!{get_column_letter(TOTAL)}{self.row(code)}"

    def mark(self, at: int, row: int) -> str:
        """The points in force of a line."""
        return f"'{self.marks}'!{get_column_letter(FIRST_MARK + at)}{row}"

    def classes(self) -> str:
        """The column that numbers the classes."""
        return self._data_column(NUMBER)

    def class_of(self, row: int) -> str:
        """The number of a subject's class."""
        return self._data(NUMBER, row)

    def names(self, row: int) -> dict[str, str]:
        """What stands in formulas for the measures of a subject and for those of its class."""
        own = {name: self._data(FIRST_FACT + at, row) for at, name in enumerate(self.facts)}
        mine = f"{self.classes()},{self.class_of(row)}"
        for name in self._pooled:
            word, _, measure = name.partition(".")
            column = self._data_column(FIRST_FACT + self.facts.index(measure))
            own[name] = f"{_OF_CLASS[word]}({column},{mine})"
        return own

    @cached_property
    def _pooled(self) -> tuple[str, ...]:
        """The values of a class that the rulebook reads: mean.X, best.X, sum.X."""
        return tuple(sorted(pooled_names(self.sheet.rulebook)))

    def pools_of(self, at: int, row: int) -> dict[int, Pool]:
        """The pooled parts of a line, by their number."""
        found = {}
        for number, (line, part) in enumerate(self.pools):
            if line == at:
                column = FIRST_FACT + len(self.facts) + number
                found[part] = Pool(
                    self._data(column, row),
                    self._data_column(column),
                    self.classes(),
                    self.class_of(row),
                )
        return found

    def members(
        self, snapshot: ScoredSnapshot, code: str, name: str
    ) -> list[tuple[str, Scorecard]]:
        """The (rulebook code, card) of the lower sheets whose mean the measure `name` is."""
        lower = snapshot.basis.members.get((self.sheet.rulebook.subject, code), {})
        sheets = {each.rulebook.subject: each for each in snapshot.sheets.values()}
        read = [(sheets[kind], each) for kind, each in members_read(name, lower)]
        cards = [(sheet.rulebook.code, sheet.card(each)) for sheet, each in read]
        return [(code, card) for code, card in cards if card.assessed]

    def _data(self, column: int, row: int) -> str:
        return f"'{self.data}'!{get_column_letter(column)}{row}"

    def _data_column(self, column: int) -> str:
        letter = get_column_letter(column)
        return f"'{self.data}'!${letter}${FIRST}:${letter}${self.last}"


class Columns:
    """The columns of the points behind the lines."""

    def __init__(self, at: Places) -> None:
        self.groups = FIRST_LINE + len(at.lines)
        self.base = self.groups + len(at.groups)
        self.bonus, self.deduction = self.base + 1, self.base + 2
        self.no_bonus, self.limit, self.ranked = (self.base + n for n in (3, 4, 5))
        self.ties = self.base + 6
        self.grade = self.ties + len(at.sheet.rulebook.tie_break)
        self.program, self.check = self.grade + 1, self.grade + 2


def places_of(sheet: ScoredSheet) -> Places:
    """The places of a sheet: subjects by class and rank, as the rankings have them."""
    book = sheet.rulebook
    cards = sorted(
        sheet.result.scorecards,
        key=lambda card: (
            book.class_order(card.subject.class_name),
            card.rank is None,
            card.rank or 0,
            card.subject.code,
        ),
    )
    pools = tuple(
        (at, number)
        for at, line in enumerate(book.indicators)
        for number, part in enumerate(line.parts)
        if part.method.pooled
    )
    classes = dict.fromkeys(card.subject.class_name for card in cards)
    return Places(
        sheet=sheet,
        name=SUBJECTS[book.subject],
        cards=tuple(cards),
        facts=tuple(sorted(book.measures)),
        pools=pools,
        groups=tuple(dict.fromkeys((line.kind, line.group) for line in book.indicators)),
        class_numbers={name: at for at, name in enumerate(classes, 1)},
    )


def is_pooled(line: Line) -> bool:
    """Whether the value of a subject is held against those of its class at a line."""
    return line.state != NOT_APPLICABLE and not line.in_applies


def mean_of(members: Sequence[tuple[str, Scorecard]]) -> Fraction | None:
    """The exact mean of totals."""
    if not members:
        return None
    return sum((Fraction(card.total) for _, card in members), Fraction(0)) / len(members)
