"""The lists of county indicators and of published totals, and an indicator's form."""

from __future__ import annotations

from tracker.records.indicators.kinds import COUNTY_INDICATORS, PUBLISHED_TOTALS
from tracker.web.kit import record_blueprint

blueprints = (record_blueprint(COUNTY_INDICATORS), record_blueprint(PUBLISHED_TOTALS))
