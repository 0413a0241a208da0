"""What the rulebooks of shown points are: examples, or issued by an office. One sentence for every
page, list and file that shows points; papers say it at their head."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import LargeBinary, func, literal, select

from tracker.core.db import db
from tracker.engine.scoring.loading import parse_toml
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.snapshots import place_of

DESIGNED = "示例细则"
# As canonical JSON writes it; what the set says is far less than this many bytes.
_KEY, _MOST = b'"set":{"files":{', 4_000_000


def rules_words(cards: Iterable[Any]) -> str:
    """By which kind of rulebooks the points of `cards` (rows of the index, or as a reader
    sees them) were computed, in a sentence; "" where that is of none."""
    wanted: dict[int, set[str]] = {}
    for card in cards:
        wanted.setdefault(card.snapshot_id, set()).add(card.sheet)
    if not wanted:
        return ""
    statement = select(Snapshot.id, Snapshot.year, Snapshot.sha256).where(Snapshot.id.in_(wanted))
    by_words: dict[str, list[int]] = {}
    for snapshot_id, year, sha256 in db.session.execute(statement.order_by(Snapshot.year)):
        known = _read(snapshot_id, sha256)
        for status in sorted({known[code] for code in wanted[snapshot_id] if code in known}):
            years = by_words.setdefault(status, [])
            if year not in years:
                years.append(year)
    return _sentence(by_words)


def status_words(status: str, document: str) -> str:
    """What a rulebook is, in words."""
    return f"正式细则（{document}）" if status == "official" else DESIGNED


def _sentence(by_words: Mapping[str, list[int]]) -> str:
    if not by_words:
        return ""
    if set(by_words) == {DESIGNED}:
        return "得分按示例细则计算，细则未经制定单位印发，不作为正式考核结果。"
    if len(by_words) == 1:
        return f"得分按{next(iter(by_words))}计算。"
    # A year of both kinds is named with each.
    parts = [f"{'、'.join(map(str, years))} 年度按{words}" for words, years in by_words.items()]
    return f"得分所按的细则：{'；'.join(parts)}。示例细则未经制定单位印发。"


@lru_cache(maxsize=64)
def _read(snapshot_id: int, _sha256: str) -> Mapping[str, str]:
    """Of a snapshot what each rulebook is, by code; only that part of its document is read."""
    start = place_of(Snapshot.content, literal(_KEY, LargeBinary))
    statement = select(start, func.substr(Snapshot.content, start, _MOST))
    found = db.session.execute(statement.where(Snapshot.id == snapshot_id)).one()
    if not found[0]:
        return {}
    text = bytes(found[1]).decode("utf-8", "ignore").removeprefix('"set":')
    files = json.JSONDecoder().raw_decode(text)[0]["files"]
    return dict(_of_file(each) for each in files.values())


@lru_cache(maxsize=128)
def _of_file(text: str) -> tuple[str, str]:
    values = parse_toml(text)
    return str(values["code"]), status_words(
        str(values.get("status", "")), str(values.get("document", ""))
    )
