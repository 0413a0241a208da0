"""Expressions in words and their units: what the reader of a rulebook and of a scorecard sees."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tracker.engine.scoring.expressions import CONDITION, NUMBER, parse
from tracker.engine.scoring.names import quoted, score_label
from tracker.engine.scoring.rendering import formula, label
from tracker.engine.scoring.units import unit_of

LABELS = {"paid": "已付返利", "due": "应付返利", "n": "项目数"}
UNITS = {"paid": "万元", "due": "万元", "land": "亩", "part": "比例", "ok": "是否", "n": "个"}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("paid / due", NUMBER, "「已付返利」 ÷ 「应付返利」"),
        ("-(paid + due) * 2", NUMBER, "−(「已付返利」 + 「应付返利」) × 2"),
        ("n - (n - other) - 1", NUMBER, "「项目数」 − (「项目数」 − other) − 1"),
        (
            "n / (n / other) / (2 * n)",
            NUMBER,
            "「项目数」 ÷ (「项目数」 ÷ other) ÷ (2 × 「项目数」)",
        ),
        ("1 + if(n > 1, 2, 3)", NUMBER, "1 + (如果 「项目数」 > 1 则取 2，否则取 3)"),
        ("abs(paid - due)", NUMBER, "绝对值(「已付返利」 − 「应付返利」)"),
        ("count(n > 1, paid == 0)", NUMBER, "成立项数(「项目数」 > 1, 「已付返利」 = 0)"),
        ("not (n >= 1 or n != 3)", CONDITION, "非 (「项目数」 ≥ 1 或 「项目数」 ≠ 3)"),
        ("n < 1 and mean.n <= 2", CONDITION, "「项目数」 < 1 且 「项目数」的同类平均 ≤ 2"),
        ("if(n > 1, paid, other)", NUMBER, "如果 「项目数」 > 1 则取 「已付返利」，否则取 other"),
        ("-n * 2 + paid * 3", NUMBER, "−「项目数」 × 2 + 「已付返利」 × 3"),
        (
            "not n + 1 > 2 and n > 1 or paid * 2 > due - 1",
            CONDITION,
            "非 「项目数」 + 1 > 2 且 「项目数」 > 1 或 「已付返利」 × 2 > 「应付返利」 − 1",
        ),
        ("min(paid, -due)", NUMBER, "取小(「已付返利」, −「应付返利」)"),
    ],
)
def test_an_expression_in_words(text, kind, words):
    assert formula(parse(text, kind), LABELS) == words


def test_a_name_in_words():
    assert label("best.paid", LABELS) == "「已付返利」的同类最高"
    assert label("best.other", LABELS) == "best.other"
    assert score_label("score.enclave.income").endswith("得分均值")
    assert score_label("score.nowhere") == "产业园得分均值"
    assert score_label("score.enclave.development.inbound") == "域内发展飞地得分均值"


def test_a_value_of_a_file_is_quoted_short():
    long = "长" * 40
    assert [quoted(value) for value in ({"a": 1}, [1], True, 2, long, long + "长", "a\nb")] == [
        "「{…}」",
        "「[…]」",
        "「true」",
        "「2」",
        f"「{long}」",
        f"「{long}…」",
        "「a�b」",
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("paid", "万元"),
        ("mean.paid", "万元"),
        ("ok", ""),
        ("3", ""),
        ("-paid", "万元"),
        ("abs(paid - due)", "万元"),
        ("paid + 3", "万元"),
        ("paid + land", ""),
        ("paid + max(3, 4)", "万元"),
        ("paid + max(due, land)", ""),
        ("paid / land / n", ""),
        ("3 + 4", ""),
        ("max(paid, due)", "万元"),
        ("paid / due", "比例"),
        ("paid / land", "万元/亩"),
        ("paid * part", "万元"),
        ("paid / 10000", ""),
        ("paid * due", ""),
        ("1 / paid", ""),
        ("paid / due / land", ""),
        ("paid * land / due", "亩"),
        ("land * n / paid / due", ""),
        ("if(n > 1, paid, land)", "万元"),
        ("if(n > 5, paid, land)", "亩"),
        ("count(n > 1)", ""),
    ],
)
def test_the_unit_of_an_expression(text, unit):
    tree = parse(text, NUMBER).tree
    env = {"n": Fraction(2), "paid": 1, "due": 1, "land": 1, "part": 1, "ok": 1}
    assert unit_of(tree, UNITS, env) == unit
    assert unit_of(tree, {}, env) == ""
