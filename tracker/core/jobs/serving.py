"""The web server and its workers as one service: they are started together and end together.

Each is a process of its own. A worker that ends by itself is started anew; where the web server
ends, all of it does. None outlives the one that started it, however that ends.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

import click

from tracker.core.children import end_with_parent
from tracker.core.config import ROOT, SettingsError
from tracker.core.db.versions import require_schema
from tracker.core.jobs.ending import Ending
from tracker.core.jobs.worker import SHORT, work

_AGAIN = 3.0  # seconds before a worker that ended is started anew
_TO_END = 60.0  # seconds before what was told to end is killed


@dataclass(frozen=True)
class Web:
    """How pages are served: the address, and how many processes and threads."""

    host: str
    port: int
    processes: int
    threads: int


def serve(web: Web, workers: int, processes: int, say: Callable[[str], None]) -> bool:
    """Serve pages, with so many `workers` whose jobs use `processes` each, until this process is
    told to end; False where the web server ended by itself."""
    ending = Ending()
    ending.heed()
    # Each thread would else have a heap of its own, which what it needed once leaves full of holes.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=_serve_pages, args=(web,), name="web")
    hands = [context.Process(target=_work, args=(processes,)) for _ in range(workers)]
    all_of_it: list[BaseProcess] = [server, *hands]
    try:
        for each in all_of_it:
            each.start()
        while not ending.told() and server.is_alive():
            ended = wait([each.sentinel for each in all_of_it], timeout=0.5)
            for place, each in enumerate(hands, 1):
                if each.sentinel in ended and not ending.wait(_AGAIN):
                    say(f"工作进程结束（{each.exitcode}），重新启动")
                    each.join()
                    hands[place - 1] = context.Process(target=_work, args=(processes,))
                    hands[place - 1].start()
            all_of_it = [server, *hands]
        return ending.told()
    finally:
        _end([server, *hands])


def _end(processes: list[BaseProcess]) -> None:
    begun = [each for each in processes if each.pid is not None]
    for each in begun:
        each.terminate()
    until = time.monotonic() + _TO_END
    for each in begun:
        each.join(max(0.0, until - time.monotonic()))
        if each.is_alive():
            each.kill()
            each.join()


def _serve_pages(web: Web) -> None:
    end_with_parent()
    sys.path.insert(0, str(ROOT))
    address = f"{web.host}:{web.port}"
    if sys.platform == "win32":
        waitress = importlib.import_module("waitress")
        # By name, because this knows nothing of the application above it.
        app = importlib.import_module("wsgi").app
        waitress.serve(app, listen=address, threads=web.processes * web.threads)
        return
    # A group of its own: Ctrl-C reaches a whole group, and gunicorn's master passes it on. Two
    # signals at once may stop a process of gunicorn for ever amid its end: the handler of the
    # second waits for a lock that the first one holds.
    os.setpgrp()
    bound = ["--bind", address, "--workers", str(web.processes), "--threads", str(web.threads)]
    # Loaded once, before the processes part: they share what none of them changes.
    alike = ["--preload", "--no-control-socket", "--chdir", str(ROOT)]
    sys.argv = ["gunicorn", *bound, *alike, "wsgi:app"]
    importlib.import_module("gunicorn.app.wsgiapp").run()


def _work(processes: int) -> None:
    end_with_parent()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # pages come first
    try:
        run_worker(processes)
    except (click.ClickException, SettingsError) as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(1)


def run_worker(
    processes: int, short: int = SHORT, begun: Callable[[], None] = lambda: None
) -> None:
    """A worker of the application as the environment sets it (see `work`). Raises SchemaError too
    where the database's schema is not the program's."""
    # By name, because this knows nothing of the application above it.
    app = importlib.import_module("tracker").create_app()
    with app.app_context():
        require_schema()
    work(app, processes, short, begun)
