"""The list of enclaves, and the forms of an enclave, its terms, agreement and spaces."""

from __future__ import annotations

from tracker.enclaves import agreement_kinds as agreements
from tracker.enclaves.kinds import ENCLAVES, RETURN_TERMS
from tracker.web.kit import record_blueprint

blueprints = tuple(
    record_blueprint(kind)
    for kind in (
        ENCLAVES,
        RETURN_TERMS,
        agreements.ENCLAVE_AGREEMENTS,
        agreements.TAX_SPLITS,
        agreements.AGREEMENT_DOCUMENTS,
        agreements.ENCLAVE_SPACES,
    )
)
