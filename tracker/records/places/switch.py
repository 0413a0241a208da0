"""The region that pages are about: chosen at the top, kept in the session.

`?region=331122` of any address narrows this and the following pages; the user's own region takes
the narrowing back. A region out of the user's sight changes nothing.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, g, request, session
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from tracker.core.db import db
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.queries import Place, regions_of, switchable
from tracker.records.places.recoded import place_of_former_code
from tracker.web.kit.files import say_place


def init_app(app: Flask) -> None:
    app.before_request(_choose)
    app.jinja_env.globals["region_options"] = options
    app.context_processor(_surroundings)
    say_place(app, _in_view)


def own_region() -> Region | None:
    """The region that the user belongs to; None for the administrator."""
    return current_user.region if current_user.is_authenticated else None


def narrowed_to() -> Region | None:
    """The region that the pages are narrowed to; None where all that the user sees is shown."""
    region_id = g.get("region_id")
    return db.session.get(Region, region_id) if region_id else None


def _in_view() -> str:
    place = narrowed_to() or own_region()
    return place.name if place is not None else ""


@lru_cache(maxsize=500)
def options(regions: tuple[Place, ...], chosen: int | None) -> Markup:
    """`regions` as the switch offers them: province first, then each city with its counties. Drawn
    once for the same regions: it stands on every page."""
    cities = [r for r in regions if r.level is RegionLevel.CITY]
    alone = [r for r in regions if r.level is RegionLevel.PROVINCE]
    held = {city.id for city in cities}
    alone += [r for r in regions if r.level is RegionLevel.COUNTY and r.parent_id not in held]
    found = _options(alone, chosen)
    for city in cities:
        inside = [r for r in regions if r.parent_id == city.id and r.level is RegionLevel.COUNTY]
        whole = city._replace(name=f"{city.name}（全市）")
        group = Markup('<optgroup label="{}">{}</optgroup>')
        found += group.format(city.name, _options([whole, *inside], chosen))
    return found


def _options(regions: list[Place], chosen: int | None) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    mark = Markup(" selected")
    return Markup().join(
        option.format(each.code, mark if each.id == chosen else "", each.name) for each in regions
    )


def _choose() -> None:
    g.region_id = None
    if request.endpoint in (None, "static") or not current_user.is_authenticated:
        return
    own = current_user.region  # read once, and held by the user for the rest of the request
    asked = request.args.get("region", "")
    chosen = _in_sight(asked) or _in_sight(session.get("region", ""))
    if chosen is None or chosen is own:
        session.pop("region", None)
        return
    if session.get("region") != chosen.code:
        session["region"] = chosen.code
    g.region_id = chosen.id


def _in_sight(code: str) -> Region | None:
    if not code or len(code) != 6:
        return None
    found = db.session.scalar(
        select(Region).where(Region.code == code, Region.id.in_(regions_of(current_user)))
    )
    if found is not None:
        return found
    moved = place_of_former_code(code)
    return _in_sight(moved.code) if moved is not None and moved.code not in (None, code) else None


def _surroundings() -> dict[str, object]:
    if not current_user.is_authenticated:
        return {}
    own, narrowed = own_region(), narrowed_to()
    return {
        "own_region": own,
        "view_region": narrowed or own,
        "narrowed": narrowed is not None,
        "regions_to_choose": switchable(current_user),
    }
