"""The bodies of requests: received before anything else is done, and only while they make headway.

A sender who dawdles holds a thread of the server, nothing else; of those there are a few at most.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from flask import abort, request

AT_ONCE = 0.3  # seconds within which most bodies are there
SLOW_ONES = 3  # bodies that may take longer at the same time, in each process of the server
WINDOW = 15.0  # seconds in which one more STEP has to arrive
STEP = 16 * 1024  # bytes

_slow = threading.BoundedSemaphore(SLOW_ONES)


def receive() -> None:
    """Read the body of the present request to its end; 408 for a sender who is too slow.

    A server that hands requests over with their bodies (waitress, the one of tests) names no
    socket, and nobody has to be watched.
    """
    environ = request.environ
    connection = environ.get("gunicorn.socket")
    if connection is None or not (request.content_length or "HTTP_TRANSFER_ENCODING" in environ):
        request.form  # noqa: B018 - reading it is what receives the body
        return
    body = environ["wsgi.input"] = _Counted(environ["wsgi.input"])
    with _watched(body, connection):
        try:
            request.form  # noqa: B018
        except Exception:
            if not body.cut:
                raise
    if body.cut:
        abort(408)


class _Counted:
    """A body that is read in small steps, so that its headway can be seen meanwhile."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.arrived = 0
        self.cut = False

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(STEP), b""))
        piece = self.source.read(min(size, STEP))
        self.arrived += len(piece)
        return piece


@contextmanager
def _watched(body: _Counted, connection: socket.socket) -> Iterator[None]:
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(body, connection, done), daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()


def _watch(body: _Counted, connection: socket.socket, done: threading.Event) -> None:
    if done.wait(AT_ONCE):
        return
    if not _slow.acquire(blocking=False):
        _cut(body, connection)
        return
    try:
        before = body.arrived
        while not done.wait(WINDOW):
            if body.arrived == before:
                _cut(body, connection)
                return
            before = body.arrived
    finally:
        _slow.release()


def _cut(body: _Counted, connection: socket.socket) -> None:
    """End what is being received; the answer can still be sent."""
    body.cut = True
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
