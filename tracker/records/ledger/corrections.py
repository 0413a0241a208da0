"""Corrections and reversals of entries of locked periods: those that were made in a period, and
those that changed the figures of one after it was locked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from tracker.core.db import db
from tracker.records.ledger.models import LedgerEntry
from tracker.records.ledger.subjects import TYPES, Subject
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.submissions.models import Filing, FilingKind
from tracker.records.submissions.queries import filing_themselves
from tracker.records.submissions.workdays import days_covered

_NUMBERED = re.compile(r"^更正为 \d+ 号：")  # what `service.correct` puts before the reason


@dataclass(frozen=True)
class Correction:
    """An entry that was taken back after its period was locked, and what stands in its place;
    `new` is None where nothing does. `back`: the entry that takes it back."""

    old: LedgerEntry
    back: LedgerEntry
    new: LedgerEntry | None

    @property
    def subject(self) -> Subject:
        """The record that the money belongs to."""
        return self.old.subject

    @property
    def booked_on(self) -> date:
        """The day, in an open period, on which it was made."""
        day = self.back.booked_on or (self.new.booked_on if self.new else None)
        assert day is not None, "asked for"
        return day

    @property
    def reason(self) -> str:
        """Why, as it was given."""
        return _NUMBERED.sub("", self.back.note)

    @property
    def year(self) -> int:
        """In which it counts."""
        return (self.new or self.old).occurred_on.year


def made_in(filing: Filing) -> list[Correction]:
    """What was corrected in the period of `filing`, of whatever earlier one, the latest first."""
    if filing.kind is FilingKind.PLAN:
        return []
    return booked_between(_of_filing(filing), *days_covered(filing.year, filing.kind))


def changed_since(filing: Filing) -> list[Correction]:
    """What was corrected of the period of `filing` since it was locked, the latest first."""
    if filing.kind is FilingKind.PLAN:
        return []
    return corrected_between(_of_filing(filing), *days_covered(filing.year, filing.kind))


def of_place(region_id: int) -> ColumnElement[bool]:
    """The entries of what a county enters."""
    return or_(*(of.column.in_(select(of.model.id).where(of.owner == region_id)) for of in TYPES))


def of_form(region_id: int) -> ColumnElement[bool]:
    """The entries of a county's form: of its own, and of the parks and pairings that it is a side
    of."""
    supported = (
        of.column.in_(select(of.model.id).where(of.model.supporter_id == region_id))
        for of in TYPES
        if of.model in (Park, Pairing)
    )
    return or_(of_place(region_id), *supported)


def booked_between(own: ColumnElement[bool], first: date, last: date) -> list[Correction]:
    """Of the entries `own`, those that were corrected from `first` to `last`."""
    return _found(own, _booked().between(first, last))


def corrected_between(own: ColumnElement[bool], first: date, last: date) -> list[Correction]:
    """Of the entries `own`, those that were moved out of, into or within the days from `first` to
    `last` after they were locked."""
    days = (LedgerEntry.occurred_on, _New.occurred_on)
    return _found(own, _booked().is_not(None), or_(*(day.between(first, last) for day in days)))


_New = aliased(LedgerEntry)


def _booked() -> ColumnElement[date | None]:
    return func.coalesce(LedgerEntry.booked_on, _New.booked_on)


def _found(own: ColumnElement[bool], *which: ColumnElement[bool]) -> list[Correction]:
    """`LedgerEntry` is the entry that takes back. One statement, and what names of subjects
    load."""
    statement = (
        select(LedgerEntry, _New)
        .outerjoin(_New, _New.corrects_id == LedgerEntry.reversal_of_id)
        .where(LedgerEntry.reversal_of_id.is_not(None), own, *which)
        .options(
            joinedload(LedgerEntry.reversal_of).options(
                *(joinedload(getattr(LedgerEntry, of.key)) for of in TYPES)
            )
        )
        .order_by(_booked().desc(), LedgerEntry.id.desc())
    )
    rows: Sequence = db.session.execute(statement).unique().all()
    return [Correction(back.reversal_of, back, new) for back, new in rows]


def _of_filing(filing: Filing) -> ColumnElement[bool]:
    """A county's are all but those of enclaves that file the same for themselves."""
    if filing.enclave_id is not None:
        return LedgerEntry.enclave_id == filing.enclave_id
    if filing.region_id is None:
        return false()
    own = of_place(filing.region_id)
    themselves = filing_themselves(filing.year, filing.kind)
    return own & or_(LedgerEntry.enclave_id.is_(None), LedgerEntry.enclave_id.not_in(themselves))
