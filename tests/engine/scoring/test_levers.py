"""Which facts could be moved, and what is known of how a line follows them."""

from __future__ import annotations

import pytest

from tests.engine.scoring.build import line, text
from tracker.engine.scoring import load_rulebook, meaning_of
from tracker.engine.scoring.levers import levers

ENV = {"a": 5, "b": 2, "c": 7, "k": 1, "mean.a": 4, "best.a": 9, "target.a": 8}


def known(engine="1.4", **fields):
    """Of each lever: part, item, the quantity that is affine in it, whether the award is monotone,
    the differences whose zeros are turns, and those that are no straight lines."""
    kind = fields.get("kind", "score")
    lines = [line("1", 60, **fields)]
    lines.append(line("F", 40 if kind == "score" else 100, method="gate", when="1 > 0"))
    book = load_rulebook(text(*lines), meaning=meaning_of(engine))
    return {
        each.measure: (
            each.part,
            each.item,
            None if each.inner is None else each.inner(ENV),
            each.monotone,
            sorted(turn(ENV) for turn in each.crossings),
            sorted(turn(ENV) for turn in each.bends),
        )
        for each in levers(book.indicators[0], book.meaning)
    }


def steep(inner, *crossings, monotone=True, bends=(), item=None):
    """A lever of the first part in which something is affine."""
    return 0, item, inner, monotone, sorted(crossings), sorted(bends)


def bent(*crossings, bends=(), item=None):
    """A lever of the first part in which nothing is."""
    return 0, item, None, False, sorted(crossings), sorted(bends)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", {"a": steep(5)}),
        ("-a", {"a": steep(-5)}),
        ("2 * a + 1", {"a": steep(11)}),
        ("a + b", {"a": steep(7), "b": steep(7)}),
        ("a * b", {"a": steep(10), "b": steep(10)}),
        ("a / b", {"a": steep(2.5)}),
        ("1 / b", {}),
        ("1 / (1 / b)", {"b": bent()}),
        ("a * a", {"a": bent()}),
        ("a / (a + b)", {"a": bent()}),
        ("(a + 1) * (a + 2)", {"a": bent()}),
        ("a - mean.a", {"a": bent()}),
        ("a - target.a", {"a": steep(-3)}),
        ("abs(a - 3)", {"a": bent(2)}),
        ("abs(a * a)", {"a": bent(bends=[25])}),
        ("min(a, b, 7)", {"a": bent(3, -2), "b": bent(3)}),
        ("max(b, a)", {"b": bent(-3), "a": bent(-3)}),
        ("count(a > 1, b > 1)", {"a": bent(4), "b": bent(1)}),
        ("count(a > 1, a * a > 4, not a < 9)", {"a": bent(4, -4, bends=[21])}),
        ("count(a > best.a)", {"a": bent(bends=[-4])}),
        ("if(k > 0, a, 2)", {"k": bent(1), "a": steep(5)}),
        ("if(a > 0, a, 2)", {"a": bent(5)}),
        ("if(k > 0, 1, 2)", {"k": bent(1)}),
        ("if(b > 0, a / b, 0)", {"a": steep(2.5)}),
    ],
)
def test_the_value_of_a_share(value, found):
    assert known(method="ratio", value=value, target=10) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        # What is held against the value is no lever, and turns where it reads the fact too.
        ({"value": "a", "target": "b"}, {"a": steep(5)}),
        ({"value": "a", "target": "a + b"}, {"a": bent(7)}),
        ({"value": "a", "target": "mean.a"}, {"a": bent(bends=[4])}),
        ({"value": "a", "target": 9, "lower_is_better": True}, {"a": steep(5, 5, monotone=False)}),
        ({"value": "a", "target": 9, "applies": "k > 0"}, {"a": steep(5)}),
        ({"value": "a", "target": 9, "applies": "a > 1"}, {"a": steep(5, 4, monotone=False)}),
        (
            {"value": "a", "target": 9, "applies": "mean.a > 1"},
            {"a": steep(5, monotone=False, bends=[3])},
        ),
    ],
)
def test_what_a_share_is_held_against(fields, found):
    assert known(method="ratio", **fields) == found


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("a >= b", {"a": steep(3, 3), "b": steep(3, 3)}),
        ("a == 1", {"a": bent(4)}),
        ("a > 1 and b > 1", {"a": bent(4), "b": bent(1)}),
        ("not a > 1", {"a": bent(4)}),
        ("a * a > 4", {"a": bent(bends=[21])}),
        ("a > target.a", {"a": steep(-3, -3)}),
    ],
)
def test_a_gate(when, found):
    assert known(method="gate", when=when) == found


@pytest.mark.parametrize(
    ("params", "monotone"),
    [
        ({}, True),
        ({"loss": 0}, True),
        ({"gain": 0}, True),
        ({"gain": -1}, False),
        ({"loss": -1}, False),
    ],
)
def test_a_growth_turns_back_only_where_a_step_takes(params, monotone):
    found = known(method="growth", value="a", base="b", **params)
    assert found == {"a": steep(5, monotone=monotone)}


def test_items():
    items = [{"name": n, "value": v, "unit": 1} for n, v in (("甲", "a"), ("乙", "c - b"))]
    fields = {"kind": "deduction", "method": "deduct", "items": items}
    assert known(**fields) == {
        "a": steep(5, 5, item=0),
        "c": steep(5, 5, monotone=False, item=1),
        "b": steep(5, 5, monotone=False, item=1),
    }
    assert known("1.0", **fields) == {
        "a": steep(5, item=0),
        "c": steep(5, item=1),
        "b": steep(5, item=1),
    }
    there = [{"name": n, "value": v, "award": 30} for n, v in (("甲", "a"), ("乙", "c * c"))]
    assert known(method="checklist", items=there) == {"a": steep(5, item=0), "c": bent(item=1)}


def test_parts():
    gate = {"points": 30, "method": "gate", "when": "b > 0"}
    share = {"points": 30, "method": "ratio", "value": "a", "target": 10}
    assert known(combine="sum", part=[gate, share]) == {
        "b": (0, None, 2, True, [2], []),
        "a": (1, None, 5, True, [], []),
    }
    both = {"points": 30, "method": "gate", "when": "a > 3"}
    assert known(combine="sum", part=[share, both]) == {"a": (None, None, None, False, [2], [])}


def test_other_methods():
    assert known(method="count", value="a", unit=1) == {"a": steep(5)}
    assert known(method="steps", value="a", steps=[[5, 60]]) == {"a": steep(5)}


def test_pooled_methods():
    assert known(method="rank", value="a", table=[[1, 60]]) == {"a": steep(5)}
    assert known(method="efficacy", value="a", low="b", high="c") == {"a": steep(5)}
    assert known(method="efficacy", value="a", low="a", high=9) == {"a": bent()}
