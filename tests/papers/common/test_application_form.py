"""项目申报表: all that was said stands on it, and what was not has its place."""

from __future__ import annotations

import io
import re

import pypdf

from tests.papers.common.forms import application_form
from tests.papers.texts import page_texts
from tracker.papers.application.pdf import application_pdf


def test_all_stands_on_it_upright() -> None:
    form = application_form()
    pdf = application_pdf(form)
    text = re.sub(r"\s", "", "".join(page_texts(pdf)))
    for words in (
        "2024年山海协作项目申报表",
        "申报类别：山海协作专项资金项目",
        "1,500.00",
        "1,200.50",
        "申报文件、实施方案",
        "材料齐全，同意推荐示例审核2024-03-09（盖章）",
        "示例〔2024〕3号，验收期限2025-12-312024-05-01（盖章）",
        "验收意见（盖章）年月日",
    ):
        assert words in text, words
    assert text.count("道路、管网和标准厂房建设。") > 140  # some are cut by the head of a page
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        assert page.mediabox.height > page.mediabox.width
    assert application_pdf(form) == pdf


def test_what_asks_for_no_money_says_so() -> None:
    none = application_form(asked=None, granted=None, papers=(), opinions=())
    text = re.sub(r"\s", "", "".join(page_texts(application_pdf(none))))
    assert "申请金额不申请资金批准金额—" in text
    assert "已交材料无" in text
