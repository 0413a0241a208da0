"""A project's and an enclave's own page: the record, its money and its sources."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.enclaves import queries as enclave_queries
from tracker.ledger import queries as ledger_queries
from tracker.ledger import service as ledger_service
from tracker.ledger.models import ENCLAVE_KINDS, PROJECT_KINDS
from tracker.pages.blueprint import bp
from tracker.pages.returns import return_years
from tracker.pages.sourced import said_of
from tracker.projects import queries as project_queries
from tracker.projects import service as project_service
from tracker.projects.models import ProjectStage
from tracker.web.access import requires


@bp.get("/projects/<id:project_id>")
@requires(Permission.PROJECTS_VIEW)
def project(project_id: int) -> ResponseReturnValue:
    """One project."""
    found = project_queries.get(current_user, project_id) or abort(404)
    return render_template(
        "projects/detail.html",
        project=found,
        stages=[stage for stage in ProjectStage if stage is not ProjectStage.PLANNED],
        own=project_service.may_edit(current_user, found),
        kinds=PROJECT_KINDS,
        years_of_money=ledger_queries.by_year(found),
        entries=ledger_queries.entries_of(found),
        said=said_of(found.sourced_values),
    )


@bp.get("/enclaves/<id:enclave_id>")
@requires(Permission.ENCLAVES_VIEW)
def enclave(enclave_id: int) -> ResponseReturnValue:
    """One enclave."""
    found = enclave_queries.get(current_user, enclave_id) or abort(404)
    return render_template(
        "enclaves/detail.html",
        enclave=found,
        own=ledger_service.may_enter(current_user, found),
        kinds=ENCLAVE_KINDS,
        years_of_money=ledger_queries.by_year(found),
        entries=ledger_queries.entries_of(found),
        returns=return_years(found),
        said=said_of(found.sourced_values),
    )
