"""What stands beside the quarter's grid: why it came back, what bureaus have of it, and the rebates
that wait for their villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.ledger import splitting
from tracker.records.ledger.kinds import entry_name
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.standing import counted
from tracker.records.quarters.cells import Sheet
from tracker.records.submissions import queries as submissions
from tracker.records.submissions.models import IN_HAND, Filing, FilingPart
from tracker.records.submissions.part_kinds import FILING_PARTS, not_given_out, progress_of
from tracker.records.submissions.waiting import reason_words
from tracker.web.kit.kinds import name_of


def reasons_of(sheet: Sheet) -> list[str]:
    """Why the quarter came back, in sentences, as long as it is in hand again."""
    filing = sheet.filing
    if filing is None or not (filing.state in IN_HAND or filing.is_open_again):
        return []
    return [reason_words(each) for each in submissions.reasons_of([filing]).get(filing.id, [])]


@dataclass(frozen=True)
class GivenOut:
    """A part of the quarter that a bureau sees to: which, who, by when, how far; its page, and
    where it is noted that it came back, "" for those who do not note it."""

    part: str
    whose: str
    due_on: date
    back_on: date | None
    progress: Markup
    answer: str
    page: str
    note: str


@dataclass(frozen=True)
class Parts:
    """All parts that were given out, those that are out first; `new`: where another one is, ""
    where none can be."""

    rows: Sequence[GivenOut]
    new: str

    @property
    def back(self) -> int:
        """How many came back."""
        return sum(each.back_on is not None for each in self.rows)


def parts_of(sheet: Sheet, user: User) -> Parts:
    """What bureaus see to of the county's quarter, and of its enclaves' that file for
    themselves."""
    filings: dict[int, Filing] = {each.id: each for each in sheet.filings.values()}
    wanted = select(FilingPart).where(FilingPart.filing_id.in_(filings))
    ordered = wanted.order_by(FilingPart.back_on.is_not(None), FilingPart.due_on, FilingPart.id)
    may_edit = FILING_PARTS.edit is not None and user.may(FILING_PARTS.edit)

    def open_to(filing: Filing | None) -> bool:
        return filing is not None and may_edit and not_given_out(user, filing) is None

    def row(part: FilingPart) -> GivenOut:
        filing = filings[part.filing_id]
        at: dict[str, Any] = {FILING_PARTS.argument: part.id}
        of = "" if filing is sheet.filing else f"{name_of(filing)}："
        return GivenOut(
            f"{of}{part.part.label}",
            " ".join(filter(None, (part.bureau, part.person))),
            part.due_on,
            part.back_on,
            progress_of(part),
            part.answer,
            FILING_PARTS.address(part),
            url_for("filing_parts.edit", **at) if open_to(filing) else "",
        )

    new = FILING_PARTS.new_address(sheet.filing) if open_to(sheet.filing) else ""
    return Parts([row(part) for part in db.session.scalars(ordered)], new)


@dataclass(frozen=True)
class Rebate:
    """A rebate of the quarter of which villages lack a part: its name, what is left (元), how
    many villages have a stake, its own page, where it is split, and whether it has not arrived
    yet (a draft of the ledger, whose shares are still changed)."""

    name: str
    left: Decimal
    staked: int
    entry: str
    address: str
    draft: bool


def rebates_of(sheet: Sheet) -> list[Rebate]:
    """The rebates of the quarter that wait to be shared among villages."""
    enclaves = {row.subject.id for s in sheet.sections for row in s.rows if row.column == "enclave"}
    statement = select(LedgerEntry).where(
        LedgerEntry.enclave_id.in_(enclaves),
        LedgerEntry.kind == EntryKind.REBATE,
        LedgerEntry.occurred_on.between(sheet.first, sheet.last),
        or_(and_(*counted()), LedgerEntry.submitted_at.is_(None)),
    )
    statement = statement.options(joinedload(LedgerEntry.enclave))
    ordered = statement.order_by(LedgerEntry.occurred_on, LedgerEntry.id)
    back = url_for("quarters.page", code=sheet.region.code, year=sheet.year, quarter=sheet.quarter)
    return [
        Rebate(
            f"{name_of(each.entry.subject)} {entry_name(each.entry)}",
            each.left,
            each.staked,
            url_for("ledger.detail", ledger_entry_id=each.entry.id),
            url_for("ledger.split", entry_id=each.entry.id, next=f"{back}#rebates"),
            each.entry.is_draft,
        )
        for each in splitting.waiting(list(db.session.scalars(ordered)))
    ]
