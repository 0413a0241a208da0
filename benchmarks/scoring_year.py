"""Scoring a year against its SQL reads alone, at 1, 10 and 100 times Zhejiang's size.

The reads are the measures' own statements, fetched and thrown away: what the database must do in
any case. Scoring adds freezing (facts, records in words, canonical JSON, digest) and the points of
three columns. A ratio that grows with size would show work that does not scale.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.world import YEAR, world
from tracker.core.db import db
from tracker.core.db.records import now
from tracker.engine.scoring import canonical_json, digest
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.assessments.scored import score_document
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.rulebooks.shelf import YearSet, year_set

SIZES = (1, 10, 100)


def main() -> None:
    """Print a line a size: subjects, seconds of each part, and the ratios."""
    print(f"{'size':>5} {'cards':>7} {'reads s':>9} {'freeze s':>9} {'score s':>9} {'ratio':>7}")
    books = year_set(YEAR)
    for times in SIZES:
        with world(times):
            reads, _ = _timed(lambda: _read(books))
            freezing, document = _timed(lambda: freeze(books, now()))
            scoring, points = _timed(lambda document=document: _score(document))
            cards = sum(len(sheet.result.scorecards) for sheet in points.sheets.values())
            ratio = (freezing + scoring) / reads
            seconds = "".join(f" {each:>9.2f}" for each in (reads, freezing, scoring))
            print(f"{times:>5} {cards:>7}{seconds} {ratio:>7.1f}")


def _score(document: dict):
    canonical_json(document)
    return score_document(digest(document), document)


def _read(books: YearSet) -> None:
    """Every statement of every measure that the year's rulebooks read."""
    for book in books.rulebooks:
        roster = ROSTERS[book.subject]
        roster.subjects(YEAR)
        for measure in CATALOGUE.of(roster.measures):
            if measure.name in book.measures:
                for statement in measure.read(YEAR).statements.values():
                    db.session.execute(statement).all()


def _timed(act: Callable):
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found
