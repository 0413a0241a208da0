"""The tables of a scorecard on paper: lines, facts, verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from tracker.scorecards.card import (
    Card,
    CardLine,
    CardStatus,
    FactRow,
    GroupScore,
    LineKind,
    LineState,
)
from tracker.scorecards.pdf_text import (
    award_words,
    digest_words,
    fact_words,
    grouped,
    points_words,
)
from tracker.typeset.boxes import Paragraph, TextStyle
from tracker.typeset.faces import Role
from tracker.typeset.sheet import grey
from tracker.typeset.table import Cell, Row, Table

CELL = TextStyle(Role.SANS, 9, 13, "left")
SMALL = TextStyle(Role.SANS, 8, 11.5, "left", color=grey(0.35))
_FIGURE = replace(CELL, align="right")
_BOLD = replace(CELL, role=Role.HEITI)
_BOLD_FIGURE = replace(_FIGURE, role=Role.HEITI)
_MIDDLE = replace(CELL, align="center")
_HEAD = replace(_BOLD, align="center")
_STATE = replace(CELL, size=8.5, align="center")
_SHADE = grey(0.93)
GAP = 4.0  # points between a heading and what stands under it

_KIND_WORDS = {LineKind.SCORE: "", LineKind.BONUS: "加分", LineKind.DEDUCTION: "扣分"}


def _cell(text: str, style: TextStyle = CELL, colspan: int = 1, heads: str = "") -> Cell:
    return Cell([Paragraph(text, style)], colspan, heads)


def _header(*titles: str) -> Row:
    return Row([_cell(title, _HEAD, heads="Column") for title in titles], keep=True, fill=_SHADE)


def lines_table(card: Card) -> Table:
    """指标 · 满分 · 自评 · 复核 · 失分 · 计分过程 · 数据来源, group by group, then the totals.

    A trial and a self-assessment have one points column, named after the status.
    """
    two_columns = card.status in (CardStatus.REVIEWED, CardStatus.FINAL)
    columns = ("自评", "复核") if two_columns else (card.status.value,)
    shares = [90, 32, *([50] * len(columns)), 36, 128 if two_columns else 172, 56]
    header = _header("指标", "满分", *columns, "失分", "计分过程", "数据来源")
    scores = {(group.kind, group.name): group for group in card.groups}
    rows: list[Row] = []
    for (kind, name), members in groupby(card.lines, lambda line: (line.kind, line.group)):
        lines = list(members)
        rows.append(_group_row(name, kind, scores.get((kind, name)), lines, two_columns))
        rows += [_line_row(line, two_columns) for line in lines]
    rows[-1].keep = True
    rows.append(_total_row(card, len(shares)))
    return Table(shares, header, rows, before=GAP)


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
        _cell(_group_name(kind, name), _BOLD, heads="Row"),
        _cell(_group_points(kind, score, lines), _BOLD_FIGURE),
    ]
    if two_columns:
        first = score.self_award if score else _sum(line.self_award for line in lines)
        cells.append(_cell(_points_or_dash(first), _BOLD_FIGURE))
    lost = _sum(line.lost for line in lines)
    mean = score.class_mean if score else None
    cells += [
        _cell(_points_or_dash(award), _BOLD_FIGURE),
        _cell(grouped(lost) if lost and Decimal(lost) else "", _BOLD_FIGURE),
        _cell(f"同类平均 {grouped(mean)} 分" if mean is not None else "", SMALL, colspan=2),
    ]
    return Row(cells, keep=True, fill=_SHADE)


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
        _cell(f"{line.code} {line.name}", heads="Row"),
        _points_cell(points_words(line)),
    ]
    if two_columns:
        cells.append(_award_cell(line.self_award, line.self_state))
    cells += [
        _award_cell(line.award, line.state),
        _cell(grouped(line.lost) if line.lost and Decimal(line.lost) else "", _BOLD_FIGURE),
        Cell(process),
        _cell(line.data_source, SMALL),
    ]
    return Row(cells)


def _points_cell(words: str) -> Cell:
    first, _, before = words.partition("\n")
    parts = [Paragraph(first, _FIGURE)]
    if before:
        parts.append(Paragraph(before, replace(SMALL, size=7.5, align="right")))
    return Cell(parts)


def _award_cell(award: str | None, state: LineState) -> Cell:
    words = award_words(award, state)
    if state is LineState.SCORED:
        return _cell(words, _FIGURE)
    return Cell([Paragraph(part, _STATE) for part in words.split("\n")])


def _total_row(card: Card, columns: int) -> Row:
    parts = [f"基础分 {grouped(card.base)} 分", f"加分 {grouped(card.bonus)} 分"]
    parts.append(f"扣分 {grouped(card.deduction.removeprefix('-'))} 分")
    words = "，".join(
        [*parts, f"{'总分' if card.complete else '已计得分'} {grouped(card.total)} 分"]
    )
    return Row(
        [_cell("合计", _BOLD, heads="Row"), _cell(words, _BOLD, colspan=columns - 1)], fill=_SHADE
    )


def facts_table(facts: Sequence[FactRow]) -> Table:
    """事实 · 数值 · 依据."""
    rows = []
    for fact in facts:
        figure, *more = fact_words(fact)
        plain = fact.value is not None
        value = [Paragraph(figure, _FIGURE if plain else replace(_STATE, align="right"))]
        value += [Paragraph(part, replace(SMALL, align="right")) for part in more]
        basis = [Paragraph(record, SMALL) for record in fact.records]
        if fact.reason:
            basis.append(Paragraph(fact.reason, SMALL))
        rows.append(
            Row(
                [_cell(fact.label, heads="Row"), Cell(value), Cell(basis or [Paragraph("", SMALL)])]
            )
        )
    return Table([128, 96, 218], _header("事实", "数值", "依据的记录"), rows, before=GAP)


def verification_table(card: Card) -> Table:
    """Number, rulebook, digests, engine and time, one a row."""
    rulebook = f"{card.rulebook_title}（{card.rulebook_code}，{card.rulebook_status.value}）"
    office = "，".join(part for part in (card.issuer, card.document) if part)
    entries = [
        ("编号", card.number or f"{card.status.value}，不编号"),
        ("取代", f"本表取代 {card.supersedes}" if card.supersedes else ""),
        ("评分细则", rulebook),
        ("制定单位、文号", office or "无（示例细则，未经制定单位印发）"),
        ("冻结时间", card.frozen_at),
        ("快照摘要", digest_words(card.snapshot_sha256)),
        ("细则摘要", digest_words(card.rulebook_sha256)),
        ("事实摘要", digest_words(card.facts_sha256)),
        ("计分引擎", card.engine),
    ]
    shown = [(label, value) for label, value in entries if value]
    # Held together, so that the number and the digests stand on one page wherever they fit.
    rows = [
        Row([_cell(label, _BOLD, heads="Row"), _cell(value)], keep=(label, value) != shown[-1])
        for label, value in shown
    ]
    table = Table([90, 352], None, rows, before=GAP)
    table.keep_with_next = True  # the code to check it by stands below
    return table
