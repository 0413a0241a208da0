"""Child processes that end with their parent, however it ends.

A process that is killed cannot tell its children, and a child that waits for orders would wait for
ever. The parent holds one end of a pipe that nobody else has; the system closes it whatever befalls
the parent, and that is what a child looks at.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

_EXIT = 70  # the child's exit code; nobody is left to read it


def end_with_parent() -> None:
    """Let this process of `multiprocessing` end as soon as the one that started it does.

    Call it first in the child, in its main thread (the initializer of a pool will do). Nothing is
    flushed or tidied up: whoever would use it is gone.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        raise RuntimeError("only a process started by multiprocessing ends with its parent")
    # The kernel tells even a process that is deep in a library and never lets a thread run.
    # (PR_SET_PDEATHSIG would tell it when the thread that started it ends, which is too early.)
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        _have_the_kernel_tell(parent.sentinel)
    threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _have_the_kernel_tell(pipe: int) -> None:
    import fcntl  # not on Windows

    signal.signal(signal.SIGIO, signal.SIG_DFL)  # which ends the process
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(_EXIT)
