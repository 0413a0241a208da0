"""Why a card in a list has another grade than its points give, from its snapshot."""

from __future__ import annotations

from typing import Protocol

from tracker.engine.scoring import explain_grade
from tracker.year.assessments.scored import scored_of


class Frozen(Protocol):
    """A snapshot, as far as its points ask for it."""

    @property
    def sha256(self) -> str: ...
    @property
    def content(self) -> bytes: ...


class Listed(Protocol):
    """A row of the index of scorecards, or what a reader sees of one."""

    @property
    def snapshot(self) -> Frozen: ...
    @property
    def sheet(self) -> str: ...
    @property
    def subject_code(self) -> str: ...
    @property
    def complete(self) -> bool: ...
    @property
    def grade(self) -> str | None: ...


def why_grade(row: Listed) -> tuple[str, ...]:
    """The sentences of the card's paper: by the quota, by a veto; none where the grade is the one
    of the points, or waits for data."""
    if not row.complete or row.grade is None:
        return ()
    points = scored_of(row.snapshot)
    return tuple(explain_grade(points.sheets[row.sheet].card(row.subject_code)))
