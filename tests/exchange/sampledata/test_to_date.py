"""The running year of the sample data: cut at the last quarter that is over."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories as make
from tracker.core.db import db
from tracker.core.quantities.days import last_quarter_end
from tracker.exchange.sampledata.load import Mark, SampleDataError, _load_part
from tracker.exchange.sampledata.rows import Rows, moment
from tracker.records.exchanges.models import Visit
from tracker.records.submissions.models import Filing, FilingKind


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 1, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 3, 31)),
        (date(2026, 11, 27), date(2026, 9, 30)),
    ],
)
def test_the_last_quarter_that_is_over(day, until):
    assert last_quarter_end(day) == until


def test_what_happened_outside_the_window_is_left_out_and_filings_are_planned_ahead(app):
    with app.app_context():
        county = make.region(code="331122", name="缙云县")
        pairing = make.pairing(make.region(code="330111", name="富阳区"), county)
        db.session.flush()
        rows = Rows((date(2026, 7, 1), date(2026, 9, 30)), date(2026, 11, 27))
        visit = {"pairing_id": pairing.id, "led_by": "示例", "subject": "示例", "visitor": "party"}
        taken = [
            rows.add(Visit, on, visited_on=on, **visit)
            for on in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1))
        ]
        assert [number is not None for number in taken] == [False, True, True, False]
        for kind, due in ((FilingKind.Q3, date(2026, 10, 10)), (FilingKind.Q4, date(2027, 1, 10))):
            rows.add(
                Filing,
                due,
                region_id=county.id,
                year=2026,
                kind=kind,
                due_on=due,
                filed_at=moment(due),
            )
        waiting = {row["kind"]: row["filed_at"] for row in rows._waiting[Filing]}
        assert waiting == {FilingKind.Q3: moment(date(2026, 10, 10)), FilingKind.Q4: None}


def test_the_running_year_rests_on_those_before(app):
    with app.app_context():
        with pytest.raises(SampleDataError, match="请先载入"):
            _load_part(2026, date(2026, 9, 30), date(2026, 11, 27), 1, lambda step: None)
        db.session.rollback()


def test_the_mark_keeps_the_day():
    assert str(Mark(7, (2025,), (2024,), date(2026, 9, 30))).endswith("；截至 2026-09-30")
