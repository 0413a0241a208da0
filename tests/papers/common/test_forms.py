"""Forms on paper: every figure there, nothing cut, room to sign."""

import io
import re

import pypdf
import pytest

from tests.papers.common.forms import HEAD, empty_quarter_form, quarter_form, task_form
from tests.papers.scorecard.pdf_samples import HOSTILE, LONG_NAME
from tests.papers.texts import page_texts
from tracker.papers.common.form import form_name
from tracker.papers.common.identity import NotAPaperError, read_identity
from tracker.papers.quarter.pdf import quarter_pdf, task_pdf

PRINTED = {
    "quarter": lambda: quarter_pdf(quarter_form()),
    "empty": lambda: quarter_pdf(empty_quarter_form()),
    "tasks": lambda: task_pdf(task_form()),
}


def pages(pdf: bytes) -> list[str]:
    """Each page's text without white space."""
    return [re.sub(r"\s", "", page) for page in page_texts(pdf)]


def squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


@pytest.fixture(scope="module")
def printed():
    return {name: make() for name, make in PRINTED.items()}


def test_equal_forms_give_equal_bytes(printed):
    assert {name: make() for name, make in PRINTED.items()} == printed


@pytest.mark.parametrize("name", PRINTED)
def test_every_page_is_across_and_says_what_it_is_and_when_it_was_printed(printed, name):
    for page in pypdf.PdfReader(io.BytesIO(printed[name])).pages:
        assert page.mediabox.width > page.mediabox.height
    for number, text in enumerate(pages(printed[name]), 1):
        assert "草表" in text
        assert f"—{number}—" in text
        assert "打印时间2024-10-1209:30" in text
        assert ("示例数据" in text) == (name != "empty")


@pytest.mark.parametrize("name", PRINTED)
def test_the_last_page_has_the_lines_to_sign(printed, name):
    assert all(
        label in pages(printed[name])[-1]
        for label in ("填报人：", "审核人：", "单位盖章：", "日期：")
    )


def test_the_quarter_shows_every_project_once_and_repeats_its_heading(printed):
    found = pages(printed["quarter"])
    text = "".join(found)
    for number in range(1, 31):
        assert text.count(f"示例项目第{number:02d}号") == 1
    assert squeezed(LONG_NAME) in text
    assert squeezed(HOSTILE) in text
    with_projects = [page for page in found if "示例项目第" in page]
    assert len(with_projects) >= 2
    assert all("序号项目名称计划总投资" in page for page in with_projects)


def test_nothing_on_record_is_not_nought(printed):
    text = "".join(pages(printed["quarter"]))
    assert "未报" in text
    assert "≈738.201,500.00未报≥320.50" in text
    # thirty projects report the same; the first reports nothing and adds nothing
    assert "合计（只计已报的）360,000.00≈22,145.9045,000.00未报≥9,615.00" in text
    assert "返利按本金计算，但未填报总出资" in text
    assert "消费帮扶万元475.001,051.00" in text
    assert "高层互访次未报2" in text
    assert "尚有3笔台账草稿未提交" in text


def test_an_empty_form_says_so_and_has_no_tables_of_nothing(printed):
    text = "".join(pages(printed["empty"]))
    for words in ("落在本地的协作项目", "以本地为飞出地的飞地", "产业园", "结对关系"):
        assert f"没有{words}的记录" in text
    assert "合计" not in text
    assert "草稿" not in text


def test_tasks_show_what_is_done_in_the_units_of_people(printed):
    text = "".join(pages(printed["tasks"]))
    assert "项目到位资金万元25,00023,45693.8%2024-12-31" in text
    assert "达标村占比%555090.9%" in text
    assert "通过验收是否2024" in text
    assert "未报第四季度未报送" in text
    assert squeezed(LONG_NAME) in text
    assert "责任人签字" in text


def test_a_form_is_no_issued_paper_and_its_name_says_what_it_is(printed):
    with pytest.raises(NotAPaperError):
        read_identity(printed["quarter"])
    assert form_name(HEAD) == "2024年第三季度-季度报送表-330825-示例县-草表-示例数据.pdf"
