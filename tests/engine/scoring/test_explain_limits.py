"""What the sentences of the methods say at their limits: beyond, just at and just before them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import one
from tracker.engine.scoring import explain

D = Decimal
UNITS = {"a": "万元", "b": "万元", "n": "个", "v": "万元", "w": "亩"}
COUNT = {"method": "count", "value": "n", "unit": 2}
GROWTH = {"method": "growth", "value": "v", "base": "b"}
EFFICACY = {"method": "efficacy", "value": "a", "low": 2, "high": 10}


def said(measures, units=None, points=25, **fields):
    return explain(one(measures, points, **fields), {}, units)


@pytest.mark.parametrize(
    ("measures", "fields", "sentence"),
    [
        (
            {"n": -10},
            {"per": 5, "proportional": True},
            "(−10) ÷ 5 = −2，(−2) × 2 分 = −4 分，最低 0 分，得 0.00 分",
        ),
        (
            {"n": "-0.001"},
            {"proportional": True},
            "(−0.001) × 2 分 = −0.002 分，最低 0 分，得 0.00 分",
        ),
        (
            {"n": "12.5001"},
            {"proportional": True},
            "≈12.5 × 2 分 ≈ 25.0002 分，最高 25 分，得 25.00 分",
        ),
        ({"n": 0}, {"per": 5}, "0 ÷ 5 = 0，0 × 2 分 = 0.00 分"),
        ({"n": 2}, {"per": 5, "proportional": True}, "2 ÷ 5 = 0.4，0.4 × 2 分 = 0.80 分"),
    ],
)
def test_counts_below_and_around_nought(measures, fields, sentence):
    assert said(measures, **COUNT, **fields) == sentence


def items(**each):
    """Items by name: what one of each takes."""
    return {
        "method": "deduct",
        "items": [{"name": name, "value": name, **row} for name, row in each.items()],
    }


ONE = items(n={"unit": 1})


@pytest.mark.parametrize(
    ("measures", "fields", "sentence"),
    [
        # What is just above its limit does not look like the limit.
        (
            {"n": "1.001"},
            items(n={"unit": 1, "max": 1}),
            "n ≈1 × 1 分 ≈ 1.001 分(最多 1 分)；共扣 1 分，25 分 − 1 分 = 24.00 分",
        ),
        ({"n": 1}, ONE, "n 1 × 1 分 = 1 分；共扣 1 分，25 分 − 1 分 = 24.00 分"),
        ({"n": "24.5"}, ONE, "n 24.5 × 1 分 = 24.5 分；共扣 24.5 分，25 分 − 24.5 分 = 0.50 分"),
        ({"n": 25}, ONE, "n 25 × 1 分 = 25 分；共扣 25 分，25 分 − 25 分 = 0.00 分"),
        (
            {"n": 30},
            ONE,
            "n 30 × 1 分 = 30 分；共扣 30 分，25 分 − 30 分 = −5 分，最低 0 分，得 0.00 分",
        ),
        (
            {"n": 25},
            {**ONE, "kind": "deduction"},
            "n 25 × 1 分 = 25 分；共扣 25 分，得 −25.00 分",
        ),
        (
            {"n": 26},
            {**ONE, "kind": "deduction"},
            "n 26 × 1 分 = 26 分；共扣 26 分，最多扣 25 分，得 −25.00 分",
        ),
        # What is put right makes up for what went wrong, and for no more.
        (
            {"n": 2, "m": 2},
            items(n={"unit": 1}, m={"unit": -1}),
            "n 2 × 1 分 = 2 分；m 2 × (−1) 分 = −2 分；共扣 0 分，得 25.00 分",
        ),
        (
            {"n": 2, "m": 3},
            items(n={"unit": 1}, m={"unit": -1}),
            "n 2 × 1 分 = 2 分；m 3 × (−1) 分 = −3 分；合计少于 0 分，不倒加，共扣 0 分，"
            "得 25.00 分",
        ),
    ],
)
def test_deductions_at_their_limits(measures, fields, sentence):
    assert said(measures, **fields) == sentence


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (5, "(5 − 2) ÷ (10 − 2) = 37.5%，25 分 × (60% + 40% × 37.5%) = 18.75 分"),
        ("9.99999", "(10 − 2) ÷ (10 − 2) ≈ 99.9999%，25 分 × (60% + 40% × 99.9999%) ≈ 25.00 分"),
        ("2.00001", "(2 − 2) ÷ (10 − 2) ≈ 0.0001%，25 分 × (60% + 40% × 0.0001%) ≈ 15.00 分"),
        (12, "(12 − 2) ÷ (10 − 2) = 125%，按 100% 计，25 分 × (60% + 40% × 100%) = 25.00 分"),
    ],
)
def test_shares_between_two_figures_look_like_all_or_nothing_only_where_they_are(value, words):
    assert said({"a": value}, **EFFICACY) == f"不允许值 2、满意值 10，{words}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1149.999", "≈ 14.9999%，每增 5% 计 1 次，共 2 次"),
        ("850.001", "≈ −14.9999%，每降 5% 计 1 次，共 2 次"),
        ("1100.001", "≈ 10.0001%，每增 5% 计 1 次，共 2 次"),
        ("1049.999", "≈ 4.9999%，不足一个 5%"),
        ("1000.001", "≈ 0.0001%，不足一个 5%"),
    ],
)
def test_a_growth_looks_like_a_step_only_where_it_is_one(value, words):
    assert words in said({"v": value, "b": 1000}, **GROWTH)


def test_a_tiny_growth_of_one_tiny_step_does_not_look_like_none():
    found = said({"v": "100.004", "b": 100}, **GROWTH, step=D("0.00004"))
    assert " ÷ 100 = 0.004%" in found or " ÷ 100 ≈ 0.004%" in found


@pytest.mark.parametrize(
    ("extra", "measures", "words"),
    [
        ({"loss": 0}, {"v": 88, "b": 100}, "20 分 + 2 次 × 0 分 = 20.00 分"),
        ({"gain": D("0.5")}, {"v": 112, "b": 100}, "20 分 + 2 次 × 0.5 分 = 21.00 分"),
        ({"gain": D("-0.5")}, {"v": 112, "b": 100}, "20 分 − 2 次 × 0.5 分 = 19.00 分"),
    ],
)
def test_what_a_step_gives_or_takes(extra, measures, words):
    assert said(measures, **GROWTH, **extra).endswith(words)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        # A number of the rulebook has the unit of what it is held against, a measure its own.
        ({"value": "v", "base": 100}, "(112 万元 − 100 万元) ÷ 100 万元 = 12%"),
        ({"value": 112, "base": "b"}, "(112 万元 − 100 万元) ÷ 100 万元 = 12%"),
        ({"value": 112, "base": "w"}, "(112 亩 − 100 亩) ÷ 100 亩 = 12%"),
        (
            {"value": "v", "base": "b", "absolute": True, "step": 5},
            "112 万元 − 100 万元 = 12 万元，每增 5 万元 计 1 次",
        ),
        (
            {"value": "v", "base": "w", "absolute": True, "step": 5},
            "112 万元 − 100 亩 = 12，每增 5 计 1 次",
        ),
    ],
)
def test_units_of_a_growth(fields, words):
    measures = {"v": 112, "b": 100, "w": 100}
    assert said(measures, UNITS, method="growth", **fields).startswith(words)
