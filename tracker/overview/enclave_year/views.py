"""三大飞地: how the counties are covered, and a page for each kind."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort
from flask_login import current_user
from sqlalchemy import select

from tracker.core.quantities.days import last_day_yet
from tracker.core.quantities.figure import WAN_YUAN, yuan
from tracker.overview.chart import Chart, chart_of
from tracker.overview.enclave_year import reads
from tracker.overview.enclave_year.coverage import FIRST_DEVELOPMENT, covered, kinds_of, matrix
from tracker.overview.enclave_year.picture import strips
from tracker.overview.enclave_year.reads import Site
from tracker.overview.enclave_year.villages import shares_of
from tracker.overview.enclaves import by_kind, returns_in, returns_where, settled
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave, EnclaveKind
from tracker.records.ledger.parts import part_of
from tracker.records.places.models import Region
from tracker.records.places.queries import listed_on, regions_in_view
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year
from tracker.web.ways import way

CHARTED = 12  # enclaves in the picture; the table has all

bp = Blueprint("enclave_year", __name__, url_prefix="/overview/enclaves")


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """Counties by kinds, with the holes, and the villages that were reached."""
    year, regions = selected_year(), regions_in_view(current_user)
    day = last_day_yet(year)
    returns = returns_in(regions, year)
    places = [each.region for each in listed_on(day, regions)]
    rows = matrix(places, [one.enclave for one in returns], year)
    kinds = kinds_of(year)
    coverage = covered(rows, kinds)
    return Drawing(
        "overview/enclave_coverage.html",
        day=day,
        rows=rows,
        kinds=kinds,
        coverage=coverage,
        strips=strips(coverage, rows),
        both=year >= FIRST_DEVELOPMENT,
        by_kind=by_kind(returns, year),
        villages=reads.villages_reached(regions, year),
        part=part_of(regions, year),
    )


@bp.get("/industrial")
@requires(Permission.OVERVIEW_VIEW)
@kept
def industrial() -> Drawing:
    """产业飞地: investment, projects, taxes and their split."""
    return _kind_page(EnclaveKind.INDUSTRIAL)


@bp.get("/innovation")
@requires(Permission.OVERVIEW_VIEW)
@kept
def innovation() -> Drawing:
    """科创飞地: what was incubated, and what came home."""
    return _kind_page(EnclaveKind.INNOVATION)


@bp.get("/income")
@requires(Permission.OVERVIEW_VIEW)
@kept
def income() -> Drawing:
    """消薄飞地: capital, what was due and paid, and how late."""
    return _kind_page(EnclaveKind.INCOME)


@bp.get("/development")
@requires(Permission.OVERVIEW_VIEW)
@kept
def development() -> Drawing:
    """发展飞地, which merges the three from 2025."""
    return _kind_page(EnclaveKind.DEVELOPMENT)


def _kind_page(kind: EnclaveKind) -> Drawing:
    year, regions = selected_year(), regions_in_view(current_user)
    sites = reads.sites_of(kind, returns_in(regions, year), year)
    return Drawing(
        "overview/enclave_kind.html",
        kind=kind,
        kinds=kinds_of(year),
        since=FIRST_DEVELOPMENT,
        sites=sites,
        chart=_chart(kind, sites),
        charted=CHARTED,
        wholes=reads.wholes_of(sites, reads.ASKED[kind]),
        taxes=reads.taxes_of(sites),
        capital=reads.capital_of(sites, "total_capital"),
        village_capital=reads.capital_of(sites, "village_capital"),
        paid=reads.paid_of(sites),
        settled=settled(site.of for site in sites),
        part=part_of(regions, year),
        day=last_day_yet(year),
    )


def _chart(kind: EnclaveKind, sites: Sequence[Site]) -> Chart | None:
    """The first of the enclaves: what was paid against what is due, or what was invested."""
    rows, signs = [], []
    for site in sites[:CHARTED]:
        if kind is EnclaveKind.INCOME:
            value, asked = site.of.paid.figure if site.of.paid else None, site.of.due
        else:
            value, asked = site.facts.get(reads.INVESTED), None
        signs.append("" if value is None else value.precision)
        rows.append(
            (
                site.enclave.origin_region.name,
                None if value is None else value.to(WAN_YUAN).value,
                None if asked is None else yuan(asked).to(WAN_YUAN).value,
                way("enclaves.detail", enclave_id=site.enclave.id),
            )
        )
    return chart_of(rows, signs) if any(value is not None for _, value, *_ in rows) else None


@bp.get("/<id:enclave_id>/villages")
@requires(Permission.OVERVIEW_VIEW)
@kept
def villages(enclave_id: int) -> Drawing:
    """各村返利: the villages of one enclave."""
    year = selected_year()
    enclave = enclaves.get(current_user, enclave_id)
    if enclave is None:
        abort(404)
    found = returns_where(year, Enclave.id == enclave.id)
    return Drawing(
        "overview/enclave_villages.html",
        enclave=enclave,
        one=found[0] if found else None,
        shares=shares_of(found[0], year) if found else None,
        part=part_of(select(Region.id).where(Region.id == enclave.origin_id), year),
    )
