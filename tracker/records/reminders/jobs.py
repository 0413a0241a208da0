"""Reminders on the queue: made and sent by themselves as long as a worker runs."""

from __future__ import annotations

from flask import current_app

from tracker.core import jobs
from tracker.core.db import units
from tracker.core.db.records import now
from tracker.core.quantities.clock import today
from tracker.records.reminders import sending, service
from tracker.records.reminders.channels import senders


@jobs.every_minutes(30, "reminders.gather")
def gather() -> None:
    """Make the reminders of what stands; people see them on the page at once."""
    ways = senders(current_app.config["TRACKER"])
    found = service.standing(today())
    with units.writing(shown=False):
        service.gather(found, list(ways))


@jobs.every_minutes(5, "reminders.send")
def send() -> None:
    """Send what waits, within the hours in which people are called."""
    settings = current_app.config["TRACKER"]
    ways = senders(settings)
    if ways and sending.is_time(now()):
        sending.send_waiting(ways, settings.public_address)
