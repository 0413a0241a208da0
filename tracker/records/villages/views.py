"""The lists and forms of villages, their stakes and incomes, and of demonstration villages."""

from __future__ import annotations

from tracker.records.villages.kinds import DEMONSTRATIONS, VILLAGE_INCOMES, VILLAGE_STAKES, VILLAGES
from tracker.web.kit import record_blueprint

blueprints = tuple(
    record_blueprint(kind) for kind in (VILLAGES, VILLAGE_INCOMES, VILLAGE_STAKES, DEMONSTRATIONS)
)
