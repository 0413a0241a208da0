"""The reports about a city, a pair and an enclave, read back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.papers.reports.documents import CITY, ENCLAVES, PAIR, document, snapshot, years
from tests.papers.reports.reading import body, outline, pages, squeezed
from tests.papers.scorecard.pdf_samples import LONG_NAME, full_card
from tracker.core.quantities.figure import wan_yuan
from tracker.core.quantities.printed import grouped
from tracker.engine.scoring import lost
from tracker.papers.city.build import MOST_LOST, cities_of, city_report
from tracker.papers.city.pdf import city_pdf
from tracker.papers.common.head import DRAFT, PaperStatus
from tracker.papers.enclave.build import enclave_report
from tracker.papers.enclave.pdf import enclave_pdf
from tracker.papers.pair.build import pair_report
from tracker.papers.pair.pdf import pair_pdf
from tracker.papers.reports.words import money
from tracker.papers.scorecard.pdf_text import stages_words


@pytest.fixture(scope="module")
def two():
    return years()


@pytest.fixture(scope="module")
def city(two) -> str:
    return body(city_pdf(city_report(two[1], two[0], CITY)))


@pytest.fixture(scope="module")
def pair_bytes(two) -> bytes:
    return pair_pdf(pair_report(two[1], PAIR))


@pytest.fixture(scope="module")
def enclave_bytes(two) -> bytes:
    return enclave_pdf(enclave_report(two[1], "FD-99"))


def test_a_city_has_its_counties_with_totals_ranks_and_changes(two, city: str) -> None:
    before = {c.subject.code: c for c in two[0].sheets["demo-recipient"].result.scorecards}
    now = two[1].sheets["demo-recipient"].result.scorecards
    for card in now:
        name, then = card.subject.name, before.get(card.subject.code)
        if card.rank is None or not card.complete or name == LONG_NAME:
            continue
        peers = [c for c in now if c.subject.class_name == card.subject.class_name]
        label = card.subject.class_name or "未分类"
        ranked = sum(c.rank is not None for c in peers)
        row = f"{name}受援县（{label}）{card.total}{card.grade}{card.rank}/{ranked}"
        if then is not None and then.complete:
            difference = card.total - then.total
            row += f"{'+' if difference > 0 else ''}{grouped(str(difference))}"
        assert row in city, row


def test_a_city_has_its_sites_and_pairs(two, city: str) -> None:
    for card in two[1].sheets["demo-income"].result.scorecards:
        if card.subject.name != LONG_NAME and card.complete:
            assert (
                squeezed(f"{card.subject.name}示例21县{card.total}{card.grade}{card.rank}") in city
            )
    assert "示例强区—示例21县" in city


def test_a_city_is_told_what_lost_most_points(two) -> None:
    report = city_report(two[1], None, CITY)
    cards = {
        f"{c.subject.name}（受援县）": c for c in two[1].sheets["demo-recipient"].result.scorecards
    }
    for who, card in cards.items():
        losses = sorted(
            (lost(line) for line in card.lines),
            reverse=True,
        )
        wanted = [loss for loss in losses if loss > 0][:MOST_LOST]
        found = [Decimal(each.lost) for each in report.lost if each.subject == who]
        assert found == wanted
    assert any("到位资金" in step.words for step in report.steps)
    final = replace(DRAFT, status=PaperStatus.FINAL)
    assert city_report(two[1], None, CITY, final).steps == ()
    # A card that was made final by itself has no next points on the city's draft either.
    (who, card), *_ = [(who, card) for who, card in cards.items() if who in _stepping(report)]
    settled = city_report(two[1], None, CITY, settled={("demo-recipient", card.subject.code)})
    assert _stepping(settled) == _stepping(report) - {who}


def _stepping(report) -> set[str]:
    return {step.subject for step in report.steps}


def test_nobody_is_new_where_there_is_no_year_before(two) -> None:
    assert "上年名次" in body(city_pdf(city_report(two[1], two[0], CITY)))
    alone = body(city_pdf(city_report(two[1], None, CITY)))
    assert "上年名次" not in alone
    assert "新列入" not in alone
    # Of a sheet that the year before had not, nobody is new either.
    without = json.loads(json.dumps(dict(two[0].document)))
    del without["sheets"]["pair"]
    report = city_report(two[1], snapshot(without), CITY)
    assert [member.compared for member in report.pairs] == [False] * len(report.pairs)
    assert all(member.compared for member in report.counties)


def test_without_a_sheet_of_cities_there_is_no_report(two) -> None:
    without = document(2024)
    del without["sheets"]["city"], without["set"]["files"]["demo-city.toml"]
    without["set"]["text"] = without["set"]["text"].replace(', "demo-city.toml"', "")
    found = snapshot(without)
    assert cities_of(found) == {}
    with pytest.raises(KeyError):
        city_report(found, None, CITY)


def test_a_pair_shows_what_each_side_gave_and_got(two, pair_bytes: bytes) -> None:
    text = body(pair_bytes)
    for row in (
        "援建资金拨付537万元（4笔）到账536.5万元（4笔），使用≈465.79万元（4笔）",
        "社会帮扶资金捐赠67万元（4笔）",
        "土地指标调剂双方：资金1.23亿元（12,345.6万元）（4笔）",
        "消费帮扶采购和帮销643万元（7笔）",
        "挂职干部新派1人，年末在任或任满规定期限2人年末在任或任满规定期限1人",
        "专技人才选派9人次（教育5、卫生4）",
        "培训培训就业176人次，其中就业92人次",
        "学校、医院结对双方：学校5对",
        "高层互访赴受援方2次无登记",
        "联席会议双方：1次",
        "联合活动双方：3次",
    ):
        assert row in text, row
    for code, of in (("demo-supporter", "示例强区"), ("demo-recipient", "示例21县")):
        cards = two[1].sheets[code].result.scorecards
        card = next(card for card in cards if card.subject.name == of)
        assert f"{of}得分{grouped(str(card.total))}{card.grade}" in text


def _printed_sums(frozen, *, counted: bool) -> list[str]:
    rows = [row for row in frozen["projects"] if row["counted"] is counted]
    sums = [
        sum(Decimal(row[name] or 0) for row in rows) for name in ("total", "funds", "completed")
    ]
    return [f"{of.normalize():f}" for of in sums]


def test_a_year_that_still_runs_has_no_end_yet() -> None:
    found = snapshot(document(2024, frozen_at="2024-10-08T01:30:00+00:00"))
    text = body(pair_pdf(pair_report(found, PAIR)))
    assert "截至2024年10月8日已开工" in text
    assert "任期至年末或任满规定期限" in text
    assert "年末已开工" not in text
    assert "年末在任" not in text
    running = replace(full_card(), year=2024, frozen_at="2024-10-08 09:30")
    assert stages_words(running) == "阶段为 2024-10-08 所处"
    assert stages_words(replace(running, frozen_at="2025-01-20 09:30")) == "阶段为年末所处"


def test_a_pair_lists_every_project_and_site(two, pair_bytes: bytes) -> None:
    text = body(pair_bytes)
    frozen = two[1].document["annex"]["pairs"][PAIR]
    assert "计入当年的产业合作项目35个，其中亿元以上34个；当年签约35个" in text
    ordered = sorted(frozen["projects"], key=lambda project: not project["counted"])
    for at, project in enumerate(ordered, 1):
        total = f"{Decimal(project['total']):,.2f}" if project["total"] else "—"
        funds = f"{Decimal(project['funds']):,.2f}" if project["funds"] else "—"
        row = f"{at}{project['name']}示例企业{total}{funds}{Decimal(project['completed']):,.2f}"
        assert squeezed(row) in text, row
    counted, others = _printed_sums(frozen, counted=True), _printed_sums(frozen, counted=False)
    # The sums are those of the rows above them; what does not count is in none of them.
    assert (
        f"当年到位资金{money(wan_yuan(counted[1]))}，完成投资{money(wan_yuan(counted[2]))}。".replace(
            " ", ""
        )
        in text
    )
    whole = sum(Decimal(project["funds"] or 0) for project in frozen["projects"])
    rest = f"另有5个不计入当年，金额不在其内，当年到位{money(wan_yuan(others[1]))}；"
    rest += f"评分表的到位资金不分是否计入，两者共{money(wan_yuan(whole))}。"
    assert squeezed(rest) in text
    without = [
        sum(p["total"] is None for p in frozen["projects"] if p["counted"] is counts)
        for counts in (True, False)
    ]
    lacks = [f"，{number}个没有填报总投资" if number else "" for number in without]
    assert any(without), "one of them has no total"
    for label, sums in (
        (f"合计（计入当年的35个{lacks[0]}）", counted),
        (f"不计入当年的5个合计{lacks[1]}", others),
    ):
        assert f"{label}{''.join(f'{Decimal(of):,.2f}' for of in sums)}" in text
    report = pair_report(two[1], PAIR)
    assert report.funds == wan_yuan(counted[1])
    assert text.index("不计入当年，但当年有资金的项目") > text.index("合计（计入当年的35个")
    assert squeezed("示例消薄飞地01号消薄飞地示例21县·示例强区1,317.601,300.50") in text


def test_projects_of_one_name_are_told_apart() -> None:
    of = document(2024)
    first, second, third, *others = of["annex"]["pairs"][PAIR]["projects"]
    first |= {"name": "（A区）项目", "signed_on": "2024-03-10"}
    second |= {"name": "(A区)项目", "investor": "另一企业", "signed_on": "2023-05-01"}
    third |= {"name": "(A区)项目", "signed_on": None}
    rows = pair_report(snapshot(of), PAIR).projects
    assert [row.name for row in rows[:3]] == [
        "（A区）项目（示例企业，2024年3月10日签约）",
        "(A区)项目（另一企业，2023年5月1日签约）",
        "(A区)项目（示例企业，未填签约日期）",
    ]
    assert [row.name for row in rows[3:]] == [other["name"] for other in others]


def test_an_enclave_shows_due_and_paid_of_every_year(two, enclave_bytes: bytes) -> None:
    text = body(enclave_bytes)
    assert "2024年应付返利1,317.6万元，到账1,300.5万元，尚欠17.1万元。" in text
    assert "20241,317.601,300.50−17.10" in text
    assert "20231,317.601,317.600.00" in text
    assert "2022———返利按本金计算，但未填报总出资" in text
    assert "2024-06-242024-06-30按期700.2581示例凭证" in text
    assert "2024-12-302024-12-20逾期600.2581示例凭证" in text
    assert "返利≥1,300.502" in text


def test_an_enclave_says_its_terms_in_words(two, enclave_bytes: bytes) -> None:
    text = body(enclave_bytes)
    for words in (
        "1.约定收益率：每年按村集体出资的10.008%支付，2018-01-02至2027-12-31。",
        "2.保底：每年合计不低于474.012万元，2018-01-02至2027-12-31。",
        "3.租金分成：租金的89%，2018-01-02起，未约定截止。",
        "4.固定金额：每年支付100.8万元，2018-01-02至2027-12-31。",
        "5.地方留存税收分成：地方留存税收的30%，2018-01-02至2027-12-31。",
        "共建期限2018-01-02至未约定截止",
        "税收分成2018年起飞出地65%、飞入地35%",
        "费用分担飞出地60%，飞入地40%",
        "运营示例运营公司，专职人员3人",
        "资料村参股名单是，书面返利条款未填报，资金台账否，村务公开是",
    ):
        assert words in text, words


def test_a_sum_of_villages_says_of_how_many_it_is() -> None:
    """What nobody has recorded is neither 0 nor no: sums and counts name their population."""
    of = document(2024)
    stakes = of["annex"]["enclaves"]["FD-01"]["stakes"]
    for stake in stakes[3:]:
        stake |= {"received": None, "received_before": None, "weak": None}
    for stake in stakes[:3]:
        stake |= {"received": "2.5", "received_before": None}
    text = body(enclave_pdf(enclave_report(snapshot(of), "FD-01")))
    assert "2024年到村7.5万元（有记录的3/163个村）" in text
    assert "以前年度没有到村记录" in text
    assert "其中薄弱村1个（名后加*），160个未填报是否薄弱" in text


def test_a_year_without_a_record_of_payment_is_not_a_year_of_nothing() -> None:
    of = document(2024)
    of["annex"]["enclaves"]["FD-01"]["returns"][0] |= {"paid": None}
    text = body(enclave_pdf(enclave_report(snapshot(of), "FD-01")))
    assert "2024年应付返利1,317.6万元，到账未报。" in text
    assert "尚欠" not in text


@pytest.mark.parametrize(
    ("paid", "precision", "state"),
    [
        ("1300.5", "", "尚欠17.1万元"),
        ("1317.6", "", "已足额到账"),
        ("1320", "", "超出应付2.4万元"),
        ("1300.5", "≥", "尚欠不超过17.1万元"),
        ("1320", "≥", "已足额到账"),
        ("1300.5", "≤", "至少尚欠17.1万元"),
        ("1320", "≤", "是否足额到账尚不能确定"),
        ("1300.5", "≈", "约尚欠17.1万元"),
        ("1317.6", "≈", "大致已足额到账"),
    ],
)
def test_what_is_owed_says_no_more_than_what_was_paid(paid, precision, state) -> None:
    of = document(2024)
    year = of["annex"]["enclaves"]["FD-01"]["returns"][0]
    year |= {"due": "1317.6", "paid": paid, "precision": precision}
    points = snapshot(of)
    text = body(enclave_pdf(enclave_report(points, "FD-01")))
    amount = squeezed(money(wan_yuan(paid, precision)))
    assert f"2024年应付返利1,317.6万元，到账{amount}，{state}。" in text
    # The pair's sheet prints the same bound.
    (site, _) = pair_report(points, PAIR).sites
    assert site.paid == wan_yuan(paid, precision)
    assert f"1,317.60{precision}{Decimal(paid):,.2f}" in body(pair_pdf(pair_report(points, PAIR)))


def test_running_text_has_two_places_at_most() -> None:
    assert money(wan_yuan("465.7938")) == "≈465.79 万元"
    assert money(wan_yuan("465.7938", "≥")) == "≥465.79 万元"
    assert money(wan_yuan("465.7999", "≥")) == "≥465.79 万元"
    assert money(wan_yuan("465.7931", "≤")) == "≤465.80 万元"
    assert money(wan_yuan("101637.1234")) == "10.16 亿元（≈101,637.12 万元）"
    assert money(wan_yuan("0.001")) == "不足 0.01 万元"
    assert money(wan_yuan("0")) == "0 万元"
    assert money(wan_yuan("12359.999", "≥")) == "≥1.23 亿元（12,359.99 万元）"
    assert money(wan_yuan("7.50")) == "7.5 万元"


def test_an_enclave_lists_every_village_with_its_part(two, enclave_bytes: bytes) -> None:
    text = body(enclave_bytes)
    stakes = two[1].document["annex"]["enclaves"]["FD-99"]["stakes"]
    for at, stake in enumerate(stakes, 1):
        mark = "*" if stake["weak"] else ""
        share = f"{Decimal(60) / (60 * len(stakes)) * 100:.2f}%"  # by capital, for want of another
        row = f"{at}示例镇{stake['name']}{mark}60.00{share}≈{Decimal(at) + Decimal('.06'):.2f}"
        assert row in text, row
    whole = sum(Decimal(stake["received"]) for stake in stakes)
    assert "名单所列163个，其中薄弱村81个（名后加*），出资合计9,780万元" in text
    assert (str(whole), "13,376.19") == ("13376.1875", f"{whole:,.2f}")
    assert "2024年到村1.34亿元（≈13,376.19万元）" in text
    assert "各村没有登记份额，表中按出资计算。" in text


def test_a_contract_without_terms_or_payments_is_told_so() -> None:
    bare = document(2024)
    enclave = bare["annex"]["enclaves"]["FD-01"]
    for name in ("terms", "returns", "payments", "stakes", "spaces", "tenants"):
        enclave[name] = []
    enclave |= {"money": {}, "figures": {}, "agreement": None, "villages": None, "sample": False}
    pdf = enclave_pdf(enclave_report(snapshot(bare), "FD-01"))
    text = body(pdf)
    assert "没有登记返利约定。" in text
    assert "没有应付的年份，台账中也没有返利记录。" in text
    assert "参股村" not in outline(pdf)
    assert all("示例数据" not in page for page in pages(pdf))


def test_an_enclave_without_a_sheet_has_a_yearly_sheet_all_the_same() -> None:
    other = document(2024)
    other["annex"]["enclaves"]["FD-77"] = other["annex"]["enclaves"]["FD-01"] | {"kind": ""}
    report = enclave_report(snapshot(other), "FD-77")
    assert report.score is None
    assert report.head.sheet == ""
    assert "得分无评分表" in body(enclave_pdf(report))


@pytest.mark.parametrize("kind", ["city", "pair", "enclave"])
def test_every_page_is_marked_and_nothing_is_cut(two, kind: str, pair_bytes, enclave_bytes) -> None:
    pdf = {
        "city": lambda: city_pdf(city_report(two[1], two[0], CITY)),
        "pair": lambda: pair_bytes,
        "enclave": lambda: enclave_bytes,
    }[kind]()
    for number, page in enumerate(pages(pdf), 1):
        assert "示例细则 · 试算 · 示例数据" in page
        assert f"— {number} —" in page
        assert re.search(r"2024年度", page)
    assert squeezed(LONG_NAME) in body(pdf)
    assert "核验信息" in outline(pdf)
    assert two[1].sha256 in body(pdf)


def test_equal_snapshots_give_equal_bytes(two, pair_bytes: bytes, enclave_bytes: bytes) -> None:
    again = years()[1]
    assert pair_pdf(pair_report(again, PAIR)) == pair_bytes
    assert enclave_pdf(enclave_report(again, "FD-99")) == enclave_bytes
    first = city_pdf(city_report(two[1], two[0], CITY))
    assert city_pdf(city_report(again, two[0], CITY)) == first
    assert len(ENCLAVES) == 6


def test_who_stands_nearest_to_top_and_bottom_is_told_of_all_who_do(two) -> None:
    """A place counts by the part of its class that is before it; equal ones are named together."""
    city = city_report(two[1], None, CITY)
    some = [m for m in city.counties if m.standing.complete and m.standing.rank == 1]
    best = [m for m in some if m.ranked > 1]
    assert len(best) >= 2  # the first of either class
    text = body(city_pdf(city))
    told = text[text.index("位次最靠前的是") : text.index("最靠后的是")]
    assert all(m.standing.name in told for m in best)
    assert "最靠后的是" in text
    most = max(Decimal(lost.lost) for lost in city.lost if lost.below)
    worst = [lost for lost in city.lost if lost.below and Decimal(lost.lost) == most]
    sentence = text[text.index("失分最多的是") :]
    assert squeezed(f"{worst[0].subject}的“{worst[0].line}”") in sentence
    assert f"失{grouped(str(most))}分。" in sentence
