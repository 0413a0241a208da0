"""What must hold for any rulebook and any facts. The soak runs repeat it with far more examples."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import GRADES, line, text
from tracker.engine.scoring import load_rulebook, parse_facts, result_json, score
from tracker.engine.scoring.expressions import NUMBER, ExpressionError, parse
from tracker.engine.scoring.spread import spread_points

QUICK = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
SOAK = settings(QUICK, max_examples=2000)

MEASURES = ("a", "b", "c", "k")
METHODS = [
    {"method": "ratio", "value": "a", "target": "b"},
    {"method": "ratio", "value": "a", "target": "b", "lower_is_better": True},
    {"method": "gate", "when": "a > b or c >= 5", "otherwise": 1},
    {"method": "count", "value": "a", "unit": 1, "per": 3},
    {"method": "count", "value": "a - b", "unit": 2, "proportional": True},
    {"method": "steps", "value": "a", "steps": [[9, 8], [5, 3]], "interpolate": True},
    {"method": "steps", "value": "a", "direction": "below", "steps": [[2, 8], [6, 3]]},
    {"method": "growth", "value": "a", "base": "b"},
    {"method": "growth", "value": "a", "base": "b", "absolute": True, "proportional": True},
    {"method": "efficacy", "value": "a / b"},
    {"method": "efficacy", "value": "a", "low": "c", "high": "mean.a"},
    {"method": "rank", "value": "a", "table": [[1, 9], [3, 5]], "otherwise": 1},
    {"method": "rank", "value": "b", "share_table": [[Decimal("0.5"), 9]], "lower_is_better": True},
    {"method": "deduct", "items": [{"name": "x", "value": "c", "unit": Decimal("0.7"), "max": 4}]},
    {
        "combine": "max",
        "part": [
            {"points": 7, "method": "ratio", "value": "a", "target": 9},
            {"points": 5, "method": "gate", "when": "c > 2"},
        ],
    },
]
figure = st.one_of(
    st.none(),
    st.integers(-3, 12),
    st.decimals(-2, 12, places=2).map(lambda value: format(value, "f")),
)


@st.composite
def rulebooks(draw):
    """A rulebook's text: four score lines of 10 to 70 points, a bonus and a deduction line."""
    cuts = sorted(draw(st.sets(st.integers(1, 6), min_size=3, max_size=3)))
    points = [10 * (b - a) + 10 for a, b in zip([0, *cuts], [*cuts, 6], strict=True)]
    lines = []
    for number, value in enumerate(points, 1):
        extra = dict(draw(st.sampled_from(METHODS)))
        if draw(st.booleans()):
            extra["applies"] = draw(st.sampled_from(["k > 0", "k > a", "1 / k > 0"]))
            extra["absent"] = draw(st.sampled_from(["spread", "full", "zero"]))
        extra["missing"] = draw(st.sampled_from(["block", "zero"]))
        lines.append(line(str(number), value, **extra))
    lines.append(line("B", 6, kind="bonus", method="count", value="c", unit=2))
    items = [{"name": "x", "value": "c", "unit": 1}]
    lines.append(line("D", 8, kind="deduction", method="deduct", items=items))
    return text(
        *lines,
        bonus_cap=5,
        deduction_cap=6,
        tie_break=["base", "a / b"],
        grade=[GRADES[0] | {"quota": Decimal("0.4")}, *GRADES[1:]],
        cap=[{"lines": ["1", "2"], "at_most": draw(st.integers(5, 100))}],
        veto=[
            {"name": "甲", "when": "share.1 < 0.6 and k > 3", "grade": "合格"},
            {"name": "乙", "when": "a / b > 3", "total_at_most": 59, "no_bonus": True},
            {"name": "丙", "when": "c == 7", "unranked": True},
        ],
    )


subject_rows = st.lists(
    st.fixed_dictionaries(dict.fromkeys(MEASURES, figure)), min_size=1, max_size=6
)


def whole(rows, classes=("",)):
    return {
        "year": 2024,
        "subjects": [
            {"code": f"S{n}", "name": "", "class": classes[n % len(classes)], "measures": row}
            for n, row in enumerate(rows)
        ],
    }


def check_bounds(book_text, rows):
    book = load_rulebook(book_text)
    result = score(book, parse_facts(whole(rows)))
    for card in result.scorecards:
        for found in card.lines:
            low, high = (
                (-found.points, 0) if found.indicator.kind == "deduction" else (0, found.effective)
            )
            assert low <= Fraction(found.award) <= high
            assert found.state == "scored" or not found.why or found.award == 0
        assert card.total >= 0
        assert 0 <= card.bonus <= 5
        assert -6 <= card.deduction <= 0
        complete = all(found.state != "unscorable" for found in card.lines)
        assert card.complete == (complete and not card.undecided)
        if card.spread is not None and card.spread.points < 100:
            applicable = [x for x in card.lines if x.indicator.kind == "score"]
            assert sum(x.effective for x in applicable if not x.spread_away) == 100


@QUICK
@given(rulebooks(), subject_rows)
def test_points_stay_within_what_the_format_allows(book_text, rows):
    check_bounds(book_text, rows)


@pytest.mark.soak
@SOAK
@given(rulebooks(), subject_rows)
def test_points_stay_within_what_the_format_allows_soak(book_text, rows):
    check_bounds(book_text, rows)


def check_order(book_text, rows, random):
    book = load_rulebook(book_text)
    facts = whole(rows, ("甲", "乙"))
    before = result_json(score(book, parse_facts(facts)))["subjects"]
    shuffled = [
        row | {"measures": dict(random.sample(list(row["measures"].items()), len(MEASURES)))}
        for row in random.sample(facts["subjects"], len(rows))
    ]
    after = result_json(score(book, parse_facts({"subjects": shuffled, "year": 2024})))["subjects"]
    assert [row["code"] for row in after] == [row["code"] for row in shuffled]
    assert sorted(after, key=lambda row: row["code"]) == before


@QUICK
@given(rulebooks(), subject_rows, st.randoms(use_true_random=False))
def test_order_of_subjects_and_keys_changes_nothing_but_order(book_text, rows, random):
    check_order(book_text, rows, random)


@pytest.mark.soak
@SOAK
@given(rulebooks(), subject_rows, st.randoms(use_true_random=False))
def test_order_of_subjects_and_keys_changes_nothing_but_order_soak(book_text, rows, random):
    check_order(book_text, rows, random)


def no_float(tree):
    """Walk a tree of dataclasses, mappings and sequences; nothing in it is a float."""
    assert not isinstance(tree, float)
    if is_dataclass(tree):
        for field in fields(tree):
            no_float(getattr(tree, field.name))
    elif isinstance(tree, dict):
        for key, value in tree.items():
            no_float(key)
            no_float(value)
    elif isinstance(tree, list | tuple | frozenset):
        for value in tree:
            no_float(value)


def check_figures(book_text, rows):
    facts = json.dumps(whole(rows))
    results = [score(load_rulebook(book_text), parse_facts(facts)) for _ in range(2)]
    no_float(results[0])
    trees = [result_json(result) for result in results]
    no_float(trees[0])
    assert json.dumps(trees[0]) == json.dumps(trees[1])


@QUICK
@given(rulebooks(), subject_rows)
def test_no_float_anywhere_and_equal_input_gives_equal_bytes(book_text, rows):
    check_figures(book_text, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=400)
@given(rulebooks(), subject_rows)
def test_no_float_anywhere_and_equal_input_gives_equal_bytes_soak(book_text, rows):
    check_figures(book_text, rows)


MONOTONE = [
    {"method": "ratio", "value": "a", "target": 7, "cap": Decimal("1.2")},
    {"method": "gate", "when": "a > 3.5"},
    {"method": "count", "value": "a", "unit": 3, "per": 2},
    {"method": "steps", "value": "a", "steps": [[9, 80], [5, 30]]},
    {"method": "steps", "value": "a", "steps": [[9, 80], [5, 30], [1, 2]], "interpolate": True},
    {"method": "growth", "value": "a", "base": 5, "gain": 2, "loss": 7},
    {"method": "growth", "value": "a", "base": 5, "proportional": True, "ceiling": 2},
    {"method": "efficacy", "value": "a", "low": 1, "high": 9},
    {"method": "rank", "value": "a", "table": [[1, 90], [2, 50]], "otherwise": 10},
]


@pytest.mark.parametrize("method", MONOTONE, ids=lambda method: method["method"])
@settings(QUICK, max_examples=25)
@given(values=st.lists(st.decimals(-2, 12, places=2), min_size=2, max_size=5))
def test_more_never_gives_less(method, values):
    book = load_rulebook(text(line("1", 100, **method)))
    rows = [{"a": format(value, "f")} for value in values]
    cards = score(book, parse_facts(whole(rows))).scorecards
    pairs = sorted(zip(values, (card.lines[0].award for card in cards), strict=True))
    awards = [award for _, award in pairs]
    assert awards == sorted(awards)


@settings(QUICK, max_examples=60)
@given(
    st.lists(st.integers(1, 4000), min_size=2, max_size=9),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_a_perfect_subject_gets_full_marks_under_any_spread(weights, decimals, random):
    full = 100
    cuts = sorted(random.randint(0, full * 10) for _ in weights[1:])
    points = [Fraction(b - a, 10) for a, b in zip([0, *cuts], [*cuts, full * 10], strict=True)]
    away = [random.random() < 0.4 for _ in points]
    gone = sum(value for value, is_away in zip(points, away, strict=True) if is_away)
    new = spread_points(points, away, full, decimals)
    kept = [value for value, is_away in zip(new, away, strict=True) if not is_away]
    if gone < full:
        assert sum(kept) == full
    if gone and gone < full:
        unit = Fraction(1, 10**decimals)
        for old, value in zip(points, new, strict=True):
            exact = old * full / (full - gone)
            assert value == old or abs(value - exact) < unit


@st.composite
def trees(draw, depth=4):
    """A random number-valued tree, together with a plain evaluation of it by fractions."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            return draw(st.sampled_from(sorted(VALUES)))
        return draw(st.decimals(0, 20, places=draw(st.integers(0, 2))))
    head = draw(st.sampled_from(["+", "-", "*", "/", "neg", "min", "max", "abs", "count", "if"]))
    if head in ("neg", "abs"):
        return (head, draw(trees(depth - 1)))
    if head in ("count", "if"):
        sign = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
        return (head, sign, *(draw(trees(depth - 1)) for _ in range(4)))
    return (head, draw(trees(depth - 1)), draw(trees(depth - 1)))


VALUES = {"a": Fraction(3), "b.c": Fraction(-7, 4), "d_1": Fraction(0), "e": Fraction(1, 3)}


def written(tree):
    """Write a tree with no more parentheses than the grammar of its parts needs."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, Decimal):
        return format(tree, "f")
    head, *rest = tree
    if head == "neg":
        return f"-({written(rest[0])})"
    if head == "abs":
        return f"abs({written(rest[0])})"
    if head in ("min", "max"):
        return f"{head}({written(rest[0])},{written(rest[1])})"
    if head in ("count", "if"):
        sign, *sides = rest
        left, right, third, fourth = map(written, sides)
        if head == "count":
            return f"count({left} {sign} {right}, not {third} {sign} {fourth} or 1 > 2)"
        return f"if({left} {sign} {right} and 1 < 2, {third}, {fourth})"
    left, right = written(rest[0]), written(rest[1])
    if head in "*/" and tight(rest[0]):
        left = f"({left})"
    if head in "-*/" and (tight(rest[1]) or head == "/"):
        right = f"({right})"
    return f"{left} {head} {right}"


def tight(tree):
    """Whether a tree needs parentheses beside × or ÷."""
    return isinstance(tree, tuple) and tree[0] in ("+", "-")


def worth(tree):
    """Evaluate a tree directly, without the engine."""
    if isinstance(tree, str):
        return VALUES[tree]
    if isinstance(tree, Decimal):
        return Fraction(tree)
    head, *rest = tree
    if head in ("count", "if"):
        sign, *sides = rest
        left, right = worth(sides[0]), worth(sides[1])
        holds = holds_between(sign, left, right)
        if head == "if":
            return worth(sides[2]) if holds else worth(sides[3])
        other = holds_between(sign, worth(sides[2]), worth(sides[3]))
        return Fraction(holds + (not other))
    values = [worth(item) for item in rest]
    return {
        "neg": lambda: -values[0],
        "abs": lambda: abs(values[0]),
        "min": lambda: min(values),
        "max": lambda: max(values),
        "+": lambda: values[0] + values[1],
        "-": lambda: values[0] - values[1],
        "*": lambda: values[0] * values[1],
        "/": lambda: values[0] / values[1],
    }[head]()


def holds_between(sign, left, right):
    order = (left > right) - (left < right)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "==": order == 0,
            "!=": order != 0}[sign]  # fmt: skip


def check_expression(tree):
    try:
        expected = worth(tree)
    except ZeroDivisionError:
        expected = None
    expression = parse(written(tree), NUMBER)
    try:
        found = expression.evaluate(VALUES)
    except ZeroDivisionError:
        found = None
    assert found == expected
    assert type(found) in (int, Fraction, type(None))


@settings(QUICK, max_examples=300)
@given(trees())
def test_expressions_agree_with_a_second_evaluation(tree):
    check_expression(tree)


@pytest.mark.soak
@settings(QUICK, max_examples=20_000)
@given(trees())
def test_many_expressions_agree_with_a_second_evaluation_soak(tree):
    check_expression(tree)


@settings(QUICK, max_examples=300)
@given(st.text(alphabet="ab1.()+-*/<>=!, minotrdcumax", max_size=40))
def test_any_text_is_parsed_or_refused_in_chinese(source):
    message = ""
    try:
        parse(source, NUMBER)
    except ExpressionError as error:
        message = str(error)
    assert not message or any("一" <= char <= "鿿" for char in message)
