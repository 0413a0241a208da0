"""Senders who dawdle, on the server that `make run` starts: they hold nobody up for long."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The same bounds, sooner.
WSGI = """
from tracker.web import bodies
bodies.AT_ONCE, bodies.WINDOW = 0.3, 2.0
from tracker import create_app
app = create_app()
"""
THREADS = 4
BODY = b"username=nobody&password=" + b"x" * 400


@pytest.fixture(scope="module")
def port(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of one process and few threads."""
    tmp_path = tmp_path_factory.mktemp("bodies")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    (tmp_path / "slow_wsgi.py").write_text(WSGI)
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'served.db')}"
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{number}"]
    command += ["--threads", str(THREADS), "slow_wsgi:app"]
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, "DATABASE_URL": url}
    environment |= {"TRACKER_INSTANCE": str(tmp_path / "served"), "TRACKER_INSECURE_COOKIES": "1"}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path)
    try:
        _until_it_answers(number)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def _until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            get(port)
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


def get(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=30) as answer:
        return answer.status


def head(length: int) -> bytes:
    lines = ("POST /login HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}")
    kind = "Content-Type: application/x-www-form-urlencoded"
    return "\r\n".join([*lines, kind, "", ""]).encode()


def post(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """The status line that a sender gets who sends its body in `pieces`."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head(sum(map(len, pieces))))
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
        except OSError:
            pass  # the server has had enough
        return connection.recv(200).split(b"\r\n")[0]


def test_many_who_dawdle_hold_nobody_up(port: int) -> None:
    """Three times as many as the server has threads, each byte by byte; others come through, and
    those who make no headway are told."""
    told: list[bytes] = []
    drops = [bytes([byte]) for byte in BODY]
    dawdlers = [
        threading.Thread(target=lambda: told.append(post(port, *drops, pause=0.25)))
        for _ in range(3 * THREADS)
    ]
    for dawdler in dawdlers:
        dawdler.start()
    assert get(port) == 200
    assert post(port, BODY).split()[1] == b"400"  # no token, but the body was read and looked at
    assert any(dawdler.is_alive() for dawdler in dawdlers)
    for dawdler in dawdlers:
        dawdler.join()
    assert [line.split()[1] for line in told] == [b"408"] * len(dawdlers)


def test_a_body_that_comes_in_two_pieces_is_taken(port: int) -> None:
    assert post(port, BODY[:200], BODY[200:], pause=0.6).split()[1] == b"400"
