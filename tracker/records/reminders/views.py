"""提醒: what one is reminded of, where one wants it sent, and for the administrator how the sending
goes."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.core import jobs
from tracker.records.accounts.permissions import Permission
from tracker.records.reminders import queries, service
from tracker.records.reminders.channels import senders
from tracker.records.reminders.forms import AddressForm
from tracker.records.reminders.models import Channel, DeliveryState, Reminder
from tracker.records.reminders.occasions import OCCASIONS
from tracker.web.access import requires
from tracker.web.period import carried_year
from tracker.web.tables import number_of, page_of
from tracker.web.transactions import writes

bp = Blueprint("reminders", __name__, url_prefix="/reminders")
_SHOWN = 50


@bp.get("/")
@requires(Permission.WORK_VIEW)
def index() -> ResponseReturnValue:
    """What stands; with `over`, what is dealt with."""
    over = request.args.get("over") == "1"
    return render_template(
        "reminders/index.html",
        page=page_of(queries.of_user(current_user, standing=not over)),
        over=over,
        address=_address,
        occasions=OCCASIONS,
        worker=jobs.worker_seen(current_app.config["TRACKER"]),
    )


def _address(reminder: Reminder) -> str:
    """The page of a reminder below the site's own address, in the year that is in view."""
    path, year = f"{request.script_root}{reminder.path}", carried_year()
    if year is None or "year=" in path:
        return path
    return f"{path}{'&' if '?' in path else '?'}year={year}"


@bp.post("/read")
@writes
@requires(Permission.WORK_VIEW)
def read() -> ResponseReturnValue:
    """Note one, or all, as read: the number beside the bell goes down."""
    given = request.form.get("reminder", "")
    number = number_of(given)
    if given and number is None:
        flash("没有这条提醒。", "info")
    else:
        service.read(current_user, None if number is None else [number])
    return redirect(url_for(".index"))


@bp.route("/address", methods=["GET", "POST"])
@writes
@requires(Permission.WORK_VIEW)
def address() -> ResponseReturnValue:
    """Where one wants reminders sent."""
    kept = queries.address_of(current_user.id)
    form = AddressForm(obj=kept) if kept else AddressForm(data={"by_webhook": True})
    if form.validate_on_submit():
        service.set_address(
            current_user, (form.email.data or "").strip(), by_webhook=bool(form.by_webhook.data)
        )
        flash("已保存，以后的提醒按此发送。", "success")
        return redirect(url_for(".index"))
    ways = senders(current_app.config["TRACKER"])
    page = render_template("reminders/address.html", form=form, ways=ways, channels=Channel)
    return page, 422 if form.is_submitted() else 200


@bp.get("/outbox")
@requires(Permission.USERS_EDIT)
def outbox() -> ResponseReturnValue:
    """How the sending goes: by channel, and what was not delivered and why."""
    return render_template(
        "reminders/outbox.html",
        ways=senders(current_app.config["TRACKER"]),
        counts=queries.outbox(),
        channels=Channel,
        states=DeliveryState,
        troubled=queries.not_delivered(_SHOWN),
        occasions=OCCASIONS,
    )
