"""From the records that a snapshot names to their pages, for those who may open them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import current_app, url_for
from sqlalchemy import select

from tracker.db import db
from tracker.web.kit.kinds import Kind, all_kinds
from tracker.web.kit.listing import kind_of_table

if TYPE_CHECKING:
    from tracker.accounts.models import User


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


def _parents(table: str, ids: list[int], user: User) -> dict[str, str]:
    columns = db.metadata.tables[table].c if table in db.metadata.tables else {}
    found = {}
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
    return url_for(kind.detail(), **{kind.argument: record_id})


def _may_open(kind: Kind, user: User) -> bool:
    return kind.detail() in current_app.view_functions and user.may(kind.view)
