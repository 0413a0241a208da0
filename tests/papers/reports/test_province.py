"""考核通报: everybody with their total, every mean, what changed, what is not ranked."""

from __future__ import annotations

import hashlib
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from tests.papers.reports.documents import (
    BOOKS,
    COUNTIES,
    ECOLOGICAL,
    LEAPFROG,
    document,
    snapshot,
    years,
)
from tests.papers.reports.reading import body, outline, pages, squeezed
from tests.papers.scorecard.pdf_samples import LONG_NAME
from tracker.core.quantities.printed import grouped, marks
from tracker.papers.common.head import PaperStatus, Stamp, file_name
from tracker.papers.common.identity import read_identity
from tracker.papers.province.build import province_report
from tracker.papers.province.pdf import province_pdf
from tracker.papers.reports.means import mean
from tracker.papers.reports.model import ProvinceReport
from tracker.papers.reports.ranking import grade_cause
from tracker.papers.reports.words import points

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def two():
    return years()


@pytest.fixture(scope="module")
def report(two) -> ProvinceReport:
    before, now = two
    return province_report(now, before)


@pytest.fixture(scope="module")
def pdf(report: ProvinceReport) -> bytes:
    return province_pdf(report)


@pytest.fixture(scope="module")
def text(pdf: bytes) -> str:
    return body(pdf)


def cards(snapshot, code: str = "demo-recipient"):
    return snapshot.sheets[code].result.scorecards


def mean_of(points: list[Decimal]) -> str:
    return str((sum(points) / len(points)).quantize(CENT, ROUND_HALF_UP))


def test_everybody_stands_with_rank_total_and_grade_as_scored(two, text: str) -> None:
    for code in two[1].sheets:
        for card in cards(two[1], code):
            # The row of the longest name is parted between two pages.
            if card.rank is not None and card.complete and card.subject.name != LONG_NAME:
                place = "示例市" if code in ("demo-recipient", "demo-supporter") else ""
                row = f"{card.rank}{card.subject.name}{place}{card.total}{card.grade}"
                assert squeezed(row) in text, row


def test_classes_are_ranked_apart_and_in_the_order_of_the_list(report: ProvinceReport) -> None:
    sheet = next(sheet for sheet in report.sheets if sheet.subject == "county.recipient")
    assert [ranking.label for ranking in sheet.classes] == [LEAPFROG, ECOLOGICAL, "未分类"]
    for ranking in sheet.classes:
        ranks = [s.rank for s in ranking.standings if s.rank is not None]
        assert ranks == sorted(ranks)
        assert [s.rank is None for s in ranking.standings] == sorted(
            s.rank is None for s in ranking.standings
        )


def test_prizes_go_to_the_winners(two, text: str) -> None:
    for won in two[1].prizes:
        card = won.scorecard
        assert card.complete
        assert squeezed(f"{card.subject.name}示例市{card.total}{card.grade}") in text
    assert text.count("一等奖300万元") == len(two[1].prizes) >= 3


def test_means_are_those_of_whole_sheets(two, report: ProvinceReport, text: str) -> None:
    for sheet in report.sheets:
        for ranking in sheet.classes:
            name = "" if ranking.label in ("", "未分类") else ranking.label
            totals = [
                card.total
                for card in cards(two[1], sheet.code)
                if card.subject.class_name == name and card.complete
            ]
            assert ranking.mean == mean_of(totals)
            assert len(totals) == sum(number for _, number in ranking.grades)
    leapfrog = next(s for s in report.sheets if s.subject == "county.recipient").classes[0]
    counts = "".join(str(number) for _, number in leapfrog.grades)
    totals = [Decimal(s.total) for s in leapfrog.standings if s.complete]
    row = f"受援县（{LEAPFROG}）{len(leapfrog.standings)}{counts}"
    row += f"{len(leapfrog.standings) - len(totals)}{leapfrog.mean}{max(totals)}{min(totals)}"
    assert row in text


def test_lines_have_their_means_and_extremes(two, report: ProvinceReport, text: str) -> None:
    sheet = next(sheet for sheet in report.sheets if sheet.subject == "county.recipient")
    for ranking in sheet.classes:
        name = "" if ranking.label == "未分类" else ranking.label
        peers = [c for c in cards(two[1]) if c.subject.class_name == name]
        for found in ranking.lines:
            lines = [(c.subject.name, c.line(found.code)) for c in peers]
            scored = [(name, line) for name, line in lines if line.state == "scored"]
            awards = [line.award for _, line in scored]
            assert found.scored == len(scored)
            assert found.unscorable == sum(line.state == "unscorable" for _, line in lines)
            assert found.not_applicable == sum(line.state == "not_applicable" for _, line in lines)
            if not awards:
                assert (found.mean, found.highest, found.lowest) == (None, None, None)
                continue
            assert found.mean == mean_of(awards)
            fulls = {line.effective for _, line in scored}
            if len(fulls) == 1:
                assert found.highest.award == str(max(awards))
                assert found.highest.rate is found.lowest.rate is None
                assert set(found.highest.names) == {
                    n for n, line in scored if line.award == max(awards)
                }
                assert set(found.lowest.names) == {
                    n for n, line in scored if line.award == min(awards)
                }
            if found.rate is not None:
                full = sum(Decimal(int(line.effective)) for _, line in scored)
                rate = (sum(awards) / full).quantize(Decimal("0.0001"), ROUND_HALF_UP)
                assert Decimal(found.rate) == rate
                shown = (rate * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
                row = f"{points(found.mean)}{grouped(str(shown))}%"
                if not found.spread:
                    row = found.points + row
                assert row in text, row


def test_nobody_with_full_marks_stands_behind_those_whose_full_marks_are_more() -> None:
    """Where the points of a line were spread, who has them all is the best, whatever they are."""
    of = document(2024)
    sheet = of["sheets"]["county.recipient"]
    (file,) = {id(found): found for found in sheet["facts"].values()}.values()
    for at, subject in enumerate(file["subjects"]):
        # Everybody has all points of the first line; some of them have more of them.
        subject |= {"class": LEAPFROG}
        subject["measures"] = {"funds": 100, "visits": 4, "adopted": 0, "island": at % 3 == 0}
        subject["measures"] |= {"fraud": 0, "left": 0}
        subject["measures"]["island"] = int(subject["measures"]["island"])
    report = province_report(snapshot(of), None)
    ranking = next(s for s in report.sheets if s.subject == "county.recipient").classes[0]
    line = next(found for found in ranking.lines if found.code == "1")
    assert line.in_force == ("60.00", "100.00")
    assert (line.highest.rate, line.lowest.rate) == ("1.0000", "1.0000")
    assert len(line.lowest.names) == line.scored == len(file["subjects"])
    assert f"{line.scored}个均为100.00%" in body(province_pdf(report))
    # One loses a little of more points: worst by rate, though with the most points but the best.
    poor = file["subjects"][0]
    poor["measures"]["funds"] = 90
    report = province_report(snapshot(of), None)
    ranking = next(s for s in report.sheets if s.subject == "county.recipient").classes[0]
    line = next(found for found in ranking.lines if found.code == "1")
    assert line.lowest.names == (poor["name"],)
    assert (line.lowest.rate, line.lowest.award) == ("0.9000", "90.00")
    assert f"90.00%{poor['name']}" in body(province_pdf(report))


def test_a_mean_has_the_decimals_of_what_it_is_of() -> None:
    assert mean([Decimal("91.275"), Decimal("90.1")]) == "90.688"
    assert mean([Decimal("91.2"), Decimal(90)]) == "90.60"
    assert [marks(points) for points in (50, Fraction(353, 10), Fraction(3335, 1000))] == [
        "50",
        "35.30",
        "3.335",
    ]


def test_what_cannot_be_scored_is_counted_apart(report: ProvinceReport, text: str) -> None:
    sheet = next(sheet for sheet in report.sheets if sheet.subject == "county.recipient")
    assert sum(line.unscorable for r in sheet.classes for line in r.lines) == 1
    assert "□不可计分1个" in text
    assert "／不适用1个" in text
    waiting = [s for s in sheet.standings if not s.complete]
    assert len(waiting) == 1
    assert waiting[0].grade == waiting[0].prize == ""
    assert f"（{waiting[0].rank}）{waiting[0].name}示例市{waiting[0].total}暂不评定" in text
    assert f"受援县{waiting[0].name}1项{waiting[0].total}" in text


def test_changes_are_told_of_those_on_both_sheets(two, report: ProvinceReport, text: str) -> None:
    before = {card.subject.code: card for card in cards(two[0])}
    now = {card.subject.code: card for card in cards(two[1])}
    assert now.keys() - before.keys() == {"331122"}
    sheet = next(sheet for sheet in report.sheets if sheet.subject == "county.recipient")
    for ranking in sheet.classes:
        pairs = []
        for standing in ranking.standings:
            then = before.get(standing.code)
            if then is None:
                assert standing.before is None
                continue
            if not standing.complete:
                assert standing.difference is None
                continue
            pairs.append((now[standing.code].total, then.total))
            assert Decimal(standing.difference) == now[standing.code].total - then.total
            if standing.name != LONG_NAME:
                assert f"{standing.name}{then.total}{standing.total}" in text
        change = ranking.change
        assert change.comparable == len(pairs)
        assert change.up == sum(a > b for a, b in pairs)
        assert change.down == sum(a < b for a, b in pairs)
        assert change.mean == mean_of([a for a, _ in pairs])
        assert change.mean_before == mean_of([b for _, b in pairs])
    joined = [name for ranking in sheet.classes for name in ranking.change.joined]
    assert joined == ["示例22县"]
    assert "上年没有、本年新列入1个：示例22县。" in text
    assert f"类别调整1个，名次不作比较：示例32县（原{ECOLOGICAL}）。" in text


def test_who_left_the_list_is_named(two) -> None:
    before, now = two
    back = province_report(before, now)  # the years exchanged: a county is there no more
    sheet = next(sheet for sheet in back.sheets if sheet.subject == "county.recipient")
    assert [name for ranking in sheet.classes for name in ranking.change.left] == ["示例22县"]


def test_vetoes_and_the_unranked_are_listed(two, text: str) -> None:
    vetoed = next(card for card in cards(two[1]) if "弄虚作假" in card.vetoes)
    assert squeezed(f"受援县{vetoed.subject.name}触发“弄虚作假”") in text
    left = next(card for card in cards(two[1]) if card.rank is None)
    assert squeezed(f"受援县{left.subject.name}{left.total}年内调出") in text
    assert "触发“年内调出”" not in text  # to leave the list is no veto
    lowered = next(card for card in cards(two[1]) if card.moved_down)
    assert squeezed(f"{lowered.subject.name}因名额限制，等次下调1级") in text


def test_a_grade_that_the_points_do_not_give_has_its_cause(two, text: str) -> None:
    told = 0
    for code in two[1].sheets:
        for card in cards(two[1], code):
            if card.complete and card.moved_down and not card.vetoes:
                words = f"按得分可评{card.grade_before}，因名额限制评为{card.grade}"
                assert words in text
                told += 1
            assert (grade_cause(card) == "") == (
                not card.complete or card.grade is None or card.grade == card.grade_before
            )
            if card.complete and card.vetoes and grade_cause(card):
                assert f"因“{card.vetoes[0]}" in grade_cause(card)
    assert told


def test_the_annex_has_every_rulebook_with_its_standing_and_digest(two, text: str) -> None:
    for sheet in two[1].sheets.values():
        book = sheet.rulebook
        assert f"{book.title}（示例细则）" in text
        assert book.sha256 in text
    assert two[0].sha256 in text  # last year's points rest on it
    assert len(two[1].sheets) == len(BOOKS)


def test_nothing_is_cut_and_every_page_is_marked(pdf: bytes, text: str) -> None:
    assert text.count(squeezed(COUNTIES["331199"])) >= 4
    found = pages(pdf)
    for number, page in enumerate(found, 1):
        assert "示例细则 · 试算 · 示例数据" in page
        assert f"— {number} —" in page
        assert "2024年度山海协作考核情况通报" in page


def test_the_first_page_names_office_title_and_leaders(pdf: bytes, two) -> None:
    first = squeezed(pages(pdf)[0])
    assert "浙江省山海协作工作主管部门" in first
    assert "本件为试算，不编号，不作为考核结果。" in first
    of_each = f"受援县 {len(cards(two[1]))} 个、支援县 1 个"
    assert squeezed(f"对{of_each}") in first  # which papers for whom
    assert "个对象" not in first
    best = min(
        (c for c in cards(two[1]) if c.subject.class_name == LEAPFROG and c.rank),
        key=lambda card: card.rank,
    )
    assert squeezed(f"{best.subject.name} {best.total} 分") in first
    signed = next(page for page in map(squeezed, pages(pdf)) if "2025年1月20日" in page)
    assert squeezed("本件含示例数据，不代表任何地方的实际工作。") in signed  # no signature alone
    assert "浙江省山海协作工作主管部门2025年1月20日" in body(pdf)


def test_bookmarks_follow_the_sections(pdf: bytes) -> None:
    titles = outline(pdf)
    assert titles[0] == "2024年度山海协作考核情况通报"
    wanted = ["一、考核结果", "二、等次和总分分布", "三、各项指标得分情况", "四、与上年相比"]
    places = [titles.index(title) for title in [*wanted, "附件　评分细则", "核验信息"]]
    assert places == sorted(places)


def test_without_a_last_year_nothing_is_compared(two) -> None:
    alone = province_report(two[1], None)
    text = body(province_pdf(alone))
    assert "没有可比的上年快照，无从比较。" in text
    assert "比上年" not in text
    assert all(s.before is None for sheet in alone.sheets for s in sheet.standings)


def test_an_empty_year_gives_a_short_paper() -> None:
    empty = document(2024)
    for sheet in empty["sheets"].values():
        sheet["subjects"], sheet["members"] = {}, {}
        sheet["facts"] = {column: {"year": 2024, "subjects": []} for column in sheet["facts"]}
    empty["annex"]["enclaves"], empty["annex"]["pairs"] = {}, {}
    text = body(province_pdf(province_report(snapshot(empty), None)))
    assert "2024年度没有考核对象" in text
    assert "示例数据" not in text


def test_equal_reports_give_equal_bytes_and_a_number_changes_them(two, pdf: bytes) -> None:
    again = province_pdf(province_report(two[1], two[0]))
    assert hashlib.sha256(again).digest() == hashlib.sha256(pdf).digest()
    stamp = Stamp(PaperStatus.FINAL, "示例〔2025〕1号", "示例〔2024〕9号", "https://example.org/1")
    issued = province_report(two[1], two[0], stamp)
    text = body(province_pdf(issued))
    assert "示例〔2025〕1号" in text
    assert "本件取代示例〔2024〕9号" in text
    assert "本件为试算" not in text
    assert file_name(issued.head).endswith("-定稿-示例数据.pdf")
    assert read_identity(province_pdf(issued)).number == "示例〔2025〕1号"


def test_of_those_without_points_none_is_before_another() -> None:
    waiting = document(2024)
    sheet = waiting["sheets"]["county.recipient"]
    (file,) = {id(of): of for of in sheet["facts"].values()}.values()
    for subject in file["subjects"]:
        subject["measures"] = {}
    report = province_report(snapshot(waiting), None)
    text = body(province_pdf(report))
    for standing in next(s for s in report.sheets if s.subject == "county.recipient").standings:
        assert not standing.complete
        assert not standing.counted  # unknown, not nought
        if standing.name != LONG_NAME:
            assert f"暂不排名{standing.name}示例市—暂不评定" in text
    assert "受援县（跨越发展类）总分" not in text  # no bars of nothing
    assert "支援县总分" in text
