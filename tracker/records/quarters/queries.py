"""What is due of one county and one quarter, derived from what is declared and on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import (
    QUARTERS,
    first_day,
    quarter_before,
    quarter_begin,
    quarter_end,
    quarter_of,
)
from tracker.core.quantities.figure import Figure, added
from tracker.records.accounts.models import User
from tracker.records.enclaves.models import Enclave, ReturnTerm
from tracker.records.exchanges.sums import by_month
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.models import SUBJECT_COLUMNS, EntryKind, LedgerEntry, figure_of
from tracker.records.ledger.standing import of_one_year
from tracker.records.ledger.subjects import TYPES, SubjectType
from tracker.records.operations.models import OperatingFigure
from tracker.records.pairings.models import Pairing
from tracker.records.pairings.queries import in_force
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import Project
from tracker.records.quarters.cells import Cell, Row, Section, Sheet
from tracker.records.quarters.fields import (
    OF_EVERY_PROJECT,
    SECTIONS,
    Field,
    SectionKind,
    Sort,
)
from tracker.records.quarters.models import QuarterCell
from tracker.records.submissions import locks
from tracker.records.submissions.models import STANDING, Filing, FilingKind, FilingState
from tracker.records.submissions.queries import filed_by
from tracker.web.kit.kinds import name_of

Period = tuple[int, int]  # year and quarter
Key = tuple[str, int, str]  # the type of the subject, its number, the column
REPORTED = 4  # quarters back within which an item that a site reported is asked for again


def place_of(user: User, code: str, year: int, quarter: int) -> Region | None:
    """The place of a grid that `user` may look at; None where there is none."""
    if not (2002 <= year <= 2100 and quarter in QUARTERS):
        return None
    seen = select(Region).where(Region.code == code, Region.id.in_(regions_of(user)))
    return db.session.scalar(seen)


def due(region: Region, year: int, quarter: int, *, every: bool = False) -> Sheet:
    """All that is due of `region` for a quarter. `every`: with the columns that nothing is due in
    and nothing is on record of."""
    rows = {of.key: _subjects(of, region, year, quarter) for of in TYPES}
    book = _book(region, rows, year, quarter)
    filings = _filings(region, year, quarter)
    locked = _why_not_of(filings.get(None), region, year, quarter)
    sections = [
        found
        for kind in SECTIONS
        if (found := _section(kind, rows[kind.of.key], book, region, filings, locked, every)).rows
    ]
    return Sheet(region, year, quarter, sections, filings, locked)


def stamp(region: Region, year: int, quarter: int) -> str:
    """What changes with every change of a cell, for those who ask again and again."""
    row = db.session.execute(
        select(func.count(), func.sum(QuarterCell.version), func.max(QuarterCell.posted_at)).where(
            *_of(region, year, quarter)
        )
    ).one()
    return "-".join(str(each) for each in row)


def _of(region: Region, year: int, quarter: int) -> tuple[ColumnElement[bool], ...]:
    return (
        QuarterCell.region_id == region.id,
        QuarterCell.year == year,
        QuarterCell.quarter == quarter,
    )


# -- who is asked


def _subjects(of: SubjectType, region: Region, year: int, quarter: int) -> list[Any]:
    """The living subjects of one type, and those into whose cells somebody typed."""
    first, last = quarter_begin(year, quarter), quarter_end(year, quarter)
    typed = select(_key_of(of)).where(*_of(region, year, quarter), _key_of(of).is_not(None))
    alive = or_(_alive(of.model, first, last, year), of.model.id.in_(typed))
    statement = select(of.model).where(of.owner == region.id, alive).options(*of.load)
    return list(db.session.scalars(statement.order_by(*of.order)))


def _key_of(of: SubjectType) -> Any:
    return getattr(QuarterCell, f"{of.key}_id")


def _alive(model: type[Any], first: date, last: date, year: int) -> ColumnElement[bool]:
    if model is Project:
        begun = or_(Project.signed_on.is_(None), Project.signed_on <= last)
        ended = or_(Project.terminated_on.is_(None), Project.terminated_on >= first)
        since = first_day(year)
        done = func.coalesce(Project.in_production_on, Project.completed_on)
        late = select(LedgerEntry.project_id).where(
            LedgerEntry.project_id.is_not(None),
            LedgerEntry.occurred_on.between(first_day(year - 1), last),
        )
        unfinished = or_(done.is_(None), done >= since, Project.id.in_(late))
        return begun & ended & unfinished
    if model in (Enclave, Park):
        signed = or_(model.signed_on.is_(None), model.signed_on <= last)
        return signed & or_(model.closed_on.is_(None), model.closed_on > first)
    if model is Pairing:
        return Pairing.id.in_(in_force(last).with_only_columns(Pairing.id).order_by(None))
    return model.id.is_not(None)


# -- what is on record


@dataclass
class _Book:
    """What is on record of all subjects, by type, number and column, and by quarter."""

    year: int
    quarter: int
    figures: dict[Key, dict[Period, list[Figure]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    days: dict[Key, set[date]] = field(default_factory=lambda: defaultdict(set))
    drafts: dict[Key, int] = field(default_factory=dict)
    cells: dict[Key, QuarterCell] = field(default_factory=dict)
    promising: set[int] = field(default_factory=set)
    since: dict[Key, list[tuple[datetime, Decimal | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def of(self, key: Key, *periods: Period) -> Figure | None:
        """What is on record of some quarters together."""
        found = self.figures.get(key, {})
        return added(each for period in periods for each in found.get(period, ()))

    def cell(self, kind: SectionKind, of: Field, subject: Any, blocked: str) -> Cell:
        """The cell of a column of one subject."""
        key = (kind.of.key, subject.id, f"{_record_of(of)}.{of.name}")
        now = (self.year, self.quarter)
        earlier = [(self.year, each) for each in range(1, self.quarter)]
        days = self.days.get(key, set())
        is_day = of.sort is Sort.DAY
        gaps: Sequence[int] = ()
        if of.sort is Sort.FIGURE and of.flow:
            gaps = [each for year, each in earlier if self.of(key, (year, each)) is None]
        # Where nothing changes any more, what is on record stands in the cell.
        draft = self.cells.get((kind.of.key, subject.id, of.key))
        left = bool(blocked) and draft is not None and draft.is_draft
        return Cell(
            of,
            subject,
            kind.of.key,
            self.year,
            self.quarter,
            known=None if is_day else self.of(key, now),
            known_day=next(iter(days)) if is_day and len(days) == 1 else None,
            last=None if is_day else self.of(key, quarter_before(*now)),
            same=None if is_day else self.of(key, (self.year - 1, self.quarter)),
            before=self.of(key, *earlier) if of.flow and not is_day else None,
            gaps=gaps,
            drafts=0 if is_day else self.drafts.get(key, 0),
            draft=None if left else draft,
            left=draft if left else None,
            due=self._is_due(of, key, subject),
            blocked=blocked,
            since=() if is_day else self.since.get(key, ()),
        )

    def _is_due(self, of: Field, key: Key, subject: Any) -> bool:
        if of.sort is Sort.DAY:
            return False
        if of.sort is Sort.COUNT:
            return True
        if of.sort is Sort.FIGURE:
            back, period = [], (self.year, self.quarter)
            for _ in range(REPORTED):
                period = quarter_before(*period)
                back.append(period)
            return self.of(key, *back) is not None
        if isinstance(subject, Project):
            return of.kind in OF_EVERY_PROJECT
        if isinstance(subject, Enclave) and of.kind is EntryKind.REBATE:
            return subject.id in self.promising or bool(self.figures.get(key))
        return bool(self.figures.get(key))


def _record_of(of: Field) -> str:
    return Sort.MONEY.value if of.sort is Sort.DAY else of.sort.value


def _book(region: Region, rows: dict[str, list[Any]], year: int, quarter: int) -> _Book:
    book = _Book(year, quarter)
    _read_money(book, rows)
    _read_figures(book, rows)
    _read_counts(book, rows["pairing"])
    found = select(QuarterCell).where(*_of(region, year, quarter))
    for cell in db.session.scalars(found.options(joinedload(QuarterCell.edited_by))):
        for column in SUBJECT_COLUMNS:
            if (number := getattr(cell, column)) is not None:
                book.cells[column.removesuffix("_id"), number, cell.field] = cell
    _read_changes(book, rows)
    enclaves = [each.id for each in rows["enclave"]]
    promised = select(ReturnTerm.enclave_id).where(
        ReturnTerm.enclave_id.in_(enclaves),
        or_(ReturnTerm.ends_on.is_(None), ReturnTerm.ends_on >= quarter_begin(year, 1)),
    )
    book.promising = set(db.session.scalars(promised))
    return book


def _read_money(book: _Book, rows: dict[str, list[Any]]) -> None:
    first, last = first_day(book.year - 1), quarter_end(book.year, book.quarter)
    begin = quarter_begin(book.year, book.quarter)
    for kind in _money_sections():
        ids = [each.id for each in rows[kind.of.key]]
        for row in ledger.submitted(kind.of.column, ids, first, last):
            key = (kind.of.key, row.owner_id, f"{Sort.MONEY.value}.{row.kind.value}")
            period = (row.occurred_on.year, quarter_of(row.occurred_on))
            book.figures[key][period].append(figure_of(row))
            if row.occurred_on >= begin:
                book.days[key].add(row.occurred_on)
        waiting = (
            select(kind.of.column, LedgerEntry.kind, func.count())
            .where(
                kind.of.column.in_(ids),
                LedgerEntry.submitted_at.is_(None),
                LedgerEntry.occurred_on.between(begin, last),
            )
            .group_by(kind.of.column, LedgerEntry.kind)
        )
        for number, of, count in db.session.execute(waiting):
            book.drafts[kind.of.key, number, f"{Sort.MONEY.value}.{of.value}"] = count


def _read_changes(book: _Book, rows: dict[str, list[Any]]) -> None:
    """What of the ledger changed since the earliest draft was typed: submitted, taken back or put
    in the place of another. One statement for each type of subject with drafts."""
    drafts: dict[str, datetime] = {}
    for (key, _, of), cell in book.cells.items():
        if cell.is_draft and of.startswith(f"{Sort.MONEY.value}."):
            drafts[key] = min(cell.edited_at, drafts.get(key, cell.edited_at))
    for kind in _money_sections():
        if (typed_at := drafts.get(kind.of.key)) is None:
            continue
        days = (quarter_begin(book.year, book.quarter), quarter_end(book.year, book.quarter))
        found = select(
            kind.of.column, LedgerEntry.kind, LedgerEntry.submitted_at, LedgerEntry.amount
        ).where(
            kind.of.column.in_([each.id for each in rows[kind.of.key]]),
            LedgerEntry.submitted_at > typed_at,
            of_one_year(),
            LedgerEntry.occurred_on.between(*days),
        )
        for number, of_kind, at, amount in db.session.execute(found):
            of = f"{Sort.MONEY.value}.{of_kind.value}"
            book.since[kind.of.key, number, of].append((at, amount))


def _money_sections() -> Iterable[SectionKind]:
    return (each for each in SECTIONS if each.fields[0].sort is Sort.MONEY)


def _read_figures(book: _Book, rows: dict[str, list[Any]]) -> None:
    for key, column in (
        ("enclave", OperatingFigure.enclave_id),
        ("park", OperatingFigure.park_id),
    ):
        ids = [each.id for each in rows[key]]
        found = select(OperatingFigure).where(
            column.in_(ids), OperatingFigure.year.in_((book.year - 1, book.year))
        )
        for each in db.session.scalars(found):
            number = each.enclave_id or each.park_id
            assert number is not None, "the database asks for one"
            of = (key, number, f"{Sort.FIGURE.value}.{each.item.value}")
            book.figures[of][each.year, each.quarter].append(each.figure)
            if (each.year, each.quarter) == (book.year, book.quarter):
                book.since[of].append((each.updated_at, None))


def _read_counts(book: _Book, pairings: Sequence[Any]) -> None:
    first, last = first_day(book.year - 1), quarter_end(book.year, book.quarter)
    found = by_month([each.id for each in pairings], first, last)
    for pairing, name, year, month, figure in found:
        key = ("pairing", pairing, f"{Sort.COUNT.value}.{name}")
        book.figures[key][year, quarter_of(date(year, month, 1))].append(figure)


# -- the grid


def _section(
    kind: SectionKind,
    subjects: Sequence[Any],
    book: _Book,
    region: Region,
    filings: dict[int | None, Filing],
    locked: str,
    every: bool,
) -> Section:
    rows = []
    for subject in subjects:
        blocked = locked
        if not blocked and isinstance(subject, Enclave) and subject.id in filings:
            blocked = _why_not_of(filings[subject.id], region, book.year, book.quarter)
        cells = [book.cell(kind, each, subject, blocked) for each in kind.fields]
        rows.append(Row(subject, kind.of.key, name_of(subject), cells, blocked))
    used = {
        cell.field.name
        for row in rows
        for cell in row.cells
        if cell.due or cell.draft or cell.left or _has_any(cell)
    }
    shown = [each for each in kind.fields if every or each.name in used] or list(kind.fields[:1])
    return Section(kind, shown, rows, len(kind.fields) - len(shown))


def _has_any(cell: Cell) -> bool:
    told = (cell.known, cell.before, cell.last, cell.same)
    return any(each is not None for each in told)


# -- why it cannot be filled in


def _filings(region: Region, year: int, quarter: int) -> dict[int | None, Filing]:
    """The filing of the county (under None) and those of its enclaves, by number; of an enclave
    whose year is locked, that of the year."""
    own = filed_by(select(Region.id).where(Region.id == region.id))
    yearly = (Filing.kind == FilingKind.ANNUAL) & (Filing.state == FilingState.LOCKED)
    asked = or_(Filing.kind == FilingKind(f"q{quarter}"), yearly & Filing.enclave_id.is_not(None))
    found = select(Filing).where(Filing.year == year, asked, own)
    last = Filing.kind == FilingKind.ANNUAL
    return {each.enclave_id: each for each in db.session.scalars(found.order_by(last, Filing.id))}


def _why_not_of(filing: Filing | None, region: Region, year: int, quarter: int) -> str:
    """Why the figures of a county, or of the enclave that `filing` is of, cannot be changed."""
    if said := locks.not_begun(year, quarter):
        return said
    enclave_id = filing.enclave_id if filing else None
    locked = filing is None or enclave_id is None or filing.state is FilingState.LOCKED
    if locked and (said := locks.locked_on(quarter_begin(year, quarter), region.id, enclave_id)):
        return said
    if filing is None or filing.state is FilingState.LOCKED:
        return ""
    what = f"{year} 年{filing.kind.label}"
    if filing.state in STANDING:
        return f"{what}已报送，数据不能在表中修改；确需修改的，请审核单位退回。"
    if filing.state is FilingState.APPROVED:
        return f"{what}已经县领导审核同意，数据不能在表中修改；需要修改的，请先撤回。"
    return ""
