"""What a step promises is what the total gains when the whole class is scored again with it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.test_second import facts_of, rulebooks, subjects
from tracker.engine.scoring import (
    gains_with,
    load_rulebook,
    meaning_of,
    next_totals,
    next_words,
    parse_facts,
    score,
    sheet_after,
)

QUICK = settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def check(book_text, rows):
    """Score all again with each promised fact; returns how many promises were tried."""
    book, given_facts = load_rulebook(book_text), parse_facts(facts_of(rows))
    before = {card.subject.code: card for card in score(book, given_facts).scorecards}
    found = next_totals(book, given_facts)
    assert len({(n.subject, n.measure) for n in found}) == len(found)
    for item in found:
        now = before[item.subject]
        for reach in (item.next, item.full):
            after = sheet_after(book, given_facts, item, reach)
            assert after.total - now.total == reach.gain > 0
            assert after.line(item.line).award == reach.award
            assert set(after.vetoes) <= set(now.vetoes)
        assert item.full.gain >= item.next.gain >= min(Decimal("0.5"), item.full.gain)
        (again,) = gains_with(
            book, given_facts, item.subject, [(item.measure, Fraction(item.next.then))]
        )
        assert again == item.next.gain
    return len(found)


@QUICK
@given(rulebooks(), subjects)
def test_every_promise_is_kept_by_the_total(book_text, rows):
    check(book_text, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=3000)
@given(rulebooks(), subjects)
def test_every_promise_is_kept_by_the_total_soak(book_text, rows):
    check(book_text, rows)


def test_there_are_promises_to_keep():
    tried = []

    @settings(QUICK, max_examples=40)
    @given(rulebooks(), subjects)
    def look(book_text, rows):
        tried.append(check(book_text, rows))

    look()
    assert sum(tried) > 40


def steps(measures, *lines, **head):
    book = load_rulebook(text(*lines, **head))
    found = next_totals(book, parse_facts(facts(measures)), dict.fromkeys(measures, 1))
    return {
        n.measure: (n.next.then, str(n.next.gain), n.full.then, str(n.full.gain)) for n in found
    }


RATIO = {"method": "ratio", "value": "a", "target": 100}
FALLS = {"method": "ratio", "value": "a", "target": 50, "lower_is_better": True}
BONUS = {"kind": "bonus", "method": "count", "unit": 1}


def test_a_step_that_loses_elsewhere_is_no_step():
    # At 59 line 2 has 50.85 and line 1 has 23.60: 0.45 more than the 74.00 of 60.
    assert steps({"a": "60"}, line("1", 40, **RATIO), line("2", 60, **FALLS)) == {
        "a": ("58", "0.92", "50", "6.00")
    }
    assert steps({"a": "50"}, line("1", 40, **RATIO), line("2", 60, **FALLS)) == {}


def test_a_shared_cap_is_not_promised_away():
    lines = [
        line("1", 100, method="gate", when="1 > 0"),
        line("B1", 6, value="a", **BONUS),
        line("B2", 6, value="b", **BONUS),
    ]
    cap = [{"lines": ["B1", "B2"], "at_most": 7}]
    assert steps({"a": "6", "b": "1"}, *lines, cap=cap, bonus_cap=10) == {}
    assert steps({"a": "3", "b": "1"}, *lines, cap=cap, bonus_cap=10) == {
        "a": ("4", "1.00", "6", "3.00"),
        "b": ("2", "1.00", "4", "3.00"),
    }


def test_what_is_worth_the_effort_leads():
    fields = {"method": "ratio", "value": "a", "target": 1000}
    assert steps({"a": "330"}, line("1", 100, **fields)) == {"a": ("335", "0.50", "1000", "67.00")}
    assert steps({"a": "998"}, line("1", 100, **fields)) == {"a": ("1000", "0.20", "1000", "0.20")}


def test_no_step_goes_so_far_that_a_veto_fires():
    veto = [{"name": "甲", "when": "a >= 80", "total_at_most": 59}]
    found = steps({"a": "70"}, line("1", 100, **RATIO), veto=veto)
    assert found == {"a": ("71", "1.00", "79", "9.00")}
    assert steps({"a": "79"}, line("1", 100, **RATIO), veto=veto) == {}


def test_the_words_promise_the_total():
    book = load_rulebook(text(line("1", 100, method="ratio", value="a", target=1000)))
    (found,) = next_totals(book, parse_facts(facts({"a": "330"})), {"a": 1})
    assert next_words(found, "到位资金", "万元") == (
        "到位资金再增加 5 万元（至 335 万元），总分可增加 0.50 分；"
        "增加到 1,000 万元，总分可增加 67.00 分"
    )


@pytest.mark.parametrize(
    "first",
    [
        # Every other value of the pool moves with the class's mean, where it is there to be had.
        {"method": "rank", "value": "a / b + mean.a", "applies": "k > 0"},
        {"method": "rank", "value": "a - mean.a"},
        {"method": "rank", "value": "a + best.a + c"},
    ],
    ids=str,
)
def test_a_pool_that_moves_with_the_class_values(first):
    ranked = line(
        "1",
        60,
        absent="full" if "applies" in first else None,
        **first,
        table=[[1, 60], [2, 30], [3, 9]],
    )
    book = text(ranked, line("2", 40, **RATIO))
    rows = [
        {"a": "3", "b": "1", "c": "1", "k": "1"},
        {"a": "5", "b": "1", "c": "2", "k": "1"},
        {"a": "8", "b": "1", "c": "1", "k": "0"},
        {"a": "2", "b": "0", "c": "1", "k": "1"},
        {"a": "9", "b": "1", "k": "1"},
    ]
    assert check(book, [("", row) for row in rows]) > 0


def test_what_ceases_to_apply_may_gain_too():
    # From 50 on the line does not apply and gives full points, before it is met at 80.
    away = line("1", 60, method="gate", when="a >= 80", applies="a < 50 or a >= 80", absent="full")
    lines = away, line("2", 40, method="gate", when="1 > 0")
    assert steps({"a": "3"}, *lines) == {"a": ("50", "60.00", "50", "60.00")}
    assert check(text(*lines), [("", {"a": "3"})]) == 1


def test_the_next_points_of_an_earlier_engine():
    items = [{"name": "通报", "value": "n - m", "unit": 1}]
    taken = line("D", 10, kind="deduction", method="deduct", items=items)
    for engine in ("1.0", "1.4"):
        book = load_rulebook(
            text(line("1", 100, **RATIO), taken, deduction_cap=10), meaning=meaning_of(engine)
        )
        found = next_totals(book, parse_facts(facts({"a": "70", "n": "5", "m": "2"})))
        assert {each.measure for each in found} == {"a", "n", "m"}, engine


def test_what_brings_a_veto_or_cannot_be_scored_gains_nothing_that_is_said():
    veto = [
        {"name": "甲", "when": "safety > 0", "unranked": True},
        {"name": "乙", "when": "1 / y > 5", "unranked": True},
    ]
    fields = {"method": "ratio", "value": "a", "target": "b"}
    book = load_rulebook(text(line("1", 100, **fields), veto=veto))
    given_facts = parse_facts(facts({"a": "4", "b": "10", "safety": "0", "y": "1"}))
    asked = [("a", 5), ("safety", 1), ("y", 0), ("b", 0), ("b", 8), ("y", 2)]
    found = gains_with(book, given_facts, "S1", asked)
    assert [each if each is None else str(each) for each in found] == [
        "10.00",
        None,
        None,
        None,
        "10.00",
        "0.00",
    ]


def test_of_two_lines_that_gain_alike_the_first_is_named():
    half = {"method": "ratio", "value": "a", "target": 100}
    book = load_rulebook(text(line("1", 50, **half), line("2", 50, **half)))
    (found,) = next_totals(book, parse_facts(facts({"a": "40"})))
    assert (found.line, str(found.full.gain)) == ("1", "60.00")
