"""Reads of projects within a user's regions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects.models import Project, ProjectStage
from tracker.records.villages.models import DemonstrationVillage

# From the last stage back: a project stands at the first of these that has a date.
_LATEST_FIRST = [s for s in reversed(ProjectStage) if s is not ProjectStage.PLANNED]


def touching(regions: Select[int]) -> ColumnElement[bool]:
    """Whether the project is of one of `regions` (ids), names one as its partner, or belongs to a
    pairing, enclave or park that one of them is a side of."""
    return or_(
        Project.region_id.in_(regions),
        Project.partner_id.in_(regions),
        Project.pairing_id.in_(select(Pairing.id).where(pairings.touching(regions))),
        Project.enclave_id.in_(select(Enclave.id).where(enclaves.touching(regions))),
        Project.park_id.in_(select(Park.id).where(parks.touching(regions))),
    )


def visible(user: User) -> Select[Project]:
    """The projects that the regions of `user` own or take part in."""
    return select(Project).where(touching(regions_of(user)))


def at_stage(stage: ProjectStage) -> ColumnElement[bool]:
    """Whether a project stands at `stage`: it has that date and none of a later stage."""
    dates = {s: getattr(Project, f"{s.value}_on") for s in _LATEST_FIRST}
    later = _LATEST_FIRST[: _LATEST_FIRST.index(stage)] if stage in dates else _LATEST_FIRST
    conditions = [dates[s].is_(None) for s in later]
    if stage in dates:
        conditions.append(dates[stage].is_not(None))
    return and_(*conditions)


def pairing_choices(user: User, project: Project | None) -> list[tuple[int, str]]:
    """(id, label) of the pairings that the project's county is a side of."""
    supporter, recipient = aliased(Region), aliased(Region)
    of = _county(user, project)
    statement = (
        select(Pairing.id, supporter.name, recipient.name)
        .join(supporter, supporter.id == Pairing.supporter_id)
        .join(recipient, recipient.id == Pairing.recipient_id)
        .where(or_(Pairing.supporter_id == of, Pairing.recipient_id == of))
        .order_by(supporter.code, recipient.code)
    )
    return [(row[0], f"{row[1]}支援{row[2]}") for row in db.session.execute(statement)]


def enclave_choices(user: User, project: Project | None) -> list[tuple[int, str]]:
    """(id, name) of the enclaves that the project's county runs or hosts."""
    of = _county(user, project)
    return _named(Enclave, or_(Enclave.origin_id == of, Enclave.host_id == of))


def park_choices(user: User, project: Project | None) -> list[tuple[int, str]]:
    """(id, name) of the parks that the project's county is a side of."""
    of = _county(user, project)
    return _named(Park, or_(Park.recipient_id == of, Park.supporter_id == of))


def demonstration_choices(user: User, project: Project | None) -> list[tuple[int, str]]:
    """(id, name) of the demonstration villages of the project's county."""
    return _named(DemonstrationVillage, DemonstrationVillage.county_id == _county(user, project))


def _county(user: User, project: Project | None) -> int | None:
    return project.region_id if project is not None else user.region_id


def _named(model: type[Any], condition: ColumnElement[bool]) -> list[tuple[int, str]]:
    statement = select(model.id, model.name).where(condition).order_by(model.code)
    return [tuple(row) for row in db.session.execute(statement)]
