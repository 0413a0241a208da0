"""What is asked about an operating figure before it is kept."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.records.operations.items import MEANINGS, Item
from tracker.records.operations.models import OperatingFigure
from tracker.web.plausibility import Doubt, FigureFacts, figure_doubts
from tracker.web.usual import usual_in


def doubts_of(
    item: Item,
    value: Decimal,
    year: int,
    quarter: int,
    *,
    enclave_id: int | None = None,
    park_id: int | None = None,
) -> list[Doubt]:
    """What is unusual of `value` (in the unit of `item`) for a quarter of an enclave or a park,
    beside the same quarter of the year before."""
    before = db.session.scalar(
        select(OperatingFigure.value).where(
            OperatingFigure.enclave_id == enclave_id,
            OperatingFigure.park_id == park_id,
            OperatingFigure.year == year - 1,
            OperatingFigure.quarter == quarter,
            OperatingFigure.item == item,
        )
    )
    unit = MEANINGS[item].unit
    facts = FigureFacts(item.label, value, unit, before, f"{year - 1} 年同季", usual_in(unit))
    return figure_doubts(facts)
