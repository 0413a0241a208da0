"""Why a grade is not the one of the points, and the way from full marks to the total, in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.engine.scoring.build import GRADES, line, run, text
from tests.engine.scoring.test_second import check_way
from tracker.engine.scoring import (
    effective_limit,
    explain_grade,
    leaving,
    load_rulebook,
    meaning_of,
    parse_facts,
    result_json,
    score,
    vetoes_proper,
    way,
    way_words,
)

SHIPPED = [
    path
    for path in sorted((Path(__file__).parents[3] / "data" / "rulebooks").glob("20*/*.toml"))
    if "[[indicator]]" in path.read_text(encoding="utf-8")
]
SCORE = line("S", 100, method="count", value="s", unit=1, proportional=True)
QUOTA = [GRADES[0] | {"quota": Decimal("0.3")}, *GRADES[1:]]
BONUS = {"kind": "bonus", "method": "count", "value": "b", "unit": 1}
ITEMS = [{"name": "x", "value": "d", "unit": 1}]


def standings(*points, **head):
    rows = [{"s": value, "b": 0, "d": 0, "k": 0} for value in points]
    return run(text(SCORE, grade=QUOTA, **head), *rows).scorecards


def test_a_quota_is_named_with_place_and_limit():
    cards = standings(99, 98, 97, 96, 95, 94, 93)
    assert [card.grade for card in cards] == ["优秀"] * 2 + ["良好"] * 5
    assert [explain_grade(card) for card in cards[:2]] == [[], []]
    assert explain_grade(cards[2]) == ["按得分可评优秀，因名额限制评为良好（第 3 名，优秀 2 名）"]
    tied = standings(99, 98, 98, 70, 70, 70, 70)
    assert explain_grade(tied[2]) == [
        "按得分可评优秀，因名额限制评为良好（并列第 2 名，优秀 2 名）"
    ]


def test_a_veto_is_named_and_leaving_is_no_veto():
    vetoes = [
        {"name": "弄虚作假", "when": "s == 98", "grade": "合格"},
        {"name": "年内调出", "when": "s >= 97 and s <= 98", "unranked": True},
        {"name": "限分", "when": "s == 96", "total_at_most": 59},
    ]
    cards = standings(99, 98, 97, 96, veto=vetoes)
    assert explain_grade(cards[1]) == ["按得分可评优秀，因一票否决“弄虚作假”评为合格"]
    assert (vetoes_proper(cards[1]), leaving(cards[1])) == (["弄虚作假"], ["年内调出"])
    assert (vetoes_proper(cards[2]), leaving(cards[2])) == ([], ["年内调出"])
    assert explain_grade(cards[3]) == ["按得分可评优秀，因一票否决“限分”评为不合格"]
    book = load_rulebook(text(SCORE, grade=QUOTA, veto=vetoes))
    assert way_words(way(cards[3], book))[1] == "基础分 96.00 − 一票否决限定总分 37.00 = 总分 59.00"


def test_the_way_tells_what_limits_took():
    book_text = text(
        SCORE,
        line("B1", 8, **BONUS),
        line("B2", 6, **BONUS),
        line("D", 75, kind="deduction", method="deduct", items=ITEMS),
        cap=[{"lines": ["B1", "B2"], "at_most": 12}],
        bonus_cap=10,
        deduction_cap=65,
    )
    book = load_rulebook(book_text)
    card = run(book_text, {"s": 90, "b": 8, "d": 70}).scorecards[0]
    assert way_words(way(card, book)) == [
        "满分 100 − 失分 10.00 = 基础分 90.00",
        "基础分 90.00 + 加分 14.00 − B1、B2 限额 2.00 − 加分上限 2.00 − 扣分 70.00"
        " + 扣分上限 5.00 = 总分 35.00",
    ]
    by_code = {x.code: x for x in card.lines}
    assert effective_limit([by_code["B1"], by_code["B2"]], book) == 10
    assert effective_limit([by_code["B2"]], book) == 6
    assert effective_limit([], book) == 0
    assert effective_limit([by_code["D"]], book) == 65


def test_a_line_above_its_points_is_apart():
    over = line("1", 50, method="ratio", value="a", target=10, cap=Decimal("1.2"))
    book_text = text(over, line("2", 50, method="ratio", value="b", target=10))
    card = run(book_text, {"a": 11, "b": 4}).scorecards[0]
    assert way_words(way(card, load_rulebook(book_text)))[0] == (
        "满分 100 − 失分 30.00 + 高于分值 5.00 = 基础分 75.00"
    )


def test_the_limit_of_one_line_alone_and_a_step_of_half_a_point():
    book_text = text(
        SCORE,
        line("B", 8, **BONUS | {"unit": Decimal("0.5")}),
        cap=[{"lines": ["B"], "at_most": 3}],
        bonus_cap=8,
    )
    book = load_rulebook(book_text)
    cards = run(book_text, {"s": 90, "b": 1}, {"s": 90, "b": 8}).scorecards
    assert [way_words(way(card, book))[1] for card in cards] == [
        "基础分 90.00 + 加分 0.50 = 总分 90.50",
        "基础分 90.00 + 加分 4.00 − B 限额 1.00 = 总分 93.00",
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_shipped_sheets_add_up(path):
    book = load_rulebook(path.read_text(encoding="utf-8"))
    measures = sorted(book.measures)
    rows = [
        {
            name: str((n * 37 + place * 11) % 23)
            for place, name in enumerate(measures)
            if (n + place) % 17 or n % 2
        }
        for n in range(24)
    ]
    classes = book.classes or ("",)
    subjects = [
        {"code": f"S{n}", "name": "", "class": classes[n % len(classes)], "measures": row}
        for n, row in enumerate(rows)
    ]
    given = parse_facts({"year": book.year, "subjects": subjects})
    for card in result_json(score(book, given))["subjects"]:
        check_way(card, Fraction(book.full_marks))


def test_engine_1_1_says_what_it_said():
    book = load_rulebook(text(SCORE, grade=QUOTA), meaning=meaning_of("1.1"))
    rows = [{"code": f"S{n}", "measures": {"s": str(90 + n)}} for n in range(4)]
    found = result_json(score(book, parse_facts({"year": 2024, "subjects": rows})))
    assert found["engine"] == "1.1"
    assert set(found["subjects"][0]) == {
        "code", "name", "class", "complete", "base", "bonus", "deduction", "total", "grade",
        "rank", "vetoes", "undecided", "lines",
    }  # fmt: skip
    assert "lost" not in found["subjects"][0]["lines"][0]
