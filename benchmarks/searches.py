"""Searched, narrowed and sorted lists beside page 1 of the same list, at 1,000 and 100,000
projects, on both databases.

Every page is made anew, page 1 too: something is written before each request, so that no page that
is kept (`web.kept`) stands on either side of a ratio. What counts is processor time, that of the
database's server with it; the server may use one process for one statement, so that all of its
work is seen. The addresses are asked in turn, round after round; a ratio is one of two medians,
with the range between the rounds' quarters.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text

from benchmarks.web_lists import COUNTIES, SIZES, filled
from benchmarks.world import YEAR, seed
from tests.postgres import Server
from tests.web.pages import Browser
from tracker.core.db import db, units
from tracker.core.db.searchable import search_values
from tracker.records.accounts.models import User
from tracker.records.projects.models import ProjectCategory

ROUNDS, WARM = 9, 2
HITS = 30  # of each word that stands in no other name

PLACES = [
    "云和",
    "庆元",
    "景宁",
    "龙泉",
    "遂昌",
    "松阳",
    "开化",
    "常山",
    "泰顺",
    "文成",
    "苍南",
    "磐安",
    "三门",
    "天台",
    "仙居",
    "淳安",
]
MAKERS = [
    "恒信",
    "宏达",
    "远洋",
    "正泰",
    "华峰",
    "金龙",
    "新光",
    "东方",
    "大华",
    "中控",
    "嘉盛",
    "瑞丰",
    "长城",
    "德力",
    "天能",
    "永强",
]
TRADES = [
    "智能装备",
    "生物医药",
    "竹木加工",
    "新能源",
    "电子信息",
    "现代农业",
    "文旅康养",
    "精密铸造",
    "食品饮料",
]
ENDS = (
    *("产业园", "生产线", "基地", "二期工程", "示范项目", "研发中心"),
    *("改造提升项目", "配套设施"),
)
FOUR, TWO, SOUND = "樟溪柚园", "鲲鹏", "墨鸢渡口"  # the last is asked for by its initials
WORDS = {
    "4 characters": FOUR,
    "2 characters": TWO,
    "1 character": "鲲",
    "initials": "mydk",
    "whole pinyin": "moyuandu",
    "two words": "樟溪 柚园",
    "nothing found": "没有这样的项目",
}

LIST = "/projects/"
# (what, address, goal)
RATIOS = (
    *((f"search: {what}", f"{LIST}?q={word}") for what, word in WORDS.items()),
    ("largest first", f"{LIST}?sort=-total_investment"),
    ("one stage", f"{LIST}?stage=started"),
    ("one stage, largest first", f"{LIST}?stage=started&sort=-total_investment"),
    ("one stage, by name", f"{LIST}?stage=started&sort=name"),
    ("ledger of a year", f"/ledger/?year={YEAR}"),
    ("ledger of a year, 4 characters", f"/ledger/?year={YEAR}&q={FOUR}"),
    ("page 1", LIST),
)
_FOUND = re.compile(r"共 ([\d,]+) 条|超过")


def main() -> None:
    """Print a line for each row: the ratio to page 1 at each size, SQLite then PostgreSQL."""
    server = Server()
    try:
        for kind in ("sqlite", "postgresql"):
            for size in SIZES:
                url = _one_process(server, size) if kind == "postgresql" else ""
                spent = _spent_by(server) if url else time.process_time
                with filled(size, url, Names(size)) as app:
                    number = db.session.query(User.id).filter_by(username="province").scalar()
                    db.session.rollback()
                    _print(f"{kind}, {size:,}", *_measure(Browser(app, number).client, spent))
    finally:
        server.stop()


class Names:
    """Makes projects with names as offices give them, drawn with the seed; of each of the words
    asked for `HITS` projects have it."""

    def __init__(self, size: int) -> None:
        self._draw = random.Random(seed())
        apart = self._draw.sample(range(size), 3 * HITS)
        self._words = {n: (FOUR, TWO, SOUND)[at % 3] for at, n in enumerate(apart)}

    def __call__(self, number: int) -> dict:
        draw = self._draw
        place, maker, trade, end = map(draw.choice, (PLACES, MAKERS, TRADES, ENDS))
        word = self._words.get(number, "")
        return {
            **_called(place, maker, word, trade, end, str(number)),
            "region_id": 2 + draw.randrange(COUNTIES),
            "category": draw.choice(list(ProjectCategory)),
            "in_scope": True,
            "investor": f"{draw.choice(MAKERS)}{draw.choice(TRADES)}有限公司",
            "industry": trade,
            "partner_note": "",
            "signed_on": date(YEAR - 2, 1, 1) + timedelta(draw.randrange(1000)),
            "started_on": date(YEAR + 1, 12, 1) if draw.random() < 0.5 else None,
            "total_investment": Decimal(50_000_000 + draw.randrange(10**9)),
            "note": "",
        }


_values = lru_cache(search_values)


def _called(*parts: str) -> dict[str, str]:
    """A name with what is kept beside it; made of parts, since that of 100,000 takes minutes."""
    found = dict.fromkeys(("name", "name_key", "name_initials", "name_pinyin"), "")
    for part in parts:
        for column, value in {"name": part, **_values(part)}.items():
            found[column] += value
    return found


def _one_process(server: Server, size: int) -> str:
    url = server.create(f"searches{size}")
    with server.admin.connect() as connection:
        setting = "SET max_parallel_workers_per_gather = 0"
        connection.execute(text(f"ALTER DATABASE searches{size} {setting}"))
    return url


def _spent_by(server: Server) -> Callable[[], float]:
    """Seconds of processor time of this process and of those of `server`."""
    first = int((server.data / "postmaster.pid").read_text().split()[0])

    def spent() -> float:
        nanoseconds = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            # number (name) state parent …
            if int(stat.read_text().rpartition(")")[2].split()[1]) == first:
                nanoseconds += int(stat.with_name("schedstat").read_text().split()[0])
        return time.process_time() + nanoseconds / 1e9

    return spent


def _measure(
    client: FlaskClient, spent: Callable[[], float]
) -> tuple[dict[str, list[float]], dict[str, str]]:
    taken: dict[str, list[float]] = {what: [] for what, _ in RATIOS}
    found = {}
    for turn in range(WARM + ROUNDS):
        for what, address in RATIOS:
            with client.application.app_context(), units.writing():
                db.session.execute(text("SELECT 1"))  # it counts, whatever it does
            start = spent()
            answer = client.get(address)
            took = spent() - start
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            if turn >= WARM:
                taken[what].append(took)
            else:
                total = _FOUND.search(answer.text)
                found[what] = (total and total[1]) or ("many" if total else "0")
    return taken, found


def _print(head: str, taken: dict[str, list[float]], found: dict[str, str]) -> None:
    first = taken["page 1"]
    print(f"\n{head:36}{'found':>8}{'ms':>9}{'÷ page 1':>10}   quarters of rounds")
    for what, times in taken.items():
        low, _, high = statistics.quantiles([a / b for a, b in zip(times, first, strict=True)])
        middle = statistics.median(times)
        line = f"{what:36}{found[what]:>8}{middle * 1000:>9.1f}"
        print(
            f"{line}{middle / statistics.median(first):>10.2f}   {low:.2f}–{high:.2f}", flush=True
        )
