"""What others meet while thirty hostile files are sent to a server as `make run` starts it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from gunicorn.app.wsgiapp import run

from tests.conftest import settings_for
from tests.papers.issuing import hostile
from tests.processes import Begun, runs, until
from tracker import create_app
from tracker.core.db import db
from tracker.core.strangers.bounds import USUAL
from tracker.papers.common.identity import read_entries
from tracker.papers.issuing import queries

ROOT = Path(__file__).resolve().parents[3]
CROWD = 30
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.token = TOKEN.search(self.get("/verify")[1])[1]

    def get(self, address: str) -> tuple[int, str]:
        return self._ask("GET", address)

    def sign_in(self, name: str) -> tuple[int, str]:
        fields = {"csrf_token": self.token, "username": name, "password": "wrong"}
        kind = "application/x-www-form-urlencoded"
        return self._ask("POST", "/login", urlencode(fields).encode(), kind)

    def verify(self, file: bytes) -> tuple[int, str]:
        edge = uuid.uuid4().hex.encode()
        body = (
            b'--%b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%b\r\n'
            b'--%b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            b"Content-Type: application/pdf\r\n\r\n%b\r\n--%b--\r\n"
        ) % (edge, self.token.encode(), edge, file, edge)
        return self._ask("POST", "/verify", body, f"multipart/form-data; boundary={edge.decode()}")

    def _ask(self, method: str, address: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Cookie": self.cookie, "Connection": "close"}
        connection.request(
            method, address, body, headers | ({"Content-Type": kind} if kind else {})
        )
        answer = connection.getresponse()
        text = answer.read().decode()
        if set_cookie := answer.getheader("Set-Cookie"):
            self.cookie = set_cookie.partition(";")[0]
        connection.close()
        return answer.status, text


@pytest.fixture
def instance(issued_database: Path, tmp_path: Path) -> Path:
    shutil.copy(issued_database, tmp_path / "tracker.db")
    return tmp_path


def serve(bind: list[str]) -> None:
    """As `tracker.core.jobs.serving` does it. Files are read by the processor's bounds alone: here
    a reader is held as long as a test needs."""
    object.__setattr__(USUAL, "clock", 600)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    sys.modules.pop("wsgi", None)
    sys.argv = ["gunicorn", *bind, "--preload", "--no-control-socket", "wsgi:app"]
    run()


@pytest.fixture
def server(instance: Path) -> Iterator[tuple[int, Begun]]:
    """gunicorn with two workers of eight threads on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8"]
    bind += ["--log-file", str(instance / "server.log")]
    environment = {
        "DATABASE_URL": f"sqlite:///{instance / 'tracker.db'}",
        "TRACKER_INSTANCE": str(instance),
        "TRACKER_INSECURE_COOKIES": "1",
    }
    process = Begun(lambda: serve(bind), environment=environment)
    try:
        until(lambda: _answers(port))
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(30)


def _papers(instance: Path, pages: int, words: int) -> tuple[bytes, bytes]:
    """An issued paper, and a file of `pages` pages with so many `words` each that says that it is
    this one of another layout."""
    app = create_app(settings_for(f"sqlite:///{instance / 'tracker.db'}", instance))
    with app.app_context():
        paper = queries.content_of(queries.list_of(1)[0])
        db.session.remove()
        db.engine.dispose()
    info = hostile.info_of({**read_entries(paper), "ShanhaiLayout": "0"})
    return paper, hostile.shared_content(info, pages, words)


def test_thirty_hostile_files_disturb_nobody(server: tuple[int, Begun], instance: Path) -> None:
    port, process = server
    paper, costly = _papers(instance, 2, 2_000)  # whoever reads it is held
    crowd = [Person(port) for _ in range(CROWD)]
    other = Person(port)
    answers: list[tuple[int, str]] = []
    gate = threading.Barrier(CROWD + 1)

    def send(person: Person) -> None:
        gate.wait()
        answers.append(person.verify(costly))

    threads = [threading.Thread(target=send, args=(person,)) for person in crowd]
    for thread in threads:
        thread.start()
    with _held(process.pid) as held:
        gate.wait()
        until(lambda: held)
        # No file gets read any further, and yet all others are answered, page after page.
        met = []
        while len(met) < 6 or len(answers) < CROWD - len(held):
            met += [
                other.get("/login")[0],
                other.get("/verify?number=SH2024-S01-0001")[0],
                other.sign_in(f"nobody{len(met) // 12}")[0],
            ]
        assert set(met) <= {200, 401, 422, 429}
        assert 1 <= len(held) <= 2  # over both workers
        assert held == set(_readers(process.pid))
        assert len(answers) == CROWD - len(held)
        for status, page in answers:
            assert status == 503
            assert "正在核验其他文件" in page
    for thread in threads:
        thread.join()
    for _, page in answers[CROWD - len(held) :]:
        assert "不一致" in page
    # Nothing is left, and the next is served.
    until(lambda: not _readers(process.pid))
    assert len(list((instance / "slots").iterdir())) <= 2
    status, page = other.verify(paper)
    assert status == 200
    assert "一致" in page


def test_readers_end_with_a_server_that_is_killed(
    server: tuple[int, Begun], instance: Path
) -> None:
    port, process = server
    _, costly = _papers(instance, 20, 120_000)
    person = Person(port)
    sender = threading.Thread(target=_lost, args=(person, costly))
    sender.start()
    until(lambda: _readers(process.pid))
    readers, workers = _readers(process.pid), _children(process.pid)
    for worker in (process.pid, *workers):
        os.kill(worker, 9)
    sender.join(30)
    until(lambda: not any(map(runs, readers)))


def _lost(person: Person, file: bytes) -> None:
    with pytest.raises((http.client.HTTPException, OSError)):
        person.verify(file)


def _answers(port: int) -> bool:
    try:
        return Person(port).get("/healthz")[0] == 200
    except OSError:
        return False


def _children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            found += map(int, (task / "children").read_text().split())
        except FileNotFoundError:
            continue
    return found


def _readers(server: int) -> list[int]:
    """The processes below those of the server that read a file."""
    return [child for worker in _children(server) for child in _children(worker)]


@contextmanager
def _held(server: int) -> Iterator[set[int]]:
    """Within the block each process that reads a file stands still from its beginning on."""
    held: set[int] = set()
    over = threading.Event()

    def hold() -> None:
        while not over.wait(0.005):
            for reader in {*_readers(server)} - held:
                os.kill(reader, signal.SIGSTOP)
                held.add(reader)

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        yield held
    finally:
        over.set()
        holding.join()
        for reader in held:
            with suppress(ProcessLookupError):
                os.kill(reader, signal.SIGCONT)
