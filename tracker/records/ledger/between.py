"""The entries of a pair by the land that they lie in: of its projects, and of the enclaves that one
side runs in the other's land."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.core.db import aside
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import LedgerEntry
from tracker.records.pairings.models import Pairing
from tracker.records.projects.models import Project

SUPPORTER, RECIPIENT = "supporter", "recipient"
LANDS = ((SUPPORTER, "在支援方的项目和飞地"), (RECIPIENT, "在受援方的项目和飞地"))


def projects_between(pairing: Pairing) -> ColumnElement[bool]:
    """Whether a project is the pair's: it names the pairing, or no pairing and both sides."""
    one, other = pairing.supporter_id, pairing.recipient_id
    return or_(
        Project.pairing_id == pairing.id,
        and_(
            aside(Project.pairing_id).is_(None),
            or_(
                and_(Project.region_id == one, Project.partner_id == other),
                and_(Project.region_id == other, Project.partner_id == one),
            ),
        ),
    )


def between(pairing: Pairing, land: str) -> ColumnElement[bool]:
    """Whether an entry is of a project or an enclave of the pair that lies in the land of the
    supporter, or (of a project: anywhere else) of the recipient."""
    here, there = pairing.supporter_id, pairing.recipient_id
    lies = Project.region_id == here if land == SUPPORTER else Project.region_id != here
    host, origin = (here, there) if land == SUPPORTER else (there, here)
    projects = select(Project.id).where(projects_between(pairing), lies)
    enclaves = select(Enclave.id).where(Enclave.host_id == host, Enclave.origin_id == origin)
    return or_(LedgerEntry.project_id.in_(projects), LedgerEntry.enclave_id.in_(enclaves))
