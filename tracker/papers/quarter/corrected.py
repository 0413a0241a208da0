"""The lines of a quarter's form about corrections of locked periods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.papers.quarter.model import CorrectionLine
from tracker.records.ledger.corrections import (
    Correction,
    booked_between,
    corrected_between,
    of_form,
)
from tracker.records.places.models import Region
from tracker.web.kit.kinds import name_of

Lines = tuple[CorrectionLine, ...]


def correction_lines(region: Region, first: date, last: date) -> tuple[Lines, Lines]:
    """What was corrected from `first` to `last`, and what of these days since they were locked."""
    own = of_form(region.id)
    return _lines(booked_between(own, first, last)), _lines(corrected_between(own, first, last))


def _lines(found: Iterable[Correction]) -> Lines:
    return tuple(
        CorrectionLine(
            name=name_of(each.subject),
            kind=(each.new or each.old).kind.label,
            day=(each.new or each.old).occurred_on,
            was=each.old.figure,
            now=each.new.figure if each.new else None,
            booked_on=each.booked_on,
            reason=each.reason,
        )
        for each in found
    )
