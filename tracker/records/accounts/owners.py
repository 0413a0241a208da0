"""Whose assessment it is: the province's, or that of a city, which assesses its own counties
(市考县). An owner is the id of the city's region, None for the province.

`?owner=331100` of an address names the city; links of a page about a city's assessment carry it on,
and the record of a page says it where the address does not (`show_owner`). Only the city's own
people, its counties' and the province's see anything of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, abort, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission, Role
from tracker.records.places.models import Region, RegionLevel
from tracker.records.places.scopes import is_province
from tracker.records.places.viewers import Viewer
from tracker.web.access import View, requires
from tracker.web.marks import mark
from tracker.web.whose import say_whose

NAME = "市考县"
_PAGES = "owned_pages"  # the blueprints whose pages may be about a city's assessment


def init_app(app: Flask) -> None:
    app.before_request(_read_owner)
    say_whose(app, _words)
    app.url_defaults(_carry)
    app.context_processor(lambda: {"owner": owner_shown()})
    app.jinja_env.filters["of_owner"] = of_owner
    app.jinja_env.globals["runs_assessments"] = lambda: runs(current_user, selected_owner())


def city_of_code(code: str) -> Region | None:
    """The city with that code (GB/T 2260)."""
    return db.session.scalar(
        select(Region).where(Region.code == code, Region.level == RegionLevel.CITY)
    )


def selected_owner() -> int | None:
    """The owner that this page is about."""
    return g.get("owner_id") if has_request_context() else None


def whose_words(name: str) -> str:
    """How the assessment of the city `name` is called before what is said of it."""
    return f"{NAME} · {name}"


def owner_shown() -> Region | None:
    """The city whose assessment this page is about; None for the province's."""
    owner = selected_owner()
    return db.session.get(Region, owner) if owner is not None else None


def _words() -> str:
    city = owner_shown()
    return whose_words(city.name) if city is not None else ""


def show_owner(owner: int | None) -> None:
    """Let this page be about the assessment of `owner`, that of its record; 404 where the reader
    sees nothing of it."""
    if owner is not None and not sees(current_user, owner):
        abort(404)
    g.owner_id = owner


def own_city(user: Viewer) -> int | None:
    """The city whose assessment `user` may run: the own one."""
    own = db.session.get(Region, user.region_id) if user.region_id else None
    return own.id if own is not None and own.level is RegionLevel.CITY else None


def runs(user: User, owner: int | None) -> bool:
    """Whether `user` is of those who run the assessments of `owner` (what the role permits is asked
    apart): the province's assessors the province's, a city's people its own."""
    if owner is None:
        return is_province(user) and user.role is not Role.REVIEWER
    return user.region_id == owner


def runs_own(permission: Permission) -> Callable[[View], View]:
    """As `requires`, of what only those do who run the assessment that the page is about. A city's
    people run none but their own: an address that names none means that."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
            if selected_owner() is None and not is_province(current_user):
                g.owner_id = own_city(current_user)
            if not runs(current_user, selected_owner()):
                abort(403)
            return view(*args, **kwargs)

        made = requires(permission)(guarded)
        mark(made, permission=permission)
        return made

    return decorate


def owned_pages(blueprint: Blueprint) -> None:
    """Let the pages of a blueprint be about a city's assessment too."""
    blueprint.record_once(
        lambda state: state.app.extensions.setdefault(_PAGES, set()).add(state.name)
    )


def _is_owned(endpoint: str | None) -> bool:
    return (endpoint or "").rpartition(".")[0] in current_app.extensions.get(_PAGES, ())


def sees(user: Viewer, owner: int | None) -> bool:
    """Whether `user` sees anything of the assessments of `owner`."""
    if owner is None:
        return True
    own = db.session.get(Region, user.region_id) if user.region_id else None
    if own is None:
        return False
    return own.level is RegionLevel.PROVINCE or owner in (own.id, own.parent_id)


def seen_by(user: Viewer, column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """As `sees`, of rows whose owner stands in `column`."""
    if is_province(user):
        return true()
    own = aliased(Region)
    parent = select(own.parent_id).where(own.id == user.region_id).scalar_subquery()
    return or_(column.is_(None), column == user.region_id, column == parent)


def of(column: InstrumentedAttribute[int | None], owner: int | None) -> ColumnElement[bool]:
    """Whether a row is of the assessments of `owner`."""
    return column.is_(None) if owner is None else column == owner


def same_owner(
    left: InstrumentedAttribute[int | None], right: InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Whether two rows are of the assessments of one owner."""
    return or_(left == right, left.is_(None) & right.is_(None))


def seen_cities(user: Viewer) -> list[Region]:
    """The cities of whose assessments `user` sees something, by code."""
    own = db.session.get(Region, user.region_id) if user.region_id else None
    if own is None:
        return []
    wanted = true() if own.level is RegionLevel.PROVINCE else false()
    statement = select(Region).where(
        Region.level == RegionLevel.CITY,
        Region.abolished_on.is_(None),
        or_(wanted, Region.id.in_([own.id, own.parent_id or 0])),
    )
    return list(db.session.scalars(statement.order_by(Region.code)))


def of_owner(words: str, owner: int | Region | None) -> str:
    """Words of the program about the province's assessment as they read in that of a city."""
    return words if owner is None else of_city(words)


def of_city(words: str) -> str:
    """Words of the program about the province's assessment as they read in that of a city."""
    return words.replace("市级初审", "初审").replace("市级核定", "初审核定").replace("省级", "市级")


def _read_owner() -> None:
    g.owner_id = None
    code = request.args.get("owner", "")
    if not code or not _is_owned(request.endpoint) or not current_user.is_authenticated:
        return
    city = city_of_code(code)
    if city is None or not sees(current_user, city.id):
        abort(404)
    g.owner_id = city.id


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    """Add the owner to an address of this site; `owner=None` asks for one without."""
    if "owner" in values or selected_owner() is None or not _is_owned(endpoint):
        return
    if (city := owner_shown()) is not None:
        values["owner"] = city.code
