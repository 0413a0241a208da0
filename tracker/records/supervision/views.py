"""Supervision orders: their list and pages, issuing one from the page of a subject, and the steps
that each goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import and_

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.records.accounts.models import User
from tracker.records.accounts.permissions import Permission
from tracker.records.enclaves.models import Enclave
from tracker.records.pairings.models import Pairing
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.queries import inside, regions_of
from tracker.records.projects.models import Project
from tracker.records.submissions.models import Filing
from tracker.records.supervision import lines, queries, service, steps
from tracker.records.supervision.forms import OrderForm, form_of_step
from tracker.records.supervision.kinds import SUPERVISION
from tracker.records.supervision.models import CardLine, OrderAct, SupervisionOrder
from tracker.records.supervision.steps import STEPS, Step
from tracker.records.works.models import KeyWork
from tracker.web.access import requires
from tracker.web.forms import offer
from tracker.web.kit import (
    Action,
    Blocked,
    Kind,
    Section,
    blocked_page,
    detail_page,
    on_every_page,
    record_blueprint,
)
from tracker.web.kit.acts import version_of
from tracker.web.kit.kinds import kinds_of, name_of
from tracker.web.kit.views import acts_on_every_page
from tracker.web.tables import asked_number, asked_text
from tracker.web.transactions import field_errors, writes

A = OrderAct
CHANGED = "这件督办刚刚有变动，请核对现在的进度后再办理。"
SUBJECTS: Mapping[str, type[Any]] = {
    "region": Region,
    "pairing": Pairing,
    "enclave": Enclave,
    "park": Park,
    "project": Project,
    "filing": Filing,
    "work": KeyWork,
}
LINE = "line"  # of a scorecard: named by its snapshot, rulebook, subject and code
_WORDS = {model: word for word, model in SUBJECTS.items()}


def _detail(supervision_order_id: int) -> ResponseReturnValue:
    return detail_page(SUPERVISION, supervision_order_id, data=_course)


bp = record_blueprint(SUPERVISION, detail=_detail)


@bp.app_template_global()
def supervision_counted() -> queries.Counted:
    """The orders of those in view, by how they stand."""
    return queries.counted(SUPERVISION.scope.in_view(current_user))


@bp.app_template_global()
def supervision_rules() -> str:
    """By which rules the lights are set and orders rise, in words."""
    return steps.LIGHTS + steps.RULE


@bp.app_template_global()
def issuing_at_all() -> bool:
    """Whether the user issues orders."""
    return bool(_recipients(None))


def _course(order: SupervisionOrder) -> dict[str, Any]:
    """How the order stands, what it rose to, and its events."""
    done = queries.raised(order)
    return {
        "events": queries.events_of(order),
        "waits_for": steps.waits_for(order),
        "rises": [
            (rise, day, rise in done or day <= today()) for rise, day in steps.rises_of(order)
        ]
        if order.state in steps.WAITING
        else [],
        "rule": steps.RULE,
        "signal_late": steps.days_late(order) > 0,
        "proofs": queries.proofs_of(order),
    }


# -- issuing


@bp.route("/new", methods=["GET", "POST"])
@writes
@requires(Permission.SUPERVISION_ISSUE)
def new() -> ResponseReturnValue:
    """The form that issues an order, about the record that the address names or about a place."""
    about = _about(asked_text("about"), asked_number("of"))
    found = _recipients(about)
    if not found:
        said = "督办单由省、设区市下达给本地区内的市、县，您的账户不能就此下达。"
        back = _page_of(about) if about is not None else SUPERVISION.list_address()
        return render_template(
            "supervision/blocked.html", kind=SUPERVISION, said=said, back=back
        ), 403
    form: Any = OrderForm(county_id=found[0].id if about is not None else None)
    offer(form.county_id, [(each.id, each.name) for each in found])
    others = queries.recipients(current_user, None)
    offer(form.helper_id, [(each.id, each.name) for each in others])
    if form.validate_on_submit():
        order = _issue(about, form)
        if order is not None and not form.errors:
            g.made = SUPERVISION.address(order)
            flash(f"已向{order.county.name}下达督办单。", "success")
            return redirect(SUPERVISION.address(order))
    page = render_template(
        "supervision/new.html",
        kind=SUPERVISION,
        form=form,
        about="" if about is None else _called(about),
        rule=steps.RULE,
        back=_page_of(about) if about is not None else SUPERVISION.list_address(),
    )
    return page, 422 if form.is_submitted() else 200


def _issue(about: Any, form: Any) -> SupervisionOrder | None:
    try:
        with field_errors(form, {}):
            return service.issue(current_user, about, form.demanded(), address=request.remote_addr)
    except service.OrderError as error:
        form.add_error(error.field, str(error))
    return None


def _recipients(about: Any) -> Sequence[Region]:
    own = db.session.get(Region, current_user.region_id) if current_user.region_id else None
    return queries.recipients(current_user, about) if steps.issues(current_user, own) else []


def _about(word: str, number: int | None) -> Any:
    """The record or line of a card that an address names; None if it names none, 404 if the user
    does not see it."""
    if not word and number is None:
        return None
    if word == LINE:
        named = (asked_text("sheet"), asked_text("subject"), asked_text("line"))
        return lines.find(current_user, number or 0, *named) or abort(404)
    model = SUBJECTS.get(word)
    if model is None or not number:
        abort(404)
    if model is Region:
        within = regions_of(current_user).where(Region.id == number)
        return db.session.get(Region, number) if db.session.scalar(within) else abort(404)
    return next(iter(kinds_of(model))).get(current_user, number) or abort(404)


def _called(about: Any) -> str:
    return about.name if isinstance(about, Region | CardLine) else name_of(about)


def _page_of(about: Any) -> str:
    if isinstance(about, Region):
        return url_for("counties.detail", code=about.code)
    if isinstance(about, CardLine):
        return lines.address(current_user, about)
    return next(iter(kinds_of(type(about)))).address(about)


# -- the steps


def _take(act: OrderAct, order_id: int) -> ResponseReturnValue:
    order = SUPERVISION.get(current_user, order_id) or abort(404)
    step = STEPS[act]
    if said := service.why_not(current_user, order, act):
        status = 409 if steps.is_one_of(current_user, order, step) else 403
        return blocked_page(
            SUPERVISION, order, None, Blocked(said), status=status, doing=f"办理“{step.act.label}”"
        )
    form: Any = form_of_step(act)(version=version_of(order))
    if form.validate_on_submit():
        if form.version.data != version_of(order):
            form.form_errors.append(CHANGED)
            form.version.raw_data = [str(version_of(order))]
        else:
            _act(order, act, form)
        if not form.errors:
            flash(f"已办理“{act.label}”，现在是“{order.state.label}”。", "success")
            return redirect(SUPERVISION.address(order))
    page = render_template(
        "supervision/step.html",
        kind=SUPERVISION,
        order=order,
        step=step,
        form=form,
        proofs=queries.proofs_of(order),
        answer=queries.latest(order, A.ANSWERED) if act in (A.ACCEPTED, A.RETURNED) else None,
    )
    return page, 422 if form.is_submitted() else 200


def _act(order: SupervisionOrder, act: OrderAct, form: Any) -> None:
    due_on = form.due_on.data if "due_on" in form else None
    try:
        with field_errors(form, {}):
            service.act(
                current_user,
                order,
                act,
                form.reason.data or "",
                due_on,
                address=request.remote_addr,
            )
    except service.OrderError as error:
        form.add_error(error.field, str(error))


def _add(step: Step) -> None:
    view: Callable[..., ResponseReturnValue] = lambda supervision_order_id: _take(  # noqa: E731
        step.act, supervision_order_id
    )
    guarded = writes(requires(step.permission)(view))
    rule = f"/<id:supervision_order_id>/{step.act.value}"
    bp.add_url_rule(rule, step.act.value, guarded, methods=["GET", "POST"])


for _step in STEPS.values():
    _add(_step)


# -- on the pages of what orders are about


@on_every_page
def orders_of_kind(kind: Kind) -> Section | None:
    """The orders about a pairing, an enclave, a park, a project, a filing or a key work."""
    column = queries.ABOUT.get(kind.model)
    if column is None or not current_user.may(SUPERVISION.view):
        return None

    def data(record: Any) -> Mapping[str, object] | None:
        seen = SUPERVISION.seen_by(current_user).where(column == record.id)
        found = db.session.scalars(seen.order_by(SupervisionOrder.id.desc())).all()
        return {"orders": found, "signal": steps.signal} if found else None

    return Section("督办", "supervision/about.html", data, "supervision")


@acts_on_every_page
def issuing_of_kind(kind: Kind) -> Action | None:
    """The button that issues an order about what the page shows."""
    if kind.model not in queries.ABOUT:
        return None
    word = _WORDS[kind.model]

    def fits(user: User, record: Any) -> bool:
        return bool(_recipients(record))

    return Action(
        "督办",
        "gavel",
        Permission.SUPERVISION_ISSUE,
        lambda record: url_for("supervision.new", about=word, of=record.id),
        fits=fits,
    )


@bp.app_template_global()
def issuing_to(place: Region) -> str | None:
    """The address of the form that issues an order about a place itself; None for those who do
    not."""
    if not current_user.may(Permission.SUPERVISION_ISSUE) or not _recipients(place):
        return None
    return url_for("supervision.new", about="region", of=place.id)


@bp.app_template_global()
def orders_of_place(place: Region) -> queries.Counted | None:
    """The orders that a place, or one in it, has to answer, by how they stand; None for those who
    see no orders."""
    if not current_user.may(SUPERVISION.view):
        return None
    of_place = SupervisionOrder.county_id.in_(inside(place))
    return queries.counted(and_(SUPERVISION.scope.seen(current_user), of_place))
