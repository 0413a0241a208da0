"""Which files prove the records behind a year's facts, frozen with their sha256."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tracker.core.db.reading import rows
from tracker.core.quantities.clock import day_of
from tracker.records.evidence.models import (
    PROVABLE,
    EvidenceCheck,
    EvidenceFile,
    EvidenceLink,
    FileState,
)
from tracker.records.evidence.queries import fact_table


def proofs(references: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The standing files of `references` ("ledger_entries:12"), by reference, in the order of
    their filing: {kind, name, on, sha256, origin}, and state where the file was not found as it was
    handed in. One statement, however many there are."""
    tables = {f"{name}_id": fact_table(name) for name in PROVABLE}
    columns = [getattr(EvidenceLink, column) for column in tables]
    statement = (
        select(
            EvidenceLink.kind,
            EvidenceLink.name,
            EvidenceLink.linked_at,
            EvidenceLink.origin,
            EvidenceFile.sha256,
            EvidenceCheck.state,
            *columns,
        )
        .join(EvidenceFile, EvidenceFile.id == EvidenceLink.file_id)
        .outerjoin(EvidenceCheck, EvidenceCheck.file_id == EvidenceFile.id)
        .where(EvidenceLink.withdrawn_at.is_(None))
        .order_by(EvidenceLink.id)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, name, linked_at, origin, sha256, state, *ids in rows(statement):
        table, record_id = next(
            (table, i) for table, i in zip(tables.values(), ids, strict=True) if i is not None
        )
        reference = f"{table}:{record_id}"
        if reference in references:
            proof = {
                "kind": kind,
                "name": name,
                "on": day_of(linked_at).isoformat(),
                "sha256": sha256,
                "origin": origin.value,
            }
            if state not in (None, FileState.SOUND):
                proof["state"] = state.value
            found.setdefault(reference, []).append(proof)
    return found


def files_of(
    found: Mapping[str, Sequence[Mapping[str, Any]]], references: Iterable[str] | None = None
) -> set[str]:
    """The sha256 of the different files among the proofs `found` (see `proofs`, or a snapshot's
    annex), of `references` or of all. How many files there are is the size of this set: one file
    may be handed in for many records."""
    wanted = found if references is None else references
    return {proof["sha256"] for reference in wanted for proof in found.get(reference, ())}
