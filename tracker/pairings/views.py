"""Pairings: the list and the forms; the page of a pair lies in `pages`."""

from __future__ import annotations

from tracker.pairings.kinds import PAIRINGS
from tracker.web.kit import record_blueprint

bp = record_blueprint(PAIRINGS)
