"""The day of a moment in China is the same in a statement as in the program, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tests import factories as make
from tests import factories_acts as acts
from tracker.core.db import db
from tracker.core.db.days import day_in_china
from tracker.core.quantities.clock import day_of
from tracker.records.submissions.models import Filing, FilingKind

MIDNIGHT = datetime(2024, 4, 10, 16, tzinfo=UTC)  # in China


def test_a_day_ends_at_midnight_in_china(app):
    place = make.zhejiang()["缙云县"]
    moments = [
        MIDNIGHT - timedelta(seconds=1),
        MIDNIGHT,
        MIDNIGHT + timedelta(hours=23, minutes=59),
    ]
    kinds = (FilingKind.Q1, FilingKind.Q2, FilingKind.Q3)
    for kind, moment in zip(kinds, moments, strict=True):
        acts.filing(place, 2024, kind, due_on=day_of(moment), filed_at=moment)
    db.session.commit()
    of = select(day_in_china(Filing.filed_at)).order_by(Filing.filed_at)
    assert db.session.scalars(of).all() == [day_of(moment) for moment in moments]
