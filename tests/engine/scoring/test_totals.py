"""Caps, totals, vetoes, ranks and quotas."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.scoring.build import GRADES, line, run, text
from tracker.engine.scoring import explain_caps, result_json

SCORE = line("S", 100, method="count", value="s", unit=1, proportional=True)
BONUS = {"kind": "bonus", "method": "count", "value": "b", "unit": 1}
ITEMS = [{"name": "x", "value": "d", "unit": 1}]
DEDUCTION = line("D", 60, kind="deduction", method="deduct", items=ITEMS)


def card_of(book, **measures):
    return run(book, {"s": 70, "b": 0, "d": 0, **measures}).scorecards[0]


def figures(card):
    return [str(x) for x in (card.base, card.bonus, card.deduction, card.total)]


def test_bonus_and_deduction_are_capped():
    book = text(SCORE, line("B", 9, **BONUS), DEDUCTION, bonus_cap=5, deduction_cap=8)
    assert figures(card_of(book, b=7, d=9)) == ["70.00", "5.00", "-8.00", "67.00"]


def test_the_default_caps():
    book = text(SCORE, line("B", 9, **BONUS), DEDUCTION)
    assert figures(card_of(book, b=7, d=60)) == ["70.00", "0.00", "-60.00", "10.00"]


def test_the_total_is_not_below_zero_and_not_limited_by_full_marks():
    book = text(SCORE, line("B", 9, **BONUS), DEDUCTION, bonus_cap=10)
    card = card_of(book, s=10, d=50)
    assert figures(card) == ["10.00", "0.00", "-50.00", "0.00"]
    assert str(card.total_before) == "0.00"
    assert figures(card_of(book, s=100, b=9)) == ["100.00", "9.00", "0.00", "109.00"]


def test_a_cap_limits_the_sum_and_no_line():
    lines = [SCORE, line("B1", 4, **BONUS), line("B2", 4, **BONUS), DEDUCTION]
    caps = [{"lines": ["B1", "B2"], "at_most": 5}, {"lines": ["D"], "at_most": 3}]
    card = card_of(text(*lines, cap=caps, bonus_cap=10), b=4, d=6)
    assert [str(x.award) for x in card.lines] == ["70.00", "4.00", "4.00", "-6.00"]
    assert figures(card) == ["70.00", "5.00", "-3.00", "72.00"]
    assert explain_caps(card) == [
        "指标 B1、B2 合计 8.00 分,按限额计 5.00 分",
        "指标 D 合计 −6.00 分,按限额计 −3.00 分",
    ]


def veto(when, **effects):
    return {"name": f"否决{len(when)}", "when": when, **effects}


def test_a_veto_reads_the_total_with_bonus_and_deduction():
    lines = [SCORE, line("B", 9, **BONUS), DEDUCTION]
    book = text(*lines, bonus_cap=5, veto=[veto("total < 70", no_bonus=True)])
    card = card_of(book, b=5, d=5)
    assert (figures(card), card.vetoes) == (["70.00", "5.00", "-5.00", "70.00"], ())
    card = card_of(book, b=5, d=6)
    assert figures(card) == ["70.00", "0.00", "-6.00", "64.00"]
    assert str(card.total_before) == "69.00"


def test_effects_of_a_veto():
    lines = [SCORE, line("B", 9, **BONUS)]
    no_bonus = text(*lines, bonus_cap=9, veto=[veto("b > 0", no_bonus=True)])
    card = card_of(no_bonus, s=88, b=9)
    assert (figures(card), card.grade) == (["88.00", "0.00", "0.00", "88.00"], "良好")
    assert (str(card.bonus_before), str(card.total_before)) == ("9.00", "97.00")
    assert card.grade_before == "优秀"
    capped = text(*lines, bonus_cap=9, veto=[veto("b > 0", total_at_most=59)])
    card = card_of(capped, s=88, b=9)
    assert (figures(card), card.grade) == (["88.00", "9.00", "0.00", "59.00"], "不合格")


def test_a_veto_never_raises_a_grade():
    book = text(SCORE, veto=[veto("s > 0", grade="合格")])
    assert card_of(book, s=95).grade == "合格"
    assert card_of(book, s=50).grade == "不合格"


def test_the_worst_of_several_vetoes_holds():
    vetoes = [veto("s > 0", grade="良好"), veto("s >= 1", grade="不合格", unranked=True)]
    card = card_of(text(SCORE, veto=vetoes), s=95)
    assert (card.grade, card.rank, len(card.vetoes)) == ("不合格", None, 2)


def test_vetoes_are_decided_once_on_the_totals_before_them():
    vetoes = [
        {"name": "甲", "when": "total >= 90", "total_at_most": 50},
        {"name": "乙", "when": "total < 60", "grade": "不合格"},
        {"name": "丙", "when": "base == 95 and line.S == 95 and share.S == 0.95"},
    ]
    assert card_of(text(SCORE, veto=vetoes), s=95).vetoes == ("甲", "丙")


def test_a_veto_that_cannot_be_decided_does_not_fire():
    vetoes = [
        {"name": "缺", "when": "nowhere > 0 or 1 > 0", "grade": "不合格"},
        {"name": "除", "when": "1 / b > 0", "grade": "不合格"},
        {"name": "成", "when": "b == 0"},
    ]
    card = card_of(text(SCORE, veto=vetoes), s=95)
    assert (card.vetoes, card.undecided, card.complete) == (("成",), ("缺", "除"), False)
    assert card.undecided_because == ("缺少 nowhere", "除数为 0")
    assert card.grade == "优秀"


def test_share_of_a_spread_line_is_one_and_of_an_unscorable_line_zero():
    lines = [
        line("1", 40, method="gate", when="1 > 0"),
        line("2", 40, applies="k > 0", absent="spread"),
        line("3", 20, method="gate", when="missing > 0"),
        line("4", 0, method="gate", when="1 > 0"),
    ]
    vetoes = [
        {"name": "甲", "when": "share.2 == 1"},
        {"name": "乙", "when": "share.3 == 0"},
        {"name": "丙", "when": "share.4 == 0"},
        {"name": "丁", "when": "share.1 == 1 and line.1 > 66"},
    ]
    card = run(text(*lines, veto=vetoes), {"k": 0}).scorecards[0]
    assert card.vetoes == ("甲", "乙", "丙", "丁")


def ranks(book, *subjects):
    return [card.rank for card in run(book, *subjects).scorecards]


def test_competition_ranking_inside_a_class():
    values = [(80, ""), (90, ""), (80, ""), (70, ""), (60, "乙")]
    found = ranks(text(SCORE), *({"s": s, "class": c} for s, c in values))
    assert found == [2, 1, 2, 4, 1]


def test_ties_are_broken_from_left_to_right():
    book = text(SCORE, tie_break=["a", "b / c"])
    subjects = [
        {"s": 80, "a": 1, "b": 1, "c": 1},
        {"s": 80, "a": 1, "b": 2, "c": 1},
        {"s": 80, "a": 2},
        {"s": 80, "a": -5, "b": 9, "c": 1},
        {"s": 80, "b": 9, "c": 1},
        {"s": 80, "a": 1, "b": 1, "c": 0},
        {"s": 80, "a": 1},
    ]
    assert ranks(book, *subjects) == [3, 2, 1, 6, 7, 4, 4]


def test_total_and_base_of_a_tie_break_are_those_after_the_vetoes():
    book = text(
        SCORE,
        line("B", 9, **BONUS),
        bonus_cap=9,
        tie_break=["base"],
        veto=[veto("b > 5", total_at_most=60)],
    )
    assert ranks(book, {"s": 60, "b": 0}, {"s": 70, "b": 6}) == [2, 1]


def test_incomplete_and_vetoed_subjects_are_ranked_unless_unranked():
    book = text(
        SCORE,
        veto=[veto("x > 0", grade="不合格"), veto("x >= 1", unranked=True)],
    )
    subjects = [{"s": 95, "x": 1}, {"s": 90}, {"s": 85, "x": 0}]
    assert ranks(book, *subjects) == [None, 1, 2]


def with_quota(*quotas):
    return [
        grade | ({"quota": Decimal(quota)} if quota else {})
        for grade, quota in zip(GRADES, (*quotas, None), strict=False)
    ] + GRADES[len(quotas) + 1 :]


def grades(book, *totals):
    return [card.grade for card in run(book, *({"s": s} for s in totals)).scorecards]


def test_a_quota_keeps_the_best_and_moves_the_rest_down():
    book = text(SCORE, grade=with_quota("0.5"))
    assert grades(book, 99, 98, 97, 96, 50) == ["优秀", "优秀", "良好", "良好", "不合格"]


def test_at_least_one_may_hold_a_grade():
    book = text(SCORE, grade=with_quota("0.1"))
    assert grades(book, 99, 98, 10) == ["优秀", "良好", "不合格"]


def test_holders_tied_across_the_limit_all_move_down():
    book = text(SCORE, grade=with_quota("0.5"))
    assert grades(book, 99, 98, 98, 10) == ["优秀", "良好", "良好", "不合格"]
    assert grades(book, 99, 99, 99, 10) == ["良好", "良好", "良好", "不合格"]


def test_those_moved_down_count_in_the_next_grade():
    book = text(SCORE, grade=with_quota("0.25", "0.25"))
    assert grades(book, 99, 98, 97, 85) == ["优秀", "良好", "合格", "合格"]


def test_the_quota_of_the_last_but_one_grade_moves_down_to_the_last():
    book = text(SCORE, grade=with_quota(None, None, "0.5"))
    assert grades(book, 99, 70, 69, 68) == ["优秀", "合格", "合格", "不合格"]


def test_a_quota_counts_the_ranked_of_the_class_only():
    vetoes = [veto("s == 99", unranked=True)]
    book = text(SCORE, grade=with_quota("0.5"), veto=vetoes)
    assert grades(book, 99, 98, 97) == ["优秀", "优秀", "良好"]
    cards = run(book, {"s": 98}, {"s": 97, "class": "乙"}).scorecards
    assert [(card.grade, card.moved_down) for card in cards] == [("优秀", 0), ("优秀", 0)]


def test_a_grade_lowered_by_a_veto_leaves_room_in_the_quota():
    book = text(SCORE, grade=with_quota("0.5"), veto=[veto("s == 99", grade="良好")])
    assert grades(book, 99, 98, 97) == ["良好", "优秀", "良好"]
    assert grades(book, 99, 98, 97, 10) == ["良好", "优秀", "优秀", "不合格"]


def test_order_of_the_facts_is_kept():
    found = result_json(run(text(SCORE), {"s": 1}, {"s": 9}, {"s": 5}))
    assert [(x["code"], x["rank"]) for x in found["subjects"]] == [("S1", 3), ("S2", 1), ("S3", 2)]
