"""Explanations: sentences with the figures put in, for every method and state."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.scoring.build import facts, line, one, run, text
from tracker.engine.scoring import (
    explain,
    explain_caps,
    load_rulebook,
    meaning_of,
    parse_facts,
    result_json,
    score,
    way,
    way_words,
)
from tracker.engine.scoring.exact import percent, plain, shown

D = Decimal
RATIO = {"method": "ratio", "value": "a", "target": "b"}
COUNT = {"method": "count", "value": "n", "unit": 2}
STEPS = {"method": "steps", "value": "n", "steps": [[90, 25], [80, 20]]}
GROWTH = {"method": "growth", "value": "v", "base": "b"}
DEDUCT = {"method": "deduct", "items": [{"name": "通报", "value": "n", "unit": D("0.3"), "max": 1}]}


@pytest.mark.parametrize(
    ("measures", "fields", "sentence"),
    [
        ({"a": 990, "b": "1000.8"}, RATIO, "990 ÷ 1,000.8 ≈ 98.92%，25 分 × 98.92% ≈ 24.73 分"),
        ({"a": 3, "b": 2}, RATIO, "3 ÷ 2 = 150%，按 100% 计，25 分 × 100% = 25.00 分"),
        (
            {"a": 1, "b": 2},
            {**RATIO, "floor": D("0.6")},
            "1 ÷ 2 = 50%，低于 60%，得 0.00 分",
        ),
        ({"a": 0, "b": 2}, RATIO, "0 ÷ 2 = 0%，得 0.00 分"),
        (
            {"a": 1, "b": 2},
            {**RATIO, "value": "a + b", "target": "b * 3"},
            "(1 + 2) ÷ (2 × 3) = 50%，25 分 × 50% = 12.50 分",
        ),
        (
            {"a": 4, "b": 2},
            {**RATIO, "lower_is_better": True},
            "2 ÷ 4 = 50%，25 分 × 50% = 12.50 分",
        ),
        (
            {"a": 0, "b": 2},
            {**RATIO, "lower_is_better": True},
            "数值为 0，按 100% 计，25 分 × 100% = 25.00 分",
        ),
        (
            {"a": -3, "b": 2},
            {**RATIO, "lower_is_better": True},
            "数值 −3，不大于 0，按 100% 计，25 分 × 100% = 25.00 分",
        ),
        (
            {"a": "0.5", "b": 2},
            {**RATIO, "lower_is_better": True},
            "2 ÷ 0.5 = 400%，按 100% 计，25 分 × 100% = 25.00 分",
        ),
        ({"a": 1, "b": -2}, RATIO, "目标值为负数，不可计分"),
        # The written figures do not make the award: 25 × 66.67% is 16.6675, the award 25 × 2 ÷ 3.
        ({"a": 2, "b": 3}, RATIO, "2 ÷ 3 ≈ 66.67%，25 分 × 66.67% ≈ 16.67 分"),
        (
            {"a": 2, "b": 3, "c": 1},
            {**RATIO, "target": "b / c"},
            "2 ÷ (3 ÷ 1) ≈ 66.67%，25 分 × 66.67% ≈ 16.67 分",
        ),
        (
            {"a": "0.123456", "b": 1},
            {"method": "count", "value": "a", "unit": 3, "proportional": True},
            "≈0.12 × 3 分 ≈ 0.37 分",
        ),
        (
            {"a": 1},
            {"method": "count", "value": "a / 3", "unit": 3, "proportional": True},
            "1 ÷ 3 ≈ 0.33，0.33 × 3 分 ≈ 1.00 分",
        ),
        (
            {"a": 1, "n": 0},
            {"method": "gate", "when": "a / 3 > 0.35 or not n > 0"},
            "条件成立：符合一项即可，1 ÷ 3 ≈ 0.33 不大于 0.35(不符合)、0 不大于 0(符合)，"
            "得 25.00 分",
        ),
        (
            {"a": "1.00001", "n": "1.00002"},
            {"method": "gate", "when": "n > a"},
            "条件成立：1.00002 大于 1.00001，得 25.00 分",
        ),
        (
            {"a": 1, "n": 0},
            {"method": "count", "value": "count(n > 0, a > 0)", "unit": 2},
            "成立项数(0 不大于 0(不符合)，1 大于 0(符合)) = 1，1 × 2 分 = 2.00 分",
        ),
        (
            {"a": 1, "b": 0},
            {**RATIO, "value": "a + 1", "target": "if(b > 0, b, 4)"},
            "(1 + 1) ÷ 4 = 50%，25 分 × 50% = 12.50 分",
        ),
        ({"n": 1}, {"method": "gate", "when": "n >= 1"}, "条件成立：1 不小于 1，得 25.00 分"),
        (
            {"n": 0},
            {"method": "gate", "when": "n >= 1 and not (n > 2 or n == 4)"},
            "条件不成立：须都符合，0 小于 1(不符合)、(须都符合，"
            "0 不大于 2(符合)、0 不等于 4(符合))(符合)，得 0.00 分",
        ),
        ({"n": 3}, COUNT, "3 × 2 分 = 6.00 分"),
        ({"n": 30}, COUNT, "30 × 2 分 = 60 分，最高 25 分，得 25.00 分"),
        ({"n": 7}, {**COUNT, "per": 2}, "7 ÷ 2 = 3.5，取整为 3，3 × 2 分 = 6.00 分"),
        ({"n": 7}, {**COUNT, "value": "n + 1"}, "7 + 1 = 8，8 × 2 分 = 16.00 分"),
        ({"n": 95}, STEPS, "95，达到 90 一档，得 25.00 分"),
        ({"n": 5}, STEPS, "5，未达到 80，得 0.00 分"),
        ({"n": 95}, {**STEPS, "interpolate": True}, "95，达到 90 一档，得 25.00 分"),
        (
            {"n": 85},
            {**STEPS, "interpolate": True},
            "85，介于 80(20 分)与 90(25 分)之间，按比例得 22.50 分",
        ),
        (
            {"v": 112, "b": 100},
            GROWTH,
            "(112 − 100) ÷ 100 = 12%，每增 5% 计 1 次，共 2 次，"
            "基础分 25 分 × 80% = 20 分，20 分 + 2 次 × 1 分 = 22.00 分",
        ),
        (
            {"v": 88, "b": 100},
            GROWTH,
            "(88 − 100) ÷ 100 = −12%，每降 5% 计 1 次，共 2 次，"
            "基础分 25 分 × 80% = 20 分，20 分 − 2 次 × 1 分 = 18.00 分",
        ),
        (
            {"v": 100, "b": 100},
            GROWTH,
            "(100 − 100) ÷ 100 = 0%，与基数持平，基础分 25 分 × 80% = 20.00 分",
        ),
        (
            {"v": 200, "b": 100},
            GROWTH,
            "(200 − 100) ÷ 100 = 100%，每增 5% 计 1 次，共 20 次，"
            "基础分 25 分 × 80% = 20 分，20 分 + 20 次 × 1 分 = 40 分，最高 25 分，得 25.00 分",
        ),
        (
            {"n": 5},
            {"method": "efficacy", "value": "n", "low": 0, "high": 10},
            "不允许值 0、满意值 10，(5 − 0) ÷ (10 − 0) = 50%，25 分 × (60% + 40% × 50%) = 20.00 分",
        ),
        (
            {"n": 5},
            {"method": "efficacy", "value": "n"},
            "同类最低 5、最高 5，各方相同，系数为 100%，25 分 × (60% + 40% × 100%) = 25.00 分",
        ),
        (
            {"n": 5},
            {"method": "rank", "value": "n", "table": [[1, 25]]},
            "5，同类 1 个中列第 1，得 25.00 分",
        ),
        (
            {"p": 1, "q": 0},
            {
                "method": "checklist",
                "items": [
                    {"name": "计划", "value": "p", "award": 15},
                    {"name": "总结", "value": "q", "award": 10},
                ],
            },
            "具备：计划 15 分；不具备：总结；得 15.00 分",
        ),
        (
            {"n": 2},
            DEDUCT,
            "通报 2 × 0.3 分 = 0.6 分；共扣 0.6 分，25 分 − 0.6 分 = 24.40 分",
        ),
        ({"n": 0}, DEDUCT, "没有扣分事项，得 25.00 分"),
        (
            {"n": 9},
            {**DEDUCT, "kind": "deduction"},
            "通报 9 × 0.3 分 = 2.7 分(最多 1 分)；共扣 1 分，得 −1.00 分",
        ),
        ({"a": 1}, RATIO, "缺少 b，不可计分"),
        ({}, {**RATIO, "missing": "zero"}, "缺少 a、b，按规则计 0.00 分"),
        ({"a": 1, "b": 0}, RATIO, "目标值为 0，不可计分"),
        (
            {"k": 0},
            {**RATIO, "applies": "k > 0"},
            "0 不大于 0，按细则得 0 分",
        ),
        (
            {"k": 0},
            {**RATIO, "applies": "k > 0", "absent": "full"},
            "不适用：0 不大于 0，按满分计 25.00 分",
        ),
        (
            {"k": 0},
            {**RATIO, "applies": "k > 0", "absent": "spread"},
            "不适用：0 不大于 0，25 分分摊到其余指标",
        ),
        (
            {"k": 0},
            {**RATIO, "applies": "k > 0", "kind": "bonus"},
            "不适用：0 不大于 0，不计分",
        ),
    ],
)
def test_sentences(measures, fields, sentence):
    assert explain(one(measures, 25, **fields)) == sentence


def test_parts_and_a_spread_are_told():
    parts = [
        {"points": 30, "method": "ratio", "value": "a", "target": 2},
        {"points": 20, "method": "gate", "when": "a > 0"},
    ]
    lines = [
        line("1", 50, combine="sum", part=parts),
        line("2", 50, applies="a > 9", absent="spread"),
    ]
    card = run(text(*lines), {"a": 1}).scorecards[0]
    assert explain(card.lines[0]) == (
        "分值由 50 分经分摊变为 100 分；(1) 1 ÷ 2 = 50%，60 分 × 50% = 30 分；"
        "(2) 条件成立：1 大于 0，得 40 分；30 分 + 40 分 = 70.00 分"
    )


@pytest.mark.parametrize(("combine", "word"), [("max", "最高"), ("min", "最低")])
def test_the_best_or_worst_part(combine, word):
    parts = [{"points": p, "method": "gate", "when": "1 > 0"} for p in (25, 10)]
    found = explain(one({}, 25, combine=combine, part=parts))
    assert found.endswith(f"取{word}的一项，得 {25 if combine == 'max' else 10}.00 分")


def test_labels_stand_for_names():
    found = one({"a": 1}, 25, **{**RATIO, "target": "mean.b + c"})
    labels = {"b": "应付返利"}
    assert explain(found, labels) == "缺少「应付返利」的同类平均、c，不可计分"


def test_labels_stand_beside_the_sides_of_a_condition():
    found = one({"n": 0, "m": 2}, 25, method="gate", when="n >= m")
    labels = {"n": "参股村数", "m": "应参股村数"}
    assert explain(found, labels) == "条件不成立：「参股村数」0 小于「应参股村数」2，得 0.00 分"


def test_labels_reach_the_json():
    result = run(text(line("1", 100, **RATIO)), {"a": 1})
    found = result_json(result, {"b": "应付返利"})["subjects"][0]["lines"][0]
    assert found["explain"] == "缺少「应付返利」，不可计分"
    assert found["inputs"] == {"a": "1", "b": None}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (D("1000.8"), "1000.8"),
        (D("0.00012345"), "0.0001235"),
        (D("-0.5"), "-0.5"),
        (D("1E+20"), "1×10^20"),
        (D("12.34565"), "12.3457"),
    ],
)
def test_figures_are_short(value, written):
    from tracker.engine.scoring.exact import exact

    assert shown(exact(value)) == written


def test_percentages_and_plain_numbers():
    from fractions import Fraction

    assert percent(Fraction(1, 3)) == "33.33%"
    assert percent(Fraction(99999, 100000)) == "100.00%"
    assert percent(1) == "100%"
    assert plain(Fraction(1, 3)) == "0.3333333333"
    assert plain(Fraction(-7, 20)) == "-0.35"


def test_huge_figures_do_not_stop_an_explanation():
    product = " * ".join(["a"] * 200)
    found = one({"a": "9" * 60, "b": 1}, 25, **{**RATIO, "value": product})
    assert str(found.award) == "25.00"
    assert "×10^" in explain(found)


LABELS = {"a": "产业合作项目数", "b": "是否有产业园", "c": "已支出金额"}


@pytest.mark.parametrize(
    ("applies", "measures", "words"),
    [
        ("a > 0", {"a": 0}, "没有产业合作项目，按细则得 0 分"),
        ("a >= 1 and b == 1", {"a": 2, "b": 0}, "没有产业园，按细则得 0 分"),
        ("a > 0 or b > 0", {"a": 0, "b": 0}, "没有产业合作项目，也没有产业园，按细则得 0 分"),
        ("c >= 5", {"c": 3}, "「已支出金额」3 小于 5，按细则得 0 分"),
    ],
)
def test_what_counts_0_by_rule_says_what_is_not_there(applies, measures, words):
    fields = {"applies": applies, "absent": "zero", "method": "gate", "when": "1 > 0"}
    assert explain(one(measures, 25, **fields), LABELS) == words


UNITS = {"a": "万元", "b": "万元", "n": "个", "m": "个", "y": "是否", "s": "比例", "t": "比例"}
NAMES = {"n": "产业合作项目数", "m": "应有项目数", "y": "是否有产业园", "s": "到账率"}


@pytest.mark.parametrize(
    ("measures", "fields", "sentence"),
    [
        (
            {"a": "12345.5", "b": "20000"},
            RATIO,
            "12,345.5 万元 ÷ 20,000 万元 ≈ 61.73%，25 分 × 61.73% ≈ 15.43 分",
        ),
        ({"n": 3}, COUNT, "3 个 × 2 分 = 6.00 分"),
        (
            {"n": 3, "m": 4},
            {**COUNT, "value": "n + m"},
            "3 个 + 4 个 = 7 个，7 个 × 2 分 = 14.00 分",
        ),
        (
            {"n": 8, "m": 10},
            {**STEPS, "value": "n / m", "steps": [[D("0.9"), 25], [D("0.8"), 20]]},
            "8 个 ÷ 10 个 = 80%，达到 80% 一档，得 20.00 分",
        ),
        (
            {"s": "0.75"},
            {**RATIO, "value": "s", "target": D("0.8")},
            "75% ÷ 80% = 93.75%，25 分 × 93.75% ≈ 23.44 分",
        ),
        (
            {"n": 2, "m": 5},
            {"method": "gate", "when": "n >= m"},
            "条件不成立：「产业合作项目数」2 个小于「应有项目数」5 个，得 0.00 分",
        ),
        ({"n": 0}, {"method": "gate", "when": "n > 0"}, "条件不成立：没有产业合作项目，得 0.00 分"),
        (
            {"y": 1},
            {"method": "gate", "when": "y > 0"},
            "条件成立：「是否有产业园」为“是”，得 25.00 分",
        ),
        (
            {"n": 2, "y": 0},
            {"method": "gate", "when": "n >= 2 and y == 1"},
            "条件不成立：须都符合，「产业合作项目数」2 个不小于 2 个(符合)、"
            "「是否有产业园」为“否”(不符合)，得 0.00 分",
        ),
        (
            {"a": 30000},
            {**COUNT, "value": "a / 10000"},
            "30,000 万元 ÷ 10,000 = 3，3 × 2 分 = 6.00 分",
        ),
        (
            {"k": 0, "n": 0},
            {**COUNT, "applies": "n > 0", "absent": "spread"},
            "不适用：没有产业合作项目，25 分分摊到其余指标",
        ),
        (
            {"a": 30, "b": 200, "s": 0},
            {**RATIO, "value": "a / b", "target": "if(s > 0, s, 0.1)"},
            "(30 万元 ÷ 200 万元) ÷ 10% = 150%，按 100% 计，25 分 × 100% = 25.00 分",
        ),
        # A figure has as many decimals as tell it from what it is held against.
        (
            {"a": "59.9999", "b": 100},
            {**RATIO, "floor": D("0.6")},
            "≈60 万元 ÷ 100 万元 ≈ 59.9999%，低于 60%，得 0.00 分",
        ),
        # Else it has two.
        (
            {"a": "934.1874", "b": "1203.4515"},
            RATIO,
            "≈934.19 万元 ÷ ≈1,203.45 万元 ≈ 77.63%，25 分 × 77.63% ≈ 19.41 分",
        ),
        (
            {"a": "-0.001", "b": "0.0042"},
            {**COUNT, "value": "a + b", "proportional": True},
            "(−0.001 万元) + ≈0.004 万元 ≈ 0.003 万元，0.003 万元 × 2 分 ≈ 0.01 分",
        ),
        ({"n": "89.9999999"}, STEPS, "89.9999999 个，达到 80 个一档，得 20.00 分"),
        (
            {"a": "2.99999999"},
            {**COUNT, "value": "a"},
            "≈3 万元 ÷ 1 万元 ≈ 2.99999999，取整为 2，2 × 2 分 = 4.00 分",
        ),
    ],
)
def test_units_are_named_and_conditions_told(measures, fields, sentence):
    assert explain(one(measures, 25, **fields), NAMES, UNITS) == sentence


def test_what_was_typed_keeps_its_marks():
    items = [{"name": "通报,甲;乙:丙", "value": "n", "unit": 1}]
    found = one({"n": 2000}, 25, method="deduct", items=items)
    assert explain(found).startswith("通报,甲;乙:丙 2,000 × 1 分 = 2,000 分；")


def test_engine_1_2_says_what_it_said():
    book = replace(load_rulebook(text(line("1", 100, **RATIO))), meaning=meaning_of("1.2"))
    found = score(book, parse_facts(facts({"a": 1, "b": "1234.5"}))).scorecards[0].lines[0]
    assert explain(found, {}, UNITS) == "1 ÷ 1234.5 ≈ 0.08%,100 × 0.08% ≈ 0.08 分"


def test_engine_1_3_says_what_it_said():
    book = replace(load_rulebook(text(line("1", 100, **RATIO))), meaning=meaning_of("1.3"))
    rows = facts({"a": "934.1874", "b": "1203.4515"})
    found = score(book, parse_facts(rows)).scorecards[0].lines[0]
    assert explain(found, {}, UNITS) == (
        "934.1874 万元 ÷ 1,203.4515 万元 ≈ 77.63%，100 分 × 77.63% ≈ 77.63 分"
    )


def test_points_of_three_decimals_are_said_with_two():
    lines = [
        line("1", 60, method="count", value="a", unit=1, proportional=True),
        line("2", 40, method="gate", when="a > 0"),
    ]
    book = text(*lines, line_decimals=3, cap=[{"lines": ["1", "2"], "at_most": D("90.005")}])
    card = run(book, {"a": "51.125"}).scorecards[0]
    assert str(card.line("1").award) == "51.125"
    assert explain(card.line("1")) == "≈51.13 × 1 分 ≈ 51.13 分"
    assert explain_caps(card) == ["指标 1、2 合计 ≈91.13 分,按限额计 ≈90.01 分"]
    assert way_words(way(card, load_rulebook(book))) == [
        "满分 100 − 失分 8.88 − 1、2 限额 1.12 ≈ 基础分 90.01",
        "基础分 90.01 ≈ 总分 90.01",
    ]


def test_a_spread_is_said_with_two_decimals():
    lines = [line("1", 30, method="gate", when="a > 0"), line("2", 40, method="gate", when="a > 0")]
    lines.append(line("3", 30, applies="a > 9", absent="spread"))
    card = run(text(*lines), {"a": 1}).scorecards[0]
    assert explain(card.lines[0]).startswith("分值由 30 分经分摊变为 42.86 分；")


def gate_of(engine, when, measures, labels=None, units=None):
    """A gate in the words of an engine."""
    book = load_rulebook(text(line("1", 100, method="gate", when=when)), meaning=meaning_of(engine))
    card = score(book, parse_facts(facts(measures))).scorecards[0]
    return explain(card.lines[0], labels, units)


def test_conditions_in_the_words_of_each_engine():
    for engine, words in (
        ("1.0", "条件成立(2 > 1)"),
        ("1.1", "条件成立:2 大于 1"),
        ("1.4", "条件成立：2 大于 1"),
    ):
        assert words in gate_of(engine, "a > 1", {"a": 2})
    assert "不适用:条件不成立(0 > 0)" in explain(
        score(
            load_rulebook(
                text(
                    line("1", 60, **RATIO, applies="k > 0"),
                    line("2", 40, method="gate", when="1 > 0"),
                ),
                meaning=meaning_of("1.0"),
            ),
            parse_facts(facts({"k": 0})),
        )
        .scorecards[0]
        .lines[0]
    )
    assert "成立项数(2 > 1, 2 > 5)" in gate_of("1.0", "count(a > 1, a > 5) > 0", {"a": 2})


def test_two_figures_that_read_alike_are_told_by_their_distance():
    assert "1.00001 大于 1" in gate_of("1.4", "a > b", {"a": "1.00001", "b": 1})
    assert "相差 0.00001" in gate_of("1.2", "a > b", {"a": "1.00001", "b": 1})
    tiny = {"x": "0.000000000000000001", "y": 1}
    assert "相差" in gate_of("1.4", "y / 3 + x * x > y / 3", tiny)
    # Thirty decimals are the most that are written to tell two apart.
    least, less = f"1.{'0' * 29}1", f"1.{'0' * 30}1"
    assert f"{least} 大于 1" in gate_of("1.4", "a > b", {"a": least, "b": 1})
    assert "≈1 大于 1" in gate_of("1.4", "a > b", {"a": less, "b": 1})


def test_answers_held_against_each_other_have_no_unit():
    found = gate_of("1.4", "a == b", {"a": 1, "b": 1}, {}, {"a": "是否", "b": "是否"})
    assert "1 等于 1" in found


def test_what_is_not_there_is_named_by_its_label():
    for label, words in (("合作项目个数", "没有合作项目"), ("进度", "没有进度")):
        assert words in gate_of("1.4", "a > 0", {"a": 0}, {"a": label})


def test_what_does_not_apply_and_is_not_spread_counts_nought():
    fields = {"method": "gate", "when": "a > 0", "applies": "k > 0", "absent": "zero"}
    book = text(line("1", 60, **fields), line("2", 40, method="gate", when="1 > 0"))
    for engine, words in (
        ("1.1", "不适用:0 不大于 0,计 0.00 分"),
        ("1.4", "0 不大于 0，按细则得 0 分"),
    ):
        given = parse_facts(facts({"k": 0}))
        card = score(load_rulebook(book, meaning=meaning_of(engine)), given).scorecards[0]
        assert explain(card.lines[0]) == words
