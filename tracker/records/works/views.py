"""Key work: its list and pages, and the steps by which its places report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.records.works import queries, service
from tracker.records.works.forms import form_of_step
from tracker.records.works.kinds import KEY_WORKS, MILESTONES
from tracker.records.works.models import KeyWork, WorkAct
from tracker.records.works.steps import RULE, STEPS, Step, is_one_of, next_of, why_not
from tracker.web.access import requires
from tracker.web.forms import offer
from tracker.web.kit import Blocked, blocked_page, detail_page, record_blueprint
from tracker.web.kit.acts import version_of
from tracker.web.period import looks_ahead
from tracker.web.transactions import field_errors, writes

A = WorkAct
CHANGED = "这项工作刚刚有变动，请核对现在的情况后再办理。"


def _detail(key_work_id: int) -> ResponseReturnValue:
    return detail_page(KEY_WORKS, key_work_id, data=_course)


bp = record_blueprint(KEY_WORKS, detail=_detail)
blueprints = (bp, record_blueprint(MILESTONES))
looks_ahead(bp.name)


def _course(work: KeyWork) -> dict[str, Any]:
    """What was said of the work, and what is next."""
    return {"events": queries.events_of(work), "next": next_of(work), "rule": RULE}


def _take(act: WorkAct, work_id: int) -> ResponseReturnValue:
    work = KEY_WORKS.get(current_user, work_id) or abort(404)
    step = STEPS[act]
    if said := why_not(current_user, work, step):
        status = 409 if is_one_of(current_user, work, step) else 403
        return blocked_page(
            KEY_WORKS, work, None, Blocked(said), status=status, doing=f"办理“{step.act.label}”"
        )
    form: Any = form_of_step(act)(version=version_of(work))
    if "milestone_id" in form:
        waiting = [each for each in work.milestones if each.reached_on is None]
        found = [(each.id, f"{each.name}（{each.planned_on}）") for each in waiting]
        offer(form.milestone_id, found)
    if form.validate_on_submit():
        if form.version.data != version_of(work):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(work))]
        else:
            _act(work, act, form)
        if not form.errors:
            flash(f"已办理“{act.label}”。", "success")
            return redirect(KEY_WORKS.address(work))
    page = render_template(
        "works/step.html",
        kind=KEY_WORKS,
        work=work,
        step=step,
        form=form,
        next=next_of(work),
        proofs=queries.proofs_of(work),
    )
    return page, 422 if form.is_submitted() else 200


def _act(work: KeyWork, act: WorkAct, form: Any) -> None:
    said = service.Said(
        form.words.data or "",
        (form.milestone_id.data or None) if "milestone_id" in form else None,
        form.on.data if "on" in form else None,
    )
    try:
        with field_errors(form, {}):
            service.act(current_user, work, act, said, address=request.remote_addr)
    except service.WorkError as error:
        form.add_error(error.field, str(error))


def _add(step: Step) -> None:
    view: Callable[..., ResponseReturnValue] = lambda key_work_id: _take(  # noqa: E731
        step.act, key_work_id
    )
    guarded = writes(requires(step.permission)(view))
    rule = f"/<id:key_work_id>/{step.act.value}"
    bp.add_url_rule(rule, step.act.value, guarded, methods=["GET", "POST"])


for _step in STEPS.values():
    _add(_step)
