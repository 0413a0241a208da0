"""One cell of the quarter's grid: what is on record, what stood before, what is drafted, and what
is wrong with it. Figures are of 元 or the unit of their column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES, quarter_begin, quarter_end
from tracker.core.quantities.figure import Figure, added
from tracker.core.quantities.printed import trimmed
from tracker.records.operations.items import not_possible
from tracker.records.quarters.fields import Field, SectionKind, Sort
from tracker.records.quarters.models import QuarterCell
from tracker.records.quarters.reading import read

# Of what sums say nothing: shares, and what each person has.
_NOT_ADDED = frozenset({"%", "元"})


@dataclass(frozen=True)
class Cell:
    """A column of one subject in one quarter.

    `known`: what is on record of this quarter (None: nothing), `last` of the quarter before, `same`
    of the same quarter of the year before, `before` of the earlier quarters of this year together;
    `gaps`: those of them that are not reported, where that can be told. `drafts`: how many drafts
    of the ledger wait beside it. `due`: whether it is asked for; `blocked`: why it cannot be filled
    in, "" where it can; `left`: a draft from before it was closed, which nobody can post. `since`:
    when what is on record of this quarter changed while a draft stood, and by how much (None: that
    is not known).
    """

    field: Field
    subject: Any
    column: str
    year: int
    quarter: int
    known: Figure | None = None
    known_day: date | None = None
    last: Figure | None = None
    same: Figure | None = None
    before: Figure | None = None
    gaps: Sequence[int] = ()
    drafts: int = 0
    draft: QuarterCell | None = None
    due: bool = False
    blocked: str = ""
    left: QuarterCell | None = None
    since: Sequence[tuple[datetime, Decimal | None]] = ()

    @property
    def address(self) -> str:
        """What names the cell in a page: project-12.money.rebate."""
        return f"{self.column}-{self.subject.id}.{self.field.key}"

    @property
    def version(self) -> int:
        """How often it was changed; 0 where nobody has."""
        return self.draft.version if self.draft else 0

    @property
    def is_draft(self) -> bool:
        """Whether something is typed into it that is not posted."""
        return self.draft is not None and self.draft.is_draft

    @property
    def is_nought(self) -> bool:
        """Whether somebody stated that there was nothing, and nothing is on record."""
        stated = self.draft is not None and self.draft.posted_at is not None
        return bool(stated and self.draft.value == 0 and self.known is None)  # type: ignore[union-attr]

    @property
    def is_missing(self) -> bool:
        """Whether it is asked for and nothing says it."""
        empty = self.known is None and not self.is_draft and not self.is_nought
        return self.due and empty and self.field.is_number

    @cached_property
    def read(self) -> tuple[Decimal | date | None, str]:
        """The draft's value of this quarter (元, or its unit) or day, and what is wrong with it."""
        if not self.is_draft:
            return None, ""
        assert self.draft is not None
        try:
            value = read(self.field, self.draft.typed)
        except ValueError as error:
            return None, str(error)
        if isinstance(value, date):
            return value, self._not_of_the_day(value)
        if value is None:
            return None, ""
        if self.draft.cumulative and self.field.flow:
            return self._from_the_beginning(value)
        return value, self._not_of_the_value(value)

    @property
    def fault(self) -> str:
        """What is wrong with the draft by itself, in a sentence; "" where nothing is."""
        return self.read[1]

    @property
    def overtaken(self) -> str:
        """How what is on record changed after the draft was typed, in words; "" where it did not:
        what the draft was meant to add to is not what it would be added to."""
        if not self.is_draft:
            return ""
        assert self.draft is not None
        typed_at = self.draft.edited_at
        later = [change for at, change in self.since if at > typed_at]
        present = self._on_record(None if self.known is None else self.known.value)
        known = [change for change in later if change is not None]
        if len(known) < len(later):
            return f"填写以后登记的数改过，现在{present}"
        if not sum(known):
            return ""
        before = (Decimal(0) if self.known is None else self.known.value) - sum(known)
        return f"填写时{self._on_record(before or None)}，现在{present}"

    def _on_record(self, value: Decimal | None) -> str:
        return "没有登记" if value is None else f"已登记 {with_unit(self.field, value)}"

    def says_what_is_known(self, text: str, *, cumulative: bool = False) -> bool:
        """Whether `text` typed into it says what is on record and nothing else."""
        typed = QuarterCell(typed=text, cumulative=cumulative and self.field.flow)
        value, wrong = replace(self, draft=typed).read
        if wrong or value is None:
            return False
        if isinstance(value, date):
            return value == self.known_day
        return self.known is not None and value == self.known.value

    @property
    def now(self) -> Decimal | None:
        """The figure of this quarter as it would be with the draft; None where nothing says it."""
        value, wrong = self.read
        if self.is_draft:
            return value if isinstance(value, Decimal) and not wrong else None
        if self.known is not None:
            return self.known.value
        return Decimal(0) if self.is_nought else None

    @property
    def so_far(self) -> Decimal | None:
        """From the beginning of the year to the end of this quarter; None where a part is not
        known. Of what is no flow, the figure itself."""
        if self.now is None or not self.field.flow:
            return self.now
        if self.gaps:
            return None
        return self.now + (Decimal(0) if self.before is None else self.before.value)

    @property
    def day(self) -> date | None:
        """The day of a payment: drafted, else of the one on record."""
        value, wrong = self.read
        if self.is_draft:
            return value if isinstance(value, date) and not wrong else None
        return self.known_day

    def text(self, *, cumulative: bool = False) -> str:
        """What stands in the cell, to be typed over: of the quarter, or of the year so far."""
        if self.is_draft:
            assert self.draft is not None
            if self.draft.cumulative == cumulative or not self.field.flow or self.fault:
                return self.draft.typed
        if self.field.sort is Sort.DAY:
            return self.day.isoformat() if self.day else ""
        value = self.so_far if cumulative else self.now
        return "" if value is None else written(self.field, value)

    def _from_the_beginning(self, value: Decimal) -> tuple[Decimal | None, str]:
        if self.gaps:
            names = "、".join(QUARTER_NAMES[each] for each in self.gaps)
            return None, f"{names}未报，不能由累计数推算当季数。请先补报，或改填当季数。"
        before = Decimal(0) if self.before is None else self.before.value
        if value < before:
            return None, (
                f"累计 {with_unit(self.field, value)}，小于前几季合计 "
                f"{with_unit(self.field, before)}。请核对；前几季有误的，请先更正。"
            )
        return value - before, self._not_of_the_value(value - before)

    def _not_of_the_value(self, value: Decimal) -> str:
        if self.field.sort is Sort.COUNT:
            if value == (0 if self.known is None else self.known.value):
                return ""
            return "这一项由逐条记录合计，请登记记录；确实没有的填 0。"
        if self.field.sort is Sort.FIGURE:
            return not_possible(self.field.item, value)
        return ""

    def _not_of_the_day(self, day: date) -> str:
        first, last = quarter_begin(self.year, self.quarter), quarter_end(self.year, self.quarter)
        if not first <= day <= last:
            period = f"{self.year}年{QUARTER_NAMES[self.quarter]}"
            return f"{day} 不在{period}之内。其他季度的款项请在台账登记。"
        return f"{day} 晚于今天（{today()}）。请填写已经发生的日期。" if day > today() else ""


@dataclass(frozen=True)
class Row:
    """The cells of one subject; `blocked` as of its cells."""

    subject: Any
    column: str
    name: str
    cells: Sequence[Cell]
    blocked: str = ""

    @property
    def key(self) -> str:
        """What names it in a page: project-12."""
        return f"{self.column}-{self.subject.id}"

    def cell(self, field: Field) -> Cell:
        """Its cell of a column."""
        return next(each for each in self.cells if each.field.key == field.key)


@dataclass(frozen=True)
class Total:
    """What is known of a column added up; `filled` of the `asked` cells that are due say it, and
    `unreckoned` of them do not say the year so far, which leaves them out."""

    now: Figure | None
    last: Figure | None
    so_far: Figure | None
    filled: int
    asked: int
    unreckoned: int


@dataclass(frozen=True)
class Section:
    """The rows of one type of subject; `fields` are the columns that are shown."""

    kind: SectionKind
    fields: Sequence[Field]
    rows: Sequence[Row]
    hidden: int = 0

    @property
    def key(self) -> str:
        """What names it in a page."""
        return self.kind.key

    def shown(self, row: Row) -> list[Cell]:
        """The cells of `row` in the columns that are shown."""
        return [row.cell(field) for field in self.fields]

    def total(self, of: Field) -> Total | None:
        """The sum of a column; None of what does not add up."""
        if not of.is_number or of.unit in _NOT_ADDED:
            return None
        cells = [row.cell(of) for row in self.rows]
        unit = "元" if of.scale != 1 else of.unit

        def told(values: Sequence[Decimal | None]) -> Figure | None:
            return added(None if value is None else Figure(value, unit) for value in values)

        return Total(
            told([cell.now for cell in cells]),
            added(cell.last for cell in cells),
            told([cell.so_far for cell in cells]) if of.flow else None,
            sum(cell.due and not cell.is_missing and not cell.fault for cell in cells),
            sum(cell.due for cell in cells),
            sum(cell.due and cell.so_far is None for cell in cells),
        )


@dataclass(frozen=True)
class Sheet:
    """The whole grid. `filings`: that of the county (under None), and those of enclaves that file
    for themselves, by number. `blocked`: why none of it can be filled in by whom it was made
    for."""

    region: Any
    year: int
    quarter: int
    sections: Sequence[Section]
    filings: Mapping[int | None, Any] = field(default_factory=dict)
    blocked: str = ""

    @property
    def filing(self) -> Any:
        """The filing of the county; None where it has none."""
        return self.filings.get(None)

    def filing_of(self, cell: Cell) -> Any:
        """The filing that a cell is a part of; None where there is none."""
        own = self.filings.get(cell.subject.id) if cell.column == "enclave" else None
        return own or self.filing

    def after(self, drafts: Mapping[str, QuarterCell]) -> Sheet:
        """The grid with these in the cells of their addresses: what else stands in it does not
        change by what somebody types."""

        def row_after(row: Row) -> Row:
            if not any(cell.address in drafts for cell in row.cells):
                return row
            cells = [
                replace(cell, draft=drafts[cell.address]) if cell.address in drafts else cell
                for cell in row.cells
            ]
            return replace(row, cells=cells)

        if not drafts:
            return self
        sections = [
            replace(section, rows=[row_after(row) for row in section.rows])
            for section in self.sections
        ]
        return replace(self, sections=sections)

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """Every cell by its address, those of hidden columns too."""
        return {
            cell.address: cell
            for section in self.sections
            for row in section.rows
            for cell in row.cells
        }

    @property
    def first(self) -> date:
        """The first day of the quarter."""
        return quarter_begin(self.year, self.quarter)

    @property
    def last(self) -> date:
        """The last day of the quarter."""
        return quarter_end(self.year, self.quarter)

    @property
    def missing(self) -> list[Cell]:
        """What is asked for and not filled in."""
        return [cell for cell in self.cells.values() if cell.is_missing]

    @property
    def faulty(self) -> list[Cell]:
        """What is filled in and wrong by itself."""
        return [cell for cell in self.cells.values() if cell.fault]

    @property
    def drafted(self) -> list[Cell]:
        """What is typed and not posted."""
        return [cell for cell in self.cells.values() if cell.is_draft]

    @property
    def left(self) -> list[Cell]:
        """What was typed into cells that are closed since, and is not posted."""
        return [cell for cell in self.cells.values() if cell.left is not None]

    @property
    def name(self) -> str:
        """For a heading: 缙云县 2026 年第三季度."""
        return f"{self.region.name} {self.year} 年{QUARTER_NAMES[self.quarter]}"


def written(field: Field, value: Decimal) -> str:
    """A kept value as it is typed into a cell of `field`, without its unit: 1200.5."""
    return f"{(value / field.scale).normalize():f}"


def with_unit(field: Field, value: Decimal) -> str:
    """A kept value of `field` in a sentence: 1,200 万元."""
    return f"{trimmed(value / field.scale)} {field.unit}"
