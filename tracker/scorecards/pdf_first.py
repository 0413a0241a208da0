"""The first page of a scorecard on paper: enough for a leader, and on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tracker.papers.looks import (
    GAP,
    HEADING,
    NOTICE,
    SENTENCE,
    SUBJECT,
    TITLE,
    UNDER_TITLE,
)
from tracker.papers.words import grouped
from tracker.scorecards.card import Card, GroupScore, LineKind
from tracker.scorecards.pdf_text import columns_words, group_name, incomplete_words, rank_words
from tracker.typeset.boxes import Box, Paragraph, Space, TextStyle
from tracker.typeset.figures import Bar, BarChart, KeyFigure, KeyFigures
from tracker.typeset.sheet import Frame

COLUMNS = replace(UNDER_TITLE, size=10.5, leading=16, space_before=6)
# Long sentences are set smaller before they run over to a second page.
_SIZES = (SENTENCE.size, 14, 12, 10.5)


def first_page(card: Card) -> list[Box]:
    """The boxes of the first page, its sentences as large as the page allows."""
    frame = Frame()
    above = _above(card)
    for size in _SIZES:
        boxes = [*above, *_sentences(card, size)]
        if _height(boxes, frame.width) <= frame.height:
            break
    return boxes


def _height(boxes: Sequence[Box], width: float) -> float:
    return sum(box.height(width) + box.space_before for box in boxes)


def _above(card: Card) -> list[Box]:
    boxes: list[Box] = [Paragraph(card.title, TITLE), Paragraph(card.subject_name, SUBJECT)]
    about = (f"{card.year}年度", card.subject_kind, card.class_name)
    boxes.append(Paragraph(" · ".join(filter(None, about)), UNDER_TITLE))
    if card.place:
        boxes.append(Paragraph(card.place, UNDER_TITLE))
    if card.number:
        replaced = f"，取代 {card.supersedes}" if card.supersedes else ""
        boxes.append(Paragraph(f"编号 {card.number}{replaced}", UNDER_TITLE))
    if not card.complete:
        boxes.append(Paragraph(incomplete_words(card), NOTICE))
    boxes += [Space(10), _key_figures(card)]
    if card.columns:
        boxes.append(Paragraph(columns_words(card), COLUMNS))
    if any(Decimal(group.points) for group in card.groups):
        boxes += [Paragraph("分组得分", HEADING), Space(GAP), _profile(card)]
    return boxes


def _sentences(card: Card, size: float) -> list[Box]:
    if not card.sentences:
        return []
    style: TextStyle = replace(SENTENCE, size=size, leading=size * SENTENCE.leading / SENTENCE.size)
    return [
        Paragraph("简要评述", HEADING),
        *(Paragraph(sentence, style) for sentence in card.sentences),
    ]


def _key_figures(card: Card) -> KeyFigures:
    """Total, grade, rank, bonus and deduction. An incomplete card has neither grade nor rank:
    read from the lines that happen to have data, they would be judgements without ground."""
    whole = card.complete
    scored = len(card.lines) - card.unscorable_count
    rank_remark = card.unranked_reason if card.rank is None else card.class_name
    if card.rank is not None and not whole:
        rank_remark = "待数据齐全"
    return KeyFigures(
        [
            KeyFigure(
                "总分" if whole else "已计得分",
                grouped(card.total),
                f"满分 {grouped(card.full_marks)}"
                if whole
                else f"{len(card.lines)} 项中 {scored} 项",
            ),
            KeyFigure("等级", card.grade if whole else "暂不评定", "" if whole else "待数据齐全"),
            KeyFigure("名次", rank_words(card), rank_remark),
            KeyFigure("加分", _signed(card.bonus, "+"), ""),
            KeyFigure("扣分", _signed(card.deduction, "−"), ""),
        ]
    )


def _signed(points: str, sign: str) -> str:
    """Points with their sign, whichever way they are written; nothing is a plain 0."""
    return f"{sign}{grouped(points.removeprefix('-'))}" if Decimal(points) else "0"


def _profile(card: Card) -> BarChart:
    bars = [_bar(group) for group in card.groups if Decimal(group.points)]
    alt = "各组得分与满分：" + "；".join(_bar_words(bar) for bar in bars) + "。"
    full = "横条全长为该组满分"
    if any(group.kind is not LineKind.SCORE for group in card.groups):
        full += "（加分、扣分组为其上限）"
    compared = any(bar.mark is not None for bar in bars)
    peers = f"同类（{card.class_name}）" if card.class_name else "同一评分表各对象"
    mark = f"短竖线为{peers}平均，" if compared else ""
    return BarChart(bars, alt, mark + full)


def _bar(group: GroupScore) -> Bar:
    sign = {LineKind.BONUS: "+", LineKind.DEDUCTION: "−"}.get(group.kind, "")
    points = Decimal(group.points)
    mean = None if group.class_mean is None else Decimal(group.class_mean)
    award = None if group.award is None else Decimal(group.award)
    got = "不可计分" if group.award is None else _signed(group.award, sign)
    return Bar(
        group_name(group.kind, group.name),
        _share(award, points),
        _share(mean, points),
        f"{got} / {_signed(group.points, sign)}",
        "" if group.class_mean is None else f"平均 {_signed(group.class_mean, sign)}",
    )


def _bar_words(bar: Bar) -> str:
    return f"{bar.label} {bar.words}" + (f"，{bar.remark}" if bar.remark else "")


def _share(figure: Decimal | None, points: Decimal) -> float | None:
    """The part of the bar that is filled; a deduction's points are below zero."""
    return None if figure is None else float(min(abs(figure / points), Decimal(1)))
