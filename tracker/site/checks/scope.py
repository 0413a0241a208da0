"""Which records a filing is about, as conditions of statements: a county's is about all of its own
but the enclaves that file for themselves, an enclave's about that enclave. And the page of the grid
at the cell that a finding is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from tracker.core.quantities.days import quarter_begin, quarter_end
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import LedgerEntry
from tracker.records.ledger.subjects import TYPES
from tracker.records.parks.models import Park
from tracker.records.projects.models import Project
from tracker.records.submissions.checking import Asked
from tracker.records.submissions.queries import filing_themselves


def own_projects(asked: Asked) -> ColumnElement[bool]:
    """The projects; none of an enclave's filing: their county enters them."""
    return Project.region_id == asked.place.id if asked.enclave is None else false()


def running(asked: Asked) -> ColumnElement[bool]:
    """The projects that were not given up before the days that are checked."""
    ended = Project.terminated_on
    return or_(ended.is_(None), ended >= asked.first)


def own_enclaves(asked: Asked) -> ColumnElement[bool]:
    """The enclaves."""
    if asked.enclave is not None:
        return Enclave.id == asked.enclave.id
    themselves = filing_themselves(asked.year, asked.filing.kind)
    return (Enclave.origin_id == asked.place.id) & Enclave.id.not_in(themselves)


def own_parks(asked: Asked) -> ColumnElement[bool]:
    """The parks, which their mountain county enters."""
    return Park.recipient_id == asked.place.id if asked.enclave is None else false()


def own_entries(asked: Asked) -> ColumnElement[bool]:
    """The entries of the ledger, of all days."""
    if asked.enclave is not None:
        return LedgerEntry.enclave_id == asked.enclave.id
    others = (
        of.column.in_(select(of.model.id).where(of.owner == asked.place.id))
        for of in TYPES
        if of.model is not Enclave
    )
    enclaves = select(Enclave.id).where(own_enclaves(asked))
    return or_(*others, LedgerEntry.enclave_id.in_(enclaves))


def in_days(asked: Asked) -> ColumnElement[bool]:
    """The entries of the days that are checked."""
    return LedgerEntry.occurred_on.between(asked.first, asked.last)


def enclaves_at_work(asked: Asked, quarter: int) -> ColumnElement[bool]:
    """The enclaves that were in use at the end of a quarter of the year, and not closed before."""
    first, last = quarter_begin(asked.year, quarter), quarter_end(asked.year, quarter)
    closed = or_(Enclave.closed_on.is_(None), Enclave.closed_on > first)
    return own_enclaves(asked) & (Enclave.in_use_on <= last) & closed


def to_cell(asked: Asked, quarter: int, address: str) -> dict[str, Any]:
    """The page of a finding: the grid of a quarter at the cell `address`."""
    return _grid(asked, quarter, f"cell:{address}")


def to_row(asked: Asked, quarter: int, section: str, row: str) -> dict[str, Any]:
    """The page of a finding: the grid of a quarter, with all columns, at a row of a section."""
    return _grid(asked, quarter, f"row:{section}.{row}", all=1)


def _grid(asked: Asked, quarter: int, anchor: str, **query: Any) -> dict[str, Any]:
    at = {"code": asked.place.code, "year": asked.year, "quarter": quarter, **query}
    return {"endpoint": "quarters.page", "values": {**at, "_anchor": anchor}}
