"""The days of years and quarters; and that nobody reckons them but `core/quantities/days`."""

from __future__ import annotations

import ast
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from tracker.core.quantities import days

TRACKER = Path(__file__).parents[2] / "tracker"
HOME = TRACKER / "core/quantities/days.py"
ENDS = {(1, 1), (12, 31)}


@pytest.mark.parametrize("year", [2023, 2024])
def test_quarters_fill_the_year(year: int) -> None:
    day = days.first_day(year)
    for quarter in days.QUARTERS:
        assert days.quarter_begin(year, quarter) == day
        last = days.quarter_end(year, quarter)
        assert {days.quarter_of(of) for of in (day, last)} == {quarter}
        assert days.quarters_over(year, last) == quarter - 1
        assert days.last_quarter_end(last) == day - timedelta(days=1)
        day = last + timedelta(days=1)
        assert days.quarters_over(year, day) == quarter
        assert days.last_quarter_end(day) == last
    assert day == days.first_day(year + 1)
    assert days.days_of(year) == (date(year, 1, 1), date(year, 12, 31))
    assert days.ends_year(last)
    assert not days.ends_year(day)


@pytest.mark.parametrize(
    ("now", "yet"), [("2024-07-01", "2024-07-01"), ("2025-01-01", "2024-12-31")]
)
def test_the_last_day_of_a_running_year_is_today(now: str, yet: str) -> None:
    with time_machine.travel(f"{now}T12:00:00+08:00", tick=False):
        assert days.last_day_yet(2024) == date.fromisoformat(yet)


@pytest.mark.parametrize(
    ("day", "nearest"),
    [("2023-11-30", "2024-01-01"), ("2024-05-06", "2024-05-06"), ("2025-02-01", "2024-12-31")],
)
def test_the_nearest_day_of_a_year(day: str, nearest: str) -> None:
    assert days.within(date.fromisoformat(day), 2024) == date.fromisoformat(nearest)


def by_hand(tree: ast.AST) -> list[str]:
    """What reckons an end of a year or of a quarter, or which quarter a day is of."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("date") | ast.Attribute(attr="date"), args=[year, *rest]):
                month_day = tuple(getattr(each, "value", None) for each in rest)
                reckoned = len(rest) == 2 and isinstance(rest[0], ast.BinOp)
                of_quarter = reckoned and month_day[1] in (1, 30, 31, None)
                if of_quarter or (not isinstance(year, ast.Constant) and month_day in ENDS):
                    found.append(ast.unparse(node))
            case ast.Tuple(elts=[ast.Constant(month), ast.Constant(day)]) if (
                month,
                day,
            ) in ENDS and type(month) is int:
                found.append(ast.unparse(node))
            case ast.BinOp(op=ast.FloorDiv(), right=ast.Constant(3)):
                if any(getattr(each, "attr", "") == "month" for each in ast.walk(node.left)):
                    found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("date(year, 12, 31)", 1),
        ("datetime.date(year + 1, 1, 1)", 1),
        ("(day.month, day.day) == (12, 31)", 1),
        ("date(year, 3 * number - 2, 1)", 1),
        ("date(year, number * 3, 31 if number in (1, 4) else 30)", 1),
        ("(day.month - 1) // 3 * 3 + 1", 1),
        ("date(2018, 1, 1)", 0),
        ("date(year, 9, 30)", 0),
        ("date(year, 2 * number, 18)", 0),
    ],
)
def test_what_is_found(words: str, number: int) -> None:
    assert len(by_hand(ast.parse(words))) == number
    assert HINT.search(words) or not number


# What `by_hand` finds holds one of these: most modules need not be read as a tree.
HINT = re.compile(r"\bdate\(|\b1,\s*1\b|\b12,\s*31\b|//\s*3\b")


def test_nobody_reckons_them_by_hand() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in TRACKER.rglob("*.py")}
    found = {
        str(path.relative_to(TRACKER)): words
        for path, text in texts.items()
        if path != HOME and HINT.search(text) and (words := by_hand(ast.parse(text)))
    }
    assert found == {}
