"""Whether a quarter's figures of an enclave or a park still change."""

from __future__ import annotations

from tracker.core.quantities.days import quarter_begin
from tracker.records.enclaves.models import Enclave
from tracker.records.parks.models import Park
from tracker.records.submissions import locks


def why_locked(site: Enclave | Park, year: int, quarter: int) -> str:
    """Why no figure of the quarter is made, changed or deleted; "" where it is open."""
    day = quarter_begin(year, quarter)
    if isinstance(site, Enclave):
        return locks.locked_on(day, site.origin_id, site.id, locks.FIGURES)
    return locks.locked_on(day, site.recipient_id, None, locks.FIGURES)
