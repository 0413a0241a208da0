"""A total of moved lines is that of the whole sheet scored again, whatever bites."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.engine.scoring.build import facts, line, text
from tracker.engine.scoring import load_rulebook, parse_facts, score
from tracker.engine.scoring.gauge import REFUSED
from tracker.engine.scoring.trials import Bench, Trial, Whole

BONUS = {"kind": "bonus", "method": "count", "unit": 1, "proportional": True}
FAULTS = [{"name": "通报", "value": "d", "unit": 1}]
LINES = [
    line("1", 60, method="ratio", value="a", target=100),
    line("2", 40, method="ratio", value="n / m", target=1, applies="k > 0", absent="spread"),
    line("3", 0, method="ratio", value="z", target=1),
    line("B1", 6, value="b", **BONUS),
    line("B2", 6, value="c", **BONUS),
    line("D", 20, kind="deduction", method="deduct", items=FAULTS),
]
HEAD = {
    "bonus_cap": 6,
    "deduction_cap": 10,
    "cap": [
        {"lines": ["B2", "B1"], "at_most": 7},
        {"lines": ["D"], "at_most": 9},
        {"lines": ["1"], "at_most": 55},
    ],
    "veto": [
        {"name": "甲", "when": "line.1 < 5", "total_at_most": 39},
        {"name": "乙", "when": "share.2 < 0.25", "total_at_most": 59},
        {"name": "丙", "when": "total < 30", "no_bonus": True},
        {"name": "丁", "when": "base < 16", "grade": "不合格"},
        {"name": "戊", "when": "safety > 0", "total_at_most": 30},
        {"name": "己", "when": "safety / y > 9", "no_bonus": True},
        {"name": "辛", "when": "total == 0", "unranked": True},
        {"name": "壬", "when": "share.3 > 0.5", "unranked": True},
        {"name": "庚", "when": "share.1 > 0.9 and line.B1 > 5", "no_bonus": True},
    ],
}
BOOK = load_rulebook(text(*LINES, **HEAD))
SOUND = {"a": 50, "n": 3, "m": 4, "k": 1, "b": 2, "c": 2, "d": 3, "safety": 0, "y": 1, "z": 0}
SHEETS = {
    "sound": {},
    "few": {"a": 14, "n": 1, "m": 2},
    "nothing": {"a": 0, "n": 0, "d": 9, "b": 0, "c": 0},
    "held": {"a": 8, "n": 0, "safety": 1, "b": 4},
    "held twice": {"a": 40, "n": 0, "safety": 1, "y": 0},
    "open": {"y": 0, "d": 12, "b": 6, "c": 5},
    "spread": {"k": 0, "a": 80, "b": 5},
    "lacking": {"n": None, "a": 92, "c": 6},
    "low": {"a": 20, "n": 0, "b": 0, "c": 0, "d": 9},
    "all": {"a": 100, "n": 4, "b": 6, "c": 6, "d": 0},
}
VALUES = [0, Fraction(1, 2), 1, 2, 3, 5, 6, 7, 9, 10, 11, 15, 19, 20, 21, 30, 60, 91, 95, 120]


def expected(card, then):
    """What scoring again says: hundredths gained, or that the change must not be named."""
    lacking = {each.code for each in card.lines if each.state == "unscorable"}
    worse = (
        set(then.vetoes) - set(card.vetoes)
        or set(then.undecided) - set(card.undecided)
        or {each.code for each in then.lines if each.state == "unscorable"} - lacking
    )
    return REFUSED if worse else int((then.total - card.total) * 100)


def figures(card):
    lines = [(each.award, each.state, each.effective) for each in card.lines]
    return lines, card.total, card.total_before, card.vetoes, card.undecided, card.spread


@pytest.mark.parametrize("name", SHEETS)
def test_a_gain_is_what_scoring_again_gives(name):
    own = {key: value for key, value in {**SOUND, **SHEETS[name]}.items() if value is not None}
    given = parse_facts(facts(own))
    (subject,) = given.subjects
    (card,) = score(BOOK, given).scorecards
    bench = Bench(BOOK, "", [subject])
    seen = set()
    for measure in SOUND:
        sheet = Whole(bench, 0, measure)
        for value in VALUES:
            changed = replace(subject, measures={**subject.measures, measure: value})
            (then,) = score(BOOK, replace(given, subjects=(changed,))).scorecards
            gain = expected(card, then)
            seen.add(gain)
            assert figures(sheet.card(value)) == figures(then)
            assert sheet.gain(value, -1, None) == gain, (measure, value)
            for number in range(len(LINES)):
                if measure not in BOOK.indicators[number].names:
                    continue
                found = Trial(bench, 0, number, measure).line(value)
                if found.state == "scored":
                    assert sheet.gain(value, number, found.units) == gain, (measure, value)
    assert len(seen) > 5
    assert score(BOOK, given).scorecards[0] == card  # all is put back
