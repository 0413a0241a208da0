"""The sentences for what brings the next points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import facts, line, text
from tracker.engine.scoring import (
    load_rulebook,
    meaning_of,
    next_points,
    next_words,
    parse_facts,
)
from tracker.engine.scoring.next_words import figure, points_words


def sentence(measures, measured_in, granularity, points=60, **fields):
    lines = [line("1", points, **fields), line("F", 100 - points, method="gate", when="1 > 0")]
    if fields.get("kind") == "deduction":
        lines[1]["points"] = 100
    book = load_rulebook(text(*lines))
    found = next_points(book, parse_facts(facts(measures)), {"a": granularity})
    return next_words(found[0], "某数", measured_in)


def test_more():
    fields = {"method": "ratio", "value": "a", "target": 10000}
    assert sentence({"a": "1000"}, "万元", 320, **fields) == (
        "某数再增加 320 万元（至 1,320 万元），可再得 1.92 分；增加到 10,280 万元，可再得 54.00 分"
    )


def test_one_step_is_said_once():
    fields = {"method": "gate", "when": "a >= 1500"}
    assert sentence({"a": "330.5"}, "亩", Decimal("0.5"), **fields) == (
        "某数再增加 1,169.5 亩（至 1,500 亩），可再得 60.00 分"
    )


def test_less():
    items = [{"name": "事故", "value": "a", "unit": 1}]
    fields = {"method": "deduct", "items": items, "kind": "deduction"}
    assert sentence({"a": 3}, "起", 1, **fields) == (
        "某数减少 1 起（至 2 起），可少扣 1.00 分；减少到 0 起，可少扣 3.00 分"
    )


def test_shares_in_percent():
    fields = {"method": "ratio", "value": "a", "target": Decimal("0.9")}
    assert sentence({"a": "0.45"}, "比例", Decimal("0.015"), **fields) == (
        "某数再增加 1.5 个百分点（至 46.5%），可再得 1.00 分；增加到 90%，可再得 30.00 分"
    )


def test_yes_or_no():
    items = [{"name": "计划", "value": "a", "award": 60}]
    fields = {"method": "checklist", "items": items}
    assert sentence({"a": 0}, "是否", 1, **fields) == "某数由“否”变为“是”，可再得 60.00 分"
    assert sentence({}, "是否", 1, **fields) == "某数尚未报告，报“是”，可再得 60.00 分"


def test_not_reported():
    fields = {"method": "count", "value": "a", "unit": 20, "missing": "zero"}
    assert sentence({}, "项", 1, **fields) == (
        "某数尚未报告，报 1 项，可再得 20.00 分；报 3 项，可再得 60.00 分"
    )


def test_points_have_two_decimals_at_most_but_for_what_would_be_nothing():
    for points, words in (("0.12", "0.12"), ("0.125", "≈0.13"), ("0.001", "0.001"), ("-1", "−1")):
        assert points_words(Decimal(points)) == words
    assert points_words(Decimal("-0.125"), meaning_of("1.3")) == "-0.125"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1234567.5", "万元", "1,234,567.5 万元"),
        ("-1234", "", "−1,234"),
        ("1203.4515", "万元", "≈1,203.45 万元"),
        ("0.001", "万元", "0.001 万元"),
        ("0.123456", "比例", "≈12.35%"),
        ("123", "个", "123 个"),
        ("1", "比例", "100%"),
        ("0.125", "比例", "12.5%"),
        ("0", "是否", "否"),
    ],
)
def test_figures(value, unit, text):
    assert figure(value, unit) == text


def test_what_is_reached_is_rounded_on_the_way_of_the_change():
    fields = {"method": "ratio", "value": "a", "target": Decimal("20.0006"), "cap": 1}
    measures = {"a": "12.37484663"}
    found = sentence(measures, "万元/亩", Decimal("0.01"), **fields)
    assert found.startswith("某数再增加 0.01 万元/亩（至 ≈12.39 万元/亩），可再得 0.03 分")
    # Who reaches what is said has the points.
    assert "增加到 ≈20.01 万元/亩" in found
    items = [{"name": "逾期额", "value": "a", "unit": 1}]
    less = {"method": "deduct", "items": items, "kind": "deduction"}
    assert "减少 1 万元（至 ≈2.12 万元）" in sentence({"a": "3.1259"}, "万元", 1, **less)


def test_engine_1_3_writes_what_it_wrote():
    assert figure("-1203.4515", "万元", meaning_of("1.3")) == "-1,203.4515 万元"
