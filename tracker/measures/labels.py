"""What a measure is called, with the prefixes that a rulebook may put before its name."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.measures.catalogue import CATALOGUE
from tracker.scoring import SUBJECTS

PREFIX_LABELS = {"target": "目标", "prior": "上年", "baseline": "基期"}


def label_of(name: str) -> str | None:
    """The label of a measure, of its target or earlier year, or of the mean of lower sheets
    (`score.enclave.income`); None for a name that the catalogue lacks."""
    prefix, _, rest = name.partition(".")
    if prefix == "score":
        return f"{SUBJECTS.get(rest, '产业园')}得分均值"
    prefixed = prefix in PREFIX_LABELS
    measure = CATALOGUE.measures.get(rest if prefixed else name)
    if measure is None:
        return None
    return f"{measure.label}（{PREFIX_LABELS[prefix]}）" if prefixed else measure.label


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """The labels of `names` that have one."""
    return {name: label for name in names if (label := label_of(name)) is not None}
