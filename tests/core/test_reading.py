"""Records as plain objects: their columns, what was asked for of others, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import UnmappedInstanceError

from tests import factories as make
from tracker.core.collecting import uncollected
from tracker.core.db import db
from tracker.core.db.reading import Shelf, rows
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.pairings.models import Pairing
from tracker.records.projects.models import Project


@pytest.fixture
def project(app) -> Project:
    places = make.zhejiang()
    found = make.project(places["缙云县"], total_investment=Decimal("12345.67"))
    make.sourced_value(found, make.source(), adopted=True)
    make.sourced_value(found, make.source())
    make.entry(found, EntryKind.FUNDS_IN_PLACE, Decimal("8.05"), date(2024, 3, 1))
    return found


def test_a_plain_record_says_what_the_record_says(project):
    entry = db.session.scalars(select(LedgerEntry)).one()
    shelf = Shelf()
    found = shelf.named(LedgerEntry, {entry.id, 99}, ["project.region", "park"])
    assert list(found) == [entry.id]
    plain = found[entry.id]
    names = ("amount", "kind", "occurred_on", "submitted_at", "origin", "project_id")
    assert [getattr(plain, n) for n in names] == [getattr(entry, n) for n in names]
    assert plain is not entry
    assert (plain.project.region.name, plain.park) == ("缙云县", None)
    assert plain.project.is_large == project.is_large
    # One record is one object, whatever it was reached by.
    assert shelf.named(Project, [project.id])[project.id] is plain.project
    assert shelf.those(select(Project))[0] is plain.project


def test_a_list_comes_in_its_order_and_once(project):
    shelf = Shelf()
    for _ in range(2):
        (plain,) = shelf.those(select(Project), ["sourced_values.source"])
        said = [(each.id, each.source.url) for each in plain.sourced_values]
        assert said == [(each.id, each.source.url) for each in project.sourced_values]
    assert shelf.those(select(Pairing)) == []


def test_what_was_not_asked_for_is_not_looked_up(project):
    (plain,) = Shelf().those(select(Project))
    for name in ("region", "created_at", "updated_at"):
        with pytest.raises(UnmappedInstanceError):
            getattr(plain, name)


def test_rows_know_what_was_not_yet_written(app):
    db.session.add(make.Region(code="330000", name="浙江省", level=make.RegionLevel.PROVINCE))
    statement = select(make.Region.name.label("called"))
    assert [row.called for row in rows(statement)] == ["浙江省"]
    with db.session.no_autoflush:
        db.session.add(make.Region(code="331100", name="丽水市", level=make.RegionLevel.CITY))
        assert len(rows(statement)) == 1


def test_garbage_is_looked_for_again_afterwards():
    import gc

    was = gc.isenabled()
    try:
        for on in (True, False):
            (gc.enable if on else gc.disable)()
            with uncollected():
                assert not gc.isenabled()
            assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()
