"""The world many times over: every county again, with all that belongs to it and its partner."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Table, UniqueConstraint, insert, select, update

from tests import factories as make
from tests.audits.world import FOREIGN, OWN, PARTNER
from tracker.core.db import Base, Coded, db
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import (
    ENCLAVE_KINDS,
    PAIRING_KINDS,
    PARK_KINDS,
    EntryKind,
    LedgerEntry,
)
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.projects.models import SourceSide

# What belongs to people, and what is made of the records and not beside them.
LEFT_OUT = frozenset(
    {
        "users", "audit_entries", "snapshots", "scorecards",
        "paper_issues", "issued_papers", "issued_paper_regions", "signed_papers", "paper_tasks",
        "samplings", "sampled_facts", "sample_checks", "trials", "trial_cards",
    }
)  # fmt: skip
DAY = date(2024, 8, 8)


def enrich() -> None:
    """Give each site and pair of the world money of every kind, and projects of every sort."""
    for park in db.session.scalars(select(Park)).all():
        inside = make.project(
            park.recipient, park=park, source_side=SourceSide.SUPPORTER, is_leading_industry=True
        )
        for project in (inside, make.project(park.recipient, park=park)):
            for kind in (EntryKind.FUNDS_IN_PLACE, EntryKind.TAX, EntryKind.GOVERNMENT_INVESTMENT):
                make.entry(project, kind, make.wan(20), DAY)
        _money(park, PARK_KINDS)
    for enclave in db.session.scalars(select(Enclave)).all():
        home = enclave.origin_region
        back = make.project(home, enclave=enclave, incubated_in=enclave, signed_on=DAY)
        make.entry(back, EntryKind.COMPLETED_INVESTMENT, make.wan(30), DAY)
        _money(enclave, ENCLAVE_KINDS)
    for pairing in db.session.scalars(select(Pairing)).all():
        across = make.project(pairing.recipient, partner=pairing.supporter, started_on=DAY)
        make.entry(across, EntryKind.FUNDS_IN_PLACE, make.wan(30), DAY)
        _money(pairing, PAIRING_KINDS)


def _money(of: Any, kinds: Iterable[EntryKind]) -> None:
    for kind in kinds:
        make.entry(of, kind, make.wan(10), DAY)


def multiply(times: int) -> None:
    """Add all that belongs to the world's counties and their partner `times` more."""
    numbers = itertools.count(1)
    for _ in range(times):
        copies: dict[str, dict[int, int]] = {"regions": {}}
        for table in Base.metadata.sorted_tables:
            if table.name not in LEFT_OUT and "id" in table.columns:
                _copy_rows(table, copies, numbers)
    submitted = update(LedgerEntry).where(LedgerEntry.note == "再提交")
    db.session.execute(submitted.values(submitted_at=make.SUBMITTED))
    db.session.commit()
    db.session.expire_all()


_originals: dict[str, list[dict[str, Any]]] = {}


def _copy_rows(table: Table, copies: dict[str, dict[int, int]], numbers: itertools.count) -> None:
    """Copy the rows of `table` that hang on a copied row; `copies`: table → id → id of its copy."""
    parents = {
        column.name: key.column.table.name
        for column in table.columns
        for key in column.foreign_keys
    }
    unique = set(_unique(table))
    made = copies.setdefault(table.name, {})
    rows = []
    first = (db.session.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1)) or 0) + 1
    for row in _rows(table):
        hangs = any(row[name] in copies.get(of, {}) for name, of in parents.items())
        if not (hangs or (table.name == "regions" and row["code"] in (OWN, FOREIGN, PARTNER))):
            continue
        if table.name == "regions" and row["code"] not in (OWN, FOREIGN, PARTNER):
            continue
        copy = dict(row)
        copy["id"] = made[row["id"]] = first + len(rows)
        for name, of in parents.items():
            copy[name] = copies.get(of, {}).get(row[name], row[name])
        for name in unique - parents.keys():
            copy[name] = _other(table, name, row[name], next(numbers))
        if table is LedgerEntry.__table__ and row["submitted_at"]:
            # A payment that is submitted takes no more shares of villages.
            copy |= {"submitted_at": None, "note": "再提交"}
        rows.append(copy)
    if rows:
        db.session.execute(insert(table), rows)


def _rows(table: Table) -> list[dict[str, Any]]:
    """The rows of the world as it was before it was multiplied."""
    if table.name not in _originals:
        found = db.session.execute(select(table).order_by(table.c.id)).mappings()
        _originals[table.name] = [dict(row) for row in found]
    return _originals[table.name]


def _other(table: Table, name: str, value: Any, number: int) -> Any:
    column = table.columns[name]
    if not isinstance(value, str) or isinstance(column.type, Coded):
        return value
    if value.isdigit():
        return str(4 * 10 ** (len(value) - 1) + number)
    length = getattr(column.type, "length", None) or 200
    return f"{value[: length - len(str(number))]}{number}"


def _unique(table: Table) -> Iterable[str]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield from (column.name for column in constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield from (column.name for column in index.columns)


def sizes() -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: len(db.session.execute(select(table.c[next(iter(table.c)).name])).all())
        for table in Base.metadata.sorted_tables
    }


def partners() -> list[Region]:
    """The counties of the world and their copies."""
    return list(db.session.scalars(select(Region).where(Region.parent_id.is_not(None))))
