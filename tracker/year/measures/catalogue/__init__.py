"""The declarations, by subject. Importing this package fills the catalogue."""

from tracker.records.determinations.values import measured_in
from tracker.year.measures import described_people, described_sites
from tracker.year.measures.catalogue import (
    chain,
    cities,
    counties,
    county_aid,
    county_development,
    county_exchanges,
    county_findings,
    county_people,
    county_sites,
    demonstrations,
    enclave_contracts,
    enclave_operations,
    enclave_projects,
    enclave_sites,
    enclaves,
    park_projects,
    parks,
    supporter_sites,
    supporters,
)
from tracker.year.measures.declare import CATALOGUE

__all__ = [
    "CATALOGUE",
    "chain",
    "cities",
    "counties",
    "county_aid",
    "county_development",
    "county_exchanges",
    "county_findings",
    "county_people",
    "county_sites",
    "demonstrations",
    "described_people",
    "described_sites",
    "enclave_contracts",
    "enclave_operations",
    "enclave_projects",
    "enclave_sites",
    "enclaves",
    "park_projects",
    "parks",
    "supporter_sites",
    "supporters",
]

measured_in({each.name: each.unit for each in CATALOGUE.measures.values()})
