"""What is said beside every figure of a trial."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.core.quantities.clock import written
from tracker.engine.scoring import RulebookError
from tracker.year.assessments.standing_rules import status_words
from tracker.year.rulebooks.shelf import NoRulebooksError, year_set_at
from tracker.year.trials import queries
from tracker.year.trials.models import Trial


def statuses(trial: Trial) -> Mapping[str, str]:
    """What each rulebook of a trial was when it was tried, by code: 示例细则, or 正式细则 with the
    number of its document. Nothing where they are gone."""
    try:
        books = year_set_at(trial.rulebook_year, trial.frozen_at, trial.owner_region_id).rulebooks
    except (NoRulebooksError, RulebookError):
        return {}
    return {book.code: status_words(book.status, book.document) for book in books}


def rules_words(trial: Trial, sheet: str = "") -> str:
    """By which rulebooks: those of the year, or, said so, those of the year before; examples, or
    issued by an office. `sheet`: by that one alone."""
    known = statuses(trial)
    used = {sheet} if sheet else queries.sheets(trial)
    kinds = sorted({known[code] for code in used if code in known})
    by = f"按 {trial.rulebook_year} 年{'、'.join(kinds) or '细则'}试算"
    return f"{trial.year} 年细则尚未发布，{by}" if trial.borrowed else by


def trial_words(trial: Trial, sheet: str = "") -> str:
    """Whose it is, and `made_words`."""
    return f"{trial.whose}{made_words(trial, sheet)}"


def made_words(trial: Trial, sheet: str = "") -> str:
    """When, by what, and that it decides nothing."""
    return f"试算于 {written(trial.frozen_at)}，{rules_words(trial, sheet)}，不作为考核结果。"
