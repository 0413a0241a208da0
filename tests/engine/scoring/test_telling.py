"""How figures, names and conditions are told: marks that were typed, what was rounded, what is not
there, and the points of a sheet in the words of each engine."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.scoring.build import facts, line, one, text
from tests.engine.scoring.test_explain import gate_of
from tracker.engine.scoring import (
    explain,
    explain_caps,
    explain_spread,
    load_rulebook,
    meaning_of,
    parse_facts,
    score,
)
from tracker.engine.scoring.telling import Teller

D = Decimal
SPREAD = {"method": "gate", "when": "a > 0", "applies": "k > 0", "absent": "spread"}


def card_of(engine, *lines, measures, **head):
    book = load_rulebook(text(*lines, line_decimals=3, **head), meaning=meaning_of(engine))
    return score(book, parse_facts(facts(measures))).scorecards[0]


@pytest.mark.parametrize(
    ("engine", "points", "after"),
    [("1.2", "10.125", "66.759"), ("1.3", "10.125", "66.759"), ("1.4", "≈10.13", "≈66.76")],
)
def test_points_of_a_spread_in_the_words_of_each_engine(engine, points, after):
    lines = [
        line("1", 60, method="gate", when="a > 0"),
        line("2", D("29.875"), method="gate", when="a > 0"),
        line("3", D("10.125"), **SPREAD),
    ]
    card = card_of(engine, *lines, measures={"a": 1, "k": 0})
    assert explain_spread(card) == f"指标 3 不适用,共 {points} 分,已按比例分摊到其余指标"
    assert f"{points} 分分摊到其余指标" in explain(card.lines[2])
    by = " 分摊后为 " if engine == "1.2" else " 分经分摊变为 "
    assert explain(card.lines[0]).startswith(f"分值由 60{by}{after}")


@pytest.mark.parametrize(("engine", "sum_of"), [("1.3", "12.500"), ("1.4", "12.50")])
def test_the_sum_of_a_cap_in_the_words_of_each_engine(engine, sum_of):
    half = {"method": "count", "value": "a", "unit": D("12.5")}
    card = card_of(
        engine, line("1", 100, **half), measures={"a": 1}, cap=[{"lines": ["1"], "at_most": 5}]
    )
    assert explain_caps(card) == [
        f"指标 1 合计 {sum_of} 分,按限额计 {sum_of.replace('12.5', '5.0')} 分"
    ]


def test_a_label_keeps_its_marks():
    labels = {"n": "甲,乙;丙:丁", "m": "戊"}
    found = explain(one({"n": 0, "m": 2}, 25, method="gate", when="n >= m"), labels)
    assert found == "条件不成立：「甲,乙;丙:丁」0 小于「戊」2，得 0.00 分"
    absent = explain(one({"n": 0}, 25, method="gate", when="n > 0"), labels)
    assert absent == "条件不成立：没有甲,乙;丙:丁，得 0.00 分"


@pytest.mark.parametrize(("a", "left"), [(3, "3 ÷ 4"), (-1, "(5 − 2) ÷ 4")])
def test_the_side_that_was_chosen_is_written_as_what_it_is(a, left):
    value = "if(a > 0, a, b - c)"
    found = one({"a": a, "b": 5, "c": 2}, 25, method="ratio", value=value, target=4)
    assert explain(found).startswith(f"{left} = 75%")
    other = one(
        {"a": -a, "b": 5, "c": 2}, 25, method="ratio", value="if(a > 0, b - c, 3)", target=4
    )
    assert explain(other).startswith(f"{left} = 75%")


def test_what_is_rounded_on_one_side_is_no_equation():
    found = one({"a": "0.125", "b": "0.875"}, 25, method="count", value="a + b", unit=1)
    assert explain(found).startswith("≈0.13 + ≈0.88 ≈ 1，")
    found = one({"a": "0.125", "b": 3}, 25, method="count", value="a * 8 + b", unit=1)
    assert explain(found).startswith("≈0.13 × 8 + 3 ≈ 4，")


def test_what_cannot_be_told_apart_is_told_by_its_distance():
    found = gate_of("1.4", "a > b", {"a": f"1.234{'0' * 28}1", "b": "1.234"}, {"a": "甲"})
    assert found.startswith("条件成立：「甲」≈1.23 与 ≈1.23 相差 ")


LABELS = {"a": "合作项目数", "b": "是否有产业园", "c": "已支出金额", "e": "示范点是否通过验收"}


@pytest.mark.parametrize(
    ("when", "measures", "words"),
    [
        ("a > 0 or b > 0", {"a": 0, "b": 1}, "条件成立：符合一项即可，"),
        ("a > 0 and b > 0", {"a": 0, "b": 1}, "条件不成立：没有合作项目，"),
        ("a > 0 and b == 1", {"a": 0, "b": 0}, "条件不成立：没有合作项目，也没有产业园，"),
        ("e == 1", {"e": 0}, "条件不成立：示范点没有通过验收，"),
        ("e == 1 and a > 0", {"a": 0, "e": 0}, "条件不成立：示范点没有通过验收，也没有合作项目，"),
        ("a > 0 and e == 1", {"a": 0, "e": 0}, "条件不成立：没有合作项目，示范点没有通过验收，"),
        ("a >= 1 and c > 5", {"a": 0, "c": 6}, "条件不成立：须都符合，"),
        ("a >= 2", {"a": 0}, "条件不成立：「合作项目数」0 小于 2，"),
        ("a >= 1", {"a": "0.5"}, "条件不成立：「合作项目数」0.5 小于 1，"),
        ("a != 0", {"a": 0}, "条件不成立：没有合作项目，"),
        ("b == 1", {"b": 2}, "条件不成立：「是否有产业园」2 不等于 1，"),
        ("not a > 0", {"a": 1}, "条件不成立：「合作项目数」1 大于 0，"),
        ("0 < a", {"a": 0}, "条件不成立：0 不小于「合作项目数」0，"),
        ("a > d", {"a": 0, "d": 0}, "条件不成立：「合作项目数」0 不大于 0，"),
        ("d > 0", {"d": 0}, "条件不成立：0 不大于 0，"),
    ],
)
def test_what_is_not_there_is_said_only_where_that_is_all_that_is_asked(when, measures, words):
    assert gate_of("1.4", when, measures, LABELS).startswith(words)


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("是否有合作项目", "合作项目"),
        ("是否达标", "达标"),
        ("固定期满是否有转换条款", "转换条款"),
        ("第四季度季报是否按时报送", "按时报送"),
        ("合作项目总个数", "合作项目"),
        ("派出人数", "派出"),
        ("到位总额", "到位"),
        ("个数", "个"),
        ("额", "额"),
        ("进度", "进度"),
    ],
)
def test_what_a_measure_counts(name, thing):
    assert f"没有{thing}，" in gate_of("1.4", "a > 0", {"a": 0}, {"a": name})


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("not (a > 1 and b > 1)", "符合一项即可，1 不大于 1(符合)、2 大于 1(不符合)"),
        ("not (a > 1 or b > 5)", "须都符合，1 不大于 1(符合)、2 不大于 5(符合)"),
        (
            "a > 0 and (b > 5 or b > 1)",
            "须都符合，1 大于 0(符合)、(符合一项即可，2 不大于 5(不符合)、2 大于 1(符合))(符合)",
        ),
        ("a > 0 and not not b > 1", "须都符合，1 大于 0(符合)、2 大于 1(符合)"),
        (
            "a > 0 and not (b > 5 or b > 7)",
            "须都符合，1 大于 0(符合)、(须都符合，2 不大于 5(符合)、2 不大于 7(符合))(符合)",
        ),
    ],
)
def test_conditions_within_conditions(when, words):
    assert gate_of("1.4", when, {"a": 1, "b": 2}).startswith(f"条件成立：{words}，得")


def test_words_of_a_sheet_are_those_of_the_engine_of_its_lines():
    card = card_of("1.4", line("1", 100, method="gate", when="a > 0"), measures={"a": 1})
    assert explain_spread(card) == ""
    assert explain_caps(replace(card, caps=())) == []


def test_labels_are_kept_as_they_are_asked_for():
    labels = Teller(meaning_of("1.4"), {}, {"a": "上，下: 2,5"}).labels
    assert (dict(labels), len(labels), "a" in labels, "b" in labels) == (
        {"a": "上，下\ue002 2\ue0005"},
        1,
        True,
        False,
    )
    assert Teller(meaning_of("1.2"), {}, {"a": "2,5"}).labels == {"a": "2,5"}
