"""What people read of a moment is China's day and hour, also in the first hours of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import time_machine

from tracker.core.config import ROOT
from tracker.core.quantities.clock import day_of, today, written
from tracker.core.quantities.shown import moment
from tracker.papers.issuing import verification

HALF_PAST_MIDNIGHT = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)  # 2026-01-01T00:30+08:00


def test_half_past_midnight_is_the_new_day():
    assert day_of(HALF_PAST_MIDNIGHT) == date(2026, 1, 1)
    assert written(HALF_PAST_MIDNIGHT) == moment(HALF_PAST_MIDNIGHT) == "2026-01-01 00:30"
    with time_machine.travel(HALF_PAST_MIDNIGHT):
        assert today() == date(2026, 1, 1)


def test_a_paper_is_superseded_on_chinas_day(monkeypatch):
    later = SimpleNamespace(number="SH2025-S02-0001", issued_at=HALF_PAST_MIDNIGHT)
    later.superseded_by = None
    paper = SimpleNamespace(superseded_by=later)
    monkeypatch.setattr(verification.queries, "newest_of", lambda _: later)
    assert "取代（2026-01-01）" in verification.superseded_words(paper)


def test_no_other_place_turns_a_moment_into_words():
    ways = ("strftime(", ":%Y", ":%m", ":%H", ").date()", "date.today(", "datetime.now()")
    allowed = {
        "tracker/core/quantities/clock.py",
        "tracker/engine/typeset/structure.py",  # a day that was given, as PDF writes it
        "tracker/year/rulebooks/workbook.py",  # a cell of a workbook, which has no time zone
    }
    found = [
        f"{path}:{number}"
        for path in sorted(ROOT.glob("tracker/**/*.py"))
        if str(path.relative_to(ROOT)) not in allowed
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(way in line for way in ways)
    ]
    assert found == []
