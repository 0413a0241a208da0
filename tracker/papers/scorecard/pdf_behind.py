"""What stands behind a card's facts, on paper: projects, ledger, lower cards, rulings, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tracker.core.quantities.figure import WAN_YUAN, Figure
from tracker.core.quantities.precision import shortened
from tracker.core.quantities.printed import amount_words, grade_words, grouped, spelled
from tracker.engine.typeset.boxes import Box, Paragraph
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.looks import (
    CELL,
    FIGURE,
    GAP,
    HEADING,
    LEGEND,
    NOTE,
    SMALL,
    cell,
    header,
)
from tracker.papers.scorecard.card import (
    Card,
    EvidenceRow,
    LedgerRow,
    MemberRow,
    ProjectRow,
    RulingRow,
)
from tracker.papers.scorecard.pdf_tables import pointed
from tracker.papers.scorecard.pdf_text import (
    MISSING,
    NO_LONGER,
    projects_words,
    short_digest,
    stages_words,
    unfrozen_words,
)

FILES_LISTED = 40  # more are counted by kind
_CENT = Decimal("0.01")
_BELOW = replace(SMALL, align="right")


def behind(card: Card) -> Iterator[Box]:
    """The sections, each with its heading; what the snapshot did not freeze is said last."""
    if card.projects:
        yield Paragraph("1 亿元以上项目", HEADING)
        yield Paragraph(f"{projects_words(card)}；{stages_words(card)}。", LEGEND)
        yield _projects(card.projects)
    if card.ledger:
        yield Paragraph("台账当年合计", HEADING)
        words = "本表事实所依据的台账，当年发生、已报送且未冲销的各笔之和。"
        yield Paragraph(words, LEGEND)
        yield _ledger(card.ledger)
    if card.members:
        yield Paragraph("所依据的下级评分表", HEADING)
        yield _members(card.members)
    if card.rulings is not None:
        yield Paragraph("更正与不予认定", HEADING)
        if card.rulings:
            yield _rulings(card.rulings)
        else:
            who = "市级" if card.owner else "市级、省级"
            yield Paragraph(f"{who}均未更正本表的事实，也没有不予认定的事实。", NOTE)
    if card.evidence is not None:
        yield Paragraph("佐证材料", HEADING)
        yield from _evidence(card.evidence)
    if unfrozen := unfrozen_words(card):
        yield Paragraph("本快照未冻结的内容", HEADING)
        yield Paragraph(unfrozen, NOTE)


def _amount(amount: Figure | None) -> Cell:
    """An amount of a column in 万元: two decimals on every paper, ≈ where that rounds it."""
    if amount is None:
        return cell("无", FIGURE)
    wan = amount.to(WAN_YUAN)
    rounded = shortened(wan.value, 2, wan.precision)
    mark = wan.precision or ("≈" if rounded != wan.value else "")
    return cell(f"{mark} {spelled(rounded)}".strip(), FIGURE)


def _projects(projects: tuple[ProjectRow, ...]) -> Table:
    rows = [
        Row(
            [
                _named(project),
                cell(project.stage),
                _amount(project.total),
                _amount(project.in_place),
                _amount(project.completed),
            ]
        )
        for project in projects
    ]
    heads = header("项目", "阶段", "总投资（万元）", "当年到位资金（万元）", "当年完成投资（万元）")
    return Table([160, 36, 78, 84, 84], heads, rows, before=GAP)


def _named(project: ProjectRow) -> Cell:
    why = [Paragraph(f"未计入：{project.uncounted}", SMALL)] if project.uncounted else []
    return Cell([Paragraph(project.name, CELL), *why], heads="Row")


def _ledger(ledger: tuple[LedgerRow, ...]) -> Table:
    rows = [
        Row(
            [
                cell(row.kind, heads="Row"),
                _amount(row.amount),
                cell(grouped(str(row.entries)), FIGURE),
            ]
        )
        for row in ledger
    ]
    return Table([200, 162, 80], header("科目", "当年合计（万元）", "笔数"), rows, before=GAP)


def _members(members: tuple[MemberRow, ...]) -> Table:
    rows = [
        Row(
            [
                cell(member.name, heads="Row"),
                cell(member.kind),
                cell(member.code, SMALL),
                cell(grouped(member.total), pointed(grouped(member.total), FIGURE)),
                cell(grade_words(member.grade, member.complete)),
            ]
        )
        for member in members
    ]
    heads = header("名称", "类别", "代码", "得分", "等次")
    return Table([180, 82, 76, 50, 54], heads, rows, before=GAP)


def _rulings(rulings: tuple[RulingRow, ...]) -> Table:
    rows = []
    for ruling in rulings:
        who = [Paragraph(f"{ruling.by}{ruling.ruling}", CELL), Paragraph(ruling.on, SMALL)]
        why = [Paragraph(ruling.reason, CELL)]
        if not ruling.stands:
            why.append(Paragraph(NO_LONGER, SMALL))
        rows.append(
            Row(
                [
                    cell(ruling.label, heads="Row"),
                    _ruled(ruling.reported),
                    _ruled(ruling.value),
                    Cell(who),
                    Cell(why),
                ]
            )
        )
    heads = header("事实", "上报值", "核定值", "核定", "理由")
    return Table([96, 82, 82, 66, 116], heads, rows, before=GAP)


def _ruled(value: Figure | None) -> Cell:
    if value is None:
        return cell(MISSING, FIGURE)
    figure, *exact = amount_words(value)
    return Cell([Paragraph(figure, FIGURE), *(Paragraph(words, _BELOW) for words in exact)])


def _evidence(files: tuple[EvidenceRow, ...]) -> Iterator[Box]:
    if not files:
        yield Paragraph("本表所依据的记录没有佐证材料。", NOTE)
    elif len(files) <= FILES_LISTED:
        yield Paragraph(f"共 {len(files)} 件；摘要为文件 sha256 的前 12 位。", LEGEND)
        yield _files(files)
    else:
        words = f"共 {len(files)} 件，按类别计数；逐件的文件名与摘要冻结在快照中。"
        yield Paragraph(words, LEGEND)
        yield _counts(files)


def _files(files: tuple[EvidenceRow, ...]) -> Table:
    rows = [
        Row(
            [
                cell(file.kind, heads="Row"),
                cell(file.name),
                cell(file.on),
                cell(short_digest(file.sha256), SMALL),
                cell(file.proves, SMALL),
            ]
        )
        for file in files
    ]
    heads = header("类别", "文件", "日期", "摘要", "所证明的记录")
    return Table([66, 116, 56, 72, 132], heads, rows, before=GAP)


def _counts(files: tuple[EvidenceRow, ...]) -> Table:
    counted = Counter(file.kind for file in files)
    rows = [
        Row([cell(kind, heads="Row"), cell(grouped(str(counted[kind])), FIGURE)])
        for kind in sorted(counted)
    ]
    rows.append(Row([cell("合计", heads="Row"), cell(grouped(str(len(files))), FIGURE)]))
    return Table([362, 80], header("类别", "件数"), rows, before=GAP)
