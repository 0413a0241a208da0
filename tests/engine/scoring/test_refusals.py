"""Every refusal of the format, with the indicator's code where there is one."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from tests.engine.scoring.build import GRADES, SOURCE, facts, faults, line, text
from tracker.engine.scoring import (
    RulebookError,
    check_measures,
    load_rulebook,
    parse_facts,
    score,
)
from tracker.engine.scoring.exact import exact

D = Decimal
GATE = {"method": "gate", "when": "a > 0"}
STEPS = {"method": "steps", "value": "a"}
RANK = {"method": "rank", "value": "a"}
PART = {"points": 100, **GATE}


def refused(*needles, of):
    """One fault has all the needles."""
    assert any(all(needle in fault for needle in needles) for fault in of), of


def test_a_sound_rulebook_has_no_faults():
    assert faults(line("1", 100)) == []


@pytest.mark.parametrize(
    ("fields", "needle"),
    [
        ({"nmae": "x"}, "nmae"),
        ({"name": None}, "缺少 name"),
        ({"group": None}, "缺少 group"),
        ({"clause": None}, "缺少 clause"),
        ({"words": None}, "缺少 words"),
        ({"target": None}, "缺少 target"),
        ({"words": 3}, "words（计分说明）应为文字"),
        ({"points_by_class": 3}, "points_by_class（分类分值）应为一张表"),
        ({"evidence": "银行回单"}, "evidence（佐证材料）应为一组文字"),
        ({"evidence": [1]}, "evidence（佐证材料）应为一组文字"),
        ({"method": "magic"}, "magic"),
        ({"kind": "extra"}, "extra"),
        ({"absent": "half"}, "half"),
        ({"missing": "half"}, "half"),
        ({"lower_is_better": 1}, "true 或 false"),
        ({"cap": "1"}, "cap（完成率封顶）应为数字"),
        ({"cap": True}, "cap（完成率封顶）应为数字"),
        ({"value": True}, "value"),
        ({"value": "a +"}, "「a +」"),
        ({"value": "a > 1"}, "数值"),
        ({"value": "line.1"}, "只能用在一票否决"),
        ({"value": "base"}, "只能用在一票否决"),
        ({"applies": "a"}, "条件"),
        ({"applies": 1}, "条件"),
        ({"kind": "bonus", "absent": "full"}, "absent"),
        ({"when": "a > 0"}, "when"),
        ({"combine": "sum", "part": [PART]}, "method（计分方法）与 combine（组成）"),
        ({"part": [PART]}, "part"),
        ({"points": -1}, "负数"),
        ({"points": True}, "points（分值）应为数字"),
        ({"points_by_class": {"一类": 100, "一类 ": 100}}, "重复的类别"),
        ({"points": D("99.995")}, "points（分值）的小数位数"),
        ({"points_by_class": {"生态发展类": D("99.995")}}, "「生态发展类」的分值的小数位数"),
        ({"points": 0, "points_by_class": {"生态发展类": 0}}, "points（分值）为 0"),
        ({"points_by_class": {"生态发展类": -1}}, "负数"),
        ({"cap": -1}, "cap"),
    ],
)
def test_indicators(fields, needle):
    fields = {"points": 100, "method": "ratio", "value": "a", "target": "b", **fields}
    refused("指标 1.2", needle, of=faults(line("1.2", **fields)))


@pytest.mark.parametrize(
    ("fields", "needle"),
    [
        ({"method": "gate", "when": "a"}, "条件"),
        ({**GATE, "otherwise": -1}, "负数"),
        ({**GATE, "otherwise": 101}, "高于分值 100"),
        ({"method": "count", "value": "a"}, "缺少 unit"),
        ({"method": "count", "value": "a", "unit": 1, "per": 0}, "per"),
        ({**STEPS, "steps": []}, "steps"),
        ({**STEPS, "steps": [[1]]}, "第 1 行"),
        ({**STEPS, "steps": [[1, True]]}, "第 1 行"),
        ({**STEPS, "steps": [[1, 10], [2, 5]]}, "从大到小"),
        ({**STEPS, "steps": [[1, 10], [1, 5]]}, "不重复"),
        ({**STEPS, "steps": [[2, 5], [1, 5]]}, "低于上一行"),
        ({**STEPS, "steps": [[2, 101]]}, "高于分值 100"),
        ({**STEPS, "steps": [[2, -1]]}, "负数"),
        ({**STEPS, "direction": "at_most", "steps": [[2, 5], [1, 3]]}, "从小到大"),
        ({**STEPS, "direction": "up", "steps": [[2, 5]]}, "direction"),
        ({**STEPS, "direction": "above", "steps": [[2, 5]], "interpolate": True}, "interpolate"),
        ({**STEPS, "direction": "below", "steps": [[2, 5]], "interpolate": True}, "interpolate"),
        ({"method": "growth", "value": "a", "base": "b", "step": 0}, "step"),
        ({"method": "growth", "value": "a", "base": "b", "flat": D("1.1")}, "flat"),
        ({"method": "growth", "value": "a", "base": "b", "ceiling": D("0.5")}, "flat"),
        ({"method": "efficacy", "value": "a", "base_share": D("1.1")}, "base_share"),
        ({"method": "efficacy", "value": "a", "base_share": -1}, "base_share"),
        ({"method": "efficacy", "value": "a", "low": 1}, "low（不允许值）与 high（满意值）"),
        (
            {"method": "efficacy", "value": "a", "low": 1, "high": 2, "lower_is_better": True},
            "lower_is_better",
        ),
        (RANK, "table（名次表）或 share_table（位次占比表）"),
        ({**RANK, "table": [[1, 5]], "share_table": [[1, 5]]}, "只能用一个"),
        ({**RANK, "table": [[2, 5], [1, 3]]}, "从小到大"),
        ({**RANK, "table": [[1, 3], [2, 5]]}, "低于上一行"),
        ({**RANK, "table": [[D("1.5"), 5]]}, "正整数"),
        ({**RANK, "share_table": [[D("1.5"), 5]]}, "不超过 1"),
        ({**RANK, "table": [[1, 5]], "otherwise": -1}, "负数"),
        ({"method": "checklist", "items": []}, "items"),
        ({"method": "checklist", "items": [{"name": "x", "value": "a", "award": 9}]}, "合计 9"),
        (
            {"method": "checklist", "items": [{"name": "x", "value": "a", "award": 100, "b": 1}]},
            "「b」",
        ),
        ({"method": "checklist", "items": ["x"]}, "要件"),
        ({"method": "deduct", "items": [{"name": "x", "value": "a"}]}, "缺少 unit"),
        (
            {"method": "deduct", "items": [{"name": "x", "value": "a", "unit": 1, "max": -1}]},
            "负数",
        ),
        ({"combine": "mean", "part": [PART]}, "combine"),
        ({"combine": "sum"}, "缺少 part"),
        ({"combine": "sum", "part": [{"points": 99, **GATE}]}, "合计 99"),
        ({"combine": "max", "part": [{"points": 101, **GATE}]}, "101 高于"),
        ({"combine": "min", "part": [{"points": 101, **GATE}]}, "101 高于"),
        ({"combine": "sum", "part": [{**PART, "applies": "a > 0"}]}, "applies"),
        ({"combine": "sum", "part": [{**PART, "absent": "full"}]}, "absent"),
        ({"combine": "sum", "part": [{**PART, "missing": "zero"}]}, "missing"),
        ({"combine": "sum", "part": [{**PART, "code": "1"}]}, "「code」"),
        (
            {
                "combine": "sum",
                "part": [
                    {"points": 100, "method": "ratio", "value": 1, "target": 1, "cap": D("1.1")}
                ],
            },
            "cap",
        ),
        (
            {
                "combine": "sum",
                "part": [{"points": 100, "method": "growth", "value": 1, "base": 1, "ceiling": 2}],
            },
            "ceiling",
        ),
    ],
)
def test_parameters_of_methods(fields, needle):
    refused("指标 A1", needle, of=faults(line("A1", 100, **fields)))


DEDUCT = {"method": "deduct", "items": [{"name": "x", "value": "a", "unit": 1}]}


@pytest.mark.parametrize(
    ("fields", "needle"),
    [
        ({"kind": "bonus", **DEDUCT}, "加分指标不能用 deduct（扣分法）"),
        ({"kind": "deduction", **GATE}, "只能用 deduct（扣分法）"),
        ({"kind": "deduction", "combine": "sum", "part": [{"points": 5, **DEDUCT}]}, "combine"),
        ({"kind": "deduction", **DEDUCT, "missing": "zero"}, "missing"),
        ({"kind": "deduction", **DEDUCT, "absent": "zero"}, "absent"),
        ({"kind": "bonus", "combine": "max", "part": [{"points": 5, **DEDUCT}]}, "扣分法"),
    ],
)
def test_bonus_and_deduction_lines(fields, needle):
    refused("指标 X", needle, of=faults(line("1", 100), line("X", 5, **fields)))


@pytest.mark.parametrize(
    ("head", "needle"),
    [
        ({"format": 2}, "format"),
        ({"format": None}, "缺少 format"),
        ({"code": None}, "缺少 code"),
        ({"year": "2024"}, "year（考核年度）应为数字"),
        ({"year": D("2024.0")}, "year（考核年度）应为整数"),
        ({"title": None}, "缺少 title"),
        ({"subject": "county"}, "county"),
        ({"status": "draft"}, "draft"),
        ({"status": "official"}, "issuer"),
        ({"status": "official", "issuer": "省山海办"}, "document"),
        ({"full_marks": None}, "缺少 full_marks"),
        ({"full_marks": D("100.001")}, "小数位数"),
        ({"bonus_cap": D("0.001")}, "bonus_cap"),
        ({"bonus_cap": -1}, "bonus_cap"),
        ({"deduction_cap": D("0.001")}, "deduction_cap"),
        ({"line_decimals": 9}, "line_decimals"),
        ({"line_decimals": D("2.0")}, "line_decimals"),
        ({"colour": "red"}, "colour"),
        ({"tie_break": "base"}, "tie_break"),
        ({"tie_break": ["share.9"]}, "share.9"),
        ({"tie_break": ["base > 1"]}, "tie_break（并列次序）第 1 项"),
        ({"classes": "一类"}, "classes（类别）应为一组文字"),
        ({"classes": []}, "classes（类别）为空"),
        ({"classes": ["一类", " "]}, "classes（类别）应为一组文字"),
        ({"classes": ["(一)类", "（一）类 "]}, "重复的类别"),
        ({"classes": ["类" * 41]}, "超过 40 字"),
        ({"source": None}, "缺少 source"),
        ({"source": [{"url": "https://example.org"}]}, "缺少 title"),
        ({"source": [SOURCE | {"date": "2023"}]}, "date"),
        ({"source": [SOURCE | {"page": 3}]}, "page"),
        ({"grade": None}, "缺少 grade"),
        ({"grade": GRADES[:2]}, "应为 0"),
        ({"grade": [GRADES[1], GRADES[0], GRADES[3]]}, "从高到低"),
        ({"grade": [GRADES[0] | {"quota": 0}, GRADES[3]]}, "quota"),
        ({"grade": [GRADES[0] | {"quota": D("1.1")}, GRADES[3]]}, "quota"),
        ({"grade": [GRADES[0], GRADES[3] | {"quota": 1}]}, "quota"),
        ({"grade": [GRADES[0], {"name": "优秀", "at_least": 0}]}, "重复"),
        ({"grade": [{"name": "优秀"}]}, "缺少 at_least"),
        ({"indicator": None}, "缺少 indicator"),
        ({"cap": [{"lines": ["1"]}]}, "缺少 at_most"),
        ({"cap": [{"lines": [], "at_most": 1}]}, "lines"),
        ({"cap": [{"lines": ["9"], "at_most": 1}]}, "「9」"),
        ({"cap": [{"lines": ["1", "1"], "at_most": 1}]}, "已在限额中"),
        ({"cap": [{"lines": ["1"], "at_most": -1}]}, "负数"),
        ({"cap": [{"lines": ["1"], "at_most": D("0.001")}]}, "小数位数"),
        ({"veto": [{"name": "x"}]}, "缺少 when"),
        ({"veto": [{"name": "x", "when": "line.9 > 1"}]}, "line.9"),
        ({"veto": [{"name": "x", "when": "a > 1", "grade": "中等"}]}, "中等"),
        ({"veto": [{"name": "x", "when": "a > 1", "total_at_most": D("0.001")}]}, "total_at_most"),
        ({"veto": [{"name": "x", "when": "a > 1", "unranked": 1}]}, "unranked"),
    ],
)
def test_the_head_and_its_tables(head, needle):
    refused(needle, of=faults(line("1", 100), **head))


def test_repeated_and_bad_codes():
    refused("指标 1", "重复", of=faults(line("1", 50), line("1", 50)))
    for code in ("1.", "a-b", "一", "1 2"):
        refused("code", of=faults(line(code, 100)))


def test_points_must_sum_to_full_marks_in_each_class():
    refused("合计 90", of=faults(line("1", 90)))
    lines = [line("1", 50, points_by_class={"生态发展类": 40}), line("2", 50)]
    refused("生态发展类", "合计 90", of=faults(*lines))
    assert faults(*lines, line("9", 5, kind="bonus")) == faults(*lines)


def test_points_are_no_finer_than_the_rounding():
    """33.335 + 33.335 + 33.33 would be rounded to 100.01."""
    lines = [line("1", D("33.335")), line("2", D("33.335")), line("3", D("33.33"))]
    found = faults(*lines)
    assert len(found) == 2
    refused("指标 1", "多于 line_decimals（小数位数）所定的 2 位", of=found)
    assert faults(*lines, line_decimals=3) == []
    refused("指标 X", of=faults(line("1", 100), line("X", D("0.005"), kind="bonus")))


def test_a_class_that_the_rulebook_does_not_declare():
    eco = line("1", 100, points_by_class={"生态发展类": 100})
    assert faults(eco) == []  # without `classes` any is taken as it comes
    assert faults(eco, classes=["生态发展类 ", "跨越发展类"]) == []
    refused(
        "指标 1", "「生态发展类」不在 classes（类别）中", of=faults(eco, classes=["跨越发展类"])
    )


def test_a_cap_over_lines_of_different_kinds_and_a_line_in_two_caps():
    lines = [line("1", 100), line("X", 5, kind="bonus")]
    mixed = [{"lines": ["1", "X"], "at_most": 5}]
    refused("指标 1、X", "类型不同", of=faults(*lines, cap=mixed))
    twice = [{"lines": ["X"], "at_most": 5}, {"lines": ["X"], "at_most": 4}]
    refused("指标 X", "已在限额中", of=faults(*lines, cap=twice))


def test_all_faults_are_listed_at_once():
    found = faults(
        line("1", 30, value="a +"), line("2", 30, method="magic"), line("3", 30), year=None
    )
    for needle in ("指标 1", "指标 2", "合计 90", "缺少 year"):
        refused(needle, of=found)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999999999", "1" * 80])
def test_numbers_that_are_no_figures_are_refused_at_once(number):
    book = text(line("1", 100)).replace("full_marks = 100", f"full_marks = {number}")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(book)
    refused("full_marks", of=caught.value.faults)


@pytest.mark.parametrize(
    ("content", "needle"),
    [
        (b"\xff\xfe", "UTF-8"),
        ("a = ", "TOML"),
        ("a = 1\nb = x", "TOML 语法有误(第 2 行第 5 列)，请检查该处的引号、等号、括号"),
        ("a = " + "[" * 5000, "套叠过深"),
        ("a = " + "1" * 5000, "TOML"),
        ("a = 1\na = 2", "TOML"),
        ("x" * 3_000_000, "2 MB"),
        ("", "缺少 code"),
    ],
)
def test_files_that_are_no_rulebooks(content, needle):
    with pytest.raises(RulebookError) as caught:
        load_rulebook(content)
    refused(needle, of=caught.value.faults)


@pytest.mark.parametrize("name", ["source", "grade", "indicator", "veto", "cap"])
@pytest.mark.parametrize("value", ["3", "[1]", "{ name = 1 }"])
def test_values_where_arrays_of_tables_belong(name, value):
    book = f"{name} = {value}\n" + text(line("1", 100), **{name: None})
    with pytest.raises(RulebookError) as caught:
        load_rulebook(book)
    refused(f"({name})" if value == "[1]" else name, of=caught.value.faults)


def test_a_sound_rulebook_gives_all_that_it_says():
    book = load_rulebook(
        text(
            line("1", D("40.5"), evidence=["银行回单"], data_source="银行", applies="k > 0"),
            line("2.b", D("59.5"), method="efficacy", value="mean.x.y / x.z"),
            source=[SOURCE | {"date": datetime.date(2023, 2, 10)}],
            veto=[{"name": "乙", "when": "share.1 < 0.6 or safety > 0"}],
            tie_break=["base", "paid / due"],
            issuer="省山海办",
        )
    )  # fmt: skip
    assert book.measures == {"v1", "k", "x.y", "x.z", "safety", "paid", "due"}
    assert (book.line_decimals, book.bonus_cap, book.deduction_cap) == (2, 0, 100)
    assert book.sources[0].date == datetime.date(2023, 2, 10)
    assert [i.code for i in book.indicators] == ["1", "2.b"]
    assert (book.indicators[0].evidence, book.indicators[0].absent) == (("银行回单",), "zero")
    assert book.indicator("1").points == D("40.5")
    assert check_measures(book, {"v1", "k", "x.y", "x.z", "paid"}) == [
        "一票否决「乙」：指标库没有 safety，请核对名称或先登记",
        "并列次序第 2 项：指标库没有 due，请核对名称或先登记",
    ]


def test_the_digest_sees_content_and_not_spelling():
    plain = text(line("1", 100))
    book = load_rulebook(plain)
    commented = "# 说明\n" + plain.replace("full_marks = 100", "full_marks = 1.000e2")
    assert load_rulebook(commented).sha256 == book.sha256
    assert load_rulebook("\ufeff" + plain).sha256 == book.sha256
    assert load_rulebook(plain.replace("试用", "正用")).sha256 != book.sha256


@pytest.mark.parametrize(
    ("lines", "head", "needle"),
    [
        ([line("1", 100)], {"full_marks": 0}, "full_marks（满分）应大于 0"),
        ([line("1", 100)], {"title": " "}, "title（名称）为空，请填写"),
        ([line("1", 100)], {"cap": [{"at_most": 1}]}, "缺少 lines（指标编号），请补上"),
        ([line("1", 100)], {"veto": [{"name": 1, "when": "v1 > 0"}]}, "name（名称）应为文字"),
        ([line(1, 100)], {}, "code（编号）应为文字"),
        ([line("1", 100, points_by_class={"生态发展类": "x"})], {}, "应为数字"),
    ],
)
def test_faults_that_leave_the_rest_to_be_looked_at(lines, head, needle):
    found = faults(*lines, **head)
    refused(needle, of=found)
    assert len(found) == len(set(found))


def test_what_a_rulebook_and_a_scorecard_do_not_have():
    book = load_rulebook(text(line("1", 60), line("2", 40), classes=["甲类", "乙类"]))
    assert book.indicator("2").points == 40
    card = score(book, parse_facts(facts({"class": "甲类"}))).scorecards[0]
    assert card.line("2").indicator is book.indicator("2")
    for found in (book.indicator, card.line):
        with pytest.raises(KeyError):
            found("3")
    assert sorted(["", "丙类", "乙类", "甲类"], key=book.class_order) == [
        "甲类",
        "乙类",
        "丙类",
        "",
    ]


@pytest.mark.parametrize("value", [True, 1.5, "1", None])
def test_only_exact_numbers_are_numbers(value):
    with pytest.raises(TypeError, match="not an exact number"):
        exact(value)
