"""The drafts of the grid that stand against a filing: whose they are and in which cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from tracker.core.db import db
from tracker.records.ledger.subjects import TYPES
from tracker.records.quarters.fields import SECTIONS, Field
from tracker.records.quarters.models import QuarterCell
from tracker.records.submissions.models import QUARTERS, Filing, FilingKind
from tracker.records.submissions.queries import filing_themselves


@dataclass(frozen=True)
class Left:
    """A draft that is not posted: the record and the column of its cell."""

    draft: QuarterCell
    subject: Any
    column: str
    field: Field

    @property
    def address(self) -> str:
        """What names the cell in its page; see `cells.Cell.address`."""
        return f"{self.column}-{self.subject.id}.{self.field.key}"


def drafts_of(filing: Filing) -> list[Left]:
    """The drafts that are a part of `filing`, those of quarters in which nothing changes any more
    too: a county's are all but those of enclaves that file the same for themselves."""
    if filing.kind is FilingKind.PLAN:
        return []
    wanted = [QuarterCell.year == filing.year, _is_of(filing)]
    if filing.kind in QUARTERS:
        wanted.append(QuarterCell.quarter == QUARTERS.index(filing.kind) + 1)
    wanted += [QuarterCell.posted_at.is_(None), QuarterCell.typed != ""]
    found = db.session.scalars(
        select(QuarterCell).where(*wanted).order_by(QuarterCell.quarter, QuarterCell.id)
    ).all()
    return _named(found)


def _is_of(filing: Filing) -> ColumnElement[bool]:
    if filing.enclave_id is not None:
        return QuarterCell.enclave_id == filing.enclave_id
    themselves = filing_themselves(filing.year, filing.kind)
    others = or_(QuarterCell.enclave_id.is_(None), QuarterCell.enclave_id.not_in(themselves))
    return (QuarterCell.region_id == filing.region_id) & others


@cache
def _fields() -> dict[tuple[str, str], Field]:
    return {(kind.of.key, field.key): field for kind in SECTIONS for field in kind.fields}


def _named(cells: Sequence[QuarterCell]) -> list[Left]:
    found: dict[int, Left] = {}
    for of in TYPES:
        own = {cell: getattr(cell, f"{of.key}_id") for cell in cells}
        ids = {number for number in own.values() if number is not None}
        if not ids:
            continue
        statement = select(of.model).where(of.model.id.in_(ids)).options(*of.load)
        subjects = {each.id: each for each in db.session.scalars(statement)}
        for cell, number in own.items():
            field = _fields().get((of.key, cell.field))
            if number is not None and field is not None:
                found[cell.id] = Left(cell, subjects[number], of.key, field)
    return [found[cell.id] for cell in cells if cell.id in found]
