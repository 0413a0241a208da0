"""The list of counties in view, and all that belongs to one county or city on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import SQLColumnExpression, func, select
from sqlalchemy.orm import aliased, contains_eager

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.overview.enclaves import Settled, returns_in, settled
from tracker.overview.progress import Progress, progress_of
from tracker.papers.issuing.sections import papers_of_place
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.exchanges.spans import YEARS_SHOWN, exchanges_in, kinds_in, money_in
from tracker.records.exchanges.sums import KINDS
from tracker.records.ledger import queries as ledger
from tracker.records.ledger.parts import part_of
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import together
from tracker.records.ledger.yearly_returns import ReturnOfYear
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import CountyListing, Region, RegionLevel
from tracker.records.places.queries import inside, listed_on, regions_in_view, regions_of
from tracker.records.places.recoded import (
    former_codes,
    place_of_former_code,
    predecessors,
    with_predecessors,
)
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.site import county_facts as facts
from tracker.web.access import requires
from tracker.web.period import selected_year
from tracker.web.tables import some
from tracker.year.assessments.years import other_year
from tracker.year.procedure.sight import scores

bp = Blueprint("counties", __name__, url_prefix="/counties")

_LEVELS = (RegionLevel.CITY, RegionLevel.COUNTY)


@dataclass(frozen=True)
class CountyRow:
    """A county or city of the list; `listing` is its time on the list that stood on 31 December."""

    region: Region
    listing: CountyListing | None
    projects: int
    enclaves: int
    pairings: int


@dataclass(frozen=True)
class Returns:
    """Enclaves with their year: the first of them, and all of them together."""

    some: facts.Some
    agreed: int
    settled: Settled | None
    paid: Sum | None


@bp.get("/")
@requires(Permission.COUNTIES_VIEW)
def index() -> ResponseReturnValue:
    """The counties in view by city, with what each has on record."""
    year = selected_year()
    city = aliased(Region)
    places = db.session.scalars(
        select(Region)
        .outerjoin(city, city.id == Region.parent_id)
        .options(contains_eager(Region.parent.of_type(city)))
        .where(
            Region.id.in_(regions_in_view(current_user)),
            Region.level.in_(_LEVELS),
            Region.abolished_on.is_(None),
        )
        .order_by(Region.code)
    ).all()
    listed = {listing.region_id: listing for listing in listed_on(last_day(year))}
    counts = [
        _count(Project.region_id),
        _count(Enclave.origin_id),
        _added(_count(Pairing.recipient_id), _count(Pairing.supporter_id)),
    ]
    rows = [
        CountyRow(place, listed.get(place.id), *(found.get(place.id, 0) for found in counts))
        for place in places
    ]
    return render_template("site/county/index.html", rows=rows)


@bp.get("/<code>")
@requires(Permission.COUNTIES_VIEW)
def detail(code: str) -> ResponseReturnValue:
    """One county or city by its GB/T 2260 code; by one that it had, it leads to the present one."""
    region = _visible(code)
    if region is None:
        moved = place_of_former_code(code)
        if moved is None or moved.code is None or _visible(moved.code) is None:
            abort(404)
        query = request.query_string.decode("ascii", "ignore")
        return redirect(url_for(".detail", code=moved.code) + (f"?{query}" if query else ""))
    year, regions = selected_year(), inside(region)
    own_projects = projects.touching(regions)
    of_pairs = select(Pairing.id).where(pairings.touching(regions))
    part = part_of(regions, year)
    money = money_in(part.spans(YEARS_SHOWN), ledger.touching(regions))
    is_county = region.level is RegionLevel.COUNTY
    return render_template(
        "site/county/detail.html",
        region=region,
        part=part,
        other=other_year(year, regions),
        is_county=is_county,
        before=[facts.predecessor(each, current_user) for each in predecessors(region)],
        names_before=facts.names_before(region),
        successor=region.successor,
        successor_seen=bool(region.successor and _visible(region.successor.code or "")),
        parent_seen=bool(region.parent and region.parent.code and _visible(region.parent.code)),
        listings=facts.listings_of(region),
        scores=scores(current_user, region.code or "", *former_codes(region)),
        pairings=facts.pairings_of(regions, year),
        groups=facts.aid_groups_of(regions),
        returns=returns_together(returns_in(regions, year)),
        parks=facts.parks_of(regions),
        stages=facts.stages_of(own_projects),
        projects=facts.largest_projects(own_projects),
        money=money,
        money_kinds=kinds_in(money),
        exchanges=exchanges_in(part.spans(2), of_pairs),
        exchange_kinds=KINDS,
        villages=facts.villages_of(regions, year),
        demonstrations=facts.demonstrations_of(regions),
        applications=facts.applications_of(regions),
        indicators=facts.indicators_of(region),
        tasks=_tasks(region, year) if is_county else [],
        filings=facts.filings_of(region, year),
        findings=facts.findings_of(regions),
        adoptions=facts.adoptions_of(regions),
        papers=papers_of_place(region),
        year_end=last_day(year),
    )


def _tasks(region: Region, year: int) -> list[Progress]:
    return [one for one in progress_of([region], year) if one.asked is not None]


def returns_together(returns: Sequence[ReturnOfYear]) -> Returns:
    """All of the enclaves' years, those that owe first."""
    paid = [one.paid for one in returns if one.paid]
    ordered = sorted(returns, key=lambda one: (-one.owing.value, not one.agreed, one.enclave.code))
    return Returns(
        some(ordered),
        sum(one.agreed for one in returns),
        settled(returns),
        together(paid) if paid else None,
    )


def _visible(code: str) -> Region | None:
    return db.session.scalar(
        select(Region).where(
            Region.code == code,
            Region.level.in_(_LEVELS),
            Region.id.in_(with_predecessors(regions_of(current_user))),
        )
    )


def _count(column: SQLColumnExpression[int | None]) -> dict[int, int]:
    statement = select(column, func.count()).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(statement) if row[0] is not None}


def _added(*counts: dict[int, int]) -> dict[int, int]:
    return {key: sum(of.get(key, 0) for of in counts) for of in counts for key in of}
