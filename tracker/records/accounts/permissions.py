"""Who may do what: one list of permissions, one table role × permission.

A permission is named `things:act`. To add one: add a member in alphabetical order, give it to
roles in `GRANTS`, and name it at its views with `requires`.
"""

from __future__ import annotations

from enum import StrEnum

from tracker.core.db.codes import LabelledEnum


class Role(LabelledEnum):
    """What a person does here."""

    STAFF = "staff", "市县工作人员"
    REVIEWER = "reviewer", "市级审核人员"
    ASSESSOR = "assessor", "考核人员"
    LEADER = "leader", "领导"
    ADMINISTRATOR = "administrator", "系统管理员"


class Permission(StrEnum):
    """Everything that a page or action may ask for, in alphabetical order."""

    ANNUAL_EDIT = "annual:edit"
    ANNUAL_VIEW = "annual:view"
    ANNUAL_WORK = "annual:work"
    APPLICATIONS_APPROVE = "applications:approve"
    APPLICATIONS_DECIDE = "applications:decide"
    APPLICATIONS_EDIT = "applications:edit"
    APPLICATIONS_RETURN = "applications:return"
    APPLICATIONS_VERIFY = "applications:verify"
    APPLICATIONS_VIEW = "applications:view"
    ASSESSMENTS_ADVANCE = "assessments:advance"
    ASSESSMENTS_SCORE = "assessments:score"
    AUDIT_VIEW = "audit:view"
    COUNTIES_VIEW = "counties:view"
    DEMONSTRATIONS_EDIT = "demonstrations:edit"
    DEMONSTRATIONS_VIEW = "demonstrations:view"
    DETERMINATIONS_ANSWER = "determinations:answer"
    DETERMINATIONS_RULE = "determinations:rule"
    DETERMINATIONS_VIEW = "determinations:view"
    ENCLAVES_CONFIRM = "enclaves:confirm"
    ENCLAVES_EDIT = "enclaves:edit"
    ENCLAVES_VIEW = "enclaves:view"
    EVIDENCE_ADD = "evidence:add"
    EVIDENCE_VIEW = "evidence:view"
    EXCHANGES_EDIT = "exchanges:edit"
    EXCHANGES_VIEW = "exchanges:view"
    FINDINGS_EDIT = "findings:edit"
    FINDINGS_VIEW = "findings:view"
    INDICATORS_EDIT = "indicators:edit"
    INDICATORS_VIEW = "indicators:view"
    LEDGER_ENTER = "ledger:enter"
    LEDGER_REVERSE = "ledger:reverse"
    LEDGER_VIEW = "ledger:view"
    OBJECTIONS_ANSWER = "objections:answer"
    OBJECTIONS_FILE = "objections:file"
    OBJECTIONS_VIEW = "objections:view"
    OPERATIONS_EDIT = "operations:edit"
    OPERATIONS_VIEW = "operations:view"
    ORGANISATIONS_EDIT = "organisations:edit"
    ORGANISATIONS_VIEW = "organisations:view"
    OVERVIEW_VIEW = "overview:view"
    PAIRINGS_EDIT = "pairings:edit"
    PAIRINGS_VIEW = "pairings:view"
    PAPERS_ISSUE = "papers:issue"
    PAPERS_VIEW = "papers:view"
    PARKS_EDIT = "parks:edit"
    PARKS_VIEW = "parks:view"
    PLATFORMS_EDIT = "platforms:edit"
    PLATFORMS_VIEW = "platforms:view"
    PROJECTS_EDIT = "projects:edit"
    PROJECTS_VIEW = "projects:view"
    REGIONS_EDIT = "regions:edit"
    REGIONS_VIEW = "regions:view"
    RULEBOOKS_EDIT = "rulebooks:edit"
    RULEBOOKS_VIEW = "rulebooks:view"
    SCORECARDS_VIEW = "scorecards:view"
    SIMULATIONS_WEIGH = "simulations:weigh"
    SNAPSHOTS_VIEW = "snapshots:view"
    SOURCES_EDIT = "sources:edit"
    SOURCES_VIEW = "sources:view"
    SUBMISSIONS_APPROVE = "submissions:approve"
    SUBMISSIONS_EDIT = "submissions:edit"
    SUBMISSIONS_RETURN = "submissions:return"
    SUBMISSIONS_SUBMIT = "submissions:submit"
    SUBMISSIONS_VERIFY = "submissions:verify"
    SUBMISSIONS_VIEW = "submissions:view"
    SUPERVISION_ANSWER = "supervision:answer"
    SUPERVISION_ISSUE = "supervision:issue"
    SUPERVISION_VIEW = "supervision:view"
    TARGETS_EDIT = "targets:edit"
    TARGETS_VIEW = "targets:view"
    TWINS_VIEW = "twins:view"
    USERS_EDIT = "users:edit"
    USERS_VIEW = "users:view"
    VILLAGES_EDIT = "villages:edit"
    VILLAGES_VIEW = "villages:view"
    WORK_VIEW = "work:view"
    WORKS_EDIT = "works:edit"
    WORKS_REPORT = "works:report"
    WORKS_VIEW = "works:view"


P = Permission

# What everybody reads who works with the figures, each within the regions that they may see.
_FIGURES = frozenset(
    {
        P.ANNUAL_VIEW,
        P.APPLICATIONS_VIEW,
        P.COUNTIES_VIEW,
        P.DEMONSTRATIONS_VIEW,
        P.DETERMINATIONS_VIEW,
        P.ENCLAVES_VIEW,
        P.EVIDENCE_VIEW,
        P.EXCHANGES_VIEW,
        P.FINDINGS_VIEW,
        P.INDICATORS_VIEW,
        P.LEDGER_VIEW,
        P.OBJECTIONS_VIEW,
        P.OPERATIONS_VIEW,
        P.ORGANISATIONS_VIEW,
        P.PAIRINGS_VIEW,
        P.PAPERS_VIEW,
        P.PARKS_VIEW,
        P.PLATFORMS_VIEW,
        P.PROJECTS_VIEW,
        P.REGIONS_VIEW,
        P.RULEBOOKS_VIEW,
        P.SCORECARDS_VIEW,
        P.SOURCES_VIEW,
        P.SUBMISSIONS_VIEW,
        P.SUPERVISION_VIEW,
        P.TARGETS_VIEW,
        P.VILLAGES_VIEW,
        P.WORK_VIEW,
        P.WORKS_VIEW,
    }
)

# The pages that compare all places, and the frozen facts behind the scorecards.
_COMPARISONS = frozenset({P.OVERVIEW_VIEW, P.SNAPSHOTS_VIEW})

# Whoever is obliged never sets the obligation: deadlines, targets, lists, pairings and findings are
# the province's, as are single fields of other records (`Kind.reserved`); what a contract promises
# is confirmed by its other side.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: _FIGURES
    | {
        P.ANNUAL_WORK,
        P.APPLICATIONS_EDIT,
        P.DEMONSTRATIONS_EDIT,
        P.DETERMINATIONS_ANSWER,
        P.ENCLAVES_CONFIRM,
        P.ENCLAVES_EDIT,
        P.EVIDENCE_ADD,
        P.EXCHANGES_EDIT,
        P.INDICATORS_EDIT,
        P.LEDGER_ENTER,
        P.LEDGER_REVERSE,
        P.OBJECTIONS_FILE,
        P.OPERATIONS_EDIT,
        P.ORGANISATIONS_EDIT,
        P.PARKS_EDIT,
        P.PROJECTS_EDIT,
        P.SUBMISSIONS_SUBMIT,
        P.SUPERVISION_ANSWER,
        P.VILLAGES_EDIT,
        P.WORKS_REPORT,
    },
    Role.REVIEWER: _FIGURES
    | {
        P.ANNUAL_WORK,
        P.APPLICATIONS_RETURN,
        P.APPLICATIONS_VERIFY,
        # Of the assessment that the own city makes of its counties (`owners.runs`), no other.
        P.ASSESSMENTS_ADVANCE,
        P.ASSESSMENTS_SCORE,
        P.DETERMINATIONS_RULE,
        P.EVIDENCE_ADD,
        P.OBJECTIONS_ANSWER,
        P.OVERVIEW_VIEW,
        P.PAPERS_ISSUE,
        P.RULEBOOKS_EDIT,
        P.SIMULATIONS_WEIGH,
        P.SUBMISSIONS_RETURN,
        P.SUBMISSIONS_VERIFY,
        P.SUPERVISION_ANSWER,
        P.SUPERVISION_ISSUE,
        P.WORKS_EDIT,
        P.WORKS_REPORT,
    },
    Role.ASSESSOR: _FIGURES
    | _COMPARISONS
    | {
        P.ANNUAL_EDIT,
        P.ANNUAL_WORK,
        P.APPLICATIONS_DECIDE,
        P.APPLICATIONS_RETURN,
        P.ASSESSMENTS_ADVANCE,
        P.ASSESSMENTS_SCORE,
        P.DEMONSTRATIONS_EDIT,
        P.DETERMINATIONS_RULE,
        P.ENCLAVES_CONFIRM,
        P.ENCLAVES_EDIT,
        P.EVIDENCE_ADD,
        P.FINDINGS_EDIT,
        P.INDICATORS_EDIT,
        P.OBJECTIONS_ANSWER,
        P.PAIRINGS_EDIT,
        P.PAPERS_ISSUE,
        P.PARKS_EDIT,
        P.PLATFORMS_EDIT,
        P.PROJECTS_EDIT,
        P.REGIONS_EDIT,
        P.RULEBOOKS_EDIT,
        P.SIMULATIONS_WEIGH,
        P.SOURCES_EDIT,
        P.SUBMISSIONS_EDIT,
        P.SUBMISSIONS_RETURN,
        P.SUPERVISION_ISSUE,
        P.TARGETS_EDIT,
        P.TWINS_VIEW,
        P.WORKS_EDIT,
    },
    Role.LEADER: _FIGURES
    | _COMPARISONS
    | {
        P.APPLICATIONS_APPROVE,
        P.SIMULATIONS_WEIGH,
        P.SUBMISSIONS_APPROVE,
        P.SUPERVISION_ANSWER,
        P.SUPERVISION_ISSUE,
        P.WORKS_REPORT,
    },
    # Runs the system and its users; the figures are none of this role's business.
    Role.ADMINISTRATOR: frozenset(
        {P.AUDIT_VIEW, P.TWINS_VIEW, P.USERS_EDIT, P.USERS_VIEW, P.WORK_VIEW}
    ),
}


def permits(role: Role, permission: StrEnum) -> bool:
    """Whether `role` grants `permission`."""
    return permission in GRANTS[role]
