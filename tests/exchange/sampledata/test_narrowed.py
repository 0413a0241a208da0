"""Facts of few subjects are read by narrower statements than those of all, and say the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tracker.core.db import db
from tracker.exchange.sampledata.scene import YEARS
from tracker.records.enclaves.models import Enclave
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.records.villages.models import DemonstrationVillage
from tracker.year.measures import collect as collecting
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.collect import collect
from tracker.year.measures.declare import SubjectKind

SUBJECTS = {
    SubjectKind.COUNTY: select(Region.id).where(Region.level == RegionLevel.COUNTY),
    SubjectKind.CITY: select(Region.id).where(Region.level == RegionLevel.CITY),
    SubjectKind.ENCLAVE: select(Enclave.id),
    SubjectKind.PARK: select(Park.id),
    SubjectKind.VILLAGE: select(DemonstrationVillage.id),
}
YEAR = YEARS[-1]


@pytest.mark.parametrize(
    ("tried", "every"),
    [pytest.param(1, 3, id="some"), pytest.param(7, 1, id="all", marks=pytest.mark.soak)],
)
@pytest.mark.parametrize("kind", sorted({each.subject for each in CATALOGUE.measures.values()}))
def test_facts_of_some_subjects_are_those_that_all_of_them_give(
    here, monkeypatch, kind, tried: int, every: int
) -> None:
    """Of every so many measures."""
    ids = sorted(db.session.scalars(SUBJECTS[kind]))
    own = [measure.name for measure in CATALOGUE.of(kind)][::every]
    names = [f"{prefix}{name}" for name in own for prefix in ("", "target.", "prior.", "baseline.")]

    monkeypatch.setattr(collecting, "MOST_NAMED", 0)
    of_all = collect(YEAR, kind, names, ids)
    monkeypatch.setattr(collecting, "MOST_NAMED", len(ids))
    # Neighbours by number stand apart, so that rows of a pair's other side are not read with it.
    groups = [ids[start::7] for start in range(tried)]
    narrowed = {}
    for some in groups:
        narrowed |= collect(YEAR, kind, names, some)

    assert any(fact.value not in (None, "0") for of in of_all.values() for fact in of.values())
    assert narrowed == {id: of_all[id] for group in groups for id in group}
