"""What a contract owes and what was paid, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.core.quantities.figure import Figure, yuan
from tracker.core.quantities.precision import ABOUT, AT_LEAST, AT_MOST, EXACT
from tracker.records.enclaves.models import CapitalBase, Enclave, ReturnTerm, TermKind
from tracker.records.enclaves.returns import (
    CapitalUnknownError,
    Receipt,
    Term,
    due_in_year,
    term_of,
)
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.queries import Sum

SHARED_IN = {EntryKind.RENT: TermKind.RENT_SHARE, EntryKind.RETAINED_TAX: TermKind.TAX_SHARE}


SETTLED, SHORT = "足额", "未足额"


class DueUnknownError(Exception):
    """What falls due rests on something that nobody has reported; the message says on what."""


@dataclass(frozen=True)
class Contract:
    """An enclave's promises with the capital that a rate runs on (元), and the year in which the
    enclave began, for terms that name no start."""

    terms: Sequence[Term]
    village_capital: Decimal | None
    total_capital: Decimal | None
    begun_in: int | None = None


@dataclass(frozen=True)
class ReturnYear:
    """One year: `due` is 元, None where it cannot be known, and `reason` then says why; `paid` the
    rebates of the ledger, None where there are none."""

    year: int
    due: Decimal | None
    paid: Sum | None
    reason: str = ""

    @property
    def owing(self) -> Figure:
        """See `owing`."""
        return owing(self.due, self.paid.figure if self.paid else None)

    @property
    def state(self) -> str:
        """How far the year is settled, no more than what was paid allows to say; "" where what is
        due cannot be known."""
        if self.due is None:
            return ""
        if not self.due and self.paid is None:
            return "无应返"
        if self.paid is None:
            return "未见返利"
        return _STATES[self.owing.value > 0, self.owing.precision]


# Of what is owed: whether it is above 0, and how exactly it is known.
_STATES = {
    (False, EXACT): SETTLED,
    (False, ABOUT): "大致足额",
    (False, AT_LEAST): "是否足额不能确定",
    (True, EXACT): SHORT,
    (True, ABOUT): SHORT,
    (True, AT_LEAST): SHORT,
    (True, AT_MOST): "可能未足额",
}


def owing(due: Decimal | None, paid: Figure | None) -> Figure:
    """What of `due` (元) was not paid. Of what was paid only as a bound it is the turned bound: of
    a payment of at least 100 no more is owed than the rest. 0 where what is due is not known."""
    of = yuan(due or Decimal(0))
    return (of if paid is None else of - paid).above_nought()


def owes(owing: Figure) -> bool:
    """Whether something is owed for certain: not where it is only no more than so much."""
    return owing.value > 0 and owing.precision != AT_MOST


def contract_of(enclave: Enclave, terms: Iterable[ReturnTerm]) -> Contract:
    """The contract of `enclave`, whose `terms` are read already: those that bind."""
    begun = enclave.in_use_on or enclave.started_on or enclave.signed_on
    return Contract(
        [term_of(term) for term in terms if term.binds],
        enclave.village_capital,
        enclave.total_capital,
        begun.year if begun else None,
    )


def return_years(
    contract: Contract, paid: Mapping[int, Sum], receipts: Sequence[Receipt], last: int
) -> list[ReturnYear]:
    """The years from the contract's first, or the first payment's, to `last`, the latest first;
    none where there is neither. A later payment's or contract's year is shown too."""
    starts = [term.starts_on.year for term in contract.terms if term.starts_on]
    if contract.terms and not starts and contract.begun_in:
        starts = [contract.begun_in]
    first = min([*starts, *paid], default=None)
    if first is None:
        return []
    years = range(max(last, *paid, first), first - 1, -1)
    return [_year(contract, year, paid.get(year), receipts) for year in years]


def due(contract: Contract, year: int, receipts: Sequence[Receipt]) -> Decimal:
    """What falls due in `year`, 元; see `due_in_year`.

    Raises DueUnknownError where a rate runs on a capital that is not reported, or a share on rent
    or tax of which the year has no record: a share of what nobody has reported is not a share of
    nothing. So where no promise binds: what nobody has confirmed is not none.
    """
    if not contract.terms:
        raise DueUnknownError("没有经确认的返利约定")
    try:
        amount = due_in_year(
            year, contract.terms, receipts, contract.village_capital, contract.total_capital
        )
    except CapitalUnknownError as error:
        base = CapitalBase(error.args[0]).label
        raise DueUnknownError(f"返利按本金计算，但未填报{base}") from None
    received = {receipt.kind for receipt in receipts if receipt.on.year == year}
    for what, kind in SHARED_IN.items():
        shared = any(term.kind is kind and runs_in(term, year) for term in contract.terms)
        if shared and kind not in received:
            raise DueUnknownError(f"返利含{kind.label}，但台账中没有{year}年的{what.label}记录")
    return amount


def due_of(contract: Contract, year: int, receipts: Sequence[Receipt]) -> Decimal | None:
    """As `due`; None where it cannot be known."""
    return _year(contract, year, None, receipts).due


def _year(
    contract: Contract, year: int, paid: Sum | None, receipts: Sequence[Receipt]
) -> ReturnYear:
    try:
        return ReturnYear(year, due(contract, year, receipts), paid)
    except DueUnknownError as error:
        return ReturnYear(year, None, paid, str(error))


def runs_in(term: Term, year: int) -> bool:
    """Whether a term promises anything for a day of `year`."""
    starts, ends = term.starts_on or date.min, term.ends_on or date.max
    return starts.year <= year <= ends.year
