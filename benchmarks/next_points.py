"""What brings the total its next points, against scoring the same year once and against the next
points of single lines, at 1, 10 and 100 times the sheets of the receiving counties."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction

from benchmarks.world import YEAR
from tracker.engine.scoring import Facts, Rulebook, Subject, next_points, next_totals, score
from tracker.year.rulebooks.shelf import year_set

SIZES = (28, 280, 2800)
CLASSES = ("跨越发展类", "生态发展类")


def main() -> None:
    """Print a line a size: subjects, seconds of each part, and the ratios to scoring once."""
    print(f"{'sheets':>7} {'score s':>9} {'lines s':>9} {'totals s':>9} {'ratios':>14}")
    book = next(b for b in year_set(YEAR).rulebooks if b.subject == "county.recipient")
    for size in SIZES:
        facts = invented(book, size)
        once, _ = _timed(lambda facts=facts: score(book, facts))
        lines, _ = _timed(lambda facts=facts: next_points(book, facts))
        totals, _ = _timed(lambda facts=facts: next_totals(book, facts))
        ratios = f"{lines / once:>7.1f}{totals / once:>7.1f}"
        print(f"{size:>7} {once:>9.2f} {lines:>9.2f} {totals:>9.2f} {ratios}")


def invented(book: Rulebook, size: int) -> Facts:
    """Facts of so many counties: most between half and all of what stands for full points."""
    chance = random.Random(20240101)
    subjects = []
    for number in range(size):
        measures = {}
        for name in sorted(book.measures):
            whole = chance.randint(50, 400)
            value = Fraction(whole * chance.randint(50, 105), 100)
            measures[name] = value if value.denominator > 1 else int(value)
        code = f"S{number:04}"
        subjects.append(Subject(code, code, CLASSES[number % 2], measures))
    return Facts(book.year, tuple(subjects), "0" * 64)


def _timed(act: Callable):
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


if __name__ == "__main__":
    main()
