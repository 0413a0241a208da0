"""The yearly summary on paper: A4 upright. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.engine.typeset.boxes import Box, Columns, Paragraph, Space
from tracker.engine.typeset.table import Row, Table
from tracker.papers.brief.parts import (
    BODY,
    BODY_HEAD,
    CAPTION,
    NOTE,
    SECTION,
    chart_box,
    concern_table,
    figures_table,
    heads,
    print_head,
    urgent_table,
)
from tracker.papers.common.looks import SENTENCE, TITLE, UNDER_TITLE, cell
from tracker.papers.summary.model import Grid, Section, Summary

TITLE_WORDS = "山海协作年度总结"
_TOLD, _WORDS = 4, 160  # things of each sort, and characters of each
_WIDTH = 494.0
_SECTION = replace(SECTION, size=13, leading=19, space_before=14)
_TEXT = replace(BODY, size=9.5, leading=15, align="justify", space_before=3)


def summary_pdf(summary: Summary) -> bytes:
    """年度总结 as a file; raises as `print_boxes` does."""
    return print_head(summary.head, TITLE_WORDS, _boxes(summary))


def _boxes(summary: Summary) -> Iterator[Box]:
    head = summary.head
    yield Paragraph(TITLE_WORDS, replace(TITLE, leading=28))
    yield Paragraph(f"{head.name}　{head.period}", UNDER_TITLE)
    yield Space(4)
    for label, words in summary.sentences:
        yield Paragraph(f"{label}：{words}", replace(SENTENCE, size=12, leading=19))
    yield Paragraph(summary.told, NOTE)
    yield Paragraph("一、全年各项", _SECTION)
    columns = ("", summary.now, summary.before, summary.done)
    for block in summary.blocks:
        yield figures_table(block, columns, own=False, pace=bool(summary.left))
    yield Paragraph(
        "任务和任务口径完成只计已报的县；飞地返利的任务是按合同约定的全年应返，逐个飞地计算，"
        "多返的不抵别的飞地。增减与上年同一时段相比；产业园和飞地是当日存续的个数。"
        "新签项目的任务是产业合作项目数，含以前签约、仍在续建的。"
        "“未报”表示没有记录，不同于 0。",
        NOTE,
    )
    for section in summary.sections:
        yield from _section(section)
    yield Paragraph("六、尚待办理", _SECTION)
    if summary.urgent:
        yield Paragraph("最急的事项", replace(CAPTION, space_before=4))
        yield urgent_table(summary.urgent)
    yield Paragraph("需要关注", replace(CAPTION, space_before=6))
    yield concern_table(summary.concerns, _TOLD, _WORDS)
    day = head.printed_on.isoformat()
    yield Paragraph(
        f"事项和关注按打印之日（{day}）的记录；件数为 — 的没有可以判断的记录，不是 0。", NOTE
    )


def _section(of: Section) -> Iterator[Box]:
    yield Paragraph(of.title, _SECTION)
    for words in of.words:
        yield Paragraph(words, _TEXT)
    if of.charts:
        yield Space(6)
        yield Columns([chart_box(each) for each in of.charts], [1.0] * len(of.charts), 18)
    for grid in of.grids:
        yield from _grid(grid)


def _grid(of: Grid) -> Iterator[Box]:
    if of.title:
        yield Paragraph(of.title, replace(CAPTION, space_before=7))
    figure = replace(BODY, align="right")
    styles = [BODY if at < of.lefts else figure for at in range(len(of.heads))]
    styles[0] = BODY_HEAD
    rows = [
        Row(
            [
                cell(text, style, heads="" if at else "Row")
                for at, (text, style) in enumerate(zip(row, styles, strict=True))
            ]
        )
        for row in of.rows
    ]
    yield Table([_WIDTH * share for share in of.shares], heads(*of.heads), rows, before=3)
    if of.note:
        yield Paragraph(of.note, NOTE)
