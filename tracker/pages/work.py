"""What there is to do, by role."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from sqlalchemy import func, select

from tracker.accounts import queries as account_queries
from tracker.accounts.models import User
from tracker.accounts.permissions import Role
from tracker.assessments import queries as assessment_queries
from tracker.assessments.models import ScorecardRow
from tracker.db import db
from tracker.enclaves import queries as enclave_queries
from tracker.enclaves.models import Enclave
from tracker.ledger import queries as ledger_queries
from tracker.ledger.models import EntryKind
from tracker.pages.returns import ReturnYear, return_years
from tracker.projects import queries as project_queries
from tracker.projects.models import Project, ProjectStage
from tracker.regions.models import Region, RegionLevel
from tracker.regions.queries import regions_in_view
from tracker.scorecards.build import build_card

Work = Callable[[User, int], dict[str, object]]


@dataclass(frozen=True)
class County:
    """One county's records at a glance; `latest` is the day of its latest ledger entry."""

    region: Region
    projects: int
    enclaves: int
    latest: date | None


@dataclass(frozen=True)
class Arrears:
    """An enclave of which more is due in the year than was paid; None: nothing was paid yet."""

    enclave: Enclave
    due: Decimal
    paid: Decimal | None


def of_role(role: Role) -> Work:
    """The function that gathers the first page of `role`."""
    return {
        Role.STAFF: _staff,
        Role.REVIEWER: _reviewer,
        Role.ASSESSOR: _results,
        Role.LEADER: _results,
        Role.ADMINISTRATOR: _administrator,
    }[role]


def _staff(user: User, year: int) -> dict[str, object]:
    projects = list(db.session.scalars(project_queries.owned(user).order_by(Project.name)))
    active = [p for p in projects if p.stage in (ProjectStage.SIGNED, ProjectStage.STARTED)]
    invested = ledger_queries.projects_with(
        EntryKind.COMPLETED_INVESTMENT, year, [project.id for project in active]
    )
    own = enclave_queries.of_origin(user.region_id)
    return {
        "without_total": [p for p in projects if p.total_investment is None],
        "without_money": [p for p in active if p.id not in invested],
        "arrears": [a for enclave in own for a in _arrears(enclave, year)],
        "project_count": len(projects),
        "enclave_count": len(own),
    }


def _reviewer(user: User, year: int) -> dict[str, object]:
    places = list(
        db.session.scalars(
            select(Region)
            .where(Region.id.in_(regions_in_view(user)), Region.level == RegionLevel.COUNTY)
            .order_by(Region.code)
        )
    )
    ids = [place.id for place in places]
    projects = _count_by(Project.region_id, ids)
    enclaves = _count_by(Enclave.origin_id, ids)
    latest = ledger_queries.latest_day(ids)
    return {
        "counties": [
            County(p, projects.get(p.id, 0), enclaves.get(p.id, 0), latest.get(p.id))
            for p in places
        ]
    }


def _results(user: User, year: int) -> dict[str, object]:
    snapshot = assessment_queries.latest_snapshot(year)
    cards = assessment_queries.cards(snapshot, user) if snapshot else []
    return {
        "snapshot": snapshot,
        "cards": cards,
        "sheets": _by_title(cards),
        "years_scored": assessment_queries.years_with_snapshots(),
    }


def _by_title(cards: list[ScorecardRow]) -> dict[str, list[ScorecardRow]]:
    """The cards by the title of their sheet, in the order of the list of scorecards."""
    sheets = [list(of) for _, of in itertools.groupby(cards, attrgetter("sheet"))]
    return {
        build_card(rows[0].snapshot, rows[0].sheet, rows[0].subject_code).title: rows
        for rows in sheets
    }


def _administrator(user: User, year: int) -> dict[str, object]:
    return {"accounts": account_queries.count_by_role()}


def _arrears(enclave: Enclave, year: int) -> list[Arrears]:
    found: ReturnYear | None = next((r for r in return_years(enclave) if r.year == year), None)
    if found is None or not found.due:
        return []
    paid = found.paid.amount if found.paid else None
    return [Arrears(enclave, found.due, paid)] if (paid or 0) < found.due else []


def _count_by(column, region_ids: list[int]) -> dict[int, int]:
    statement = select(column, func.count()).where(column.in_(region_ids)).group_by(column)
    return dict(tuple(row) for row in db.session.execute(statement))
