"""Which lines depend on a fact, from the rulebooks alone: no fact is looked at.

A fact moves the lines of its subject that read it; through the class values and the pools of `rank`
and `efficacy` those of its class; through what applies the points of the lines over which others
are spread; and through the totals of all these the lines of the sheets above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.engine.scoring.expressions import Expression
from tracker.engine.scoring.names import POOLED
from tracker.engine.scoring.rulebook import Indicator, Rulebook
from tracker.engine.scoring.sets import Members, members_read

Sheet = tuple[str, str]
"""(subject, code): one sheet."""


class Through(StrEnum):
    """How a line comes by a fact: it reads it, it reads a value of the class that the fact enters,
    it sets the subjects of the class against each other by it, or its points may be another since
    the fact decides what applies."""

    READS = "reads"
    CLASS = "class"
    POOL = "pool"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Dependent:
    """A line of a sheet (`subject`, `code`) that depends on the fact, and how: by `measure`, which
    is the fact's own, or the mean of lower sheets (score.X) that carries it up."""

    subject: str
    code: str
    line: str
    measure: str
    way: Through


@dataclass(frozen=True, slots=True)
class Dependence:
    """All that can move with a fact: lines, the totals of sheets, and the classes (subject, name)
    whose ranks and grades can."""

    lines: tuple[Dependent, ...]
    totals: frozenset[Sheet]
    classes: frozenset[tuple[str, str]]

    @property
    def places(self) -> frozenset[tuple[str, str, str]]:
        """(subject, code, line) of every line that can move."""
        return frozenset((each.subject, each.code, each.line) for each in self.lines)


@dataclass(frozen=True, slots=True)
class Readers:
    """What of one rulebook depends on a measure of a subject: lines (with their way) of the subject
    itself and of all others of its class, whether a veto reads it for itself or for all, whether
    the order of equal totals does."""

    own: tuple[tuple[str, Through], ...]
    peers: tuple[tuple[str, Through], ...]
    own_veto: bool
    peers_veto: bool
    orders: bool


def readers(book: Rulebook, measure: str) -> Readers:
    """What of a rulebook depends on a measure of one subject."""
    shared = frozenset(f"{word}.{measure}" for word in POOLED)
    either = shared | {measure}
    own: list[tuple[str, Through]] = []
    peers: list[tuple[str, Through]] = []
    for line in book.indicators:
        asks = _names([line.applies])
        if measure in line.names | asks:
            own.append((line.code, Through.READS))
        if shared & (line.names | asks):
            own.append((line.code, Through.CLASS))
            peers.append((line.code, Through.CLASS))
        if _pools(line, either):
            own.append((line.code, Through.POOL))
            peers.append((line.code, Through.POOL))
        if line.absent == "spread" and either & asks:
            moved = [
                (each.code, Through.SPREAD) for each in book.indicators if each.kind == "score"
            ]
            own.extend(moved)
            peers.extend(moved if shared & asks else ())
    vetoes = _names(veto.when for veto in book.vetoes)
    return Readers(
        tuple(dict.fromkeys(own)),
        tuple(dict.fromkeys(peers)),
        bool(either & vetoes),
        bool(shared & vetoes),
        bool(either & _names(book.tie_break)),
    )


def dependence(
    books: Iterable[Rulebook],
    roster: Mapping[str, Mapping[str, str]],
    members: Members,
    fact: tuple[str, str, str],
) -> Dependence:
    """What depends on `fact` (subject, code, measure).

    `roster`: the codes of each subject with their classes; `members` as `score_set` takes them.
    """
    return Dependences(books, roster, members).of(fact)


class Dependences:
    """Finds what depends on facts of one year; see `dependence`."""

    def __init__(
        self,
        books: Iterable[Rulebook],
        roster: Mapping[str, Mapping[str, str]],
        members: Members,
    ) -> None:
        self.books = {book.subject: book for book in books}
        self.roster = roster
        self.above = self._above(members)

    def _above(self, members: Members) -> Mapping[Sheet, list[tuple[str, str, str]]]:
        """The facts (subject, code, score.X) that each sheet's total enters."""
        found: dict[Sheet, list[tuple[str, str, str]]] = {}
        for (subject, code), lower in members.items():
            book = self.books.get(subject)
            for name in sorted(book.measures) if book else ():
                for sheet in members_read(name, lower) if name.startswith("score.") else ():
                    found.setdefault(sheet, []).append((subject, code, name))
        return found

    def of(self, fact: tuple[str, str, str]) -> Dependence:
        """What depends on `fact` (subject, code, measure)."""
        lines: dict[Dependent, None] = {}
        totals: set[Sheet] = set()
        classes: set[tuple[str, str]] = set()
        waiting, seen = [fact], {fact}
        while waiting:
            subject, code, measure = waiting.pop()
            if subject not in self.books or code not in self.roster.get(subject, ()):
                continue
            found = readers(self.books[subject], measure)
            class_name = self.roster[subject][code]
            moved: set[Sheet] = set()
            for sheet, of_it, vetoed in self._sheets(subject, code, found):
                lines.update((Dependent(*sheet, line, measure, way), None) for line, way in of_it)
                if of_it or vetoed:
                    moved.add(sheet)
            if moved or found.orders:
                classes.add((subject, class_name))
            totals |= moved
            for above in (each for sheet in moved for each in self.above.get(sheet, ())):
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)
        return Dependence(tuple(lines), frozenset(totals), frozenset(classes))

    def _sheets(
        self, subject: str, code: str, found: Readers
    ) -> Iterator[tuple[Sheet, Sequence[tuple[str, Through]], bool]]:
        yield (subject, code), found.own, found.own_veto
        if found.peers or found.peers_veto:
            of = self.roster[subject]
            for other, class_name in of.items():
                if other != code and class_name == of[code]:
                    yield (subject, other), found.peers, found.peers_veto


def _names(expressions: Iterable[Expression | None]) -> frozenset[str]:
    return frozenset(name for each in expressions if each is not None for name in each.names)


def _pools(line: Indicator, names: frozenset[str]) -> bool:
    """Whether any of `names` decides on the values that the subjects are set against each other
    by, or on who is among them."""
    pooled = [part.method.params["value"] for part in line.parts if part.method.pooled]
    return bool(pooled) and not names.isdisjoint(_names([*pooled, line.applies]))
