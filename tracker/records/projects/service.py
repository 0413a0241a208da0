"""Acts on projects. The acting user is given; nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.core.db import Origin, db
from tracker.core.told import ToldError
from tracker.records.accounts.models import User
from tracker.records.pairings.models import Pairing
from tracker.records.projects.models import PartnerView, Project
from tracker.web.kit.acts import RefusedError, change, unlike_others


def create(actor: User, values: Mapping[str, object]) -> Project:
    """A new project in the actor's county. The other side of its pairing is its partner, without
    being entered again. Raises TwinError for a name already there, and RefusedError for a partner
    that is not of the pairing."""
    project = Project(region_id=actor.region_id, origin=Origin.ENTERED, **values)
    unlike_others(project)
    project.partner_id = project.partner_id or _other_side(project)
    _refuse_stranger(project)
    db.session.add(project)
    db.session.flush()
    return project


def update(project: Project, values: Mapping[str, object], version: int | None) -> None:
    """Change what differs from the record; a new partner has not yet said anything.

    Where the pairing changes, the partner that it named changes with it. Raises ConflictError if
    the record is no longer at `version`, and RefusedError for a partner that is not of the pairing.
    """
    before, named = project.partner_id, _other_side(project)
    changed = change(project, values, version)
    if "pairing_id" in changed and project.partner_id == named:
        project.partner_id = None
    if changed & {"pairing_id", "partner_id"}:  # else saving for another reason would fill it in
        project.partner_id = project.partner_id or _other_side(project)
        _refuse_stranger(project)
    if project.partner_id != before:
        project.partner_view, project.partner_note = PartnerView.PENDING, ""
        project.owner_answer = ""
    db.session.flush()


def _refuse_stranger(project: Project) -> None:
    """Raises RefusedError where the partner is no side of the pairing that is named beside it: the
    two fields would say different things, and each is counted by. A partner that is the owner is
    refused by the table."""
    if project.pairing_id is None or project.partner_id in (None, project.region_id):
        return
    pairing = db.session.get_one(Pairing, project.pairing_id)
    sides = {pairing.supporter_id, pairing.recipient_id}
    if project.partner_id in sides:
        return
    others = [
        each for each in (pairing.supporter, pairing.recipient) if each.id != project.region_id
    ]
    names = "或".join(each.name for each in others)
    raise RefusedError(
        "partner_id",
        f"结对关系是“{pairing.supporter.name}支援{pairing.recipient.name}”，协作县只能是{names}；"
        "请改选，或者不填。与结对以外的县推进的，请不选结对关系。",
    )


def _other_side(project: Project) -> int | None:
    """The county on the other side of the project's pairing; None without one."""
    if project.pairing_id is None:
        return None
    pairing = db.session.get_one(Pairing, project.pairing_id)
    sides = {pairing.supporter_id, pairing.recipient_id}
    return (sides - {project.region_id}).pop() if project.region_id in sides else None


class PartnerError(ToldError, ValueError):
    """A partner's word that cannot be taken; the message is for the user."""


def not_partner(user: User, project: Project) -> str | None:
    """Why `user` has no word in this project as its partner; None if there is one."""
    if project.partner_id is None:
        return "这个项目没有协作县，无须确认。"
    if project.partner_id != user.region_id:
        return "只有协作县的工作人员可以确认或提出异议。"
    return None


def answer_as_partner(actor: User, project: Project, view: PartnerView, note: str = "") -> None:
    """The partner county confirms or disputes what the owner entered. Raises PartnerError.

    The project counts once, for its owner, whatever the partner says; a dispute is settled by the
    assessor.
    """
    if reason := not_partner(actor, project):
        raise PartnerError(reason)
    if view is PartnerView.DISPUTED and not note.strip():
        raise PartnerError("提出异议须说明理由。")
    told = (view, note.strip())
    if told != (project.partner_view, project.partner_note):
        project.owner_answer = ""  # it answered what was said before
    project.partner_view, project.partner_note = told
    db.session.flush()


def not_owner(user: User, project: Project) -> str | None:
    """Why `user` answers no dispute of this project; None where there is one to answer."""
    if project.partner_view is not PartnerView.DISPUTED:
        return "协作县没有提出异议，不必答复。"
    if project.region_id != user.region_id:
        return "协作县的异议由登记项目的县答复。"
    return None


def answer_as_owner(actor: User, project: Project, words: str) -> None:
    """The owner answers the partner that disputes its project; both stay to be read, and the
    partner may confirm or dispute anew. Raises PartnerError."""
    if reason := not_owner(actor, project):
        raise PartnerError(reason)
    if not words.strip():
        raise PartnerError("请写明答复。")
    project.owner_answer = words.strip()
    db.session.flush()
