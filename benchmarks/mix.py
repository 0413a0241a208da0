"""The server under many users at once: a mix of ten pages held against the empty page, how long the
commonest requests take, and what a server process holds in memory.

`tracker serve` itself, on this machine, on one year of sample data with its scores; users who ask
without a pause, each over one connection with a session of its own, while somebody saves a payment
every `PAUSE` seconds, so that pages that are kept are made anew. The empty page is that of one form
(修改密码). Both are asked in turn, round after round. Requests a second go with what else the
machine does, the clients not least; processor time of the server for a request does not, so that
both ratios are given.

`TRACKER_BENCH_INSTANCE` names an instance folder that is copied, instead of one being made.
"""

from __future__ import annotations

import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

from benchmarks.world import YEAR
from tracker.core.config import ROOT
from tracker.records.accounts.demo import ACCOUNTS, DemoAccount
from tracker.records.accounts.permissions import Role

PROCESSES, THREADS = 2, 8
FEW, MANY = 20, 50  # users
ROUNDS, SECONDS, LONG = 3, 10, 30
PAUSE = 5.0  # seconds between two saves
SAVED = f"a save every {PAUSE:.0f} s"
FIRST = 200  # requests after which memory is looked at
EMPTY = "/account/password"
MIX = (
    f"/?year={YEAR}",
    f"/overview/?year={YEAR}",
    f"/overview/summary?year={YEAR}",
    f"/overview/ranking/?year={YEAR}",
    f"/projects/?year={YEAR}",
    f"/projects/?year={YEAR}&q={quote('项目')}",
    f"/enclaves/?year={YEAR}",
    f"/ledger/?year={YEAR}",
    f"/scorecards/?year={YEAR}",
    f"/pairings/?year={YEAR}",
)
_RUN = "from tracker.cli import main; main()"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_BEFORE = (
    ["db", "upgrade"],
    ["public-data", "load"],
    ["sample-data", "--year", str(YEAR)],
    ["users", "demo", "--yes"],
    ["score", "--year", str(YEAR)],
)
# All who see all pages of the mix: leaders, reviewers, assessors.
_READERS = [each for each in ACCOUNTS if each.role not in (Role.STAFF, Role.ADMINISTRATOR)]
_WRITER = next(each for each in ACCOUNTS if each.role is Role.STAFF)
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print memory, ratios, and a line an address."""
    with _served() as server:
        sessions = [_signed_in(server, _READERS[n % len(_READERS)]) for n in range(MANY)]
        print(f"\nMB of each of {PROCESSES} server processes (RSS, PSS): {server.memory()}")
        _Crowd(server, sessions[:1], MIX).ask(FIRST)
        print(f"after {FIRST} requests of the mix: {server.memory()}")
        _ratios(server, sessions[:FEW])
        _waits(server, sessions)
        print(f"after all of this: {server.memory()}")


def _ratios(server: _Server, sessions: list[bytes]) -> None:
    _Crowd(server, sessions, MIX).run(LONG)  # what is kept is there
    for saved, saving in (("nobody saves", nullcontext()), (SAVED, _saving(server))):
        pages, spent, waits = [], [], []
        with saving:
            _rounds(server, sessions, pages, spent, waits)
        rounds = f"{ROUNDS} rounds of {SECONDS} s, {len(waits)} requests"
        print(f"\n{len(sessions)} users, {saved}, {rounds}")
        print(f"requests a second, mix ÷ empty page:           {_spread(pages)}")
        print(f"processor time a request, empty page ÷ mix:    {_spread(spent)}")
        middle, most, all_but = _parts(waits)
        print(f"the mix, of the median: p95 {most / middle:.1f} ×, p99 {all_but / middle:.1f} ×")


def _rounds(
    server: _Server,
    sessions: list[bytes],
    pages: list[float],
    spent: list[float],
    waits: list[float],
) -> None:
    for _ in range(ROUNDS):
        empty = _Crowd(server, sessions, (EMPTY,)).run(SECONDS)
        mixed = _Crowd(server, sessions, MIX).run(SECONDS)
        pages.append(mixed.rate / empty.rate)
        spent.append(empty.processor / mixed.processor)
        waits += mixed.all_waits()


def _waits(server: _Server, sessions: list[bytes]) -> None:
    with _saving(server):
        seen = _Crowd(server, sessions, MIX).run(LONG)
    base = statistics.median(seen.all_waits())
    print(
        f"\n{MANY} users, {SAVED}, {LONG} s, of the median of all: {'p50':>6} {'p95':>6} {'p99':>6}"
    )
    for address in MIX:
        parts = (each / base for each in _parts(seen.waits[address]))
        print(f"{address:42}" + " ".join(f"{each:>6.2f}" for each in parts))


def _parts(waits: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(waits, n=100)
    return cuts[49], cuts[94], cuts[98]


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f}   {min(ratios):.2f}–{max(ratios):.2f}"


class _Crowd:
    """Users who ask for `addresses`, one after another, each beginning at another."""

    def __init__(self, server: _Server, sessions: list[bytes], addresses: tuple[str, ...]) -> None:
        self.server, self.sessions, self.addresses = server, sessions, addresses
        self.waits: dict[str, list[float]] = {address: [] for address in addresses}
        self.rate = self.processor = 0.0
        self._faults: Counter[str] = Counter()

    def ask(self, number: int) -> None:
        """So many requests of the first user."""
        self._go(0, lambda done: done < number)

    def run(self, seconds: float) -> _Crowd:
        """All users for so many seconds."""
        before, end = self.server.processor(), time.monotonic() + seconds
        users = [
            threading.Thread(target=self._go, args=(place, lambda _: time.monotonic() < end))
            for place in range(len(self.sessions))
        ]
        for each in users:
            each.start()
        for each in users:
            each.join()
        number = len(self.all_waits())
        self.rate, self.processor = number / seconds, (self.server.processor() - before) / number
        if self._faults:
            raise RuntimeError(dict(self._faults))
        return self

    def all_waits(self) -> list[float]:
        return [wait for waits in self.waits.values() for wait in waits]

    def _go(self, place: int, more) -> None:
        done = 0
        with socket.create_connection(("127.0.0.1", self.server.port)) as line:
            while more(done):
                address = self.addresses[(3 * place + done) % len(self.addresses)]
                start = time.perf_counter()
                status = _asked(line, address, self.sessions[place])
                self.waits[address].append(time.perf_counter() - start)
                if status != 200:
                    self._faults[f"{address}: {status}"] += 1
                    return
                done += 1


def _asked(line: socket.socket, address: str, cookie: bytes) -> int:
    """The status of an answer, read to its end. By hand: the clients share the machine."""
    head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nCookie: "
    line.sendall(head.encode() + cookie + b"\r\n\r\n")
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += _more(line)
    found = _LENGTH.search(got, 0, end)
    left = int(found[1]) - (len(got) - end - 4) if found else 0
    while left > 0:
        left -= len(_more(line))
    return int(got[9:12])


def _more(line: socket.socket) -> bytes:
    if not (got := line.recv(1 << 18)):
        raise ConnectionError("the server hung up")
    return got


class _Server:
    """What `tracker serve` started."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def pages(self) -> list[int]:
        """The processes that make pages: those at the end of the tree."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(entry.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.parent.name))
        (web,) = (each for each in children[self.process.pid] if children.get(each))
        return sorted(children[web])

    def processor(self) -> float:
        """Seconds that they have had."""
        taken = 0
        for number in self.pages():
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            taken += int(fields[11]) + int(fields[12])
        return taken / _TICKS

    def memory(self) -> str:
        """What they hold: all of it, and with what they share counted by shares."""
        return ", ".join(
            " / ".join(f"{_held(number, part):.0f}" for part in ("Rss", "Pss"))
            for number in self.pages()
        )


def _held(number: int, part: str) -> float:
    found = re.search(rf"{part}: *(\d+)", Path(f"/proc/{number}/smaps_rollup").read_text())
    return int(found[1]) / 1024


@contextmanager
def _served() -> Iterator[_Server]:
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        folder = Path(name) / "instance"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TRACKER_INSTANCE": str(folder)}
        environment |= {"TRACKER_DEMO": "1", "TRACKER_INSECURE_COOKIES": "1"}
        environment.setdefault("PYTHONPYCACHEPREFIX", str(Path(name) / "compiled"))
        environment.pop("DATABASE_URL", None)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if given := os.environ.get("TRACKER_BENCH_INSTANCE"):
            shutil.copytree(given, folder)
        else:
            for command in _BEFORE:
                _started(command, environment).wait()
        port = _free_port()
        asked = ["serve", "--port", str(port), "--workers", "0"]
        size = ["--processes", str(PROCESSES), "--threads", str(THREADS)]
        process = _started([*asked, *size], environment)
        try:
            _await(port)
            yield _Server(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(90)


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    arguments = [sys.executable, "-c", _RUN, *command]
    return subprocess.Popen(arguments, env=environment, stdout=quiet, stderr=quiet)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    for _ in range(3000):
        try:
            if _answer(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def _answer(
    port: int, method: str, address: str, cookie: str = "", form: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Status, text, and the session's cookie afterwards."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    heads = {"Cookie": cookie} if cookie else {}
    if form is not None:
        heads["Content-Type"] = "application/x-www-form-urlencoded"
    line.request(method, address, urlencode(form) if form else None, heads)
    got = line.getresponse()
    text = got.read().decode(errors="replace")
    line.close()
    held = dict(each.split("=", 1) for each in cookie.split("; ") if each)
    for value in got.headers.get_all("Set-Cookie") or ():
        held.update([value.partition(";")[0].split("=", 1)])
    return got.status, text, "; ".join(f"{name}={value}" for name, value in held.items())


def _signed_in(server: _Server, user: DemoAccount) -> bytes:
    _, text, cookie = _answer(server.port, "GET", "/login")
    form = {"username": user.username, "password": user.password, "csrf_token": _token(text)}
    status, _, cookie = _answer(server.port, "POST", "/login", cookie, form)
    if status != 302:
        raise RuntimeError(f"{user.username} cannot sign in: {status}")
    return cookie.encode()


def _token(text: str) -> str:
    return _TOKEN.search(text)[1]


@contextmanager
def _saving(server: _Server) -> Iterator[None]:
    """A payment is saved every `PAUSE` seconds while the block runs."""
    over = threading.Event()
    writer = threading.Thread(target=_save, args=(server, over))
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def _save(server: _Server, over: threading.Event) -> None:
    cookie = _signed_in(server, _WRITER).decode()
    _, text, _ = _answer(server.port, "GET", f"/projects/?year={YEAR}", cookie)
    project = re.search(r'href="/projects/(\d+)', text)[1]
    address = f"/ledger/projects/{project}/new"
    for amount in itertools.count(
        int(time.time()) % 100_000
    ):  # each another: none looks said twice
        if over.wait(PAUSE):
            return
        _, text, cookie = _answer(server.port, "GET", address, cookie)
        form = {
            "kind": "completed_investment",
            "amount": str(amount),
            "occurred_on": f"{YEAR}-11-08",
        }
        form |= dict(re.findall(r'name="(csrf_token|once)" value="([^"]*)"', text))
        status, text, cookie = _answer(server.port, "POST", address, cookie, form)
        if status != 302:
            told = re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)', text)
            print(f"a save was answered {status}: {told}", file=sys.stderr)
