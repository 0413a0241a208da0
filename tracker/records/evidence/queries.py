"""Which facts are proven, and by what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select

from tracker.core.db import db
from tracker.records.evidence.models import PROVABLE, EvidenceCheck, EvidenceLink, FileState

_LINKS = EvidenceLink.__table__.c


def fact_table(name: str) -> str:
    """The table that the link column of the provable `name` points to."""
    (key,) = _LINKS[f"{name}_id"].foreign_keys
    return key.target_fullname.partition(".")[0]


COLUMNS = {fact_table(name): f"{name}_id" for name in PROVABLE}
_MANY = 10_000


def reference_of(link: EvidenceLink) -> str:
    """The record that `link` proves, as "ledger_entries:12"."""
    of = ((table, getattr(link, column)) for table, column in COLUMNS.items())
    return next(f"{table}:{number}" for table, number in of if number is not None)


def is_unsound() -> ColumnElement[bool]:
    """Whether the last look at the file of a link found that it is not what was handed in."""
    unsound = select(EvidenceCheck.file_id).where(EvidenceCheck.state != FileState.SOUND)
    return EvidenceLink.file_id.in_(unsound)


def by_table(references: Iterable[str]) -> dict[str, list[int]]:
    """The numbers of those of `references` that files can prove, by table."""
    found: dict[str, list[int]] = {}
    for reference in references:
        table, _, record_id = reference.partition(":")
        if table in COLUMNS:
            found.setdefault(table, []).append(int(record_id))
    return found


def proven(references: Iterable[str], kinds: Collection[str]) -> set[str]:
    """Those of `references` ("ledger_entries:12") that carry a standing file of one of `kinds`
    which the last look did not find missing or altered.

    One statement a table, whatever the number of references.
    """
    found = set()
    for table, ids in by_table(references).items():
        column = getattr(EvidenceLink, COLUMNS[table])
        for start in range(0, len(ids), _MANY):
            statement = (
                select(column)
                .where(column.in_(ids[start : start + _MANY]))
                .where(EvidenceLink.kind.in_(kinds), EvidenceLink.withdrawn_at.is_(None))
                .where(~is_unsound())
                .distinct()
            )
            found |= {f"{table}:{record_id}" for record_id in db.session.scalars(statement)}
    return found


def proven_kinds(references: Iterable[str]) -> dict[str, set[str]]:
    """Of which kinds each of `references` carries a file as `proven` asks for; none of those that
    carry none. One statement a table, whatever the number of references and kinds."""
    found: dict[str, set[str]] = {}
    for table, ids in by_table(set(references)).items():
        column = getattr(EvidenceLink, COLUMNS[table])
        for start in range(0, len(ids), _MANY):
            statement = (
                select(column, EvidenceLink.kind)
                .where(column.in_(ids[start : start + _MANY]))
                .where(EvidenceLink.withdrawn_at.is_(None), ~is_unsound())
                .distinct()
            )
            for record_id, kind in db.session.execute(statement):
                found.setdefault(f"{table}:{record_id}", set()).add(kind)
    return found


def unsound_links() -> list[tuple[EvidenceLink, FileState]]:
    """The standing links whose files the last look found missing or altered. Few, if any."""
    statement = (
        select(EvidenceLink, EvidenceCheck.state)
        .join(EvidenceCheck, EvidenceCheck.file_id == EvidenceLink.file_id)
        .where(EvidenceCheck.state != FileState.SOUND, EvidenceLink.withdrawn_at.is_(None))
        .order_by(EvidenceLink.id)
    )
    return [(link, state) for link, state in db.session.execute(statement)]


def unsound_names() -> dict[str, list[tuple[str, str, FileState]]]:
    """The same by the record that they were handed in for: (kind, name, state)."""
    found: dict[str, list[tuple[str, str, FileState]]] = {}
    for link, state in unsound_links():
        found.setdefault(reference_of(link), []).append((link.kind, link.name, state))
    return found
