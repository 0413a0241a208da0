"""A snapshot's points: computed from its document alone, without the database."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, Protocol

from tracker.engine.scoring import (
    CURRENT,
    Dependences,
    Facts,
    Meaning,
    Number,
    PrizeWon,
    Result,
    Rulebook,
    RulebookSet,
    Scorecard,
    SetResult,
    load_set,
    meaning_of,
    parse_facts,
    score_set,
    scored_subjects,
    whole_of,
)
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.groups import Group, mean_shares
from tracker.year.measures.labels import undone_words

SNAPSHOTS_KEPT = 4


@dataclass(frozen=True)
class ByColumn(Mapping[RulingLevel, Result]):
    """The points of the sheet `subject` in the three columns, each scored once it is asked for."""

    score: Callable[[RulingLevel], SetResult]
    subject: str

    def __getitem__(self, column: RulingLevel) -> Result:
        return self.score(column).results[self.subject]

    def __iter__(self) -> Iterator[RulingLevel]:
        return iter(RulingLevel)

    def __len__(self) -> int:
        return len(RulingLevel)


@dataclass(frozen=True)
class ScoredSheet:
    """One sheet with its points in the three columns; `frozen` is its part of the document (see
    `freeze`), `annex` the document's, `column` the one that its cards go by."""

    column: RulingLevel
    results: Mapping[RulingLevel, Result]
    frozen: Mapping[str, Any]
    annex: Mapping[str, Any] = field(default_factory=dict)

    def review(self, code: str) -> Mapping[str, Any] | None:
        """The province's review of a card, frozen with it: {on, taken_over}; None where there is
        none, as in snapshots from before there were any."""
        return self.annex.get("reviews", {}).get(self.rulebook.subject, {}).get(code)

    def gaps(self, code: str) -> Mapping[str, str]:
        """The lines of a card that may stay without points, each with the reason."""
        return self.annex.get("gaps", {}).get(self.rulebook.subject, {}).get(code, {})

    @property
    def result(self) -> Result:
        """The points of the column that the cards go by."""
        return self.results[self.column]

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the sheet."""
        return self.result.rulebook

    def card(self, code: str, column: RulingLevel | None = None) -> Scorecard:
        """The scorecard of a subject in a column; raises KeyError."""
        return self._cards(column or self.column)[code]

    @cached_property
    def _cards(self) -> Callable[[RulingLevel], dict[str, Scorecard]]:
        return cache(
            lambda column: {card.subject.code: card for card in self.results[column].scorecards}
        )

    @cached_property
    def mean_shares(self) -> Mapping[tuple[str, Group], Fraction]:
        """What each class got of each group on average (see `groups.mean_shares`)."""
        return mean_shares(self.result)

    def reason(self, code: str, measure: str) -> str:
        """Why a fact is missing, or counts another value than the reported one."""
        return self.frozen["reasons"][self.column.value].get(code, {}).get(measure, "")

    def taken_over(self, code: str) -> tuple[str, ...]:
        """The measures of a subject whose 复核 is what the city ruled (沿用初审)."""
        return tuple(self.frozen.get("taken_over", {}).get(code, ()))

    def changed(self, code: str) -> Mapping[str, RulingLevel]:
        """The measures of a subject whose records say something else since the ruling that stands
        (裁定后记录有变), with the level that ruled."""
        marked = self.frozen.get("changed", {}).get(code, {})
        return {name: RulingLevel(level) for name, level in marked.items()}

    def records(self, code: str, measure: str) -> Sequence[str]:
        """The records that made a fact, the weightiest first, as "ledger_entries:12". In layouts
        up to 3 all that were looked at, in no order that means anything."""
        return self.frozen["records"].get(code, {}).get(measure, ())

    def undone(self, code: str, measure: str, value: Number | None) -> str:
        """What stands for a full value of a subject that rests on no record (未抽查), else ""."""
        return undone_words(measure, value, self.records(code, measure))

    def uncounted(self, code: str, measure: str) -> Mapping[str, str]:
        """The records that were looked at and not counted, each with why; none in layouts up to
        3, which did not tell them."""
        return self.frozen.get("uncounted", {}).get(code, {}).get(measure, {})

    def provable(self, code: str, measure: str) -> Sequence[str]:
        """The records whose files prove a fact: those that made it, and those that tell the same,
        which layouts up to 4 did not say."""
        alike = self.frozen.get("alike", {}).get(code, {}).get(measure, ())
        return (*self.records(code, measure), *alike)

    def takes(self, kind: str, part: str | None = None) -> bool:
        """Whether a line reads the points of the sheets of a kind, or of the `part` of them; the
        frozen members are all lower sheets of a subject, whether their points count or not."""
        means = (
            name.removeprefix("score.")
            for name in self.rulebook.measures
            if name.startswith("score.")
        )
        return any(
            kind in scored_subjects(mean, (kind,))
            and (mean == whole_of(mean) or part is None or mean == f"{kind}.{part}")
            for mean in means
        )

    def facts_file(self, column: RulingLevel | None = None) -> dict[str, Any]:
        """The facts of a column as `tracker score-file` takes them.

        Canonical JSON writes every number as a string; the year alone has to be one again.
        """
        return facts_in(self.frozen, column or self.column)


@dataclass(frozen=True)
class Basis:
    """What the points of the column that the cards go by are made of, by the kind of sheet, and
    what they are: for whoever scores them again with something changed."""

    rulebooks: RulebookSet
    facts: Mapping[str, Facts]
    members: Mapping[tuple[str, str], Mapping[str, Sequence[str]]]
    result: SetResult
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def kept(self, name: tuple[str, ...], find: Callable[[], Any]) -> Any:
        """What follows from the snapshot alone and takes long: found once, kept as long as it."""
        if name not in self._kept:
            self._kept[name] = find()
        return self._kept[name]

    @cached_property
    def dependences(self) -> Dependences:
        """Which lines depend on which facts."""
        roster = {
            kind: {subject.code: subject.class_name for subject in facts.subjects}
            for kind, facts in self.facts.items()
        }
        return Dependences(self.rulebooks.rulebooks, roster, self.members)


@dataclass(frozen=True)
class ScoredSnapshot:
    """A snapshot's document with the points of its sheets, by rulebook code, lower sheets first."""

    sha256: str
    document: Mapping[str, Any]
    sheets: Mapping[str, ScoredSheet]
    prizes: tuple[PrizeWon, ...]
    basis: Basis

    @property
    def owner(self) -> Mapping[str, str] | None:
        """Of the assessment of a city (市考县) its {code, name, region_id}; None of the
        province's."""
        return self.document.get("annex", {}).get("owner")

    def sheet_of(self, subject: str) -> ScoredSheet | None:
        """The sheet of a rulebook's subject (county.recipient), if the snapshot has it."""
        sheets = self.sheets.values()
        return next((sheet for sheet in sheets if sheet.rulebook.subject == subject), None)


def score_document(sha256: str, document: Mapping[str, Any]) -> ScoredSnapshot:
    """Score a snapshot document, whose digest is `sha256`: the column that its cards go by now, the
    others when they are asked for. It means what it meant to the engine that froze it.

    Raises UnknownEngineError for a document of an engine that this program does not know.
    """
    files = document["set"]["files"]
    meaning = meaning_of(document["engine"])
    rulebooks = load_set(document["set"]["text"], files.__getitem__, meaning=meaning)
    sheets = document["sheets"]
    column = RulingLevel(document["column"])

    members = _members_of(document)

    @cache
    def facts(level: RulingLevel) -> dict[str, Facts]:
        return _facts_of(document, level, meaning)

    @cache
    def score(level: RulingLevel) -> SetResult:
        return score_set(rulebooks, facts(level), members)

    first = score(column)
    return ScoredSnapshot(
        sha256,
        document,
        {
            found.rulebook.code: ScoredSheet(
                column, ByColumn(score, subject), sheets[subject], document.get("annex", {})
            )
            for subject, found in first.results.items()
        },
        first.prizes,
        Basis(rulebooks, facts(column), members, first),
    )


def score_frozen(
    document: Mapping[str, Any],
    rulebooks: RulebookSet,
    column: RulingLevel,
    meaning: Meaning = CURRENT,
) -> SetResult:
    """The points that a set gives for the facts of a document in a column, of the kinds of sheets
    that the document has."""
    return score_set(rulebooks, _facts_of(document, column, meaning), _members_of(document))


def _members_of(document: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, list[str]]]:
    sheets = document["sheets"]
    return {
        (subject, code): _by_part(lower, sheets)
        for subject, sheet in sheets.items()
        for code, lower in sheet["members"].items()
    }


def _facts_of(
    document: Mapping[str, Any], column: RulingLevel, meaning: Meaning
) -> dict[str, Facts]:
    return {
        name: parse_facts(facts_in(sheet, column), meaning=meaning)
        for name, sheet in document["sheets"].items()
    }


def _by_part(members: Mapping[str, list[str]], sheets: Mapping[str, Any]) -> dict[str, list[str]]:
    """The members by the kind of sheet, and again by kind and part, for means that go by it."""
    found = {kind: list(codes) for kind, codes in members.items()}
    for kind, codes in members.items():
        for code in codes:
            if part := sheets[kind]["subjects"][code].get("part"):
                found.setdefault(f"{kind}.{part}", []).append(code)
    return found


def facts_in(sheet: Mapping[str, Any], column: RulingLevel) -> dict[str, Any]:
    """The facts of a column of a sheet's part of the document: see `ScoredSheet.facts_file`."""
    facts = sheet["facts"][column.value]
    return {**facts, "year": int(facts["year"])}


class Frozen(Protocol):
    """A stored snapshot."""

    @property
    def sha256(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class _Shelf:
    """Snapshots that a process has computed, the latest that were asked for."""

    def __init__(self, most: int) -> None:
        self._found: OrderedDict[str, ScoredSnapshot] = OrderedDict()
        self._most = most
        self._lock, self._making = threading.Lock(), threading.RLock()

    def find(self, sha256: str, content: Callable[[], bytes]) -> ScoredSnapshot:
        if (found := self._kept(sha256)) is not None:
            return found
        # Whoever asks for one that is not kept meanwhile waits: two would take twice the memory.
        with self._making:
            if (found := self._kept(sha256)) is None:
                found = score_document(sha256, json.loads(content()))
                with self._lock:
                    self._found[sha256] = found
                    while len(self._found) > self._most:
                        self._found.popitem(last=False)
            return found

    def _kept(self, sha256: str) -> ScoredSnapshot | None:
        with self._lock:
            if sha256 not in self._found:
                return None
            self._found.move_to_end(sha256)
            return self._found[sha256]

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


KEPT = _Shelf(SNAPSHOTS_KEPT)


def scored(sha256: str, content: bytes) -> ScoredSnapshot:
    """As `score_document`, from the stored bytes; kept, because a snapshot never changes."""
    return KEPT.find(sha256, lambda: content)


def scored_of(snapshot: Frozen) -> ScoredSnapshot:
    """The same of a stored snapshot, whose bytes are not read where its points are kept."""
    return KEPT.find(snapshot.sha256, lambda: snapshot.content)
