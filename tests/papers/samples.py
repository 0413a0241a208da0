"""One paper of every kind, printed once a process from fixed content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tests.papers.forms import quarter_form, task_form
from tests.scorecards.pdf_samples import full_card, strange_card, trial_card
from tracker.reports.forms_pdf import quarter_pdf, task_pdf
from tracker.scorecards.pdf import scorecard_pdf

PAPERS: dict[str, Callable[[], bytes]] = {
    "scorecard": lambda: scorecard_pdf(full_card()),
    "scorecard-trial": lambda: scorecard_pdf(trial_card()),
    "scorecard-strange": lambda: scorecard_pdf(strange_card()),
    "form-quarter": lambda: quarter_pdf(quarter_form()),
    "form-tasks": lambda: task_pdf(task_form()),
}


@cache
def printed(name: str) -> bytes:
    """The bytes of the paper `name`."""
    return PAPERS[name]()
