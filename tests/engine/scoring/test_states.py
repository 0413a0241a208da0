"""Missing, zero and not applicable are three different things; and what a spread does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import GRADES, line, one, run, text
from tracker.engine.scoring import explain, explain_spread, result_json
from tracker.engine.scoring.spread import spread_points

RATIO = {"method": "ratio", "value": "a", "target": "b"}


def test_zero_reported_nothing_reported_and_not_applicable_differ():
    book = text(line("1", 100, **RATIO, applies="k > 0"))
    zero, nothing, away = run(book, {"a": 0, "b": 1, "k": 1}, {"b": 1, "k": 1}, {"k": 0}).scorecards
    assert [c.lines[0].state for c in (zero, nothing, away)] == [
        "scored",
        "unscorable",
        "not_applicable",
    ]
    assert [c.complete for c in (zero, nothing, away)] == [True, False, True]
    assert nothing.lines[0].lacking == ("a",)


def test_null_is_not_reported():
    found = one({"a": None, "b": 1}, 25, **RATIO)
    assert (found.state, found.lacking) == ("unscorable", ("a",))


def test_missing_zero_scores_zero_and_says_so():
    found = one({"b": 1}, 25, **RATIO, missing="zero")
    assert (found.state, str(found.award), found.zeroed) == ("scored", "0.00", True)
    assert found.lacking == ("a",)


def test_missing_zero_does_not_help_against_division_by_zero():
    found = one({"a": 1, "b": 0}, 25, **RATIO, missing="zero")
    assert (found.state, found.why) == ("unscorable", "impossible")


def test_a_missing_fact_is_looked_at_before_any_arithmetic():
    found = one({"b": 0}, 25, method="ratio", value="1 / b", target="a", missing="zero")
    assert (found.state, found.zeroed, found.lacking) == ("scored", True, ("a",))


def test_facts_are_not_looked_at_if_the_line_does_not_apply():
    found = one({"k": 0}, 25, **RATIO, applies="k > 0")
    assert (found.state, str(found.award), found.lacking) == ("not_applicable", "0.00", ())
    assert found.inputs == {"k": 0}
    assert one({"a": 1}, 25, **RATIO, applies="k > mean.k").inputs == {"k": None}
    assert one({"a": 1, "k": 1}, 25, **RATIO, applies="k > 0").inputs == {"a": 1, "b": None}


@pytest.mark.parametrize(("missing", "state"), [("block", "unscorable"), ("zero", "scored")])
def test_if_applies_lacks_a_fact_missing_decides(missing, state):
    found = one({"a": 1, "b": 1}, 25, **RATIO, applies="k > 0", missing=missing)
    assert (found.state, found.lacking, str(found.award)) == (state, ("k",), "0.00")
    assert (found.in_applies, found.exact) == (True, 0)


def test_impossible_applies_cannot_be_scored_whatever_missing_says():
    found = one({"k": 0}, 25, **RATIO, applies="1 / k > 0", missing="zero")
    assert (found.state, found.reason, found.in_applies) == ("unscorable", "除数为 0", True)
    assert not one({"b": 1}, 25, **RATIO).in_applies


def test_nothing_is_cut_short_but_the_side_that_if_leaves():
    gate = {"method": "gate", "otherwise": 0}
    assert one({"k": 0}, 5, **gate, when="k == 0 or 1 / k > 1").state == "unscorable"
    assert one({"k": 0}, 5, **gate, when="k > 0 and 1 / k > 1").state == "unscorable"
    assert one({"k": 0}, 5, **gate, when="count(k == 0, 1 / k > 1) > 0").state == "unscorable"
    assert one({"k": 0}, 5, **gate, when="if(k == 0, 2, 1 / k) > 1").state == "scored"
    assert one({"k": 0}, 5, **gate, when="if(k == 0, 2, other) > 1").lacking == ("other",)


def test_one_part_that_lacks_a_fact_makes_the_line_lack_it():
    parts = [
        {"points": 60, "method": "gate", "when": "1 > 0"},
        {"points": 40, "method": "gate", "when": "m > 0"},
    ]
    found = one({}, 100, combine="max", part=parts)
    assert (found.state, found.lacking) == ("unscorable", ("m",))


def test_mean_best_and_sum_are_over_those_of_the_class_that_report():
    gates = ["mean.a == 2", "best.a == 3", "sum.a == 4"]
    lines = [
        line(str(n), p, method="gate", when=when)
        for n, (when, p) in enumerate(zip(gates, (30, 30, 40), strict=True))
    ]
    cards = run(text(*lines), {"a": 1}, {"a": 3}, {}, {"class": "乙"}).scorecards
    assert [str(card.total) for card in cards] == ["100.00", "100.00", "100.00", "0.00"]
    assert cards[3].lines[0].lacking == ("mean.a",)
    assert cards[2].lines[0].pooled == {"mean.a": 2}


def spread_book(*away_absent):
    lines = [
        line("A", Decimal("33.33"), method="gate", when="1 > 0"),
        line("B", Decimal("33.33"), method="count", value="n", unit=Decimal("11.11")),
        line("C", Decimal("23.34"), method="ratio", value="n", target=3),
        line("D", 10, method="gate", when="n > 0", applies="k > 0", absent="spread"),
    ]
    return text(*lines, line("X", 5, kind="bonus", method="gate", when="1 > 0"), bonus_cap=5)


def test_spread_gives_a_perfect_subject_full_marks():
    card = run(spread_book(), {"n": 3, "k": 0}).scorecards[0]
    assert [str(x.award) for x in card.lines] == ["37.04", "37.03", "25.93", "0.00", "5.00"]
    assert (str(card.base), str(card.bonus), str(card.total)) == ("100.00", "5.00", "105.00")
    assert (card.spread.codes, card.spread.points) == (("D",), 10)
    assert explain_spread(card) == "指标 D 不适用,共 10 分,已按比例分摊到其余指标"


def test_spread_scales_what_is_fixed_in_points():
    card = run(spread_book(), {"n": 1, "k": 0}).scorecards[0]
    # 11.11 × 37.03 ÷ 33.33 = 12.3433…
    assert str(card.line("B").award) == "12.34"


def test_only_lines_whose_points_grew_show_spread_points():
    found = result_json(run(spread_book(), {"n": 3, "k": 0}))["subjects"][0]["lines"]
    assert [x.get("spread_points") for x in found] == ["37.04", "37.03", "25.93", None, None]
    assert [x["points"] for x in found] == ["33.33", "33.33", "23.34", "10", "5"]


def test_without_a_line_that_is_spread_nothing_changes():
    card = run(spread_book(), {"n": 3, "k": 1}).scorecards[0]
    assert card.spread is None
    assert all(x.effective == x.points for x in card.lines)
    assert explain_spread(card) == ""


def test_a_subject_to_whom_nothing_applies_is_not_assessed():
    book = text(
        line("1", 100, **RATIO, applies="k > 0", absent="spread"),
        line("B", 5, kind="bonus", method="count", value="n", unit=1),
        bonus_cap=5,
        grade=[GRADES[0] | {"quota": Decimal("0.5")}, *GRADES[1:]],
        veto=[{"name": "甲", "when": "n > 2", "grade": "合格"}],
    )
    away = {"k": 0, "n": 3}
    others = [{"k": 1, "n": 0, "a": a, "b": 100} for a in (95, 94, 10)]
    card, *rest = run(book, away, *others).scorecards
    assert (str(card.base), str(card.total), card.complete) == ("0.00", "3.00", True)
    assert (card.assessed, card.grade, card.grade_before, card.rank) == (False, None, None, None)
    assert card.vetoes == ("甲",)
    # It takes no place in the ranks, and three of them share one place of the first grade.
    assert [(c.grade, c.rank) for c in rest] == [("优秀", 1), ("良好", 2), ("不合格", 3)]
    assert explain_spread(card).endswith("没有其余指标可分摊,不予评定")
    assert explain(card.lines[0]) == "不适用：0 不大于 0，100 分没有其余指标可分摊"
    found = result_json(run(book, away))["subjects"][0]
    assert (found["grade"], found["rank"], found["base"]) == (None, None, "0.00")


@pytest.mark.parametrize(("absent", "award"), [("full", "62.50"), ("zero", "0.00")])
def test_absent_full_gives_the_points_after_a_spread(absent, award):
    lines = [
        line("1", 50, applies="k > 0", absent=absent, method="gate", when="1 > 0"),
        line("2", 30, method="gate", when="1 > 0"),
        line("3", 20, applies="k > 0", absent="spread", method="gate", when="1 > 0"),
    ]
    card = run(text(*lines), {"k": 0}).scorecards[0]
    assert [x.state for x in card.lines] == ["not_applicable", "scored", "not_applicable"]
    assert [str(x.award) for x in card.lines] == [award, "37.50", "0.00"]


def test_parts_grow_with_their_line():
    parts = [
        {"points": 30, "method": "gate", "when": "1 > 0"},
        {"points": 20, "method": "count", "value": 1, "unit": 10},
    ]
    lines = [
        line("1", 50, combine="sum", part=parts),
        line("2", 50, applies="1 < 0", absent="spread"),
    ]
    assert str(run(text(*lines), {}).scorecards[0].lines[0].award) == "80.00"


def test_an_impossible_or_unknown_applies_spreads_nothing():
    lines = [
        line("1", 50, method="gate", when="1 > 0"),
        line("2", 50, applies="1 / k > 0", absent="spread"),
    ]
    for measures in ({}, {"k": 0}):
        card = run(text(*lines), measures).scorecards[0]
        assert (str(card.base), card.spread, card.complete) == ("50.00", None, False)


def test_largest_remainder_prefers_the_earlier_line():
    assert spread_points([1, 1, 1, 97], [False] * 3 + [True], 100, 2) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
        97,
    ]
    assert spread_points([2, 3, 5], [False, False, True], 10, 0) == [4, 6, 5]


@pytest.mark.parametrize(
    ("points", "after"), [([1, 99], [1, 100]), ([99, 1], [99, 100]), ([100, 0], [100, 0])]
)
def test_what_is_left_has_full_marks_if_it_has_any(points, after):
    assert spread_points(points, [True, False], 100, 2) == after
