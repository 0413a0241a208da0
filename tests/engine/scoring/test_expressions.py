"""The expression language: what it means, and what it refuses without a stumble."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.engine.scoring.calls import calls_counted
from tracker.engine.scoring.expressions import (
    CONDITION,
    NUMBER,
    ExpressionError,
    parse,
)

ENV = {"a": 6, "b": 4, "c": Fraction(1, 2), "x.y_1": -3, "zero": 0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0.35", Fraction(7, 20)),
        ("a + b * c", 8),
        ("(a + b) * c", 5),
        ("a - b - c", Fraction(3, 2)),
        ("a / b / c", 3),
        ("a / b * c", Fraction(3, 4)),
        ("-a + b", -2),
        ("- -a", 6),
        ("2 * -a", -12),
        ("a--b", 10),
        ("x.y_1", -3),
        ("min(a, b, c)", Fraction(1, 2)),
        ("max(a)", 6),
        ("abs(x.y_1)", 3),
        ("count(a > b, b > a, a == 6)", 2),
        ("count(a > b or b > a, a < b or b < a)", 2),
        ("if(a > b, a, 1 / zero)", 6),
        ("if(a < b, 1 / zero, b)", 4),
        ("\n a\t+\r\n b ", 10),
        ("1 / 3", Fraction(1, 3)),
    ],
)
def test_numbers(text, value):
    found = parse(text, NUMBER).evaluate(ENV)
    assert found == value
    assert type(found) in (int, Fraction)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a > b", True),
        ("a <= b", False),
        ("a != 6", False),
        ("a == 12 / 2", True),
        ("not a < b", True),
        ("not not a < b", False),
        ("a > b or a > b and a < b", True),
        ("(a > b or a > b) and a < b", False),
        ("not a > b or a > b", True),
        ("not (a > b or a > b)", False),
        ("not a > b and a < b", False),
        ("a + 1 > b * 1 and b >= 4", True),
        ("1 / 3 == 2 / 6", True),
    ],
)
def test_conditions(text, value):
    assert parse(text, CONDITION).evaluate(ENV) is value


@pytest.mark.parametrize("text", ["1 / zero", "a / (b - 4)", "min(a, 1 / zero)"])
def test_division_by_zero(text):
    with pytest.raises(ZeroDivisionError):
        parse(text, NUMBER).evaluate(ENV)


@pytest.mark.parametrize(
    "text",
    ["a > b or 1 / zero > 0", "a < b and 1 / zero > 0", "count(a > b, 1 / zero > 0) > 0"],
)
def test_conditions_are_not_cut_short(text):
    with pytest.raises(ZeroDivisionError):
        parse(text, CONDITION).evaluate(ENV)


BAD_NUMBERS = [
    "",
    "  ",
    "1e3",
    "1.",
    ".5",
    "1_000",
    "0x1F",
    "a b",
    "a +",
    "* a",
    "+a",
    "a ** b",
    "a // b",
    "a % b",
    "(a",
    "a)",
    "()",
    "A",
    "a.B",
    "a..b",
    "a.",
    "_a",
    "a.3",
    "a . b",
    "a > b",
    "a > b > c",
    "abs(a, b)",
    "abs()",
    "min()",
    "min(a,)",
    "if(a, b, c)",
    "if(a > b, a)",
    "if(a > b, a > b, a < b)",
    "count(a)",
    "min",
    "not a",
    "1 + not a > b",
    "a and b",
    "(a > b) + 1",
    "-(a > b)",
    "mean",
    "mean.",
    "mean.mean.a",
    "mean.line.3",
    "mean.A",
    "min.a",
    "if.a",
    "base",
    "base.x",
    "total",
    "line.1",
    "share.1",
    "__class__",
    "a.__class__",
    "().__class__",
    "open(a)",
    "eval(a)",
    "a[0]",
    "'a'",
    '"a"',
    "a; b",
    "a = b",
    "lambda: a",
    "１２",
    "ａ",
    "a，b",
    "a\u00a0+ b",
    "a\x00",
    "1" * 61,
]


@pytest.mark.parametrize("text", BAD_NUMBERS)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ExpressionError):
        parse(text, NUMBER)


@pytest.mark.parametrize("text", ["a", "1", "a > b > c", "not a", "a == (b > c)", "a < not b > c"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ExpressionError):
        parse(text, CONDITION)


def test_totals_need_codes_that_exist():
    codes = frozenset({"1", "A1.1"})
    found = parse("line.1 + share.A1.1 + base - total", NUMBER, codes)
    assert found.names == ("line.1", "share.A1.1", "base", "total")
    assert found.measures == frozenset()
    for text in ("line.2", "line", "share.", "line.1.1", "base.1"):
        with pytest.raises(ExpressionError):
            parse(text, NUMBER, codes)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000_000 + ")" * 5_000_000,
        "(" * 1900 + "1" + ")" * 1900,
        "-" * 3000,
        "not " * 900,
        "abs(" * 900 + "1" + ")" * 900,
        "if(1 > 0, " * 300,
        "1" * 5_000_000,
        "a" * 5_000_000,
        "1 or " * 700,
        "a.__class__.__mro__",
    ],
)
def test_hostile_expressions_are_refused_at_once(text):
    with calls_counted() as calls, pytest.raises(ExpressionError):
        parse(text, NUMBER)
    assert len(calls) < 100_000


def test_the_deepest_and_longest_expressions_allowed_are_evaluated():
    deep = "if(1 < 2 or 1 < 2 and not 1 > 1 + 1 * -" * 30 + "1" + ", 1, 2)" * 30
    assert parse(deep, NUMBER).evaluate({}) == 1
    assert parse("(" * 40 + "1" + ")" * 40, NUMBER).evaluate({}) == 1
    assert parse("1+" * 1900 + "1", NUMBER).evaluate({}) == 1901
    assert parse("-" * 3000 + "1", NUMBER).evaluate({}) == 1
    assert parse("not " * 900 + "1 > 0", CONDITION).evaluate({}) is True


@pytest.mark.parametrize("before", ["max(1) + ", "abs(-1) + ", "(1) + ", "min((1), (2)) + "])
def test_what_was_closed_counts_neither_for_nor_against_the_depth_of_what_follows(before):
    def nested(depth):
        return before * 50 + "(" * depth + "1" + ")" * depth

    assert parse(nested(40), NUMBER).evaluate({}) > 50
    with pytest.raises(ExpressionError, match="层"):
        parse(nested(41), NUMBER)


@pytest.mark.parametrize("text", ["* a)", ", a)", "< a)", "a + * b)", "max(* a))", "not * a)"])
def test_no_other_sign_opens_a_bracket(text):
    with pytest.raises(ExpressionError):
        parse(text, NUMBER if "not" not in text else CONDITION)


def test_expressions_are_equal_by_what_they_say():
    said = parse("a + b", NUMBER)
    assert replace(said, names=(), tree=(), evaluate=None) == said
    assert replace(said, text="a+b") != said
    assert replace(said, kind=CONDITION) != said


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("", NUMBER, "内容为空，请填写"),
        ("(a", NUMBER, "末尾应为 )，请检查括号和逗号"),
        ("(a,", NUMBER, "「,」处应为 )，请检查括号和逗号"),
        ("(a b", NUMBER, "「b」处应为 )，请检查括号和逗号"),
        ("a b", NUMBER, "「b」处多余或缺少运算符，请检查"),
        ("a +", NUMBER, "末尾缺少数值或名称，请补上"),
        ("a + *", NUMBER, "「*」处缺少数值或名称，请补上"),
        ("a \n？", NUMBER, "不认识字符「？」，请只用半角的数字、名称和运算符"),
        ("a > b > c", CONDITION, "比较不能连写，请用 and 连接两个比较"),
        ("a + (b > c)", NUMBER, "+ 两边都应为数值，请改写"),
        ("(b > c) * a", NUMBER, "* 两边都应为数值，请改写"),
        ("(a > b) < c", CONDITION, "< 两边都应为数值，请改写"),
        ("a > b and c", CONDITION, "and 两边都应为条件，请改写"),
        ("c or a > b", CONDITION, "or 两边都应为条件，请改写"),
        ("not a", CONDITION, "not 后面应为条件，请改写"),
        ("1 + not a > b", CONDITION, "not 用在数值处，请加括号或改写"),
        ("-(a > b)", NUMBER, "负号后面应为数值，请改写"),
        ("a", CONDITION, "此处应为条件(真或假)，请改写"),
        ("a > b", NUMBER, "此处应为数值，请改写"),
        ("min(a, a > b)", NUMBER, "min 的第 2 个参数应为数值，请改写"),
        ("count(a)", NUMBER, "count 的第 1 个参数应为条件，请改写"),
        ("abs(a, b)", NUMBER, "abs 应有 1 个参数，现有 2 个"),
        ("if(a > b, a)", NUMBER, "if 应有 3 个参数，现有 2 个"),
        ("open(a)", NUMBER, "没有「open」这个函数，可用 min、max、abs、count、if"),
    ],
)
def test_what_is_wrong_and_where_is_said(text, kind, words):
    with pytest.raises(ExpressionError) as caught:
        parse(text, kind)
    assert str(caught.value) == words


def test_the_longest_text_allowed():
    assert parse("a".ljust(4000), NUMBER).names == ("a",)
    with pytest.raises(ExpressionError, match="请写得短一些"):
        parse("a".ljust(4001), NUMBER)
