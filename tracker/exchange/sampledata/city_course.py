"""What a city's sample assessment (市考县) needs beyond the province's: rulebooks of its own, and a
decision on each fact, since what the province ruled does not count in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.core.db import Origin, db, units
from tracker.exchange.sampledata.rows import moment
from tracker.records.determinations.models import Determination, Ruling, RulingLevel
from tracker.records.places.models import Region
from tracker.year.assessments.awaited import subjects_to_rule
from tracker.year.assessments.models import ScorecardRow, Snapshot
from tracker.year.rulebooks import service
from tracker.year.rulebooks.models import SetStatus
from tracker.year.rulebooks.shelf import SET_FILE, city_example, edition

LACKING = "没有上报，也没有记录"


def with_books(year: int, owner: int) -> None:
    """Publish the example that is shipped for cities, where the city has no rulebooks of `year`."""
    if edition(year, owner):
        return
    city, example = db.session.get_one(Region, owner), city_example()
    texts = {SET_FILE: example.text, **example.texts}
    with units.writing():
        name = f"{city.name}市考县示例细则"
        made = service.make(None, year, name, SetStatus.DESIGNED, "", texts, owner)
        service.publish(made, "", None)
        db.session.commit()


def decide(snapshot: Snapshot, owner: int, on: date) -> None:
    """Let the city take each fact of a snapshot that waits: as it was reported, and for nothing
    where nobody did."""
    level = RulingLevel.PROVINCE
    cards = db.session.scalars(select(ScorecardRow).filter_by(snapshot_id=snapshot.id)).all()
    with units.writing():
        for subject in subjects_to_rule(snapshot, cards):
            for fact in subject.facts:
                if not fact.awaits(level):
                    continue
                lacks = fact.reported is None
                db.session.add(
                    Determination(
                        year=snapshot.year,
                        measure=fact.name,
                        owner_region_id=owner,
                        level=level,
                        ruling=Ruling.REFUSED if lacks else Ruling.ACCEPTED,
                        reported=fact.reported,
                        reason=LACKING if lacks else "",
                        ruled_at=moment(on),
                        origin=Origin.SAMPLE,
                        **{subject.column: subject.record_id},
                    )
                )
        db.session.commit()
