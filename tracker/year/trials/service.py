"""Keeping a trial: the last one of a month replaces those before it of its owner."""

from __future__ import annotations

from tracker.core.db import db
from tracker.year.trials import queries
from tracker.year.trials.models import Trial


def keep(trial: Trial, actor_id: int | None) -> Trial:
    """Keep a trial in place of the one of its month, within a writing unit. One that is older than
    what is kept is dropped, and the newer one given back."""
    before = queries.of_month(trial.year, trial.month, trial.owner_region_id)
    if before is not None:
        if before.frozen_at > trial.frozen_at:
            return before
        db.session.delete(before)
        db.session.flush()
    trial.frozen_by_id = actor_id
    db.session.add(trial)
    db.session.flush()
    return trial
