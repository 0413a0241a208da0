"""The sections of the yearly summary on the list of counties and on grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select

from tracker.core.quantities.clock import day_of
from tracker.core.quantities.figure import YUAN, Figure
from tracker.core.quantities.printed import percent
from tracker.core.quantities.shown import points
from tracker.overview.listed import incomes, leaving
from tracker.overview.listed.published import published
from tracker.overview.ranking.board import OF_PLACES
from tracker.papers.brief.words import NONE, UNKNOWN, figure_words
from tracker.papers.summary.model import Grid, Section
from tracker.records.accounts.models import User
from tracker.records.places.queries import listed_on
from tracker.year.assessments.models import Snapshot
from tracker.year.assessments.scored import scored_of
from tracker.year.assessments.standing_rules import rules_words
from tracker.year.procedure import sight
from tracker.year.procedure.models import Stage


def of_list(regions: Select[int], year: int, day: date) -> Section:
    """How far the counties are from leaving the list, and their incomes from the means."""
    listings = listed_on(day, regions)
    title = "四、名单监测"
    if not listings:
        return Section(title, [f"截至 {day}，没有名单内的县（市、区）。"])
    places = [each.region for each in listings]
    told = published(places, year)
    rows = leaving.rows(listings, told)
    counts = Counter(row.state for row in rows)
    words = [
        f"截至 {day}，名单上 {len(rows)} 个县："
        + "，".join(f"{state.value} {counts[state]} 个" for state in leaving.State)
        + f"。规则为报道所述，没有见到正式文件：{leaving.RULE}"
    ]
    of_incomes = incomes.rows(places, told)
    goals = "；".join(each.words for each in incomes.reached(of_incomes))
    words.append(f"居民人均可支配收入与全省平均之比：{goals}。")
    by_place = {row.place.id: row.all for row in of_incomes}
    table = []
    for row in rows:
        income = by_place[row.place.id]
        if row.gdp is None and income.own is None:
            continue
        table.append(
            [
                row.place.name,
                f"{figure_words(row.gdp.figure)}（{row.gdp.year}）" if row.gdp else UNKNOWN,
                _gap(row.to_asking),
                _gap(row.to_leaving),
                f"{figure_words(_bare(income.own.figure))}（{income.own.year}）"
                if income.own
                else UNKNOWN,
                _gap(row.to_income),
                _share(income.of_province),
                _share(income.of_country),
            ]
        )
    silent = [row.place.name for row in rows if row.gdp is None]
    if silent:
        words.append(f"没有登记 GDP 的 {len(silent)} 个县：{'、'.join(silent)}。")
    grid = Grid(
        "各县离调出条件的差距和收入之比",
        (
            "县（市、区）",
            "GDP（亿元，年份）",
            "距 400 亿元",
            "距 500 亿元",
            "人均收入（元，年份）",
            "同年收入距 5 万元",
            "与全省之比",
            "与全国之比",
        ),
        (0.15, 0.14, 0.12, 0.12, 0.15, 0.14, 0.09, 0.09),
        table,
        "每个数取本年的，没有的取以前最近一年的，年份在括号内；比值只用同一年的两个数。",
    )
    return Section(title, words, [grid] if table else [])


def _bare(of: Figure) -> Figure:
    """An income a head stays in 元."""
    return Figure(of.value, "", of.precision)


def _gap(of: Figure | None) -> str:
    if of is None:
        return "不可计算"
    if not of.value:
        return "持平"
    size = of if of.value > 0 else -of
    words = figure_words(_bare(size) if size.unit == YUAN else size)
    return f"{'差' if of.value > 0 else '超'} {words}"


def _share(of: Figure | None) -> str:
    return "不可计算" if of is None else percent(of)


def of_grades(snapshot: Snapshot | None, reader: User, year: int) -> Section:
    """Points and grades of places, as far as the table of stages lets the reader see them."""
    title = "五、考核等次"
    if snapshot is None:
        return Section(title, [f"{year} 年度没有计分，没有得分和等次。"])
    books = {code: sheet.rulebook for code, sheet in scored_of(snapshot).sheets.items()}
    cards = [
        card
        for card in sight.cards(snapshot, reader)
        if books[card.sheet].subject.startswith(OF_PLACES)
    ]
    if not cards:
        return Section(title, [f"{year} 年度的计分中没有县、市的评分表。"])
    course = sight.courses([year]).get(year)
    stage = course.of(snapshot.id) if course else None
    words = [
        f"按 {day_of(snapshot.frozen_at)} 冻结的事实计分，"
        f"{f'现在是“{stage.label}”阶段' if stage else '没有启动考核进程'}"
        f"{'。' if stage is Stage.CIRCULAR else '，等次没有通报，不得外传。'}{rules_words(cards)}"
    ]
    grids = []
    for sheet in dict.fromkeys(card.sheet for card in cards):
        of_sheet = [card for card in cards if card.sheet == sheet]
        best_first = sorted(of_sheet, key=lambda card: -card.total)
        grades = Counter(card.grade_words for card in best_first)
        said = "，".join(f"{grade} {number} 个" for grade, number in grades.items())
        words.append(f"{books[sheet].title}：共 {len(of_sheet)} 个，{said}。")
        grids.append(_grades(books[sheet].title, of_sheet))
    return Section(title, words, grids)


def _grades(title: str, cards: Sequence[sight.SeenCard]) -> Grid:
    classes = any(card.county_class for card in cards)
    rows = [
        [
            card.subject_name,
            *([card.county_class or NONE] if classes else []),
            card.grade_words,
            points(card.total),
            _rank(card),
        ]
        for card in cards
    ]
    heads = ["考核对象", *(["类别"] if classes else []), "等次", "得分", "名次"]
    shares = [0.28, *([0.24] if classes else []), 0.18, 0.15, 0.15]
    return Grid(title, heads, shares, rows, lefts=3 if classes else 2)


def _rank(card: sight.SeenCard) -> str:
    if card.rank_later:
        return card.rank_later
    if card.rank is None:
        return card.unranked
    return f"{card.rank}" if card.complete else f"（{card.rank}）"
