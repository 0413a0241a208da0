"""What there is to do, by role."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, select

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.overview import progress
from tracker.overview.enclaves import returns_in
from tracker.overview.ranking.firsts import first_places
from tracker.records.accounts import queries as account_queries
from tracker.records.accounts.models import User
from tracker.records.accounts.owners import own_city
from tracker.records.accounts.permissions import Role
from tracker.records.determinations.levels import level_of
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger import queries as ledger_queries
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_in_view
from tracker.records.places.scopes import is_province
from tracker.records.projects.models import Project
from tracker.records.reminders import queries as reminder_queries
from tracker.records.submissions import queries as submissions
from tracker.records.submissions.models import Filing
from tracker.site import application_lists as applications
from tracker.site import course_lists, objection_lists, supervision_lists
from tracker.site import work_lists as lists
from tracker.site.filing_lists import given_back, to_review
from tracker.site.leader.page import leader_page
from tracker.site.quarter_lists import in_hand
from tracker.site.ruling_lists import objections, to_answer
from tracker.site.task_lists import tasks_waiting, to_divide
from tracker.year.assessments import queries as assessment_queries
from tracker.year.assessments.cards import titles_of
from tracker.year.assessments.models import Snapshot
from tracker.year.objections.steps import answers
from tracker.year.procedure import sight
from tracker.year.procedure.sight import SeenCard
from tracker.year.procedure.steps import moves

Work = Callable[[User, int], dict[str, Any]]


@dataclass(frozen=True)
class County:
    """One county's records at a glance: how many filings were planned for the year, how many of
    them were due by today and how many of these were filed; the day of its latest ledger entry."""

    region: Region
    planned: int
    due: int
    filed: int
    projects: int
    enclaves: int
    latest: date | None


def of_role(role: Role) -> Work:
    """The function that gathers the first page of `role`."""
    return {
        Role.STAFF: _staff,
        Role.REVIEWER: _reviewer,
        Role.ASSESSOR: _assessor,
        Role.LEADER: leader_page,
        Role.ADMINISTRATOR: _administrator,
    }[role]


def _own_place(user: User) -> Select[int]:
    """The id of the user's own region, for which alone they answer."""
    return select(Region.id).where(Region.id == user.region_id)


def _staff(user: User, year: int) -> dict[str, Any]:
    regions = regions_in_view(user)
    returns = returns_in(regions, year)
    _, cards = _cards(user, year)
    quarters = in_hand(user)
    return {
        "back": given_back(_own_place(user)),
        "quarters": quarters,
        "todos": [
            *supervision_lists.of_user(user),
            lists.filings_due(regions, told=[each.filing.id for each in quarters.rows]),
            lists.drafts(regions),
            lists.awaiting_partner(regions),
            lists.unconfirmed(_own_place(user)),
            to_answer(_own_place(user), year),
            *objection_lists.answered(_own_place(user)),
            applications.own(_own_place(user)),
            lists.without_money(regions, year),
            lists.without_total(regions),
            lists.owing(returns, user.region_id, year),
            tasks_waiting(user, year),
            to_divide(user, year),
            lists.unfinished_facts(regions),
            lists.incomplete_cards(cards, year),
        ],
        "project_count": _number(Project, Project.region_id.in_(regions)),
        "enclave_count": _number(Enclave, Enclave.origin_id.in_(regions)),
    }


def _reviewer(user: User, year: int) -> dict[str, Any]:
    regions = regions_in_view(user)
    places = progress.counties_in(regions)
    projects = _count_by(Project.region_id, regions)
    enclaves = _count_by(Enclave.origin_id, regions)
    latest = ledger_queries.latest_day([place.id for place in places])
    filings = _filings(regions, year)
    _, cards = _cards(user, year)
    return {
        "counties": [
            County(
                place,
                *filings.get(place.id, (0, 0, 0)),
                projects.get(place.id, 0),
                enclaves.get(place.id, 0),
                latest.get(place.id),
            )
            for place in places
        ],
        "todos": [
            *supervision_lists.of_user(user),
            to_review(user),
            applications.to_decide(user),
            *_of_own_assessment(user),
            *_objections(user),
            lists.filings_due(regions, by_county=True),
            tasks_waiting(user, year),
            to_divide(user, year),
            lists.undetermined_cards(cards, year, user),
            lists.incomplete_cards(cards, year),
        ],
    }


def _assessor(user: User, year: int) -> dict[str, Any]:
    regions = regions_in_view(user)
    results = _results(user, year)
    cards = results["cards"]
    return {
        **results,
        "todos": [
            *supervision_lists.of_user(user),
            to_review(user),
            applications.to_decide(user),
            *(course_lists.running() if moves(user) else []),
            *(objection_lists.to_answer() if answers(user) else []),
            *_objections(user),
            lists.undetermined_cards(cards, year, user),
            lists.incomplete_cards(cards, year),
            lists.disputed(regions),
            lists.unconfirmed(None if is_province(user) else _own_place(user)),
            lists.filings_due(regions, by_county=True),
            *([to_divide(user, year)] if is_province(user) else []),
        ],
    }


def _of_own_assessment(user: User) -> list[lists.Todo]:
    """What waits in the assessment that the city makes of its counties (市考县)."""
    city = db.session.get(Region, own_city(user) or 0)
    if city is None or not moves(user, city.id):
        return []
    running = course_lists.running(city)
    said = [objections(user, city)] if running else []
    return [*running, *objection_lists.to_answer(city), *said]


def _objections(user: User) -> list[lists.Todo]:
    """What a place says against rulings, for those who rule at a level."""
    return [objections(user)] if level_of(user) is not None else []


def _administrator(user: User, year: int) -> dict[str, Any]:
    return {
        "accounts": account_queries.count_by_role(),
        "undelivered": reminder_queries.undelivered(),
    }


def _results(user: User, year: int) -> dict[str, Any]:
    snapshot, cards = _cards(user, year)
    sheets = _by_title(cards, year)
    return {
        "snapshot": snapshot,
        "cards": cards,
        "sheets": sheets,
        "firsts": {title: first_places(of) for title, of in sheets.items()},
        "years_scored": assessment_queries.years_with_snapshots(),
    }


def _cards(user: User, year: int) -> tuple[Snapshot | None, list[SeenCard]]:
    snapshot = assessment_queries.latest_snapshot(year)
    return snapshot, sight.cards(snapshot, user) if snapshot else []


def _by_title(cards: list[SeenCard], year: int) -> dict[str, list[SeenCard]]:
    """The cards by the title of their sheet, in the order of the list of scorecards."""
    titles = titles_of(year)
    return {
        titles.get(code, code).replace("评分细则", "评分表"): list(of)
        for code, of in itertools.groupby(cards, attrgetter("sheet"))
    }


def _filings(regions: Select[int], year: int) -> dict[int, tuple[int, int, int]]:
    """County → how many filings of `year` were planned, how many of them were due by today, and
    how many of these were filed."""
    due = Filing.due_on <= today()
    filed = due & submissions.standing()
    statement = (
        select(
            Filing.region_id,
            func.count(),
            *(func.sum(case((condition, 1), else_=0)) for condition in (due, filed)),
        )
        .where(Filing.region_id.in_(regions), Filing.year == year)
        .group_by(Filing.region_id)
    )
    return {row[0]: (row[1], int(row[2]), int(row[3])) for row in db.session.execute(statement)}


def _count_by(column: SQLColumnExpression[int | None], regions: Select[int]) -> dict[int, int]:
    statement = select(column, func.count()).where(column.in_(regions)).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(statement) if row[0] is not None}


def _number(model: type[Any], condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(condition)) or 0
