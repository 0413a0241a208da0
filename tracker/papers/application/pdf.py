"""The form of an application on paper: A4 upright, to be signed and sealed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.core.quantities.figure import Figure
from tracker.engine.typeset.boxes import Box, Paragraph, Space
from tracker.engine.typeset.sheet import MM, Frame
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.application.model import ApplicationForm, Opinion
from tracker.papers.common.form import print_form
from tracker.papers.common.looks import CELL, HEAD, SOURCE, TITLE, UNDER_TITLE, cell, header
from tracker.papers.reports.words import money_column

FRAME = Frame(top=30 * MM, left=25 * MM, right=25 * MM, bottom=26 * MM)
_TEXT = replace(CELL, size=10.5, leading=16)
_LABEL = replace(HEAD, size=10.5, leading=16)
_SIGNED = replace(CELL, align="right", size=10, leading=16)
_SEAL = "（盖章）　　　　年　　月　　日"
_LEFT, _WIDTH = 100.0, 353.0


def application_pdf(form: ApplicationForm) -> bytes:
    """项目申报表 as a file; raises as `print_form` does."""
    return print_form(form.head, _boxes(form), FRAME)


def _boxes(form: ApplicationForm) -> Iterator[Box]:
    yield Paragraph(form.head.full_title, TITLE)
    yield Paragraph(f"申报类别：{form.kind}　　金额单位：万元", UNDER_TITLE)
    yield Space(6)
    facts = (
        ("申报名称", form.name),
        ("申报单位", form.head.subject_name),
        ("支援方", form.partner or "—"),
        ("申报对象", form.about or "—"),
        ("申报日期", form.filed.isoformat() if form.filed else "尚未申报"),
        ("申请金额", _wan(form.asked, "不申请资金")),
        ("批准金额", _wan(form.granted, "—")),
        ("建设内容", form.works),
        ("预期成效", form.benefit or "—"),
        ("已交材料", "、".join(form.papers) or "无"),
    )
    rows = [Row([cell(label, _LABEL, heads="Row"), cell(text, _TEXT)]) for label, text in facts]
    rows += [_said(each) for each in form.opinions]
    yield Table([_LEFT, _WIDTH], header("栏目", "内容"), rows)
    words = f"意见和日期取自 {form.head.printed_at} 的办理记录；退回以前的意见不列。"
    yield Paragraph(words, replace(SOURCE, space_before=6))


def _said(opinion: Opinion) -> Row:
    said = [Paragraph(opinion.decision, _TEXT)] if opinion.decision else []
    if opinion.words or not opinion.decision:
        said.append(Paragraph(opinion.words or "\n\n", _TEXT))
    if opinion.on is None:
        signed = _SEAL
    else:
        signed = "　".join(filter(None, (opinion.by, opinion.on.isoformat(), "（盖章）")))
    label = cell(opinion.title, _LABEL, heads="Row")
    return Row([label, Cell([*said, Paragraph(signed, _SIGNED)])])


def _wan(amount: Figure | None, none: str) -> str:
    if amount is None:
        return none
    (words,) = money_column([amount])
    return words
