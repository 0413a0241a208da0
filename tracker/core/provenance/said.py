"""What sources say of a record, field by field, with differing values side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.core.provenance.labels import FIELD_LABELS
from tracker.core.provenance.models import Source, SourcedValue


@dataclass(frozen=True)
class Wording:
    """One wording with the sources that use it; `adopted` if the record carries it."""

    text: str
    adopted: bool
    sources: list[Source]


@dataclass(frozen=True)
class Said:
    """All that is said of one field; `differing` where the sources do not agree."""

    label: str
    values: list[Wording]
    differing: bool


def said_of(values: Iterable[SourcedValue]) -> list[Said]:
    """The statements by field, in the order of the labels; the adopted one of each first."""
    found: dict[str, dict[str, list[SourcedValue]]] = {}
    for value in values:
        wording = f"{value.precision.label}{value.text}"
        found.setdefault(value.field, {}).setdefault(wording, []).append(value)
    order = [*FIELD_LABELS, *(field for field in found if field not in FIELD_LABELS)]
    return [_said(field, found[field]) for field in order if field in found]


def _said(field: str, wordings: dict[str, list[SourcedValue]]) -> Said:
    values = [
        Wording(text, any(said.adopted for said in of), [said.source for said in of])
        for text, of in wordings.items()
    ]
    values.sort(key=lambda wording: not wording.adopted)
    return Said(FIELD_LABELS.get(field, "其他"), values, field != "note" and len(values) > 1)
