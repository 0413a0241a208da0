"""How a year stands before it is scored again: what blocks it, what is open, what counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Integer, func, select
from sqlalchemy import cast as as_type

from tracker.core.db import db
from tracker.engine.scoring import Rulebook, RulebookError
from tracker.records.accounts.owners import of_owner
from tracker.records.determinations.models import RulingLevel
from tracker.records.evidence.models import EvidenceLink, FileState
from tracker.records.evidence.queries import unsound_links
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import highest_column, latest_snapshot
from tracker.year.assessments.stopped import why_not_scored
from tracker.year.rulebooks.printed import read_in_order, sheet_title
from tracker.year.rulebooks.shelf import NoRulebooksError, year_set

_COLUMN_WORDS = {
    RulingLevel.COUNTY: "市级和省级都还没有核定，各项按上报值计。",
    RulingLevel.CITY: "市级已有核定，省级还没有：有初审核定值的按核定值计，其余按上报值计。",
    RulingLevel.PROVINCE: "省级已有核定：依次取复核、初审的核定值，都没有的按上报值计。",
}


@dataclass(frozen=True)
class SheetState:
    """One sheet of the latest scoring: its cards, and what is open on them."""

    code: str
    title: str
    cards: int
    complete: int
    unscorable: int
    gaps: int
    undetermined: int


@dataclass(frozen=True)
class YearState:
    """A year: its rulebooks, why it cannot be scored, what its latest scoring left open. `unsound`:
    the files, of whatever year, that the last look found missing or altered."""

    year: int
    books: int
    official: int
    blocked: tuple[str, ...]
    column: RulingLevel
    latest: Snapshot | None
    sheets: tuple[SheetState, ...]
    unsound: tuple[tuple[EvidenceLink, FileState], ...]
    owner: int | None = None

    @property
    def column_words(self) -> str:
        """What counts, in a sentence."""
        return of_owner(_COLUMN_WORDS[self.column], self.owner)

    @property
    def cards(self) -> int:
        """How many scorecards the latest scoring has."""
        return sum(sheet.cards for sheet in self.sheets)

    @property
    def incomplete(self) -> int:
        """How many of them cannot be made final."""
        return sum(sheet.cards - sheet.complete for sheet in self.sheets)

    @property
    def undetermined(self) -> int:
        """How many facts the province has not ruled on."""
        return sum(sheet.undetermined for sheet in self.sheets)


def year_state(year: int, owner: int | None = None) -> YearState:
    """How `year` stands in the assessments of `owner`, with a number of statements that does not
    depend on the records."""
    books, blocked = books_of(year, owner)
    if said := why_not_scored(year, owner):
        blocked = (said, *blocked)
    latest = latest_snapshot(year, owner)
    return YearState(
        year=year,
        books=len(books),
        official=sum(book.status == "official" for book in books),
        blocked=blocked,
        column=highest_column(year, owner),
        owner=owner,
        latest=latest,
        sheets=tuple(_sheets(latest, books)) if latest else (),
        unsound=tuple(unsound_links()),
    )


def books_of(year: int, owner: int | None = None) -> tuple[tuple[Rulebook, ...], tuple[str, ...]]:
    """The rulebooks of a year of an owner, or why there are none to score by."""
    try:
        return year_set(year, owner).rulebooks, ()
    except NoRulebooksError as error:
        return (), (f"{error}。",)
    except RulebookError as error:
        return (), tuple(error.faults)


def _sheets(snapshot: Snapshot, books: Iterable[Rulebook]) -> list[SheetState]:
    titles = {book.code: sheet_title(book.title) for book in read_in_order(books)}
    statement = (
        select(
            ScorecardRow.sheet,
            func.count(),
            func.sum(as_type(ScorecardRow.complete, Integer)),
            func.sum(ScorecardRow.unscorable),
            func.sum(ScorecardRow.gaps),
            func.sum(ScorecardRow.undetermined),
        )
        .where(ScorecardRow.snapshot_id == snapshot.id)
        .group_by(ScorecardRow.sheet)
    )
    found = {row[0]: row for row in db.session.execute(statement)}
    order = [code for code in titles if code in found]
    order += [code for code in found if code not in titles]
    return [SheetState(code, titles.get(code, code), *found[code][1:]) for code in order]
