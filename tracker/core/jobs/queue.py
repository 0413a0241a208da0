"""Where the queue is kept (`TRACKER_QUEUE`), what is written on it, and whether anybody works.

By default it is a file in the instance folder, or PostgreSQL where that holds the records: then any
number of machines may work on it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy.engine import make_url

from tracker.core.config import Settings, SettingsError
from tracker.core.jobs.declared import JOBS, Job, Lane

if TYPE_CHECKING:
    from huey.api import Huey
    from huey.storage import BaseStorage

NAMES = {Lane.LONG: "tracker", Lane.SHORT: "tracker-short"}
TABLES = "tracker_queue"  # how huey's own tables begin in a PostgreSQL database
BEAT = 5.0  # seconds between two signs of a worker
SEEN = 20.0  # seconds since its last sign in which a worker counts as running
KEY = "worker-seen"
_log = logging.getLogger(__name__)


def address_of(settings: Settings) -> str:
    """The URL of the queue: as it was set, or where the records are."""
    if settings.queue:
        return settings.queue
    if settings.database_url.startswith("postgres"):
        return settings.database_url
    return f"sqlite:///{settings.instance / 'queue.db'}"


def shown_address(settings: Settings) -> str:
    """The URL of the queue as it may be shown: without a password."""
    return make_url(address_of(settings)).render_as_string(hide_password=True)


def _storage(settings: Settings, making: bool) -> tuple[type[BaseStorage], dict[str, Any]]:
    from huey.storage import RedisStorage, SqliteStorage

    from tracker.core.jobs.kept import Postgres

    address = address_of(settings)
    kind = "".join(re.findall(r"^[a-z]+", address))
    if kind == "sqlite":
        # By an address, for that says whether a file that is not there is made.
        path = quote(make_url(address).database or "")
        file = f"file:{path}?mode={'rwc' if making else 'rw'}"
        return SqliteStorage, {"filename": file, "uri": True, "create_tables": making}
    if kind.startswith("postgres"):
        dsn = re.sub(r"^[^:]*://", "postgresql://", address)
        return Postgres, {"dsn": dsn, "table_prefix": TABLES, "create_tables": making}
    if RedisStorage.__init__.__globals__["Redis"] is None:
        raise SettingsError("TRACKER_QUEUE 指向 Redis，须先安装：pip install redis")
    return RedisStorage, {"url": address}


@contextmanager
def opened(settings: Settings, lane: Lane = Lane.SHORT, *, making: bool = True) -> Iterator[Huey]:
    """A lane of the queue, closed at the end of the block. `making`: make its tables where there
    are none.

    Raises SettingsError, and whatever the queue's database raises that cannot be reached.
    """
    from huey.api import Huey
    from huey.storage import RedisStorage

    from tracker.core.jobs.kept import Plain

    kind, where = _storage(settings, making)
    queue = Huey(NAMES[lane], results=False, serializer=Plain(), storage_class=kind, **where)
    try:
        yield queue
    finally:
        queue.storage.close()
        if isinstance(queue.storage, RedisStorage):  # which leaves its connections open
            queue.storage.pool.disconnect()


def register(
    queue: Huey, wrap: Callable[[Job], Callable[..., None]], lane: Lane = Lane.SHORT
) -> None:
    """Let `queue` know all declared jobs of its lane; `wrap` gives what is called for each."""
    from huey import crontab

    for each in JOBS.values():
        if each.lane is not lane:
            continue
        if each.minutes:
            # Where all workers are busy, those of the minutes before are not made up for.
            when, stale = crontab(minute=f"*/{each.minutes}"), each.minutes * 60
            queue.periodic_task(when, name=each.name, expires=stale)(wrap(each))
        else:
            queue.task(name=each.name)(wrap(each))


def send(settings: Settings, name: str, *arguments: int | str) -> bool:
    """Put the job `name` on the queue. False, and a line in the log, where that cannot be done: the
    rows that the job is about are found by the workers in time."""
    try:
        with opened(settings, JOBS[name].lane) as queue:
            queue.task(name=name)(JOBS[name].function)(*arguments)
    except Exception:  # of whatever database the queue is kept in
        _log.exception("%s could not be put on the queue", name)
        return False
    return True


def beat(queue: Huey) -> None:
    """Let it be seen that a worker runs."""
    queue.storage.put_data(KEY, str(time.time()).encode())


def worker_seen(settings: Settings) -> bool:
    """Whether a worker has shown itself on the queue lately."""
    from huey.constants import EmptyData

    try:
        with opened(settings, making=False) as queue:
            told = queue.storage.peek_data(KEY)
    except Exception:  # no queue yet, or none that can be reached: then nobody works on it
        return False
    return told is not EmptyData and time.time() - float(bytes(told)) < SEEN
