"""Trials of the running year, without scoring anything."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.factories import add
from tracker.records.places.models import Region
from tracker.year.trials.models import Trial, TrialCard

_numbers = itertools.count(1)
LINE = {
    "code": "A1.1",
    "group": "组织领导",
    "name": "高层互访与联席会议",
    "kind": "score",
    "state": "scored",
    "points": "4",
    "award": "2.00",
    "words": "互访1次，每次得2分，得2分。",
}


def trial(year: int = 2024, month: int = 3, **fields) -> Trial:
    """A trial of a year, frozen on the 20th of a month."""
    fields.setdefault("month", date(year, month, 1))
    fields.setdefault("frozen_at", datetime(year, month, 20, 1, tzinfo=UTC))
    fields.setdefault("rulebook_year", year)
    fields.setdefault("engine", "1.4")
    fields.setdefault("facts_sha256", f"{next(_numbers):064d}")
    return add(Trial(year=year, **fields))


def trial_card(of: Trial, place: Region, total: int | str = 80, **fields) -> TrialCard:
    """What a place would have."""
    fields.setdefault("sheet", "zj-recipient-county")
    fields.setdefault("title", "受援县评分细则")
    fields.setdefault("subject", "county.recipient")
    fields.setdefault("subject_code", place.code)
    fields.setdefault("subject_name", place.name)
    fields.setdefault("county_class", "跨越发展类")
    fields.setdefault("rank", None)
    fields.setdefault("complete", True)
    fields.setdefault("best_grade", "优秀")
    fields.setdefault("best_at", Decimal(90))
    fields.setdefault("best_quota", True)
    fields.setdefault("content", json.dumps([LINE], ensure_ascii=False))
    return add(TrialCard(trial=of, region=place, total=Decimal(total), **fields))
