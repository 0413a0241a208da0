"""The tables of a scorecard on paper: lines and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from tracker.core.quantities.printed import grouped
from tracker.engine.typeset.boxes import Paragraph, TextStyle
from tracker.engine.typeset.faces import face
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.looks import (
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
from tracker.papers.scorecard.card import (
    Card,
    CardLine,
    Column,
    FactRow,
    GroupScore,
    LineKind,
    LinePoints,
    LineState,
)
from tracker.papers.scorecard.pdf_text import award_words, fact_words, group_name, points_words

_WHOLE, _NAME, _SOURCE = 442, 76, 52  # points: the table, its first and its last column
_LEAST, _LEAST_POINTS, _WIDEST = 29, 34, 48  # points: columns of figures, and of points
PLACES = 2
_NUMBER = re.compile(r"(?:[≥≤≈] )?[−+-]?[\d,]+(?:\.(\d+))?")
STATE_BELOW = replace(STATE, align="right", size=8)


def lines_table(card: Card) -> Table:
    """指标 · 满分 · 自评 · 初审 · 复核 · 失分 · 计分过程 · 数据来源, by group, then the totals.

    The column that counts is set bold. A card without columns has one, named after its status.
    """
    columns = card.columns or (Column(card.status.value, counts=True, total=card.total),)
    heads = header(
        "指标", "满分", *(column.name for column in columns), "失分", "计分过程", "数据来源"
    )
    scores = {(group.kind, group.name): group for group in card.groups}
    rows: list[Row] = []
    for (kind, name), members in groupby(card.lines, lambda line: (line.kind, line.group)):
        lines = list(members)
        rows.append(_group_row(name, kind, scores.get((kind, name)), lines, columns))
        rows += [_line_row(line, columns) for line in lines]
    if rows:
        rows[-1].keep = True
    rows.append(_total_row(card, columns))
    return Table(_shares(rows, 3 + len(columns)), heads, rows, before=GAP)


def _shares(rows: Sequence[Row], words: int) -> list[float]:
    """Set the points of each column under each other. The columns' widths: those of figures as wide
    as their longest figure asks for, within reason, and what is left for the words, which stand in
    the column `words`."""
    figures = []
    for column in range(1, words):
        parts = [part for row in rows for part in row.cells[column].paragraphs]
        most = max((places_of(part.text) or 0 for part in parts), default=0)
        for part in parts:
            part.style = pointed(part.text, part.style, most)
        longest = max(
            (
                face(part.style.role).measure(part.text + part.style.tail, part.style.size)
                for part in parts
                if part.style.align == "right"
            ),
            default=0.0,
        )
        least = _LEAST if column in (1, words - 1) else _LEAST_POINTS
        figures.append(min(max(longest + 8, least), _WIDEST))
    return [_NAME, *figures, _WHOLE - _NAME - sum(figures) - _SOURCE, _SOURCE]


def _group_row(
    name: str,
    kind: LineKind,
    score: GroupScore | None,
    lines: list[CardLine],
    columns: Sequence[Column],
) -> Row:
    lost = _sum(line.lost for line in lines)
    mean = score.class_mean if score else None
    cells = [
        cell(group_name(kind, name), BOLD, heads="Row"),
        _points_of(_group_points(kind, score, lines), BOLD_FIGURE),
        *(
            _points_of(_points_or_dash(_subtotal(score, lines, at, column)), _figure(column))
            for at, column in enumerate(columns)
        ),
        _points_of(grouped(lost) if lost and Decimal(lost) else "", BOLD_FIGURE),
        cell(f"平均 {grouped(mean)} 分" if mean is not None else "", SMALL, colspan=2),
    ]
    return Row(cells, keep=True, fill=SHADE)


def _subtotal(
    score: GroupScore | None, lines: list[CardLine], at: int, column: Column
) -> str | None:
    if score is not None and at < len(score.awards):
        return score.awards[at]
    if column.counts:
        return score.award if score else _sum(line.award for line in lines)
    return None


def _figure(column: Column) -> TextStyle:
    return BOLD_FIGURE if column.counts else FIGURE


def pointed(text: str, style: TextStyle, places: int = PLACES) -> TextStyle:
    """The style with which a figure's point stands under those of its column, the longest of which
    has so many places; what is no figure stays at the right."""
    own = places_of(text)
    if style.align != "right" or own is None or own >= places:
        return style
    return replace(style, tail="0" * (places - own) if own else f".{'0' * places}")


def places_of(text: str) -> int | None:
    """How many places a figure has, None of what is none."""
    found = _NUMBER.fullmatch(text)
    return len(found[1] or "") if found else None


def _points_of(text: str, style: TextStyle) -> Cell:
    return cell(text, STATE if text == "—" else style)


def _group_points(kind: LineKind, score: GroupScore | None, lines: list[CardLine]) -> str:
    if score:
        return grouped(score.most)
    total = _sum(line.spread_points or line.points for line in lines)
    return grouped(total) if kind is not LineKind.DEDUCTION and total else ""


def _points_or_dash(points: str | None) -> str:
    return "—" if points is None else grouped(points)


def _sum(figures: Iterable[str | None]) -> str | None:
    known = [Decimal(figure) for figure in figures if figure is not None]
    return str(sum(known)) if known else None


def _line_row(line: CardLine, columns: Sequence[Column]) -> Row:
    process = [Paragraph(line.explain, CELL)] if line.explain else []
    rule = f"细则 {line.clause}".rstrip()
    process.append(Paragraph(f"{rule}：{line.words}", SMALL))
    process += [Paragraph(said, SMALL) for said in line.objections]
    counted = LinePoints(line.award, line.state, line.unreported, line.zero_by_rule, line.note)
    pending = LinePoints(None, LineState.PENDING)
    others = line.columns or (pending,) * len(columns)
    found = [
        counted if column.counts else other for column, other in zip(columns, others, strict=True)
    ]
    cells = [
        cell(f"{line.code} {line.name}", heads="Row"),
        _points_cell(points_words(line)),
        *(_award_cell(points, column) for points, column in zip(found, columns, strict=True)),
        _lost_cell(line),
        Cell(process),
        cell(line.data_source, SMALL),
    ]
    return Row(cells)


def _lost_cell(line: CardLine) -> Cell:
    """What was lost; a line above its points shows by how much, apart from the column's sum."""
    if line.above and Decimal(line.above):
        return cell(f"高出 {grouped(line.above)}", replace(SMALL, size=7.5, align="right"))
    return _points_of(grouped(line.lost) if line.lost and Decimal(line.lost) else "", BOLD_FIGURE)


def _points_cell(words: str) -> Cell:
    first, _, before = words.partition("\n")
    parts = [Paragraph(first, FIGURE)]
    if before:
        parts.append(Paragraph(before, replace(SMALL, size=7.5, align="right")))
    return Cell(parts)


def _award_cell(points: LinePoints, column: Column) -> Cell:
    words = award_words(
        points.award, points.state, points.unreported, points.zero_by_rule, points.note
    )
    first, *more = words.split("\n")
    figure = points.state is LineState.SCORED or points.zero_by_rule or bool(more)
    style = _figure(column) if figure else STATE
    return Cell([Paragraph(first, style), *(Paragraph(part, STATE_BELOW) for part in more)])


def _total_row(card: Card, columns: Sequence[Column]) -> Row:
    lost = _sum(line.lost for line in card.lines)
    parts = [f"基础分 {grouped(card.base)} 分", f"加分 {grouped(card.bonus)} 分"]
    parts.append(f"扣分 {grouped(card.deduction.removeprefix('-'))} 分")
    return Row(
        [
            cell("总分" if card.complete else "已计得分", BOLD, heads="Row"),
            _points_of(grouped(card.full_marks), BOLD_FIGURE),
            *(
                _points_of(_points_or_dash(column.total or None), _figure(column))
                for column in columns
            ),
            _points_of(grouped(lost) if lost and Decimal(lost) else "", BOLD_FIGURE),
            cell("，".join(parts), CELL, colspan=2),
        ],
        fill=SHADE,
    )


def facts_table(facts: Sequence[FactRow]) -> Table:
    """事实 · 数值 · 依据."""
    rows = []
    for fact in facts:
        figure, *more = fact_words(fact)
        plain = fact.value is not None
        value = [Paragraph(figure, FIGURE if plain else replace(STATE, align="right"))]
        value += [Paragraph(part, replace(SMALL, align="right")) for part in more]
        basis = [Paragraph(record, SMALL) for record in (*fact.records, *fact.uncounted)]
        if fact.reason:
            basis.append(Paragraph(fact.reason, SMALL))
        rows.append(
            Row([cell(fact.label, heads="Row"), Cell(value), Cell(basis or [Paragraph("", SMALL)])])
        )
    return Table([128, 96, 218], header("事实", "数值", "依据的记录"), rows, before=GAP)
