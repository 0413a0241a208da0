"""Work that was asked for, on the queue; what is to be done stands in its rows."""

from __future__ import annotations

from tracker.core import jobs
from tracker.core.jobs import Lane
from tracker.records.background import queries, service
from tracker.records.background.running import run

GO_ON = {Lane.SHORT: "background.short", Lane.LONG: "background.long"}


@jobs.job(GO_ON[Lane.SHORT], lane=Lane.SHORT)
def short(job_id: int) -> None:
    """Do what was asked for."""
    run(job_id)


@jobs.job(GO_ON[Lane.LONG], lane=Lane.LONG)
def long(job_id: int) -> None:
    """Do what was asked for and takes its time."""
    run(job_id)


@jobs.every_minutes(1, "background.take_up_short", lane=Lane.SHORT)
def take_up_short() -> None:
    """Do what no message came of, and what a worker left that was killed."""
    for job_id in queries.free_jobs(Lane.SHORT):
        run(job_id)


@jobs.every_minutes(1, "background.take_up_long", lane=Lane.LONG)
def take_up_long() -> None:
    """The same of what takes its time."""
    for job_id in queries.free_jobs(Lane.LONG):
        run(job_id)


@jobs.every_minutes(30, "background.tidy", lane=Lane.SHORT)
def tidy() -> None:
    """Remove files that are no longer kept."""
    service.tidy()
