"""Lighthouse's points for the main pages: `make lighthouse`.

Serves the instance that `make run` filled, signs in as the demonstration accounts, and measures
each page three times; the middle run counts, because loading is noisy. A telephone is imitated by
slowing the processor down, as its documentation asks by what this one is worth: four times is right
for a fast desk computer only. Exits with 1 if a page has fewer than `LEAST` points in performance,
accessibility or best practices.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LEAST = 95
RUNS = 3
TRIES = 3  # the browser does not always answer the program that drives it
DESK, SLOWDOWN = 1750, 4  # https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
CATEGORIES = ("performance", "accessibility", "best-practices")
PAGES = (
    ("", "/login"),
    ("jinyun", "/?year=2024"),
    ("jinyun", "/projects/"),
    ("jinyun", "/projects/new"),
    ("jinyun", "/enclaves/"),
    ("kaohe", "/assessments/?year=2024"),
    ("kaohe", "/scorecards/?year=2024"),
    ("kaohe", "/rulebooks/"),
    ("lingdao", "/?year=2024"),
    ("lingdao", "/overview/?year=2024"),
    ("lingdao", "/overview/summary?year=2024"),
    ("lingdao", "/overview/map/?year=2024"),
    ("lingdao", "/overview/ranking/?year=2024"),
    ("lingdao", "/overview/trends/?year=2024"),
    ("lingdao", "/overview/enclaves/?year=2024"),
    ("lingdao", "/overview/dispatch/?year=2024"),
    ("lingdao", "/counties/331122?year=2024"),
    ("guanli", "/audit/"),
)


def main() -> int:
    """Measure the pages, or those whose address holds one of the arguments."""
    wanted = [page for page in PAGES if not sys.argv[1:] or any(a in page[1] for a in sys.argv[1:])]
    program = _lighthouse()
    bad = 0
    print("points: " + ", ".join(CATEGORIES))
    with serving() as address:
        worth = _run(program, f"{address}/login", "", SLOWDOWN)["environment"]["benchmarkIndex"]
        slowdown = max(1, round(SLOWDOWN * worth / DESK, 1))
        print(f"processor {worth}, slowed down {slowdown} ×", flush=True)
        cookies = {user: _cookie(address, user) for user in {user for user, _ in wanted}}
        for user, path in wanted:
            points, faults = measure(program, f"{address}{path}", cookies[user], slowdown)
            bad += min(points.values()) < LEAST
            shown = "  ".join(f"{points[each]:>5.0f}" for each in CATEGORIES)
            print(f"{shown}  {user or '-':8} {path}  {'; '.join(faults)}", flush=True)
    return 1 if bad else 0


def _lighthouse() -> Path:
    program = HERE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("需要 Node 18.16 或更新版本和 npm：请安装 nodejs 与 npm")
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    return program


@contextmanager
def serving() -> Iterator[str]:
    """The address of the application on the present instance, as `make run` serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "TRACKER_DEMO": "1", "TRACKER_INSECURE_COOKIES": "1"}
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [str(gunicorn), "--bind", f"127.0.0.1:{port}", "--workers", "2", "wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait(address: str, seconds: int = 120) -> None:
    for _ in range(seconds):
        try:
            with urllib.request.urlopen(address):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(1)
    sys.exit("服务没有启动：请先运行一次 make run")


def _cookie(address: str, user: str) -> str:
    """The header that carries the session of a demonstration account; "" for a stranger."""
    if not user:
        return ""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{address}/login") as answer:
        page = answer.read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    known = dict(re.findall(r"<code>([^<]+)</code></td><td><code>([^<]+)</code>", page))
    if token is None or user not in known:
        sys.exit(f"没有演示账户 {user}：请先运行一次 make run")
    data = {"csrf_token": token[1], "username": user, "password": known[user]}
    opener.open(f"{address}/login", urllib.parse.urlencode(data).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def measure(
    program: Path, address: str, cookie: str, slowdown: float
) -> tuple[dict[str, float], list[str]]:
    """The points by category, and what cost some outside performance."""
    reports = [_run(program, address, cookie, slowdown) for _ in range(RUNS)]
    points = {
        each: statistics.median(100 * report["categories"][each]["score"] for report in reports)
        for each in CATEGORIES
    }
    audits = reports[0]["audits"]
    lost = {
        reference["id"]
        for each in CATEGORIES[1:]
        for reference in reports[0]["categories"][each]["auditRefs"]
        if reference["weight"] and (audits[reference["id"]]["score"] or 0) < 1
        if audits[reference["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
    }
    return points, sorted(lost)


def _run(program: Path, address: str, cookie: str, slowdown: float) -> dict:
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium")
    command = [
        str(program),
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--throttling.cpuSlowdownMultiplier={slowdown}",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
    ]
    if cookie:
        command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
    environment = {**os.environ, "CHROME_PATH": chromium or ""}
    for _ in range(TRIES):
        ran = subprocess.run(command, capture_output=True, text=True, env=environment)
        if ran.returncode == 0:
            return json.loads(ran.stdout)
    sys.exit(f"{address}\n{ran.stderr}")


if __name__ == "__main__":
    sys.exit(main())
