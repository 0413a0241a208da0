"""Engine, session, declarative base and exact column types."""

from tracker.db.base import Base, db, migrate
from tracker.db.plans import aside
from tracker.db.records import Origin, Precision, RecordMixin
from tracker.db.searchable import (
    Searchable,
    TwinError,
    initials_of,
    key_from,
    key_of,
    search_values,
)
from tracker.db.types import Coded, Money, Scaled, UtcDateTime

__all__ = [
    "Base",
    "Coded",
    "Money",
    "Origin",
    "Precision",
    "RecordMixin",
    "Scaled",
    "Searchable",
    "TwinError",
    "UtcDateTime",
    "aside",
    "db",
    "initials_of",
    "key_from",
    "key_of",
    "migrate",
    "search_values",
]
