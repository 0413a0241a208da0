"""What a snapshot holds, for those who read or recompute it: its contents and its facts files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, LargeBinary, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tracker.core.db import db
from tracker.engine.scoring import plain
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import of
from tracker.records.determinations.models import RulingLevel
from tracker.web.kit.words import table_label
from tracker.web.tables import Page, page_of
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot
from tracker.year.rulebooks.printed import line_counts, read_in_order
from tracker.year.rulebooks.shelf import path_of

# As canonical JSON writes it: no text inside the document can hold the bare quotation marks.
_KEY = b'"column":"'


class place_of(FunctionElement):  # noqa: N801 - reads as the SQL function that it becomes
    """Where the second argument begins in the first, both bytes; counted from 1."""

    type = Integer()
    inherit_cache = True


@compiles(place_of, "sqlite")
def _instr(element: place_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_of, "postgresql")
def _position(element: place_of, compiler: SQLCompiler, **options: Any) -> str:
    content, wanted = (compiler.process(clause, **options) for clause in element.clauses)
    return f"position({wanted} IN {content})"


@dataclass(frozen=True)
class SnapshotRow:
    """A snapshot in the list: by whom it was frozen ("" by command), what it goes by, its cards."""

    snapshot: Snapshot
    frozen_by: str
    column: RulingLevel
    cards: int


@dataclass(frozen=True)
class SheetPart:
    """One sheet of a snapshot: how many subjects, facts and reasons; `path` of its rulebook."""

    code: str
    title: str
    official: bool
    counts: str
    subjects: int
    facts: int
    missing: int
    undetermined: int
    sha256: str
    path: str
    builds_on: tuple[str, ...]


def listing(owner: int | None = None) -> Page:
    """The snapshots of `owner` newest first, so many as a page has; its rows are `SnapshotRow`s."""
    wanted = select(Snapshot).where(of(Snapshot.owner_region_id, owner))
    page = page_of(wanted.order_by(Snapshot.frozen_at.desc(), Snapshot.id.desc()))
    cards = (
        select(func.count())
        .where(ScorecardRow.snapshot_id == Snapshot.id)
        .correlate(Snapshot)
        .scalar_subquery()
    )
    start = place_of(Snapshot.content, literal(_KEY, LargeBinary)) + len(_KEY)
    statement = (
        select(Snapshot.id, User.display_name, func.substr(Snapshot.content, start, 10), cards)
        .outerjoin(User, User.id == Snapshot.frozen_by_id)
        .where(Snapshot.id.in_([snapshot.id for snapshot in page.rows]))
    )
    found = {row[0]: row[1:] for row in db.session.execute(statement)}
    rows = []
    for snapshot in page.rows:
        name, column, count = found[snapshot.id]
        level = RulingLevel(bytes(column).partition(b'"')[0].decode())
        rows.append(SnapshotRow(snapshot, name or "", level, count))
    return replace(page, rows=rows)


def frozen_by(snapshot: Snapshot) -> str:
    """The name of who froze it; "" where a command did."""
    user = db.session.get(User, snapshot.frozen_by_id) if snapshot.frozen_by_id else None
    return user.display_name if user else ""


def sheet_parts(points: ScoredSnapshot) -> list[SheetPart]:
    """The sheets of a snapshot, the counties' first."""
    books = read_in_order(sheet.rulebook for sheet in points.sheets.values())
    return [_part(points, book.code, points.sheets[book.code]) for book in books]


def records_by_table(points: ScoredSnapshot) -> list[tuple[str, int]]:
    """How many records of each kind the facts rest on, the most first."""
    references = {
        reference
        for sheet in points.sheets.values()
        for by_measure in sheet.frozen["records"].values()
        for of_one in by_measure.values()
        for reference in of_one
    }
    counted = Counter(table_label(reference.partition(":")[0]) for reference in references)
    return counted.most_common()


def facts_file(sheet: ScoredSheet, column: RulingLevel) -> dict[str, Any]:
    """The facts of a sheet in a column, as `tracker score-file` takes them.

    The mean totals of lower sheets, which scoring put in, are written out: to ten places where no
    decimal is exact.
    """
    found = sheet.facts_file(column)
    means = {
        card.subject.code: {
            name: plain(value)
            for name, value in card.subject.measures.items()
            if name.startswith("score.") and value is not None
        }
        for card in sheet.results[column].scorecards
    }
    return {
        **found,
        "subjects": [
            {**subject, "measures": {**subject["measures"], **means[subject["code"]]}}
            for subject in found["subjects"]
        ],
    }


def rulebook_path(points: ScoredSnapshot, sheet: ScoredSheet) -> str:
    """The path of a sheet's rulebook in the set file; raises KeyError."""
    files: Mapping[str, str] = points.document["set"]["files"]
    return path_of(files, sheet.rulebook.code)


def _part(points: ScoredSnapshot, code: str, sheet: ScoredSheet) -> SheetPart:
    frozen, book = sheet.frozen, sheet.rulebook
    subjects = frozen["facts"][sheet.column.value]["subjects"]
    read = {name for name in book.measures if not name.startswith("score.")}
    below = {kind for kinds in frozen["members"].values() for kind in kinds}
    return SheetPart(
        code=code,
        title=book.title,
        official=book.status == "official",
        counts=line_counts(book),
        subjects=len(subjects),
        facts=sum(len(subject["measures"]) for subject in subjects),
        missing=len(subjects) * len(read)
        - sum(name in read for subject in subjects for name in subject["measures"]),
        undetermined=sum(map(len, frozen["undetermined"].values())),
        sha256=book.sha256,
        path=rulebook_path(points, sheet),
        builds_on=tuple(
            other.rulebook.title
            for other in points.sheets.values()
            if other.rulebook.subject in below and sheet.takes(other.rulebook.subject)
        ),
    )
