"""A snapshot's points: computed from its document alone, without the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.scoring import (
    PrizeWon,
    Result,
    Rulebook,
    RulebookSet,
    Scorecard,
    load_set,
    parse_facts,
    score_set,
)

SNAPSHOTS_KEPT = 4


@dataclass(frozen=True)
class ScoredSheet:
    """One sheet with its points; `frozen` is its part of the document (see `freeze`)."""

    result: Result
    frozen: Mapping[str, Any]

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the sheet."""
        return self.result.rulebook

    def card(self, code: str) -> Scorecard:
        """The scorecard of a subject; raises KeyError."""
        for card in self.result.scorecards:
            if card.subject.code == code:
                return card
        raise KeyError(code)


@dataclass(frozen=True)
class ScoredSnapshot:
    """A snapshot's document with the points of its sheets, by rulebook code, lower sheets first."""

    sha256: str
    document: Mapping[str, Any]
    sheets: Mapping[str, ScoredSheet]
    prizes: tuple[PrizeWon, ...]


def score_document(sha256: str, document: Mapping[str, Any]) -> ScoredSnapshot:
    """Score a snapshot document, whose digest is `sha256`."""
    rulebooks = _rulebooks(document)
    sheets = document["sheets"]
    result = score_set(
        rulebooks,
        {subject: parse_facts(facts_file(sheet)) for subject, sheet in sheets.items()},
        {
            (subject, code): members
            for subject, sheet in sheets.items()
            for code, members in sheet["members"].items()
        },
    )
    return ScoredSnapshot(
        sha256,
        document,
        {
            found.rulebook.code: ScoredSheet(found, sheets[subject])
            for subject, found in result.results.items()
        },
        result.prizes,
    )


def facts_file(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a frozen sheet as `tracker score-file` takes them.

    Canonical JSON writes every number as a string; the year alone has to be one again.
    """
    return {**sheet["facts"], "year": int(sheet["facts"]["year"])}


@lru_cache(maxsize=SNAPSHOTS_KEPT)
def scored(sha256: str, content: bytes) -> ScoredSnapshot:
    """As `score_document`, from the stored bytes; kept, because a snapshot never changes."""
    return score_document(sha256, json.loads(content))


def _rulebooks(document: Mapping[str, Any]) -> RulebookSet:
    files = document["set"]["files"]
    return load_set(document["set"]["text"], files.__getitem__)
