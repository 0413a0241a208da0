"""What a simulation supposes, as its address says it: read with every fault, and written shortly.

`f=returns.paid~990` is a fact of the page's own subject, `f=SHEET~CODE~returns.paid~990`
one of another, in the unit of the measure; a value of `-` is "not reported". `w=3~points~30` is a
figure of line 3 of the page's rulebook, `w=SHEET~3~points~30` of another. What was typed into the
form comes as `v.MEASURE` and `k.LINE~PATH`, in the units of the form, with `set`; the page answers
with the short address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tracker.core.quantities.reading import parse_number
from tracker.engine.scoring import Number, exact, plain
from tracker.records.determinations.values import TYPES, YES_OR_NO, fault_in
from tracker.year.assessments.scored import ScoredSnapshot
from tracker.year.assessments.simulating import OtherFact, facts_read
from tracker.year.assessments.weights import (
    MOST_PLACES,
    OtherWeight,
    Weight,
    weights_by_path,
)

LONGEST = 16_000  # characters of an address
MOST = 60  # changes at once
UNREPORTED, UNREPORTED_WORD = "-", "未报"
_PARTS = "~"
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?")
_LARGEST = Decimal(10) ** 12
_YES_NO = {"是": 1, "1": 1, "否": 0, "0": 0}

FactKey = tuple[str, str, str]
WeightKey = tuple[str, str, str]


@dataclass
class Supposed:
    """What an address supposes, by (sheet, code, measure) and (sheet, line, path); what was typed
    and is at fault, with the fault; `faults` are those of no field."""

    facts: dict[FactKey, Number | None] = field(default_factory=dict)
    weights: dict[WeightKey, Decimal] = field(default_factory=dict)
    wrong_facts: dict[FactKey, tuple[str, str]] = field(default_factory=dict)
    wrong_weights: dict[WeightKey, tuple[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is at fault."""
        return not (self.faults or self.wrong_facts or self.wrong_weights)

    def other_facts(self) -> list[OtherFact]:
        """The facts, as a simulation takes them."""
        return [OtherFact(*key, value) for key, value in self.facts.items()]

    def other_weights(self, sheet: str) -> list[OtherWeight]:
        """The figures of a rulebook, as `weighted` takes them."""
        return [OtherWeight(*key, value) for key, value in self.weights.items() if key[0] == sheet]

    def parameters(self, sheet: str, code: str) -> dict[str, list[str]]:
        """The short address on the page of a subject."""
        found: dict[str, list[str]] = {}
        for (of, whose, measure), value in self.facts.items():
            head = () if (of, whose) == (sheet, code) else (of, whose)
            text = UNREPORTED if value is None else plain(value)
            found.setdefault("f", []).append(_PARTS.join((*head, measure, text)))
        for (of, line, path), figure in self.weights.items():
            before = () if of == sheet else (of,)
            text = plain(exact(figure))
            found.setdefault("w", []).append(_PARTS.join((*before, line, path, text)))
        return found


def supposing(fact: OtherFact) -> Supposed:
    """One fact, and nothing else."""
    return Supposed({(fact.sheet, fact.code, fact.measure): fact.value})


def fact_parameter(fact: OtherFact, sheet: str, code: str) -> str:
    """A fact as `f=` says it on the page of a subject."""
    return supposing(fact).parameters(sheet, code)["f"][0]


class Reader:
    """Reads what an address supposes on the page of a subject."""

    def __init__(self, points: ScoredSnapshot, sheet: str, code: str) -> None:
        self.points, self.sheet, self.code = points, sheet, code
        self.units = {name: of["unit"] for name, of in points.document["measures"].items()}

    def read(self, facts: Sequence[str], weights: Sequence[str]) -> Supposed:
        """What `f=` and `w=` say; what cannot be read is a fault of its field, or of none."""
        found = Supposed()
        for text in facts[: MOST + 1]:
            self._fact(found, text)
        for text in weights[: MOST + 1]:
            self._weight(found, text)
        if len(facts) + len(weights) > MOST:
            found.faults.append(f"一次最多改动 {MOST} 项，请分几次测算。")
        return found

    def typed(
        self, found: Supposed, at: tuple[str, str], values: Mapping[str, str], figures: Mapping
    ) -> None:
        """Put in what was typed: `values` by measure of the sheet `at`, `figures` by (line, path)
        of the page's own rulebook; what is left empty is as it is frozen."""
        for measure, text in values.items():
            key = (*at, measure)
            if fault := self._unknown(key):
                found.faults.append(fault)
                continue
            found.facts.pop(key, None)
            found.wrong_facts.pop(key, None)
            if text:
                try:
                    value = typed_value(text, self.units[measure])
                except ValueError as error:
                    found.wrong_facts[key] = text, str(error)
                else:
                    if value != self._now(key):
                        found.facts[key] = value
        for (line, path), text in figures.items():
            weight = (self.sheet, line, path)
            if weight[1:] not in self._known(self.sheet):
                found.faults.append("细则中没有要改动的分值，请从本页重新填写。")
                continue
            found.weights.pop(weight, None)
            found.wrong_weights.pop(weight, None)
            if text:
                self._put_weight(found, weight, text)
        if len(found.facts) + len(found.weights) > MOST:
            found.faults.append(f"一次最多改动 {MOST} 项，请分几次测算。")

    def _fact(self, found: Supposed, text: str) -> None:
        parts = text.split(_PARTS)
        if len(parts) == 2:
            parts = [self.sheet, self.code, *parts]
        if len(parts) < 4:
            found.faults.append("地址中有一项改动不完整，请从本页重新填写。")
            return
        # A code may hold the mark, a measure and a figure do not.
        key = (parts[0], _PARTS.join(parts[1:-2]), parts[-2])
        if fault := self._unknown(key):
            found.faults.append(fault)
            return
        unit = self.units[key[2]]
        if parts[-1] == UNREPORTED:
            found.facts[key] = None
        elif not _DECIMAL.fullmatch(parts[-1]):
            found.wrong_facts[key] = parts[-1][:20], "请填写数字。"
        elif fault := _fault(unit, Decimal(parts[-1])):
            found.wrong_facts[key] = _shown(Decimal(parts[-1]), unit), fault
        else:
            found.facts[key] = exact(Decimal(parts[-1]))

    def _weight(self, found: Supposed, text: str) -> None:
        parts = text.split(_PARTS)
        if len(parts) == 3:
            parts = [self.sheet, *parts]
        key = (parts[0], parts[1], _PARTS.join(parts[2:-1])) if len(parts) >= 4 else ("", "", "")
        if key[0] not in self.points.sheets or key[1:] not in self._known(key[0]):
            found.faults.append("细则中没有要改动的分值，请从本页重新填写。")
            return
        self._put_weight(found, key, parts[-1])

    def _put_weight(self, found: Supposed, key: WeightKey, text: str) -> None:
        try:
            value = parse_number(text[:40], signed=True)
        except ValueError as error:
            found.wrong_weights[key] = text[:20], str(error)
            return
        if abs(value) >= _LARGEST:
            found.wrong_weights[key] = text[:20], "数字过大，请核对。"
        elif value != round(value, MOST_PLACES):
            found.wrong_weights[key] = text[:20], f"最多 {MOST_PLACES} 位小数。"
        elif value != self._known(key[0])[key[1:]].now:
            found.weights[key] = value

    def _unknown(self, key: FactKey) -> str:
        sheet = self.points.sheets.get(key[0])
        try:
            card = sheet.card(key[1]) if sheet else None
        except KeyError:
            card = None
        if card is None:
            return "快照中没有要改动的评分表，请从本页重新填写。"
        if not any(key[2] in names for names in facts_read(card).values()):
            return "评分表不取用要改动的数据，请从本页重新填写。"
        return ""

    def _now(self, key: FactKey) -> Number | None:
        return self.points.sheets[key[0]].card(key[1]).subject.measures.get(key[2])

    def _known(self, sheet: str) -> Mapping[tuple[str, str], Weight]:
        return weights_by_path(self.points, self.points.sheets[sheet])


def typed_value(text: str, unit: str) -> Number | None:
    """The value of a measure in `unit` as a person types it: shares in per cent, 是 or 否; None
    for 未报. Raises ValueError with a message."""
    if text in (UNREPORTED, UNREPORTED_WORD):
        return None
    if unit == YES_OR_NO:
        if text not in _YES_NO:
            raise ValueError("请填 1（是）或 0（否）。")
        return _YES_NO[text]
    kind = TYPES.get(unit)
    scale = kind.scale if kind else 1
    value = parse_number(text[:40], unit="%" if scale == 100 else unit) / scale
    if fault := _fault(unit, value):
        raise ValueError(fault)
    return exact(value)


def written_value(value: Number, unit: str) -> str:
    """A value as a person types it."""
    kind = TYPES.get(unit)
    return plain(value * kind.scale if kind else value)


def _shown(value: Decimal, unit: str) -> str:
    return written_value(exact(value), unit)


def _fault(unit: str, value: Decimal) -> str:
    if unit != YES_OR_NO and unit not in TYPES:
        return "这项数据不能模拟。"
    return "数字过大，请核对单位。" if value >= _LARGEST else fault_in(unit, value)
