"""结对情况表: from a `PairReport` to its file, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tracker.core.quantities.figure import added
from tracker.engine.typeset.boxes import Box, Paragraph, Space
from tracker.engine.typeset.figures import KeyFigure, KeyFigures
from tracker.engine.typeset.table import Row, Table
from tracker.papers.common.looks import (
    BOLD,
    BOLD_FIGURE,
    CELL,
    FIGURE,
    GAP,
    HEADING,
    NOTE,
    SHADE,
    SMALL,
    STATE,
    SUBJECT,
    TITLE,
    UNDER_TITLE,
    cell,
    header,
)
from tracker.papers.common.printing import print_paper
from tracker.papers.common.proof import proof
from tracker.papers.reports import parts
from tracker.papers.reports.model import Exchanged, Member, PairReport, ProjectRow, project_sum
from tracker.papers.reports.words import NONE, money, money_column

_MONEY = ("total", "funds", "completed")
_NUMBER = replace(SMALL, align="center")


def pair_pdf(report: PairReport) -> bytes:
    """The sheet as a file; raises as `print_paper` does."""
    return print_paper(report.head, boxes(report))


def boxes(report: PairReport) -> Iterator[Box]:
    """What stands on the paper, in order."""
    head = report.head
    yield Paragraph(head.full_title, TITLE)
    yield Paragraph(head.subject_name, SUBJECT)
    since = f"{report.since[:4]}年起" if report.since else ""
    sides = f"支援方 {report.supporter} · 受援方 {report.recipient}"
    yield Paragraph(" · ".join(filter(None, (report.scheme, since, sides))), UNDER_TITLE)
    yield Space(10)
    yield _key_figures(report)
    scores = (report.pair_score, report.supporter_score, report.recipient_score)
    yield from parts.grade_notes(member.standing for member in scores if member)
    yield Paragraph("双方给予和所得", HEADING)
    yield _exchanged_table(report)
    yield Paragraph("产业合作项目", HEADING)
    yield from _projects(report)
    if report.sites:
        yield Paragraph("双方之间的飞地和产业园", HEADING)
        yield _site_table(report)
        yield from parts.grade_notes(site.score.standing for site in report.sites if site.score)
    yield from parts.differing_facts(report.differing)
    yield from proof(head, [("评分细则", "结对、支援县、受援县评分细则，摘要见考核通报附件")])


def _key_figures(report: PairReport) -> KeyFigures:
    figures = [
        _score("结对得分", report.pair_score),
        _score(f"{report.supporter}得分", report.supporter_score),
        _score(f"{report.recipient}得分", report.recipient_score),
    ]
    for label, amount in (("援建资金拨付", report.aid), ("计入项目到位资金", report.funds)):
        value, _, exact = money(amount).partition("（")
        figures.append(KeyFigure(label, value, f"（{exact}" if exact else ""))
    return KeyFigures(figures)


def _score(label: str, member: Member | None) -> KeyFigure:
    if member is None:
        return KeyFigure(label, "无评分表", "")
    standing = member.standing
    whole = f"{parts.grade_words(standing)}，{_place(member)}"
    remark = whole if standing.complete else "已计得分，待数据齐全"
    return KeyFigure(label, parts.total_words(standing), remark)


def _place(member: Member) -> str:
    words = parts.place_words(member)
    return words if "排名" in words else f"第 {words}"


def _exchanged_table(report: PairReport) -> Table:
    titles = ("事项", f"支援方（{report.supporter}）", f"受援方（{report.recipient}）")
    rows: list[Row] = []
    for group, of_group in groupby(report.exchanged, lambda row: row.group):
        rows.append(parts.group_row(group, len(titles)))
        rows += [_exchanged_row(row) for row in of_group]
    return Table([84, 200, 158], header(*titles), rows, before=GAP)


def _exchanged_row(row: Exchanged) -> Row:
    what = cell(row.what, heads="Row")
    if row.recipient is None:
        return Row([what, cell(f"双方：{row.supporter}", CELL, colspan=2)])
    return Row([what, cell(row.supporter, CELL), cell(row.recipient or NONE, CELL)])


def _projects(report: PairReport) -> Iterator[Box]:
    if not report.project_words:
        yield Paragraph("当年没有登记双方之间的产业合作项目。", NOTE)
        return
    yield Paragraph(report.project_words, replace(NOTE, keep_with_next=bool(report.projects)))
    if not report.projects:
        return
    yield _project_table(report.projects)


def _project_table(projects: Sequence[ProjectRow]) -> Table:
    """Those that count for the year with their sum, then the others with theirs."""
    halves = [(counted, [p for p in projects if p.counted is counted]) for counted in (True, False)]
    shown = [project for _, found in halves for project in found]
    labels = {True: "合计（计入当年的 {} 个{}）", False: "不计入当年的 {} 个合计{}"}
    sums = {
        counted: [project_sum(projects, of, counted=counted) for of in _MONEY]
        for counted, found in halves
    }
    # A column's sums have its places.
    spent = [
        money_column(
            [getattr(project, of) for project in shown] + [sums[True][at], sums[False][at]]
        )
        for at, of in enumerate(_MONEY)
    ]
    rows: list[Row] = []
    at = 0
    for counted, found in halves:
        if not found:
            continue
        if not counted:
            rows.append(parts.group_row("不计入当年，但当年有资金的项目", 7))
        for project in found:
            rows.append(
                Row(
                    [
                        cell(str(at + 1), _NUMBER),
                        cell(project.name, heads="Row"),
                        cell(project.investor, SMALL),
                        *(cell(of[at], FIGURE) for of in spent),
                        cell(project.stage, SMALL),
                    ]
                )
            )
            at += 1
        rows[-1].keep = True
        figures = [cell(of[-2 if counted else -1], BOLD_FIGURE) for of in spent]
        unknown = sum(project.total is None for project in found)
        lacking = f"，{unknown} 个没有填报总投资" if unknown else ""
        label = cell(labels[counted].format(len(found), lacking), BOLD, colspan=3, heads="Row")
        rows.append(Row([label, *figures, cell("")], fill=SHADE))
    titles = (
        "序号",
        "项目",
        "投资方",
        "总投资\n（万元）",
        "当年到位\n（万元）",
        "当年完成\n（万元）",
        "进展",
    )
    return Table([30, 98, 50, 56, 66, 70, 72], header(*titles), rows, before=GAP)


def _site_table(report: PairReport) -> Table:
    sites, rows = report.sites, []
    due_of_all, paid_of_all = added(site.due for site in sites), added(site.paid for site in sites)
    due = money_column([*(site.due for site in sites), due_of_all])
    paid = money_column([*(site.paid for site in sites), paid_of_all])
    for at, site in enumerate(sites):
        score = site.score
        rows.append(
            Row(
                [
                    cell(str(at + 1), _NUMBER),
                    cell(site.name, heads="Row"),
                    cell(site.kind, STATE),
                    cell(site.place, SMALL),
                    cell(due[at], FIGURE),
                    cell(paid[at], FIGURE),
                    cell(parts.total_words(score.standing) if score else "无评分表", FIGURE),
                    cell(parts.grade_words(score.standing) if score else NONE, STATE),
                ]
            )
        )
    if len(rows) > 1 and not (due_of_all is None and paid_of_all is None):
        rows[-1].keep = True
        label = cell("合计（只计有返利的）", BOLD, colspan=4, heads="Row")
        figures = [cell(of[-1], BOLD_FIGURE) for of in (due, paid)]
        rows.append(Row([label, *figures, cell(""), cell("")], fill=SHADE))
    titles = (
        "序号",
        "名称",
        "类别",
        "所在",
        "应付返利\n（万元）",
        "到账返利\n（万元）",
        "得分",
        "等次",
    )
    return Table([30, 100, 60, 68, 56, 56, 40, 40], header(*titles), rows, before=GAP)
