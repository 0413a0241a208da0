"""双赢: all pairs in view, and one pair over the years on one A4."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.days import last_day, last_day_yet
from tracker.core.quantities.figure import WAN_YUAN
from tracker.overview.chart import Chart, chart_of
from tracker.overview.gains import ENCLAVE, PAIRING, PROJECT, Gains, Group, Line, gains_of
from tracker.records.accounts.permissions import Permission
from tracker.records.ledger.parts import part_of
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_in_view, regions_of
from tracker.web.access import requires
from tracker.web.kept import Drawing, kept
from tracker.web.period import selected_year
from tracker.web.ways import way

bp = Blueprint("gains", __name__, url_prefix="/overview/gains")

GOT = (Group.RECIPIENT_GOT, Group.SUPPORTER_GOT)
YEARS = 5  # columns of one sheet of A4, beside the sum of all years


@bp.get("/")
@requires(Permission.OVERVIEW_VIEW)
@kept
def index() -> Drawing:
    """The pairs in force in the year that touch the regions in view."""
    year, regions = selected_year(), regions_in_view(current_user)
    statement = pairings.in_force(last_day_yet(year)).where(pairings.touching(regions))
    sides = joinedload(Pairing.supporter), joinedload(Pairing.recipient)
    found = gains_of(db.session.scalars(statement.options(*sides)).all(), year)
    found.sort(key=lambda one: (one.pairing.recipient.code or "", one.pairing.supporter.code or ""))
    return Drawing("overview/gains.html", found=found, groups=Group, day=last_day_yet(year))


@bp.get("/<id:pairing_id>")
@requires(Permission.OVERVIEW_VIEW)
@kept
def detail(pairing_id: int) -> Drawing:
    """One pair over the years until the one in view."""
    year = selected_year()
    pairing = pairings.get(current_user, pairing_id)
    if pairing is None:
        abort(404)
    sides = select(Region.id).where(Region.id.in_((pairing.supporter_id, pairing.recipient_id)))
    (gains,) = gains_of([pairing], year)
    return Drawing(
        "overview/gains_pair.html",
        gains=gains,
        pairing=pairing,
        groups=Group,
        columns=range(year - YEARS + 1, year + 1),
        running=last_day_yet(year) != last_day(year),
        day=last_day_yet(year),
        part=part_of(sides, year),
        charts={group: _chart(gains, group) for group in GOT},
        seen=set(db.session.scalars(regions_of(current_user).where(Region.id.in_(sides)))),
        entries=_entries,
    )


def _chart(gains: Gains, group: Group) -> Chart | None:
    """What a side got in money, all years of a line together."""
    got = [(flow.line.short, flow.whole) for flow in gains.of(group) if flow.line.is_money]
    told = [(label, whole) for label, whole in got if whole is not None]
    if not told:
        return None
    rows = [(label, whole.to(WAN_YUAN).value, None, None) for label, whole in told]
    return chart_of(rows, [whole.precision for _, whole in told])


def _entries(pairing: Pairing, line: Line, year: int) -> str | None:
    """Where the entries of a line's year are listed; None of what is no money of the ledger."""
    if line.of == PAIRING:
        return way("ledger.index", year=year, kind=line.key, pairing=pairing.id)
    if line.of in (PROJECT, ENCLAVE):
        land = f"{pairing.id}-{line.land}"
        return way("ledger.index", year=year, kind=line.key, of=line.of, between=land)
    return None
