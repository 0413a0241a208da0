"""Lines of cards as what supervision orders are about: found, linked and shown for those alone who
may open the card, by the same rule as its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.places.queries import regions_of
from tracker.records.supervision.lines import Cards, declare
from tracker.records.supervision.models import CardLine, SupervisionOrder
from tracker.records.supervision.queries import orders_to, touching
from tracker.year.assessments.models import ScorecardRow
from tracker.year.assessments.queries import card_row
from tracker.year.assessments.scored import scored
from tracker.year.objections.queries import line_of


def _row(user: User, snapshot_id: int, sheet: str, subject: str) -> ScorecardRow | None:
    if not user.may(Permission.SCORECARDS_VIEW):
        return None
    return card_row(snapshot_id, sheet, subject, user)


def places_of(row: ScorecardRow) -> tuple[int, ...]:
    """The places (ids) that a card is of: its county, the other side of a pair, and the host of an
    enclave."""
    host = row.enclave.host_id if row.enclave is not None else None
    found = (each for each in (row.region_id, row.partner_id, host) if each is not None)
    return tuple(dict.fromkeys(found))


def _find(user: User, snapshot_id: int, sheet: str, subject: str, code: str) -> CardLine | None:
    row = _row(user, snapshot_id, sheet, subject)
    if row is None:
        return None
    points = scored(row.snapshot.sha256, row.snapshot.content)
    line = line_of(points.sheets[sheet], subject, code)
    if line is None:
        return None
    words = f"{row.subject_name} {row.snapshot.year} 年度评分表：{line.code} {line.indicator.name}"
    return CardLine(snapshot_id, sheet, subject, code, words, places_of(row))


def _address(user: User, line: CardLine) -> str:
    if _row(user, line.snapshot_id, line.sheet, line.subject_code) is None:
        return ""
    return url_for(
        "scorecards.detail",
        snapshot_id=line.snapshot_id,
        sheet=line.sheet,
        subject_code=line.subject_code,
        _anchor=f"line-{line.line}",
    )


declare(Cards(_find, _address))


def issues_about(user: User, row: ScorecardRow) -> bool:
    """Whether `user` gives orders about the lines of a card: to one of the places it is of."""
    return bool(orders_to(user) & set(places_of(row)))


def orders_about(user: User, row: ScorecardRow) -> Mapping[str, Sequence[SupervisionOrder]]:
    """Line → the orders about it that `user` sees, whatever the scoring of the year that it was
    issued from."""
    found: dict[str, list[SupervisionOrder]] = defaultdict(list)
    if not user.may(Permission.SUPERVISION_VIEW):
        return found
    of_year = select(ScorecardRow.snapshot_id).where(
        ScorecardRow.sheet == row.sheet,
        ScorecardRow.subject_code == row.subject_code,
        ScorecardRow.snapshot.has(
            year=row.snapshot.year, owner_region_id=row.snapshot.owner_region_id
        ),
    )
    wanted = select(SupervisionOrder).where(
        touching(regions_of(user)),
        SupervisionOrder.snapshot_id.in_(of_year),
        SupervisionOrder.card_sheet == row.sheet,
        SupervisionOrder.card_subject == row.subject_code,
    )
    wanted = wanted.options(joinedload(SupervisionOrder.county))
    for order in db.session.scalars(wanted.order_by(SupervisionOrder.id)):
        found[order.card_line or ""].append(order)
    return found
