"""What changed between two scorings, by hand and as it must be for any two."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.test_properties import rulebooks, subject_rows, whole
from tracker.engine.scoring import changes, load_rulebook, meaning_of, parse_facts, score

QUICK = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
SOAK = settings(QUICK, max_examples=400)

TWO = [
    line("1", 60, method="ratio", value="a", target="b"),
    line("2", 40, method="gate", when="c >= 5", applies="k > 0", absent="spread"),
]
ROW = {"a": "5", "b": "10", "c": "6", "k": "1"}


def scored(book, *rows):
    return load_rulebook(book), parse_facts(facts(*rows))


def lines_of(before, after):
    return {
        change.line: change for sheet in changes(before, after).sheets for change in sheet.lines
    }


def test_one_fact_makes_the_whole_difference():
    book = text(*TWO)
    found = lines_of(scored(book, ROW), scored(book, ROW | {"a": "8"}))
    assert list(found) == ["1"]
    change = found["1"]
    assert (str(change.before.award), str(change.after.award)) == ("30.00", "48.00")
    assert change.difference == 18
    assert (change.only_cause.measure, change.only_cause.before, change.only_cause.after) == (
        "a",
        5,
        8,
    )


def test_of_several_facts_each_is_shown_alone():
    book = text(*TWO)
    found = lines_of(scored(book, ROW), scored(book, ROW | {"a": "8", "b": "20"}))["1"]
    assert found.only_cause is None
    assert found.difference == Decimal("-6.00")
    assert [(fact.measure, str(fact.alone.award)) for fact in found.facts] == [
        ("a", "48.00"),
        ("b", "15.00"),
    ]


def test_a_fact_that_moves_no_points_is_told_all_the_same():
    book = text(*TWO)
    found = lines_of(scored(book, ROW), scored(book, ROW | {"c": "9"}))["2"]
    assert found.difference == 0
    assert [fact.measure for fact in found.facts] == ["c"]


def test_states_and_facts_that_are_no_longer_reported():
    book = text(*TWO)
    found = lines_of(scored(book, ROW), scored(book, ROW | {"a": None}))["1"]
    assert (found.before.state, found.after.state) == ("scored", "unscorable")
    assert found.only_cause.after is None
    assert found.only_cause.alone.state == "unscorable"


def test_a_line_that_ceases_to_apply_spreads_its_points():
    book = text(*TWO)
    found = lines_of(scored(book, ROW), scored(book, ROW | {"k": "0"}))
    assert found["2"].after.state == "not_applicable"
    assert [fact.measure for fact in found["2"].facts] == ["k"]
    assert found["1"].facts == ()
    assert (found["1"].before.points, found["1"].after.points) == (60, 100)


def test_the_facts_of_others_move_pools_and_class_values():
    book = text(
        line("1", 60, method="rank", value="a", table=[[1, 60], [2, 30]]),
        line("2", 40, method="ratio", value="a", target="best.a"),
    )
    before, after = (scored(book, {"a": 5}, {"a": other}) for other in (4, 10))
    first = {c.line: c for c in changes(before, after).sheets[0].lines}
    assert first["1"].facts == ()
    assert first["1"].pooled
    assert first["1"].difference == -30
    assert [(v.name, v.before, v.after) for v in first["2"].class_values] == [("best.a", 5, 10)]
    second = {c.line: c for c in changes(before, after).sheets[1].lines}
    assert second["1"].only_cause.after == 10
    assert second["2"].only_cause.alone.award == 40


def test_rules_that_changed_are_told_at_their_line():
    before = scored(text(*TWO), ROW)
    other = [TWO[0] | {"points": 70, "target": "b * 2"}, line("3", 30, method="gate", when="a > 1")]
    after = scored(text(*other, bonus_cap=5), ROW)
    found = changes(before, after)
    assert len(found.rules) == 1
    assert "加分封顶" in found.rules[0]
    by_code = {change.line: change for change in found.sheets[0].lines}
    assert list(by_code) == ["1", "3", "2"]
    assert by_code["3"].before is None
    assert by_code["2"].after is None
    assert [("分值" in rule, "目标" in rule) for rule in by_code["1"].rules] == [
        (True, False),
        (False, True),
    ]
    assert by_code["1"].only_cause is None
    assert sum(change.difference for change in by_code.values()) == Decimal("-22.50")


def test_a_fact_is_no_only_cause_where_the_rule_or_its_reading_changed_too():
    other = [TWO[0] | {"words": "另一公式"}, TWO[1]]
    (change,) = lines_of(scored(text(*TWO), ROW), scored(text(*other), ROW | {"a": "8"})).values()
    assert (change.facts[0].alone, change.only_cause) == (change.after, None)
    lower = text(line("1", 100, method="ratio", value="a", target="b", lower_is_better=True))
    sides = [
        (load_rulebook(lower, meaning=meaning_of(engine)), parse_facts(facts(row)))
        for engine, row in (("1.0", {"a": "-1", "b": "4"}), ("1.4", {"a": "2", "b": "4"}))
    ]
    (change,) = lines_of(*sides).values()
    assert change.reread is not None
    assert (change.facts[0].alone, change.only_cause) == (change.after, None)


def test_what_the_rule_and_the_facts_changed_of_a_total_is_known_for_whole_sheets_alone():
    other = text(TWO[0] | {"target": 20}, TWO[1])
    cases = [(ROW, ROW | {"a": "12"}, (-15, 21)), (ROW | {"c": None}, ROW, (None, None))]
    cases.append((ROW, ROW | {"c": None}, (None, None)))
    for before, after, parts in cases:
        (sheet,) = changes(scored(text(*TWO), before), scored(other, after)).sheets
        assert (sheet.by_rule, sheet.by_own) == parts
    needs = text(TWO[0] | {"target": "new"}, TWO[1])
    (sheet,) = changes(scored(text(*TWO), ROW), scored(needs, ROW | {"new": "5"})).sheets
    assert (sheet.by_rule, sheet.by_own) == (None, None)


def test_there_are_changes_where_rules_or_sheets_changed():
    plain, capped = scored(text(*TWO), ROW), scored(text(*TWO, bonus_cap=5), ROW)
    assert not changes(plain, plain)
    assert changes(plain, scored(text(*TWO), ROW | {"a": "6"}))
    only_rules = changes(plain, capped)
    assert (bool(only_rules), only_rules.sheets) == (True, ())


def test_subjects_come_and_go():
    book = load_rulebook(text(*TWO))
    before, after = whole([ROW, ROW]), whole([ROW, ROW, ROW])
    after["subjects"] = after["subjects"][1:]
    sheets = changes((book, parse_facts(before)), (book, parse_facts(after))).sheets
    assert [(s.subject, s.before is None, s.after is None) for s in sheets] == [
        ("S2", True, False),
        ("S0", False, True),
    ]


def test_a_result_serves_as_well_as_what_it_was_scored_from():
    before, after = scored(text(*TWO), ROW), scored(text(*TWO), ROW | {"a": "9"})
    assert changes(score(*before), score(*after)) == changes(before, after)


def check_two(book_text, first, second):
    book = load_rulebook(book_text)
    sides = [score(book, parse_facts(whole(rows, ("甲", "乙")))) for rows in (first, second)]
    found = changes(*sides)
    assert found.rules == ()
    cards = [{card.subject.code: card for card in side.scorecards} for side in sides]
    capped = set(book.caps[0].lines)
    changed = {sheet.subject: sheet for sheet in found.sheets}
    for code in cards[0].keys() & cards[1].keys():
        old, new = cards[0][code], cards[1][code]
        sheet = changed.get(code)
        told = {} if sheet is None else {change.line: change for change in sheet.lines}
        bases = [
            sum(found.award for found in card.lines if found.indicator.kind == "score")
            for card in (old, new)
        ]
        moved = sum(c.difference for c in told.values() if c.kind == "score")
        assert moved == bases[1] - bases[0]
        limits = [
            card for card in (old, new) if capped & {c for u in card.caps for c in u.cap.lines}
        ]
        if not limits:
            assert moved == new.base - old.base
        for number, line_before in enumerate(old.lines):
            line_after = new.lines[number]
            if line_before.award != line_after.award or line_before.state != line_after.state:
                assert line_before.code in told
        for change in told.values():
            for fact in change.facts:
                assert old.subject.measures.get(fact.measure) == fact.before
                assert new.subject.measures.get(fact.measure) == fact.after
    gone = cards[0].keys() ^ cards[1].keys()
    assert gone == {s.subject for s in found.sheets if s.before is None or s.after is None}


@QUICK
@given(rulebooks(), subject_rows, subject_rows)
def test_the_differences_of_the_lines_add_up(book_text, first, second):
    check_two(book_text, first, second)


@pytest.mark.soak
@settings(QUICK, max_examples=2000)
@given(rulebooks(), subject_rows, subject_rows)
def test_the_differences_of_the_lines_add_up_soak(book_text, first, second):
    check_two(book_text, first, second)


def check_itself(book_text, rows):
    given_facts = parse_facts(whole(rows, ("甲", "乙")))
    scoring = load_rulebook(book_text), given_facts
    found = changes(scoring, (load_rulebook(book_text), given_facts))
    assert not found
    assert found.sheets == ()


@QUICK
@given(rulebooks(), subject_rows)
def test_nothing_changes_between_a_scoring_and_itself(book_text, rows):
    check_itself(book_text, rows)


@pytest.mark.soak
@SOAK
@given(rulebooks(), subject_rows)
def test_nothing_changes_between_a_scoring_and_itself_soak(book_text, rows):
    check_itself(book_text, rows)


def check_alone(book_text, rows, name, value):
    book = load_rulebook(book_text)
    after = [dict(row) for row in rows]
    after[0][name] = value
    sides = [(book, parse_facts(whole(side, ("甲", "乙")))) for side in (rows, after)]
    for sheet in changes(*sides).sheets:
        for change in sheet.lines:
            if sheet.subject != "S0":
                assert change.facts == ()
                continue
            for fact in change.facts:
                assert fact.after == Fraction(value)
                assert fact.alone == change.after
                assert change.only_cause is fact


one_changed = given(rulebooks(), subject_rows, st.sampled_from("abck"), st.integers(-3, 12))


@QUICK
@one_changed
def test_one_changed_fact_alone_gives_what_scoring_again_gives(book_text, rows, name, value):
    check_alone(book_text, rows, name, value)


@pytest.mark.soak
@SOAK
@one_changed
def test_one_changed_fact_alone_gives_what_scoring_again_gives_soak(book_text, rows, name, value):
    check_alone(book_text, rows, name, value)
