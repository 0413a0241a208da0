"""Enclaves of a kind in a year, and projects that stand still, as the database tells them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tests import factories as make
from tracker.core.db import db
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.enclaves.stood import ANY, KINDS, UNNAMED, standing, stood_as
from tracker.records.ledger import stalled
from tracker.records.ledger.models import EntryKind
from tracker.records.projects.models import Project


def test_the_kind_of_a_year_is_that_of_its_last_day(app):
    places = make.zhejiang()
    here, there = places["缙云县"], places["富阳区"]
    became = {"kind": EnclaveKind.INDUSTRIAL, "development_since": date(2025, 3, 1)}
    for of in (
        became,
        became | {"closed_on": date(2024, 5, 1)},
        {"kind": EnclaveKind.INDUSTRIAL},
        {"kind": EnclaveKind.INCOME, "signed_on": date(2025, 1, 1)},
        {"kind": None},
        {"kind": None, "closed_on": date(2020, 1, 1)},
    ):
        make.enclave(here, there, **of)
    db.session.flush()
    for year in (2024, 2025):
        stood = db.session.scalars(select(Enclave).where(*standing(year))).all()
        for value, _ in KINDS:
            found = db.session.scalars(select(Enclave.id).where(stood_as(value, year))).all()
            kind = None if value in (ANY, UNNAMED) else EnclaveKind(value)
            expected = {
                e.id for e in stood if value == ANY or e.kind_on(date(year, 12, 31)) is kind
            }
            assert set(found) == expected, (year, value)


def test_who_stands_still(app):
    here = make.zhejiang()["缙云县"]
    signed = {"signed_on": date(2023, 1, 5)}
    waiting = make.project(here, **signed)
    idle = make.project(here, started_on=date(2023, 2, 1), **signed)
    busy = make.project(here, started_on=date(2023, 2, 1), **signed)
    make.entry(busy, EntryKind.COMPLETED_INVESTMENT, make.wan(1), date(2024, 5, 1))
    make.project(here, terminated_on=date(2024, 2, 1), **signed)
    make.project(here, signed_on=date(2024, 6, 1))
    db.session.flush()

    def found(condition) -> list[int]:
        return list(db.session.scalars(select(Project.id).where(condition)))

    assert found(stalled.not_started(2024)) == [waiting.id]
    assert found(stalled.without_progress(2024)) == [idle.id]
