"""A worker: takes jobs from the queue and ends when it is told to. It has two lanes, so that what
is short never waits for a batch: on the long one it does a job at a time, on the short one some.

Several may run, on several machines. One that is killed leaves rows of the database under a lease;
a job that comes by itself every minute takes up what is free again.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import TYPE_CHECKING

from flask import Flask

from tracker.core.db import units
from tracker.core.jobs.declared import Job, Lane
from tracker.core.jobs.ending import Ending
from tracker.core.jobs.queue import BEAT, beat, opened, register, send

if TYPE_CHECKING:
    from huey.api import Huey

_LOOK = 0.5  # seconds at most between two looks at a queue that cannot call
_TO_END = 60.0  # seconds in which the job that is under way gives back what it holds
_HEALTH = 10.0
SHORT = 2  # short jobs at once, unless told otherwise
_ending = Ending()
_processes = 1


def told_to_end() -> bool:
    """Whether this worker is to end: a long job then gives back what it holds and returns."""
    return _ending.told()


def processes() -> int:
    """How many processes a job of this worker may use."""
    return _processes


def work(
    app: Flask, processes: int, short: int = SHORT, begun: Callable[[], None] = lambda: None
) -> None:
    """Work on the queue until SIGTERM, SIGINT or SIGHUP; `begun` is called once the worker can be
    seen. A long job may use so many `processes`; beside it so many `short` ones are done at once.
    In the main thread only.

    Raises SettingsError, and whatever the queue's database raises that cannot be reached.
    """
    from tracker.core.jobs.kept import Hands

    global _processes
    _processes = processes
    _ending.heed()
    with ExitStack() as lanes:
        consumers = []
        for lane, at_once in ((Lane.LONG, 1), (Lane.SHORT, short)):
            queue = lanes.enter_context(opened(app.config["TRACKER"], lane))
            register(queue, lambda job: _within(app, job), lane)
            consumers.append(
                Hands(queue, workers=at_once, max_delay=_LOOK, shutdown_timeout=_TO_END)
            )
        beat(queue)
        for consumer in consumers:
            consumer.start()
        sign = threading.Thread(target=_beat_on, args=(queue,), daemon=True)
        sign.start()
        begun()
        looked = time.monotonic()
        while not _ending.wait(_LOOK):
            if time.monotonic() > looked + _HEALTH:
                looked = time.monotonic()
                for consumer in consumers:
                    consumer.check_worker_health()
        for consumer in consumers:  # none takes another while the first ends what it is at
            consumer.stop_flag.set()
        for consumer in consumers:
            consumer.stop(graceful=True)
        sign.join(BEAT)


def _within(app: Flask, job: Job) -> Callable[..., None]:
    @wraps(job.function)
    def run(*arguments: int | str) -> None:
        if told_to_end():
            # Taken a moment too late: it stays for another worker, or for the next minute.
            if not job.minutes:
                send(app.config["TRACKER"], job.name, *arguments)
            return
        with app.app_context():
            units.reading(job.function)(*arguments)

    return run


def _beat_on(queue: Huey) -> None:
    while not _ending.wait(BEAT):
        with contextlib.suppress(Exception):  # a queue that is away comes back
            beat(queue)
