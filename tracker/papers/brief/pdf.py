"""A brief on paper: two pages of A4 upright, whatever there is to say. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.engine.typeset.boxes import Box, Columns, NewPage, Paragraph, Space
from tracker.papers.brief.model import Brief
from tracker.papers.brief.parts import (
    BODY,
    NOTE,
    SECTION,
    chart_box,
    concern_table,
    day_words,
    figures_table,
    print_head,
    urgent_table,
)
from tracker.papers.common.looks import SENTENCE as _SENTENCE
from tracker.papers.common.looks import TITLE, UNDER_TITLE
from tracker.papers.common.printing import Counted

TITLE_WORDS = "山海协作工作简报"
_MANY = 9  # bars from which on a chart has two columns


@dataclass(frozen=True)
class _Room:
    """How much of what needs attention is shown: how many of each sort, with how many characters
    each; how many points a bar has."""

    told: int
    words: int
    step: float


# The size of the sentences, and whether the first page has the picture of the years and the notes:
# the first of these with which it is one page. So also with what is on the second.
_FRONTS = ((13, True), (12, True), (11, True), (10, True), (10, False), (9, False))
_ROOMS = (
    _Room(3, 120, 13),
    _Room(2, 110, 13),
    _Room(2, 80, 12),
    _Room(1, 120, 12),
    _Room(1, 80, 11),
    _Room(1, 56, 10.5),
    _Room(1, 40, 10),
    _Room(0, 40, 9.5),
    _Room(0, 40, 8.5),
)


def brief_pdf(brief: Brief) -> bytes:
    """工作简报 as a file of two pages; of what is too much it shows the first and says how many
    more there are. Raises as `print_boxes` does."""
    fronts, rooms = list(_FRONTS), list(_ROOMS)
    while True:
        pages: list[int] = []
        made = print_head(brief.head, TITLE_WORDS, _boxes(brief, *fronts[0], rooms[0], pages))
        first, last = pages
        if first > 1 and len(fronts) > 1:
            fronts.pop(0)
        elif last > first + 1 and len(rooms) > 1:
            rooms.pop(0)
        else:
            return made


def _boxes(brief: Brief, size: float, full: bool, room: _Room, pages: list[int]) -> Iterator[Box]:
    head = brief.head
    yield Paragraph(TITLE_WORDS, replace(TITLE, leading=28))
    yield Paragraph(f"{head.name}　{head.period}{head.title}", UNDER_TITLE)
    yield Space(4)
    style = replace(_SENTENCE, size=size, leading=size * 1.5)
    for label, words in brief.sentences:
        yield Paragraph(f"{label}：{words}", style)
    yield Paragraph(brief.told, NOTE)
    until = f"本年至\n{day_words(head.until)}"
    columns = (brief.own, until, brief.before, f"任务口径完成\n（{brief.done}）")
    for block in brief.blocks:
        yield figures_table(block, columns, own=True, pace=bool(brief.left))
    if full:
        yield Paragraph(_notes(brief), NOTE)
    if full and brief.years:
        yield Space(8)
        boxes = [chart_box(each, size) for each in brief.years]
        yield Columns(boxes, [1.0] * len(boxes), 18)
    yield Counted(pages)
    yield NewPage()
    yield from _course(brief, room)
    if brief.urgent:
        yield Paragraph("最急的事项", SECTION)
        yield urgent_table(brief.urgent)
    yield Paragraph("需要关注", SECTION)
    yield concern_table(brief.concerns, room.told, room.words)
    day = head.printed_on.isoformat()
    words = f"事项和关注按打印之日（{day}）的记录；件数为 — 的没有可以判断的记录，不是 0。"
    yield Paragraph(words if full else f"{_notes(brief)}{words}", NOTE)
    yield Counted(pages)


def _notes(brief: Brief) -> str:
    words = (
        f"任务和任务口径完成只计已报的县，完成取 {brief.task}的记录；"
        "飞地返利的任务是按合同约定的全年应返，逐个飞地计算，多返的不抵别的飞地。"
        "增减与上年同一时段相比；产业园和飞地是当日存续的个数。"
        "新签项目的任务是产业合作项目数，含以前签约、仍在续建的。“未报”表示没有记录，不同于 0。"
    )
    if brief.left:
        words += f"每月须完成是尚差的数按本年剩余 {brief.left} 个月（含打印当月）平均。"
    return words


def _course(brief: Brief, room: _Room) -> Iterator[Box]:
    if brief.score is not None:
        score = brief.score
        yield Paragraph(score.title, SECTION)
        yield Paragraph(score.words, replace(BODY, size=10, leading=15, space_before=2))
        if score.reasons:
            yield Paragraph(f"失分最多：{'；'.join(score.reasons)}。", replace(BODY, leading=13))
        yield Paragraph(score.said, NOTE)
    for chart in brief.course:
        yield Space(6)
        yield chart_box(chart, room.step, 2 if len(chart.bars) >= _MANY else 1)
