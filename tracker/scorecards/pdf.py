"""A scorecard on paper: A4, from a `Card` and nothing else; equal cards give equal bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tracker.papers.looks import (
    GAP,
    HEADING,
    LEGEND,
    NOTE,
    NOTICE,
    SENTENCE,
    SOURCE,
    SUBJECT,
    TITLE,
    UNDER_TITLE,
)
from tracker.papers.printing import print_paper
from tracker.papers.proof import proof
from tracker.papers.words import grouped
from tracker.scorecards import pdf_text
from tracker.scorecards.card import Card, GroupScore, LineKind
from tracker.scorecards.pdf_tables import facts_table, lines_table
from tracker.scorecards.pdf_text import incomplete_words, rank_words
from tracker.typeset.boxes import Box, NewPage, Paragraph, Space
from tracker.typeset.figures import Bar, BarChart, KeyFigure, KeyFigures


def scorecard_pdf(card: Card) -> bytes:
    """The card as a file; raises as `print_paper` does."""
    return print_paper(card.head, boxes(card))


def boxes(card: Card) -> Iterator[Box]:
    """What stands on the paper, in order."""
    yield from _first_page(card)
    yield NewPage()
    yield Paragraph("指标得分", replace(HEADING, space_before=0))
    if card.columns:
        yield Paragraph(pdf_text.columns_words(card), LEGEND)
    yield Paragraph(pdf_text.LEGEND, LEGEND)
    yield lines_table(card)
    yield from _remarks(card)
    if card.next_steps:
        yield Paragraph("再得分的途径", HEADING)
        for step in card.next_steps:
            yield Paragraph(step, NOTE)
    if card.facts:
        yield Paragraph("事实与依据", HEADING)
        yield facts_table(card.facts)
    yield Paragraph("评分细则的来源", HEADING)
    for index, source in enumerate(card.sources, 1):
        words = "，".join(part for part in (source.title, source.date, source.url) if part)
        yield Paragraph(f"{index}. {words}", SOURCE)
    yield from _verification(card)


def _first_page(card: Card) -> Iterator[Box]:
    yield Paragraph(card.title, TITLE)
    yield Paragraph(card.subject_name, SUBJECT)
    about = (f"{card.year}年度", card.subject_kind, card.class_name or "未分类")
    yield Paragraph(" · ".join(about), UNDER_TITLE)
    if card.place:
        yield Paragraph(card.place, UNDER_TITLE)
    if not card.complete:
        yield Paragraph(incomplete_words(card), NOTICE)
    yield Space(10)
    yield _key_figures(card)
    bars = [group for group in card.groups if group.kind is LineKind.SCORE]
    if bars:
        yield Paragraph("分组得分", HEADING)
        yield Space(GAP)
        yield _profile(bars, card.class_name)
    if card.sentences:
        yield Paragraph("简要评述", HEADING)
        for sentence in card.sentences:
            yield Paragraph(sentence, SENTENCE)


def _key_figures(card: Card) -> KeyFigures:
    """Total, grade, rank, bonus and deduction. An incomplete card has neither grade nor rank:
    read from the lines that happen to have data, they would be judgements without ground."""
    whole = card.complete
    scored = len(card.lines) - card.unscorable_count
    place = card.class_name or "未分类"
    rank_remark = card.unranked_reason if card.rank is None else place
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
            KeyFigure("扣分", _signed(card.deduction.removeprefix("-"), "−"), ""),
        ]
    )


def _signed(points: str, sign: str) -> str:
    return f"{sign}{grouped(points)}" if Decimal(points) else "0"


def _profile(groups: list[GroupScore], class_name: str) -> BarChart:
    bars = []
    for group in groups:
        points = Decimal(group.points)
        mean = None if group.class_mean is None else Decimal(group.class_mean)
        if group.award is None:
            words = f"不可计分 / {grouped(group.points)}"
        else:
            words = f"{grouped(group.award)} / {grouped(group.points)}"
        remark = "" if group.class_mean is None else f"平均 {grouped(group.class_mean)}"
        award = None if group.award is None else Decimal(group.award)
        bars.append(Bar(group.name, _share(award, points), _share(mean, points), words, remark))
    alt = "各组得分与满分：" + "；".join(_bar_words(bar) for bar in bars) + "。"
    compared = any(bar.mark is not None for bar in bars)
    key = (
        f"短竖线为同类平均（{class_name or '未分类'}），横条全长为该组满分"
        if compared
        else "横条全长为该组满分"
    )
    return BarChart(bars, alt, key)


def _bar_words(bar: Bar) -> str:
    return f"{bar.label} {bar.words}" + (f"，{bar.remark}" if bar.remark else "")


def _share(figure: Decimal | None, points: Decimal) -> float | None:
    if figure is None or not points:
        return None
    return float(min(max(figure / points, Decimal(0)), Decimal(1)))


def _remarks(card: Card) -> Iterator[Box]:
    yield Paragraph("一票否决与说明", HEADING)
    remarks = [f"触发一票否决：{name.rstrip('。')}。" for name in card.vetoes] or [
        "未触发一票否决。"
    ]
    remarks += [f"未能判定：{name.rstrip('。')}（数据不足）。" for name in card.undecided]
    if card.rank is not None and not card.complete:
        tried = f"按已计得分试排，列 {card.ranked_count} 个中的第 {card.rank} 位"
        remarks.append(f"{tried}；数据不齐，不作为名次。")
    if card.rank is None and card.unranked_reason:
        remarks.append(f"不排名：{card.unranked_reason.rstrip('。')}。")
    for remark in [*remarks, *card.notes]:
        yield Paragraph(remark, NOTE)


def _verification(card: Card) -> Iterator[Box]:
    rulebook = f"{card.rulebook_title}（{card.rulebook_code}，{card.rulebook_status.value}）"
    office = "，".join(part for part in (card.issuer, card.document) if part)
    rows = [
        ("评分细则", rulebook),
        ("制定单位、文号", office or "无（示例细则，未经制定单位印发）"),
    ]
    yield from proof(card.head, rows)
