"""The columns of a card side by side as each stage froze them, and what made the difference: which
fact, decided or changed by whom, why; where it is the mean of lower sheets, the fact of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from tracker.core.quantities.clock import day_of
from tracker.engine.scoring import LineChange, Scorecard, changes, members_read
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

    @cached_property
    def points(self) -> ScoredSnapshot:
        """The points of its snapshot."""
        return scored_of(self.snapshot)

    def card(self, sheet: str, code: str) -> Scorecard | None:
        """A card in its column; None where the snapshot has none."""
        return self._card(self.points.sheets.get(sheet), code)

    def lower_card(self, subject: str, code: str) -> Scorecard | None:
        """The card of a subject's sheet in its column; None where the snapshot has none."""
        return self._card(self.points.sheet_of(subject), code)

    def _card(self, sheet: ScoredSheet | None, code: str) -> Scorecard | None:
        if sheet is None or code not in sheet.frozen["subjects"]:
            return None
        return sheet.card(code, self.level)

    def means(self, subject: str) -> list[str]:
        """The means of lower cards (score.X) that the sheet of a subject reads."""
        sheet = self.points.sheet_of(subject)
        return [name for name in sheet.rulebook.measures if _is_mean(name)] if sheet else []

    def lower(self, card: tuple[str, str], mean: str) -> set[tuple[str, str]]:
        """(subject, code) of the lower cards whose `mean` (score.X) a card, (subject, code),
        reads."""
        return set(members_read(mean, self.points.basis.members.get(card, {})))


def stage_columns(snapshots: Mapping[Act, Snapshot]) -> list[StageColumn]:
    """The columns that were frozen, in the order of the course."""
    return [StageColumn(*_COLUMNS[act], snapshots[act]) for act in _COLUMNS if act in snapshots]


@dataclass(frozen=True)
class Cause:
    """What changed a line, in words: a fact, and who changed it; or a lower card, with what changed
    that one."""

    words: str
    of: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class LineDifference:
    """A line that another column gives other points: its sentence, and who changed what."""

    line: str
    words: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class StageDifference:
    """What changed from one column to the next."""

    before: StageColumn
    after: StageColumn
    difference: Decimal | None
    lines: tuple[LineDifference, ...]


# What was ruled on the facts of cards, by (subject, code) and the measure's name; a card that is
# not among them is out of the reader's sight.
Rulings = Mapping[tuple[str, str], Mapping[str, Sequence[Determination]]]


def differences(
    columns: Sequence[StageColumn], sheet: str, code: str, rulings: Rulings
) -> list[StageDifference]:
    """From each column of a card to the next. `rulings`: all that were made on its facts, and on
    those of the cards that it builds on (see `built_on`)."""
    found = []
    for before, after in pairwise(columns):
        then, now = before.card(sheet, code), after.card(sheet, code)
        if then is None or now is None:
            continue
        difference = now.total - then.total if then.assessed and now.assessed else None
        of = before.points.sheets[sheet].rulebook.subject
        lines = tuple(_Step(before, after, rulings).lines((of, code)))
        found.append(StageDifference(before, after, difference, lines))
    return found


def built_on(columns: Sequence[StageColumn], sheet: str, code: str) -> set[tuple[str, str]]:
    """(subject, code) of a card and of the lower cards whose points enter it in any column."""
    found: set[tuple[str, str]] = set()
    for column in columns:
        if column.card(sheet, code) is None:
            continue
        waiting = [(column.points.sheets[sheet].rulebook.subject, code)]
        while waiting:
            found.add(card := waiting.pop())
            for mean in column.means(card[0]):
                waiting += column.lower(card, mean) - found
    return found


@dataclass(frozen=True)
class _Step:
    """From one column to the next, with the rulings that the reader sees."""

    before: StageColumn
    after: StageColumn
    rulings: Rulings
    _changed: dict[str, dict[str, tuple[LineChange, ...]]] = field(default_factory=dict)

    @cached_property
    def _words(self) -> Vocabulary:
        return Vocabulary.of(self.before.points, self.after.points)

    def _lines_of(self, then: ScoredSheet, now: ScoredSheet) -> dict[str, tuple[LineChange, ...]]:
        """The lines that changed from a sheet to the other, by the code of the card; found once."""
        subject = now.rulebook.subject
        if subject not in self._changed:
            results = then.results[self.before.level], now.results[self.after.level]
            found = changes(*results, self._words.labels).sheets
            self._changed[subject] = {each.subject: each.lines for each in found}
        return self._changed[subject]

    def lines(self, card: tuple[str, str]) -> list[LineDifference]:
        """The lines of a card, (subject, code), that changed."""
        subject, code = card
        then, now = (each.points.sheet_of(subject) for each in (self.before, self.after))
        if then is None or now is None:
            return []
        sides = _Side(self.before, then, code), _Side(self.after, now, code)
        labels, found = self._words.labels, []
        for line in self._lines_of(then, now).get(code, ()):
            causes: list[Cause] = []
            for fact in line.facts:
                name = fact.measure
                if _is_mean(name):
                    causes += self._below(card, name)
                elif cause := _cause(name, *sides, self.rulings[card].get(name, ())):
                    causes.append(Cause(f"{labels.get(name, name)}：{cause}"))
            found.append(LineDifference(line.line, self._words.line(line), tuple(causes)))
        return found

    def _below(self, card: tuple[str, str], mean: str) -> Iterator[Cause]:
        """What moved the mean of the lower cards of a card: card by card, with what moved each."""
        unseen = gone = 0
        for lower in sorted(self.before.lower(card, mean) | self.after.lower(card, mean)):
            then, now = self.before.lower_card(*lower), self.after.lower_card(*lower)
            if (then and _counted(then)) == (now and _counted(now)):
                continue
            if now is None:  # nobody's sight is known of what the latest scoring has not
                gone += 1
            elif lower not in self.rulings:
                unseen += 1
            elif then is None:
                yield Cause(f"{now.subject.name}：新增的评分表")
            else:
                lines = self.lines(lower)
                causes = dict.fromkeys(cause for line in lines for cause in line.causes)
                why = tuple(causes or (Cause(line.words) for line in lines))
                yield Cause(now.subject.name, why or (Cause("得分有变"),))
        if gone:
            yield Cause(f"{gone} 份评分表不再计分")
        if unseen:
            yield Cause(f"另有 {unseen} 份不在查看范围内的评分表有变")


def _is_mean(name: str) -> bool:
    return name.startswith("score.")


def _counted(card: Scorecard) -> tuple[bool, bool, Decimal]:
    """What of a lower card enters a mean."""
    return card.assessed, card.complete, card.total


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
    if takes is not None or name.partition(".")[0] in GIVEN:
        return ""
    if why := after.unproven(name):
        return why
    return "；".join(filter(None, (moved, "已有所要求的佐证" if before.unproven(name) else "")))


_RULED = {Ruling.ACCEPTED: "认可上报值", Ruling.CORRECTED: "更正", Ruling.REFUSED: "不予认定"}


def _who(ruling: Determination) -> str:
    by = ruling.ruled_by.display_name if ruling.ruled_by else "系统"
    said = f"{ruling.level.label}{_RULED[ruling.ruling]}（{by}，{day_of(ruling.ruled_at)}）"
    return f"{said}：{ruling.reason}" if ruling.reason else said
