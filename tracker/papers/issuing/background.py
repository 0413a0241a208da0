"""Work that outlasts a request: a process of its own goes on with an issue.

It is detached from the web server, which it outlives, and tells nobody how it fares: what is done
stands in the database. If it is killed, its rows are free after a minute and the page offers to go
on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from tracker.core.config import ROOT, Settings
from tracker.papers.issuing.models import PaperIssue

_RUN = "from tracker.cli import main; main()"
_SETTINGS = {
    "DATABASE_URL": "database_url",
    "TRACKER_INSTANCE": "instance",
    "SECRET_KEY": "secret_key",
    "TRACKER_PUBLIC_ADDRESS": "public_address",
}


def command_for(issue: PaperIssue) -> list[str]:
    """The command that goes on with `issue`."""
    which = ["--year", str(issue.year), "--ordinal", str(issue.ordinal)]
    return [sys.executable, "-c", _RUN, "issue", "--bind", *which]


def begin(command: list[str], settings: Settings) -> subprocess.Popen[bytes]:
    """Start `command` in a process of its own and give it back at once; it logs to issuing.log of
    the instance folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment |= {key: str(getattr(settings, name)) for key, name in _SETTINGS.items()}
    with (settings.instance / "issuing.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - the program itself, with two numbers
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
        )
    # Somebody has to take note of its end, or it stays in the list of processes.
    threading.Thread(target=process.wait, daemon=True).start()
    return process
