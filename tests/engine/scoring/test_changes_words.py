"""The sentences for what changed."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.test_changes import ROW, TWO, scored
from tracker.engine.scoring import (
    changes,
    line_words,
    load_rulebook,
    meaning_of,
    parse_facts,
    reason_words,
    score,
    sheet_words,
)

LABELS = {"a": "到位资金", "b": "年度目标", "k": "飞地数"}
UNITS = {"a": "万元", "b": "万元"}


def sentences(before, after):
    sheet = changes(before, after).sheets[0]
    return [line_words(change, LABELS, UNITS) for change in sheet.lines]


def same_book(**changed):
    return sentences(scored(text(*TWO), ROW), scored(text(*TWO), ROW | changed))


def test_one_fact():
    assert same_book(a="8000") == [
        "指标 1「指标1」由 30.00 分变为 60.00 分（+30.00 分）：「到位资金」由 5 万元变为 8,000 万元"
    ]


def test_figures_are_short_and_told_apart():
    assert same_book(a="5.123456789")[0].endswith("「到位资金」由 5 万元变为≈5.12 万元")
    assert same_book(a="5.0000001")[0].endswith("「到位资金」由 5 万元变为 5.0000001 万元")


def test_several_facts():
    assert same_book(a="8", b="20") == [
        "指标 1「指标1」由 30.00 分变为 24.00 分（−6.00 分）："
        "「到位资金」由 5 万元变为 8 万元（只变这一项时为 48.00 分）；"
        "「年度目标」由 10 万元变为 20 万元（只变这一项时为 15.00 分）"
    ]


def test_states_and_spreads():
    assert same_book(k="0", a=None) == [
        "指标 1「指标1」由 30.00 分变为“不可计分”（−30.00 分）："
        "「到位资金」由 5 万元变为“未报告”（只变这一项时为“不可计分”）；分值由 60 分变为 100 分",
        "指标 2「指标2」由 40.00 分变为“不适用”（−40.00 分）：「飞地数」由 1 变为 0",
    ]


def test_no_difference():
    assert same_book(c="9") == ["指标 2「指标2」仍为 40.00 分：c 由 6 变为 9"]


def test_lines_and_rules():
    other = [TWO[0] | {"target": 20}, line("3", 40, method="gate", when="a > 1")]
    assert sentences(scored(text(*TWO), ROW), scored(text(*other), ROW)) == [
        "指标 1「指标1」由 30.00 分变为 15.00 分（−15.00 分）：细则调整，目标值由「b」改为「20」；"
        "其中细则调整 −15.00 分，数据变化 +0.00 分",
        "指标 3「指标3」为新增指标，现计 40.00 分",
        "指标 2「指标2」不再考核，原计 40.00 分",
    ]


def test_other_points_of_the_rulebook_are_told_once_and_spread_ones_beside_them():
    other = [TWO[0] | {"points": 50}, TWO[1] | {"points": 50}]
    assert sentences(scored(text(*TWO), ROW), scored(text(*other), ROW)) == [
        "指标 1「指标1」由 30.00 分变为 25.00 分（−5.00 分）："
        "细则调整，分值由「60」改为「50」；其中细则调整 −5.00 分，数据变化 +0.00 分",
        "指标 2「指标2」由 40.00 分变为 50.00 分（+10.00 分）："
        "细则调整，分值由「40」改为「50」；其中细则调整 +10.00 分，数据变化 +0.00 分",
    ]
    spread = sentences(scored(text(*TWO), ROW), scored(text(*other), ROW | {"k": "0"}))[0]
    assert "：分值由 60 分变为 100 分；细则调整，分值由「60」改为「50」" in spread


def test_what_the_rule_and_what_the_facts_changed_are_told_apart():
    other = [TWO[0] | {"target": 20}, TWO[1]]
    before, after = scored(text(*TWO), ROW), scored(text(*other), ROW | {"a": "10"})
    found = changes(before, after).sheets[0]
    (own,) = found.lines
    assert (str(own.by_rule), str(own.by_own)) == ("-15.00", "15.00")
    # What the parts say is what scoring last year's facts by this year's rule gives.
    then, between = (score(*each).scorecards[0] for each in (before, scored(text(*other), ROW)))
    assert own.by_rule == between.line("1").award - then.line("1").award
    assert own.by_rule + own.by_own == own.difference
    words = line_words(own, LABELS, UNITS)
    assert words.endswith("；其中细则调整 −15.00 分，数据变化 +15.00 分")
    assert sheet_words(found).startswith("「对象1」总分仍为 70.00 分，其中细则调整 −15.00 分")


def test_what_cannot_be_told_apart_is_said_to_be_so():
    other = [TWO[0] | {"target": "new"}, TWO[1]]
    book = text(*other)
    (own,) = changes(scored(text(*TWO), ROW), scored(book, ROW | {"new": "5"})).sheets[0].lines
    assert (own.by_rule, own.by_own) == (None, None)
    assert line_words(own, LABELS, UNITS).endswith("细则调整与数据变化各占多少，无法分开")


def test_what_only_one_of_the_rulebooks_asks_for_is_not_unreported_in_the_other():
    other = [TWO[0] | {"target": "new"}, TWO[1]]
    sides = scored(text(*TWO), ROW), scored(text(*other), ROW | {"a": "6", "new": "5"})
    (own,) = changes(*sides).sheets[0].lines
    labels = LABELS | {"new": "新目标"}
    assert reason_words(own, labels, UNITS) == (
        "「到位资金」由 5 万元变为 6 万元；新取用「新目标」，为 5；"
        "细则调整，目标值由「b」改为「new」"
    )
    assert "新取用「新目标」，为 5；" in line_words(own, labels, UNITS)
    known, fresh = own.facts
    assert (known.measure, known.alone is None) == ("a", False)
    assert (fresh.measure, fresh.alone) == ("new", None)
    (back,) = changes(*reversed(sides)).sheets[0].lines
    assert "；不再取用「新目标」，原为 5；" in line_words(back, labels, UNITS)


def test_a_line_that_is_new_tells_of_no_fact_what_it_alone_would_change():
    more = [TWO[0], TWO[1] | {"points": 30}, line("3", 10, method="ratio", value="a", target="b")]
    found = changes(scored(text(*TWO), ROW), scored(text(*more), ROW | {"a": "6"}))
    fact = {change.line: change.facts[0] for change in found.sheets[0].lines if change.facts}
    assert (fact["1"].measure, fact["1"].alone is None) == ("a", False)
    assert (fact["3"].measure, fact["3"].alone) == ("a", None)


def test_others():
    book = text(
        line("1", 60, method="rank", value="a", table=[[1, 60], [2, 30]]),
        line("2", 40, method="ratio", value="a", target="best.a"),
    )
    assert sentences(scored(book, {"a": 5}, {"a": 4}), scored(book, {"a": 5}, {"a": 10})) == [
        "指标 1「指标1」由 60.00 分变为 30.00 分（−30.00 分）："
        "本对象的数据没有变化，同类其他对象的数据有变化",
        "指标 2「指标2」由 40.00 分变为 20.00 分（−20.00 分）："
        "「到位资金」的同类最高由 5 万元变为 10 万元",
    ]


def test_sheets():
    book = load_rulebook(text(*TWO))
    before = parse_facts(facts(ROW, ROW | {"a": "6"}))
    after = parse_facts(facts(ROW | {"a": "9"}, ROW | {"a": "6"}, ROW))
    found = [sheet_words(sheet) for sheet in changes((book, before), (book, after)).sheets]
    assert found == [
        "「对象1」总分由 70.00 分变为 94.00 分（+24.00 分），等次由合格变为优秀，名次由第2变为第1",
        "「对象2」总分仍为 76.00 分，名次由第1变为第2",
        "「对象3」新列入，总分 70.00 分，等次合格",
    ]
    gone = changes((book, after), (book, before)).sheets[-1]
    assert sheet_words(gone) == "「对象3」不再列入，原总分 70.00 分，等次合格"
    missing = parse_facts(facts(ROW | {"a": None}))
    sheet = changes((book, parse_facts(facts(ROW))), (book, missing)).sheets[0]
    assert sheet_words(sheet).endswith("评分表由完整变为不完整")


def said(before, after, engine="1.4", units=UNITS, lines=TWO, **head):
    book = load_rulebook(text(*lines, **head), meaning=meaning_of(engine))
    given = [parse_facts(facts(row)) for row in (before, after)]
    (sheet,) = changes(*((book, each) for each in given)).sheets
    return [line_words(change, LABELS, units) for change in sheet.lines]


def test_an_answer_is_told_as_one():
    asked = [TWO[0], TWO[1] | {"when": "c > 1"}]
    (told,) = said(ROW, ROW | {"c": "1"}, units={"c": "是否"}, lines=asked)
    assert told.endswith("：c 由是变为是")
    lines = [line("1", 100, method="gate", when="c > 0")]
    for engine in ("1.2", "1.4"):
        (told,) = said({"c": "0"}, {"c": "1"}, engine, {"c": "是否"}, lines)
        assert told.endswith("：c 由否变为是")


def test_figures_and_points_of_a_change_in_the_words_of_each_engine():
    lines = [
        line("1", 60, method="count", value="a", unit=1),
        line("2", "x", method="gate", when="a > 0"),
        line("3", "y", method="gate", when="a > 0", applies="k > 0", absent="spread"),
    ]
    lines[1]["points"], lines[2]["points"] = Decimal("29.875"), Decimal("10.125")
    row = {"a": "1", "k": "1"}
    for engine, points in (("1.3", "60 分变为 66.759 分"), ("1.4", "60 分变为 ≈66.76 分")):
        found = said(row, row | {"k": "0"}, engine, lines=lines, line_decimals=3)
        assert f"分值由 {points}" in found[0]
    for engine, told in (
        ("1.2", "由 1 万元变为 12,345.678 万元"),
        ("1.3", "由 1 万元变为 12,345.678 万元"),
        ("1.4", "由 1 万元变为≈12,345.68 万元"),
    ):
        assert told in said(row, row | {"a": "12345.678"}, engine, lines=lines, line_decimals=3)[0]
