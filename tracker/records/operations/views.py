"""The lists and forms of operating figures and tenants."""

from __future__ import annotations

from tracker.records.operations.kinds import OPERATIONS, TENANTS
from tracker.web.kit import record_blueprint

blueprints = (record_blueprint(OPERATIONS), record_blueprint(TENANTS))
