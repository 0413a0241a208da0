"""What is said beside every figure of a trial."""

from __future__ import annotations

from tracker.core.quantities.clock import written
from tracker.year.trials.models import Trial


def rules_words(trial: Trial) -> str:
    """By which rulebooks: those of the year, or, said so, those of the year before."""
    if trial.borrowed:
        return f"{trial.year} 年细则尚未发布，按 {trial.rulebook_year} 年细则试算"
    return f"按 {trial.year} 年细则试算"


def trial_words(trial: Trial) -> str:
    """When, by what, and that it decides nothing."""
    return f"试算于 {written(trial.frozen_at)}，{rules_words(trial)}，不作为考核结果。"
