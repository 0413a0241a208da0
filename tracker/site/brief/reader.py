"""For whose eyes a brief is: those of the leader of its region, whoever had it printed."""

from __future__ import annotations

from sqlalchemy import Select, exists, or_, select

from tracker.core.db import Origin, db
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Role
from tracker.records.enclaves.models import Enclave
from tracker.records.enclaves.queries import touching as of_enclaves
from tracker.records.ledger.models import LedgerEntry
from tracker.records.ledger.queries import touching as of_ledger
from tracker.records.places.models import Region
from tracker.records.projects.models import Project
from tracker.records.projects.queries import touching as of_projects
from tracker.records.submissions.models import Filing
from tracker.records.submissions.queries import filed_by
from tracker.records.supervision.models import SupervisionOrder
from tracker.records.targets.models import Target


def leader_of(place: Region) -> User:
    """Someone who leads `place`, who is no record: what of other places is told on a paper follows
    from him, so that it is the same whoever asked for it."""
    return User(
        username="", display_name=place.name, role=Role.LEADER, region_id=place.id, active=True
    )


def rests_on_samples(regions: Select[int]) -> bool:
    """Whether any record of `regions` (ids) that a brief tells of is an invented one."""
    held = (
        (Project.origin, of_projects(regions)),
        (Enclave.origin, of_enclaves(regions)),
        (LedgerEntry.origin, of_ledger(regions)),
        (Filing.origin, filed_by(regions)),
        (SupervisionOrder.origin, SupervisionOrder.county_id.in_(regions)),
        (Target.origin, Target.region_id.in_(regions)),
    )
    return bool(
        db.session.scalar(
            select(or_(*(exists().where(origin == Origin.SAMPLE, of) for origin, of in held)))
        )
    )
