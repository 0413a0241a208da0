"""Sheets that build on sheets, prizes, and what a set is refused for; and differences of years."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.engine.scoring.build import GRADES, line, text
from tracker.engine.scoring import (
    RulebookError,
    check_set,
    diff_rulebooks,
    load_rulebook,
    load_set,
    parse_facts,
    prize_words,
    score_set,
)

COUNTY = text(line("A3", 100, method="ratio", value="score.enclave.income", target=100))
ENCLAVE = text(
    line("1", 100, method="count", value="paid", unit=1),
    subject="enclave.income",
    code="enclave",
)
FILES = {"county.toml": COUNTY, "enclave.toml": ENCLAVE}
SET = 'year = 2024\nrulebooks = ["county.toml", "enclave.toml"]\n'


def subjects(**measures):
    rows = [{"code": c, "name": c, "class": "", "measures": m} for c, m in measures.items()]
    return parse_facts(json.dumps({"year": 2024, "subjects": rows}), 2024)


def load(text_of_set=SET, files=FILES, supplied=None):
    return load_set(text_of_set, files.__getitem__, supplied)


def test_sheets_are_scored_from_the_bottom_up():
    members = {
        ("county.recipient", "龙游"): {"enclave.income": ["E1", "E2", "E3"]},
        ("county.recipient", "衢江"): {"enclave.income": ["E4", "E1"]},
    }
    found = score_set(
        load(),
        {
            "county.recipient": subjects(龙游={}, 衢江={}, 常山={"score.enclave.income": 100}),
            "enclave.income": subjects(E1={"paid": 80}, E2={"paid": 90}, E3={"paid": 91}, E4={}),
        },
        members,
    )
    assert list(found.results) == ["enclave.income", "county.recipient"]
    cards = found.results["county.recipient"].scorecards
    assert [str(card.total) for card in cards] == ["87.00", "0.00", "0.00"]
    # 衢江 counts an incomplete enclave, 常山 none at all: neither has a score to build on.
    assert [card.complete for card in cards] == [True, False, False]
    assert cards[1].lines[0].lacking == ("score.enclave.income",)


def test_each_direction_has_a_mean_of_its_own():
    """The sheets of an enclave outside do not raise the line of those inside."""
    files = {
        "county.toml": text(
            line("A3", 60, method="ratio", value="score.enclave.development.inbound", target=100),
            line("A4", 40, method="ratio", value="score.enclave.development.outbound", target=100),
        ),
        "enclave.toml": FILES["enclave.toml"].replace("enclave.income", "enclave.development"),
    }
    kind = "enclave.development"
    members = {
        ("county.recipient", "X"): {
            kind: ["E1", "E2"],
            f"{kind}.inbound": ["E1"],
            f"{kind}.outbound": ["E2"],
        },
        ("county.recipient", "Y"): {kind: ["E2"], f"{kind}.outbound": ["E2"]},
    }
    facts = {
        "county.recipient": subjects(X={}, Y={}),
        kind: subjects(E1={"paid": 50}, E2={"paid": 100}),
    }
    x, y = score_set(load(files=files), facts, members).results["county.recipient"].scorecards
    assert [str(one.award) for one in x.lines] == ["30.00", "40.00"]
    assert y.lines[0].lacking == ("score.enclave.development.inbound",)
    assert str(y.lines[1].award) == "40.00"
    unknown = files["county.toml"].replace("development.inbound", "development.sideways")
    assert check_set(SET, {**files, "county.toml": unknown}.__getitem__, ["paid"])


def test_a_mean_is_exact():
    members = {("county.recipient", "X"): {"enclave.income": ["E1", "E2", "E3"]}}
    given = {
        "county.recipient": subjects(X={}),
        "enclave.income": subjects(E1={"paid": 80}, E2={"paid": 80}, E3={"paid": 81}),
    }
    found = score_set(load(), given, members).results["county.recipient"]
    assert found.scorecards[0].subject.measures == {"score.enclave.income": Fraction(241, 3)}


def park(subject):
    return text(line("1", 100, method="count", value="n", unit=1), subject=subject)


def test_score_park_covers_both_kinds():
    files = {
        "c": text(line("1", 100, method="ratio", value="score.park", target=100)),
        "i": park("park.industrial"),
        "t": park("park.tourism"),
    }
    members = {("county.recipient", "X"): {"park.industrial": ["I"], "park.tourism": ["T"]}}
    given = {
        "county.recipient": subjects(X={}),
        "park.industrial": subjects(I={"n": 60}),
        "park.tourism": subjects(T={"n": 90}),
    }
    book_set = load('year = 2024\nrulebooks = ["c", "i", "t"]', files, {"n"})
    found = score_set(book_set, given, members)
    assert str(found.results["county.recipient"].scorecards[0].total) == "75.00"


def test_who_is_not_assessed_is_in_no_mean():
    gone = text(
        line("1", 100, method="count", value="paid", unit=1, applies="k > 0", absent="spread"),
        subject="enclave.income",
        code="enclave",
    )
    members = {
        ("county.recipient", "龙游"): {"enclave.income": ["E1", "E2"]},
        ("county.recipient", "衢江"): {"enclave.income": ["E2"]},
    }
    facts = {
        "county.recipient": subjects(龙游={}, 衢江={}),
        "enclave.income": subjects(E1={"paid": 80, "k": 1}, E2={"k": 0}),
    }
    found = score_set(load(files=FILES | {"enclave.toml": gone}), facts, members)
    first, second = found.results["county.recipient"].scorecards
    assert (str(first.total), first.complete) == ("80.00", True)
    assert second.lines[0].lacking == ("score.enclave.income",)


def test_a_prize_for_a_class_that_the_rulebook_lacks():
    county = COUNTY.replace("[[source]]", 'classes = ["一类"]\n[[source]]', 1)
    prize = '[[prize]]\nsubject = "county.recipient"\nname = "一等奖"\nranks = [1, 1]\n'
    files = (FILES | {"county.toml": county}).__getitem__
    assert check_set(f'{SET}{prize}class = "一类 "\n', files, {"paid"}) == []
    (fault,) = check_set(f'{SET}{prize}class = "二类"\n', files, {"paid"})
    assert all(word in fault for word in ("「二类」", "一类"))


def test_prizes_go_by_rank_in_a_class():
    prizes = """
    [[prize]]
    subject = "enclave.income"
    name = "一等奖"
    ranks = [1, 1]
    amount = 1100
    [[prize]]
    subject = "enclave.income"
    class = ""
    name = "二等奖"
    ranks = [2, 3]
    """
    given = {"enclave.income": subjects(A={"paid": 5}, B={"paid": 9}, C={"paid": 7}, D={})}
    won = score_set(load(SET + prizes), given, {}).prizes
    assert [(w.prize.name, w.prize.amount, w.scorecard.subject.code) for w in won] == [
        ("一等奖", 1100, "B"),
        ("二等奖", None, "C"),
        ("二等奖", None, "A"),
    ]


@pytest.mark.parametrize(
    ("ranks", "more", "words"),
    [
        ("[1, 1]", "amount = 1100", "第 1 名，获一等奖（第 1 名，奖励 1,100 万元）"),
        ("[1, 3]", "", "第 1 名，获一等奖（第 1 至 3 名）"),
        ("[1, 2]", "amount = 12.5", "第 1 名，获一等奖（第 1 至 2 名，奖励 12.5 万元）"),
    ],
)
def test_the_words_of_a_prize(ranks, more, words):
    prize = f'[[prize]]\nsubject = "enclave.income"\nname = "一等奖"\nranks = {ranks}\n{more}\n'
    given = {"enclave.income": subjects(A={"paid": "50"}, B={"paid": "40"})}
    assert prize_words(score_set(load(SET + prize), given, {}).prizes[0]) == words


def test_those_who_share_a_rank_share_its_prize():
    prize = '[[prize]]\nsubject = "enclave.income"\nname = "一等奖"\nranks = [1, 1]\n'
    given = {"enclave.income": subjects(A={"paid": "50"}, B={"paid": "50"})}
    won = score_set(load(SET + prize), given, {}).prizes
    assert [prize_words(each) for each in won] == ["并列第 1 名，获一等奖（第 1 名）"] * 2


def test_a_rulebook_is_read_once_while_it_says_the_same():
    first, again = load(), load()
    assert all(a is b for a, b in zip(first.rulebooks, again.rulebooks, strict=True))
    other = load(files={**FILES, "enclave.toml": ENCLAVE.replace("unit = 1", "unit = 2")})
    assert [book.subject for book in other.rulebooks] == [book.subject for book in first.rulebooks]
    assert [a is b for a, b in zip(first.rulebooks, other.rulebooks, strict=True)] == [False, True]


def test_a_sound_set_has_no_faults():
    assert check_set(SET, FILES.__getitem__, {"paid"}) == []


def reading(subject, value):
    return text(line("1", 100, method="ratio", value=value, target=1), subject=subject)


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("paid", True),
        ("target.paid + prior.paid + baseline.paid + mean.paid", True),
        ("prior.score.enclave.income", True),
        ("mean.score.enclave.income", True),
        ("unknown", False),
        ("target.unknown", False),
        ("score.city", False),
        ("score.park", False),
        ("score.nowhere", False),
    ],
)
def test_measures_that_nobody_supplies(value, fine):
    files = FILES | {"county.toml": reading("county.recipient", value)}
    found = check_set(SET, files.__getitem__, {"paid"})
    assert (found == []) is fine
    assert fine or found[0].startswith("county.toml：指标 1：")


def test_cycles_are_refused():
    files = {
        "a": reading("city", "score.pair"),
        "b": reading("pair", "score.county.supporter + paid"),
        "c": reading("county.supporter", "mean.score.pair"),
    }
    found = check_set('year = 2024\nrulebooks = ["a", "b", "c"]', files.__getitem__, {"paid"})
    assert len(found) == 1
    assert "结对（pair） → 支援县（county.supporter） → 结对（pair）" in found[0]
    alone = {"a": reading("city", "score.city")}
    assert (
        "设区市（city） → 设区市（city）"
        in check_set('year=2024\nrulebooks=["a"]', alone.__getitem__, set())[0]
    )


def absent_file(path):
    raise FileNotFoundError(path)


PRIZE = '[[prize]]\nsubject = "enclave.income"\nname = "奖"\n'


@pytest.mark.parametrize(
    ("content", "needle"),
    [
        ("rulebooks = []", "rulebooks（所含细则）应为非空的数组"),
        ('rulebooks = ["county.toml", "enclave.toml"]', "缺少 year"),
        (SET.replace("2024", "2025"), "与本套的 2025 年不符"),
        (SET + "x = 1", "「x」"),
        ("year = 2024\nrulebooks = [1]", "第 1 项"),
        ('year = 2024\nrulebooks = ["enclave.toml", "enclave.toml"]', "请只留一本"),
        (SET + PRIZE, "缺少 ranks"),
        (SET + PRIZE + "ranks = [2, 1]", "由小到大"),
        (SET + PRIZE + "ranks = [1]", "两个整数"),
        (SET + PRIZE + "ranks = [1, 1]\namount = -1", "负数"),
        (SET + (PRIZE + "ranks = [1, 2]\n") * 2, "重叠"),
        (SET + PRIZE.replace("enclave.income", "city") + "ranks = [1, 2]", "city"),
        ("year = ", "TOML"),
    ],
)
def test_refused_sets(content, needle):
    assert any(needle in fault for fault in check_set(content, FILES.__getitem__, {"paid"}))


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("ranks = [1, 2]", "ranks = [3, 4]", False),
        ("ranks = [3, 4]", "ranks = [1, 2]", False),
        ("ranks = [1, 2]", "ranks = [2, 3]", True),
        ("ranks = [2, 3]", "ranks = [1, 2]", True),
        ("ranks = [1, 9]", "ranks = [4, 5]", True),
        ('ranks = [1, 2]\nclass = "甲"', 'ranks = [1, 2]\nclass = "甲"', True),
        ('ranks = [1, 2]\nclass = "甲"', 'ranks = [1, 2]\nclass = "乙"', False),
        ('ranks = [1, 2]\nclass = "甲"', "ranks = [1, 2]", True),
        ("ranks = [1, 2]", 'ranks = [1, 2]\nclass = "甲"', True),
    ],
)
def test_ranks_of_one_class_have_one_prize(first, second, overlap):
    found = check_set(f"{SET}{PRIZE}{first}\n{PRIZE}{second}\n", FILES.__getitem__, {"paid"})
    assert found == (["奖项「奖」与「奖」的 ranks（名次）重叠，请调整"] if overlap else [])


def test_two_subjects_may_have_prizes_for_the_same_ranks():
    other = PRIZE.replace("enclave.income", "county.recipient")
    ranks = "ranks = [1, 2]\n"
    assert check_set(SET + PRIZE + ranks + other + ranks, FILES.__getitem__, {"paid"}) == []


@pytest.mark.parametrize(
    ("prize", "fault"),
    [
        (
            PRIZE.replace("enclave.income", "city") + 'ranks = [1, 2]\nclass = "甲"\n',
            "没有设区市（city）",
        ),
        (PRIZE + "ranks = [1, 1]\n" + PRIZE, "缺少 ranks"),
    ],
)
def test_what_is_at_fault_already_is_not_looked_at_further(prize, fault):
    (found,) = check_set(SET + prize, FILES.__getitem__, {"paid"})
    assert fault in found


def test_faults_of_rulebooks_are_named_by_file():
    files = FILES | {"county.toml": COUNTY.replace("points = 100", "points = 90")}
    with pytest.raises(RulebookError) as caught:
        load_set(SET, files.__getitem__)
    assert caught.value.faults[0].startswith("county.toml：计分指标的分值合计 90")
    assert "无法读取" in check_set(SET, absent_file, set())[0]
    torn = FILES | {"enclave.toml": "[[x"}  # nobody knows whose it is; the county takes its points
    (fault,) = check_set(SET + PRIZE + "ranks = [1, 2]\n", torn.__getitem__, {"paid"})
    assert fault.startswith("enclave.toml：TOML 语法有误")


GATE = {"method": "gate", "when": "a > 0"}


def test_differences_between_two_years():
    before = text(
        line("1", 60, value="a"),
        line("2", 30, **GATE),
        line("3", 10, **GATE),
        veto=[{"name": "安全", "when": "a > 1", "grade": "不合格"}],
    )
    after = text(
        line("1", 50, value="a", applies="b > 0"),
        line("2", 30, method="gate", when="a > 5"),
        line("4", 20, method="count", value="n", unit=2),
        year=2025,
        bonus_cap=10,
        veto=[{"name": "安全", "when": "a > 1", "total_at_most": 59}],
        cap=[{"lines": ["1", "2"], "at_most": 70}],
    )
    assert diff_rulebooks(load_rulebook(before), load_rulebook(after)) == [
        "考核年度由「2024」改为「2025」",
        "加分封顶由「0」改为「10」",
        "删去指标 3「指标3」(10 分)",
        "指标 1「指标1」：分值由「60」改为「50」",
        "指标 1「指标1」：适用条件由「无」改为「b > 0」",
        "指标 2「指标2」：达标条件由「a > 0」改为「a > 5」",
        "新增指标 4「指标4」(20 分)：公式",
        "新增限额：1、2 合计至多 70 分",
        "一票否决「安全」由「a > 1，至多不合格」改为「a > 1，总分至多 59」",
    ]


def test_differences_of_methods_parts_and_order():
    parts = [{"points": 50, **GATE}, {"points": 10, **GATE}]
    before = text(line("1", 60, combine="sum", part=parts), line("2", 40, **GATE))
    moved = text(line("2", 40, **GATE), line("1", 60, combine="sum", part=parts))
    assert diff_rulebooks(load_rulebook(before), load_rulebook(moved)) == ["指标次序改为 2、1"]
    parts = [{"points": 40, **GATE}, {"points": 20, **GATE}]
    after = text(
        line("1", 60, combine="sum", part=parts),
        line("2", 40, method="steps", value="a", steps=[[5, 40], [1, 10]]),
    )
    assert diff_rulebooks(load_rulebook(before), load_rulebook(after)) == [
        "指标 1「指标1」：第 1 部分的分值由「50」改为「40」",
        "指标 1「指标1」：第 2 部分的分值由「10」改为「20」",
        "指标 2「指标2」：计分方法由「达标法（达标条件 a > 0，未达标得分 0）」改为"
        "「分档法（实际值 a，分档方向 不低于，分档 [5，40]，[1，10]）」",
    ]


def test_words_of_the_format_are_told_in_chinese():
    falls = {"method": "steps", "value": "a", "direction": "at_most", "steps": [[1, 60]]}
    before = text(
        line("1", 60, **falls | {"direction": "below"}),
        line("2", 40, **GATE, applies="b > 0", absent="spread", missing="zero"),
        line("3", 5, kind="bonus", combine="max", part=[{"points": 5, **GATE}]),
    )
    after = text(
        line("1", 60, **falls),
        line("2", 40, **GATE, applies="b > 0", absent="full"),
        line("3", 5, kind="bonus", combine="min", part=[{"points": 5, **GATE}]),
        line("4", 5, kind="bonus", **GATE),
        status="official",
        issuer="省",
        document="1 号",
        subject="city",
    )
    assert diff_rulebooks(load_rulebook(before), load_rulebook(after)) == [
        "考核对象由「受援县」改为「设区市」",
        "性质由「示例」改为「正式」",
        "制定单位由「无」改为「省」",
        "文号由「无」改为「1 号」",
        "指标 1「指标1」：分档方向由「低于」改为「不高于」",
        "指标 2「指标2」：不适用时由「分摊」改为「满分」",
        "指标 2「指标2」：未报时由「零分」改为「不可计分」",
        "指标 3「指标3」：组成由「取最高的一部分」改为「取最低的一部分」",
        "新增指标 4「指标4」(5 分)：公式",
    ]
    taken = {"method": "deduct", "items": [{"name": "通报", "value": "c", "unit": 1}]}
    kinds = [
        load_rulebook(text(line("1", 100, **GATE), line("D", 5, kind=kind, **fields)))
        for kind, fields in (("bonus", GATE), ("deduction", taken))
    ]
    assert diff_rulebooks(*kinds)[0] == "指标 D「指标D」：类型由「加分」改为「扣分」"


def test_sources_quotas_and_flags_are_told_in_words():
    share = {"method": "ratio", "value": "a", "target": 1}
    source = {"title": "通知", "url": "https://example.org", "date": datetime.date(2024, 1, 31)}
    grades = [GRADES[0] | {"quota": Decimal("0.3")}, *GRADES[1:]]
    before = text(line("1", 100, **share))
    after = text(line("1", 100, **share, lower_is_better=True), source=[source], grade=grades)
    assert diff_rulebooks(load_rulebook(before), load_rulebook(after)) == [
        "删去来源：来源",
        "新增来源：通知 https://example.org 2024-01-31",
        "等次「优秀」由「90 分起」改为「90 分起，至多占 30%」",
        "指标 1「指标1」：越低越好由「否」改为「是」",
    ]


def test_equal_rulebooks_do_not_differ():
    book = load_rulebook(COUNTY)
    assert diff_rulebooks(book, load_rulebook("# 注\n" + COUNTY)) == []


def test_what_vetoes_items_and_parts_may_do_is_told_in_words():
    parts = [{"points": 50, **GATE}, {"points": 10, "method": "count", "value": "b", "unit": 1}]
    items = [{"name": "通报", "value": "c", "unit": 1}]
    taken = line("D", 5, kind="deduction", method="deduct", items=items)
    veto = {"name": "安全", "when": "a > 1", "no_bonus": True, "unranked": True}
    before = text(line("1", 60, combine="sum", part=parts), line("2", 40, **GATE), taken)
    taken["items"] = [items[0] | {"max": 3}]
    after = text(line("1", 60, **GATE), line("2", 40, **GATE), taken, veto=[veto])
    assert diff_rulebooks(load_rulebook(before), load_rulebook(after)) == [
        "指标 1「指标1」：组成由「几部分相加」改为「只用一种方法」",
        "指标 1「指标1」：计分方法由「50 分 达标法（达标条件 a > 0，未达标得分 0）；"
        "10 分 计数法（实际值 b，得分 1，每满 1）」改为「达标法（达标条件 a > 0，未达标得分 0）」",
        "指标 D「指标D」：条目由「[名称 通报，算式 c，每个扣分 1]」改为"
        "「[名称 通报，算式 c，每个扣分 1，限额 3]」",
        "新增一票否决「安全」：a > 1，不计加分，不参加排名",
    ]


def test_a_set_of_another_format_is_refused():
    found = check_set("format = 2\n" + SET, FILES.__getitem__, {"paid"})
    assert found == ["format（格式版本）应为 1，请核对文件"]
    assert check_set("format = 1\n" + SET, FILES.__getitem__, {"paid"}) == []
