"""The word to end: signals bring it however many they are, and whatever they interrupt."""

from __future__ import annotations

import os
import subprocess
import sys

from tracker.core.config import ROOT

# Before each line of the wait, and of what it calls, a signal comes.
_EVERYWHERE = """
import signal, sys
from tracker.core.jobs.ending import Ending

ending, came = Ending(), 0
ending.heed()

def signalled(frame, event, _):
    global came
    if event == "line":
        came += 1
        signal.raise_signal(signal.SIGINT)
        ending._told = came > 20
    return signalled

sys.settrace(signalled)
told = ending.wait(30)
sys.settrace(None)
print(told, came > 20)
"""
_IGNORED = """
import os, signal
from tracker.core.jobs.ending import Ending

signal.signal(signal.SIGHUP, signal.SIG_IGN)
ending = Ending()
ending.heed()
os.kill(os.getpid(), signal.SIGHUP)
print(ending.told(), ending.wait(0))
os.kill(os.getpid(), signal.SIGTERM)
print(ending.told(), ending.wait(30))
"""


def _said(script: str) -> str:
    """What a process that runs `script` prints; it fails where that takes a minute."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done.stdout


def test_a_signal_at_any_moment_stops_nothing() -> None:
    assert _said(_EVERYWHERE) == "True True\n"


def test_a_signal_that_is_ignored_goes_on_being_ignored() -> None:
    assert _said(_IGNORED) == "False False\nTrue True\n"
