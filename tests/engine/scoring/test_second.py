"""The engine against the second evaluator: every method, negative figures, classes of any spelling,
lines that do not apply up to a subject to whom none does."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.scoring.build import GRADES, line, text
from tests.engine.scoring.second import second
from tests.engine.scoring.test_properties import METHODS, figure
from tracker.engine.scoring import load_rulebook, parse_facts, result_json, score

QUICK = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# Low bounds and small quotas, so that many sheets meet them.
LOW = [
    grade | {"at_least": points, "quota": Decimal("0.3")}
    for grade, points in zip(GRADES[:3], (20, 12, 4), strict=True)
] + [GRADES[3]]
CLASSES = ["一类", "(二)类"]
SPELLINGS = [None, "", " ", "一类", "一类 ", "(二)类", "（二）类", "\u3000(二)类"]
MORE = [
    {"method": "ratio", "value": "b", "target": "a - b", "cap": Decimal("1.3")},
    {"method": "ratio", "value": "a", "target": "b", "lower_is_better": True, "cap": 2},
    {"method": "ratio", "value": "a", "target": "c", "floor": Decimal("0.6")},
    {
        "method": "deduct",
        "items": [
            {"name": "x", "value": "a", "unit": Decimal("0.7"), "max": 4},
            {"name": "y", "value": "b - 1", "unit": -1},
        ],
    },
    {"method": "efficacy", "value": "a", "lower_is_better": True},
    {
        "combine": "sum",
        "part": [
            {"points": 6, "method": "ratio", "value": "a", "target": "b"},
            {"points": 4, "method": "deduct", "items": [{"name": "x", "value": "c", "unit": 1}]},
        ],
    },
]
APPLIES = ["k > 0", "k > a", "1 / k > 0", "k > 0 and not a > b", "best.k > mean.a"]


@st.composite
def rulebooks(draw):
    """A rulebook of three score lines, a bonus and a deduction line, for two classes."""
    first = draw(st.integers(10, 40))
    points = [first, 90 - first, 10]
    other = [points[1], points[0], 10]
    apply_to_all = draw(st.booleans())
    lines = []
    for number, value in enumerate(points, 1):
        extra = dict(draw(st.sampled_from(METHODS + MORE)))
        if extra.get("combine") == "sum":
            whole = Decimal(value) / 10
            extra["part"] = [p | {"points": p["points"] * whole} for p in extra["part"]]
        if apply_to_all or draw(st.booleans()):
            extra["applies"] = "k > 0" if apply_to_all else draw(st.sampled_from(APPLIES))
            absents = ["spread"] if apply_to_all else ["spread", "full", "zero"]
            extra["absent"] = draw(st.sampled_from(absents))
        extra["missing"] = draw(st.sampled_from(["block", "zero"]))
        extra["points_by_class"] = {draw(st.sampled_from(SPELLINGS[5:])): other[number - 1]}
        lines.append(line(str(number), value, **extra))
    lines.append(line("B", 6, kind="bonus", method="count", value="c", unit=2))
    items = [{"name": "x", "value": "c", "unit": 1}]
    lines.append(line("D", 8, kind="deduction", method="deduct", items=items))
    return text(
        *lines,
        classes=CLASSES if draw(st.booleans()) else None,
        bonus_cap=5,
        deduction_cap=6,
        tie_break=["base", "a / b"],
        grade=LOW,
        cap=[{"lines": ["1", "2"], "at_most": draw(st.integers(5, 100))}],
        veto=[
            {"name": "甲", "when": "share.1 < 0.9 and k > 1", "grade": "不合格"},
            {"name": "乙", "when": "a / b > 3 or line.D < -2", "total_at_most": 59},
            {"name": "丙", "when": "count(c == 7, total > 90) >= 1", "unranked": True},
            {"name": "丁", "when": "c == 5", "no_bonus": True},
        ],
    )


subjects = st.lists(
    st.tuples(
        st.sampled_from(SPELLINGS),
        st.fixed_dictionaries(dict.fromkeys(("a", "b", "c", "k"), figure)),
    ),
    min_size=1,
    max_size=7,
)


def facts_of(rows):
    return {
        "year": 2024,
        "subjects": [
            {"code": f"S{n}", "name": "", "class": name, "measures": measures}
            for n, (name, measures) in enumerate(rows)
        ],
    }


def by_engine(book_text, facts):
    """The engine's JSON in the shape of the second evaluator."""
    found = []
    for card in result_json(score(load_rulebook(book_text), parse_facts(facts)))["subjects"]:
        check_way(card, Fraction(100))
        for key in ("name", "to_base", "to_total"):
            del card[key]
        card["lines"] = [
            (
                x["code"],
                x["state"],
                x["award"],
                Fraction(x.get("spread_points", x["points"])),
                Fraction(x["lost"]),
            )
            for x in card["lines"]
        ]
        found.append(card)
    return found


def check_way(card, full):
    """Full marks less what the lines lost is the base, and the rest of the way is the total."""
    to_base, to_total = (
        [(what, Fraction(points)) for what, points in card[key]] for key in ("to_base", "to_total")
    )
    base, total = Fraction(card["base"]), Fraction(card["total"])
    assert full + sum(points for _, points in to_base) == base
    assert base + sum(points for _, points in to_total) == total
    losses = sum(Fraction(line["lost"]) for line in card["lines"])
    assert -losses == dict(to_base).get("失分", 0)
    assert all(points for _, points in to_base + to_total)


def check(book_text, rows):
    facts = facts_of(rows)
    expected = second(book_text, facts)
    assert by_engine(book_text, facts) == expected
    return expected


@QUICK
@given(rulebooks(), subjects)
def test_the_engine_agrees_with_the_second_evaluator(book_text, rows):
    check(book_text, rows)


@pytest.mark.soak
@settings(QUICK, max_examples=5000)
@given(rulebooks(), subjects)
def test_the_engine_agrees_with_the_second_evaluator_soak(book_text, rows):
    check(book_text, rows)


def test_the_examples_reach_the_new_domain():
    """What is compared holds subjects of both kinds, so that no comparison is of nothing."""
    seen: Counter[str] = Counter()

    @settings(QUICK, max_examples=150)
    @given(rulebooks(), subjects)
    def look(book_text, rows):
        for card in second(book_text, facts_of(rows)):
            seen["not assessed"] += card["grade"] is None
            seen["classed"] += card["class"] != ""
            seen.update(card["grade_causes"])
            seen.update(line[1] for line in card["lines"])
        seen["negative"] += any(str(row[1]["a"]).startswith("-") for row in rows)

    look()
    for what in ("not assessed", "classed", "negative", "unscorable", "scored", "not_applicable",
                 "quota", "veto", "nothing_applies"):  # fmt: skip
        assert seen[what] > 0, what
