"""试算: a set of rulebooks on the facts of a frozen year, beside the points that year got. Nothing
of it is stored as a scorecard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tracker.core.told import ToldError
from tracker.engine.scoring import (
    SUBJECTS,
    FactsError,
    Result,
    RulebookSet,
    SheetChange,
    changes,
    class_fault,
    line_words,
)
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, score_frozen
from tracker.year.measures.labels import label_of, labels_of, units_of
from tracker.year.rulebooks.printed import inner_quotes, read_in_order

UP, DOWN, SAME, UNKNOWN = "up", "down", "same", "unknown"
MOVES = {UP: "上升", DOWN: "下降", SAME: "不变", UNKNOWN: "无法比较"}


class TrialError(ToldError):
    """A set cannot be tried on a year; the message is for the user."""

    status = 409


@dataclass(frozen=True)
class TriedCard:
    """A subject: totals in 分 ("" where there is none), what it would gain, and why, line by line.
    `move`: up, down, same or unknown."""

    code: str
    name: str
    class_name: str
    move: str
    before: str
    after: str
    difference: str
    rank_before: int | None
    rank_after: int | None
    grade_before: str
    grade_after: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TriedSheet:
    """A kind of sheet. `note` says that it cannot be compared, and then there are no cards. `rules`
    changed outside of the lines; `lacking`: what of it the year's facts do not hold."""

    subject: str
    label: str
    title: str
    note: str = ""
    rules: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    cards: list[TriedCard] = field(default_factory=list)

    def count(self, move: str) -> int:
        """How many cards move so."""
        return sum(card.move == move for card in self.cards)

    @property
    def words(self) -> str:
        """How many gain and lose, in a sentence."""
        parts = [f"{MOVES[move]} {number} 份" for move in MOVES if (number := self.count(move))]
        return f"{len(self.cards)} 份：{'，'.join(parts)}"


@dataclass(frozen=True)
class Tried:
    """A set, as it was at `read_at`, on the facts of a year."""

    year: int
    read_at: datetime
    sheets: list[TriedSheet]

    def packed(self) -> bytes:
        """As it is kept with the work that made it."""
        told = {**asdict(self), "read_at": self.read_at.isoformat()}
        return json.dumps(told, ensure_ascii=False).encode()


def unpacked(kept: bytes) -> Tried:
    """What `packed` made."""
    told = json.loads(kept)
    sheets = [
        TriedSheet(**{**sheet, "cards": [TriedCard(**card) for card in sheet["cards"]]})
        for sheet in told["sheets"]
    ]
    return Tried(told["year"], datetime.fromisoformat(told["read_at"]), sheets)


def tried(rulebooks: RulebookSet, read_at: datetime, snapshot: ScoredSnapshot) -> Tried:
    """`rulebooks`, as they were at `read_at`, on the facts of a snapshot, beside its own points.
    Raises TrialError."""
    year = int(snapshot.document["year"])
    column = RulingLevel(snapshot.document["column"])
    there = {sheet.rulebook.subject: sheet for sheet in snapshot.sheets.values()}
    _check_classes(rulebooks, there, year)
    of_year = replace(
        rulebooks,
        year=year,
        rulebooks=tuple(replace(book, year=year) for book in rulebooks.rulebooks),
    )
    try:
        results = score_frozen(snapshot.document, of_year, column).results
    except FactsError as error:
        raise TrialError("；".join(error.faults)) from None
    sheets = []
    for book in read_in_order(of_year.rulebooks):
        head = (book.subject, SUBJECTS[book.subject], book.title)
        if book.subject not in results:
            sheets.append(TriedSheet(*head, note=f"{year} 年度没有这一评分表的数据，无法试算。"))
        else:
            sheets.append(_sheet(head, there[book.subject], results[book.subject]))
    for subject, sheet in there.items():
        if subject not in results:
            head = (subject, SUBJECTS[subject], sheet.rulebook.title)
            sheets.append(TriedSheet(*head, note="这一套没有这一评分表的细则，不再评分。"))
    return Tried(year, read_at, sheets)


def _check_classes(rulebooks: RulebookSet, there: dict[str, ScoredSheet], year: int) -> None:
    faults = {
        f"{SUBJECTS[book.subject]}：{fault}"
        for book in rulebooks.rulebooks
        if book.subject in there
        for card in there[book.subject].result.scorecards
        if (fault := class_fault(card.subject.class_name, book.classes, book.meaning.same))
    }
    if faults:
        raise TrialError(f"{year} 年度的名单与细则的类别不符：{'；'.join(sorted(faults))}")


def _sheet(head: tuple[str, str, str], before: ScoredSheet, after: Result) -> TriedSheet:
    book = after.rulebook
    names = before.rulebook.measures | book.measures
    labels, units = labels_of(names), units_of(names)
    found = changes(before.result, after, labels)
    changed = {change.subject: change for change in found.sheets}
    earlier = {card.subject.code: card for card in before.result.scorecards}
    cards = []
    for card in after.scorecards:
        then = earlier[card.subject.code]
        known = all(each.complete and each.assessed for each in (then, card))
        gained = card.total - then.total if known else None
        cards.append(
            TriedCard(
                card.subject.code,
                card.subject.name,
                card.subject.class_name,
                UNKNOWN if gained is None else UP if gained > 0 else DOWN if gained < 0 else SAME,
                str(then.total) if then.complete and then.assessed else "",
                str(card.total) if card.complete and card.assessed else "",
                "" if gained is None else str(gained),
                then.rank,
                card.rank,
                then.grade or "",
                card.grade or "",
                list(_why(changed.get(card.subject.code), labels, units)),
            )
        )
    cards.sort(key=lambda each: (each.difference == "", -Decimal(each.difference or 0)))
    lacking = list(_lacking(before, after))
    return TriedSheet(*head, rules=list(found.rules), lacking=lacking, cards=cards)


def _why(
    change: SheetChange | None, labels: dict[str, str], units: dict[str, str]
) -> Iterator[str]:
    """The lines whose points are others, each with the facts and rules that made it so."""
    for line in change.lines if change else ():
        if line.before != line.after:
            # The facts are the same: only those of sheets below can have moved anything.
            text = line_words(line, labels, units, apart=line.by_own != 0)
            yield inner_quotes(text)


def _lacking(before: ScoredSheet, after: Result) -> Iterator[str]:
    """The lines that read what was not frozen, since no rulebook of that year asked for it."""
    frozen = before.rulebook.measures
    for place, names in after.rulebook.measures_by_place():
        new = sorted(n for n in names if n not in frozen and not n.startswith("score."))
        if new:
            told = "、".join(f"「{label_of(name) or name}」" for name in new)
            yield f"{place}：要用{told}，当年的细则没有用到，快照里没有，算不出"
