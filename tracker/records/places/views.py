"""The lists and forms of the shared lists; the page of a source lies in `pages`."""

from __future__ import annotations

from tracker.records.places import kinds
from tracker.web.kit import record_blueprint

blueprints = tuple(
    record_blueprint(kind)
    for kind in (
        kinds.REGIONS,
        kinds.COUNTY_LISTINGS,
        kinds.INDUSTRIAL_LISTINGS,
        kinds.PLATFORMS,
        kinds.ORGANISATIONS,
        kinds.SOURCES,
    )
)
