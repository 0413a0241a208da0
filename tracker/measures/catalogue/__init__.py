"""The declarations, by subject. Importing this package fills the catalogue."""

from tracker.measures.catalogue import counties, enclave_contracts, enclaves
from tracker.measures.declare import CATALOGUE

__all__ = ["CATALOGUE", "counties", "enclave_contracts", "enclaves"]
