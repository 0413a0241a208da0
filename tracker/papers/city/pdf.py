"""设区市情况报告: from a `CityReport` to its file, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tracker.core.quantities.printed import grouped
from tracker.engine.typeset.boxes import Align, Box, Paragraph, Space
from tracker.engine.typeset.figures import Bar, KeyFigure, KeyFigures
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.looks import (
    CELL,
    FIGURE,
    GAP,
    HEADING,
    NOTE,
    NOTICE,
    SENTENCE,
    SMALL,
    SOURCE,
    STATE,
    SUBHEADING,
    SUBJECT,
    TITLE,
    UNDER_TITLE,
    cell,
    header,
    plain_table,
)
from tracker.papers.common.printing import print_paper
from tracker.papers.common.proof import proof
from tracker.papers.reports import parts
from tracker.papers.reports.model import CityReport, Member, Standing
from tracker.papers.reports.words import joined, named, points, signed


def city_pdf(report: CityReport) -> bytes:
    """The report as a file; raises as `print_paper` does."""
    return print_paper(report.head, boxes(report))


def boxes(report: CityReport) -> Iterator[Box]:
    """What stands on the paper, in order."""
    yield from _first_page(report)
    yield from _counties(report)
    yield from _sites(report)
    if report.pairs:
        yield Paragraph("结对关系", HEADING)
        yield from _members(report.pairs, "结对类别", lambda m: m.standing.place)
    yield from _lost(report)
    yield from _steps(report)
    yield Paragraph("评分细则", HEADING)
    for number, book in enumerate(report.rulebooks, 1):
        yield Paragraph(f"{number}. {book.title}（{book.code}，{book.status}）", SOURCE)
    yield from proof(report.head, [("评分细则", f"{len(report.rulebooks)} 本，摘要见考核通报附件")])


def _first_page(report: CityReport) -> Iterator[Box]:
    head = report.head
    yield Paragraph(head.full_title, TITLE)
    yield Paragraph(head.subject_name, SUBJECT)
    supporters, recipients = _of(report, "支援县"), _of(report, "受援县")
    about = [f"受援县 {len(recipients)} 个", f"支援县 {len(supporters)} 个"]
    yield Paragraph(" · ".join(about), UNDER_TITLE)
    city = report.city
    if not city.standing.complete:
        yield Paragraph(f"市评分表有{_waiting(city.standing)}，所列为已计得分。", NOTICE)
    yield Space(10)
    yield _key_figures(report)
    drawn = [m for m in report.counties if m.standing.assessed and m.standing.counted]
    if any(Decimal(m.standing.total) for m in drawn):
        yield Paragraph("所属县（市、区）总分", HEADING)
        yield Space(GAP)
        yield from _chart(drawn)
    yield Paragraph("简要情况", HEADING)
    for words in _sentences(report):
        yield Paragraph(words, SENTENCE)


def _waiting(standing: Standing) -> str:
    """What a sheet waits for."""
    if not standing.unscorable:
        return "未能判定的一票否决条件"
    return f" {standing.unscorable} 项指标不可计分"


def _of(report: CityReport, sheet: str) -> list[Member]:
    return [member for member in report.counties if member.sheet == sheet]


def _key_figures(report: CityReport) -> KeyFigures:
    standing = report.city.standing
    total = "总分" if standing.complete else "已计得分"
    figures = [
        KeyFigure(total, parts.total_words(standing), _before(report.city)),
        KeyFigure("等次", parts.grade_words(standing), ""),
        KeyFigure("名次", parts.place_words(report.city), ""),
        *(
            # Those that are scored; what belongs to other places is not the city's.
            KeyFigure(what, str(number), "有评分表的")
            for what, number in (
                ("所属县飞地", sum(m.sheet.endswith("飞地") for m in report.sites)),
                ("所属县产业园", sum(m.sheet.endswith("产业园") for m in report.sites)),
                ("结对关系", len(report.pairs)),
            )
        ),
    ]
    return KeyFigures(figures)


def _before(member: Member) -> str:
    difference = member.standing.difference
    return "" if difference is None else f"比上年 {signed(difference)}"


def _chart(members: Sequence[Member]) -> Iterator[Box]:
    full = max(Decimal(100), *(Decimal(m.standing.total) for m in members))
    bars = [
        Bar(
            f"{m.standing.name}（{m.sheet}）",
            float(max(Decimal(m.standing.total), Decimal(0)) / full),
            None,
            grouped(m.standing.total),
            _place(m),
        )
        for m in members
    ]
    yield from parts.charts(bars, "所属县总分：", f"横条全长为 {grouped(str(full))} 分")


def _place(member: Member) -> str:
    words = parts.place_words(member)
    return words if "排名" in words else f"第 {words}"


def _sentences(report: CityReport) -> Iterator[str]:
    city = report.city
    if city.standing.complete and city.standing.rank is not None:
        s = city.standing
        before = s.before if s.difference is not None else None
        then = f"上年为 {grouped(before.total)} 分" if before else ""
        yield joined(
            [
                f"市评分表 {grouped(s.total)} 分，列 {city.ranked} 个设区市的第 {s.rank} 名",
                s.cause or f"等次为{s.grade}",
                then,
            ]
        )
    yield from _places(
        [m for m in report.counties if m.standing.complete and m.standing.rank is not None]
    )
    below = [lost for lost in report.lost if lost.below]
    if below:
        most = max(Decimal(lost.lost) for lost in below)
        worst = [f"{lost.subject}的“{lost.line}”" for lost in below if Decimal(lost.lost) == most]
        each = "各失" if len(worst) > 1 else "失"
        yield f"失分最多的是{named(worst)}，{each} {grouped(str(most))} 分。"


def _places(whole: Sequence[Member]) -> Iterator[str]:
    """Who stands nearest to the top and to the bottom of their class: a place is as far down as the
    part of the others that is before it, so that classes of any size can be compared. Who is alone
    in a class stands before and behind nobody."""
    down = {
        m: Fraction(m.standing.rank - 1, m.ranked - 1)
        for m in whole
        if m.ranked > 1 and m.standing.rank is not None
    }
    if not down:
        return
    best, last = min(down.values()), max(down.values())
    firsts = [_in_class(m) for m, at in down.items() if at == best]
    lasts = [_in_class(m) for m, at in down.items() if at == last]
    words = [f"位次最靠前的是{named(firsts)}"]
    yield joined([*words, f"最靠后的是{named(lasts)}" if best != last else ""])


def _in_class(member: Member) -> str:
    what = f"{member.sheet}{member.class_label}"
    place = f"第 {member.standing.rank} 名，共 {member.ranked} 个"
    return f"{member.standing.name}（{what}{place}）"


def _counties(report: CityReport) -> Iterator[Box]:
    if report.counties:
        yield Paragraph("所属县（市、区）", HEADING)
        for words in report.compared:
            yield Paragraph(words, replace(NOTE, keep_with_next=True))
        yield from _members(report.counties, "评分表", _sheet_words)


def _sites(report: CityReport) -> Iterator[Box]:
    if not report.sites:
        return
    yield Paragraph("所属县的飞地、产业园和示范点", HEADING)
    for sheet in dict.fromkeys(member.sheet for member in report.sites):
        found = [member for member in report.sites if member.sheet == sheet]
        yield Paragraph(f"{sheet} {len(found)} 个", SUBHEADING)
        yield from _members(found, "所属县", lambda m: m.belongs)


def _sheet_words(member: Member) -> str:
    return f"{member.sheet}（{member.class_label}）" if member.class_label else member.sheet


def _members(members: Sequence[Member], what: str, of: Callable[[Member], str]) -> Iterator[Box]:
    """The table of `members`, and whose grade is another than their points give."""
    yield _member_table(members, what, of)
    yield from parts.grade_notes(member.standing for member in members)


def _member_table(members: Sequence[Member], what: str, of: Callable[[Member], str]) -> Table:
    """序号 · 名称 · what each is or belongs to · 总分 · 等次 · 名次 · 比上年, where anything can be
    compared · 上年名次, where there was such a sheet."""
    different = any(member.standing.difference is not None for member in members)
    compared = any(member.compared for member in members)
    titles = ["序号", "名称", what, "总分", "等次", "名次", *(["比上年"] if different else [])]
    titles += ["上年名次"] if compared else []
    rows = []
    for number, member in enumerate(members, 1):
        s = member.standing
        rows.append(
            Row(
                [
                    cell(str(number), replace(SMALL, align="center")),
                    cell(s.name, heads="Row"),
                    cell(of(member), SMALL),
                    cell(parts.total_words(s), FIGURE),
                    cell(parts.grade_words(s), STATE),
                    cell(parts.place_words(member), parts.CENTRE),
                    *([cell(signed(s.difference), FIGURE)] if different else []),
                    *([cell(_rank_before(member), parts.CENTRE)] if compared else []),
                ]
            )
        )
    shares = [30, 116, 88, 48, 48, 52, *([46] if different else []), *([50] if compared else [])]
    return Table(shares, header(*titles), rows, before=GAP)


def _rank_before(member: Member) -> str:
    return parts.before_rank(member.standing) if member.compared else parts.NONE


def _lost(report: CityReport) -> Iterator[Box]:
    if not report.lost:
        return
    yield Paragraph("失分较多的指标", HEADING)
    yield Paragraph(
        "每份评分表列失分最多的三项，失分为满分（均摊后）减得分。",
        replace(NOTE, keep_with_next=True),
    )
    rows = [
        [lost.subject, lost.line, points(lost.points), points(lost.award), points(lost.lost)]
        for lost in report.lost
    ]
    titles = ("评分表", "指标", "满分", "得分", "失分")
    aligns: Sequence[Align] = ("left", "left", "right", "right", "right")
    yield plain_table(titles, (130, 180, 44, 44, 44), rows, aligns)


def _steps(report: CityReport) -> Iterator[Box]:
    if not report.steps:
        return
    yield Paragraph("再得分的途径", HEADING)
    by_subject: dict[str, list[Paragraph]] = {}
    for step in report.steps:
        by_subject.setdefault(step.subject, []).append(Paragraph(step.words, CELL))
    rows = [Row([cell(who, heads="Row"), Cell(words)]) for who, words in by_subject.items()]
    yield Table([120, 322], header("评分表", "途径（由易到难）"), rows, before=GAP)
