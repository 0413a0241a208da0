"""The list of parks and their forms; the page of a park lies in `pages`."""

from __future__ import annotations

from tracker.records.parks.kinds import PARKS
from tracker.web.kit import record_blueprint

bp = record_blueprint(PARKS)
