"""The list of projects and the forms that make and change one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.accounts.permissions import Permission
from tracker.projects import queries, service
from tracker.projects.forms import CONSTRAINTS, ProjectForm
from tracker.projects.models import Project, ProjectCategory, ProjectStage
from tracker.web.access import requires
from tracker.web.forms import note_current, offer
from tracker.web.tables import asked_choice, asked_number, asked_text, ordering, page_of
from tracker.web.transactions import ConflictError, field_errors

bp = Blueprint("projects", __name__, url_prefix="/projects")


@bp.get("/")
@requires(Permission.PROJECTS_VIEW)
def index() -> ResponseReturnValue:
    """All projects in the user's regions."""
    wanted = queries.ProjectFilter(
        text=asked_text("q"),
        category=asked_choice("category", ProjectCategory),
        stage=asked_choice("stage", ProjectStage),
        large=request.args.get("large") == "1",
        signed_in=asked_number("signed"),
    )
    sort, order = ordering(queries.SORTS, "name")
    return render_template(
        "projects/index.html",
        page=page_of(queries.listing(current_user, wanted, order)),
        wanted=wanted,
        sort=sort,
        categories=ProjectCategory,
        stages=ProjectStage,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PROJECTS_EDIT)
def new() -> ResponseReturnValue:
    """Enter a project of the user's own county."""
    form = _form_for(current_user.region_id, data={"in_scope": True})
    if form.validate_on_submit():
        with field_errors(form, CONSTRAINTS):
            project = service.create(current_user, form.values())
        if not form.errors:
            flash(f"已登记项目“{project.name}”。", "success")
            return redirect(url_for("pages.project", project_id=project.id))
    return _page(form, None)


@bp.route("/<id:project_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROJECTS_EDIT)
def edit(project_id: int) -> ResponseReturnValue:
    """Change a project of the user's own county."""
    project = queries.get(current_user, project_id) or abort(404)
    if not service.may_edit(current_user, project):
        abort(403)
    form = _form_for(project.region_id, obj=project)
    if form.validate_on_submit():
        try:
            with field_errors(form, CONSTRAINTS):
                service.update(project, form.values(), form.version.data)
        except ConflictError:
            note_current(form, _form_for(project.region_id, formdata=None, obj=project))
        if not form.errors:
            flash("已保存。", "success")
            return redirect(url_for("pages.project", project_id=project.id))
    return _page(form, project)


def _form_for(region_id: int, **options: object) -> ProjectForm:
    form = ProjectForm(**options)
    offer(form.pairing_id, queries.pairing_choices(region_id))
    offer(form.enclave_id, queries.enclave_choices(region_id))
    return form


def _page(form: ProjectForm, project: Project | None) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template("projects/form.html", form=form, project=project), status
