"""The columns of the quarter's grid: they follow from what money belongs to (`ledger.subjects`),
from the items of sites (`operations.items`) and from the kinds of exchange (`exchanges.sums`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.core.quantities.figure import WAN_YUAN, YUAN
from tracker.core.quantities.units import WAN
from tracker.records.exchanges import sums as exchanges
from tracker.records.ledger.models import EntryKind
from tracker.records.ledger.subjects import TYPES, SubjectType
from tracker.records.operations.items import ASKED, MEANINGS, Item


class Sort(StrEnum):
    """What a column holds."""

    MONEY = "money"
    DAY = "day"  # of the payment in the column before
    FIGURE = "figure"  # of a site
    COUNT = "count"  # added up from records; a nought alone is stated


# Sums over a quarter that many payments make up; all other money is one payment with its own day.
OF_A_SPAN = frozenset(
    {
        EntryKind.FUNDS_IN_PLACE,
        EntryKind.COMPLETED_INVESTMENT,
        EntryKind.GOVERNMENT_INVESTMENT,
        EntryKind.SOCIAL_INVESTMENT,
        EntryKind.INFRASTRUCTURE_INVESTMENT,
        EntryKind.TAX,
        EntryKind.RETAINED_TAX,
    }
)
# What every living project reports each quarter, whether it had any or not.
OF_EVERY_PROJECT = frozenset({EntryKind.FUNDS_IN_PLACE, EntryKind.COMPLETED_INVESTMENT})


@dataclass(frozen=True)
class Field:
    """One column. `unit` is what is typed without a unit, `scale` turns it into what is kept
    (万元 into 元). Quarters of a `flow` add up to the year; of the others the last one stands."""

    sort: Sort
    name: str
    label: str
    unit: str
    flow: bool = True
    definition: str = ""
    scale: Decimal = Decimal(1)

    @property
    def key(self) -> str:
        """What the cell keeps: money.rebate, day.rebate, figure.output, count.visits."""
        return f"{self.sort.value}.{self.name}"

    @property
    def is_number(self) -> bool:
        """Whether it holds a figure and no day."""
        return self.sort is not Sort.DAY

    @property
    def kind(self) -> EntryKind:
        """The kind of money of a sum or of its day."""
        return EntryKind(self.name)

    @property
    def item(self) -> Item:
        """The item of a figure."""
        return Item(self.name)


@dataclass(frozen=True)
class SectionKind:
    """A part of the grid: the subjects of one type, and their columns of one sort."""

    key: str
    title: str
    of: SubjectType
    fields: Sequence[Field]


def _money(kind: EntryKind) -> Iterator[Field]:
    yield Field(Sort.MONEY, kind.value, kind.label, WAN_YUAN, scale=WAN)
    if kind not in OF_A_SPAN:
        yield Field(Sort.DAY, kind.value, f"{kind.label}日期", "", flow=False)


def _figure(item: Item) -> Field:
    meaning = MEANINGS[item]
    return Field(
        Sort.FIGURE, item.value, item.label, meaning.unit, meaning.is_flow, meaning.definition
    )


def _count(kind: exchanges.ExchangeKind) -> Field:
    unit, scale = (WAN_YUAN, WAN) if kind.unit == YUAN else (kind.unit, Decimal(1))
    return Field(Sort.COUNT, kind.key, kind.label, unit, scale=scale)


def _sections() -> Iterator[SectionKind]:
    for of in TYPES:
        money = [field for kind in of.kinds for field in _money(kind)]
        yield SectionKind(of.key, f"{of.label}资金", of, money)
        if of.key in ("enclave", "park"):
            yield SectionKind(
                f"{of.key}_figures", f"{of.label}运营数", of, [_figure(item) for item in ASKED]
            )
        if of.key == "pairing":
            counts = [_count(kind) for kind in exchanges.KINDS]
            yield SectionKind("exchanges", "交流与帮扶", of, counts)


SECTIONS: tuple[SectionKind, ...] = tuple(_sections())
