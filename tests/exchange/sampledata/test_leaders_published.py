"""As `test_leaders`, of a pair over the years and of what is published: the incomes of 名单监测
against the means, 重点指标 against the goals."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from tests.exchange.sampledata.leading import Leading, cell_of, number, rounded, rows_of, wan
from tests.exchange.sampledata.plain_published import (
    Goal,
    Known,
    bounded,
    country,
    flows,
    goals,
    indicator,
    published,
    usual,
)
from tests.exchange.sampledata.plain_records import Sql
from tests.web.pages import text_of
from tracker.web.shown import Table

SIDES = ("支援方给出", "支援方得到", "受援方给出", "受援方得到")
LESS = {"单位GDP能耗", "恩格尔系数", "基尼系数", "万人成讼率", "城乡居民收入倍差"}


def grouped(tables: list[Table]) -> list[tuple[str, str, dict[str, object]]]:
    """(group, line, head → figure) of the rows of tables whose groups have rows of their own."""
    found = []
    for table in tables:
        group = ""
        for first, *rest in table.rows:
            if first is not None and first.text.split("\n")[0].strip()[:5] in SIDES:
                group = first.text.strip()[:5]
                continue
            cells = zip(table.heads[1:], rest, strict=True)
            found.append((group, first.text, {head: cell_of(cell.text) for head, cell in cells}))
    return found


def test_a_pair_over_the_years(leading: Leading, sql: Sql) -> None:
    """Of the pairs in force the one with the most lines; each line and year, and what they make."""
    pairs = {pair: flows(sql, pair) for pair in sql.in_force(sql.then)}
    pair = max(pairs, key=lambda each: len(pairs[each]))
    wanted = pairs[pair]
    assert len(wanted) > 5
    tables = leading.tables(f"/overview/gains/{pair[0]}", sql.code)
    said = grouped([table for table in tables if table.heads[0] == "内容"])
    assert Counter((side, line) for side, line, _ in said) == Counter(list(wanted))
    for side, line, cells in said:
        of, figure = wanted[side, line], rounded if "（人" in line else wan
        whole = cells.pop("有记录以来")
        assert whole == figure(sum(of.values())), (side, line)
        assert len(cells) == 5
        for head, value in cells.items():
            assert value == figure(of.get(int(head[:4]))), (side, line, head)


INCOMES = ("居民人均可支配收入", "城镇居民人均可支配收入", "农村居民人均可支配收入")


def per_cent(own: Known | None, mean: Known | None) -> tuple[Fraction, str] | None:
    """The share of a mean and how exact it is; None where one is unknown or the mean a bound."""
    if own is None or mean is None or mean.precision != "exact":
        return None
    return own.value / mean.value * 100, own.precision


def test_the_incomes_of_the_list(leading: Leading, sql: Sql) -> None:
    places = sql.all("SELECT id, name FROM listed")
    if not places:
        assert "没有山区海岛县名单内的县" in text_of(
            leading.browser.get(f"/overview/listed/?year={sql.year}&region={sql.code}")
        )
        return
    province = sql.one("SELECT id, 0 FROM regions WHERE level = 'province'")[0]
    tables = leading.tables("/overview/listed/", sql.code)
    whole = _rows(tables, "全体居民（元）")
    parts = _rows(tables, "城镇居民（元）")
    shares = {}
    for place, name in places:
        against = {}
        for income in INCOMES:
            years = published(sql, place, income)
            year, own = years[0] if years else (0, None)
            of_all = country(sql, income, year)
            means = next((each for _, each in published(sql, province, income, year)), None)
            against[income] = (
                own,
                per_cent(own, means),
                per_cent(own, None if of_all is None else Known(of_all, "元")),
            )
        own, share, of_country = against[INCOMES[0]]
        shares[name] = share
        if own is None:
            assert name not in whole
        else:
            cells = whole[name]
            assert cells["全体居民（元）"] == own.rounded(), name
            assert cells["与全省之比"] == _said(share), name
            assert cells["与全国之比"] == _said(of_country), name
            for goal in ("75.5", "77"):
                _gap(cells[f"距 {goal}%（百分点）"], share, Fraction(goal), name)
        if not any(against[each][0] for each in INCOMES[1:]):
            assert name not in parts
            continue
        cells = parts[name]
        for short, income in (("城镇", INCOMES[1]), ("农村", INCOMES[2])):
            own, share, of_country = against[income]
            assert cells[f"{short}居民（元）"] == (own and own.rounded()), (name, short)
            assert cells[f"{short}与全省之比"] == _said(share), (name, short)
            assert cells[f"{short}与全国之比"] == _said(of_country), (name, short)
    _reached(leading, sql, [share for share in shares.values() if share])


def _rows(tables: list[Table], head: str) -> dict:
    if not any(head in table.heads for table in tables):
        return {}
    return {name.split("\n")[0]: cells for name, cells in rows_of(tables, head).items()}


def _said(share: tuple[Fraction, str] | None):
    return None if share is None else bounded(*share, places=1)


def _gap(cell: object, share: tuple[Fraction, str] | None, goal: Fraction, name: str) -> None:
    if share is None:
        assert cell is None, name
        return
    lacks = goal - share[0]
    if not lacks:
        assert cell == "持平", name
        return
    assert str(cell).startswith("差" if lacks > 0 else "超"), (name, cell, lacks)
    # What a bound leaves open turns with the sign: at least 74 % lacks at most 3.5 to 77.5 %.
    turned = {"at_least": "at_most", "at_most": "at_least"}.get(share[1], share[1])
    sign = turned if lacks > 0 else share[1]
    assert number(re.sub("^[差超] ", "", str(cell))) == bounded(abs(lacks), sign), name


def _reached(leading: Leading, sql: Sql, shares: list[tuple[Fraction, str]]) -> None:
    words = text_of(leading.browser.get(f"/overview/listed/?year={sql.year}&region={sql.code}"))
    bare = re.sub(r"\s", "", words)
    for goal in ("75.5", "77"):
        answers = [holds(Known(of, "", how), ">=", Fraction(goal)) for of, how in shares]
        known = [answer for answer in answers if answer is not None]
        said = f"能判断的{len(known)}个县中{sum(known)}个" if known else "没有县能判断是否"
        assert f"{said}达到{goal}%" in bare


def holds(known: Known, operator: str, limit: Fraction) -> bool | None:
    """Whether all that a figure may be is within a bound, or nothing of it; None: some of it."""
    may_be = known.may_be()
    if may_be is None:
        return None
    least, most = may_be
    strict = operator in ("<", ">")
    if operator in ("<", "<="):  # turned round, it is one of the others
        least, most = (None if most is None else -most), (None if least is None else -least)
        limit = -limit
    fits = least is not None and (least > limit or (least == limit and not strict))
    fails = most is not None and (most < limit or (most == limit and strict))
    return True if fits else False if fails else None


def test_the_key_indicators(leading: Leading, sql: Sql) -> None:
    place = sql.one("SELECT id, 0 FROM regions WHERE code = ?", sql.code)[0]
    wanted = goals(sql)
    tables = leading.tables("/overview/key-indicators/", sql.code)
    if not wanted:
        page = leading.page("/overview/key-indicators/", sql.code)
        assert "没有登记重点指标的目标" in page
        return
    (table,) = [each for each in tables if "本年目标" in each.heads]
    states: Counter[str] = Counter()
    seen = set()
    for cells in table.rows:
        if len(cells) < len(table.heads) or cells[1] is None:
            continue  # the head of a group
        heads = zip(table.heads, cells, strict=True)
        said = {head: cell.text.split("\n")[0] if cell else "" for head, cell in heads}
        title = re.sub(r"^\d+\. ", "", said["指标"])
        key = next(
            key
            for key, row in wanted.items()
            if title in (row.title, row.title.removesuffix(f"({row.unit})"))
        )
        row = wanted[key]
        seen.add(key)
        now, before = (indicator(sql, place, key, each) for each in (sql.year, sql.year - 1))
        for head, known in ((f"{sql.year} 年", now), (f"{sql.year - 1} 年", before)):
            assert number(said[head]) == _in(known, row.unit), (title, head)
        for year in (2025, 2027):
            _goal(said[f"{year} 年目标"], row.own.get(year), row.others.get(year, []), row.unit)
        _goal(said["本年目标"], row.own.get(sql.year), row.others.get(sql.year, []), row.unit)
        state, lacks = judged(row.own, now, key, sql.year)
        assert said["是否达到"] == state, (title, now, row.own)
        states[state] += 1
        if lacks is None:
            assert said["差距"] == "—", title
        else:
            word = "差" if lacks[0] > 0 else "超" if lacks[0] < 0 else "持平"
            assert said["差距"].startswith(word), (title, said["差距"], lacks)
            if lacks[0]:
                told = number(re.sub("^[差超] ", "", said["差距"]))
                assert told == bounded(abs(lacks[0]), lacks[1]), title
    assert seen == set(wanted)
    _summed(leading, sql, states)


def _in(known: Known | None, unit: str):
    """As the column of the row's unit has it."""
    if known is None:
        return None
    in_yuan = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
    if known.unit in in_yuan and unit in in_yuan:
        return bounded(known.value * in_yuan[known.unit] / in_yuan[unit], known.precision)
    return known.rounded()


def _goal(said: str, own: Goal | None, others: list[Goal], unit: str) -> None:
    """Its own goal, else those of the city and of all counties of the list."""
    for goal in [own] if own else others:
        words = goal.text + (goal.unit if goal.unit != unit else "")
        assert words in said, (said, goal)
    assert (said == "—") == (own is None and not others), said


def judged(
    own: dict[int, Goal], now: Known | None, key: str, year: int
) -> tuple[str, tuple[Fraction, str] | None]:
    """(the words, what lacks until the goal and how exact that is)."""
    if not own:
        return "没有本地目标", None
    later = sorted(each for each in own if each >= year)
    goal = own[later[0] if later else max(own)]
    if now is None:
        return "本年未报", None
    if goal.value is None or goal.operator in (None, "≈"):
        return "不能判断", None
    in_yuan = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
    value = now.value * Fraction(in_yuan.get(now.unit, 1), in_yuan.get(goal.unit, 1))
    if now.unit != goal.unit and not {now.unit, goal.unit} <= set(in_yuan):
        return "不能判断", None
    less = goal.operator in ("<", "<=") or (goal.operator == "=" and is_better_less(key))
    operator = goal.operator if goal.operator != "=" else "<=" if less else ">="
    lacks = value - goal.value if less else goal.value - value
    turned = {"at_least": "at_most", "at_most": "at_least"}.get(now.precision, now.precision)
    sign = now.precision if less == (lacks > 0) else turned
    answer = holds(Known(value, "", now.precision), operator, goal.value)
    if answer is None:
        return "不能判断", (lacks, sign)
    words = "已达到" if answer else "未到期，还差" if goal.year > year else "未达到"
    return words, (lacks, sign)


def is_better_less(key: str) -> bool:
    return key in LESS or any(
        word in key for word in ("倍差", "PM2.5", "碳排放", "失业率", "死亡率", "个人卫生", "房价")
    ) or key.startswith("单位GDP")  # fmt: skip


def _summed(leading: Leading, sql: Sql, states: Counter[str]) -> None:
    """The sentence above the table counts the same rows."""
    words = re.sub(
        r"\s",
        "",
        text_of(
            leading.browser.get(f"/overview/key-indicators/?year={sql.year}&region={sql.code}")
        ),
    )
    rows = sum(states.values())
    goal = rows - states["没有本地目标"]
    told = goal - states["本年未报"]
    known = told - states["不能判断"]
    assert f"{rows}行指标中，有本地目标的{goal}行" in words
    if told:
        assert (
            f"其中{sql.year}年有数的{told}/{goal}，能判断的{known}/{told}，"
            f"已达到的{states['已达到']}/{known}，未到期还差的{states['未到期，还差']}，"
            f"未达到的{states['未达到']}。"
        ) in words


def test_one_name_of_an_indicator() -> None:
    assert usual("其中:数字经济核心产业增加值占GDP比重(%)") == "数字经济核心产业增加值占GDP比重"
    assert usual("A级景区村庄数量（个）") == "A级景区村庄数量"
    assert usual("人均GDP") == "人均地区生产总值"
