"""A line of a draft worked out for one subject of a frozen year, as its card would show it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from tracker.core.db import db
from tracker.engine.scoring import (
    CURRENT,
    Facts,
    Rulebook,
    Subject,
    explain,
    figure,
    parse_facts,
    plain,
    points_words,
    score,
)
from tracker.records.determinations.models import RulingLevel
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import facts_in, scored_of
from tracker.year.measures.labels import labels_of, units_of


@dataclass(frozen=True)
class Worked:
    """What a line gives a subject: the award and the points in words, the sentence of its card, and
    its facts with what each is; `lacking`: what the year's facts do not hold."""

    award: str
    points: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    lacking: tuple[str, ...]


def subjects_of(snapshot: Snapshot | None, subject: str) -> list[tuple[str, str]]:
    """Code and name of the subjects of a kind of sheet that a snapshot has."""
    facts = _sheets(snapshot).get(subject) if snapshot else None
    return [(each["code"], each["name"]) for each in facts["subjects"]] if facts else []


def worked(probe: Rulebook, snapshot: Snapshot, code: str) -> Worked | None:
    """The one line of `probe` for the subject `code` of a snapshot, in the column that its cards go
    by; None where it has no such subject."""
    of_sheet = _sheets(snapshot).get(probe.subject)
    if of_sheet is None:
        return None
    facts = parse_facts(of_sheet)
    if any(name.startswith("score.") for name in probe.measures):
        facts = _with_means(facts, snapshot, probe.subject)
    book = replace(probe, year=facts.year, classes=())
    card = next((c for c in score(book, facts).scorecards if c.subject.code == code), None)
    if card is None:
        return None
    line = card.lines[0]
    labels, units = labels_of(probe.measures), units_of(probe.measures)
    frozen = {name for each in facts.subjects for name in each.measures}
    return Worked(
        points_words(line.award, CURRENT) if line.state != "unscorable" else "",
        plain(line.points),
        explain(line, labels, units),
        tuple(
            (labels.get(name, name), _said(card.subject, name, units.get(name, "")))
            for name in sorted(probe.measures)
        ),
        tuple(labels.get(name, name) for name in sorted(probe.measures) if name not in frozen),
    )


def _said(subject: Subject, name: str, unit: str) -> str:
    value = subject.measures.get(name)
    return "未报告" if value is None else figure(plain(value), unit, CURRENT)


def _with_means(facts: Facts, snapshot: Snapshot, subject: str) -> Facts:
    """With the means of lower sheets, as the year's own rulebooks gave them."""
    points = scored_of(snapshot)
    sheet = next(s for s in points.sheets.values() if s.rulebook.subject == subject)
    return replace(facts, subjects=tuple(card.subject for card in sheet.result.scorecards))


def _sheets(snapshot: Snapshot) -> Mapping[str, Any]:
    return _read(snapshot.id, snapshot.sha256)


@lru_cache(maxsize=2)
def _read(snapshot_id: int, _sha256: str) -> dict[str, Any]:
    """Of each sheet the facts of the column that cards go by. Asked at each pause in typing: the
    document, which never changes, is not fetched for it again."""
    wanted = select(Snapshot.content).where(Snapshot.id == snapshot_id)
    document = json.loads(db.session.scalars(wanted).one())
    column = RulingLevel(document["column"])
    return {subject: facts_in(sheet, column) for subject, sheet in document["sheets"].items()}
