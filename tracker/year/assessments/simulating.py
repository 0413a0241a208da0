"""模拟测算: what a frozen year's points would be with other facts or other weights.

Pure like scoring itself: nothing is stored, and what comes out is no snapshot and makes no card.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_

from tracker.engine.scoring import (
    Changes,
    Dependence,
    Facts,
    Number,
    PrizeWon,
    Result,
    Rulebook,
    Scorecard,
    changes,
    score_set,
)
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot

NOTHING = Changes((), ())


@dataclass(frozen=True, slots=True)
class OtherFact:
    """A fact as it is supposed to be: of the sheet `sheet` (code of its rulebook) of the subject
    `code`; `value` in the measure's unit, None for not reported."""

    sheet: str
    code: str
    measure: str
    value: Number | None


@dataclass(frozen=True)
class Simulated:
    """A year with something supposed: `results` by the code of the rulebook, as `before.sheets`."""

    before: ScoredSnapshot
    results: Mapping[str, Result]
    prizes: tuple[PrizeWon, ...]

    def card(self, sheet: str, code: str) -> Scorecard:
        """A sheet as it would be; raises KeyError."""
        for card in self.results[sheet].scorecards:
            if card.subject.code == code:
                return card
        raise KeyError(code)

    def changed(self, sheet: str, labels: Mapping[str, str] | None = None) -> Changes:
        """What would be another on the sheets of one rulebook."""
        before, after = self.before.sheets[sheet].result, self.results[sheet]
        if all(map(is_, before.scorecards, after.scorecards)):
            return NOTHING
        return changes(before, after, labels)

    def moved(
        self, labels: Mapping[str, str] | None = None
    ) -> Iterator[tuple[ScoredSheet, Changes]]:
        """Each rulebook's sheets with what would be another, lower sheets first."""
        for code, sheet in self.before.sheets.items():
            if found := self.changed(code, labels):
                yield sheet, found


def simulate(
    points: ScoredSnapshot,
    facts: Sequence[OtherFact] = (),
    books: Mapping[str, Rulebook] | None = None,
) -> Simulated:
    """Score a year with `facts` in place of what is frozen and with the rulebooks of `books` (by
    code) in place of their own; classes to which nothing changes are not scored again.

    The column is that of the cards. Raises KeyError for a sheet that is not there.
    """
    basis = points.basis
    kinds = {code: sheet.rulebook.subject for code, sheet in points.sheets.items()}
    supposed: dict[str, dict[str, dict[str, Number | None]]] = {}
    for each in facts:
        points.sheets[each.sheet].card(each.code)
        of_kind = supposed.setdefault(kinds[each.sheet], {})
        of_kind.setdefault(each.code, {})[each.measure] = each.value
    given = {
        kind: _with(frozen, supposed[kind]) if kind in supposed else frozen
        for kind, frozen in basis.facts.items()
    }
    other = books or {}
    rulebooks = tuple(other.get(book.code, book) for book in basis.rulebooks.rulebooks)
    scored = score_set(
        replace(basis.rulebooks, rulebooks=rulebooks), given, basis.members, basis.result
    )
    results = {code: scored.results[kind] for code, kind in kinds.items()}
    return Simulated(points, results, scored.prizes)


def depends_on(points: ScoredSnapshot, sheet: str, code: str, measure: str) -> Dependence:
    """What depends on a fact of a sheet; raises KeyError for a sheet that is not there."""
    subject = points.sheets[sheet].rulebook.subject
    return points.basis.dependences.of((subject, code, measure))


def facts_read(card: Scorecard) -> dict[str, tuple[str, ...]]:
    """The measures that the lines of a card read, by the first line that does; what it takes from
    lower sheets is no fact of its own."""
    found: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for line in card.lines:
        applies = line.indicator.applies
        asked = applies.measures if applies is not None else frozenset()
        names = [*line.indicator.reads, *sorted(asked)]
        own = [n for n in dict.fromkeys(names) if n not in seen and not n.startswith("score.")]
        seen.update(own)
        if own:
            found[line.code] = tuple(own)
    return found


def _with(facts: Facts, supposed: Mapping[str, Mapping[str, Number | None]]) -> Facts:
    subjects = []
    for subject in facts.subjects:
        values = {**subject.measures, **supposed.get(subject.code, {})}
        reported = {name: value for name, value in values.items() if value is not None}
        subjects.append(replace(subject, measures=reported))
    # The digest is that of what was frozen; what is supposed has none.
    return replace(facts, subjects=tuple(subjects), sha256="")
