"""The declarations, by subject. Importing this package fills the catalogue."""

from tracker.measures.catalogue import (
    cities,
    counties,
    county_development,
    enclave_contracts,
    enclaves,
    pending_counties,
    pending_enclaves,
    pending_parks,
    pending_supporters,
)
from tracker.measures.declare import CATALOGUE

__all__ = [
    "CATALOGUE",
    "cities",
    "counties",
    "county_development",
    "enclave_contracts",
    "enclaves",
    "pending_counties",
    "pending_enclaves",
    "pending_parks",
    "pending_supporters",
]
