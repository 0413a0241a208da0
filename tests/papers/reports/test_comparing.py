"""增减 against last year stands only where the same rules gave both; a changed rule is named, and
the lines that it left alone are compared by themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.papers.reports.documents import CITY, document, snapshot, years
from tests.papers.reports.reading import body
from tracker.papers.city.build import city_report
from tracker.papers.city.pdf import city_pdf
from tracker.papers.province.build import province_report
from tracker.papers.province.pdf import province_pdf
from tracker.year.assessments.comparing import Between

OTHER = "比 90"


@pytest.fixture(scope="module")
def changed():
    """Two years; the formula of the first line of counties and enclaves is another."""
    return years(OTHER)


def between(before, now) -> Between:
    return Between(now, before)


def replaced(year: int, book: str, old: str, new: str):
    of = document(year)
    text = of["set"]["files"][f"{book}.toml"]
    assert old in text
    of["set"]["files"][f"{book}.toml"] = text.replace(old, new)
    return snapshot(of)


def test_no_total_is_compared_across_a_changed_rule(changed) -> None:
    before, now = changed
    report = province_report(now, before)
    counties = next(s for s in report.sheets if s.subject == "county.recipient")
    old = {c.subject.code: c for c in before.sheets["demo-recipient"].result.scorecards}
    new = {c.subject.code: c for c in now.sheets["demo-recipient"].result.scorecards}
    seen = 0
    for standing in counties.standings:
        assert standing.difference is None
        if standing.before is None:
            continue
        pairs = [
            (one.award, other.award)
            for one, other in zip(new[standing.code].lines, old[standing.code].lines, strict=True)
            if one.code != "1"
            and one.state == other.state == "scored"
            and one.effective == other.effective
        ]
        alike = standing.before.alike
        assert (alike is None) == (not pairs)
        if alike:
            assert alike.lines == len(pairs)
            assert Decimal(alike.difference) == sum(a - b for a, b in pairs)
            seen += 1
    for ranking in counties.classes:
        change = ranking.change
        moves = [
            Decimal(s.before.alike.difference)
            for s in ranking.standings
            if s.before and s.before.alike
        ]
        assert (change.comparable, change.mean, change.up, change.down) == (0, None, 0, 0)
        assert change.alike == len(moves)
        assert change.alike_up == sum(move > 0 for move in moves)
        assert change.alike_down == sum(move < 0 for move in moves)
    assert seen > 20


def test_the_change_is_named_and_no_difference_of_totals_is_printed(changed) -> None:
    before, now = changed
    text = body(province_pdf(province_report(now, before)))
    assert "评分细则与2023年不同：规则有变的指标有1到位资金。总分和名次不作增减比较" in text
    assert "名次变化" not in text
    assert "平均总分由" not in text
    # Where there is no line to compare there is no column for it.
    assert "名称2023年总分2024年总分可比指标可比增减上年名次本年名次" in text
    assert "名称2023年总分2024年总分上年名次本年名次示例市" in text
    city = city_report(now, before, CITY)
    assert all(m.standing.difference is None for m in (city.city, *city.counties, *city.sites))
    assert "受援县：评分细则与2023年不同" in body(city_pdf(city))


def test_a_line_that_reads_a_sheet_whose_rules_changed_is_changed_with_it(changed) -> None:
    before, now = changed
    found = between(before, now).rules("city")
    assert not found.whole
    assert found.alike == frozenset()
    assert found.changes == "指标 1 受援县得分所依据的受援县评分细则有变"


def test_with_the_same_rules_all_is_compared() -> None:
    before, now = years()
    found = between(before, now)
    assert [found.words(s.rulebook.subject) for s in now.sheets.values()] == [""] * 5
    # What a line cites and where it stands gives no points.
    for field, old, new in (("clause", "第一条", "第九条"), ("group", "产业", "引资")):
        other = replaced(2023, "demo-recipient", f'{field} = "{old}"', f'{field} = "{new}"')
        assert between(other, now).rules("county.recipient").whole


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("bonus_cap = 5", "bonus_cap = 4", "加分、扣分封顶有变"),
        ("total_at_most = 59", "total_at_most = 50", "一票否决有变"),
        ('code = "J1"', 'code = "J9"', "新增的指标有 J1 推广；删去的指标有 J9 推广"),
        ("target = 100", "target = 90", "规则有变的指标有 1 到位资金"),
        ("unit = 10", "unit = 12", "规则有变的指标有 2 互访"),
    ],
)
def test_whatever_makes_the_points_is_a_change(old: str, new: str, words: str) -> None:
    now = snapshot(document(2024))
    found = between(replaced(2023, "demo-recipient", old, new), now).rules("county.recipient")
    assert words in found.changes
    assert "总分和名次不作增减比较" in found.words(alike=True)


def test_another_engine_is_a_change_only_where_it_gives_other_points() -> None:
    now = snapshot(document(2024))
    assert between(snapshot(document(2023, engine="1.1")), now).rules("county.recipient").whole
    # 1.0 took a negative target for one; today the line cannot be scored.
    sides = [document(2023, engine="1.0"), document(2024)]
    for of in sides:
        text = of["set"]["files"]["demo-recipient.toml"]
        of["set"]["files"]["demo-recipient.toml"] = text.replace(
            "target = 100", 'target = "visits - 2"'
        )
    found = between(*map(snapshot, sides)).rules("county.recipient")
    assert found.changes.startswith("计分引擎由 1.0 改为")
    assert found.changes.endswith("得分不同的指标有 1 到位资金")
    assert found.alike == {"2", "J1"}


def test_a_sheet_that_was_not_there_is_said_to_be_missing() -> None:
    now, before = snapshot(document(2024)), document(2023)
    del before["sheets"]["enclave.income"], before["set"]["files"]["demo-income.toml"]
    before["set"]["text"] = before["set"]["text"].replace(', "demo-income.toml"', "")
    found = between(snapshot(before), now)
    assert found.words("enclave.income") == "2023年没有这一评分表，无从比较。"
    assert "没有这一评分表" in body(province_pdf(province_report(now, snapshot(before))))
