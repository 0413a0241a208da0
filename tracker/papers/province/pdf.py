"""考核通报: from a `ProvinceReport` to its file, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tracker.core.quantities.printed import digest_words, grouped
from tracker.engine.scoring import NOT_ASSESSED
from tracker.engine.typeset.boxes import Align, Box, NewPage, Paragraph, Space
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.head import SAMPLE
from tracker.papers.common.looks import (
    CELL,
    FIGURE,
    GAP,
    HEADING,
    NOTE,
    SENTENCE,
    SMALL,
    SUBHEADING,
    cell,
    header,
    numbered_table,
    plain_table,
)
from tracker.papers.common.printing import print_paper
from tracker.papers.common.proof import proof
from tracker.papers.province.objections import objections
from tracker.papers.reports import parts
from tracker.papers.reports.model import (
    SITES,
    ClassRanking,
    Extreme,
    LineSummary,
    ProvinceReport,
    SheetRanking,
    Standing,
)
from tracker.papers.reports.words import NONE, alone_words, joined, named, percent, points, signed

TRIAL = "本件为试算，不编号，不作为考核结果。"
_LEAD = replace(NOTE, keep_with_next=True)  # a sentence above a table
_ATTACHED = replace(SENTENCE, align="left", keep_with_next=True)
_FIRST_ATTACHED = replace(_ATTACHED, space_before=10)
RATE_PLACES = 2  # as many as parted those that are compared by it
_NUMERALS = "一二三四五六七八九十"


def province_pdf(report: ProvinceReport) -> bytes:
    """The report as a file; raises as `print_paper` does."""
    return print_paper(report.head, boxes(report))


def boxes(report: ProvinceReport) -> Iterator[Box]:
    """What stands on the paper, in order."""
    named = [
        ("考核结果", _results),
        ("等次和总分分布", _distribution),
        ("各项指标得分情况", _indicators),
        ("与上年相比", _changes),
        ("飞地、产业园和示范点", _sites),
        ("一票否决、限额与不排名", _gates),
        ("申诉处理", objections),
        ("数据不齐的评分表", _incomplete),
    ]
    sections = [(title, found) for title, section in named if (found := list(section(report)))]
    yield from _first_page(report, [title for title, _ in sections])
    for number, (title, found) in enumerate(sections):
        if not number:
            yield NewPage()
        yield Paragraph(f"{_NUMERALS[number]}、{title}", HEADING)
        yield from found
    yield NewPage()
    yield Paragraph("附件　评分细则", HEADING)
    yield from parts.rulebook_annex(report.rulebooks)
    yield from proof(report.head, _proof_rows(report))


def _proof_rows(report: ProvinceReport) -> list[tuple[str, str]]:
    rows = [("评分细则", f"{len(report.rulebooks)} 本，标题、摘要见附件")]
    if report.previous_sha256:
        year = f"{report.previous_year}年快照"
        rows.append((year, digest_words(report.previous_sha256)))
    return rows


# The first page


def _first_page(report: ProvinceReport, sections: Sequence[str]) -> Iterator[Box]:
    head = report.head
    yield from parts.front(head, report.office, TRIAL)
    to = "本市各县（市、区）：" if head.owner else "各设区市，各受援县、支援县（市、区）："
    yield Paragraph(to, parts.FLUSH)
    *before, last = _opening(report)
    for words in before:
        yield Paragraph(words, SENTENCE)
    # No page holds a signature and nothing that is signed.
    yield Paragraph(last, replace(SENTENCE, keep_with_next=True))
    attached = [f"{_NUMERALS[at]}、{title}" for at, title in enumerate(sections)]
    for at, words in enumerate((*attached, "附件　评分细则")):
        yield Paragraph(f"{'　　' if at else '附：'}{words}", _ATTACHED if at else _FIRST_ATTACHED)
    yield from parts.signature(head, report.office)


def _opening(report: ProvinceReport) -> Iterator[str]:
    head = report.head
    whole = [s for sheet in report.sheets for s in sheet.standings]
    official = sum(book.status == "正式" for book in report.rulebooks)
    designed = len(report.rulebooks) - official
    books = "、".join(
        f"{kind} {number} 本"
        for kind, number in (("正式细则", official), ("示例细则", designed))
        if number
    )
    if not whole:
        yield f"{head.year}年度没有考核对象，本件只列评分细则（{books}）。"
        return
    of_each = "、".join(
        f"{sheet.label} {len(sheet.standings)} 个" for sheet in report.sheets if sheet.standings
    )
    yield (
        f"依据{head.year}年度评分细则（{books}），对{of_each}按{report.column}栏计分。"
        "现将结果通报如下。"
    )
    for sheet in report.sheets:
        if sheet.subject in ("county.recipient", "county.supporter", "city"):
            yield from filter(None, (_leaders(sheet, ranking) for ranking in sheet.classes))
    waiting = sum(not s.complete for s in whole)
    unranked = sum(s.rank is None for s in whole)
    yield joined(
        [
            f"{len(whole)} 份评分表中，数据齐全 {len(whole) - waiting} 份",
            f"尚有 {waiting} 份待补充数据" if waiting else "",
            f"不参加排名 {unranked} 份" if unranked else "",
        ]
    )
    if head.sample:
        yield f"本件含{SAMPLE}，不代表任何地方的实际工作。"


def _leaders(sheet: SheetRanking, ranking: ClassRanking) -> str:
    """A class's first places and its mean in one sentence; "" where nobody is ranked.

    While some wait for data nobody has a place yet: the best so far are no first three."""
    ranked = [s for s in ranking.standings if s.rank is not None]
    whole = [s for s in ranked if s.complete]
    if not whole:
        return ""
    settled = len(whole) == len(ranked)
    # Who shares the third place is named with the others.
    last = 3 if settled else whole[:3][-1].rank or 0
    firsts = "、".join(f"{s.name} {grouped(s.total)} 分" for s in whole if (s.rank or 0) <= last)
    lead = "前三名为"
    if not settled:
        lead = f"参加排名的 {len(ranked)} 个中数据齐全的 {len(whole)} 个，得分居前的为"
    elif len(ranked) <= 3:
        who = "" if len(ranked) == len(ranking.standings) else "参加排名的"
        lead = f"{who} {len(ranked)} 个，{'依次' if len(ranked) > 1 else ''}为"
    what = f"{sheet.label}{ranking.label}{lead}{firsts}"
    # The mean of one is that one.
    return joined([what, parts.mean_words(ranking) if ranking.whole > 1 else ""])


# 一、考核结果


def _results(report: ProvinceReport) -> Iterator[Box]:
    shown = [s for s in report.sheets if not s.subject.startswith(SITES) and s.standings]
    if any(not s.complete for sheet in shown for s in sheet.standings):
        yield Paragraph(parts.PROVISIONAL, NOTE)
    for sheet in shown:
        for ranking in sheet.classes:
            yield Paragraph(_class_title(sheet, ranking), SUBHEADING)
            yield parts.ranking_table(sheet, ranking)
            yield from parts.grade_notes(ranking.standings)


def _class_title(sheet: SheetRanking, ranking: ClassRanking) -> str:
    return f"{sheet.label}（{ranking.label}）" if ranking.label else sheet.label


# 二、等次和总分分布


def _distribution(report: ProvinceReport) -> Iterator[Box]:
    by_grades: dict[tuple[str, ...], list[tuple[SheetRanking, ClassRanking]]] = {}
    for sheet in report.sheets:
        for ranking in sheet.classes:
            names = tuple(name for name, _ in ranking.grades)
            by_grades.setdefault(names, []).append((sheet, ranking))
    for names, found in by_grades.items():
        yield _grade_table(names, found)
        yield Space(2 * GAP)
    for sheet in report.sheets:
        if sheet.subject.startswith("county."):
            for ranking in sheet.classes:
                what = _class_title(sheet, ranking)
                if charts := list(parts.total_charts(sheet, ranking, what)):
                    yield Paragraph(f"{what}总分", SUBHEADING)
                    yield from charts


def _grade_table(names: Sequence[str], found: list[tuple[SheetRanking, ClassRanking]]) -> Table:
    rows = []
    never = [NOT_ASSESSED] if any(not s.assessed for _, r in found for s in r.standings) else []
    for sheet, ranking in found:
        whole = [Decimal(s.total) for s in ranking.standings if s.complete and s.assessed]
        gone = sum(not s.assessed for s in ranking.standings)
        rows.append(
            [
                _class_title(sheet, ranking),
                str(len(ranking.standings)),
                *(str(number) for _, number in ranking.grades),
                *([str(gone)] if never else []),
                str(len(ranking.standings) - len(whole) - gone),
                points(ranking.mean),
                points(str(max(whole))) if whole else NONE,
                points(str(min(whole))) if whole else NONE,
            ]
        )
    titles = ["评分表", "对象", *names, *never, "暂不评定", "平均", "最高", "最低"]
    widths = [116, 32, *([42] * len(names)), *([52] * len(never)), 52, 44, 44, 44]
    rights: list[Align] = ["right"] * (len(titles) - 1)
    return plain_table(titles, widths, rows, ["left", *rights])


# 三、各项指标得分情况


def _indicators(report: ProvinceReport) -> Iterator[Box]:
    shown = [(sheet, r) for sheet in report.sheets for r in sheet.classes if r.lines]
    if shown:
        yield Paragraph(
            "平均分、最好、最差只计可以计分的对象；得分率为得分之和与满分（均摊后）之和的比。"
            "均摊后满分因对象而异的，最好、最差按各自得分率比较，否则按得分比较。"
            "不可计分、不适用的个数列在指标名下，不作零分。",
            NOTE,
        )
    for sheet, ranking in shown:
        title = f"{_class_title(sheet, ranking)}：{len(ranking.standings)} 个"
        yield Paragraph(title, SUBHEADING)
        yield _line_table(ranking)


def _line_table(ranking: ClassRanking) -> Table:
    titles = ("指标", "满分", "平均", "得分率", "最好", "最差")
    rows: list[Row] = []
    group = None
    for line in ranking.lines:
        if line.group != group:
            group = line.group
            rows.append(parts.group_row(group, len(titles)))
        rows.append(_line_row(line))
    return Table([110, 48, 40, 44, 100, 100], header(*titles), rows, before=GAP)


def _line_row(line: LineSummary) -> Row:
    missing = [
        Paragraph(f"{word} {number} 个", SMALL)
        for word, number in (("□不可计分", line.unscorable), ("／不适用", line.not_applicable))
        if number
    ]
    return Row(
        [
            Cell([Paragraph(f"{line.code} {line.name}", CELL), *missing], heads="Row"),
            Cell(list(_points(line))),
            cell(points(line.mean), FIGURE),
            cell(percent(line.rate, RATE_PLACES), FIGURE),
            *_extremes(line),
        ]
    )


def _points(line: LineSummary) -> Iterator[Paragraph]:
    """The rulebook's points, and what spreading made of them."""
    yield Paragraph(grouped(line.points), FIGURE)
    if line.spread and line.scored:
        least, most = (grouped(of) for of in line.in_force)
        words = least if least == most else f"{least}–{most}"
        yield Paragraph(f"均摊后\n{words}", replace(SMALL, align="right"))


def _extremes(line: LineSummary) -> list[Cell]:
    high, low = line.highest, line.lowest
    if high and low and high.names == low.names:
        # All alike: of those whose points differ, the rate is.
        return [cell(f"{line.scored} 个均为 {_reached(high, line)}", CELL, colspan=2)]
    return [cell(_extreme(found, line), CELL) for found in (high, low)]


def _extreme(found: Extreme | None, line: LineSummary) -> str:
    return NONE if found is None else f"{_reached(found, line)}　{named(found.names)}"


def _reached(found: Extreme, line: LineSummary) -> str:
    """What decides who is best: the award; its rate where the points in force differ."""
    return percent(found.rate, RATE_PLACES) if line.by_rate else f"{points(found.award)} 分"


# 四、与上年相比


def _changes(report: ProvinceReport) -> Iterator[Box]:
    if report.previous_year is None:
        yield Paragraph(alone_words(report.head.year, report.head.made_on), NOTE)
        return
    for sheet in report.sheets:
        if sheet.subject.startswith(SITES) or not sheet.standings:
            continue
        for at, ranking in enumerate(sheet.classes):
            yield Paragraph(_class_title(sheet, ranking), SUBHEADING)
            if sheet.compared and not at:
                yield Paragraph(sheet.compared, _LEAD)
            yield from _change(ranking, report.head.year)


def _change(ranking: ClassRanking, year: int) -> Iterator[Box]:
    tabled = any(s.before for s in ranking.standings)
    for words in _change_words(ranking):
        yield Paragraph(words, _LEAD if tabled else NOTE)
    if tabled:
        yield parts.change_table(ranking, year)


def _change_words(ranking: ClassRanking) -> Iterator[str]:
    change = ranking.change
    if change is None:
        return
    if change.comparable:
        assert change.mean is not None
        assert change.mean_before is not None
        even = change.comparable - change.up - change.down
        difference = str(Decimal(change.mean) - Decimal(change.mean_before))
        yield joined(
            [
                f"可比 {change.comparable} 个，平均总分由 {grouped(change.mean_before)} 分变为"
                f" {grouped(change.mean)} 分（{signed(difference)} 分）",
                f"上升 {change.up} 个，下降 {change.down} 个，持平 {even} 个",
                *_largest(ranking.standings),
            ]
        )
    if change.alike:
        even = change.alike - change.alike_up - change.alike_down
        yield (
            f"可比指标得分合计，{change.alike} 个中上升 {change.alike_up} 个，"
            f"下降 {change.alike_down} 个，持平 {even} 个。"
        )
    if change.joined:
        yield f"上年没有、本年新列入 {len(change.joined)} 个：{'、'.join(change.joined)}。"
    if change.reclassed:
        yield f"类别调整 {len(change.reclassed)} 个，名次不作比较：{'、'.join(change.reclassed)}。"
    if change.left:
        yield f"上年在列、本年不再列入 {len(change.left)} 个：{'、'.join(change.left)}。"


def _largest(standings: Sequence[Standing]) -> list[str]:
    """Who rose most and who fell most."""
    moved = [(Decimal(s.difference), s.name) for s in standings if s.difference is not None]
    words = []
    for word, extreme in (("升幅", max(moved)[0]), ("降幅", min(moved)[0])):
        if (extreme > 0) == (word == "升幅") and extreme:
            names = [name for difference, name in moved if difference == extreme]
            words.append(f"{word}最大的是{named(names)}（{signed(str(extreme))} 分）")
    return words


# 五、飞地、产业园和示范点


def _sites(report: ProvinceReport) -> Iterator[Box]:
    shown = [s for s in report.sheets if s.subject.startswith(SITES) and s.standings]
    if any(not s.complete for sheet in shown for s in sheet.standings):
        yield Paragraph(parts.PROVISIONAL, NOTE)
    for sheet in shown:
        for ranking in sheet.classes:
            yield Paragraph(_class_title(sheet, ranking), SUBHEADING)
            if sheet.compared:
                yield Paragraph(sheet.compared, _LEAD)
            for words in _change_words(ranking):
                yield Paragraph(words, _LEAD)
            yield parts.site_table(sheet, ranking)
            yield from parts.grade_notes(ranking.standings)


# 六、一票否决、限额与不排名


def _gates(report: ProvinceReport) -> Iterator[Box]:
    unranked = [(sheet, s) for sheet in report.sheets for s in sheet.standings if s.rank is None]
    if report.gates:
        rows = [[gate.sheet, gate.name, gate.words] for gate in report.gates]
        yield numbered_table(("评分表", "名称", "情况"), (74, 120, 218), rows)
    if unranked:
        yield Paragraph(f"不参加排名 {len(unranked)} 个", SUBHEADING)
        rows = [
            [sheet.label, s.name, parts.total_words(s), s.reason or "资料不全"]
            for sheet, s in unranked
        ]
        titles = ("评分表", "名称", "总分", "原因")
        aligns: Sequence[Align] = ("left", "left", "right", "left")
        yield numbered_table(titles, (74, 120, 58, 160), rows, aligns)


# 数据不齐的评分表


def _incomplete(report: ProvinceReport) -> Iterator[Box]:
    waiting = [(sheet, s) for sheet in report.sheets for s in sheet.standings if not s.complete]
    if not waiting:
        return
    yield Paragraph(
        f"以下 {len(waiting)} 份评分表尚有不可计分的指标或未能判定的一票否决条件，"
        "所列为已计得分，不作为总分。",
        NOTE,
    )
    rows = [[sheet.label, s.name, _waits_for(s), parts.total_words(s)] for sheet, s in waiting]
    titles = ("评分表", "名称", "不可计分", "已计得分")
    aligns: Sequence[Align] = ("left", "left", "right", "right")
    yield numbered_table(titles, (90, 172, 78, 72), rows, aligns)


def _waits_for(standing: Standing) -> str:
    return f"{standing.unscorable} 项" if standing.unscorable else "否决未判定"
