"""What a measure is called, with the prefixes that a rulebook may put before its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tracker.engine.scoring import score_label
from tracker.year.measures.catalogue import CATALOGUE

PREFIX_LABELS = {"target": "目标", "prior": "上年", "baseline": "基期"}


@dataclass(frozen=True)
class MeasureWords:
    """What a measure is called on a scorecard, its unit, and what is shown for 0 where that does
    not mean nought (未约定), "" where it does; `undone` what is shown where a full value rests on
    no record (未抽查), which no snapshot keeps: its records tell."""

    label: str
    unit: str
    nought: str = ""
    undone: str = ""

    def as_json(self) -> dict[str, str]:
        """As a snapshot keeps it."""
        about = {"label": self.label, "unit": self.unit}
        return about | {"nought": self.nought} if self.nought else about


def words_of(name: str) -> MeasureWords | None:
    """The words for a measure, its target or an earlier year of it; None for a name that the
    catalogue lacks."""
    prefix, _, rest = name.partition(".")
    prefixed = prefix in PREFIX_LABELS
    measure = CATALOGUE.measures.get(rest if prefixed else name)
    if measure is None:
        return None
    label = f"{measure.label}（{PREFIX_LABELS[prefix]}）" if prefixed else measure.label
    # A target of 0 is an issued 0.
    nought = "" if prefix == "target" else measure.nought
    return MeasureWords(label, measure.unit, nought, "" if prefix == "target" else measure.undone)


def undone_words(name: str, value: object, records: Collection[str]) -> str:
    """What stands for a full value that rests on no record (未抽查); "" for any other."""
    words = words_of(name)
    return words.undone if words and value == 1 and not records else ""


def by_rule_words(undone: str) -> str:
    """What stands beside a full value that is shown although it rests on no record; "" where
    `undone` says of none."""
    return f"（{undone}，按办法计）" if undone else ""


def label_of(name: str) -> str | None:
    """The label of a measure as `words_of` has it, or of the mean of lower sheets
    (`score.enclave.income`); None for a name that neither knows."""
    if name.startswith("score."):
        return score_label(name)
    words = words_of(name)
    return words.label if words else None


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """The labels of `names` that have one."""
    return {name: label for name in names if (label := label_of(name)) is not None}


def units_of(names: Collection[str]) -> dict[str, str]:
    """The units of `names` that the catalogue knows, 分 of the means of lower sheets."""
    found = {name: words.unit for name in names if (words := words_of(name))}
    return found | {name: "分" for name in names if name.startswith("score.")}
