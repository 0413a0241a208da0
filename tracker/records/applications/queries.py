"""Reads of applications within a user's regions, and of the money that came of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from tracker.core.db import db
from tracker.core.quantities.figure import Figure, added, yuan
from tracker.records.accounts.models import User
from tracker.records.applications import steps
from tracker.records.applications.models import (
    MONEY_ACTS,
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationState,
)
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.standing import counted
from tracker.records.ledger.subjects import type_of
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.models import Region, RegionLevel
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.villages import queries as villages
from tracker.records.villages.models import DemonstrationVillage

# Loads what `Application.subject` and the steps ask for.
WITH_PLACES = (
    joinedload(Application.county).joinedload(Region.parent),
    joinedload(Application.pairing).joinedload(Pairing.supporter),
    joinedload(Application.pairing).joinedload(Pairing.recipient),
    joinedload(Application.demonstration_village),
    joinedload(Application.park),
    joinedload(Application.project),
    joinedload(Application.enclave),
)


# What an application may be about, with the column that names it.
ABOUT: Mapping[type[Any], InstrumentedAttribute[int | None]] = {
    DemonstrationVillage: Application.demonstration_village_id,
    Park: Application.park_id,
    Project: Application.project_id,
    Enclave: Application.enclave_id,
}


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether the application is of one of `regions` (ids), or of a pairing or about a record that
    one of them has a part in."""
    return or_(
        Application.county_id.in_(regions),
        Application.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions))),
        Application.park_id.in_(select(Park.id).where(parks.touching(regions))),
        Application.enclave_id.in_(select(Enclave.id).where(enclaves.touching(regions))),
        Application.project_id.in_(select(Project.id).where(projects.touching(regions))),
        Application.demonstration_village_id.in_(
            select(DemonstrationVillage.id).where(villages.touching_demonstrations(regions))
        ),
    )


def below(region_id: int | None) -> Select[int]:
    """The ids of the places right below one."""
    return select(Region.id).where(Region.parent_id == region_id)


def waits_for_city(region_id: int | None) -> ColumnElement[bool]:
    """What the city `region_id` has to review."""
    return and_(
        Application.state == ApplicationState.SUBMITTED, Application.county_id.in_(below(region_id))
    )


def waits_for_province() -> ColumnElement[bool]:
    """What the province has to approve, to establish or to inspect."""
    above = aliased(Region)
    in_city = select(Region.id).join(above, above.id == Region.parent_id)
    in_city = in_city.where(above.level == RegionLevel.CITY)
    return or_(
        Application.state.in_(
            (ApplicationState.CITY_REVIEWED, ApplicationState.GRANTED, ApplicationState.AWAITING)
        ),
        and_(
            Application.state == ApplicationState.SUBMITTED,
            Application.county_id.not_in(in_city),
        ),
    )


def events_of(application: Application) -> list[ApplicationEvent]:
    """The events of `application`, the latest first."""
    statement = select(ApplicationEvent).where(ApplicationEvent.application_id == application.id)
    return list(
        db.session.scalars(
            statement.order_by(ApplicationEvent.at.desc(), ApplicationEvent.id.desc())
        )
    )


def latest_events(applications: Collection[Application]) -> dict[int, ApplicationEvent]:
    """The latest event of each of `applications` that has any, by the id of its application."""
    which = ApplicationEvent.application_id
    statement = select(ApplicationEvent).where(which.in_([each.id for each in applications]))
    found: dict[int, ApplicationEvent] = {}
    for event in db.session.scalars(
        statement.order_by(ApplicationEvent.at.desc(), ApplicationEvent.id.desc())
    ):
        found.setdefault(event.application_id, event)
    return found


# -- money


@dataclass(frozen=True)
class Allotment:
    """A sum that was allotted: its day, 元, the document, and what says so: an entry of the ledger
    or an act on the application."""

    on: date
    figure: Figure
    document: str
    entry: LedgerEntry | None = None
    event: ApplicationEvent | None = None


@dataclass(frozen=True)
class Allotted:
    """What was allotted of what was granted (元), and what of it came back. `from_ledger`: that the
    ledger of the record says it, so that nothing is entered a second time."""

    rows: list[Allotment]
    granted: Decimal | None
    from_ledger: bool
    recovered: Sequence[Allotment] = ()

    @property
    def total(self) -> Figure | None:
        """All that was allotted; None where nothing is on record."""
        return added(row.figure for row in self.rows)

    @property
    def came_back(self) -> Figure | None:
        """All that was recovered; None where nothing is on record."""
        return added(row.figure for row in self.recovered)

    @property
    def left(self) -> Decimal:
        """元 that were allotted and have not come back."""
        sums = (self.total, self.came_back)
        out, back = (Decimal(0) if each is None else each.value for each in sums)
        return out - back


def standing(
    application: Application, act: ApplicationAct = ApplicationAct.ALLOTTED
) -> tuple[ColumnElement[bool], ...]:
    """The movements of money by `act` on `application` that nobody has put right since."""
    later = aliased(ApplicationEvent)
    return (
        ApplicationEvent.application_id == application.id,
        ApplicationEvent.act == act,
        ApplicationEvent.amount.is_not(None),
        ~select(later.id).where(later.corrects_id == ApplicationEvent.id).exists(),
    )


def allotted(application: Application) -> Allotted:
    """The money that was allotted since 立项: 省级奖补 in the ledger of what the application is
    about, where that has one, else what acts on it say."""
    if steps.has_ledger(application) and application.subject is not None:
        rows = _of_ledger(application.subject, application.established_on)
        return Allotted(rows, application.amount_granted, from_ledger=True)
    found, back = (_by_acts(application, act) for act in MONEY_ACTS)
    return Allotted(found, application.amount_granted, from_ledger=False, recovered=back)


def _by_acts(application: Application, act: ApplicationAct) -> list[Allotment]:
    statement = select(ApplicationEvent).where(*standing(application, act))
    return [
        Allotment(event.on_day, yuan(event.amount), event.document, event=event)
        for event in db.session.scalars(statement.order_by(ApplicationEvent.on_day))
        if event.on_day is not None and event.amount is not None
    ]


def _of_ledger(subject: Any, since: date | None) -> list[Allotment]:
    if since is None:
        return []
    statement = select(LedgerEntry).where(
        type_of(subject).column == subject.id,
        LedgerEntry.kind == EntryKind.PROVINCIAL_AWARD,
        LedgerEntry.occurred_on >= since,
        *counted(),
    )
    return [
        Allotment(entry.occurred_on, entry.figure, entry.voucher, entry)
        for entry in db.session.scalars(statement.order_by(LedgerEntry.occurred_on, LedgerEntry.id))
    ]


# -- what a form offers


def _named(model: type[Any], condition: ColumnElement[bool]) -> list[tuple[int, str]]:
    statement = select(model.id, model.name).where(condition).order_by(model.name, model.id)
    return [(number, name) for number, name in db.session.execute(statement)]


def _place(user: User, application: Application | None) -> int | None:
    return application.county_id if application is not None else user.region_id


def _of_place(model: type[Any], *columns: InstrumentedAttribute[int]) -> Any:
    def offered(user: User, application: Application | None) -> list[tuple[int, str]]:
        place = _place(user, application)
        return _named(model, or_(*(column == place for column in columns)))

    return offered


demonstration_choices = _of_place(DemonstrationVillage, DemonstrationVillage.county_id)
park_choices = _of_place(Park, Park.recipient_id)
project_choices = _of_place(Project, Project.region_id)
enclave_choices = _of_place(Enclave, Enclave.origin_id)


def pairing_choices(user: User, application: Application | None) -> list[tuple[int, str]]:
    """(id, both sides) of the pairings in which the applying place receives."""
    statement = (
        select(Pairing)
        .where(Pairing.recipient_id == _place(user, application))
        .options(joinedload(Pairing.supporter), joinedload(Pairing.recipient))
        .order_by(Pairing.id)
    )
    return [
        (each.id, f"{each.supporter.name}支援{each.recipient.name}")
        for each in db.session.scalars(statement)
    ]
