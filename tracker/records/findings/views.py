"""The lists and forms of findings and of adopted practices."""

from __future__ import annotations

from tracker.records.findings.kinds import ADOPTIONS, FINDINGS
from tracker.web.kit import record_blueprint

blueprints = (record_blueprint(FINDINGS), record_blueprint(ADOPTIONS))
