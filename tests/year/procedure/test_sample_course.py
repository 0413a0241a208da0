"""The course of the province's sample year goes through, whatever its cities left undecided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests.papers.issuing.conftest import YEAR
from tests.year.procedure.conftest import Year, records
from tracker.core.db import Origin, db
from tracker.exchange.sampledata import course
from tracker.exchange.sampledata.course import AGREED, LACKING, decide, go_on
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.places.models import Region
from tracker.year.procedure.models import Stage
from tracker.year.procedure.service import ProcedureError

TAKEN_OVER, CHANGED, OPEN, LACKS = (
    "enclaves.income",
    "parks.count",
    "enclaves.industrial",
    "cadres.posted",
)


def test_the_course_decides_what_nobody_has_in_a_year_that_it_opened(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = Year(records())
    county = db.session.scalars(select(Region).filter_by(code="331122")).one()
    for measure, reported in ((TAKEN_OVER, 1), (CHANGED, 3)):
        db.session.add(
            Determination(
                year=YEAR,
                measure=measure,
                region_id=county.id,
                level=RulingLevel.CITY,
                ruling=Ruling.ACCEPTED,
                reported=Decimal(reported),
                ruled_at=datetime(2025, 1, 28, 2, tzinfo=UTC),
            )
        )
    year.open()
    snapshot = year.score()
    monkeypatch.setattr(course, "freeze_and_score", lambda *args, **options: snapshot)
    with pytest.raises(ProcedureError, match=r"不能复核：.*各级都没有核定"):
        go_on(YEAR, Stage.NOTICE)  # an office's own year: nothing is decided for it
    of_province = select(Determination).filter_by(level=RulingLevel.PROVINCE)
    assert db.session.scalars(of_province).all() == []

    year.assessment.origin = Origin.SAMPLE
    db.session.commit()
    with pytest.raises(ProcedureError):  # it decides, and the snapshot is that of before
        go_on(YEAR, Stage.NOTICE)
    assert decide(snapshot, date(2025, 2, 28)) == 0  # nothing is left
    of_county = db.session.scalars(of_province.filter_by(region_id=county.id)).all()
    made = {ruling.measure: ruling for ruling in of_county}
    assert len(made) == len(of_county)
    assert TAKEN_OVER not in made
    assert made[CHANGED].reported == 0
    for measure, ruling, reason in (
        (CHANGED, Ruling.ACCEPTED, AGREED),
        (OPEN, Ruling.ACCEPTED, AGREED),
        (LACKS, Ruling.REFUSED, LACKING),
    ):
        assert (made[measure].ruling, made[measure].reason) == (ruling, reason)
        assert made[measure].origin is Origin.SAMPLE
