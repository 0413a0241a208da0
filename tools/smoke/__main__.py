"""`make smoke`: does `make run` work for somebody who has just cloned this?

A clean clone of the last commit in a temporary folder, with an instance and a port of its own:

1. `make run` until it serves; three roles sign in and open the overview; an issued paper is
   fetched and verified; the papers are as many as the commands said; Ctrl-C ends all of it.
2. `make run` in the same folder once more: the same, nothing is issued twice; SIGTERM ends it.
3. The commit before the newest migration makes and fills a database; the last commit is pulled,
   sets itself up and upgrades it, and scores. With --whole (`make soak`) with sample data, and all
   of `make run` after the pull.

The standard library only, on Linux (/proc). Nothing is left: no process, no port, no folder.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from browsing import Browser, Said

ROOT = Path(__file__).resolve().parents[2]
YEAR = 2024
# Who signs in, and what it opens: the staff of a county see their work, and no comparisons.
_ROLES = (
    ("县工作人员", "/", "我的工作"),
    ("考核人员", "/overview/", "总览"),
    ("省领导", "/overview/", "总览"),
)
_SECONDS = 1800  # for all of it, on a slow machine with a slow mirror of packages
_TO_END = 30
_TAIL = 40  # lines of a log that is shown
# What would reach into the clone from here: settings, and what make and Python hand down.
_OWN = re.compile(
    r"DATABASE_URL|SECRET_KEY|(TRACKER|FONT|FLASK|GUNICORN|PYTHON|GIT)_?.*"
    r"|VIRTUAL_ENV|MAKE(FLAGS|LEVEL|FILES|OVERRIDES)|MFLAGS|PORT|WORKERS|WEB_CONCURRENCY"
)


class SmokeError(Exception):
    """`make run` does not hold; the words say what was found. `log` tells more."""

    def __init__(self, words: str, log: Path | None = None) -> None:
        super().__init__(words)
        self.log = log


@dataclass
class Clock:
    """The time that is left, and lines that say what goes on."""

    began: float
    seconds: int

    def say(self, words: str) -> None:
        print(f"[{time.monotonic() - self.began:4.0f} s] {words}", flush=True)

    def left(self) -> float:
        """Seconds. Raises SmokeError when none is."""
        left = self.began + self.seconds - time.monotonic()
        if left <= 0:
            raise SmokeError(f"超过 {self.seconds} 秒，尚未完成")
        return left


@dataclass
class Clone:
    """A clean clone with an instance of its own."""

    folder: Path
    instance: Path
    python: str
    clock: Clock

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not _OWN.fullmatch(name)}
        return {**kept, "TRACKER_INSTANCE": str(self.instance), "PYTHONUNBUFFERED": "1"}

    def git(self, *arguments: str) -> str:
        return git(self.folder, *arguments)

    def run(self, log: Path, *command: str) -> None:
        """Run `command` to its end. Raises SmokeError unless it ends well."""
        with self.started(log, *command) as process:
            try:
                code = process.wait(self.clock.left())
            except subprocess.TimeoutExpired:
                self.clock.left()
                raise
        if code:
            raise SmokeError(f"{' '.join(command)} 以 {code} 结束", log)

    @contextlib.contextmanager
    def started(self, log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A session of its own that runs `command`; all of it is gone at the end of the block."""
        with log.open("ab") as written:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            for pid in session(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=_SECONDS, help="time limit for all of it")
    parser.add_argument("--whole", action="store_true", help="all of make run after the pull, too")
    parser.add_argument("--keep", action="store_true", help="keep the folder, to look at it")
    wanted = parser.parse_args()
    clock = Clock(time.monotonic(), wanted.seconds)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # tidy up then, too
    # A shell in the background has it ignored, and so would all that is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="tracker-smoke-"))
    try:
        smoke(folder, clock, wanted.whole)
    except SmokeError as error:
        clock.say(f"未通过：{error}")
        if error.log is not None and error.log.exists():
            lines = error.log.read_text(errors="replace").splitlines()[-_TAIL:]
            print(f"--- {error.log.name} 的最后 {len(lines)} 行", *lines, "---", sep="\n")
        return 1
    except KeyboardInterrupt:
        clock.say("已中止")
        return 130
    finally:
        if wanted.keep:
            clock.say(f"保留 {folder}")
        else:
            shutil.rmtree(folder)
    clock.say("通过")
    return 0


def smoke(folder: Path, clock: Clock, whole: bool) -> None:
    """All of it, in `folder`. Raises SmokeError."""
    head = git(ROOT, "rev-parse", "HEAD")
    if git(ROOT, "status", "--porcelain"):
        clock.say("注意：有未提交的改动，不在检查之内")
    clock.say(f"克隆 {head[:12]}")
    git(folder, "clone", "--quiet", "--no-checkout", str(ROOT), "clone")
    python = os.environ.get("PYTHON") or sys.executable
    clone = Clone(folder / "clone", folder / "instance", python, clock)
    clone.git("checkout", "--quiet", "-B", "smoke", head)

    clock.say("make run：空白环境")
    first = serve(clone, folder / "run-1.log", signal.SIGINT)
    clock.say("make run：同一文件夹再次运行")
    second = serve(clone, folder / "run-2.log", signal.SIGTERM)
    if second != first:
        raise SmokeError(f"再次运行后文书份数不同：{first}，{second}", folder / "run-2.log")

    before = before_newest_migration(clone)
    clock.say(f"旧版本 {before[:12]}（最近一次迁移之前）建库")
    clone.instance = folder / "older-instance"
    clone.git("reset", "--quiet", "--hard", before)
    log = folder / "run-3.log"
    clone.run(log, "make", ".venv/.run", f"PYTHON={python}")
    tracker = ".venv/bin/tracker"
    clone.run(log, tracker, "db", "upgrade")
    clone.run(log, tracker, "public-data", "load")
    if whole:
        clone.run(log, tracker, "sample-data", "--year", f"{YEAR - 1}..{YEAR + 1}")
    clone.run(log, tracker, "users", "demo", "--yes")
    clock.say("拉取新版本")
    clone.git("merge", "--quiet", "--ff-only", head)
    if whole:
        serve(clone, log, signal.SIGINT)
        return
    clone.run(log, "make", ".venv/.run", f"PYTHON={python}")
    clone.run(log, tracker, "db", "upgrade")
    clone.run(log, tracker, "public-data", "load")
    clone.run(log, tracker, "users", "demo", "--yes")
    clone.run(log, tracker, "score", "--year", str(YEAR))


def serve(clone: Clone, log: Path, how: signal.Signals) -> tuple[int, int]:
    """`make run` until it serves, use it, and end it by `how`; (drafts, issued papers).

    Raises SmokeError.
    """
    port = free_port()
    with clone.started(log, "make", "run", f"PORT={port}", f"PYTHON={clone.python}") as process:
        address = f"http://127.0.0.1:{port}"
        browser = Browser(address)
        while browser.health() != "ok":
            clone.clock.left()
            if process.poll() is not None:
                raise SmokeError(f"make run 以 {process.returncode} 结束，没有开始服务", log)
            time.sleep(0.5)
        clone.clock.say(f"  {address} 已开始服务")
        said = Said(log.read_text(errors="replace"), YEAR)
        try:
            counts = said.drafts, said.issued
            compare(clone, said)
            use(address, said, clone.clock)
        except (LookupError, OSError, ValueError, sqlite3.Error) as error:
            raise SmokeError(f"服务不正常：{error}", log) from error
        end(process, port, how, log)
        clone.clock.say(f"  {how.name} 之后全部结束")
    return counts


def compare(clone: Clone, said: Said) -> None:
    """The papers are as many as the commands said. Raises ValueError."""
    drafts = len(list((clone.instance / "reports" / str(YEAR)).glob("*.pdf")))
    if drafts != said.drafts or not drafts:
        raise ValueError(f"reports/{YEAR} 中有 {drafts} 份，tracker report 说 {said.drafts} 份")
    with contextlib.closing(sqlite3.connect(clone.instance / "tracker.db")) as database:
        (issued,) = database.execute(
            "SELECT count(*) FROM issued_papers WHERE year = ?", (YEAR,)
        ).fetchone()
    if issued != said.issued or not issued:
        raise ValueError(f"数据库中签发了 {issued} 份，tracker issue 说 {said.issued} 份")
    clone.clock.say(f"  试算稿 {drafts} 份，已签发 {issued} 份")


def use(address: str, said: Said, clock: Clock) -> None:
    """Three roles sign in and read; a paper is fetched and verified. Raises ValueError, OSError."""
    for role, path, title in _ROLES:
        name, password = said.account(role)
        browser = Browser(address)
        browser.sign_in(name, password)
        browser.see(path, title)
        clock.say(f"  {name} 登录，{title}")
    pdf = browser.paper(YEAR)
    answer = Browser(address).verify(pdf)
    if answer != "一致":
        raise ValueError(f"核验一份已签发文书，得到“{answer}”")
    clock.say(f"  一份已签发文书（{len(pdf)} 字节）核验一致")


def end(process: subprocess.Popen[bytes], port: int, how: signal.Signals, log: Path) -> None:
    """End `process` as a terminal or a service manager does. Raises SmokeError if any of it, or its
    port, is left."""
    os.killpg(process.pid, how)
    until = time.monotonic() + _TO_END
    while left := [pid for pid in session(process.pid) if pid != process.pid or alive(process)]:
        if time.monotonic() > until:
            raise SmokeError(f"{how.name} 之后 {_TO_END} 秒，仍有进程 {left}", log)
        time.sleep(0.1)
    with contextlib.closing(socket.socket()) as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SmokeError(f"端口 {port} 仍有程序应答", log)


def alive(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


def session(leader: int) -> list[int]:
    """The processes of the session that `leader` began, dead ones that nobody waited for left
    out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            # After the name, which may hold anything: state, parent, group, session.
            state, _, _, of, *_ = stat.read_text().rpartition(")")[2].split()
            if int(of) == leader and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def before_newest_migration(clone: Clone) -> str:
    """The last commit of the main line whose migrations are the first of today's, without the
    newest: a branch that is merged may number its own in between. Raises SmokeError."""
    folder = "migrations/versions/"
    today = _migrations(clone.git("ls-tree", "HEAD", folder))
    for commit in clone.git("rev-list", "--first-parent", "HEAD").split():
        then = _migrations(clone.git("ls-tree", commit, folder))
        if then and len(then) < len(today) and then == today[: len(then)]:
            return commit
    raise SmokeError(f"没有 {today[-1][0]} 之前的提交。浅克隆请先 git fetch --unshallow")


def _migrations(listed: str) -> list[tuple[str, str]]:
    """The names of migrations with the digests of their texts, in their order."""
    rows = (line.split(maxsplit=3) for line in listed.splitlines())
    return sorted((Path(name).name, digest) for _, _, digest, name in rows if name.endswith(".py"))


def git(folder: Path, *arguments: str) -> str:
    """What git says. Raises SmokeError."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SmokeError(f"git {' '.join(arguments)}：{done.stderr.strip()}")
    return done.stdout.strip()


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
