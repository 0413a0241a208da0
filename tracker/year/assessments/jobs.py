"""Scoring as work on the queue; what is to be done stands in the rows of `scorings`."""

from __future__ import annotations

from tracker.core import jobs
from tracker.year.assessments import scorings

SCORE = "scoring.go_on"


@jobs.job(SCORE)
def score(scoring_id: int) -> None:
    """Freeze and score a year that was asked for on a page."""
    scorings.run_scoring(scoring_id)


@jobs.every_minutes(1, "scoring.take_up")
def take_up() -> None:
    """Score what a worker left that was killed."""
    for scoring_id in scorings.free_scorings():
        scorings.run_scoring(scoring_id)
