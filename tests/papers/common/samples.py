"""One paper of every kind, printed once a process from fixed content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tests.papers.common.briefs import brief, county_brief, summary
from tests.papers.common.forms import application_form, quarter_form, task_form
from tests.papers.reports.documents import CITY, PAIR, years
from tests.papers.scorecard.pdf_samples import full_card, strange_card, trial_card, undrawn_card
from tracker.papers.application.pdf import application_pdf
from tracker.papers.brief.pdf import brief_pdf
from tracker.papers.city.build import city_report
from tracker.papers.city.pdf import city_pdf
from tracker.papers.enclave.build import enclave_report
from tracker.papers.enclave.pdf import enclave_pdf
from tracker.papers.pair.build import pair_report
from tracker.papers.pair.pdf import pair_pdf
from tracker.papers.province.build import province_report
from tracker.papers.province.pdf import province_pdf
from tracker.papers.quarter.pdf import quarter_pdf, task_pdf
from tracker.papers.scorecard.pdf import scorecard_pdf
from tracker.papers.summary.pdf import summary_pdf

PAPERS: dict[str, Callable[[], bytes]] = {
    "scorecard": lambda: scorecard_pdf(full_card()),
    "scorecard-trial": lambda: scorecard_pdf(trial_card()),
    "scorecard-strange": lambda: scorecard_pdf(strange_card()),
    "scorecard-undrawn": lambda: scorecard_pdf(undrawn_card()),
    "province": lambda: province_pdf(province_report(_years()[1], _years()[0])),
    "city": lambda: city_pdf(city_report(_years()[1], _years()[0], CITY)),
    "pair": lambda: pair_pdf(pair_report(_years()[1], PAIR)),
    "enclave": lambda: enclave_pdf(enclave_report(_years()[1], "FD-99")),
    "form-application": lambda: application_pdf(application_form()),
    "form-quarter": lambda: quarter_pdf(quarter_form()),
    "form-tasks": lambda: task_pdf(task_form()),
    "form-brief": lambda: brief_pdf(brief()),
    "form-brief-county": lambda: brief_pdf(county_brief()),
    "form-summary": lambda: summary_pdf(summary()),
}

_years = cache(years)


@cache
def printed(name: str) -> bytes:
    """The bytes of the paper `name`."""
    return PAPERS[name]()
