"""The first page of a scorecard on paper: enough for a leader, and on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tracker.core.quantities.printed import grouped
from tracker.engine.typeset.boxes import Box, Paragraph, Space, TextStyle
from tracker.engine.typeset.figures import Bar, BarChart, KeyFigure, KeyFigures
from tracker.engine.typeset.sheet import Frame
from tracker.papers.common.looks import GAP, HEADING, NOTICE, SENTENCE, SUBJECT, TITLE, UNDER_TITLE
from tracker.papers.scorecard.card import Card, GroupScore, LineKind, LineState
from tracker.papers.scorecard.pdf_text import (
    columns_words,
    group_name,
    incomplete_words,
    rank_words,
)

COLUMNS = replace(UNDER_TITLE, size=10.5, leading=16, space_before=6)
# Long names and sentences are set smaller before the page runs over to a second one: by these
# parts of their size.
_SCALES = (1, 0.875, 0.75, 0.66)


def first_page(card: Card) -> list[Box]:
    """The boxes of the first page, its words as large as the page allows."""
    frame = Frame()
    for scale in _SCALES:
        boxes = [*_above(card, scale), *_sentences(card, scale)]
        if _height(boxes, frame.width) <= frame.height:
            break
    return boxes


def _scaled(style: TextStyle, scale: float) -> TextStyle:
    return replace(style, size=style.size * scale, leading=style.leading * scale)


def _height(boxes: Sequence[Box], width: float) -> float:
    return sum(box.height(width) + box.space_before for box in boxes)


def _above(card: Card, scale: float) -> list[Box]:
    name, under = _scaled(SUBJECT, scale), _scaled(UNDER_TITLE, scale)
    boxes: list[Box] = [Paragraph(card.title, TITLE), Paragraph(card.subject_name, name)]
    about = (f"{card.year}年度", card.subject_kind, card.class_name)
    boxes.append(Paragraph(" · ".join(filter(None, about)), under))
    if card.place:
        boxes.append(Paragraph(card.place, under))
    if card.number:
        replaced = f"，取代 {card.supersedes}" if card.supersedes else ""
        boxes.append(Paragraph(f"编号 {card.number}{replaced}", under))
    if not card.complete:
        boxes.append(Paragraph(incomplete_words(card), NOTICE))
    boxes += [Space(10), _key_figures(card)]
    boxes += [Paragraph(words, _scaled(COLUMNS, scale)) for words in card.grade_notes]
    if card.columns:
        boxes.append(Paragraph(columns_words(card), COLUMNS))
    if any(Decimal(group.points) for group in card.groups):
        boxes += [Paragraph("分组得分", HEADING), Space(GAP), _profile(card)]
    return boxes


def _sentences(card: Card, scale: float) -> list[Box]:
    if not card.sentences:
        return []
    style = _scaled(SENTENCE, scale)
    return [
        Paragraph("简要评述", HEADING),
        *(Paragraph(sentence, style) for sentence in card.sentences),
    ]


def _key_figures(card: Card) -> KeyFigures:
    """Total, grade, rank, bonus and deduction. An incomplete card has neither grade nor rank:
    read from the lines that happen to have data, they would be judgements without ground."""
    whole = card.complete
    lacking = "待数据齐全" if card.lacking else "有缺口"
    scored = len(card.lines) - card.unscorable_count
    rank_remark = card.unranked_reason if card.rank is None else card.class_name
    if card.rank is not None and not whole:
        rank_remark = lacking
    return KeyFigures(
        [
            KeyFigure(
                "总分" if whole else "已计得分",
                grouped(card.total),
                f"满分 {grouped(card.full_marks)}"
                if whole
                else f"{len(card.lines)} 项中 {scored} 项",
            ),
            KeyFigure("等次", card.grade_words, lacking if card.grade and not whole else ""),
            KeyFigure("名次", rank_words(card), rank_remark),
            KeyFigure("加分", _signed(card.bonus, "+"), _limit(card.bonus_limit)),
            KeyFigure("扣分", _signed(card.deduction, "−"), _limit(card.deduction_limit)),
        ]
    )


def _limit(points: str) -> str:
    return f"上限 {grouped(points)} 分" if points else ""


def _signed(points: str, sign: str) -> str:
    """Points with their sign, whichever way they are written; nothing is a plain 0."""
    return f"{sign}{grouped(points.removeprefix('-'))}" if Decimal(points) else "0"


def _profile(card: Card) -> BarChart:
    idle = _idle_groups(card)
    bars = [
        _bar(group, "不适用" if (group.kind, group.name) in idle else "不可计分")
        for group in card.groups
        if Decimal(group.most)
    ]
    alt = "各组得分与满分：" + "；".join(_bar_words(bar) for bar in bars) + "。"
    full = "横条全长为该组满分"
    if any(group.kind is not LineKind.SCORE for group in card.groups):
        full += "（加分、扣分组为其上限）"
    compared = any(bar.mark is not None for bar in bars)
    peers = f"同类（{card.class_name}）" if card.class_name else "同一评分表各对象"
    mark = f"短竖线为{peers}平均，" if compared else ""
    return BarChart(bars, alt, mark + full)


def _idle_groups(card: Card) -> set[tuple[LineKind, str]]:
    """The groups none of whose lines applies."""
    busy = {
        (line.kind, line.group) for line in card.lines if line.state is not LineState.NOT_APPLICABLE
    }
    return {(line.kind, line.group) for line in card.lines} - busy


def _bar(group: GroupScore, without: str) -> Bar:
    """`without` says why a group has no points."""
    sign = {LineKind.BONUS: "+", LineKind.DEDUCTION: "−"}.get(group.kind, "")
    points = Decimal(group.most)
    mean = None if group.class_mean is None else Decimal(group.class_mean)
    award = None if group.award is None else Decimal(group.award)
    got = without if group.award is None else _signed(group.award, sign)
    return Bar(
        group_name(group.kind, group.name),
        _share(award, points),
        _share(mean, points),
        f"{got} / {_signed(group.most, sign)}",
        "" if group.class_mean is None else f"平均 {_signed(group.class_mean, sign)}",
    )


def _bar_words(bar: Bar) -> str:
    return f"{bar.label} {bar.words}" + (f"，{bar.remark}" if bar.remark else "")


def _share(figure: Decimal | None, points: Decimal) -> float | None:
    """The part of the bar that is filled; a deduction's points are below zero."""
    return None if figure is None else float(min(abs(figure / points), Decimal(1)))
