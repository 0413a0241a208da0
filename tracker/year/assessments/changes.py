"""What made the difference between two snapshots: which facts and rules, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.engine.scoring import (
    Changes,
    LineChange,
    changes,
    line_words,
    reason_words,
    score_label,
    sheet_words,
)
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot


@dataclass(frozen=True)
class SubjectDifference:
    """One subject whose card changed: its sentence, and one for each of its lines."""

    code: str
    words: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class SheetDifference:
    """A sheet that changed. `note` says that it is new or gone, and then there is nothing else."""

    sheet: str
    title: str
    note: str = ""
    rules: tuple[str, ...] = ()
    subjects: tuple[SubjectDifference, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Labels and units of the measures of two snapshots."""

    labels: dict[str, str]
    units: dict[str, str]

    @classmethod
    def of(cls, *snapshots: ScoredSnapshot) -> Vocabulary:
        """The words of all `snapshots`, the later ones' first, and of the means of lower sheets."""
        measures = {
            name: about for each in snapshots for name, about in each.document["measures"].items()
        }
        means = {
            name
            for each in snapshots
            for sheet in each.sheets.values()
            for name in sheet.rulebook.measures
            if name.startswith("score.")
        }
        labels = {name: about["label"] for name, about in measures.items()}
        units = {name: about["unit"] for name, about in measures.items()}
        return cls(
            labels | {name: score_label(name) for name in means},
            units | dict.fromkeys(means, "分"),
        )

    def line(self, change: LineChange) -> str:
        """How a line changed and by which facts."""
        return line_words(change, self.labels, self.units)

    def reasons(self, change: LineChange) -> str:
        """Which facts and rules of a line changed, without its points."""
        return reason_words(change, self.labels, self.units)

    def between(self, before: ScoredSheet, after: ScoredSheet) -> Changes:
        """What changed between two scorings of a sheet."""
        return changes(before.result, after.result, self.labels)


def without_class(change: LineChange) -> LineChange:
    """A change without the values of the class that it names."""
    return replace(change, class_values=())


def differences(before: ScoredSnapshot, after: ScoredSnapshot) -> Iterator[SheetDifference]:
    """The sheets that changed, in words."""
    words = Vocabulary.of(before, after)
    for code, sheet in after.sheets.items():
        title = sheet.rulebook.title
        if code not in before.sheets:
            yield SheetDifference(code, title, note="新增的评分表")
        elif found := words.between(before.sheets[code], sheet):
            subjects = tuple(
                SubjectDifference(
                    each.subject, sheet_words(each), tuple(map(words.line, each.lines))
                )
                for each in found.sheets
            )
            yield SheetDifference(code, title, rules=found.rules, subjects=subjects)
    for code, sheet in before.sheets.items():
        if code not in after.sheets:
            yield SheetDifference(code, sheet.rulebook.title, note="不再评分")


def change_words(before: ScoredSnapshot, after: ScoredSnapshot) -> Iterator[str]:
    """Lines of text: each sheet whose points changed, its lines and what changed them."""
    for sheet in differences(before, after):
        yield f"【{sheet.title}】{sheet.note}"
        yield from (f"  规则：{rule}" for rule in sheet.rules)
        for subject in sheet.subjects:
            yield f"  {subject.words}"
            yield from (f"    {line}" for line in subject.lines)
