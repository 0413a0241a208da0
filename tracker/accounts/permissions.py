"""Who may do what: one list of permissions, one table role × permission.

A permission is named `things:act`. To add one: add a member in alphabetical order, give it to
roles in `GRANTS`, and name it at its views with `requires`.
"""

from __future__ import annotations

from enum import StrEnum

from tracker.db.codes import LabelledEnum


class Role(LabelledEnum):
    """What a person does here."""

    STAFF = "staff", "结对县工作人员"
    REVIEWER = "reviewer", "市级审核人员"
    ASSESSOR = "assessor", "考核人员"
    LEADER = "leader", "领导"
    ADMINISTRATOR = "administrator", "系统管理员"


class Permission(StrEnum):
    """Everything that a page or action may ask for, in alphabetical order."""

    ASSESSMENTS_SCORE = "assessments:score"
    ENCLAVES_VIEW = "enclaves:view"
    LEDGER_ENTER = "ledger:enter"
    LEDGER_REVERSE = "ledger:reverse"
    LEDGER_VIEW = "ledger:view"
    PAIRINGS_VIEW = "pairings:view"
    PROJECTS_EDIT = "projects:edit"
    PROJECTS_VIEW = "projects:view"
    SCORECARDS_VIEW = "scorecards:view"
    WORK_VIEW = "work:view"


_VIEWS = frozenset(p for p in Permission if p.value.endswith(":view"))

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _VIEWS
    | {Permission.LEDGER_ENTER, Permission.LEDGER_REVERSE, Permission.PROJECTS_EDIT},
    Role.REVIEWER: _VIEWS,
    Role.ASSESSOR: _VIEWS | {Permission.ASSESSMENTS_SCORE},
    Role.LEADER: _VIEWS,
    # Runs the system and its users; the figures are none of this role's business.
    Role.ADMINISTRATOR: frozenset({Permission.WORK_VIEW}),
}


def permits(role: Role, permission: Permission) -> bool:
    """Whether `role` grants `permission`."""
    return permission in GRANTS[role]
