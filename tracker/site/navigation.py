"""What stands around every page: the menu, the year and region switch, the sample notice."""

from __future__ import annotations

from functools import cache, lru_cache

from flask import Flask, current_app, get_template_attribute, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Select, exists, or_, select

from tracker.core.db import Origin, db
from tracker.records.accounts import owners
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import LedgerEntry
from tracker.records.parks.models import Park
from tracker.records.places import switch
from tracker.records.projects.models import Project
from tracker.records.reminders.queries import unread
from tracker.records.villages.models import DemonstrationVillage
from tracker.site.menu import Group, menu_of
from tracker.web.kit.stated import stated_day
from tracker.web.period import begin_with, carried_year
from tracker.year.assessments.years import other_year, year_to_begin_with

_DRAWN = "drawn_menus"


def init_app(app: Flask) -> None:
    switch.init_app(app)
    owners.init_app(app)
    begin_with(app, year_to_begin_with)
    app.context_processor(_surroundings)
    app.jinja_env.globals["drawn_menu"] = drawn_menu
    app.jinja_env.globals["other_year"] = other_year
    app.extensions[_DRAWN] = lru_cache(512)(_draw)
    app.jinja_env.globals["Permission"] = Permission
    app.jinja_env.filters["stated_day"] = stated_day


def has_samples() -> bool:
    """Whether any record is an invented sample."""
    return bool(db.session.scalar(_any_sample()))


@cache
def _any_sample() -> Select[bool]:
    tables = (Project, Enclave, LedgerEntry, Park, DemonstrationVillage)
    return select(or_(*(exists().where(table.origin == Origin.SAMPLE) for table in tables)))


def switch_address() -> str:
    """Where the switch at the top leads: to this page, or home from one that cannot be opened
    again by its address (the answer to a form that was sent)."""
    rule = request.url_rule
    return request.path if rule and "GET" in (rule.methods or ()) else url_for("pages.home")


def drawn_menu(groups: list[Group], section: str) -> Markup:
    """The menu beside a page of the entry `section`, drawn once for all who have the same: its
    addresses change with the year that links carry and with where the application hangs."""
    draw = current_app.extensions[_DRAWN]
    return draw(tuple(groups), section, carried_year(), request.script_root)


def _draw(groups: tuple[Group, ...], section: str, _year: int | None, _root: str) -> Markup:
    return get_template_attribute("layout/menu.html", "menu")(groups, section)


def _surroundings() -> dict[str, object]:
    if not current_user.is_authenticated:
        return {}
    return {
        "navigation": menu_of(current_user),
        "switch_address": switch_address(),
        "has_samples": has_samples(),
        "reminders_unread": lambda: unread(current_user),
    }
