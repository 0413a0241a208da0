"""What was due and what was filed: the list of filings and their entry."""

from __future__ import annotations

from tracker.records.submissions.kinds import SUBMISSIONS
from tracker.web.kit import record_blueprint

bp = record_blueprint(SUBMISSIONS)
