"""The list of projects, the forms that make and change one, and the partner's answer."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.accounts.permissions import Permission
from tracker.records.projects import service
from tracker.records.projects.forms import AnswerForm
from tracker.records.projects.kinds import PROJECTS
from tracker.web.access import requires
from tracker.web.kit import Blocked, blocked_page, record_blueprint
from tracker.web.transactions import writes

bp = record_blueprint(PROJECTS)


@bp.route("/<id:project_id>/answer", methods=["GET", "POST"])
@writes
@requires(Permission.PROJECTS_EDIT)
def answer(project_id: int) -> ResponseReturnValue:
    """The partner county confirms what the owner entered, or disputes it."""
    project = PROJECTS.get(current_user, project_id) or abort(404)
    if reason := service.not_partner(current_user, project):
        return blocked_page(PROJECTS, project, None, Blocked(reason), status=409)
    form = AnswerForm(obj=project)
    if form.validate_on_submit():
        try:
            view, note = form.partner_view.data, form.partner_note.data
            service.answer_as_partner(current_user, project, view, note)
        except service.PartnerError as error:
            form.add_error("partner_note", str(error))
        if not form.errors:
            flash("已记下本县意见。", "success")
            return redirect(PROJECTS.address(project))
    status = 422 if form.is_submitted() else 200
    return render_template("projects/answer.html", form=form, record=project), status
