"""One subject on the desk: the lines of its card with what waits at each, and one line open with
its facts, their evidence and rulings, and last year beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.quantities.figure import Figure
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card
from tracker.papers.scorecard.facts import in_unit
from tracker.papers.scorecard.page import CardPage, PageFact, PageLine, page_of_card
from tracker.papers.scorecard.shortfall import why_not_full
from tracker.records.accounts.models import User
from tracker.records.determinations.fact_rules import Behind, Proof, behind, in_order, proof_of
from tracker.records.determinations.models import RulingLevel
from tracker.records.determinations.ruling_rules import marks_of
from tracker.year.assessments import queries
from tracker.year.assessments.awaited import FactToRule, SubjectToRule, subjects_to_rule
from tracker.year.assessments.comparing import Between
from tracker.year.assessments.freeze import evidence_asked
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored_of
from tracker.year.procedure.sight import sight_of
from tracker.year.procedure.sights import Sight


@dataclass(frozen=True)
class DeskFact:
    """A fact of a line: as the card shows it, and as it is ruled on; `rule` None for what nobody
    rules on (a task, last year's figure, the mean of lower sheets). `marks` say what has to be
    seen of it, `last_year` what it was then, None where there is no such figure."""

    name: str
    page: PageFact
    rule: FactToRule | None
    marks: tuple[str, ...]
    waits: bool
    last_year: Figure | None = None


@dataclass(frozen=True)
class DeskLine:
    """A line with its facts; `why` says in a sentence why it has not its full marks."""

    page: PageLine
    facts: tuple[DeskFact, ...]
    why: str

    @property
    def code(self) -> str:
        """The line's code."""
        return self.page.line.code

    @property
    def waiting(self) -> int:
        """How many of its facts wait for a ruling."""
        return sum(fact.waits for fact in self.facts)

    @property
    def marks(self) -> tuple[str, ...]:
        """What has to be seen of its facts, each once."""
        return tuple(dict.fromkeys(mark for fact in self.facts for mark in fact.marks))

    def fact(self, name: str) -> DeskFact | None:
        """The fact of the measure `name`."""
        return next((fact for fact in self.facts if fact.name == name), None)


@dataclass(frozen=True)
class Opened:
    """What a fact of the open line rests on today: records, files, and the kinds asked for."""

    records: tuple[Behind, ...]
    proof: Proof


@dataclass(frozen=True)
class Around:
    """Where the subject stands among those of its sheet in view: number `at` of `count`, its
    neighbours, and the next one of which something waits; `waiting` facts of how many subjects."""

    at: int
    count: int
    before: ScorecardRow | None
    after: ScorecardRow | None
    waits_next: ScorecardRow | None
    waiting: int
    subjects: int


@dataclass(frozen=True)
class Desk:
    """The page of a subject. `beyond`: what waits and stands at no line, since a veto or the order
    of equal totals reads it, or a line that does not apply."""

    row: ScorecardRow
    card: Card
    page: CardPage
    found: SubjectToRule
    lines: tuple[DeskLine, ...]
    beyond: tuple[FactToRule, ...]
    around: Around

    @property
    def waiting(self) -> int:
        """How many of the subject's facts wait, each once."""
        of_lines = {f.name for line in self.lines for f in line.facts if f.waits}
        return len(of_lines) + len(self.beyond)

    def line(self, code: str) -> DeskLine | None:
        """The line of that code."""
        return next((line for line in self.lines if line.code == code), None)

    def first(self) -> DeskLine:
        """The line to begin with: the first at which something waits."""
        return next((line for line in self.lines if line.waiting), self.lines[0])

    def beside(self, line: DeskLine) -> tuple[DeskLine | None, DeskLine | None]:
        """The lines before and after `line`."""
        return _neighbours(self.lines, self.lines.index(line))


def desk_of(row: ScorecardRow, level: RulingLevel, user: User) -> Desk | None:
    """The desk of a subject for somebody who rules, or looks, at `level`; None where the subject's
    record is gone. As many statements for many subjects as for a few."""
    snapshot = row.snapshot
    rows = [each for each in queries.cards(snapshot, user) if each.sheet == row.sheet]
    if all(each.id != row.id for each in rows):  # what is in sight, but not in view
        rows = [row]
    of_sheet = {each.card.id: each for each in subjects_to_rule(snapshot, rows)}
    found = of_sheet.get(row.id)
    if found is None:
        return None
    points = scored_of(snapshot)
    # What could still be gained is none of this page's business, and takes long to find.
    seen = sight_of(snapshot, user)
    card = card_of(points, row.sheet, row.subject_code, settled=True, sight=seen)
    earlier = queries.comparable_before(snapshot)
    before = scored_of(earlier) if earlier else None
    seen_before = sight_of(earlier, user) if earlier else Sight.NOTHING
    page = page_of_card(card, points, {}, before, sight=seen, sight_before=seen_before)
    sheet = points.sheets[row.sheet]
    then = _last_year(points, before, sheet, row.subject_code) if before else {}
    lines = tuple(_lines(page, sheet, found, level, then))
    at_lines = {fact.name for line in lines for fact in line.facts}
    beyond = tuple(f for f in found.facts if f.name not in at_lines and f.awaits(level))
    waiting = {number: each.awaiting(level) for number, each in of_sheet.items()}
    return Desk(row, card, page, found, lines, beyond, _around(rows, row, waiting))


def opened(snapshot: Snapshot, sheet: str, line: DeskLine, user: User) -> dict[str, Opened]:
    """What each fact of the open line rests on, by the measure's name."""
    points = scored_of(snapshot)
    asked = evidence_asked(points.sheets[sheet].rulebook)
    references = {
        fact.name: fact.rule.references if fact.rule is not None else () for fact in line.facts
    }
    every = list(dict.fromkeys(each for of in references.values() for each in of))
    found = behind(snapshot, every, user)
    return {
        name: Opened(tuple(records), proof_of(records, asked.get(name, ())))
        for name, of in references.items()
        for records in [in_order(of, found)]
    }


def _last_year(
    points: ScoredSnapshot, before: ScoredSnapshot, sheet: ScoredSheet, code: str
) -> dict[str, Figure]:
    """What the measures of the subject were a year before, as far as its card then read them."""
    card = Between(points, before).card(sheet.rulebook.subject, code)
    units = {name: about["unit"] for name, about in before.document["measures"].items()}
    return {
        name: in_unit(value, units.get(name, "分"))
        for line in (card.lines if card else ())
        for name, value in line.inputs.items()
        if value is not None
    }


def _lines(
    page: CardPage,
    sheet: ScoredSheet,
    found: SubjectToRule,
    level: RulingLevel,
    then: Mapping[str, Figure],
) -> Iterator[DeskLine]:
    shown = [line for group in page.groups for line in group.lines]
    scored_lines = sheet.card(found.card.subject_code).lines
    # A fact is told in full at the first line that reads it; here each line is by itself.
    whole: dict[str, PageFact] = {}
    for line, of in zip(shown, scored_lines, strict=True):
        for name, fact in zip(of.inputs, line.facts, strict=True):
            whole.setdefault(name, fact)
    for line, of in zip(shown, scored_lines, strict=True):
        facts = tuple(
            _fact(name, whole[name], found.fact(name), level, then.get(name)) for name in of.inputs
        )
        yield DeskLine(line, facts, why_not_full(line.line))


def _fact(
    name: str,
    page: PageFact,
    rule: FactToRule | None,
    level: RulingLevel,
    last_year: Figure | None,
) -> DeskFact:
    waits = rule is not None and rule.awaits(level)
    return DeskFact(name, page, rule, marks_of(rule, level) if rule else (), waits, last_year)


def _around(rows: Sequence[ScorecardRow], row: ScorecardRow, waiting: dict[int, int]) -> Around:
    ids = [each.id for each in rows]
    at = ids.index(row.id)
    before, after = _neighbours(rows, at)
    # After the last one it begins again with the first.
    later = [*rows[at + 1 :], *rows[:at]]
    return Around(
        at + 1,
        len(rows),
        before,
        after,
        next((each for each in later if waiting.get(each.id)), None),
        sum(waiting.values()),
        sum(1 for count in waiting.values() if count),
    )


def _neighbours(items: Sequence, at: int) -> tuple:
    return (items[at - 1] if at else None), (items[at + 1] if at + 1 < len(items) else None)
