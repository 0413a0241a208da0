"""Measures of a county's 发展飞地, the kind that merges the others from 2025, by direction."""

from __future__ import annotations

from sqlalchemy import or_, select

from tracker.core.quantities.days import first_day, last_day
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.year.measures.catalogue.counties import county_measure, is_kind
from tracker.year.measures.declare import Reading
from tracker.year.measures.reported import NOUGHT_IF_KNOWN, nought_if_known, number


def _development_enclaves(direction: Direction, year: int) -> Reading:
    """How many of a county's enclaves are 发展飞地 of `direction`.

    An inbound enclave lies in the mountain county's own land, so that county is its host; of an
    outbound one it is the origin.
    """
    county = Enclave.host_id if direction is Direction.INBOUND else Enclave.origin_id
    enclaves = select(county.label("subject_id"), Enclave.id.label("record_id")).where(
        Enclave.direction == direction,
        is_kind(EnclaveKind.DEVELOPMENT, year),
        or_(Enclave.signed_on.is_(None), Enclave.signed_on <= last_day(year)),
        or_(Enclave.closed_on.is_(None), Enclave.closed_on >= first_day(year)),
    )
    return nought_if_known(year, {"enclaves": enclaves}, number("enclaves"))


@county_measure(
    "enclaves.development_inbound",
    label="域内发展飞地数",
    unit="个",
    definition="建在该县域内（该县为飞入地）、当年存续、年末已是发展飞地的正向飞地数；"
    f"{NOUGHT_IF_KNOWN}",
    records="飞地：方向、飞入地、转为发展飞地的日期",
)
def development_inbound(year: int) -> Reading:
    return _development_enclaves(Direction.INBOUND, year)


@county_measure(
    "enclaves.development_outbound",
    label="域外发展飞地数",
    unit="个",
    definition=f"该县为飞出地、建在结对方、当年存续、年末已是发展飞地的反向飞地数；{NOUGHT_IF_KNOWN}",
    records="飞地：方向、飞出地、转为发展飞地的日期",
)
def development_outbound(year: int) -> Reading:
    return _development_enclaves(Direction.OUTBOUND, year)
