"""Posting: all drafts of the grid become records in one unit, by the rules of the forms; or none
does. What will be made is said first, with what is unusual of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import select

from tracker.core.db import Origin, Precision, db
from tracker.core.db.audit import because
from tracker.core.db.doubted import AnsweredDoubt
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import QUARTER_NAMES
from tracker.core.quantities.shown import wan
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.evidence import service as evidence
from tracker.records.ledger import doubts as ledger_doubts
from tracker.records.ledger import queries as ledger_queries
from tracker.records.ledger import service as ledger
from tracker.records.ledger.models import LedgerEntry
from tracker.records.operations import doubts as figure_doubts
from tracker.records.operations.models import OperatingFigure
from tracker.records.quarters.cells import Cell, Row, Sheet, with_unit
from tracker.records.quarters.fields import Sort
from tracker.records.quarters.service import NotTheirsError, why_not
from tracker.web.kit.acts import change
from tracker.web.plausibility import Doubt, keys_of

_GOES_OVER = ("kind", "period_from", "purpose", "villages", "voucher", "note", "source_id")


class OvertakenError(ToldError):
    """What is on record changed after some drafts were typed, and nobody confirmed them since."""


class FaultyError(ToldError):
    """Some cells cannot be posted; their faults stand in the plan."""


@dataclass(frozen=True)
class Posting:
    """What becomes of one cell. `amount`: what is entered, 元 or the unit of the column; `on` the
    day of a sum of money, `begin` where it covers a span that ends there. Without `makes` there is
    no record to make: of a nought the cell says it, and what is on record stands. `corrects`: the
    entry in whose place one of `amount` is put, since less is typed than is on record."""

    cell: Cell
    name: str
    amount: Decimal
    words: str
    on: date | None = None
    begin: date | None = None
    doubts: Sequence[Doubt] = ()
    makes: bool = True
    corrects: LedgerEntry | None = None


@dataclass(frozen=True)
class Plan:
    """All that posting would do, and the faults that stand against it, by cell."""

    postings: Sequence[Posting]
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def made(self) -> list[Posting]:
        """Those of which records are made."""
        return [each for each in self.postings if each.makes]

    @property
    def noughts(self) -> list[Posting]:
        """Those by which somebody states that there was nothing."""
        return [each for each in self.postings if not each.makes and each.cell.known is None]

    @property
    def same(self) -> list[Posting]:
        """Those that leave what is on record as it is."""
        return [each for each in self.postings if not each.makes and each.cell.known is not None]

    @property
    def corrections(self) -> list[Posting]:
        """Those that correct an entry, which wants a reason."""
        return [each for each in self.postings if each.corrects is not None]

    @property
    def overtaken(self) -> list[Posting]:
        """Those of drafts that were typed before what is on record changed."""
        return [each for each in self.postings if each.cell.overtaken]

    @property
    def doubts(self) -> list[Doubt]:
        """All that is unusual."""
        return [doubt for each in self.postings for doubt in each.doubts]

    @property
    def mark(self) -> str:
        """What the form carries of what the person was shown; another text asks again."""
        said = [f"{each.cell.address}@{each.cell.version}:{each.words}" for each in self.postings]
        said += [each.cell.overtaken for each in self.overtaken]
        said += [doubt.words for doubt in self.doubts]
        return sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def plan(sheet: Sheet) -> Plan:
    """What posting all drafts of `sheet` would do."""
    postings: list[Posting] = []
    faults: dict[str, str] = {}
    for section in sheet.sections:
        for row in section.rows:
            for cell in row.cells:
                if not cell.is_draft or cell.field.sort is Sort.DAY:
                    continue
                if cell.fault:
                    faults[cell.address] = cell.fault
                else:
                    _add(sheet, row, cell, postings, faults)
            _days(row, faults)
    return Plan(postings, faults)


def post(user: User, sheet: Sheet, reason: str = "", *, aware: bool = False) -> int:
    """Make records of all drafts, and give how many cells that were. `reason`: why what is unusual
    is right, and why an entry is corrected; `aware`: that what is on record changed after some were
    typed, and they are right all the same. Raises NotTheirsError, FaultyError, OvertakenError, and
    DoubtedError without a reason where one is asked for."""
    if said := why_not(user, sheet):
        raise NotTheirsError(said)
    of = plan(sheet)
    if of.faults:
        raise FaultyError(f"有 {len(of.faults)} 格须先改正，没有登记。")
    if of.overtaken and not aware:
        raise OvertakenError(f"有 {len(of.overtaken)} 格在填写以后，已登记的数有变动，没有登记。")
    if (of.doubts or of.corrections) and not reason.strip():
        raise ledger_doubts.DoubtedError(of.doubts)
    with because(db.session, f"{sheet.name}填报表登记"):
        for each in of.postings:
            _make(user, sheet, each, reason)
            if not each.amount and each.cell.draft is not None and each.cell.known is None:
                # Also where the year so far was typed: what stands is that this quarter had none.
                each.cell.draft.typed, each.cell.draft.value = "0", Decimal(0)
                each.cell.draft.cumulative = False
        moment = now()
        for cell in sheet.drafted:
            assert cell.draft is not None
            cell.draft.posted_at = moment
            cell.draft.version += 1
    db.session.flush()
    return len(of.postings)


# -- what becomes of a cell


def _add(
    sheet: Sheet, row: Row, cell: Cell, postings: list[Posting], faults: dict[str, str]
) -> None:
    value = cell.now
    if value is None:
        return
    name = f"{row.name}{cell.field.label}"
    if value == 0 and cell.known is None and cell.field.sort is not Sort.FIGURE:
        postings.append(Posting(cell, name, value, f"{name}：本季没有（0）", makes=False))
    elif cell.known is not None and value == cell.known.value:
        postings.append(
            Posting(cell, name, Decimal(0), f"{name}：与已登记的相同，不变", makes=False)
        )
    elif cell.field.sort is Sort.FIGURE:
        _add_figure(sheet, row, cell, name, value, postings)
    elif cell.field.sort is Sort.MONEY:
        _add_money(sheet, row, cell, name, value, postings, faults)


def _add_figure(
    sheet: Sheet, row: Row, cell: Cell, name: str, value: Decimal, postings: list[Posting]
) -> None:
    words = f"{name}：{with_unit(cell.field, value)}"
    if cell.known is not None:
        words += f"（原为 {with_unit(cell.field, cell.known.value)}）"
    found = figure_doubts.doubts_of(
        cell.field.item,
        value,
        sheet.year,
        sheet.quarter,
        **{f"{cell.column}_id": cell.subject.id},
    )
    postings.append(Posting(cell, name, value, words, doubts=_named(row.name, found)))


def _add_money(
    sheet: Sheet,
    row: Row,
    cell: Cell,
    name: str,
    value: Decimal,
    postings: list[Posting],
    faults: dict[str, str],
) -> None:
    amount = value - (Decimal(0) if cell.known is None else cell.known.value)
    own = next(
        (c for c in row.cells if c.field.sort is Sort.DAY and c.field.name == cell.field.name), None
    )
    begin = None
    if own is not None:
        if own.fault:
            return  # said at the cell of the day
        on = own.day if own.is_draft or cell.known is None else None
        if on is None:
            again = "本季已登记过一笔，请填补登这一笔的日期。" if cell.known is not None else ""
            faults[own.address] = again or "请填这笔款项到账或支付的日期。"
            return
    else:
        on, begin = min(sheet.last, today()), sheet.first
    if amount < 0:
        _add_correction(
            sheet, cell, name, value, on if own and own.is_draft else None, postings, faults
        )
        return
    if said := ledger.why_locked(cell.subject, on):
        faults[cell.address] = said
        return
    if twin := ledger_queries.same_as(cell.subject, cell.field.kind, amount, on):
        faults[cell.address] = (
            f"台账中已有一笔类型、金额、日期都相同的（{twin} 号），请先提交或删除那一笔草稿；"
            "确为另一笔的，请在台账登记。"
        )
        return
    words = f"{name}：{wan(amount)} 万元，"
    words += f"{begin} 至 {on}" if begin else f"{on}"
    if cell.known is not None:
        words += f"（本季合计 {wan(value)} 万元，已登记 {wan(cell.known.value)} 万元，补登其余）"
    found = ledger_doubts.doubts_of(cell.subject, cell.field.kind, amount, on)
    postings.append(Posting(cell, name, amount, words, on, begin, _named(row.name, found)))


def _add_correction(
    sheet: Sheet,
    cell: Cell,
    name: str,
    value: Decimal,
    on: date | None,
    postings: list[Posting],
    faults: dict[str, str],
) -> None:
    """Less than is on record: the entry is corrected where the quarter has one alone. `on`: the day
    that was typed for it."""
    known = cell.known
    assert known is not None, "less than what is on record"
    entries = [
        entry
        for entry in ledger_queries.standing_of(cell.subject, [cell.field.kind])
        if sheet.first <= entry.occurred_on <= sheet.last
    ]
    has = f"本季已登记 {with_unit(cell.field, known.value)}"
    if len(entries) != 1:
        faults[cell.address] = (
            f"{has}，共 {len(entries)} 笔，不能由合计看出哪一笔有误。请在台账更正有误的那一笔。"
        )
        return
    (entry,) = entries
    if not value:
        faults[cell.address] = f"{has}（{entry.id} 号）。本季没有这笔的，请在台账冲销它。"
        return
    day = on or entry.occurred_on
    if said := ledger.why_locked(cell.subject, day) or ledger.why_locked(
        cell.subject, entry.occurred_on
    ):
        faults[cell.address] = said
        return
    words = f"{name}：{entry.id} 号由 {wan(known.value)} 万元更正为 {wan(value)} 万元，{day}"
    found = ledger_doubts.doubts_of(cell.subject, cell.field.kind, value, day, without=(entry.id,))
    postings.append(
        Posting(cell, name, value, words, day, doubts=_named(name, found), corrects=entry)
    )


def _days(row: Row, faults: dict[str, str]) -> None:
    """A day stands for a payment: by itself it says nothing."""
    for cell in row.cells:
        if cell.field.sort is not Sort.DAY or not cell.is_draft:
            continue
        money = next(
            c for c in row.cells if c.field.sort is Sort.MONEY and c.field.name == cell.field.name
        )
        if cell.fault:
            faults[cell.address] = cell.fault
        elif not money.is_draft and money.known is not None:
            faults[cell.address] = (
                "已登记的款项不能在这里改日期，请更正原笔；另有一笔的，金额请填本季合计。"
            )
        elif not money.is_draft:
            faults[cell.address] = f"填了日期，没有填{money.field.label}的金额。"


def _named(name: str, found: Sequence[Doubt]) -> list[Doubt]:
    return [Doubt(each.rule, f"{name}：{each.words}") for each in found]


# -- making it


def _make(user: User, sheet: Sheet, of: Posting, reason: str) -> None:
    if not of.makes:
        return
    if of.corrects is not None:
        _correct(user, of, of.corrects, reason)
        return
    if of.cell.field.sort is Sort.MONEY:
        values = {
            "kind": of.cell.field.kind,
            "amount": of.amount,
            "occurred_on": of.on,
            "period_from": of.begin,
            "note": f"{sheet.year}年{QUARTER_NAMES[sheet.quarter]}填报表",
        }
        ledger.submit(user, ledger.draft(user, of.cell.subject, values), reason)
        return
    figure = _figure(user, sheet, of)
    if of.doubts:
        db.session.add(
            AnsweredDoubt(
                table_name=OperatingFigure.__tablename__,
                record_id=figure.id,
                name=f"{of.name} {sheet.year}年{QUARTER_NAMES[sheet.quarter]}"[:300],
                region_id=sheet.region.id,
                year=sheet.year,
                rules=keys_of(of.doubts),
                words="\n".join(doubt.words for doubt in of.doubts),
                reason=reason.strip(),
                answered_by_id=user.id,
            )
        )


def _correct(user: User, of: Posting, entry: LedgerEntry, reason: str) -> None:
    """What was told of the entry goes over to the one in its place, but for amount and day."""
    values = {column: getattr(entry, column) for column in _GOES_OVER}
    values |= {"amount": of.amount, "precision": Precision.EXACT, "occurred_on": of.on}
    proofs = {link.id for link in evidence.proofs_of(entry)}
    ledger.correct(user, entry, values, reason, reason, proofs)


def _figure(user: User, sheet: Sheet, of: Posting) -> OperatingFigure:
    cell = of.cell
    key = getattr(OperatingFigure, f"{cell.column}_id")
    there = db.session.scalar(
        select(OperatingFigure).where(
            key == cell.subject.id,
            OperatingFigure.year == sheet.year,
            OperatingFigure.quarter == sheet.quarter,
            OperatingFigure.item == cell.field.item,
        )
    )
    if there is not None:
        change(there, {"value": of.amount, "precision": Precision.EXACT}, there.version)
        return there
    sample = cell.subject.origin is Origin.SAMPLE
    figure = OperatingFigure(
        year=sheet.year,
        quarter=sheet.quarter,
        item=cell.field.item,
        value=of.amount,
        origin=Origin.SAMPLE if sample else Origin.ENTERED,
    )
    setattr(figure, f"{cell.column}_id", cell.subject.id)
    db.session.add(figure)
    db.session.flush()
    return figure
