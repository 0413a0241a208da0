"""The pages of the year's tasks (年度任务) and, beside them, of the goals of plans; and a task's
division among the places below."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from wtforms.validators import Optional

from tracker.core.db import db
from tracker.records.accounts.permissions import Permission
from tracker.records.indicators.goal_kinds import PLAN_GOALS
from tracker.records.places.models import Region
from tracker.records.places.scopes import is_province
from tracker.records.targets import service
from tracker.records.targets.done_rules import is_scored
from tracker.records.targets.forms import PLACES
from tracker.records.targets.kinds import TARGETS, not_to_divide
from tracker.records.targets.models import Target
from tracker.records.targets.queries import Decomposition, unbalanced
from tracker.web.access import requires
from tracker.web.forms import Form
from tracker.web.kit import blocked_page, record_blueprint
from tracker.web.kit.fields import NumberField
from tracker.web.period import looks_ahead, selected_year, show
from tracker.web.transactions import writes
from tracker.year.measures.fields import measured, unit_of

bp = record_blueprint(TARGETS)
blueprints = (bp, record_blueprint(PLAN_GOALS))
for _each in blueprints:
    _each.context_processor(
        lambda: {
            "unbalanced_targets": _unbalanced,
            "measured": measured,
            "year_is_scored": lambda: is_scored(selected_year()),
        }
    )
looks_ahead(bp.name)


def _unbalanced() -> list[Decomposition]:
    """The divided targets of the year that do not add up, for those who divide them."""
    return unbalanced(selected_year()) if is_province(current_user) else []


@bp.route("/<id:target_id>/divide", methods=["GET", "POST"])
@writes
@requires(Permission.TARGETS_EDIT)
def divide(target_id: int) -> ResponseReturnValue:
    """Divide the province's task among cities, or a city's among its counties."""
    whole = TARGETS.get(current_user, target_id) or abort(404)
    show(whole.year)
    blocked = TARGETS.blocked(current_user, whole)
    if blocked is not None:
        return blocked_page(TARGETS, whole, None, blocked, doing="分解任务")
    blocked = not_to_divide(current_user, whole)
    if blocked is not None:
        return blocked_page(TARGETS, whole, None, blocked, status=409, doing="分解任务")
    below = _regions_below(whole.region)
    form = _division_form(whole, below)()
    if form.validate_on_submit():
        parts = {place: form[f"part-{place.id}"].data for place in below}
        try:
            made = service.divide(whole, {p: v for p, v in parts.items() if v is not None})
        except service.TargetError as error:
            form.form_errors.append(str(error))
        if not form.errors:
            flash(f"已分解到 {len(made)} 个地方。", "success")
            return redirect(f"{TARGETS.address(whole)}#parts")
    status = 422 if form.is_submitted() else 200
    page = render_template("targets/divide.html", form=form, kind=TARGETS, whole=whole)
    return page, status


def _regions_below(above: Region) -> list[Region]:
    statement = (
        select(Region)
        .where(
            Region.parent_id == above.id,
            Region.level == service.BELOW[above.level],
            Region.abolished_on.is_(None),
        )
        .order_by(Region.code)
    )
    return list(db.session.scalars(statement))


def _division_form(whole: Target, below: Sequence[Region]) -> type[Form]:
    """A field for each place below; in per cent for a share."""
    share = unit_of(whole.measure) == "比例"
    fields = {
        f"part-{place.id}": NumberField(
            place.name,
            [Optional()],
            places=PLACES - 2 if share else PLACES,
            percent=share,
        )
        for place in below
    }
    return type("DivisionForm", (Form,), {"makes": True, **fields})
