"""The rulebooks as pages: the printed table, the file, and what differs between two years."""

from __future__ import annotations

import re

import pytest

from tests.web.pages import text_of
from tracker.engine.scoring import load_rulebook, plain
from tracker.year.rulebooks.printed import difference, printed
from tracker.year.rulebooks.shelf import SHELF, year_set, years

BOOKS = [(year, book.code) for year in years() for book in year_set(year).rulebooks]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("year", "code"), BOOKS)
def test_the_page_says_all_that_the_rulebook_says(site, year, code):
    page = squeezed(text_of(site.browser("staff").get(f"/rulebooks/{year}/{code}")))
    book = printed(year, code).book
    said = [book.title, book.sha256, "示例细则", plain(book.full_marks)]
    for line in book.indicators:
        said += [f"{line.code} {line.name}", line.clause, line.words, line.data_source]
        said += [plain(line.points), *line.evidence, *(item for item in line.points_by_class)]
    said += [veto.name for veto in book.vetoes] + [grade.name for grade in book.grades]
    said += [source.title for source in book.sources]
    for words in said:
        assert squeezed(words) in page, words


@pytest.mark.parametrize(("year", "code"), BOOKS)
def test_no_name_of_a_measure_is_left_in_the_words(site, year, code):
    """Formulas and conditions name measures by their labels."""
    page = text_of(site.browser("staff").get(f"/rulebooks/{year}/{code}"))
    for name in printed(year, code).book.measures:
        assert not re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", page), name


def test_conditions_vetoes_grades_and_caps_are_in_chinese(site):
    page = text_of(site.browser("staff").get("/rulebooks/2024/zj-recipient-county"))
    assert "「科创飞地数」 > 0 时适用" in page
    assert "不适用的分值分摊到其他指标" in page
    assert "完成率法（实际值「项目到位资金」，目标值「项目到位资金（目标）」" in page
    assert "如果 「产业合作项目数」 > 0 则取" in page
    assert "年内调出" in page
    assert "不参加排名" in page
    assert "不超过同类的 50%" in page
    assert "各部分相加" in page


def test_the_groups_have_their_subtotals():
    for year, code in BOOKS:
        found = printed(year, code)
        total = sum(float(group.points) for group in found.groups if not group.kind)
        assert total == float(found.book.full_marks), code


def test_the_file_is_the_one_on_the_shelf(site):
    answer = site.browser("staff").get("/rulebooks/2024/zj-recipient-county.toml")
    assert answer.data == (SHELF / "2024" / "recipient-county.toml").read_bytes()
    assert load_rulebook(answer.text).sha256 == printed(2024, "zj-recipient-county").book.sha256


@pytest.mark.parametrize(
    "address",
    [
        "/rulebooks/2019/zj-recipient-county",
        "/rulebooks/2024/nothing",
        "/rulebooks/2024/nothing.toml",
        "/rulebooks/99999/zj-pair",
    ],
)
def test_an_unknown_rulebook_is_not_found(site, address):
    assert site.browser("leader").get(address).status_code == 404


def test_the_shelf_lists_the_years_books_and_what_differs(site):
    page = text_of(site.browser("staff").get("/rulebooks/?year=2025"))
    assert f"2025 年度有 {len(year_set(2025).rulebooks)} 本评分细则" in page
    assert "都是示例细则，未经制定单位印发" in page
    assert "没有不同" in page
    none = site.browser("staff").get("/rulebooks/?year=2019")
    assert "2019 年度没有评分细则" in text_of(none)
    assert 'href="/rulebooks/?year=2024"' in none.text


def test_two_years_differ_in_words(site):
    address = "/rulebooks/diff?subject=county.recipient&before=2024&after=2025"
    page = text_of(site.browser("staff").get(address))
    books = [printed(year, "zj-recipient-county").book for year in (2024, 2025)]
    found = difference(*books)
    assert found.count > 10
    assert f"共 {found.count} 处不同，涉及 {len(found.lines)} 项指标" in page
    assert "分值由「8」改为「7」" in page
    assert "适用条件由「『产业飞地数』 > 0」改为「『域内发展飞地数』 > 0」" in page
    assert "enclaves." not in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("subject=pair&before=2024&after=2025", "两套细则没有差别"),
        ("subject=enclave.development&before=2024&after=2025", "2024 年度没有发展飞地的评分细则"),
        ("subject=pair&before=2024&after=2024", "所选的是同一套"),
        ("subject=nonsense&before=x&after=9", "受援县评分细则：2024 年度与 2025 年度"),
    ],
)
def test_what_cannot_be_compared_is_said(site, query, says):
    assert says in text_of(site.browser("staff").get(f"/rulebooks/diff?{query}"))
