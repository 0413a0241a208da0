"""Which facts are proven, and by what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select

from tracker.db import db
from tracker.evidence.models import PROVABLE, EvidenceLink

_LINKS = EvidenceLink.__table__.c


def fact_table(name: str) -> str:
    """The table that the link column of the provable `name` points to."""
    (key,) = _LINKS[f"{name}_id"].foreign_keys
    return key.target_fullname.partition(".")[0]


_COLUMNS = {fact_table(name): f"{name}_id" for name in PROVABLE}
_MANY = 10_000


def proven(references: Iterable[str], kinds: Collection[str]) -> set[str]:
    """Those of `references` ("ledger_entries:12") that carry a standing file of one of `kinds`.

    One statement a table, whatever the number of references.
    """
    wanted: dict[str, list[int]] = {}
    for reference in references:
        table, _, record_id = reference.partition(":")
        if table in _COLUMNS:
            wanted.setdefault(table, []).append(int(record_id))
    found = set()
    for table, ids in wanted.items():
        column = getattr(EvidenceLink, _COLUMNS[table])
        for start in range(0, len(ids), _MANY):
            statement = (
                select(column)
                .where(column.in_(ids[start : start + _MANY]))
                .where(EvidenceLink.kind.in_(kinds), EvidenceLink.withdrawn_at.is_(None))
                .distinct()
            )
            found |= {f"{table}:{record_id}" for record_id in db.session.scalars(statement)}
    return found
