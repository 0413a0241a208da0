"""One way to put a sample sum into the ledger, and one to report a sample figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.core.quantities.days import quarter_end
from tracker.exchange.sampledata.draw import quarters
from tracker.exchange.sampledata.scene import Scene
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.models import OperatingFigure
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.villages.models import DemonstrationVillage

_COLUMNS = {
    Enclave: "enclave_id",
    Park: "park_id",
    Pairing: "pairing_id",
    DemonstrationVillage: "demonstration_village_id",
}


def pay(
    scene: Scene,
    of: Enclave | Park | Pairing | DemonstrationVillage,
    kind: EntryKind,
    amount: Decimal,
    on: date,
    **details: object,
) -> int | None:
    """A submitted entry of `amount` 元; nothing where the amount is nought. Its id."""
    if not amount:
        return None
    return scene.rows.add(
        LedgerEntry,
        on,
        **{_COLUMNS[type(of)]: of.id},
        kind=kind,
        amount=amount,
        occurred_on=on,
        voucher="示例凭证",
        **details,
    )


def report(scene: Scene, of: Enclave | Park, year: int, item: Item, value: Decimal | int) -> None:
    """A year's figure in the unit of `item`: a flow in four parts, a stock as it stands at the end
    of each quarter."""
    values = quarters(Decimal(value)) if MEANINGS[item].is_flow else [Decimal(value)] * 4
    for number, part in enumerate(values, 1):
        scene.rows.add(
            OperatingFigure,
            quarter_end(year, number),
            **{_COLUMNS[type(of)]: of.id},
            year=year,
            quarter=number,
            item=item,
            value=part,
        )
