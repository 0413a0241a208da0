"""The smallest change that gains: what it says is what scoring again gives, and less gives less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import facts, line, one, text
from tests.engine.scoring.calls import calls_counted
from tests.engine.scoring.test_properties import METHODS, rulebooks, subject_rows, whole
from tracker.engine.scoring import (
    FactsError,
    load_rulebook,
    next_points,
    parse_facts,
    score,
    sheet_after,
)
from tracker.engine.scoring.levers import levers
from tracker.engine.scoring.next_points import _lost
from tracker.engine.scoring.trials import Bench, Trial

QUICK = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
SHIPPED = Path(__file__).parents[3] / "data" / "rulebooks" / "2024"


def asked(measures, *others, points=60, head=None, granularity=None, highest=None, **fields):
    """What S1 could do about one line, where a line without facts has the rest of the points."""
    lines = [line("1", points, **fields)]
    rest = 100 - points if fields.get("kind", "score") == "score" else 100
    lines.append(line("F", rest, method="gate", when="1 > 0"))
    book = load_rulebook(text(*lines, bonus_cap=100, **(head or {})))
    found = next_points(
        book, parse_facts(facts(measures, *others)), granularity, highest, subjects=["S1"]
    )
    return [(n.measure, n.now, n.then, n.change, str(n.gain), n.full.then) for n in found]


def method(name, **fields):
    return {"method": name, "value": "a", **fields}


# Of S1 with a = 330, b = 1000, c = 400: the change of a that gains, what it gains, a for the most.
CASES = [
    # 60 × 330 ÷ 1000 = 19.8, and 19.805 rounds to the next hundredth.
    (method("ratio", target="b"), "0.09", "0.01", "999.92"),
    (method("ratio", target="b", floor=Decimal("0.5")), "170", "30.00", "999.92"),
    (method("ratio", target="c", cap=2), "0.04", "0.01", "799.97"),
    (method("ratio", target=300, lower_is_better=True), "-0.06", "0.01", "300.02"),
    ({"method": "gate", "when": "a >= 1500"}, "1170", "60.00", "1500"),
    ({"method": "gate", "when": "a > c"}, "70.01", "60.00", "400.01"),
    ({"method": "gate", "when": "a == 400", "otherwise": 5}, "70", "55.00", "400"),
    ({"method": "gate", "when": "a > 500 and a < 500.03"}, "170.01", "60.00", "500.01"),
    (method("count", unit=2, per=100), "70", "2.00", "3000"),
    (method("count", unit=2, per=100, proportional=True), "0.25", "0.01", "2999.75"),
    (method("steps", steps=[[900, 60], [400, 30]]), "70", "30.00", "900"),
    (method("steps", steps=[[900, 60], [400, 30]], direction="above"), "70.01", "30.00", "900.01"),
    (method("steps", steps=[[100, 60], [200, 30]], direction="at_most"), "-130", "30.00", "100"),
    (method("steps", steps=[[100, 60], [200, 30]], direction="below"), "-130.01", "30.00", "99.99"),
    (method("steps", steps=[[430, 60], [230, 30]], interpolate=True), "0.04", "0.01", "429.97"),
    (method("growth", base=300), "15", "1.00", "480"),
    (method("growth", base=400), "10.01", "1.00", "640"),
    (method("growth", base=300, absolute=True, step=100), "70", "1.00", "1500"),
    (method("efficacy", low=0, high=1000), "0.21", "0.01", "999.8"),
]


@pytest.mark.parametrize(("fields", "change", "gain", "full"), CASES, ids=str)
def test_each_method_by_hand(fields, change, gain, full):
    then = format(Decimal(330) + Decimal(change), "f")
    found = asked({"a": "330", "b": "1000", "c": "400"}, **fields)
    assert [found[0]] == [("a", "330", then, change, gain, full)]


def test_a_change_is_a_whole_number_of_steps():
    fields = method("ratio", target=1000)
    assert asked({"a": "330"}, granularity={"a": 1}, **fields) == [
        ("a", "330", "331", "1", "0.06", "1000")
    ]
    assert asked({"a": "330"}, granularity={"a": Decimal("0.5")}, **fields) == [
        ("a", "330", "330.5", "0.5", "0.03", "1000")
    ]
    with pytest.raises(ValueError, match="granularity"):
        asked({"a": "330"}, granularity={"a": 0}, **fields)


def test_no_value_beyond_what_makes_sense():
    fields = method("ratio", target="0.9")
    assert asked({"a": "0.8"}, highest={"a": 1}, **fields)[0][5] == "0.9"
    assert asked({"a": "0.8"}, highest={"a": Decimal("0.8")}, **fields) == []
    fields = {"method": "gate", "when": "a < 0"}
    assert asked({"a": "3"}, **fields) == []
    assert asked({"a": "-3"}, method="gate", when="a < -5")[0][3] == "-2.01"


def test_what_a_value_is_held_against_is_no_lever():
    row = {"a": "5", "b": "10", "target.a": "20", "prior.a": "4", "goal.a": "9"}
    for fields in (
        method("ratio", target="b"),
        method("ratio", target="if(goal.a > 0, goal.a, 5)"),
        {"method": "ratio", "value": "if(b > 0, a / b, 0)", "target": 1},
        {"method": "gate", "when": "a > target.a"},
    ):
        assert {found[0] for found in asked(row, **fields)} == {"a"}
    assert {n[0] for n in asked(row, method="ratio", value="a + b", target=99)} == {"a", "b"}
    costs = asked(row, method="ratio", value="b - a", target=99)
    assert [(name, change[0] == "-") for name, _, _, change, _, _ in costs] == [
        ("b", False),
        ("a", True),
    ]


def test_what_may_be_above_its_points_is_not_full_with_them():
    over = method("ratio", target=100, cap=2)
    assert asked({"a": "100"}, **over) == [("a", "100", "100.01", "0.01", "0.01", "200")]
    assert asked({"a": "200"}, **over) == []
    grows = method("growth", base=100, ceiling=2, gain=12)
    assert asked({"a": "105"}, **grows) == [("a", "105", "110", "5", "12.00", "130")]
    parts = [{"points": 60, **method("ratio", target=100)}]
    assert asked({"a": "100"}, combine="sum", part=parts) == []


FAULTS = {
    "kind": "deduction",
    "method": "deduct",
    "items": [{"name": "x", "value": "n", "unit": 1}],
}


@pytest.mark.parametrize(
    ("measures", "fields", "more"),
    [
        ({"a": 99}, method("ratio", target=100), True),
        ({"a": 100}, method("ratio", target=100), False),
        ({"a": 100}, method("ratio", target=100, cap=2), True),
        ({"a": 200}, method("ratio", target=100, cap=2), False),
        ({"a": 130}, method("growth", base=100, ceiling=2, gain=10), True),
        ({"a": 150}, method("growth", base=100, ceiling=2, gain=10), False),
        (
            {"a": 4},
            {"combine": "sum", "part": [{"points": 60, **method("ratio", target=4)}]},
            False,
        ),
        ({"a": 5}, {"method": "gate", "when": "a > 1"}, False),
        ({"a": 5}, {"method": "gate", "when": "a > 6"}, True),
        ({"n": 1}, FAULTS, True),
        ({"n": 0}, FAULTS, False),
        ({}, FAULTS, False),
        ({}, method("ratio", target=1), True),
        ({}, method("ratio", target=1, missing="zero"), True),
        ({"a": 0}, method("ratio", target=1, applies="k > 0"), False),
        ({"a": 0, "b": 0}, method("ratio", target="b"), False),
        ({"a": 0, "k": 0}, method("ratio", target=1, applies="k > 0"), False),
    ],
)
def test_where_there_is_more_to_be_had(measures, fields, more):
    assert _lost(one(measures, 60, **fields)) is more


def test_a_full_line_and_a_line_that_does_not_apply_ask_for_nothing():
    assert asked({"a": "5"}, **method("ratio", target=5)) == []
    assert asked({"a": "1", "k": "0"}, applies="k > 0", **method("ratio", target=5)) == []
    assert asked({"a": "1", "b": "0"}, **method("ratio", target="b")) == []


def test_a_fact_that_is_not_reported_can_be_reported():
    for missing in ("zero", "block"):
        assert asked({}, missing=missing, granularity={"a": 1}, **method("count", unit=3)) == [
            ("a", None, "1", "1", "3.00", "20")
        ]
    assert asked({}, method="gate", when="a == 0") == [("a", None, "0", "0", "60.00", "0")]
    assert asked({}, **method("ratio", target="b")) == []


def test_checklists_and_deductions_name_the_item():
    row = {"a": "0", "b": "1", "c": "2"}
    rows = [{"name": n, "value": n, "award": 20} for n in "abc"]
    ones = dict.fromkeys("abc", 1)
    assert asked(row, method="checklist", items=rows, granularity=ones) == [
        ("a", "0", "1", "1", "20.00", "1")
    ]
    rows = [{"name": n, "value": n, "unit": 5} for n in "abc"]
    for kind in ("score", "deduction"):
        assert asked(row, kind=kind, method="deduct", items=rows, granularity=ones) == [
            ("b", "1", "0", "-1", "5.00", "0"),
            ("c", "2", "1", "-1", "5.00", "0"),
        ]


def test_without_the_only_figure_of_a_class_there_is_no_mean_until_it_is_back():
    lines = [
        line("1", 60, method="gate", when="a >= mean.a"),
        line("F", 40, method="gate", when="1 > 0"),
    ]
    given_ = parse_facts(facts({"a": "12"}, {"b": "3"}))
    bench = Bench(load_rulebook(text(*lines)), given_.subjects[0].class_name, given_.subjects)
    trial = Trial(bench, 0, 0, "a")
    before = dict(trial.env)
    assert "mean.a" in before
    assert str(trial.line(Fraction(12)).award) == "60.00"
    assert trial.line(None).state == "unscorable"
    assert trial.env == before


def test_parts_of_a_line():
    parts = [
        {"points": 30, "method": "ratio", "value": "a", "target": 10},
        {"points": 30, "method": "gate", "when": "b >= 4"},
    ]
    ones = {"a": 1, "b": 1}
    row = {"a": "3", "b": "1"}
    assert asked(row, combine="sum", part=parts, granularity=ones) == [
        ("a", "3", "4", "1", "3.00", "10"),
        ("b", "1", "4", "3", "30.00", "4"),
    ]
    # The larger counts: b gives 30 at once. The smaller counts: a gives nothing as long as b does.
    largest = asked(row, combine="max", part=parts, granularity=ones)
    assert largest[1] == ("b", "1", "4", "3", "21.00", "4")
    smallest = asked(row, combine="min", part=parts, granularity=ones)
    assert smallest == [("b", "1", "4", "3", "9.00", "4")]


def test_a_place_is_won_from_the_subject_above_and_the_pool_moves_along():
    others = [{"a": "10"}, {"a": "20"}, {"a": "30"}]
    table = method("rank", table=[[1, 60], [2, 40], [3, 20]])
    assert asked({"a": "4"}, *others, **table) == [("a", "4", "10", "6", "20.00", "30")]
    assert asked({"a": "10"}, *others, **table) == [("a", "10", "20", "10", "20.00", "30")]
    fewer = method("rank", lower_is_better=True, share_table=[[Decimal("0.5"), 60]])
    assert asked({"a": "44"}, *others, **fewer) == [("a", "44", "20", "-24", "60.00", "20")]
    assert asked({"a": "4"}, *others, method="efficacy", value="a", granularity={"a": 1}) == [
        ("a", "4", "11", "7", "1.20", "30")
    ]


def test_class_values_move_along():
    """12 against a mean of 14.67: each step also lifts the mean, by a third of it."""
    others = [{"a": "12"}, {"a": "20"}]
    found = asked({"a": "12"}, *others, method="gate", when="a > mean.a", granularity={"a": 1})
    assert found == [("a", "12", "17", "5", "60.00", "17")]
    best = asked({"a": "12"}, *others, method="ratio", value="a", target="best.a")
    assert best == [("a", "12", "12.01", "0.01", "0.03", "20")]
    beaten = asked({"a": "12"}, *others, method="rank", value="a - mean.a", table=[[1, 60]])
    assert beaten == [("a", "12", "20", "8", "60.00", "20")]


def test_points_that_come_from_a_spread_are_those_of_the_sheet():
    book = load_rulebook(
        text(
            line("1", 40, method="ratio", value="a", target=100),
            line("2", 60, applies="k > 0", absent="spread", method="gate", when="k > 5"),
        )
    )
    found = next_points(book, parse_facts(facts({"a": "50", "k": "0"})), {"a": 1})
    assert [(n.line, n.then, str(n.gain)) for n in found] == [("1", "51", "1.00")]


def test_a_fact_that_no_decimal_writes_moves_to_the_grid():
    """A mean of three sheets, 80⅓, goes up to 80.34 or down to 80.33."""
    given_facts = parse_facts(facts({}))
    third = replace(given_facts.subjects[0], measures={"a": Fraction(241, 3)})
    given_facts = replace(given_facts, subjects=(third,))
    for when, then in (("a > 80.3335", "80.34"), ("a < 80.3331", "80.33")):
        book = load_rulebook(text(line("1", 100, method="gate", when=when)))
        found = next_points(book, given_facts)
        assert [(n.now, n.then) for n in found] == [("80.3333333333", then)]


def test_another_year_is_refused():
    with pytest.raises(FactsError):
        next_points(load_rulebook(text(line())), parse_facts(facts(year=2023)))


def units_after(book, rows, step, steps_back=0):
    """Score all again with the change made, or one that is a step smaller."""
    rows = [dict(row) for row in rows]
    row = rows[int(step.subject[1:])]
    then = Fraction(step.then)
    size = Fraction(1, 100)
    if step.change.startswith("-"):
        then += size * steps_back
    else:
        then -= size * steps_back
    hundredths = then * 10_000
    assert hundredths.denominator == 1
    row[step.measure] = format(Decimal(hundredths.numerator).scaleb(-4), "f")
    card = score(book, parse_facts(whole(rows, ("甲", "乙")))).scorecards[int(step.subject[1:])]
    return card.line(step.line)


def check_gains(book_text, rows):
    book = load_rulebook(book_text)
    given = parse_facts(whole(rows, ("甲", "乙")))
    before = {card.subject.code: card for card in score(book, given).scorecards}
    for found in next_points(book, given):
        line_before = before[found.subject].line(found.line)
        assert found.award == line_before.award
        after = units_after(book, rows, found)
        assert after.state == "scored"
        assert after.award - line_before.award == found.gain > 0
        assert found.full.award >= found.next.award
        if found.now is None and found.then == "0":
            continue
        less = units_after(book, rows, found, steps_back=1)
        assert less.award < after.award


@QUICK
@given(rulebooks(), subject_rows)
def test_a_change_gains_what_is_said_and_a_smaller_one_less(book_text, rows):
    check_gains(book_text, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=2000)
@given(rulebooks(), subject_rows)
def test_a_change_gains_what_is_said_and_a_smaller_one_less_soak(book_text, rows):
    check_gains(book_text, rows)


TURNING = [
    {"method": "gate", "when": "a == 7 or b > 20"},
    {"method": "gate", "when": "abs(a - 6) <= 1 and c > 0"},
    {"method": "gate", "when": "count(a > 5, b > 5, c > 5) >= 2"},
    {"method": "gate", "when": "a / (a + b) > 0.6 and a / (a + b) < 0.7"},
    method("ratio", value="min(a, 10 - a)", target=5),
    method("ratio", value="a * a", target=50),
    method("ratio", value="if(a > 5, 3, b)", target=7),
    method("ratio", target="mean.a * 2"),
    method("efficacy"),
    method("efficacy", lower_is_better=True),
    method("rank", table=[[1, 9], [3, 5]], otherwise=1),
    method("rank", table=[[1, 50], [2, 30]], lower_is_better=True),
    {
        "method": "checklist",
        "items": [{"name": n, "value": v, "award": 50} for n, v in (("x", "a"), ("y", "a - 5"))],
    },
    {
        "method": "deduct",
        "items": [
            {"name": n, "value": v, "unit": u} for n, v, u in (("x", "a", 3), ("y", "8 - a", 5))
        ],
    },
]
figures = st.lists(
    st.fixed_dictionaries(dict.fromkeys("abc", st.integers(0, 12))), min_size=1, max_size=4
)


def check_nearest(fields, rows):
    """Every whole number around is tried: the nearest that gains is the one that is said."""
    book = load_rulebook(text(line("1", 100, **fields)))

    def units(measure=None, value=None):
        changed = [dict(rows[0]) | ({measure: value} if measure else {}), *rows[1:]]
        found = score(book, parse_facts(whole(changed))).scorecards[0].lines[0]
        return found.award if found.state == "scored" else -1

    now = units()
    if now == -1:
        return
    given_facts = parse_facts(whole(rows))
    found = {
        item.measure: int(item.then)
        for item in next_points(book, given_facts, dict.fromkeys("abc", 1), subjects=["S0"])
    }
    for lever in levers(book.indicators[0], book.meaning):
        here = rows[0][lever.measure]
        gaining = [v for v in range(here + 40) if units(lever.measure, v) > now]
        nearest = min((abs(v - here) for v in gaining), default=None)
        said = found.get(lever.measure)
        assert (None if said is None else abs(said - here)) == nearest


@settings(QUICK, max_examples=40)
@given(st.sampled_from(METHODS + TURNING), figures)
def test_no_smaller_change_gains(fields, rows):
    check_nearest(fields, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=400)
@given(st.sampled_from(METHODS + TURNING), figures)
def test_no_smaller_change_gains_soak(fields, rows):
    check_nearest(fields, rows)


def test_the_sheet_after_a_change_has_its_caps_and_rank():
    book = load_rulebook(
        text(
            line("1", 100, method="ratio", value="a", target=100),
            line("B", 8, kind="bonus", method="count", value="a", unit=1, per=10),
            bonus_cap=5,
        )
    )
    given_facts = parse_facts(facts({"a": "50"}, {"a": "60"}))
    item = next_points(book, given_facts, {"a": 1}, subjects=["S1"])[1]
    assert (item.line, item.then, str(item.gain), item.full.then) == ("B", "60", "1.00", "80")
    card = sheet_after(book, given_facts, item, item.next)
    assert (str(card.total), card.rank) == ("65.00", 1)
    card = sheet_after(book, given_facts, item, item.full)
    assert (str(card.bonus), str(card.total), card.grade) == ("5.00", "85.00", "良好")


def test_ten_times_the_counties_are_about_ten_times_the_work():
    book = load_rulebook((SHIPPED / "recipient-county.toml").read_text(encoding="utf-8"))
    measures = sorted(book.measures)
    done = []
    for number in (2, 20):
        rows = [
            {name: str((n * 37 + place * 11) % 97 + 1) for place, name in enumerate(measures)}
            for n in range(number)
        ]
        given = parse_facts(whole(rows, ("跨越发展类", "生态发展类")) | {"year": book.year})
        with calls_counted() as calls:
            found = next_points(book, given)
        assert len({item.subject for item in found}) == number
        done.append(len(calls))
    assert done[1] < 15 * done[0]  # all of them anew for each would be a hundred times


def test_what_no_change_can_gain_is_not_named():
    # All get full points, whatever they have.
    assert asked({"a": "1"}, {"a": "5"}, **method("efficacy", base_share=1)) == []
    # A share of the places that is less than one place.
    few = method("rank", share_table=[[Decimal("0.3"), 60], [1, 30]])
    assert asked({"a": "5"}, {"a": "1"}, applies="a > 0", **few) == []
    # More than the table gives anybody.
    low = method("rank", table=[[1, 50], [2, 30]])
    assert asked({"a": "5"}, {"a": "1"}, applies="a > 0", **low) == []
    # A part that gives its points whatever the facts are.
    whole = {"points": 30, **method("efficacy", base_share=1)}
    other = {"points": 30, "method": "ratio", "value": "b", "target": 4}
    parts = {"combine": "sum", "part": [whole, other], "applies": "a > 0"}
    assert [each[0] for each in asked({"a": "1", "b": "2"}, {"a": "5", "b": "2"}, **parts)] == ["b"]
    # No points for the class.
    none = method("ratio", target=5, points_by_class={"甲类": 0})
    filler = {"points_by_class": {"甲类": 100}}
    book = text(
        line("1", 60, **none),
        line("F", 40, method="gate", when="1 > 0", **filler),
        classes=["甲类"],
    )
    given = parse_facts(facts({"class": "甲类", "a": "1"}))
    assert next_points(load_rulebook(book), given) == []


def measures_named(measures, **fields):
    return [each[0] for each in asked(measures, **fields)]


def test_who_is_alone_in_its_class_cannot_be_outdone():
    alone = {"points": 30, **method("efficacy")}
    other = {"points": 30, "method": "ratio", "value": "b", "target": 4}
    found = measures_named(
        {"a": "1", "b": "2"}, combine="sum", part=[alone, other], applies="a > 0"
    )
    assert found == ["b"]


def test_where_less_is_better_the_least_of_the_class_is_the_most():
    ((name, now, _, _, _, full),) = asked(
        {"a": "5"}, {"a": "1"}, {"a": "9"}, **method("efficacy", lower_is_better=True)
    )
    assert (name, now, full) == ("a", "5", "1")


def test_a_fact_whose_factor_is_nought_moves_nothing():
    product = method("ratio", target=5) | {"value": "a * k"}
    assert measures_named({"a": "1", "k": "0"}, **product) == ["k"]
    assert measures_named({"a": "1", "k": "0"}, **product, applies="a > 0") == ["k"]


def test_a_division_by_nought_on_the_way_is_passed_over():
    ((name, now, then, change, gain, _),) = asked(
        {"a": "1.99"}, method="gate", when="a / (a - 2) > 3"
    )
    assert (name, now, then, change, gain) == ("a", "1.99", "2.01", "0.02", "60.00")


def test_a_division_by_nought_on_the_side_that_is_left_is_passed_over():
    value = "if(k > 0, a, if(a > b / c, 1, 2))"
    given = {"a": "1", "b": "1", "c": "0", "k": "1"}
    assert ("a", "0.01") in [
        (each[0], each[3]) for each in asked(given, method="ratio", value=value, target=5)
    ]


def test_a_fact_that_several_parts_read_has_no_closed_form():
    parts = [
        {"points": 30, **method("ratio", target=4)},
        {"points": 30, **method("ratio", target=8)},
    ]
    book = load_rulebook(
        text(line("1", 60, combine="sum", part=parts), line("F", 40, method="gate", when="1 > 0"))
    )
    (lever,) = levers(book.indicators[0], book.meaning)
    assert (lever.part, lever.inner, lever.monotone) == (None, None, False)
    assert asked({"a": "2"}, combine="sum", part=parts)[0][5] == "8"


def test_a_part_without_points_gains_nothing():
    parts = [
        {"points": 0, **method("ratio", target=4)},
        {"points": 60, "method": "ratio", "value": "b", "target": 8},
    ]
    assert measures_named({"a": "1", "b": "2"}, combine="sum", part=parts, applies="a > 0") == ["b"]


@pytest.mark.parametrize(
    "fields",
    [
        method("ratio", target=5) | {"value": "a + c"},
        {"method": "gate", "when": "a * a > c + 5"},
        {"method": "gate", "when": "1 / a > c"},
        {"method": "gate", "when": "max(a, c, 3) > 5"},
    ],
    ids=str,
)
def test_of_two_facts_that_decide_only_the_one_that_is_missing_is_named(fields):
    assert set(measures_named({"a": "1"}, **fields)) <= {"c"}


def test_turns_are_found_where_a_condition_is_no_straight_line():
    for when, change in (
        ("a * a > 30", "4.48"),
        ("abs(a - 8) < 2", "5.01"),
        ("max(a, b, 3) > 5", "4.01"),
    ):
        ((_, _, _, found, gain, _),) = asked({"a": "1", "b": "2"}, method="gate", when=when)[:1]
        assert (found, gain) == (change, "60.00"), when


def test_only_the_classes_of_those_who_are_asked_for_are_searched():
    rows = {"class": "甲类", "a": "1"}, {"class": "乙类", "a": "2"}
    found = asked(*rows, head={"classes": ["甲类", "乙类"]}, **method("ratio", target=5))
    assert [each[0] for each in found] == ["a"]
