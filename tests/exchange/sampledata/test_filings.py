"""Sample filings go the way that the program lets them go."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby, pairwise

from flask import Flask
from sqlalchemy import select

from tests import factories as make
from tracker.core.db import db
from tracker.exchange.sampledata.filings import add_filing, file_on_its_last_day
from tracker.exchange.sampledata.rows import Rows, moment
from tracker.records.submissions import steps
from tracker.records.submissions.models import (
    Filing,
    FilingAct,
    FilingEvent,
    FilingKind,
    FilingState,
)

DAY = date(2026, 4, 9)


def test_each_filing_stands_where_its_events_brought_it(sqlite_app: Flask) -> None:
    county = make.zhejiang()["缙云县"]
    rows = Rows((date(2026, 1, 1), date(2026, 3, 31)), DAY)
    for year in range(2002, 2101):
        for kind, days in ((FilingKind.Q1, year % 14), (FilingKind.Q2, -year % 40)):
            filed = None if days == 13 else DAY - timedelta(days=days - 2)
            add_filing(
                rows,
                1,
                county,
                year=year,
                kind=kind,
                due=date(2026, 4, 10),
                filed=filed,
                region_id=county.id,
            )
    rows.write()
    ordered = select(FilingEvent).order_by(FilingEvent.filing_id, FilingEvent.id)
    ways = {
        number: list(events)
        for number, events in groupby(db.session.scalars(ordered), lambda e: e.filing_id)
    }
    filings = db.session.scalars(select(Filing)).all()
    assert len(filings) == 198
    for filing in filings:
        events = ways.get(filing.id, [])
        assert bool(events) is (filing.state is not FilingState.NOT_STARTED)
        for event in events:
            assert event.from_state in steps.STEPS[event.act].of
            assert event.at <= moment(DAY)
        assert all(a.to_state is b.from_state and a.at <= b.at for a, b in pairwise(events))
        if events:
            assert events[-1].to_state is filing.state
            first = next(e for e in events if e.act is FilingAct.SUBMITTED)
            assert filing.filed_at == first.at
    seen = {event.act for events in ways.values() for event in events}
    assert {FilingAct.RETURNED, FilingAct.REVIEWED, FilingAct.CITY_REVIEWED} <= seen
    waiting = next(each for each in filings if each.filed_at is None)
    file_on_its_last_day(waiting)
    assert (waiting.state, waiting.filed_at) == (FilingState.SUBMITTED, moment(date(2026, 4, 10)))
