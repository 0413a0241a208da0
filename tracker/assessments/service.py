"""What an assessor does to a year: freeze its facts and score them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from tracker.accounts.models import User
from tracker.assessments.freeze import freeze
from tracker.assessments.models import ScorecardRow, Snapshot
from tracker.assessments.queries import latest_snapshot
from tracker.assessments.scored import ScoredSnapshot, scored
from tracker.db import db
from tracker.db.records import now
from tracker.determinations.models import RulingLevel
from tracker.rulebooks.shelf import NoRulebooksError, year_set
from tracker.scoring import RulebookError, canonical_json, digest


class AssessmentError(Exception):
    """A year cannot be scored; the message is for the user."""


def freeze_and_score(
    year: int, actor: User | None, progress: Callable[[str], None] = lambda step: None
) -> Snapshot:
    """Freeze the facts of `year` and score them; the caller commits.

    Where neither the facts nor the rulebooks nor the engine have changed since the latest
    snapshot, that one is given back and none is added. Raises AssessmentError.
    """
    try:
        rulebooks = year_set(year)
    except NoRulebooksError as error:
        raise AssessmentError(str(error)) from None
    except RulebookError as error:
        raise AssessmentError("评分细则有误：" + "；".join(error.faults)) from None
    frozen_at = now().replace(microsecond=0)
    document = freeze(rulebooks, frozen_at, progress)
    facts_sha256 = digest({key: value for key, value in document.items() if key != "frozen_at"})
    latest = latest_snapshot(year)
    if latest is not None and latest.facts_sha256 == facts_sha256:
        return latest
    progress("计分")
    content = canonical_json(document)
    snapshot = Snapshot(
        year=year,
        sha256=hashlib.sha256(content).hexdigest(),
        facts_sha256=facts_sha256,
        engine=document["engine"],
        frozen_at=frozen_at,
        frozen_by_id=actor.id if actor else None,
        content=content,
    )
    db.session.add(snapshot)
    db.session.flush()
    db.session.add_all(index_of(snapshot, scored(snapshot.sha256, content)))
    db.session.flush()
    return snapshot


def index_of(snapshot: Snapshot, points: ScoredSnapshot) -> list[ScorecardRow]:
    """A row for each card of a snapshot, for lists and permissions."""
    return [
        ScorecardRow(
            snapshot_id=snapshot.id,
            sheet=code,
            subject_code=card.subject.code,
            subject_name=card.subject.name,
            county_class=card.subject.class_name,
            **_records_of(sheet.frozen["subjects"][card.subject.code]),
            total=card.total,
            self_total=sheet.card(card.subject.code, RulingLevel.COUNTY).total,
            city_total=sheet.card(card.subject.code, RulingLevel.CITY).total,
            province_total=sheet.card(card.subject.code, RulingLevel.PROVINCE).total,
            grade=card.grade,
            rank=card.rank,
            complete=card.complete,
            unscorable=sum(line.state == "unscorable" for line in card.lines),
            undetermined=len(sheet.frozen["undetermined"].get(card.subject.code, ())),
        )
        for code, sheet in points.sheets.items()
        for card in sheet.result.scorecards
    ]


def _records_of(about: Mapping[str, Any]) -> dict[str, int | None]:
    ids = {name: about[name] for name in ("region_id", "enclave_id")}
    return {name: None if value is None else int(value) for name, value in ids.items()}
