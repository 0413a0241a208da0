"""The standing of a year: from the scoring that the reader is shown, else from the year's trial.

What of others is in it is decided by the queries: rows come from `sight.cards` and `trials.cards`,
lines are of the own places alone, and means of a class are made only where its ranks are told.
"""

from __future__ import annotations

from tracker.overview.ranking.board import Standing
from tracker.overview.ranking.of_scoring import standing_of_scoring
from tracker.overview.ranking.of_trial import standing_of_trial
from tracker.records.accounts.models import User
from tracker.year.procedure import sight
from tracker.year.trials import queries as trials


def standing_of(year: int, user: User, sheet: str = "") -> Standing | None:
    """The standing of `year` on `sheet` (else the first there is); None where nothing was scored,
    or nothing of what `user` has in view."""
    snapshot = sight.begun_with(year, user)
    if snapshot is not None and (found := standing_of_scoring(snapshot, user, sheet)):
        return found
    trial = trials.latest(year)
    return standing_of_trial(trial, user, sheet) if trial is not None else None
