"""The tables of a scorecard on paper: lines and facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from tracker.papers.head import PaperStatus
from tracker.papers.looks import (
    BOLD,
    BOLD_FIGURE,
    CELL,
    FIGURE,
    GAP,
    SHADE,
    SMALL,
    STATE,
    cell,
    header,
)
from tracker.papers.words import grouped
from tracker.scorecards.card import Card, CardLine, FactRow, GroupScore, LineKind, LineState
from tracker.scorecards.pdf_text import award_words, fact_words, points_words
from tracker.typeset.boxes import Paragraph
from tracker.typeset.table import Cell, Row, Table

_KIND_WORDS = {LineKind.SCORE: "", LineKind.BONUS: "加分", LineKind.DEDUCTION: "扣分"}


def lines_table(card: Card) -> Table:
    """指标 · 满分 · 自评 · 复核 · 失分 · 计分过程 · 数据来源, group by group, then the totals.

    A trial and a self-assessment have one points column, named after the status.
    """
    two_columns = card.status in (PaperStatus.REVIEWED, PaperStatus.FINAL)
    columns = ("自评", "复核") if two_columns else (card.status.value,)
    shares = [90, 32, *([50] * len(columns)), 36, 128 if two_columns else 172, 56]
    heads = header("指标", "满分", *columns, "失分", "计分过程", "数据来源")
    scores = {(group.kind, group.name): group for group in card.groups}
    rows: list[Row] = []
    for (kind, name), members in groupby(card.lines, lambda line: (line.kind, line.group)):
        lines = list(members)
        rows.append(_group_row(name, kind, scores.get((kind, name)), lines, two_columns))
        rows += [_line_row(line, two_columns) for line in lines]
    rows[-1].keep = True
    rows.append(_total_row(card, len(shares)))
    return Table(shares, heads, rows, before=GAP)


def _group_row(
    name: str,
    kind: LineKind,
    score: GroupScore | None,
    lines: list[CardLine],
    two_columns: bool,
) -> Row:
    own = _sum(line.award for line in lines)
    award = score.award if score else own
    cells = [
        cell(_group_name(kind, name), BOLD, heads="Row"),
        cell(_group_points(kind, score, lines), BOLD_FIGURE),
    ]
    if two_columns:
        first = score.self_award if score else _sum(line.self_award for line in lines)
        cells.append(cell(_points_or_dash(first), BOLD_FIGURE))
    lost = _sum(line.lost for line in lines)
    mean = score.class_mean if score else None
    cells += [
        cell(_points_or_dash(award), BOLD_FIGURE),
        cell(grouped(lost) if lost and Decimal(lost) else "", BOLD_FIGURE),
        cell(f"同类平均 {grouped(mean)} 分" if mean is not None else "", SMALL, colspan=2),
    ]
    return Row(cells, keep=True, fill=SHADE)


def _group_name(kind: LineKind, name: str) -> str:
    word = _KIND_WORDS[kind]
    return name if not word or name.startswith(word) else f"{word} · {name}"


def _group_points(kind: LineKind, score: GroupScore | None, lines: list[CardLine]) -> str:
    if score:
        return grouped(score.points)
    total = _sum(line.spread_points or line.points for line in lines)
    return grouped(total) if kind is not LineKind.DEDUCTION and total else ""


def _points_or_dash(points: str | None) -> str:
    return "—" if points is None else grouped(points)


def _sum(figures) -> str | None:
    known = [Decimal(figure) for figure in figures if figure is not None]
    return str(sum(known)) if known else None


def _line_row(line: CardLine, two_columns: bool) -> Row:
    process = [Paragraph(line.explain, CELL)] if line.explain else []
    rule = f"细则 {line.clause}".rstrip()
    process.append(Paragraph(f"{rule}：{line.words}", SMALL))
    cells = [
        cell(f"{line.code} {line.name}", heads="Row"),
        _points_cell(points_words(line)),
    ]
    if two_columns:
        cells.append(_award_cell(line.self_award, line.self_state))
    cells += [
        _award_cell(line.award, line.state),
        cell(grouped(line.lost) if line.lost and Decimal(line.lost) else "", BOLD_FIGURE),
        Cell(process),
        cell(line.data_source, SMALL),
    ]
    return Row(cells)


def _points_cell(words: str) -> Cell:
    first, _, before = words.partition("\n")
    parts = [Paragraph(first, FIGURE)]
    if before:
        parts.append(Paragraph(before, replace(SMALL, size=7.5, align="right")))
    return Cell(parts)


def _award_cell(award: str | None, state: LineState) -> Cell:
    words = award_words(award, state)
    if state is LineState.SCORED:
        return cell(words, FIGURE)
    return Cell([Paragraph(part, STATE) for part in words.split("\n")])


def _total_row(card: Card, columns: int) -> Row:
    parts = [f"基础分 {grouped(card.base)} 分", f"加分 {grouped(card.bonus)} 分"]
    parts.append(f"扣分 {grouped(card.deduction.removeprefix('-'))} 分")
    words = "，".join(
        [*parts, f"{'总分' if card.complete else '已计得分'} {grouped(card.total)} 分"]
    )
    return Row(
        [cell("合计", BOLD, heads="Row"), cell(words, BOLD, colspan=columns - 1)], fill=SHADE
    )


def facts_table(facts: Sequence[FactRow]) -> Table:
    """事实 · 数值 · 依据."""
    rows = []
    for fact in facts:
        figure, *more = fact_words(fact)
        plain = fact.value is not None
        value = [Paragraph(figure, FIGURE if plain else replace(STATE, align="right"))]
        value += [Paragraph(part, replace(SMALL, align="right")) for part in more]
        basis = [Paragraph(record, SMALL) for record in fact.records]
        if fact.reason:
            basis.append(Paragraph(fact.reason, SMALL))
        rows.append(
            Row([cell(fact.label, heads="Row"), Cell(value), Cell(basis or [Paragraph("", SMALL)])])
        )
    return Table([128, 96, 218], header("事实", "数值", "依据的记录"), rows, before=GAP)
