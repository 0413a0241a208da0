"""What the engines of before said and gave, and what is told between one and the next."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.test_changes import ROW, TWO
from tests.engine.scoring.test_changes_words import LABELS, UNITS
from tracker.engine.scoring import (
    changes,
    explain,
    line_words,
    load_rulebook,
    meaning_of,
    parse_facts,
    score,
)
from tracker.engine.scoring.meaning import UnknownEngineError
from tracker.engine.scoring.next_words import points_words

RATIO = {"method": "ratio", "value": "a", "target": "b"}
LOWER = RATIO | {"lower_is_better": True}
COUNTED = {"method": "deduct", "items": [{"name": "通报", "value": "n", "unit": 2}]}


def of(engine, book, *rows):
    return load_rulebook(book, meaning=meaning_of(engine)), parse_facts(facts(*rows))


def first(engine, measures, **fields):
    """The line of one subject, as an engine scored it."""
    return score(*of(engine, text(line("1", 100, **fields)), measures)).scorecards[0].lines[0]


def words(before, after):
    return [line_words(each, LABELS, UNITS) for each in changes(before, after).sheets[0].lines]


def test_an_engine_that_this_program_never_had_is_refused():
    with pytest.raises(
        UnknownEngineError, match=r"不认识计分引擎 9\.9，本程序能用的是 1\.0、.*1\.4"
    ):
        meaning_of("9.9")


@pytest.mark.parametrize(
    ("measures", "fields", "was", "state"),
    [
        ({"a": 1, "b": -2}, RATIO, "0.00", "unscorable"),
        ({"a": 5, "b": 4}, LOWER, "80.00", "scored"),
        ({"a": 0, "b": 4}, LOWER, "100.00", "scored"),
        ({"a": 1, "b": 0}, RATIO, None, "unscorable"),
        ({"a": 3, "b": 4}, RATIO, "75.00", "scored"),
    ],
)
def test_a_ratio_of_engine_1_0(measures, fields, was, state):
    before, now = (first(engine, measures, **fields) for engine in ("1.0", "1.4"))
    assert (None if before.state != "scored" else str(before.award)) == was
    assert now.state == state
    if state == "scored":
        assert now.award == before.award


def test_what_a_newer_engine_makes_of_the_same_facts_is_told():
    book = text(line("1", 100, **RATIO))
    row = {"a": "1", "b": "-2"}
    then, now = of("1.0", book, row), of("1.4", book, row)
    found = changes(then, now)
    assert found.rules == ("计分引擎由 1.0 改为 1.4",)
    (told,) = words(then, now)
    assert "计分引擎更新后，同样的事实为“不可计分”" in told
    # What is read alike is not told, though another fact of the subject changed.
    assert "计分引擎" not in words(of("1.0", book, ROW), of("1.4", book, ROW | {"a": "8"}))[0]
    (again,) = changes(then, of("1.4", book, {"a": "2", "b": "4"})).sheets[0].lines
    assert again.reread.state == "unscorable"


def test_a_newer_engine_may_score_what_an_older_one_scored_otherwise():
    book = text(line("1", 100, **COUNTED | {"kind": "deduction"}), line("2", 100, **RATIO))
    row = {"n": "-1", "a": "1", "b": "2"}
    told = words(of("1.0", book, row), of("1.4", book, row))
    assert any("计分引擎更新后，同样的事实为“不可计分”" in each for each in told)


def test_points_and_figures_keep_the_words_of_their_engine():
    def pair(engine):
        return of(engine, text(*TWO), ROW), of(engine, text(*TWO), ROW | {"k": "0", "a": "6.789"})

    for engine in ("1.2", "1.3", "1.4"):
        found = words(*pair(engine))
        assert "分值由 60 分变为 100 分" in found[0], engine
    assert "由 5 万元变为 6.789 万元" in words(*pair("1.3"))[0]
    assert "由 5 万元变为≈6.79 万元" in words(*pair("1.4"))[0]


def test_points_have_two_decimals_since_engine_1_4():
    for points, before, now in (
        ("1.2345", "1.2345", "≈1.23"),
        ("-1.5", "-1.5", "−1.5"),
        ("0.001", "0.001", "0.001"),
        ("1.2300", "1.2300", "1.23"),
    ):
        assert points_words(Decimal(points), meaning_of("1.3")) == before
        assert points_words(Decimal(points)) == now


def test_a_spread_is_told_in_the_words_of_each_engine():
    lines = [line("1", 60, **RATIO), TWO[1]]
    for engine, told in (
        ("1.2", "分值由 60 分摊后为 100;"),
        ("1.3", "分值由 60 分经分摊变为 100 分;"),
        ("1.4", "分值由 60 分经分摊变为 100 分;"),
    ):
        card = score(*of(engine, text(*lines), ROW | {"k": "0"})).scorecards[0]
        assert told.rstrip(";") in explain(card.lines[0]), engine
        assert "分分摊到其余指标" in explain(card.lines[1]), engine


def test_each_engine_has_its_own_way_with_small_figures():
    found = {
        engine: explain(first(engine, {"a": "0.00012345678", "b": 3}, **RATIO))
        for engine in ("1.2", "1.3", "1.4")
    }
    assert found["1.2"].startswith("≈0.0001235 ÷ 3 ≈ 0.00%"), found
    assert found["1.3"].startswith("≈0.00012 ÷ 3 ≈ 0.004%"), found
    assert found["1.4"].startswith("≈0.0001 ÷ 3 ≈ 0.004%"), found


def test_parts_of_a_difference_are_left_out_where_the_new_rule_cannot_take_the_old_facts():
    # The new rulebook knows no class that the old facts name.
    other = text(TWO[0] | {"target": 20}, TWO[1], classes=["甲类"])
    then = of("1.4", text(*TWO), ROW | {"class": "乙类"})
    (told,) = changes(then, of("1.4", other, ROW | {"class": "甲类"})).sheets
    assert (told.by_rule, told.by_own) == (None, None)
    assert told.lines[0].rules
    assert (told.lines[0].by_rule, told.lines[0].by_own) == (None, None)


def test_a_fact_of_a_line_that_is_new_has_no_points_by_itself():
    other = [TWO[0], line("3", 40, method="gate", when="d > 0")]
    found = changes(of("1.4", text(*TWO), ROW), of("1.4", text(*other), ROW | {"d": "1"}))
    by_code = {each.line: each for each in found.sheets[0].lines}
    assert [(each.measure, each.alone) for each in by_code["3"].facts] == [("d", None)]
