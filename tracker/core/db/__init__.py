"""Engine, session, declarative base and exact column types."""

from tracker.core.db.base import Base, db
from tracker.core.db.plans import aside
from tracker.core.db.records import Origin, Precision, RecordMixin
from tracker.core.db.searchable import (
    Searchable,
    TwinError,
    initials_of,
    key_from,
    key_of,
    search_values,
)
from tracker.core.db.types import Coded, Money, Scaled, UtcDateTime

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
    "search_values",
]
