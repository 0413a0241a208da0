"""Papers: the typesetter against Platypus, where the time goes, two processes, memory.

The cards are those of an invented year; both sides print the same boxes. Times are the best of
several rounds, measured in turns in one run, because machines differ and are noisy; a process's own
time but for the two processes.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from benchmarks.platypus import open_fonts, platypus_pdf
from benchmarks.world import YEAR, world
from tracker.core.children import end_with_parent
from tracker.core.db.records import now
from tracker.engine.scoring import digest
from tracker.engine.typeset import boxes as boxes_module
from tracker.engine.typeset import faces, sheet
from tracker.engine.typeset.embed import EmbeddedFont
from tracker.engine.typeset.figures import BarChart, KeyFigures, QrCode
from tracker.engine.typeset.table import Table
from tracker.papers.common.head import Stamp
from tracker.papers.scorecard.build import card_of
from tracker.papers.scorecard.card import Card
from tracker.papers.scorecard.pdf import boxes, scorecard_pdf
from tracker.year.assessments.freeze import freeze
from tracker.year.assessments.scored import score_document
from tracker.year.rulebooks.shelf import year_set

ROUNDS, SAMPLE = 5, 12  # rounds of so many cards
MEMORY_AT = (100, 400)
BATCH = 200
_PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print the comparison, the parts, the batch and the memory."""
    cards = cards_of_a_year(max(MEMORY_AT))
    _compare(cards[:: len(cards) // SAMPLE][:SAMPLE])
    _parts(cards[:: len(cards) // SAMPLE][:SAMPLE])
    _processes(cards[:BATCH])
    _memory(cards)


def cards_of_a_year(least: int) -> list[Card]:
    """Cards of all sheets of an invented year, `least` at least, told apart by their names."""
    with world(1):
        document = freeze(year_set(YEAR), now())
    scored = score_document(digest(document), document)
    stamp = Stamp(verify_text="https://tracker.example.gov.cn/verify/ZJ-SH-2024-0003-2")
    cards = [
        card_of(scored, code, scorecard.subject.code, stamp)
        for code, sheet_ in scored.sheets.items()
        for scorecard in sheet_.result.scorecards
    ]
    times = -(-least // len(cards))
    return [
        replace(card, subject_name=f"{card.subject_name}之{number}")
        for number in range(times)
        for card in cards
    ]


def _compare(cards: list[Card]) -> None:
    def direct_anew(card: Card) -> None:
        _forget_faces()
        scorecard_pdf(card)

    def platypus_anew(card: Card) -> None:
        open_fonts()
        platypus_pdf(card.head, boxes(card))

    open_fonts()
    ways: dict[str, Callable[[Card], object]] = {
        "drawn directly, faces opened once": scorecard_pdf,
        "drawn directly, faces opened for each card": direct_anew,
        "Platypus, fonts opened once": lambda card: platypus_pdf(card.head, boxes(card)),
        "Platypus, fonts opened for each card": platypus_anew,
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            best[name] = min(best[name], _seconds(lambda way=way: [way(card) for card in cards]))
    base = best["drawn directly, faces opened once"]
    print(f"{'way':<46} {'ms a card':>9} {'ratio':>6}")
    for name, seconds in best.items():
        print(f"{name:<46} {1000 * seconds / len(cards):>9.1f} {seconds / base:>6.1f}")


def _forget_faces() -> None:
    faces._named.cache_clear()
    faces._open.cache_clear()
    boxes_module._lines.cache_clear()


def _parts(cards: list[Card]) -> None:
    """Shares of the time; what no part covers is building the boxes and the flow."""
    spent: Counter[str] = Counter()
    with (
        _clocked(spent, "tables", Table, "height", "split", "draw"),
        _clocked(spent, "chart and figures", BarChart, "height", "draw"),
        _clocked(spent, "chart and figures", KeyFigures, "height", "draw"),
        _clocked(spent, "QR code", QrCode, "draw"),
        _clocked(spent, "fonts", EmbeddedFont, "add_objects"),
        _clocked(spent, "ReportLab's file", Canvas, "save", "showPage"),
        _clocked(spent, "structure and final save", sheet, "finish"),
    ):
        whole = _seconds(lambda: [scorecard_pdf(card) for card in cards])
    spent["the rest"] = whole - sum(spent.values())
    print("\nwhere the time goes")
    for name, seconds in spent.most_common():
        print(f"  {name:<28} {seconds / whole:>5.0%}")


@contextmanager
def _clocked(spent: Counter[str], name: str, owner: object, *methods: str) -> Iterator[None]:
    """Add up what `methods` take, each moment for the innermost part only."""
    originals = {method: getattr(owner, method) for method in methods}

    def clocked(act: Callable) -> Callable:
        def call(*arguments: object, **named: object) -> object:
            others, start = sum(spent.values()), time.process_time()
            try:
                return act(*arguments, **named)
            finally:
                within = sum(spent.values()) - others
                spent[name] += time.process_time() - start - within

        return call

    for method, original in originals.items():
        setattr(owner, method, clocked(original))
    try:
        yield
    finally:
        for method, original in originals.items():
            setattr(owner, method, original)


def _processes(cards: list[Card]) -> None:
    best = {1: float("inf"), 2: float("inf")}
    digests: dict[int, list[str]] = {}
    for _ in range(2):
        for count in best:
            context = get_context("spawn")
            with ProcessPoolExecutor(
                count, mp_context=context, initializer=end_with_parent
            ) as pool:
                list(pool.map(_digest, cards[:8], chunksize=1))  # the processes are up, faces open
                start = time.perf_counter()
                digests[count] = list(pool.map(_digest, cards, chunksize=5))
                best[count] = min(best[count], time.perf_counter() - start)
    equal = "equal bytes" if digests[1] == digests[2] else "DIFFERENT BYTES"
    print(f"\n{len(cards)} cards: one process takes {best[1] / best[2]:.1f} x two; {equal}")


def _digest(card: Card) -> str:
    return hashlib.sha256(scorecard_pdf(card)).hexdigest()


def _memory(cards: list[Card]) -> None:
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=end_with_parent) as pool:
        sizes = pool.submit(_sizes, cards).result()
    words = ", ".join(f"{size / 2**20:.0f} MB after {at} cards" for at, size in sizes.items())
    print(f"memory of a process: {words}")


def _sizes(cards: list[Card]) -> dict[int, int]:
    """Resident bytes after so many cards."""
    sizes = {}
    for number, card in enumerate(cards, 1):
        scorecard_pdf(card)
        if number in (1, *MEMORY_AT):
            sizes[number] = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    return sizes


def _seconds(act: Callable[[], object]) -> float:
    """Processor time, which other work on the machine disturbs least."""
    start = time.process_time()
    act()
    return time.process_time() - start
