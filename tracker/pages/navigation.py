"""What stands around every page: the way to the other pages, the region, the sample notice."""

from __future__ import annotations

from flask import Flask
from flask_login import current_user
from sqlalchemy import exists, select

from tracker.accounts.models import User
from tracker.accounts.permissions import Permission, Role
from tracker.db import Origin, db
from tracker.enclaves.models import Enclave
from tracker.ledger.models import LedgerEntry
from tracker.projects.models import Project
from tracker.provenance.words import stated_day
from tracker.regions.models import Region

# endpoint → (label, icon, permission)
PAGES: dict[str, tuple[str, str, Permission]] = {
    "pages.home": ("我的工作", "home", Permission.WORK_VIEW),
    "assessments.index": ("考核", "clipboard-check", Permission.ASSESSMENTS_SCORE),
    "scorecards.index": ("评分表", "table", Permission.SCORECARDS_VIEW),
    "pairings.index": ("结对", "arrows-exchange", Permission.PAIRINGS_VIEW),
    "enclaves.index": ("飞地", "building-factory-2", Permission.ENCLAVES_VIEW),
    "projects.index": ("项目", "folders", Permission.PROJECTS_VIEW),
    "ledger.index": ("台账", "book-2", Permission.LEDGER_VIEW),
}

_RECORDS = ["pairings.index", "enclaves.index", "projects.index", "ledger.index"]
_RESULTS = ["assessments.index", "scorecards.index"]

# Those who enter records find them first, those who judge find the results first.
ORDER = {
    Role.STAFF: ["pages.home", *_RECORDS, *_RESULTS],
    Role.REVIEWER: ["pages.home", *_RECORDS, *_RESULTS],
    Role.ASSESSOR: ["pages.home", *_RESULTS, *_RECORDS],
    Role.LEADER: ["pages.home", *_RESULTS, *_RECORDS],
    Role.ADMINISTRATOR: ["pages.home"],
}


def init_app(app: Flask) -> None:
    app.context_processor(_surroundings)
    app.jinja_env.globals["Permission"] = Permission
    app.jinja_env.filters["stated_day"] = stated_day


def navigation(user: User) -> list[tuple[str, str, str]]:
    """(endpoint, label, icon) of the pages that `user` may open, in the order of the role."""
    return [
        (endpoint, *PAGES[endpoint][:2])
        for endpoint in ORDER[user.role]
        if user.may(PAGES[endpoint][2])
    ]


def region_of(user: User) -> Region | None:
    """The user's own region; None for the administrator."""
    return db.session.get(Region, user.region_id) if user.region_id else None


def has_samples() -> bool:
    """Whether any record is an invented sample."""
    tables = (Project, Enclave, LedgerEntry)
    found = (exists().where(table.origin == Origin.SAMPLE) for table in tables)
    return any(db.session.scalar(select(condition)) for condition in found)


def _surroundings() -> dict[str, object]:
    if not current_user.is_authenticated:
        return {}
    return {
        "navigation": navigation(current_user),
        "own_region": region_of(current_user),
        "has_samples": has_samples(),
    }
