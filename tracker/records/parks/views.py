"""The list of parks, their forms, and a park's own page: its agreement, how it runs, what is built
in it, and how it is scored."""

from __future__ import annotations

from decimal import Decimal

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import extract, func, select

from tracker.core.db import db
from tracker.core.provenance.said import said_of
from tracker.core.quantities.figure import added
from tracker.records.accounts.permissions import Permission
from tracker.records.exchanges.models import ConsumptionAid, JointEvent
from tracker.records.exchanges.spans import part_of_region, rows_by_year
from tracker.records.ledger.models import PARK_KINDS, LedgerEntry
from tracker.records.ledger.queries import entries_of
from tracker.records.ledger.sums import in_place_of
from tracker.records.operations.shown import operating_of
from tracker.records.parks.kinds import PARKS
from tracker.records.parks.models import Park
from tracker.records.places.queries import regions_of
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.targets.task_rules import tasks_of
from tracker.web.kit import Action, detail_page, record_blueprint
from tracker.web.period import selected_year
from tracker.web.tables import some
from tracker.web.ways import way
from tracker.year.assessments.years import other_of_record
from tracker.year.procedure.sight import scores as scores_seen

EVENTS_SHOWN = 5


def park(park_id: int) -> ResponseReturnValue:
    """One park."""
    enter = Action(
        "登记资金",
        "plus",
        Permission.LEDGER_ENTER,
        lambda record: url_for("ledger.new_of_park", park_id=record.id),
        PARKS.blocked,
        primary=True,
        fits=lambda user, record: way("ledger.new_of_park", park_id=record.id) is not None,
    )
    return detail_page(PARKS, park_id, actions=[enter], data=_of_park)


def _of_park(park: Park) -> dict[str, object]:
    year, part = selected_year(), part_of_region(park.recipient_id)
    operating = operating_of(park, base=park.base_year)
    money = rows_by_year(LedgerEntry.park_id == park.id, part)
    scores = scores_seen(current_user, park.code)
    in_place = in_place_of(select(Project.id).where(Project.park_id == park.id))
    events = db.session.scalars(
        select(JointEvent).where(JointEvent.park_id == park.id).order_by(JointEvent.held_on.desc())
    )
    seen = projects.touching(regions_of(current_user)) & (Project.park_id == park.id)
    return {
        "operating": operating,
        "projects": list(
            db.session.scalars(
                select(Project)
                .where(seen)
                .order_by(Project.total_investment.desc().nulls_last(), Project.id)
            )
        ),
        "in_place": in_place,
        "in_place_of_all": added(of.figure for of in in_place.values()),
        "part": part,
        "years_of_money": money,
        "other": other_of_record(
            year,
            (row.span.year for row in money),
            operating.years,
            (score.year for score in scores),
        ),
        "kinds": PARK_KINDS,
        "entries": entries_of(park),
        "scores": scores,
        "tasks": tasks_of(park, year),
        "consumption": _consumption(park),
        "events": some(events.all(), EVENTS_SHOWN),
        "said": said_of(park.sourced_values),
    }


def _consumption(park: Park) -> dict[int, Decimal]:
    """Year → what was bought through the park, 元, the latest year first."""
    year = extract("year", ConsumptionAid.bought_on)
    rows = db.session.execute(
        select(year, func.sum(ConsumptionAid.amount, type_=ConsumptionAid.amount.type))
        .where(ConsumptionAid.park_id == park.id)
        .group_by(year)
        .order_by(year.desc())
    )
    return {int(of): amount for of, amount in rows}


bp = record_blueprint(PARKS, park)
