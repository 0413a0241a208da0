"""A pair's own page: both sides, what each gave and got in the year, and how they are scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.core.db.searchable import key_of
from tracker.core.quantities.days import days_of
from tracker.overview.enclaves import returns_where
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.exchanges.models import JointEvent, JointMeeting, Secondment, Visit
from tracker.records.exchanges.spans import YEARS_SHOWN, exchanges_in, kinds_in, money_in
from tracker.records.exchanges.sums import KINDS, visits_by_side
from tracker.records.ledger.between import projects_between
from tracker.records.ledger.models import LedgerEntry
from tracker.records.ledger.parts import part_of
from tracker.records.pairings.kinds import PAIRINGS
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import Project
from tracker.records.targets.task_rules import tasks_of
from tracker.site import county_facts as facts
from tracker.site.blueprint import bp
from tracker.site.county_views import returns_together
from tracker.web.access import requires
from tracker.web.kit import detail_page
from tracker.web.period import selected_year
from tracker.web.tables import some
from tracker.year.assessments.years import other_year
from tracker.year.procedure.sight import scores

MEETINGS_SHOWN = 8
CADRES_SHOWN = 8


@dataclass(frozen=True)
class Meeting:
    """Something that both sides did together on a day."""

    on: date
    what: str
    words: str


@bp.get("/pairings/<id:pairing_id>")
@requires(Permission.PAIRINGS_VIEW)
def pair(pairing_id: int) -> ResponseReturnValue:
    """One pairing with its year."""
    return detail_page(PAIRINGS, pairing_id, data=_of_pair)


def _of_pair(pairing: Pairing) -> dict[str, object]:
    year = selected_year()
    sides = (pairing.supporter_id, pairing.recipient_id)
    both = select(Region.id).where(Region.id.in_(sides))
    part = part_of(both, year)
    ids = select(Pairing.id).where(Pairing.id == pairing.id)
    own_projects = projects_between(pairing)
    money = money_in(
        part.spans(YEARS_SHOWN),
        or_(
            LedgerEntry.pairing_id == pairing.id,
            LedgerEntry.project_id.in_(select(Project.id).where(own_projects)),
        ),
    )
    meetings = _meetings(pairing, year)
    supporter, recipient = pairing.supporter, pairing.recipient
    return {
        "pairing": pairing,
        "part": part,
        "other": other_year(year, both),
        "seen": set(db.session.scalars(regions_of(current_user).where(Region.id.in_(sides)))),
        "scores": [
            score
            for score in scores(
                current_user,
                *(code for code in (supporter.code, recipient.code) if code),
                f"{supporter.code}-{recipient.code}-{pairing.scheme.value}",
            )
            if score.year == year
        ],
        "money": money,
        "money_kinds": kinds_in(money),
        "by_side": {"visits": visits_by_side(ids, year)},
        "cadres": cadres_of(pairing, year),
        "cadres_shown": CADRES_SHOWN,
        "exchanges": exchanges_in(part.spans(2), ids),
        "exchange_kinds": KINDS,
        "stages": facts.stages_of(own_projects),
        "projects": facts.largest_projects(own_projects),
        "returns": returns_together(
            returns_where(year, Enclave.origin_id.in_(sides), Enclave.host_id.in_(sides))
        ),
        "parks": _parks(sides),
        "tasks": tasks_of(pairing, year),
        "meetings": some(meetings, MEETINGS_SHOWN),
    }


@dataclass(frozen=True)
class Cadre:
    """A seconded cadre who was in the post in the year; `is_new`: sent in it."""

    record: Secondment
    is_new: bool

    @property
    def who(self) -> tuple[str, ...]:
        """One person, as the measures tell people apart: by side, name and the post there."""
        of = self.record
        return of.sent_by.value, key_of(of.person), key_of(of.from_post or "")


def cadres_of(pairing: Pairing, year: int) -> list[Cadre]:
    """All who were in their post on a day of `year`, whenever they were sent, the latest first."""
    first, last = days_of(year)
    statement = (
        select(Secondment)
        .where(
            Secondment.pairing_id == pairing.id,
            Secondment.starts_on <= last,
            or_(Secondment.ends_on.is_(None), Secondment.ends_on >= first),
        )
        .order_by(Secondment.starts_on.desc(), Secondment.id.desc())
    )
    return [Cadre(each, each.starts_on >= first) for each in db.session.scalars(statement)]


def _parks(sides: Sequence[int]) -> list[Park]:
    statement = select(Park).where(Park.supporter_id.in_(sides), Park.recipient_id.in_(sides))
    return list(db.session.scalars(statement.order_by(Park.code)))


def _meetings(pairing: Pairing, year: int) -> list[Meeting]:
    """Visits, meetings and events of the year, the latest first."""
    days = days_of(year)
    found = [
        Meeting(visit.visited_on, f"{visit.visitor.label}来访", f"{visit.led_by} {visit.subject}")
        for visit in db.session.scalars(
            select(Visit).where(Visit.pairing_id == pairing.id, Visit.visited_on.between(*days))
        )
    ]
    found += [
        Meeting(meeting.met_on, "联席会议", f"{meeting.place} {meeting.decisions}")
        for meeting in db.session.scalars(
            select(JointMeeting).where(
                JointMeeting.pairing_id == pairing.id, JointMeeting.met_on.between(*days)
            )
        )
    ]
    found += [
        Meeting(event.held_on, "联合活动", event.title)
        for event in db.session.scalars(
            select(JointEvent).where(
                JointEvent.pairing_id == pairing.id, JointEvent.held_on.between(*days)
            )
        )
    ]
    return sorted(found, key=lambda meeting: meeting.on, reverse=True)
