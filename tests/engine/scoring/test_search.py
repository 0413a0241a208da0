"""The search by itself: over awards that are given as functions, held against trying every step."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.test_next_points import CASES
from tracker.engine.scoring import load_rulebook, parse_facts
from tracker.engine.scoring.levers import Lever, levers
from tracker.engine.scoring.next_points import line_searches
from tracker.engine.scoring.search import Search
from tracker.engine.scoring.trials import Bench

QUICK = settings(max_examples=60, derandomize=True, deadline=None)


class Trial:
    """A line whose units follow one fact as `award` says; None is a line that cannot be scored."""

    def __init__(self, award, now, steady=True):
        self.award, self.now, self.steady = award, now, steady
        self.asked = []

    def line(self, value):
        self.asked.append(value)
        units = self.award(value)
        state = "unscorable" if units is None else "scored"
        return SimpleNamespace(units=units or 0, state=state, why="")

    def evaluate(self, value, compiled):
        return compiled({"a": value})


def search(award, now=0, *, unit=1, highest=None, monotone=False, steady=True, turns=(), bends=()):
    """A search without a closed form."""
    trial = Trial(award, now, steady)
    start = 0 if now is None else award(now)
    lever = Lever("a", None, None, None, monotone, tuple(turns), tuple(bends))
    return Search(trial, SimpleNamespace(units=start, decimals=2), lever, unit, highest)


def found(*args, **kwargs):
    """The smallest change that gains and the smallest that gains the most, in steps."""
    made = search(*args, **kwargs)
    least = made.smallest()
    return None if least is None else (least, made.fullest())


def reaches(*thresholds):
    """Five units for each threshold that is reached."""
    return lambda value: 5 * sum(value >= each for each in thresholds)


def test_up_and_down():
    assert found(reaches(7), monotone=True) == (7, 7)
    assert found(reaches(7, 30), monotone=True) == (7, 30)
    assert found(lambda v: 5 * sum(v <= each for each in (93, 40)), 100, monotone=True) == (-7, -60)
    assert found(lambda v: 5, monotone=True) is None
    assert found(lambda v: 5) is None


def test_the_shorter_way_is_found_and_of_equal_ones_that_up():
    def both(up, down):
        return lambda v: 5 * (v >= up) + 9 * (v <= down)

    assert found(both(107, 96), 100) == (-4, -4)
    assert found(both(107, 94), 100) == (-6, -6)
    assert found(both(107, 93), 100) == (7, 7)
    assert found(both(107, 92), 100) == (7, 7)
    assert found(both(101, 99), 100) == (1, 1)
    assert found(both(500, 99), 100) == (-1, -1)


def test_no_further_than_makes_sense():
    assert found(reaches(7), highest=7) == (7, 7)
    assert found(reaches(7), highest=6) is None
    assert found(reaches(7), highest=Fraction(15, 2), monotone=True) == (7, 7)
    assert found(reaches(7), highest=Fraction(13, 2), monotone=True) is None
    # Not below 0, but where it is there already.
    falls = lambda limit: lambda v: 5 * (v <= limit)  # noqa: E731
    assert found(falls(0), 3) == (-3, -3)
    assert found(falls(-1), 3) is None
    assert found(falls(-1), 0) is None
    assert found(falls(-9), -3) == (-6, -6)
    assert found(reaches(1), 0, highest=0) is None
    assert found(reaches(10**12), monotone=True) == (10**12, 10**12)
    assert found(reaches(10**12 + 1), monotone=True) is None
    assert found(lambda v: 5 * (v <= -(10**12) - 1), -1, monotone=True) == (-(10**12), -(10**12))
    assert found(lambda v: 5 * (v <= -(10**12) - 2), -1, monotone=True) is None


def test_what_is_not_reported_starts_with_nought():
    assert found(lambda v: 5, None) == (1, 1)
    assert found(reaches(3), None, unit=Fraction(1, 2)) == (7, 7)
    made = search(reaches(3), None, unit=Fraction(1, 2))
    assert [made.value(step) for step in (1, 7)] == [0, 3]
    assert found(reaches(3), None, highest=2) is None
    assert found(lambda v: 5 * (v < 0), None) is None


def test_what_no_decimal_writes_moves_to_the_grid():
    made = search(reaches(1), Fraction(1, 3), unit=Fraction(1, 2))
    assert (made.smallest(), made.value(1), made.value(2)) == (2, Fraction(1, 2), 1)
    fallen = search(lambda v: 5 * (v <= Fraction(1, 2)), Fraction(4, 3), unit=Fraction(1, 2))
    assert (fallen.smallest(), fallen.value(-1), fallen.value(-2)) == (-2, 1, Fraction(1, 2))


def test_where_what_applies_may_change_every_turn_is_looked_at():
    bump = lambda v: 5 if v == 7 else 0  # noqa: E731
    turn = lambda env: env["a"] - 7  # noqa: E731
    assert found(bump, turns=[turn]) == (7, 7)
    assert found(bump, monotone=True, steady=False, turns=[turn]) == (7, 7)
    assert found(bump, monotone=True) is None
    assert found(bump, 9, turns=[turn]) == (-2, -2)


@pytest.mark.parametrize("low", [2, 5, 70, 4_100])
@pytest.mark.parametrize("width", [1, 3])
def test_a_bend_is_found_between_the_looked_at_points(low, width):
    """Points for a square within some limits: no straight line says where."""

    def within(value):
        return 5 * (low * low < value * value < (low + width + 1) ** 2)

    bends = [lambda env: env["a"] ** 2 - low * low, lambda env: env["a"] ** 2 - (low + width) ** 2]
    assert found(within, bends=bends) == (low + 1, low + 1)


def test_a_bend_beyond_a_division_by_nought_is_left():
    def bend(env):
        return 1 / (4 - env["a"])

    assert found(reaches(9), bends=[bend]) == (9, 9)
    assert found(reaches(3), bends=[bend]) == (3, 3)
    assert found(reaches(3), bends=[lambda env: env["b"]], turns=[lambda env: env["b"]]) == (3, 3)


def test_a_line_that_cannot_be_scored_gains_nothing():
    until = lambda v: None if v > 20 else 5 * (v >= 7)  # noqa: E731
    assert found(until, turns=[lambda env: env["a"] - 20]) == (7, 7)
    made = search(until, turns=[lambda env: env["a"] - 20])
    assert (made.scored(7), made.scored(21)) == (5, None)


def test_the_first_step_that_gains_so_much():
    made = search(reaches(7, 30, 60), monotone=True)
    assert [made.reaching(100, gain) for gain in (1, 5, 6, 10, 11, 15, 16)] == [
        7, 7, 30, 30, 60, 60, None,
    ]  # fmt: skip
    assert made.reaching(59, 11) is None
    assert made.reaching(60, 11) == 60
    down = search(lambda v: 5 * (v <= 89), 100, monotone=True)
    assert (down.reaching(-50, 5), down.reaching(-10, 5)) == (-11, None)
    near = search(reaches(1), monotone=True)
    assert (near.reaching(1, 5), near.reaching(9, 5)) == (1, 1)


rising = st.lists(st.integers(1, 300), min_size=1, max_size=6)


@QUICK
@given(rising, st.integers(0, 40), st.integers(1, 3))
def test_a_rising_award_as_by_trying_every_step(thresholds, now, unit):
    award = reaches(*thresholds)
    steps = range(1, 320)
    gaining = [k for k in steps if award(now + k * unit) > award(now)]
    most = max(award(now + k * unit) for k in steps)
    full = next(k for k in steps if award(now + k * unit) == most)
    assert found(award, now, unit=unit, monotone=True) == ((gaining[0], full) if gaining else None)


@QUICK
@given(rising, st.integers(0, 40))
def test_turns_are_enough_where_an_award_goes_up_and_down(thresholds, now):
    def award(value):
        return 5 * (sum(value >= each for each in thresholds) % 3)

    turns = [lambda env, each=each: env["a"] - each for each in thresholds]
    nearest = min((abs(v - now) for v in range(320) if award(v) > award(now)), default=None)
    said = found(award, now, turns=turns)
    assert (None if said is None else abs(said[0])) == nearest


def test_what_is_looked_at_where_nothing_is_known():
    made = search(lambda v: 0, highest=100)
    assert made.trial.asked == [1, 4, 16, 64, 100]
    assert search(lambda v: 0, highest=64).trial.asked == [1, 4, 16, 64]


def test_only_what_lies_right_before_a_looked_at_point_is_asked_for():
    made = search(reaches(1000), highest=2000, turns=[lambda env: env["a"] - 1000])
    assert made.trial.asked == [1, 4, 16, 64, 256, 999, 1000, 1001, 1024, 2000]
    bent = search(lambda v: 0, highest=64, bends=[lambda env: env["a"] ** 2 + 1])
    assert bent.trial.asked == [1, 4, 16, 64]


def test_where_a_bend_is_nought_is_looked_at_itself():
    for zero in range(2, 70):
        bends = [lambda env, z=zero: env["a"] ** 2 - z * z]
        assert found(lambda v, z=zero: 5 * (v == z), bends=bends) == (zero, zero)


def test_a_bend_is_found_however_flat_it_is():
    bends = [lambda env: Fraction(env["a"], 1000) ** 2 - Fraction(9, 100)]
    assert found(lambda v: 5 * (v == 301), bends=bends) == (301, 301)


def test_a_guess_is_right_where_the_award_is_a_straight_line():
    up, down = (search(lambda v, s=s: s * v + 5, monotone=True) for s in (1, -1))
    assert up._guess(1, 0, 10_000, 75) == 70
    assert up._guess(1, 5_000, 10_000, 7_005) == 7_000
    assert down._guess(-1, 0, 10_000, 75) == 70
    assert up._guess(1, 0, 10_000, 10_005) is None  # that is where it starts from
    third = search(lambda v: v // 3, monotone=True)
    assert third._guess(1, 0, 9_999, 1_234) == 3_702
    assert third._guess(1, 0, 10_000, 3_332) == 9_997
    never = search(lambda v: None if 0 < v < 5_000 else v, monotone=True)
    assert never._guess(1, 100, 10_000, 7_000) is None


def closed(measures, *others, **fields):
    """Of each fact that gains, how many values are tried where there is a closed form."""
    lines = [line("1", 60, **fields), line("F", 40, method="gate", when="1 > 0")]
    book, subjects = load_rulebook(text(*lines)), parse_facts(facts(measures, *others)).subjects
    by_line = [levers(each, book.meaning) for each in book.indicators]
    found = line_searches(Bench(book, "", subjects), 0, by_line, {}, {})
    return {trial.measure: len(made._units) for _, trial, made in found}


TRIES = [5, 5, 5, 36, 3, 3, 32, 36, 5, 5, 5, 5, 6, 6, 5, 5, 5, 5, 5]


@pytest.mark.parametrize(("case", "tries"), [*zip(CASES, TRIES, strict=True)], ids=str)
def test_a_closed_form_spares_the_search(case, tries):
    """Both ends, the first step that gains and that which gains the most, and those before them;
    more where the award may turn back."""
    assert closed({"a": "330", "b": "1000", "c": "400"}, **case[0])["a"] == tries


def test_a_closed_form_knows_where_a_hundredth_is_rounded_up():
    fields = {"method": "ratio", "value": "a", "target": 1_000_000}
    assert closed({"a": "330"}, **fields) == {"a": 5}
    assert closed({"a": "330"}, **fields, floor=Decimal("0.5")) == {"a": 5}


def test_closed_forms_of_parts_and_pools():
    first = {"points": 30, "method": "ratio", "value": "a", "target": 1000}
    second = {"points": 30, "method": "ratio", "value": "b", "target": 2000}
    for combine, tries in (("sum", [5, 5]), ("max", [5, 5]), ("min", [5])):
        found = closed({"a": "330", "b": "1000"}, combine=combine, part=[first, second])
        assert [*found.values()] == tries
    others = [{"a": "10"}, {"a": "900"}]
    ranked = {"method": "rank", "value": "a", "table": [[1, 60], [2, 30]]}
    assert closed({"a": "330"}, *others, **ranked) == {"a": 3}
    assert closed({"a": "330"}, *others, method="efficacy", value="a") == {"a": 5}


def tries(award, **kwargs):
    """How often a line is scored until both changes are known, of a million million."""
    return len(search(award, monotone=True, **kwargs).trial.asked)


def test_few_lines_are_scored_on_the_way():
    straight = lambda v: min(v // 1_000_000, 6_000)  # noqa: E731
    assert tries(straight) < 65
    assert tries(straight, highest=6 * 10**9) < 65
    assert tries(reaches(3)) < 17
    assert tries(reaches(10**6)) < 51
    assert tries(reaches(10**12 // 2)) < 91
