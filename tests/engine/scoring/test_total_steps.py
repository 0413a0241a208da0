"""The steps by which a total gains, over lines and totals that are given as functions."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.test_search import QUICK, reaches, search
from tracker.engine.scoring.gauge import REFUSED
from tracker.engine.scoring.next_totals import _Total

HALF = Decimal("0.5")


class Sheet:
    """A total that gains, in hundredths, what `gain` says of a value."""

    def __init__(self, gain):
        self.of, self.asked = gain, []

    def gain(self, value, number, known):
        self.asked.append(value)
        return self.of(value)


def total(award, gain, now=0, worth=HALF):
    """The steps of a fact by which a line has `award` and the total gains `gain`."""
    made = search(award, now, monotone=True)
    made.trial.number, made.trial.measure = 0, "a"
    return _Total(made.trial, Sheet(gain), made, worth)


LINE = SimpleNamespace(code="1", award=Decimal(0))


def said(*args, **kwargs):
    """What is named: the fact, its change and what the total gains, at first and in all."""
    found = total(*args, **kwargs).found("S1", LINE)
    if found is None:
        return None
    return [(each.then, each.change, str(each.gain)) for each in (found.next, found.full)]


def grows(*steps):
    """So many hundredths from so much on, as pairs; the last that is reached holds."""
    return lambda value: max((pair for pair in steps if value >= pair[0]), default=(0, 0))[1]


def test_the_smallest_that_is_worth_it_and_the_smallest_that_brings_all():
    assert said(reaches(7, 30), grows((7, 60), (30, 90))) == [
        ("7", "7", "0.60"),
        ("30", "30", "0.90"),
    ]
    assert said(reaches(7, 30), grows((7, 20), (12, 50), (21, 90))) == [
        ("12", "12", "0.50"),
        ("21", "21", "0.90"),
    ]
    assert said(reaches(1), grows((1, 1))) == [("1", "1", "0.01")] * 2
    assert said(reaches(7), grows((7, 60)), worth=Decimal("0.7")) == [("7", "7", "0.60")] * 2
    assert said(reaches(7), grows()) is None
    assert said(reaches(7), lambda value: -5) is None


def test_no_step_the_other_way_is_asked_for():
    for sign in (1, -1):
        made = total(lambda v, s=sign: 5 * (s * v >= s * 10 + 1), lambda v: v != 10, 10)
        found = made.found("S1", LINE)
        assert (found.next.change, found.full.change) == (str(sign), str(sign))
        assert made.sheet.asked == [10 + sign]


def test_downwards_and_from_nothing():
    falls = lambda value: 60 * (value <= 93) + 30 * (value <= 40)  # noqa: E731
    assert said(falls, falls, 100) == [("93", "-7", "0.60"), ("40", "-60", "0.90")]
    extra = lambda value: 20 * (value <= 96) + falls(value)  # noqa: E731
    assert said(falls, extra, 100, HALF) == [("93", "-7", "0.80"), ("40", "-60", "1.10")]
    assert said(reaches(0), grows((0, 60)), None) == [("0", "0", "0.60")] * 2
    assert said(reaches(4), grows((4, 60)), None) == [("4", "4", "0.60")] * 2


def test_a_total_that_turns_back_is_asked_for_its_best_on_the_way():
    peak = lambda value: 50 if value == 25 else grows((10, 30), (12, 45))(value)  # noqa: E731
    award = lambda value: 5 * (value >= 10) + 5 * (value >= 50)  # noqa: E731
    made = search(award, highest=50, monotone=True)
    assert (made.smallest(), made.fullest()) == (10, 50)
    assert said(award, peak) == [("25", "25", "0.50")] * 2


def test_no_step_that_must_not_be_made():
    gain = lambda value: REFUSED if value >= 30 else grows((7, 20), (20, 70))(value)  # noqa: E731
    assert said(reaches(7, 50), gain) == [("20", "20", "0.70")] * 2
    assert said(reaches(7, 50), lambda value: REFUSED) is None


def test_the_last_step_that_may_be_made_whether_it_gains_or_not():
    dull = lambda value: REFUSED if value >= 30 else grows((7, 20), (12, 0))(value)  # noqa: E731
    made = total(reaches(7, 50), dull)
    assert made._last_allowed(7, 50) == 29
    assert made._last_allowed(29, 30) == 29
    falls = lambda value: REFUSED if value <= 70 else 5  # noqa: E731
    assert total(lambda value: 5 * (value <= 93), falls, 100)._last_allowed(-7, -50) == -29


def test_where_the_total_gains_what_the_line_gains_little_is_asked():
    award = lambda value: min(value // 1_000, 9_000)  # noqa: E731
    made = total(award, award)
    found = made.found("S1", LINE)
    assert (found.next.then, found.full.then) == ("50000", "9000000")
    assert len(made.sheet.asked) == 5  # both ends, the first that is worth it, those before them
    # What merely brings nothing more is no reason to look where it ceases to.
    made = total(reaches(7, 1_000_000), lambda value: 60 * (7 <= value < 900_000))
    assert made.found("S1", LINE).full.then == "7"
    assert len(made.sheet.asked) == 5


steps = st.lists(st.integers(1, 200), min_size=1, max_size=5)


@QUICK
@given(steps, steps, st.integers(1, 60), st.sampled_from([1, -1]))
def test_a_rising_total_as_by_trying_every_step(own, others, limit, sign):
    most = max(own)

    def award(value):
        return reaches(*own)(sign * (value - 1000))

    def gain(value):
        steps = sign * (value - 1000)
        return 20 * sum(steps >= min(each, most) for each in [*own, *others])

    goal = min(50, gain(1000 + sign * most))
    least = next(k for k in range(1, 201) if gain(1000 + sign * k) >= goal)
    full = next(k for k in range(1, 201) if gain(1000 + sign * k) == gain(1000 + sign * most))
    found = said(award, gain, 1000)
    assert [int(each[1]) for each in found] == [sign * least, sign * full]
