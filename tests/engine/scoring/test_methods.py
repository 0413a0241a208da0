"""The nine methods, each with figures worked by hand from the format's table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import line, one, run, text

RATIO = {"method": "ratio", "value": "a", "target": "b"}


@pytest.mark.parametrize(
    ("measures", "extra", "award"),
    [
        ({"a": "990", "b": "1000.8"}, {}, "24.73"),
        ({"a": 2, "b": 1}, {}, "25.00"),
        ({"a": 2, "b": 1}, {"cap": Decimal("1.2")}, "30.00"),
        ({"a": 11, "b": 10}, {"cap": Decimal("1.2")}, "27.50"),
        ({"a": 59, "b": 100}, {"floor": Decimal("0.6")}, "0.00"),
        ({"a": 60, "b": 100}, {"floor": Decimal("0.6")}, "15.00"),
        ({"a": -5, "b": 10}, {}, "0.00"),
        ({"a": 0, "b": 10}, {}, "0.00"),
        ({"a": 20, "b": 10}, {"lower_is_better": True}, "12.50"),
        ({"a": 0, "b": 10}, {"lower_is_better": True}, "25.00"),
        ({"a": 0, "b": 0}, {"lower_is_better": True}, "25.00"),
        ({"a": 5, "b": 0}, {"lower_is_better": True}, "0.00"),
        ({"a": -3, "b": 10}, {"lower_is_better": True, "cap": Decimal("1.2")}, "30.00"),
        ({"a": -3, "b": 0}, {"lower_is_better": True}, "25.00"),
        ({"a": 1, "b": 2}, {"cap": Decimal("0.4")}, "10.00"),
    ],
)
def test_ratio(measures, extra, award):
    assert str(one(measures, 25, **RATIO, **extra).award) == award


@pytest.mark.parametrize("value", [-50, 0, 5])
@pytest.mark.parametrize("extra", [{}, {"lower_is_better": True}])
def test_a_negative_target_cannot_be_scored(value, extra):
    """-50 of -40 would be 125 %: the worse, the more."""
    found = one({"a": value, "b": -40}, 25, **RATIO, **extra)
    assert (found.state, found.why, found.reason) == ("unscorable", "impossible", "目标值为负数")


@pytest.mark.parametrize("kind", ["score", "deduction"])
def test_a_negative_count_cannot_be_deducted(kind):
    items = [
        {"name": "通报", "value": "n", "unit": 2},
        {"name": "整改", "value": "m", "unit": -1},
    ]
    found = one({"n": 1, "m": -1}, 25, kind=kind, method="deduct", items=items)
    assert (found.state, found.reason) == ("unscorable", "「整改」的数值为负数")
    assert one({"n": 3, "m": 1}, 25, kind=kind, method="deduct", items=items).state == "scored"


@pytest.mark.parametrize("value", [0, 5])
def test_ratio_without_a_target_cannot_be_scored(value):
    found = one({"a": value, "b": 0}, 25, **RATIO)
    assert (found.state, found.why, found.reason) == ("unscorable", "impossible", "目标值为 0")


@pytest.mark.parametrize(
    ("measures", "award"), [({"n": 1}, "4.00"), ({"n": 0}, "1.50"), ({"n": "0.99"}, "1.50")]
)
def test_gate(measures, award):
    found = one(measures, 4, method="gate", when="n >= 1", otherwise=Decimal("1.5"))
    assert str(found.award) == award


@pytest.mark.parametrize(
    ("value", "extra", "award"),
    [
        (1, {}, "2.00"),
        (3, {}, "4.00"),
        (-1, {}, "0.00"),
        (7, {"per": 5}, "2.00"),
        (7, {"per": 5, "proportional": True}, "2.80"),
        (-7, {"per": 5}, "0.00"),
        (3, {"unit": -1}, "0.00"),
    ],
)
def test_count(value, extra, award):
    params = {"method": "count", "value": "n", "unit": 2, **extra}
    assert str(one({"n": value}, 4, **params).award) == award


FALLING = [[90, 10], [80, 8], [60, 5]]
RISING = [[10, 10], [20, 6], [40, 1]]


@pytest.mark.parametrize(
    ("value", "direction", "steps", "interpolate", "award"),
    [
        ("90", "at_least", FALLING, False, "10.00"),
        ("89.99", "at_least", FALLING, False, "8.00"),
        ("59", "at_least", FALLING, False, "0.00"),
        ("90", "above", FALLING, False, "8.00"),
        ("60", "above", FALLING, False, "0.00"),
        ("10", "at_most", RISING, False, "10.00"),
        ("10.1", "at_most", RISING, False, "6.00"),
        ("41", "at_most", RISING, False, "0.00"),
        ("10", "below", RISING, False, "6.00"),
        ("40", "below", RISING, False, "0.00"),
        ("95", "at_least", FALLING, True, "10.00"),
        ("85", "at_least", FALLING, True, "9.00"),
        ("70", "at_least", FALLING, True, "6.50"),
        ("60", "at_least", FALLING, True, "5.00"),
        ("59.9", "at_least", FALLING, True, "0.00"),
        ("5", "at_most", RISING, True, "10.00"),
        ("15", "at_most", RISING, True, "8.00"),
        ("30", "at_most", RISING, True, "3.50"),
        ("40.1", "at_most", RISING, True, "0.00"),
    ],
)
def test_steps(value, direction, steps, interpolate, award):
    params = {"method": "steps", "value": "n", "direction": direction, "steps": steps}
    assert str(one({"n": value}, 10, **params, interpolate=interpolate).award) == award


@pytest.mark.parametrize(
    ("value", "base", "extra", "award"),
    [
        # d1 line 3 of the shipped rulebook: +61% is 12 steps on 16, capped at 20.
        (161, 100, {}, "20.00"),
        (100, 100, {}, "16.00"),
        (88, 100, {}, "14.00"),
        ("104.99", 100, {}, "16.00"),
        ("115", 100, {}, "19.00"),
        (0, 100, {}, "0.00"),
        ("107.5", 100, {"proportional": True}, "17.50"),
        ("92.5", 100, {"proportional": True}, "14.50"),
        (161, 100, {"ceiling": Decimal("1.5")}, "28.00"),
        (300, 100, {"ceiling": Decimal("1.5")}, "30.00"),
        (110, 100, {"gain": Decimal("0.5")}, "17.00"),
        (90, 100, {"loss": 3}, "10.00"),
        (5, 3, {"absolute": True, "step": 1}, "18.00"),
        (-5, -3, {"absolute": True, "step": 1}, "14.00"),
        (2, 0, {"absolute": True, "step": 1}, "18.00"),
        ("1.1", 1, {}, "18.00"),
        ("0.55", "0.5", {}, "18.00"),
    ],
)
def test_growth(value, base, extra, award):
    params = {"method": "growth", "value": "v", "base": "b", **extra}
    assert str(one({"v": value, "b": base}, 20, **params).award) == award


@pytest.mark.parametrize("base", [0, -1])
def test_growth_on_nothing_cannot_be_scored(base):
    found = one({"v": 5, "b": base}, 20, method="growth", value="v", base="b")
    assert (found.state, found.reason) == ("unscorable", "基数不大于 0")


def awards(values, **fields):
    book = text(line("1", 100, **fields))
    return [str(card.lines[0].award) for card in run(book, *values).scorecards]


def test_efficacy_between_the_lowest_and_the_highest_of_the_class():
    values = [{"n": 3}, {"n": 5}, {"n": 9}]
    assert awards(values, method="efficacy", value="n") == ["60.00", "73.33", "100.00"]
    lower = awards(values, method="efficacy", value="n", lower_is_better=True)
    assert lower == ["100.00", "86.67", "60.00"]


def test_efficacy_of_equals_is_full():
    assert awards([{"n": 3}, {"n": 3}], method="efficacy", value="n") == ["100.00", "100.00"]


@pytest.mark.parametrize(
    ("value", "low", "high", "award"),
    [(5, 0, 10, "70.00"), (20, 0, 10, "100.00"), (-1, 0, 10, "40.00"), (2, 10, 0, "88.00")],
)
def test_efficacy_between_given_values(value, low, high, award):
    params = {"method": "efficacy", "value": "n", "low": low, "high": high}
    assert str(one({"n": value}, 100, **params, base_share=Decimal("0.4")).award) == award


def test_efficacy_without_a_distance_cannot_be_scored():
    found = one({"n": 5}, 100, method="efficacy", value="n", low=3, high="6 / 2")
    assert (found.state, found.reason) == ("unscorable", "满意值与不允许值相等")


def test_rank_is_competition_ranking():
    params = {"method": "rank", "value": "n", "table": [[1, 100], [2, 80], [4, 30]]}
    values = [{"n": 5}, {"n": 9}, {"n": 5}, {"n": 1}, {"n": 0}]
    assert awards(values, **params) == ["80.00", "100.00", "80.00", "30.00", "0.00"]
    lower = awards(values, **params, lower_is_better=True, otherwise=7)
    assert lower == ["30.00", "7.00", "30.00", "80.00", "100.00"]


def test_rank_by_share_of_the_pool():
    params = {
        "method": "rank",
        "value": "n",
        "share_table": [[Decimal("0.25"), 100], [Decimal("0.5"), 60]],
        "otherwise": 20,
    }
    values = [{"n": 4}, {"n": 3}, {"n": 2}, {"n": 1}]
    assert awards(values, **params) == ["100.00", "60.00", "20.00", "20.00"]


def test_the_pool_leaves_out_those_without_a_value_or_to_whom_the_line_does_not_apply():
    params = {"method": "rank", "value": "n / d", "table": [[1, 100], [2, 50]]}
    values = [
        {"n": 1, "d": 1, "k": 1},
        {"n": 5, "d": 1, "k": 1},
        {"n": 9, "d": 1, "k": 0},
        {"n": 9, "d": 0, "k": 1},
        {"n": 9, "d": 1},
        {"k": 1},
        {"n": 9, "d": 1, "k": 1, "class": "另一类"},
    ]
    found = awards(values, **params, applies="k > 0")
    assert found == ["50.00", "100.00", "0.00", "0.00", "0.00", "0.00", "100.00"]


def test_a_member_of_the_pool_may_lack_the_facts_of_another_part():
    parts = [
        {"points": 60, "method": "efficacy", "value": "n", "base_share": 0},
        {"points": 40, "method": "gate", "when": "m > 0"},
    ]
    book = text(line("1", 100, combine="sum", part=parts))
    cards = run(book, {"n": 10}, {"n": 5, "m": 1}, {"n": 0, "m": 1}).scorecards
    assert [str(card.lines[0].award) for card in cards] == ["0.00", "70.00", "40.00"]


def test_checklist():
    items = [
        {"name": "计划", "value": "plan", "award": Decimal("1.5")},
        {"name": "季报", "value": "reports - 3", "award": Decimal("2.5")},
    ]
    assert str(one({"plan": 1, "reports": 4}, 4, method="checklist", items=items).award) == "4.00"
    assert str(one({"plan": 1, "reports": 3}, 4, method="checklist", items=items).award) == "1.50"


DEDUCT = {
    "method": "deduct",
    "items": [
        {"name": "中央督察", "value": "c", "unit": Decimal("0.3"), "max": 1},
        {"name": "整改", "value": "f", "unit": -1},
    ],
}


@pytest.mark.parametrize(
    ("c", "f", "kind", "award"),
    [
        (2, 0, "score", "9.40"),
        (9, 0, "score", "9.00"),
        (2, 1, "score", "10.00"),
        (2, 0, "deduction", "-0.60"),
        (0, 0, "deduction", "0.00"),
        (2, 5, "deduction", "0.00"),
    ],
)
def test_deduct(c, f, kind, award):
    assert str(one({"c": c, "f": f}, 10, kind=kind, **DEDUCT).award) == award


def test_deduct_never_takes_more_than_the_points():
    items = [{"name": "事故", "value": "n", "unit": 4}]
    assert str(one({"n": 9}, 10, method="deduct", items=items).award) == "0.00"
    line_found = one({"n": 9}, 10, kind="deduction", method="deduct", items=items)
    assert str(line_found.award) == "-10.00"


@pytest.mark.parametrize(("combine", "award"), [("sum", "7.33"), ("max", "4.00"), ("min", "3.33")])
def test_parts_are_clamped_but_not_rounded(combine, award):
    parts = [
        {"points": 4, "method": "ratio", "value": "a", "target": 1},
        {"points": 5, "method": "ratio", "value": "b", "target": 3},
    ]
    points = 9 if combine == "sum" else 5
    found = one({"a": 9, "b": 2}, points, combine=combine, part=parts)
    assert str(found.award) == award


def test_class_points_scale_all_that_is_fixed_in_points():
    eco = {"生态发展类": 20}
    steps = {"method": "steps", "value": "n", "steps": [[2, 10], [1, 6]]}
    lines = [
        line("1", 10, points_by_class=eco, **steps),
        line("2", 90, points_by_class={"生态发展类": 80}, method="count", value="n", unit=9),
        line("3", 5, kind="deduction", points_by_class={"生态发展类": 10}, method="deduct",
             items=[{"name": "x", "value": "n", "unit": 2, "max": 3}]),
    ]  # fmt: skip
    cards = run(text(*lines), {"n": 1}, {"n": 1, "class": "生态发展类"}).scorecards
    assert [str(found.award) for found in cards[0].lines] == ["6.00", "9.00", "-2.00"]
    assert [str(found.award) for found in cards[1].lines] == ["12.00", "8.00", "-4.00"]


@pytest.mark.parametrize(
    ("value", "award"), [("1.005", "1.01"), ("1.0049", "1.00"), ("2.675", "2.68")]
)
def test_rounding_is_half_away_from_zero(value, award):
    found = one({"v": value}, 100, method="count", value="v", unit=1, proportional=True)
    assert str(found.award) == award


def test_a_deduction_is_rounded_away_from_zero_too():
    items = [{"name": "x", "value": "n", "unit": 1}]
    found = one({"n": "1.005"}, 10, kind="deduction", method="deduct", items=items)
    assert str(found.award) == "-1.01"


def test_the_worked_checks_of_the_income_enclaves():
    # F11: 1,000.8 万元 fixed on 10,000 is paid in full; r = 10.008% against 10%.
    assert str(one({"a": "1000.8", "b": "1000.8"}, 25, **RATIO).award) == "25.00"
    rate = {"method": "ratio", "value": "paid / capital", "target": Decimal("0.10")}
    assert str(one({"paid": "1000.8", "capital": 10000}, 15, **rate).award) == "15.00"
    # F14: 2,200 of 22,800 is 9.649% against 10%.
    assert str(one({"paid": 2200, "capital": 22800}, 15, **rate).award) == "14.47"
