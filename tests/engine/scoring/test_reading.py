"""What is just allowed in a rulebook, and which row of a table a fault is in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.scoring.build import GRADES, SOURCE, faults, line, text
from tracker.engine.scoring import RulebookError, load_rulebook

D = Decimal
STEPS = {"method": "steps", "value": "a"}


@pytest.mark.parametrize(
    "fields",
    [
        {**STEPS, "steps": [[2, 100], [1, 0]]},
        {"group": "", "clause": "", "words": "", "data_source": ""},
        {**STEPS, "steps": [[2, 1], [1, D("0.5")]]},
    ],
)
def test_what_is_just_allowed(fields):
    assert faults(line("1", 100, **fields)) == []


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([[9, 50], [5, 40], [7, 30]], "steps（分档）第 3 行的界值应从大到小排列且不重复，请调整"),
        ([[9, 50], [5, 40], [5, 30]], "steps（分档）第 3 行的界值应从大到小排列且不重复，请调整"),
        ([[9, 50], [5, 50], [3, 30]], "steps（分档）第 2 行的得分应低于上一行，请调整"),
        ([[9, 50], [5, 40], [3, -1]], "steps（分档）第 3 行的得分为负数，请改为 0 或正数"),
        ([[9, 50], [5, "x"]], "steps（分档）第 2 行的得分应为数字，请改正"),
    ],
)
def test_a_fault_names_its_row(steps, fault):
    (found,) = faults(line("1", 100, **STEPS, steps=steps))
    assert found.endswith(fault)


def test_both_faults_of_one_bound_are_said():
    found = faults(line("1", 100, method="efficacy", value="a", low=1, lower_is_better=True))
    assert [
        any(word in each for each in found)
        for word in ("同时给出", "lower_is_better（越低越好）不能")
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("fields", "faults_found"),
    [
        (
            {**STEPS, "direction": "above", "steps": [[2, 5]], "interpolate": "yes"},
            ["指标 1：interpolate（档间插值）应为 true 或 false，请改正"],
        ),
        (
            {**STEPS, "direction": " ", "steps": [[2, 5]]},
            [
                "指标 1：direction（分档方向）不能是「 」，请改为 at_least（不低于）、"
                "above（高于）、at_most（不高于）、below（低于）之一"
            ],
        ),
        (STEPS, ["指标 1：缺少 steps（分档），请补上"]),
        (
            {"method": "checklist", "items": [{"name": "x", "value": "a", "award": 100}, 3]},
            ["指标 1：第 2 个要件：应为一张表，请写成 [[items]]"],
        ),
    ],
)
def test_a_fault_is_said_once_and_in_its_place(fields, faults_found):
    assert faults(line("1", 100, **fields)) == faults_found


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (
            {"cap": [{"lines": ["1"], "at_most": D("0.001")}]},
            "第 1 个限额(cap)：at_most（至多）的小数位数多于 line_decimals（小数位数）所定的 2 位，"
            "请减少小数位",
        ),
        (
            {"cap": [{"lines": ["1"], "at_most": 1}, {"lines": ["9"], "at_most": 1}]},
            "第 2 个限额(cap)：lines（指标编号）中的指标「9」不存在，请核对编号",
        ),
        (
            {"grade": [GRADES[0], {"name": "良好", "at_least": 90}, GRADES[3]]},
            "等次「良好」：at_least（最低分）应低于上一等次，请从高到低排列",
        ),
        (
            {"grade": [GRADES[0], GRADES[3] | {"quota": 1}]},
            "等次「不合格」：作为最后的等次，不能有 quota（名额比例），请删去",
        ),
        ({"grade": GRADES[:2]}, "等次「良好」：作为最后的等次，at_least（最低分）应为 0，请改正"),
        ({"veto": [{"name": "安全"}]}, "一票否决「安全」：缺少 when（条件），请补上"),
        ({"veto": [{"when": "v1 > 0"}]}, "第 1 个一票否决(veto)：缺少 name（名称），请补上"),
    ],
)
def test_a_fault_of_the_head_names_its_place(head, fault):
    assert faults(line("1", 100), **head) == [fault]


@pytest.mark.parametrize("full", [1, D("0.5")])
def test_full_marks_may_be_few(full):
    assert faults(line("1", full), full_marks=full, deduction_cap=0) == []


def test_points_have_six_decimals_at_most():
    assert faults(line("1", 100), line_decimals=6) == []
    assert faults(line("1", 100), line_decimals=7) == [
        "line_decimals（小数位数）应在 0 与 6 之间，请改正"
    ]


def test_points_without_decimals_are_whole():
    whole, halves = [line("1", 100)], [line("1", D("99.5")), line("2", D("0.5"))]
    assert faults(*whole, line_decimals=0) == []
    assert len(faults(*halves, line_decimals=0)) == 2
    assert faults(*halves, line_decimals=1) == []


@pytest.mark.parametrize(
    ("points", "part", "missing"),
    [
        (100, {}, "指标 1：第 1 个部分(part)：缺少 points（分值），请补上"),
        (None, {"points": 100}, "指标 1：缺少 points（分值），请补上"),
    ],
)
def test_parts_are_not_added_up_where_points_are_missing(points, part, missing):
    gate = {"method": "gate", "when": "a > 0"}
    found = faults(line("1", points, combine="sum", part=[part | gate]))
    assert found == [missing]


def test_a_file_and_a_class_have_room_up_to_their_end():
    book = text(line("1", 100), classes=["类" * 40])
    whole = book.encode()
    room = 2_000_000 - len(whole) - 1
    assert load_rulebook(whole + b"#" + b"." * room).classes == ("类" * 40,)
    with pytest.raises(RulebookError, match="文件超过 2 MB"):
        load_rulebook(whole + b"#" + b"." * (room + 1))


def test_a_name_of_a_class_has_forty_characters_at_most():
    assert faults(line("1", 100), classes=["类" * 41]) == [
        f"classes（类别）中「{'类' * 40}…」超过 40 字，请改短"
    ]


def test_what_may_be_left_out_is_kept_where_it_is_given():
    sources = [SOURCE, SOURCE | {"url": "https://example.org"}]
    lines = line("1", 40), line("2", 60, data_source="银行")
    book = load_rulebook(text(*lines, source=sources, issuer="省山海办", document="1 号"))
    assert [each.url for each in book.sources] == ["", "https://example.org"]
    assert [each.data_source for each in book.indicators] == ["", "银行"]
    assert (book.issuer, book.document) == ("省山海办", "1 号")


def test_what_may_be_left_out_may_be_empty():
    source = [SOURCE | {"url": ""}]
    assert faults(line("1", 100), issuer="", document="", source=source) == []


def test_what_a_fault_makes_unreadable_is_no_fault_of_its_own():
    gate = {"points": 100, "method": "gate", "when": "a > 0"}
    unknown = faults(line("1", 100, method="magic", value="a", odd=1))
    assert len(unknown) == 1
    assert "「magic」" in unknown[0]
    without = faults(line("1", 100, method="gate", when="a > 0", part=[gate]))
    assert without == [
        "指标 1：有 part（部分）而无 combine（组成），请补上 combine（组成）或删去 part（部分）"
    ]
    moved = faults(line("1", 100, combine="sum", part=[gate | {"missing": "zero", "odd": 1}]))
    assert moved == [
        "指标 1：第 1 个部分(part)：部分中不能有 missing（未报时），请移到指标上",
        "指标 1：第 1 个部分(part)：不认识的键「odd」，请删去或改正拼写",
    ]
