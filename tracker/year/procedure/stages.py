"""The columns of a card side by side as each stage froze them, and what made the difference: which
fact, decided or changed by whom, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from tracker.core.quantities.clock import day_of
from tracker.engine.scoring import Scorecard, changes
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.determinations.queries import standing
from tracker.year.assessments.changes import Vocabulary
from tracker.year.assessments.freeze import GIVEN
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.measures.columns import UNPROVEN
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


Rulings = Mapping[str, Sequence[Determination]]


def differences(
    columns: Sequence[StageColumn], sheet: str, code: str, rulings: Rulings
) -> list[StageDifference]:
    """From each column of a card to the next. `rulings`: all that were made on its facts, by the
    measure's name."""
    found = []
    for before, after in pairwise(columns):
        then, now = before.card(sheet, code), after.card(sheet, code)
        if then is None or now is None:
            continue
        difference = now.total - then.total if then.assessed and now.assessed else None
        lines = tuple(_lines(before, after, sheet, code, rulings))
        found.append(StageDifference(before, after, difference, lines))
    return found


def _lines(
    before: StageColumn, after: StageColumn, sheet: str, code: str, rulings: Rulings
) -> list[LineDifference]:
    then, now = before.sheet(sheet), after.sheet(sheet)
    if then is None or now is None:
        return []
    words = Vocabulary.of(before.points, after.points)
    changed = changes(then.results[before.level], now.results[after.level], words.labels)
    of_card = next((each for each in changed.sheets if each.subject == code), None)
    if of_card is None:
        return []
    sides = _Side(before, then, code), _Side(after, now, code)
    return [
        LineDifference(
            line.line,
            words.line(line),
            tuple(
                f"{words.labels.get(fact.measure, fact.measure)}：{cause}"
                for fact in line.facts
                if (cause := _cause(fact.measure, *sides, rulings.get(fact.measure, ())))
            ),
        )
        for line in of_card.lines
    ]


@dataclass(frozen=True)
class _Side:
    """The facts of a card in a column."""

    column: StageColumn
    sheet: ScoredSheet
    code: str

    def decided(self, name: str, rulings: Sequence[Determination]) -> Determination | None:
        """The ruling that the column goes by. The snapshot names those that corrected or refused;
        what was accepted is told by the day."""
        annex = self.column.points.document["annex"]["rulings"]
        of_card = annex.get(self.sheet.rulebook.subject, {}).get(self.code, ())
        named = {int(each["reference"].partition(":")[2]) for each in of_card}
        until = self.column.snapshot.frozen_at + timedelta(seconds=1)  # it is kept to the second
        known = [
            each
            for each in rulings
            if each.id in named or (each.ruling is Ruling.ACCEPTED and each.ruled_at < until)
        ]
        return standing(self.column.level, None, known).ruling

    def reported(self, name: str) -> object:
        """What the records gave."""
        return self.sheet.card(self.code, RulingLevel.COUNTY).subject.measures.get(name)

    def unproven(self, name: str) -> str:
        """Why the column counts another value than was reported, for want of proof; or ""."""
        reasons = self.sheet.frozen["reasons"][self.column.level.value]
        why: str = reasons.get(self.code, {}).get(name, "")
        return why if why.startswith(UNPROVEN) else ""


def _cause(name: str, before: _Side, after: _Side, rulings: Sequence[Determination]) -> str:
    """Why a fact is another one in the column `after`: who decided so there and why, else what
    became of the records; "" of what nobody decides on (a target, a value of last year)."""
    took, takes = before.decided(name, rulings), after.decided(name, rulings)
    moved = "填报的记录有变" if before.reported(name) != after.reported(name) else ""
    if takes is not None and (took is None or took.id != takes.id):
        said = _who(takes)
        return f"{moved}；{said}" if moved and takes.ruling is Ruling.ACCEPTED else said
    if takes is not None or name.partition(".")[0] in (*GIVEN, "score"):
        return ""
    if why := after.unproven(name):
        return why
    return "；".join(filter(None, (moved, "已有所要求的佐证" if before.unproven(name) else "")))


_RULED = {Ruling.ACCEPTED: "认可上报值", Ruling.CORRECTED: "更正", Ruling.REFUSED: "不予认定"}


def _who(ruling: Determination) -> str:
    by = ruling.ruled_by.display_name if ruling.ruled_by else "系统"
    said = f"{ruling.level.label}{_RULED[ruling.ruling]}（{by}，{day_of(ruling.ruled_at)}）"
    return f"{said}：{ruling.reason}" if ruling.reason else said
