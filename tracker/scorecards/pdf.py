"""A scorecard on paper: A4, from a `Card` and nothing else; equal cards give equal bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.scorecards.card import Card, GroupScore, LineKind
from tracker.scorecards.pdf_identity import (
    CardIdentity,
    NotAScorecardError,
    identity_entries,
    read_identity,
)
from tracker.scorecards.pdf_tables import GAP, SMALL, facts_table, lines_table, verification_table
from tracker.scorecards.pdf_text import (
    LEGEND,
    full_title,
    grouped,
    incomplete_words,
    rank_words,
    status_words,
)
from tracker.typeset.boxes import Box, Columns, NewPage, Paragraph, Space, Stack, TextStyle, flow
from tracker.typeset.faces import Role
from tracker.typeset.figures import Bar, BarChart, KeyFigure, KeyFigures, QrCode, watermark
from tracker.typeset.sheet import MM, PAGE_HEIGHT, PAGE_WIDTH, DocumentInfo, Frame, Sheet, grey

__all__ = ["CardIdentity", "NotAScorecardError", "read_identity", "scorecard_pdf"]

_TITLE = TextStyle(Role.XIAOBIAOSONG, 22, 32, "center", tag="H1", outline=0)
_SUBJECT = TextStyle(Role.HEITI, 16, 24, "center", space_before=6)
_UNDER_TITLE = TextStyle(Role.KAITI, 12, 18, "center", space_before=2)
_HEADING = TextStyle(
    Role.HEITI, 14, 22, "left", tag="H2", outline=1, space_before=16, keep_with_next=True
)
_SENTENCE = TextStyle(Role.FANGSONG, 16, 26, indent=2)
_NOTICE = TextStyle(Role.HEITI, 11, 17, "center", space_before=8)
_NOTE = TextStyle(Role.FANGSONG, 12, 19, "justify", indent=2)
_SOURCE = TextStyle(Role.SANS, 9, 14, "left", space_before=2)
_LEGEND = replace(SMALL, space_before=2, keep_with_next=True)


def scorecard_pdf(card: Card) -> bytes:
    """The card as a tagged PDF (PDF/A-2a, PDF/UA-1), all fonts embedded, dated by its freezing.

    Raises MissingGlyphError for text that cannot be printed, and FontError for an unusable font
    file of the operator.
    """
    title = f"{card.subject_name} {full_title(card)}"
    info = DocumentInfo(
        title=title,
        author=card.issuer or "山海协作考核",
        subject=f"{card.subject_kind}（{status_words(card)}）",
        date=date.fromisoformat(card.frozen_at[:10]),
        extra=identity_entries(card),
    )
    sheet = Sheet(info, Frame(decorate=lambda page: _decorate(page, card)))
    flow(sheet, _boxes(card))
    return sheet.finish()


def _decorate(sheet: Sheet, card: Card) -> None:
    if card.sample:
        watermark(sheet, "示例数据")
    left, right = sheet.frame.left, PAGE_WIDTH - sheet.frame.right
    y, size, pale = PAGE_HEIGHT - 27 * MM, 9, grey(0.25)
    sans = sheet.face(Role.SANS)
    status = status_words(card)
    sheet.text(right - sans.measure(status, size), y, status, Role.SANS, size, pale)
    room = right - left - sans.measure(status, size) - 16
    identity = full_title(card)
    full = f"{identity} · {card.subject_name}"
    for words in (full, f"{identity} · {card.subject_code}", f"{card.year}年度"):
        if sans.measure(words, size) <= room:
            sheet.text(left, y, words, Role.SANS, size, pale)
            break
    sheet.rule(left, y - 5, right, y - 5, 0.4, grey(0.5))
    number = f"— {sheet.page} —"
    width = sheet.face(Role.FANGSONG).measure(number, 14)
    outer = right - 14 - width if sheet.page % 2 else left + 14
    sheet.text(outer, sheet.frame.bottom - 7 * MM - 14, number, Role.FANGSONG, 14)


def _boxes(card: Card) -> Iterator[Box]:
    yield from _first_page(card)
    yield NewPage()
    yield Paragraph("指标得分", replace(_HEADING, space_before=0))
    yield Paragraph(LEGEND, _LEGEND)
    yield lines_table(card)
    yield from _remarks(card)
    if card.next_steps:
        yield Paragraph("再得分的途径", _HEADING)
        for step in card.next_steps:
            yield Paragraph(step, _NOTE)
    if card.facts:
        yield Paragraph("事实与依据", _HEADING)
        yield facts_table(card.facts)
    yield Paragraph("评分细则的来源", _HEADING)
    for index, source in enumerate(card.sources, 1):
        words = "，".join(part for part in (source.title, source.date, source.url) if part)
        yield Paragraph(f"{index}. {words}", _SOURCE)
    yield from _verification(card)


def _first_page(card: Card) -> Iterator[Box]:
    yield Paragraph(card.title, _TITLE)
    yield Paragraph(card.subject_name, _SUBJECT)
    about = (f"{card.year}年度", card.subject_kind, card.class_name or "未分类")
    yield Paragraph(" · ".join(about), _UNDER_TITLE)
    if card.place:
        yield Paragraph(card.place, _UNDER_TITLE)
    if not card.complete:
        yield Paragraph(incomplete_words(card), _NOTICE)
    yield Space(10)
    yield _key_figures(card)
    bars = [group for group in card.groups if group.kind is LineKind.SCORE]
    if bars:
        yield Paragraph("分组得分", _HEADING)
        yield Space(GAP)
        yield _profile(bars, card.class_name)
    if card.sentences:
        yield Paragraph("简要评述", _HEADING)
        for sentence in card.sentences:
            yield Paragraph(sentence, _SENTENCE)


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
    yield Paragraph("一票否决与说明", _HEADING)
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
        yield Paragraph(remark, _NOTE)


def _verification(card: Card) -> Iterator[Box]:
    yield Paragraph("核验信息", _HEADING)
    yield verification_table(card)
    words = Paragraph(
        "本表由冻结的快照生成。快照摘要与系统中所存一致的，本表即为原件；"
        "细则与事实不变，重新计分的结果也不变。",
        _SOURCE,
    )
    if not card.verify_text:
        yield Stack([words], space_before=8)
        return
    address = Paragraph(f"核验：{card.verify_text}", _SOURCE)
    code = QrCode(card.verify_text, "核验二维码，内容为：" + card.verify_text)
    side = Stack([words, address])
    yield Stack([Columns([side, code], [340, 90])], space_before=8)
