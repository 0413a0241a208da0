"""Last year's values (`prior.*`), from last year's final snapshot once there is one: what a county
had then stands, whatever its records say since (rule R21)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.rosters import ROSTERS
from tracker.year.measures.collect import Fact, Facts
from tracker.year.measures.declare import SubjectKind
from tracker.year.measures.records import RecordText

PREFIX = "prior."
NOT_REPORTED = "上年定稿时未报"

_Final = Callable[[int, int | None], Snapshot | None]
# Tells the final snapshot of a year; the feature above that makes years final.
_final: list[_Final] = []


def tells_final(final: _Final) -> _Final:
    """Let a feature above tell with which snapshot a year was made final."""
    _final.append(final)
    return final


class FinalYear:
    """The final snapshot of a year, asked for values. `reference` names it as a record."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._document: Mapping[str, Any] = json.loads(snapshot.content)
        self._year, self._sha256 = snapshot.year, snapshot.sha256
        self.reference = f"snapshots:{snapshot.id}"

    @property
    def words(self) -> RecordText:
        """As a record of cards."""
        samples = any(each["origin"] == "sample" for each in self._document["records"].values())
        text = f"{self._year}年度定稿的数据（快照 {self._sha256[:12]}）"
        return RecordText(text, "", "sample" if samples else "entered", "", "")

    def standing_for(self, facts: Facts, codes: Mapping[int, str], subject: SubjectKind) -> Facts:
        """`facts` with the values of last year as they were made final, for those measures that a
        card of the subject read then; all else as it is."""
        then = self._values(subject)
        return {
            record_id: {
                name: self._fact(then.get(codes[record_id]), name, fact)
                for name, fact in of_one.items()
            }
            for record_id, of_one in facts.items()
        }

    def _fact(self, then: Mapping[str, str | None] | None, name: str, fact: Fact) -> Fact:
        measure = name.removeprefix(PREFIX)
        if then is None or measure == name or measure not in then:
            return fact
        value = then[measure]
        if value is None:
            return Fact(None, reason=NOT_REPORTED)
        return Fact(value, (self.reference,))

    def _values(self, subject: SubjectKind) -> dict[str, dict[str, str | None]]:
        """By the subject's code, each measure that its cards read, None where none was reported."""
        found: dict[str, dict[str, str | None]] = {}
        for kind, sheet in self._document["sheets"].items():
            roster = ROSTERS.get(kind)
            if roster is None or roster.measures is not subject:
                continue
            reasons = sheet["reasons"][RulingLevel.PROVINCE.value]
            for each in sheet["facts"][RulingLevel.PROVINCE.value]["subjects"]:
                of_one = found.setdefault(each["code"], {})
                of_one.update(each["measures"])
                of_one.update(_missing(each["measures"], reasons.get(each["code"], {})))
        return found


def _missing(measures: Mapping[str, str], reasons: Mapping[str, str]) -> Iterator[tuple[str, None]]:
    """What has a reason and no value was asked for and not reported."""
    for name in reasons:
        if name not in measures:
            yield name, None


def final_year(year: int, owner: int | None = None) -> FinalYear | None:
    """The final snapshot of `year` of an owner; None while there is none."""
    for final in _final:
        if (snapshot := final(year, owner)) is not None:
            return FinalYear(snapshot)
    return None
