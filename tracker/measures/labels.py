"""What a measure is called, with the prefixes that a rulebook may put before its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.measures.catalogue import CATALOGUE
from tracker.scoring import score_label

PREFIX_LABELS = {"target": "目标", "prior": "上年", "baseline": "基期"}


@dataclass(frozen=True)
class MeasureWords:
    """What a measure is called on a scorecard, and its unit."""

    label: str
    unit: str


def words_of(name: str) -> MeasureWords | None:
    """The words for a measure, its target or an earlier year of it; None for a name that the
    catalogue lacks."""
    prefix, _, rest = name.partition(".")
    prefixed = prefix in PREFIX_LABELS
    measure = CATALOGUE.measures.get(rest if prefixed else name)
    if measure is None:
        return None
    label = f"{measure.label}（{PREFIX_LABELS[prefix]}）" if prefixed else measure.label
    return MeasureWords(label, measure.unit)


def label_of(name: str) -> str | None:
    """The label of a measure as `words_of` has it, or of the mean of lower sheets
    (`score.enclave.income`); None for a name that neither knows."""
    if name.startswith("score."):
        return score_label(name)
    words = words_of(name)
    return words and words.label


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """The labels of `names` that have one."""
    return {name: label for name in names if (label := label_of(name)) is not None}
