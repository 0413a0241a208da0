"""What sources say of a record, field by field, with differing values side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.provenance.labels import FIELD_LABELS
from tracker.provenance.models import SourcedValue


@dataclass(frozen=True)
class Said:
    """All that is said of one field; `differing` where the sources do not agree."""

    label: str
    values: list[SourcedValue]
    differing: bool


def said_of(values: Iterable[SourcedValue]) -> list[Said]:
    """The statements by field, in the order of the labels; the adopted one of each first."""
    found: dict[str, list[SourcedValue]] = {}
    for value in values:
        found.setdefault(value.field, []).append(value)
    order = [*FIELD_LABELS, *(field for field in found if field not in FIELD_LABELS)]
    return [
        Said(
            FIELD_LABELS.get(field, "其他"),
            sorted(found[field], key=lambda value: (not value.adopted, value.id)),
            field != "note" and len({value.text for value in found[field]}) > 1,
        )
        for field in order
        if field in found
    ]
