"""What a city's sample assessment (市考县) needs beyond the province's: rulebooks of its own."""

from __future__ import annotations

from tracker.core.db import db, units
from tracker.records.places.models import Region
from tracker.year.rulebooks import service
from tracker.year.rulebooks.models import SetStatus
from tracker.year.rulebooks.shelf import SET_FILE, city_example, edition


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
