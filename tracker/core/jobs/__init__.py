"""Long work on a queue (huey): declared by features, sent by pages, done by workers.

A job is a function with a name and plain arguments. The queue only says that there is something to
do; what is to be done and what is done stands in rows of the database, so that a job may be lost,
come twice, or come when all is done.
"""

from __future__ import annotations

from tracker.core.jobs.declared import Lane, every_minutes, job
from tracker.core.jobs.queue import send, worker_seen
from tracker.core.jobs.worker import processes, told_to_end

__all__ = ["Lane", "every_minutes", "job", "processes", "send", "told_to_end", "worker_seen"]
