"""One paper of every kind, printed once a process from fixed content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tests.papers.forms import quarter_form, task_form
from tests.reports.documents import CITY, PAIR, years
from tests.scorecards.pdf_samples import full_card, strange_card, trial_card, undrawn_card
from tracker.reports.city import city_report
from tracker.reports.city_pdf import city_pdf
from tracker.reports.enclave import enclave_report
from tracker.reports.enclave_pdf import enclave_pdf
from tracker.reports.forms_pdf import quarter_pdf, task_pdf
from tracker.reports.pair import pair_report
from tracker.reports.pair_pdf import pair_pdf
from tracker.reports.province import province_report
from tracker.reports.province_pdf import province_pdf
from tracker.scorecards.pdf import scorecard_pdf

PAPERS: dict[str, Callable[[], bytes]] = {
    "scorecard": lambda: scorecard_pdf(full_card()),
    "scorecard-trial": lambda: scorecard_pdf(trial_card()),
    "scorecard-strange": lambda: scorecard_pdf(strange_card()),
    "scorecard-undrawn": lambda: scorecard_pdf(undrawn_card()),
    "province": lambda: province_pdf(province_report(_years()[1], _years()[0])),
    "city": lambda: city_pdf(city_report(_years()[1], _years()[0], CITY)),
    "pair": lambda: pair_pdf(pair_report(_years()[1], PAIR)),
    "enclave": lambda: enclave_pdf(enclave_report(_years()[1], "FD-99")),
    "form-quarter": lambda: quarter_pdf(quarter_form()),
    "form-tasks": lambda: task_pdf(task_form()),
}

_years = cache(years)


@cache
def printed(name: str) -> bytes:
    """The bytes of the paper `name`."""
    return PAPERS[name]()
