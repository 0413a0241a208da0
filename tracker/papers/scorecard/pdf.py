"""A scorecard on paper: A4, from a `Card` and nothing else; equal cards give equal bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.engine.typeset.boxes import Box, NewPage, Paragraph
from tracker.papers.common.looks import HEADING, LEGEND, NOTE, SOURCE
from tracker.papers.common.printing import print_paper
from tracker.papers.common.proof import proof
from tracker.papers.scorecard import pdf_text
from tracker.papers.scorecard.card import Card
from tracker.papers.scorecard.pdf_behind import behind
from tracker.papers.scorecard.pdf_first import first_page
from tracker.papers.scorecard.pdf_tables import facts_table, lines_table

BELOW_TABLE = 6  # points between a table and the sentences about it


def scorecard_pdf(card: Card) -> bytes:
    """The card as a file; raises as `print_paper` does."""
    return print_paper(card.head, boxes(card))


def boxes(card: Card) -> Iterator[Box]:
    """What stands on the paper, in order."""
    yield from first_page(card)
    yield NewPage()
    yield Paragraph("指标得分", replace(HEADING, space_before=0))
    if card.columns:
        yield Paragraph(pdf_text.columns_words(card), LEGEND)
    yield Paragraph(pdf_text.LEGEND, LEGEND)
    yield lines_table(card)
    for at, words in enumerate(card.way):
        yield Paragraph(words, NOTE if at else replace(NOTE, space_before=BELOW_TABLE))
    if card.next_steps:
        yield Paragraph("再得分的途径", HEADING)
        for step in card.next_steps:
            yield Paragraph(step, NOTE)
    if card.facts:
        yield Paragraph("事实与依据", HEADING)
        yield facts_table(card.facts)
    yield from behind(card)
    if card.notes:
        yield Paragraph("均摊与上限", HEADING)
        for note in card.notes:
            yield Paragraph(note, NOTE)
    yield from _vetoes(card)
    yield Paragraph("评分细则的来源", HEADING)
    for index, source in enumerate(card.sources, 1):
        words = "，".join(part for part in (source.title, source.date, source.url) if part)
        yield Paragraph(f"{index}. {words}", SOURCE)
    yield from _verification(card)


def _vetoes(card: Card) -> Iterator[Box]:
    yield Paragraph("一票否决与排名", HEADING)
    remarks = [f"触发一票否决：{name.rstrip('。')}。" for name in card.vetoes] or [
        "未触发一票否决。"
    ]
    remarks += [f"{name.rstrip('。')}，不参加排名。" for name in card.left]
    remarks += [f"未能判定：{name.rstrip('。')}（数据不足）。" for name in card.undecided]
    if card.rank is not None and not card.complete:
        tried = f"按已计得分试排，列 {card.ranked_count} 个中的第 {card.rank} 位"
        remarks.append(f"{tried}；数据不齐，不作为名次。")
    if card.rank is None and card.unranked_reason and not card.left:
        remarks.append(f"不排名：{card.unranked_reason.rstrip('。')}。")
    for remark in remarks:
        yield Paragraph(remark, NOTE)


def _verification(card: Card) -> Iterator[Box]:
    rulebook = f"{card.rulebook_title}（{card.rulebook_code}，{card.rulebook_status.value}）"
    office = "，".join(part for part in (card.issuer, card.document) if part)
    rows = [
        ("评分细则", rulebook),
        ("制定单位、文号", office or "无（示例细则，未经制定单位印发）"),
    ]
    yield from proof(card.head, rows)
