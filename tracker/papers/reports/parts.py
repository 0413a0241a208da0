"""The boxes that several reports share: rankings, changes, the front of a circular. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tracker.core.quantities.printed import digest_words, grouped
from tracker.core.quantities.printed import grade_words as papers_grade_words
from tracker.engine.typeset.boxes import Align, Box, Paragraph, Space, TextStyle
from tracker.engine.typeset.faces import Role
from tracker.engine.typeset.figures import Bar, BarChart
from tracker.engine.typeset.sheet import Frame, Sheet
from tracker.engine.typeset.table import Cell, Row, Table
from tracker.papers.common.head import PaperHead, PaperStatus
from tracker.papers.common.looks import (
    BOLD,
    FIGURE,
    GAP,
    HEADING,
    NOTICE,
    SENTENCE,
    SHADE,
    SOURCE,
    STATE,
    SUBHEADING,
    TITLE,
    UNDER_TITLE,
    cell,
    header,
    numbered_table,
)
from tracker.papers.reports.model import ClassRanking, Member, RulebookRow, SheetRanking, Standing
from tracker.papers.reports.words import NONE, day_words, points, signed

OFFICE = TextStyle(Role.XIAOBIAOSONG, 26, 40, "center")
FLUSH = replace(SENTENCE, indent=0, align="left")
SIGNATURE = replace(SENTENCE, indent=0, align="right")
CENTRE = replace(FIGURE, align="center")

PROVISIONAL = "名次加括号的，数据尚不齐全，按已计得分试排，不作为名次，等次、奖项暂不评定。"
Column = tuple[str, float, Callable[[Standing], Cell]]
_PLACES = {
    "county.": "设区市",
    "enclave.": "飞出地 · 飞入地",
    "park.": "共建双方",
    "village.": "所在县",
    "pair": "结对类别",
}
_CHART_HEIGHT = 560  # points: a page less a heading and a sentence


class DoubleRule(Box):
    """A thick rule over a thin one, under the name of the office."""

    def __init__(self, space_before: float = 0) -> None:
        self.space_before = space_before

    def height(self, width: float) -> float:
        return 8

    def draw(self, sheet: Sheet, x: float, top: float, width: float) -> None:
        with sheet.artifact():
            sheet.rule(x, top - 2, x + width, top - 2, 2.2)
            sheet.rule(x, top - 5.5, x + width, top - 5.5, 0.6)


def front(head: PaperHead, office: str, trial: str) -> Iterator[Box]:
    """The upper part of a circular's first page: office, number if there is one, title.

    `trial` says what a trial must not be taken for.
    """
    yield Paragraph(office, OFFICE)
    yield DoubleRule(space_before=6)
    if head.number:
        yield Paragraph(head.number, UNDER_TITLE)
    yield Space(10)
    yield Paragraph(head.full_title, TITLE)
    if head.status is PaperStatus.TRIAL:
        yield Paragraph(trial, NOTICE)
    if head.supersedes:
        yield Paragraph(f"本件取代 {head.supersedes}。", NOTICE)
    yield Space(8)


def signature(head: PaperHead, office: str) -> Iterator[Box]:
    """Who and when, to the right."""
    yield Paragraph(office, replace(SIGNATURE, space_before=14, keep_with_next=True))
    yield Paragraph(day_words(head.day), SIGNATURE)


def ranking_table(sheet: SheetRanking, ranking: ClassRanking) -> Table:
    """名次 · 名称 · 所在 · 总分 · 等次 · 加分 · 扣分 · 奖项; without columns that are all empty."""
    found = ranking.standings
    columns: list[Column] = [
        ("名次", 40, lambda s: cell(rank_words(s), CENTRE)),
        ("名称", 116, lambda s: cell(s.name, heads="Row")),
    ]
    if any(s.place for s in found):
        columns.append(_place_column(sheet, 92))
    columns += [
        ("总分", 52, lambda s: cell(total_words(s), replace(FIGURE, role=Role.HEITI))),
        ("等次", 52, lambda s: cell(grade_words(s), STATE)),
        ("加分", 42, lambda s: cell(points(s.bonus if s.counted else None), FIGURE)),
        ("扣分", 42, lambda s: cell(points(s.deduction if s.counted else None), FIGURE)),
    ]
    if any(s.prize for of in sheet.classes for s in of.standings):
        columns.append(("奖项", 54, lambda s: cell(s.prize, STATE)))
    return _table(columns, found)


def grade_notes(standings: Iterable[Standing]) -> Iterator[Box]:
    """Under grades: whose is another than their points give, and why."""
    causes: dict[str, list[str]] = {}
    for found in standings:
        if found.cause:
            causes.setdefault(found.cause, []).append(found.name)
    if causes:
        words = "；".join(f"{'、'.join(names)}{cause}" for cause, names in causes.items())
        yield Paragraph(f"注：{words}。", SOURCE)


def site_table(sheet: SheetRanking, ranking: ClassRanking) -> Table:
    """As `ranking_table`, with last year's total and rank in place of what adds and deducts."""
    found = ranking.standings
    columns: list[Column] = [
        ("名次", 38, lambda s: cell(rank_words(s), CENTRE)),
        ("名称", 112, lambda s: cell(s.name, heads="Row")),
        _place_column(sheet, 86),
        ("总分", 46, lambda s: cell(total_words(s), replace(FIGURE, role=Role.HEITI))),
        ("等次", 46, lambda s: cell(grade_words(s), STATE)),
    ]
    if any(s.prize for s in found):
        columns.append(("奖项", 44, lambda s: cell(s.prize, STATE)))
    if any(s.before for s in found):
        if any(s.difference is not None for s in found):
            columns.append(("比上年", 44, lambda s: cell(signed(s.difference), FIGURE)))
        columns += [
            ("上年名次", 50, lambda s: cell(before_rank(s), CENTRE)),
        ]
    return _table(columns, found)


def change_table(ranking: ClassRanking, year: int) -> Table:
    """名称 · total and rank of both years; how much and how far they moved where the rules are the
    same, and else what the lines whose rule is the same moved."""
    same = all(s.before.same_rules for s in ranking.standings if s.before)
    totals: list[Column] = [
        (f"{year - 1}年总分", 62, lambda s: cell(_before_total(s), FIGURE)),
        (f"{year}年总分", 62, lambda s: cell(total_words(s), FIGURE)),
    ]
    ranks: list[Column] = [
        ("上年名次", 48, lambda s: cell(before_rank(s), CENTRE)),
        ("本年名次", 48, lambda s: cell(rank_words(s), CENTRE)),
    ]
    name: Column = ("名称", 130, lambda s: cell(s.name, heads="Row"))
    if same:
        totals.append(("增减", 52, lambda s: cell(signed(s.difference), FIGURE)))
        ranks.append(("名次变化", 48, lambda s: cell(moved(s), CENTRE)))
    elif any(s.before and s.before.alike for s in ranking.standings):
        totals += [
            ("可比指标", 48, lambda s: cell(_alike_lines(s), FIGURE)),
            ("可比增减", 52, lambda s: cell(_alike(s), FIGURE)),
        ]
    return _table([name, *totals, *ranks], ranking.standings)


def differing_facts(rows: Sequence[Sequence[str]]) -> Iterator[Box]:
    """事实 · 填报 · 评分表计 · 原因: what a card counts otherwise than it was reported."""
    if rows:
        yield Paragraph("核定与填报不同的事实", HEADING)
        titles = ("事实", "填报", "评分表计", "原因")
        aligns: Sequence[Align] = ("left", "right", "right", "left")
        yield numbered_table(titles, (130, 86, 86, 110), rows, aligns)


def _alike_lines(standing: Standing) -> str:
    found = standing.before and standing.before.alike
    return f"{found.lines} 项" if found else NONE


def _alike(standing: Standing) -> str:
    found = standing.before and standing.before.alike
    return signed(found.difference) if found else NONE


def _place_column(sheet: SheetRanking, width: float) -> Column:
    title = next((t for start, t in _PLACES.items() if sheet.subject.startswith(start)), "所在地")

    def place(standing: Standing) -> Cell:
        # The heading says already what each place is.
        words = standing.place.replace("飞出地 ", "").replace("飞入地 ", "")
        return cell(words.removesuffix("共建") if sheet.subject.startswith("park.") else words)

    return title, width, place


def _table(columns: Sequence[Column], rows: Sequence[Standing]) -> Table:
    return Table(
        [width for _, width, _ in columns],
        header(*(title for title, _, _ in columns)),
        [Row([make(found) for _, _, make in columns]) for found in rows],
        before=GAP,
    )


def rank_words(standing: Standing) -> str:
    """3, （3） for a trial rank, 不排名."""
    if standing.rank is None:
        return "不排名"
    if standing.complete:
        return str(standing.rank)
    # Of those who have no points yet, none is before another.
    counted = standing.counted and Decimal(standing.total)
    return f"（{standing.rank}）" if counted else "暂不排名"


def total_words(standing: Standing) -> str:
    """The total, or what is counted so far; "—" where nothing could be counted yet."""
    return points(standing.total if standing.counted else None)


def place_words(member: Member) -> str:
    """3 / 29; 不排名 or 暂不排名 for who has no rank."""
    standing = member.standing
    if standing.rank is None:
        return "不排名"
    return f"{standing.rank} / {member.ranked}" if standing.complete else "暂不排名"


def grade_words(standing: Standing) -> str:
    """The grade; 暂不评定 while lines wait for data."""
    return papers_grade_words(standing.grade, standing.complete)


def before_rank(standing: Standing) -> str:
    """Last year's rank; 新列入 for who was not there."""
    before = standing.before
    if before is None:
        return "新列入"
    if before.rank is None:
        return "不排名"
    return str(before.rank) if before.complete else f"（{before.rank}）"


def moved(standing: Standing) -> str:
    """How many places up or down; "—" where the ranks cannot be compared."""
    before = standing.before
    if before is None or not standing.rank or not before.rank:
        return NONE
    if before.other_class or not before.same_rules:
        return NONE
    if not (standing.complete and before.complete):
        return NONE
    places = before.rank - standing.rank
    if not places:
        return "持平"
    return f"{'升' if places > 0 else '降'} {abs(places)} 位"


def _before_total(standing: Standing) -> str:
    before = standing.before
    if before is None:
        return NONE
    if not before.counted:
        return NONE
    return points(before.total) if before.complete else f"已计 {points(before.total)}"


def total_charts(sheet: SheetRanking, ranking: ClassRanking, what: str) -> Iterator[Box]:
    """Bars of all totals of a class, as many charts as the pages need; the stroke is the mean.
    Where nobody has points there is nothing to draw."""
    drawn = [s for s in ranking.standings if s.assessed and s.counted]
    totals = [Decimal(s.total) for s in drawn]
    if not any(totals):
        return
    full = max(Decimal(sheet.full_marks), *totals)
    mean = None if ranking.mean is None else float(Decimal(ranking.mean) / full)
    bars = [
        Bar(
            s.name,
            float(max(Decimal(s.total), Decimal(0)) / full),
            mean,
            grouped(s.total),
            grade_words(s) if s.rank is not None else "不排名",
        )
        for s in drawn
    ]
    compared = "" if ranking.mean is None else f"短竖线为平均 {grouped(ranking.mean)} 分，"
    key = f"{compared}横条全长为 {grouped(str(full))} 分"
    yield from charts(bars, f"{what}总分：", key)


def charts(bars: Sequence[Bar], what: str, key: str) -> Iterator[Box]:
    """The bars in as few charts as pages can hold, of one length, so that the last is no stump.

    `what` begins the words that stand for a figure.
    """
    if not bars:
        return
    for number in range(1, len(bars) + 1):
        step = -(-len(bars) // number)
        found = [_chart(bars[at : at + step], what, key) for at in range(0, len(bars), step)]
        if all(chart.height(Frame().width) <= _CHART_HEIGHT for chart in found):
            break
    yield from found


def _chart(bars: Sequence[Bar], what: str, key: str) -> BarChart:
    words = "；".join(f"{bar.label} {bar.words} 分，{bar.remark}" for bar in bars)
    return BarChart(bars, f"{what}{words}。", key, space_before=3 * GAP)


def group_row(words: str, columns: int) -> Row:
    """A shaded row over all columns, held to the next."""
    return Row([cell(words, BOLD, columns)], keep=True, fill=SHADE)


def rulebook_annex(rulebooks: Sequence[RulebookRow]) -> Iterator[Box]:
    """Each rulebook with its standing, digest and sources."""
    for number, book in enumerate(rulebooks, 1):
        yield Paragraph(f"{number}. {book.title}（{book.status}）", SUBHEADING)
        office = book.issuer or "无（示例细则，未经制定单位印发）"
        yield Paragraph(f"编号 {book.code}；制定单位、文号：{office}", SOURCE)
        yield Paragraph(f"摘要 {digest_words(book.sha256)}", SOURCE)
        for at, source in enumerate(book.sources, 1):
            yield Paragraph(f"来源 {at}：{source}", SOURCE)


def mean_words(ranking: ClassRanking) -> str:
    """The class's mean as a clause, of how many where not of all; "" where nothing is whole."""
    if ranking.mean is None:
        return ""
    whole, of = ranking.whole, len(ranking.standings)
    who = "" if whole == of else f"（数据齐全的 {whole} / {of} 个）"
    return f"平均总分{who} {points(ranking.mean)} 分"
