"""The columns of a card side by side as each stage froze them, and what made the difference: which
fact, decided or changed by whom, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.engine.scoring import Scorecard, changes
from tracker.records.determinations.models import Determination, RulingLevel
from tracker.year.assessments.changes import Vocabulary
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.procedure.models import Act

# Which column of its snapshot a stage stands for.
_COLUMNS = {
    Act.SELF_CLOSED: ("自评", RulingLevel.COUNTY),
    Act.CITY_CLOSED: ("初审", RulingLevel.CITY),
    Act.NOTIFIED: ("复核", RulingLevel.PROVINCE),
    Act.FINALISED: ("定稿", RulingLevel.PROVINCE),
}


@dataclass(frozen=True)
class StageColumn:
    """The column of a stage in the snapshot that the stage froze."""

    label: str
    level: RulingLevel
    snapshot: Snapshot

    @property
    def points(self) -> ScoredSnapshot:
        """The points of its snapshot."""
        return scored_of(self.snapshot)

    def sheet(self, code: str) -> ScoredSheet | None:
        """A sheet of its snapshot."""
        return self.points.sheets.get(code)

    def card(self, sheet: str, code: str) -> Scorecard | None:
        """A card in its column; None where the snapshot has none."""
        found = self.sheet(sheet)
        if found is None or code not in found.frozen["subjects"]:
            return None
        return found.card(code, self.level)


def stage_columns(snapshots: Mapping[Act, Snapshot]) -> list[StageColumn]:
    """The columns that were frozen, in the order of the course."""
    return [StageColumn(*_COLUMNS[act], snapshots[act]) for act in _COLUMNS if act in snapshots]


@dataclass(frozen=True)
class LineDifference:
    """A line that another column gives other points: its sentence, and who changed what."""

    line: str
    words: str
    causes: tuple[str, ...]


@dataclass(frozen=True)
class StageDifference:
    """What changed from one column to the next."""

    before: StageColumn
    after: StageColumn
    difference: Decimal | None
    lines: tuple[LineDifference, ...]


def differences(columns: Sequence[StageColumn], sheet: str, code: str) -> list[StageDifference]:
    """From each column of a card to the next; one statement, for who ruled."""
    found = []
    deciders = _deciders(columns, sheet, code)
    for before, after in pairwise(columns):
        then, now = before.card(sheet, code), after.card(sheet, code)
        if then is None or now is None:
            continue
        difference = now.total - then.total if then.assessed and now.assessed else None
        lines = tuple(_lines(before, after, sheet, code, deciders))
        found.append(StageDifference(before, after, difference, lines))
    return found


def _deciders(columns: Sequence[StageColumn], sheet: str, code: str) -> dict[int, Determination]:
    """The rulings on a card's facts that the snapshots name, by number, with who ruled."""
    ids = {
        _number(ruling)
        for column in columns
        if (found := column.sheet(sheet)) is not None
        for of_fact in _rulings(column, found, code).values()
        for ruling in of_fact
    }
    wanted = select(Determination).where(Determination.id.in_(ids))
    rows = db.session.scalars(wanted.options(joinedload(Determination.ruled_by)))
    return {row.id: row for row in rows}


def _number(ruling: Mapping[str, Any]) -> int:
    return int(ruling["reference"].partition(":")[2])


def _lines(
    before: StageColumn,
    after: StageColumn,
    sheet: str,
    code: str,
    deciders: Mapping[int, Determination],
) -> list[LineDifference]:
    then, now = before.sheet(sheet), after.sheet(sheet)
    if then is None or now is None:
        return []
    words = Vocabulary.of(before.points, after.points)
    changed = changes(then.results[before.level], now.results[after.level], words.labels)
    of_card = next((each for each in changed.sheets if each.subject == code), None)
    if of_card is None:
        return []
    rulings = _rulings(after, now, code)
    return [
        LineDifference(
            line.line,
            words.line(line),
            tuple(
                said
                for name in _measures(now, code, after.level, line.line)
                for ruling in rulings.get(name, ())
                if (said := _who(ruling, words.labels.get(name, name), after.level, deciders))
            ),
        )
        for line in of_card.lines
    ]


def _measures(sheet: ScoredSheet, code: str, level: RulingLevel, line: str) -> tuple[str, ...]:
    return next(
        (tuple(each.inputs) for each in sheet.card(code, level).lines if each.code == line), ()
    )


def _rulings(
    column: StageColumn, sheet: ScoredSheet, code: str
) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    of_sheet = column.points.document["annex"]["rulings"].get(sheet.rulebook.subject, {})
    for ruling in of_sheet.get(code, ()):
        found.setdefault(ruling["measure"], []).append(ruling)
    return found


def _who(
    ruling: Mapping[str, Any],
    label: str,
    column: RulingLevel,
    deciders: Mapping[int, Determination],
) -> str:
    """Who ruled so and why; "" for a ruling that the column does not go by."""
    level = RulingLevel(ruling["level"])
    if not ruling["stands"] or list(RulingLevel).index(level) > list(RulingLevel).index(column):
        return ""
    row = deciders.get(_number(ruling))
    by = row.ruled_by.display_name if row is not None and row.ruled_by else "系统"
    what = "更正" if ruling["ruling"] == "corrected" else "不予认定"
    return f"{label}：{level.label}{what}（{by}，{ruling['on']}）：{ruling['reason']}"
