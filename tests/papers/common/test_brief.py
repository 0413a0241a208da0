"""工作简报 and 年度总结 on paper: two pages whatever there is, and no unknown as nought."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdf
import pytest

from tests.papers.common import briefs
from tests.papers.common.forms import wan
from tests.papers.common.test_words import texts
from tracker.core.quantities.figure import PART, Figure, yuan
from tracker.papers.brief.model import Block, Brief
from tracker.papers.brief.parts import file_name
from tracker.papers.brief.pdf import brief_pdf
from tracker.papers.brief.period import Period, period_of, periods_until, usual
from tracker.papers.brief.words import change_words, figure_words, share_words
from tracker.papers.summary.pdf import summary_pdf


def pages(pdf: bytes) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in read]


@pytest.mark.parametrize(
    "make",
    [briefs.brief, briefs.county_brief, briefs.crowded_brief, briefs.empty_brief],
    ids=lambda make: make.__name__,
)
def test_a_brief_has_two_upright_pages_and_equal_bytes(make: Callable[[], Brief]) -> None:
    pdf = brief_pdf(make())
    found = pypdf.PdfReader(io.BytesIO(pdf)).pages
    sizes = [[round(float(side)) for side in page.mediabox[2:]] for page in found]
    assert sizes == [[595, 842]] * 2
    assert brief_pdf(make()) == pdf
    assert "打印日期2025-07-04" in pages(pdf)[1]


def test_the_first_page_has_sentences_figures_and_coverage() -> None:
    first, second = pages(brief_pdf(briefs.brief()))
    assert "浙江省2025年第二季度季报" in first
    assert "全年：2025年已过50.7%" in first
    assert "截至2025-06-30，24/26县已报第二季度季报。" in first
    # 5,337.4275, then the year, the same part of the year before, its change, the task.
    assert "资金第1项3个未报总投资，不在其内5,337.439,523.009,240.01+3.1%20,000.00" in first
    assert "24/26县已报，未报的1,234.509,523.0047.6%1,746.17" in first
    assert "援建资金拨付未报未报未报——0/3县已报未报——" in first
    assert "产业园—4840" in first
    assert "新签项目03未报" in first
    assert "示例县第1件报表未报示例县2025-01-01，逾期8天" in second
    assert "示例县第5件报表未报示例县2025-01-05前" in second
    assert "富阳区兑付。" in second
    assert "在建项目没有进度0按已有记录没有。" in second
    assert "评分资料不全—没有评分表，不能判断。" in second
    assert "另有11件。" in second


def test_no_figure_of_the_whole_province_is_broken() -> None:
    """Text of a page has a line for each line of a cell."""
    most = {key: wan("12345678.9") for key in ("own", "now", "before", "asked", "done")}
    made = replace(briefs.brief(), blocks=[Block("资金", "万元", [briefs.line(**most)])])
    page = pypdf.PdfReader(io.BytesIO(brief_pdf(made))).pages[0]
    assert page.extract_text().count("12,345,678.90") == len(most)


def test_a_chart_says_all_its_figures_to_who_does_not_see_it() -> None:
    said = "".join(texts(brief_pdf(briefs.brief())))
    assert "县01 100.00，任务 2,000.00" in said
    assert "县05 500.00；县06" in said  # has no task
    assert "县28 未报" in said


def test_points_stand_with_when_and_by_what_they_were_made() -> None:
    second = pages(brief_pdf(briefs.county_brief()))[1]
    assert "81.25分，名次尚未公布" in second
    assert "试算于2025-07-0320:00，按2025年示例细则试算，不作为考核结果。" in second
    assert "每月须完成" not in pages(brief_pdf(briefs.county_brief()))[0]  # the year is over


def test_a_paper_over_samples_says_so() -> None:
    for sample in (True, False):
        made = replace(briefs.brief(), head=replace(briefs.HEAD, sample=sample))
        assert all(("示例数据" in page) is sample for page in pages(brief_pdf(made)))
        assert ("示例数据" in file_name(made.head)) is sample


def test_a_summary_shows_every_row_and_repeats_its_heading() -> None:
    pdf = summary_pdf(briefs.summary())
    found = pages(pdf)
    assert summary_pdf(briefs.summary()) == pdf
    assert len(found) >= 3
    text = "".join(found)
    assert all(f"县{at:02d}跨越发展类优秀{99 - at}.00{at}" in text for at in range(1, 60))
    assert "六、尚待办理" in text
    assert text.count("考核对象类别等次得分名次") == 2


def test_a_figure_reads_as_on_the_pages() -> None:
    assert figure_words(None) == "未报"
    assert figure_words(yuan(Decimal(0))) == "0.00"
    assert figure_words(yuan(Decimal("0.01"))) == "<0.01"
    assert figure_words(yuan(Decimal(12_345_678_900))) == "1,234,567.89"
    assert figure_words(Figure(Decimal(100), "个")) == "100"
    assert figure_words(Figure(Decimal("7.5"), "个")) == "7.5"
    assert figure_words(Figure(Decimal("299.4"), "亿元", "≥")) == "≥299.40"
    assert share_words(Figure(Decimal("0.99999"), PART)) == "99.9%"
    assert share_words(None) == "—"
    changes = [change_words(Figure(Decimal(of), PART)) for of in ("0.2", "-0.2", "0")]
    assert changes == ["+20.0%", "−20.0%", "0.0%"]


def test_a_period_is_a_month_or_a_quarter() -> None:
    assert period_of("2025-06") == Period(2025, month=6)
    assert (period_of("2024-02").first, period_of("2024-02").last) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
    )
    assert period_of("2025-12").last == date(2025, 12, 31)
    assert (period_of("2025-4").first, period_of("2025-4").last) == (
        date(2025, 10, 1),
        date(2025, 12, 31),
    )
    assert [period_of(key).key for key in ("2025-06", "2025-2")] == ["2025-06", "2025-2"]
    for wrong in ("2025-5", "2025-13", "2025-00", "2025", "1999-01", "2025-6\n", "２０２５-06"):
        with pytest.raises(ValueError, match=r"月份|年度"):
            period_of(wrong)


def test_what_has_begun_can_be_chosen() -> None:
    keys = [each.key for each in periods_until(2025, date(2025, 4, 1))]
    assert keys == ["2025-2", "2025-1", "2025-04", "2025-03", "2025-02", "2025-01"]
    assert usual(2025, date(2025, 4, 1)).key == "2025-03"
    assert usual(2025, date(2025, 1, 5)).key == "2025-01"
    assert usual(2024, date(2025, 4, 1)).key == "2024-4"
