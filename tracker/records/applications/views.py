"""Applications: their list and form, and the steps that each goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.shown import wan
from tracker.records.accounts.permissions import Permission, Role
from tracker.records.applications import days, queries, service, turns
from tracker.records.applications.demands import papers_for
from tracker.records.applications.forms import CONSTRAINTS, CorrectionForm, form_of_step
from tracker.records.applications.kinds import APPLICATIONS
from tracker.records.applications.models import (
    MONEY_ACTS,
    Application,
    ApplicationAct,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from tracker.records.applications.steps import STEPS, WAY, Step, is_one_of
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.web.access import requires
from tracker.web.kit import (
    Blocked,
    Kind,
    Section,
    blocked_page,
    detail_page,
    on_every_page,
    record_blueprint,
)
from tracker.web.kit.acts import version_of
from tracker.web.transactions import field_errors, writes

A, S = ApplicationAct, ApplicationState
CHANGED = "这项申报刚刚有变动，请核对现在的进度后再办理。"


def _detail(application_id: int) -> ResponseReturnValue:
    return detail_page(APPLICATIONS, application_id, data=_progress)


bp = record_blueprint(APPLICATIONS, detail=_detail)


def _take(act: ApplicationAct, application_id: int) -> ResponseReturnValue:
    application = APPLICATIONS.get(current_user, application_id) or abort(404)
    step = STEPS[act]
    if not step.fits(application) and act in MONEY_ACTS:
        said = "下达的资金在申报对象的台账登记为“省级奖补”，这里自动读取，不另外登记。"
        if act is A.RECOVERED:
            said += "收回的，在台账冲销。"
    else:
        said = service.why_not(current_user, application, act)
    if said:
        status = 409 if _in_reach(application, step) else 403
        return blocked_page(
            APPLICATIONS,
            application,
            None,
            Blocked(said),
            status=status,
            doing=f"办理“{step.act.label}”",
        )
    form: Any = form_of_step(act, application)(
        version=version_of(application), data=_offered(act, application)
    )
    if form.validate_on_submit():
        if form.version.data != version_of(application):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(application))]
        else:
            _act(application, act, form)
        if not form.errors:
            flash(f"已办理“{act.label}”，现在是“{application.state.label}”。", "success")
            return redirect(APPLICATIONS.address(application))
    page = render_template(
        "applications/step.html",
        kind=APPLICATIONS,
        application=application,
        step=step,
        form=form,
        papers=papers_for(application.kind, act),
        says=_says(application, act),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route(
    "/<id:application_id>/allotments/<id:application_event_id>/correct", methods=["GET", "POST"]
)
@writes
@requires(Permission.APPLICATIONS_DECIDE)
def correct(application_id: int, application_event_id: int) -> ResponseReturnValue:
    """Put an allotment right that was entered wrong: both stay on record, the new one counts."""
    application = APPLICATIONS.get(current_user, application_id) or abort(404)
    event = db.session.get(ApplicationEvent, application_event_id) or abort(404)
    if event.application_id != application.id:
        abort(404)
    if said := service.why_not_correct(current_user, event):
        status = 409 if is_one_of(current_user, application, STEPS[A.ALLOTTED]) else 403
        return blocked_page(
            APPLICATIONS,
            application,
            None,
            Blocked(said),
            status=status,
            doing=f"更正{event.act.label}",
        )
    form: Any = CorrectionForm(
        version=version_of(application),
        data={"on_day": event.on_day, "document": event.document, "amount": event.amount},
    )
    if form.validate_on_submit():
        if form.version.data != version_of(application):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(application))]
        else:
            try:
                service.correct(current_user, event, form.given(), address=request.remote_addr)
            except service.StepError as error:
                form.add_error(error.field, str(error))
        if not form.errors:
            flash("已更正，原记录留在办理记录中。", "success")
            return redirect(APPLICATIONS.address(application))
    page = render_template(
        "applications/correct.html",
        kind=APPLICATIONS,
        application=application,
        event=event,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _act(application: Application, act: ApplicationAct, form: Any) -> None:
    try:
        with field_errors(form, _CONSTRAINTS):
            service.act(current_user, application, act, form.given(), address=request.remote_addr)
    except service.StepError as error:
        form.add_error(error.field, str(error))


# The same sentences where the form has no such field.
_CONSTRAINTS = {name: ("", sentence) for name, (_, sentence) in CONSTRAINTS.items()}


def _offered(act: ApplicationAct, application: Application) -> dict[str, object]:
    """What a step begins with: the sum asked for, and the day that the record tells already, else
    today."""
    offered: dict[str, object] = {"on_day": today()}
    if act is A.GRANTED:
        offered["amount"] = application.amount_asked
    of = {A.ESTABLISHED: "approved_on", A.INSPECTED: "accepted_on"}.get(act)
    record = application.demonstration_village or application.park
    if of is not None and application.kind is not ApplicationKind.FUND:
        offered["on_day"] = getattr(record, of, None) or today()
    return offered


def _in_reach(application: Application, step: Step) -> bool:
    """Whether the application is at all of the user's own place or below it."""
    if is_one_of(current_user, application, step):
        return True
    if current_user.role is Role.STAFF:
        return current_user.region_id == application.county_id
    within = regions_of(current_user).where(Region.id == application.county_id)
    return db.session.scalar(within) is not None


def _says(application: Application, act: ApplicationAct) -> list[str]:
    """What a person should know before the step, in sentences."""
    spot = application.demonstration_village
    about = spot or application.park
    if application.kind is ApplicationKind.FUND:  # its record has days of its own
        spot = about = None
    if act is A.ESTABLISHED and about is not None:
        return [f"立项日期同时记入“{about.name}”，有关指标从那里读取，不必再登记。"]
    if act is A.INSPECTED and spot is not None:
        return [f"验收通过的，验收日期同时记入“{spot.name}”，有关指标从那里读取，不必再登记。"]
    if act is A.REVOKED:
        return _says_of_money(application)
    if act is A.WITHDRAWN:
        return ["撤回后，申报退出办理；可以重新申报，从草拟开始。"]
    return []


def _says_of_money(application: Application) -> list[str]:
    """What was allotted of what is about to be revoked."""
    if application.kind is not ApplicationKind.FUND:
        return []
    found = queries.allotted(application)
    if found.total is None:
        return []
    said = f"已下达 {wan(found.total)} 万元，共 {len(found.rows)} 笔"
    if found.came_back is not None:
        said += f"，已收回 {wan(found.came_back)} 万元"
    where = "在申报对象的台账冲销" if found.from_ledger else "撤销后仍可在“资金收回”登记"
    return [f"{said}。撤销立项不等于收回资金：收回的，{where}。"]


def _progress(application: Application) -> dict[str, Any]:
    """The steps of an application with the moment at which each was last reached, and its
    events."""
    events = queries.events_of(application)
    reached: dict[ApplicationState, datetime] = {}
    for event in reversed(events):
        if event.from_state is not event.to_state:
            reached[event.to_state] = event.at
    before = WAY.index(_on_the_way(application.state, events))
    stages = [
        (each, reached.get(each) if place <= before else None, place <= before)
        for place, each in enumerate(WAY)
    ]
    return {
        "stages": stages,
        "events": events,
        "next_words": turns.next_words(application),
        "differing": days.differing(application),
    }


def _on_the_way(state: ApplicationState, events: list[Any]) -> ApplicationState:
    """The last state of the straight way that `state` stands for."""
    if state in WAY:
        return state
    if state is S.RECTIFYING:
        return S.ESTABLISHED
    if state is S.FAILED:
        return S.AWAITING
    if state in (S.REJECTED, S.REVOKED) and events:
        return events[0].from_state if events[0].from_state in WAY else S.ESTABLISHED
    return S.DRAFT


def _add(step: Step) -> None:
    view: Callable[..., ResponseReturnValue] = lambda application_id: _take(  # noqa: E731
        step.act, application_id
    )
    guarded = writes(requires(step.permission)(view))
    rule = f"/<id:application_id>/{step.act.value.replace('_', '-')}"
    bp.add_url_rule(rule, step.act.value, guarded, methods=["GET", "POST"])


for _step in STEPS.values():
    _add(_step)


# -- on the pages of what is applied for


@on_every_page
def applications_of_kind(kind: Kind) -> Section | None:
    """The applications that are about a 示范点, a park, a project or an enclave."""
    column = queries.ABOUT.get(kind.model)
    if column is None or not current_user.may(APPLICATIONS.view):
        return None

    def data(record: Any) -> Mapping[str, object] | None:
        seen = APPLICATIONS.seen_by(current_user).where(column == record.id)
        found = list(db.session.scalars(seen.order_by(Application.year.desc(), Application.id)))
        return {"applications": found} if found else None

    return Section("项目申报", "applications/about.html", data, "applications")
