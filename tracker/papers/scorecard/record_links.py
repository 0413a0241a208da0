"""From the records that a snapshot names to their pages, for those who may open them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, url_for
from sqlalchemy import select

from tracker.core.db import db
from tracker.papers.scorecard.behind import proof_name
from tracker.records.accounts.models import User
from tracker.records.evidence.models import PROVABLE, EvidenceFile, EvidenceLink
from tracker.records.evidence.queries import fact_table
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.web.kit.listing import kind_of_table

# A record without a page of its own opens that of what it belongs to.
PARENTS = ("project_id", "enclave_id", "park_id", "demonstration_village_id", "pairing_id")


def record_links(references: Iterable[str], user: User) -> dict[str, str]:
    """Reference ("ledger_entries:12") → address of the record's page, or of the page of what it
    belongs to.

    Left out are records that are gone, that lie out of the user's sight, or that have no page.
    One statement a kind of record, whatever the number of references.
    """
    wanted: dict[str, list[int]] = {}
    for reference in sorted(set(references)):
        table, _, record_id = reference.partition(":")
        wanted.setdefault(table, []).append(int(record_id))
    found: dict[str, str] = {}
    for table, ids in wanted.items():
        own = [kind for kind in all_kinds() if kind.model.__tablename__ == table]
        for kind in [kind for kind in own if _may_open(kind, user)]:
            seen = kind.seen_by(user).where(kind.model.id.in_(ids)).subquery()
            for record_id in db.session.scalars(select(seen.c.id)):
                found.setdefault(f"{table}:{record_id}", _address(kind, record_id))
        if not own:
            found |= _parents(table, ids, user)
    return found


def proof_links(
    proofs: Mapping[str, Iterable[Mapping[str, str]]], references: Iterable[str], user: User
) -> dict[tuple[str, str], str]:
    """(sha256, name as shown) → address of the page of a file that proves one of `references`.

    `proofs` are those of the snapshot, by reference. Left out are files out of the user's sight.
    One statement.
    """
    references = set(references)
    wanted = {each["sha256"] for of in references for each in proofs.get(of, ())}
    evidence = kind_of_table(EvidenceLink.__tablename__)
    if evidence is None or not wanted or not _may_open(evidence, user):
        return {}
    seen = select(evidence.seen_by(user).subquery().c.id)
    columns = {fact_table(name): getattr(EvidenceLink, f"{name}_id") for name in PROVABLE}
    statement = (
        select(EvidenceLink.id, EvidenceFile.sha256, EvidenceLink.name, *columns.values())
        .join(EvidenceFile, EvidenceFile.id == EvidenceLink.file_id)
        .where(EvidenceFile.sha256.in_(wanted), EvidenceLink.id.in_(seen))
        # One that stands before one that was withdrawn.
        .order_by(EvidenceLink.withdrawn_at.is_(None).desc(), EvidenceLink.id)
    )
    known: dict[tuple[str, str], str] = {}
    for link_id, sha256, name, *ids in db.session.execute(statement):
        of = {f"{table}:{number}" for table, number in zip(columns, ids, strict=True) if number}
        if of & references:
            known.setdefault((sha256, name), _address(evidence, link_id))
    frozen = [each for of in references for each in proofs.get(of, ())]
    return {
        (each["sha256"], proof_name(each)): known[each["sha256"], each["name"]]
        for each in frozen
        if (each["sha256"], each["name"]) in known
    }


def _parents(table: str, ids: list[int], user: User) -> dict[str, str]:
    if table not in db.metadata.tables:
        return {}
    columns = db.metadata.tables[table].c
    found: dict[str, str] = {}
    for name in [name for name in PARENTS if name in columns]:
        (key,) = columns[name].foreign_keys
        kind = kind_of_table(key.target_fullname.partition(".")[0])
        if kind is None or not _may_open(kind, user):
            continue
        seen = select(kind.seen_by(user).subquery().c.id)
        statement = select(columns.id, columns[name]).where(
            columns.id.in_(ids), columns[name].in_(seen)
        )
        for record_id, parent_id in db.session.execute(statement):
            found.setdefault(f"{table}:{record_id}", _address(kind, parent_id))
    return found


def _address(kind: Kind, record_id: int) -> str:
    at: dict[str, Any] = {kind.argument: record_id}
    return url_for(kind.detail(), **at)


def _may_open(kind: Kind, user: User) -> bool:
    return kind.detail() in current_app.view_functions and user.may(kind.view)
