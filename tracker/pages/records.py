"""A project's and an enclave's own page: the record, its money and its sources."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.permissions import Permission
from tracker.enclaves.kinds import ENCLAVES
from tracker.enclaves.models import Enclave
from tracker.ledger import queries as ledger_queries
from tracker.ledger.models import ENCLAVE_KINDS, PROJECT_KINDS
from tracker.pages.blueprint import bp
from tracker.pages.quarters import years_of
from tracker.pages.returns import return_years
from tracker.pages.sourced import said_of
from tracker.projects.kinds import PROJECTS
from tracker.projects.models import Project, ProjectStage
from tracker.web.access import requires
from tracker.web.kit import Action, Kind, detail_page


def _money_action(kind: Kind, endpoint: str) -> Action:
    return Action(
        "登记资金",
        "plus",
        Permission.LEDGER_ENTER,
        lambda record: url_for(endpoint, **{kind.argument: record.id}),
        kind.blocked,
        primary=True,
    )


@bp.get("/projects/<id:project_id>")
@requires(Permission.PROJECTS_VIEW)
def project(project_id: int) -> ResponseReturnValue:
    """One project."""
    enter = _money_action(PROJECTS, "ledger.new_of_project")
    return detail_page(PROJECTS, project_id, actions=[enter], data=_of_project)


@bp.get("/enclaves/<id:enclave_id>")
@requires(Permission.ENCLAVES_VIEW)
def enclave(enclave_id: int) -> ResponseReturnValue:
    """One enclave."""
    enter = _money_action(ENCLAVES, "ledger.new_of_enclave")
    return detail_page(ENCLAVES, enclave_id, actions=[enter], data=_of_enclave)


def _of_project(project: Project) -> dict[str, Any]:
    return {
        "stages": list(ProjectStage),
        "kinds": PROJECT_KINDS,
        "years_of_money": years_of(project, PROJECT_KINDS),
        **_entries(project),
    }


def _of_enclave(enclave: Enclave) -> dict[str, Any]:
    return {
        "returns": return_years(enclave),
        "kinds": ENCLAVE_KINDS,
        "years_of_money": ledger_queries.by_year(enclave),
        **_entries(enclave),
    }


def _entries(record: Project | Enclave) -> dict[str, Any]:
    return {
        "entries": ledger_queries.entries_of(record),
        "said": said_of(record.sourced_values),
    }
