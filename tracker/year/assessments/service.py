"""What an assessor does to a year: freeze its facts and score them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.core.db import db, units
from tracker.core.db.events import EventKind, note
from tracker.core.db.records import now
from tracker.core.told import ToldError
from tracker.engine.scoring import FactsError, RulebookError, canonical_json, digest
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import whose_words
from tracker.records.determinations.models import RulingLevel
from tracker.records.evidence.checks import look
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.assessments.queries import holds_whole, is_whole, latest_snapshot
from tracker.year.assessments.scored import ScoredSheet, ScoredSnapshot, scored
from tracker.year.assessments.stopped import why_not_scored
from tracker.year.rulebooks.shelf import NoRulebooksError, year_set


class AssessmentError(ToldError):
    """A year cannot be scored; the message is for the user."""

    status = 409


@dataclass(frozen=True)
class Frozen:
    """A year as it was at one moment, scored and not yet kept: the latest snapshot of that moment,
    and the one to add, None where it would say the same."""

    year: int
    latest_id: int | None
    snapshot: Snapshot | None
    owner: int | None = None


def freeze_and_score(
    year: int,
    actor: User | None,
    progress: Callable[[str], None] = lambda step: None,
    owner: int | None = None,
) -> Snapshot:
    """Freeze the facts of `year`, score them and keep that.

    Where neither the facts nor the rulebooks nor the engine have changed since the latest
    snapshot, nor the year ended, that one is given back and none is added. Raises AssessmentError.
    """
    actor_id = actor.id if actor else None
    frozen = frozen_year(year, progress, owner)
    with units.writing():
        return keep(frozen, actor_id)


def frozen_year(
    year: int, progress: Callable[[str], None] = lambda step: None, owner: int | None = None
) -> Frozen:
    """The facts of `year` in one state of the data, scored by the rulebooks of `owner`: the long
    part, for which nobody who writes has to wait. Raises AssessmentError."""
    if said := why_not_scored(year, owner):
        raise AssessmentError(said)
    try:
        rulebooks = year_set(year, owner)
    except NoRulebooksError as error:
        raise AssessmentError(str(error)) from None
    except RulebookError as error:
        raise AssessmentError("评分细则有误：" + "；".join(error.faults)) from None
    progress("核对佐证文件")
    look()
    units.afresh()
    frozen_at = now().replace(microsecond=0)
    document = freeze(rulebooks, frozen_at, progress, owner)
    facts_sha256 = digest({key: value for key, value in document.items() if key != "frozen_at"})
    latest = latest_snapshot(year, owner)
    latest_id = latest.id if latest else None
    if latest is not None and _says(latest, facts_sha256, frozen_at):
        return Frozen(year, latest_id, None, owner)
    progress("计分")
    content = canonical_json(document)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        points = scored(sha256, content)
    except FactsError as error:
        raise AssessmentError("；".join(error.faults)) from None
    snapshot = Snapshot(
        year=year,
        owner_region_id=owner,
        sha256=sha256,
        facts_sha256=facts_sha256,
        engine=document["engine"],
        frozen_at=frozen_at,
        content=content,
    )
    snapshot.cards = index_of(points)
    return Frozen(year, latest_id, snapshot, owner)


def keep(frozen: Frozen, actor_id: int | None) -> Snapshot:
    """Add the snapshot, within a writing unit. Where somebody else has added one meanwhile, that
    one is given back if it says the same. Raises AssessmentError if it says something else."""
    if said := why_not_scored(frozen.year, frozen.owner):
        raise AssessmentError(said)
    latest = latest_snapshot(frozen.year, frozen.owner)
    added = frozen.snapshot
    if latest is not None and (added is None or _says(latest, added.facts_sha256, added.frozen_at)):
        _note(latest, "事实和细则未变，沿用", actor_id)
        return latest
    if (latest.id if latest else None) != frozen.latest_id:
        raise AssessmentError("另一人刚刚冻结了该年度的事实，请刷新后核对。")
    assert added is not None, "only of a year that has a snapshot nothing is added"
    added.frozen_by_id = actor_id
    db.session.add(added)
    db.session.flush()
    _note(added, "新", actor_id)
    return added


def _says(latest: Snapshot, facts_sha256: str, frozen_at: datetime) -> bool:
    """Whether `latest` says what would be frozen at a moment: the same facts, of a part of the year
    or of all of it."""
    whole = holds_whole(latest.year, frozen_at)
    return latest.facts_sha256 == facts_sha256 and is_whole(latest) == whole


def _note(snapshot: Snapshot, how: str, actor_id: int | None) -> None:
    of = f"（{whose_words(snapshot.owner_region.name)}）" if snapshot.owner_region else ""
    about = f"{snapshot.year} 年度{of}，{how}快照 {snapshot.sha256[:12]}"
    note(EventKind.SCORED, about, record=("snapshots", snapshot.id), actor_id=actor_id)


def index_of(points: ScoredSnapshot) -> list[ScorecardRow]:
    """A row for each card of a snapshot, for lists and permissions."""
    return [
        ScorecardRow(
            sheet=code,
            subject_code=card.subject.code,
            subject_name=card.subject.name,
            county_class=card.subject.class_name,
            **_records_of(sheet.frozen["subjects"][card.subject.code]),
            partner_id=_partner_of(points, sheet, card.subject.code),
            total=card.total,
            self_total=sheet.card(card.subject.code, RulingLevel.COUNTY).total,
            city_total=sheet.card(card.subject.code, RulingLevel.CITY).total,
            province_total=sheet.card(card.subject.code, RulingLevel.PROVINCE).total,
            grade=card.grade,
            rank=card.rank,
            complete=card.complete,
            unscorable=sum(line.state == "unscorable" for line in card.lines),
            gaps=sum(
                line.state == "unscorable" and line.code in sheet.gaps(card.subject.code)
                for line in card.lines
            ),
            undetermined=len(
                {
                    *sheet.frozen["undetermined"].get(card.subject.code, ()),
                    *sheet.changed(card.subject.code),
                }
            ),
        )
        for code, sheet in points.sheets.items()
        for card in sheet.result.scorecards
    ]


def _partner_of(points: ScoredSnapshot, sheet: ScoredSheet, code: str) -> int | None:
    """Of a pair, the county that supports."""
    if sheet.rulebook.subject != "pair":
        return None
    pair = points.document.get("annex", {}).get("pairs", {}).get(code)
    return int(pair["region_ids"][0]) if pair else None


def _records_of(about: Mapping[str, Any]) -> dict[str, int | None]:
    ids = {name: about[name] for name in ("region_id", "enclave_id")}
    return {name: None if value is None else int(value) for name, value in ids.items()}
