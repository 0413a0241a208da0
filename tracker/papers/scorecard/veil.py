"""A card as somebody sees it who may not see all: without what tells of others.

What each reader sees is said by the table of `procedure.sights`; here it is taken from a `Card`, so
that page and paper lack the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.engine.scoring import Line, Scorecard
from tracker.papers.scorecard.card import Card, CardLine, MemberRow
from tracker.year.assessments.class_lines import (
    UNTOLD,
    class_of,
    step_tells_others,
    tells_others,
)
from tracker.year.assessments.next_steps import Step
from tracker.year.assessments.scored import ScoredSheet
from tracker.year.procedure.sight import Range, range_of
from tracker.year.procedure.sights import GRADE_LATER, RANK_LATER, RANK_NOT_OF_THIS, Sight


def range_in(card: Scorecard, sheet: ScoredSheet) -> Range:
    """The range of the class of `card`."""
    of_class = class_of(card, sheet)
    return range_of([other.total for other in of_class if other.complete and other.assessed])


def tells_line(line: Line, card: Scorecard, sheet: ScoredSheet, sight: Sight) -> bool:
    """Whether the arithmetic of a line may be told."""
    return Sight.RANKS in sight or not tells_others(line, card, sheet)


def steps_to_tell(
    steps: list[Step], card: Scorecard, sheet: ScoredSheet, sight: Sight
) -> list[Step]:
    """Those of `steps` that do not name the value of another one."""
    if Sight.RANKS in sight:
        return steps
    return [step for step in steps if not step_tells_others(card.line(step.line), card, sheet)]


def veiled(card: Card, sheet: ScoredSheet, sight: Sight, public: str = "") -> Card:
    """`card`, of `sheet`, as `sight` shows it to those whose card it is. `public`: which scoring of
    the year is told of instead, in words; "" where none is."""
    scored = sheet.card(card.subject_code)
    notes = list(_notes(scored, sheet, sight, public))
    later = RANK_NOT_OF_THIS if public else RANK_LATER
    if Sight.RANKS not in sight:
        card = replace(
            card,
            rank=None,
            rank_withheld=later if _has_rank(card) else "",
            ranked_count=0,
            groups=tuple(replace(group, class_mean=None) for group in card.groups),
            lines=tuple(_line(line, scored, sheet, sight) for line in card.lines),
        )
    if Sight.OWN_GRADE not in sight:
        card = replace(
            card,
            grade=None if card.grade is None else GRADE_LATER,
            grade_notes=tuple(notes),
            members=tuple(map(_member, card.members)),
        )
    return card


def _has_rank(card: Card) -> bool:
    """Whether there is or will be a rank to be told."""
    return card.rank is not None and (card.complete or card.lacking)


def _line(line: CardLine, card: Scorecard, sheet: ScoredSheet, sight: Sight) -> CardLine:
    told = tells_line(card.line(line.code), card, sheet, sight)
    return line if told else replace(line, explain=UNTOLD)


def _member(row: MemberRow) -> MemberRow:
    return replace(row, grade=GRADE_LATER) if row.grade else row


def _notes(scored: Scorecard, sheet: ScoredSheet, sight: Sight, public: str) -> Iterator[str]:
    """What is told instead of what is withheld."""
    if Sight.RANKS not in sight:
        if words := range_in(scored, sheet).words:
            yield f"{words}。"
        if public:
            yield f"已公布名次的是 {public}；{RANK_NOT_OF_THIS}，等次{GRADE_LATER}。"
        else:
            yield f"名次{RANK_LATER}；等次{GRADE_LATER}。"
    elif Sight.OWN_GRADE not in sight:
        yield f"等次{GRADE_LATER}。"
