"""Each method turned round: where the figure that moves has to come for an award, worked by hand.

A search starts there, and finds its way from anywhere; that it starts at the right place is seen
here alone.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.engine.scoring.build import line, text
from tracker.engine.scoring import load_rulebook
from tracker.engine.scoring.compiling import compile_tree
from tracker.engine.scoring.expressions import CONDITION, parse
from tracker.engine.scoring.method import Wanted
from tracker.engine.scoring.methods import RULES, needed

D = Decimal
HALF = Fraction(1, 2)


def place(award, *, points=20, scale=1, others=(), item=None, kind="score", env=None, **fields):
    """Where the figure of the only method of a line has to come."""
    lines = [line("1", 20, kind=kind, **fields)]
    lines.append(line("F", 80 if kind == "score" else 100, method="gate", when="1 > 0"))
    (part,) = load_rulebook(text(*lines)).indicators[0].parts
    return needed(Wanted(part.method, env or {}, points, scale, others, item, award))


COUNT = {"method": "count", "value": "a", "unit": 2, "per": 5}


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        (3, {}, 10),  # a second one, of which each is 5
        (4, {}, 10),
        (3, {"proportional": True}, Fraction(15, 2)),
        (3, {"scale": 2}, 5),
        (3, {"scale": 2, "proportional": True}, Fraction(15, 4)),
    ],
)
def test_count(award, fields, value):
    assert place(award, **COUNT, **fields) == value


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        (12, {}, 30),
        (12, {"floor": D("0.7")}, 35),  # what is less gives nothing
        (12, {"lower_is_better": True}, Fraction(250, 3)),
        (24, {"cap": 2, "points": 30}, 40),
    ],
)
def test_ratio(award, fields, value):
    assert place(award, method="ratio", value="a", target="b", env={"b": 50}, **fields) == value


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        (18, {}, 110),
        (Fraction(35, 2), {}, 110),
        (Fraction(35, 2), {"proportional": True}, Fraction(215, 2)),
        (18, {"gain": 2}, 105),
        (18, {"scale": 2}, 105),
        (18, {"absolute": True, "step": 3}, 106),
        # Who stands still has 16, and keeps it until the first step down is full.
        (16, {}, 95),
        (14, {}, 85),
        (14, {"loss": 2}, 90),
        (15, {"loss": 2}, 95),
        (14, {"proportional": True}, 90),
        (16, {"proportional": True}, 100),
        (14, {"absolute": True, "step": 3}, 91),
        (Fraction(33, 2), {"gain": D("0.25")}, 110),
        (18, {"gain": 0}, None),
        (16, {"gain": 0}, 95),
        (16, {"loss": 0}, None),
    ],
)
def test_growth(award, fields, value):
    params = {"method": "growth", "value": "a", "base": "b", "env": {"b": 100}}
    assert place(award, **params, **fields) == value


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        # 16 of 20 is half way from the 60 % that all have; 14 a quarter.
        (16, {"low": "b", "high": "c"}, 20),
        (14, {"low": "b", "high": "c"}, 15),
        (14, {"low": "c", "high": "b"}, 25),
        (14, {"low": "b", "high": "c", "base_share": D("0.4")}, 20),
        (14, {"others": (10, 12, 30)}, 15),
        (14, {"others": (10, 12, 30), "lower_is_better": True}, 25),
        (14, {}, None),
        (20, {"others": (10, 30), "base_share": 1}, None),
    ],
)
def test_efficacy(award, fields, value):
    params = {"method": "efficacy", "value": "a", "env": {"b": 10, "c": 30}}
    assert place(award, **params, **fields) == value


TABLE = {"table": [[1, 20], [2, 15], [4, 5]]}
SHARES = {"share_table": [[D("0.25"), 20], [D("0.5"), 15]]}
OTHERS = (10, 20, 30, 40)


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        (20, TABLE, 40),
        (15, TABLE, 30),
        (16, TABLE, 40),
        (1, TABLE, 10),
        (16, {**TABLE, "scale": 2}, 30),
        (20, {**TABLE, "lower_is_better": True}, 10),
        (15, {**TABLE, "lower_is_better": True}, 20),
        (21, TABLE, None),  # more than the table gives anybody
        (20, SHARES, 40),  # a quarter of five is the first
        (15, SHARES, 30),  # half of five are two
        (20, {"share_table": [[D("0.1"), 20]]}, None),  # a tenth of five is nobody
        (20, {"table": [[4, 20]], "others": OTHERS}, 10),
        (20, {"table": [[5, 20]], "others": OTHERS}, None),  # the last place is anybody's
    ],
)
def test_rank(award, fields, value):
    assert place(award, method="rank", value="a", **{"others": OTHERS, **fields}) == value


STEPS = [[90, 20], [80, 16], [60, 10]]


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        (20, {}, 90),
        (17, {}, 90),
        (16, {}, 80),
        (1, {}, 60),
        (21, {}, None),
        (32, {"scale": 2}, 80),
        (18, {"interpolate": True}, 85),
        (16, {"interpolate": True}, 80),
        (13, {"interpolate": True}, 70),
        (26, {"interpolate": True, "scale": 2}, 70),
        (5, {"interpolate": True}, 60),  # below the last there is nothing to interpolate
    ],
)
def test_steps(award, fields, value):
    assert place(award, method="steps", value="a", steps=STEPS, **fields) == value


ITEMS = [
    {"name": "甲", "value": "a", "unit": D("0.5")},
    {"name": "乙", "value": "b", "unit": 1, "max": 2},
    {"name": "丙", "value": "c", "unit": 3},
]


@pytest.mark.parametrize(
    ("award", "fields", "value"),
    [
        # 乙 takes 2, of which its 9 would take 9, and 丙 3.
        (14, {"item": 0}, 2),
        (14, {"item": 2}, 1),
        (14, {"item": 0, "points": 40, "scale": 2}, 16),
        (-6, {"item": 0, "kind": "deduction"}, 2),
        (-16, {"item": 0, "kind": "deduction", "scale": 2}, 6),
    ],
)
def test_deduct(award, fields, value):
    env = {"a": 2, "b": 9, "c": 1}
    assert place(award, method="deduct", items=ITEMS, env=env, **fields) == value


def test_what_is_there_is_above_nought():
    items = [{"name": "甲", "value": "a", "award": 20}]
    assert place(20, method="checklist", items=items, item=0) == 0
    assert place(20, method="gate", when="a > b") == 0


@pytest.mark.parametrize(
    ("condition", "difference"),
    [
        ("a > b", 5),
        ("b - 1 <= a", -6),
        ("a == b", None),
        ("a != b", None),
        ("a > b or a > 1", None),
    ],
)
def test_a_comparison_moves_by_the_difference_of_its_sides(condition, difference):
    tree = RULES["gate"].moves(parse(condition, CONDITION))
    assert (None if tree is None else compile_tree(tree)({"a": 8, "b": 3})) == difference


def test_where_a_share_of_a_target_turns_at_nought():
    target = [line("1", 100, method="ratio", value="a", target="b")]
    less = [line("1", 100, method="ratio", value="a", target="b", lower_is_better=True)]
    for lines, texts in ((target, ["b"]), (less, ["b", "a"])):
        (part,) = load_rulebook(text(*lines)).indicators[0].parts
        found = part.method.rule.from_zero(part.method.params)
        assert [each.tree for each in found] == [("name", each) for each in texts]
