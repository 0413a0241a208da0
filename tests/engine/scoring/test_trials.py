"""A trial of one fact is what scoring the whole class again with it gives, and leaves no trace."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.engine.scoring.build import facts, line, text
from tests.engine.scoring.test_gauge import expected, figures
from tracker.engine.scoring import load_rulebook, parse_facts, score
from tracker.engine.scoring.trials import Bench, Trial, Whole

TABLE = [[1, 20], [2, 12], [3, 5]]
GATE = {"method": "gate", "when": "b > 2"}
SHEETS = {
    "pools": [
        line("1", 20, method="rank", value="a", table=TABLE),
        line("2", 30, method="efficacy", value="a / b", base_share=0),
        line("3", 50, method="rank", value="b - a", table=[[1, 50], [3, 20]], lower_is_better=True),
    ],
    "class values": [
        line("1", 20, method="gate", when="a >= mean.a"),
        line("2", 30, method="ratio", value="a", target="best.a"),
        line("3", 50, method="ratio", value="b", target="sum.a"),
    ],
    "moving pools": [
        line("1", 20, method="rank", value="a - mean.a + c", table=TABLE),
        line("2", 30, method="efficacy", value="b / best.a", applies="a < sum.b", absent="full"),
        line("3", 50, method="rank", value="c", table=[[1, 50]], applies="mean.a > 3"),
    ],
    "spreads": [
        line("1", 20, **GATE, applies="mean.a > 4", absent="spread"),
        line("2", 30, method="ratio", value="a", target=9),
        line("3", 50, method="count", value="c", unit=5, applies="a > b", absent="spread"),
    ],
    "parts": [
        line(
            "1",
            60,
            combine="sum",
            part=[
                {"points": 20, "method": "rank", "value": "b", "table": TABLE},
                {"points": 40, "method": "efficacy", "value": "a * c"},
            ],
        ),
        line("2", 40, method="rank", value="c", table=[[1, 40], [2, 20]], applies="b >= 2"),
    ],
    "vetoes": [
        line("1", 40, method="ratio", value="a", target="mean.b"),
        line("2", 60, method="rank", value="a", table=[[1, 60], [2, 30]], applies="c > 1"),
    ],
}
VETOES = [
    {"name": "甲", "when": "mean.a > 6", "total_at_most": 50},
    {"name": "乙", "when": "share.2 < 0.1 and b < best.b", "total_at_most": 40},
    {"name": "丙", "when": "line.1 > 38", "unranked": True},
    {"name": "丁", "when": "share.2 > 0.5 and share.2 < 0.9", "no_bonus": True},
]
ROWS = [
    {"a": 5, "b": 2, "c": 1},
    {"a": 8, "b": 4, "c": 3},
    {"a": 5, "b": 1},
    {"a": 1, "b": 9, "c": 3},
    {"b": 3, "c": 2},
]
VALUES = [None, 0, 1, Fraction(5, 2), 4, 5, 8, 9, 30]


def changed_facts(given, index, measure, value):
    subject = given.subjects[index]
    measures = {name: each for name, each in subject.measures.items() if name != measure}
    measures |= {} if value is None else {measure: value}
    own = replace(subject, measures=measures)
    return replace(given, subjects=(*given.subjects[:index], own, *given.subjects[index + 1 :]))


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], [*ROWS[:2], ROWS[1]]], ids=["all", "one", "tied"])
@pytest.mark.parametrize("name", SHEETS)
def test_a_trial_is_what_scoring_again_gives(name, rows):
    vetoes = VETOES if name in ("vetoes", "spreads") else None
    book = load_rulebook(text(*SHEETS[name], veto=vetoes))
    given = parse_facts(facts(*rows))
    cards = score(book, given).scorecards
    bench = Bench(book, "", given.subjects)
    before = deepcopy((bench.envs, bench.scorer.pool.values))
    for index, measure in ((i, m) for i in range(len(rows)) for m in "abc"):
        sheet = Whole(bench, index, measure)
        trials = [Trial(bench, index, number, measure) for number in range(len(book.indicators))]
        for value in VALUES:
            again = score(book, changed_facts(given, index, measure, value)).scorecards[index]
            found = [trial.line(value) for trial in trials]
            assert [(x.award, x.state, x.effective) for x in found] == figures(again)[0]
            assert figures(sheet.card(value)) == figures(again)
            if value is not None:
                for number, one in enumerate(found):
                    assert sheet.gain(value, number, None) == expected(cards[index], again)
                    if one.state == "scored" and not one.why:
                        gain = sheet.gain(value, number, one.units)
                        assert gain == expected(cards[index], again)
    assert (bench.envs, bench.scorer.pool.values) == before


def test_what_one_line_alone_reads_is_totalled_without_scoring_the_others():
    book = load_rulebook(text(*SHEETS["vetoes"], line("B", 5, kind="bonus", **GATE), veto=VETOES))
    bench = Bench(book, "", parse_facts(facts(*ROWS)).subjects)
    # Vetoes read a and b; c decides on line 2 alone, but on whether that applies.
    assert [Whole(bench, 0, name).alone for name in "abc"] == [False, False, False]
    assert [bench.readers(name)[1:] for name in "abc"] == [
        ([], [0, 1]),
        ([], [0, 2]),
        ([1], [1]),
    ]
    plain = Bench(load_rulebook(text(*SHEETS["pools"])), "", bench.subjects)
    assert [Whole(plain, 0, name).alone for name in "ab"] == [True, True]


def test_the_others_of_a_pool_and_whether_a_line_stays_what_it_is():
    bench = Bench(load_rulebook(text(*SHEETS["parts"])), "", parse_facts(facts(*ROWS)).subjects)
    trial = Trial(bench, 1, 0, "b")
    assert (list(trial.others(0)), list(trial.others(1)), trial.steady) == (
        [1, 2, 3, 9],
        [3, 5],
        True,
    )
    second = Trial(bench, 1, 1, "b")
    assert (list(second.others(0)), list(second.others(7)), second.steady) == ([1, 2, 3], [], False)


def test_the_sheet_of_one_subject_is_kept_until_another_is_asked_for():
    bench = Bench(load_rulebook(text(*SHEETS["parts"])), "", parse_facts(facts(*ROWS)).subjects)
    lines, gauge = bench.kept_lines(0), bench.gauge(0)
    assert (bench.kept_lines(0) is lines, bench.gauge(0) is gauge) == (True, True)
    assert (bench.kept_lines(1) is lines, bench.gauge(1) is gauge) == (False, False)
    assert (bench.kept_lines(0) is lines, bench.gauge(0) is gauge) == (False, False)
