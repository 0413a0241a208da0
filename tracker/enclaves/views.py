"""The list of enclaves, and the forms of an enclave and its return terms."""

from __future__ import annotations

from tracker.enclaves.kinds import ENCLAVES, RETURN_TERMS
from tracker.web.kit import record_blueprint

blueprints = (record_blueprint(ENCLAVES), record_blueprint(RETURN_TERMS))
