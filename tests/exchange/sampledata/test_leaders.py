"""Every figure of leaders' pages equals what plain SQL says of the same database, on a sample: of
two years here, in the long runs of three seeds with all years and a running one."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from tests.exchange.sampledata.leading import (
    Leading,
    Owed,
    cell_of,
    owed,
    rounded,
    rows_of,
    share,
    wan,
)
from tests.exchange.sampledata.plain_records import EXCHANGES, Sql
from tests.web.pages import text_of
from tracker.core.db import db
from tracker.papers.brief.period import Period
from tracker.records.places.models import Region
from tracker.site.brief.build import brief_of
from tracker.web.shown import Table

KINDS = {
    "industrial": "产业飞地",
    "innovation": "科创飞地",
    "income": "消薄飞地",
    "development": "发展飞地",
    None: "类型未报",
}
# Task of the summary → the measure by which counties do it, and what its unit is of the cell's.
TASKS = {
    "到位资金": ("projects.funds_in_place", 1),
    "援建资金拨付": ("support.aid_paid", 1),
    "新签项目": ("projects.counted", 1),
    "培训": ("support.training", 1),
    "新派专技人才": ("support.specialists", 1),
    "新派挂职干部": ("cadres.posted", 1),
}
PEOPLE = ("培训", "培训后就业", "新派专技人才", "新派挂职干部")


def task(leading: Leading, sql: Sql, measure: str, year: int | None = None) -> dict:
    """What was asked of those that have reported, what they did, how many reported, were asked."""
    told = [
        (Fraction(value, 1_000_000), leading.done(measure, county, year))
        for county, value in sql.targets(measure, year).items()
    ]
    reported = [(asked, done) for asked, done in told if done is not None]
    return {
        "asked": sum((asked for asked, _ in reported), Fraction(0)),
        "done": sum((done for _, done in reported), Fraction(0)),
        "reported": len(reported),
        "given": len(told),
        "reached": sum(done >= asked for asked, done in reported),
    }


def change(now: int | None, before: int | None) -> Decimal | None:
    if now is None or not before:
        return None
    return share(now - before, before)


def test_the_summary(leading: Leading, sql: Sql) -> None:
    until, _, _ = sql.part()
    spans = sql.same_days(until)
    same = until.replace(year=sql.year - 1)
    money = {
        "到位资金": [sql.money("funds_in_place", *of) for of in spans],
        "完成投资": [sql.money("completed_investment", *of) for of in spans],
        "新签项目总投资": [sql.signed(*of)[2] for of in spans],
        "飞地返利": [sql.money("rebate", *of) for of in spans],
        "其中返到村": [sql.to_villages(*of) for of in spans],
        "援建资金拨付": [sql.money("aid_sent", *of) for of in spans],
    }
    on = {day: sql.enclaves(day) for day in (until, same)}
    counts = {
        "新签项目": [sql.signed(*of)[0] or None for of in spans],
        "新签亿元以上项目": [sql.signed(*of)[1] if sql.signed(*of)[0] else None for of in spans],
        "产业园": [sql.parks(day) for day in (until, until, same)],
        **{
            f"{label}{'' if kind else '的飞地'}": [
                on[day].get(kind, 0) for day in (until, until, same)
            ]
            for kind, label in KINDS.items()
            if any(kind in of for of in on.values())
        },
    }
    people = {
        label: [sql.people(table, day, *of, added) for of in spans]
        for label, table, day, added in EXCHANGES
        if label in PEOPLE
    }
    said = {
        name: cells
        for block in ("资金", "项目与平台", "人员", "干部")
        for name, cells in rows_of(
            [t for t in leading.tables("/overview/summary", sql.code) if t.name.startswith(block)],
            "增减",
        ).items()
    }
    assert set(said) == {*money, *counts, *people}
    heads = list(said["到位资金"])
    left = 13 - sql.day.month if sql.day.year == sql.year else 0
    returned = owed(leading, sql.stood())
    for name, (whole, now, before) in {**money, **counts, **people}.items():
        figure = wan if name in money else rounded
        compared = [now, before] if until.month < 12 else [before]
        wanted = [*map(figure, [whole, *compared]), change(now, before)]
        if name == "飞地返利":
            wanted += _returned(returned, left)
        elif name in TASKS:
            of = task(leading, sql, TASKS[name][0])
            wanted += _task(of, left)
        else:
            wanted += [None, None, None, *([None] if left else [])]
        assert [said[name][head] for head in heads] == wanted, name


def _returned(of: Owed, left: int) -> list[Decimal | None]:
    if not of.number:
        return [None, None, None, *([None] if left else [])]
    pace = rounded(of.owing / left) if left else None
    return [rounded(of.due), rounded(of.met), share(of.met, of.due), *([pace] if left else [])]


def _task(of: dict, left: int) -> list[Decimal | None]:
    if not of["reported"]:
        return [None] * (4 if left else 3)
    pace = max(of["asked"] - of["done"], Fraction(0)) / left if left else None
    return [
        rounded(of["asked"]),
        rounded(of["done"]),
        share(of["done"], of["asked"]),
        *([rounded(pace)] if left else []),
    ]


def test_the_overview(leading: Leading, sql: Sql) -> None:
    tables = leading.tables("/overview/", sql.code)
    names = {name: number_ for number_, _, name in sql.counties()}
    asked = sql.targets("projects.funds_in_place")
    for name, cells in rows_of(tables, "完成率").items():
        done = leading.done("projects.funds_in_place", names[name])
        target = asked.get(names[name])
        wanted = Fraction(target, 1_000_000) if target is not None else None
        assert list(cells.values()) == [
            rounded(done), rounded(wanted), share(done, wanted)
        ], name  # fmt: skip
    stood = sql.stood()
    for name, cells in rows_of(tables, "应返").items():
        of = [row for row in stood if KINDS[row[1]] == name]
        each = owed(leading, of)
        paid = [row[2] for row in of if row[2] is not None]
        number_, due, paid_said, owing = list(cells.values())
        assert number_ == len(of)
        assert paid_said == (wan(sum(paid)) if paid else None), name
        assert (due, owing) == (
            (rounded(each.due), rounded(each.owing)) if each.number else (None, None)
        ), name


def test_the_map(leading: Leading, sql: Sql) -> None:
    pairs = sql.in_force(sql.then)
    stood = {row[0] for row in sql.stood()}
    sides = {
        row.id: (row.origin_id, row.host_id)
        for row in leading.world.of("enclaves")
        if row.id in stood
    }
    partners = {
        county: {
            leading.world.get("regions", b if a == county else a).name
            for _, a, b in pairs
            if county in (a, b)
        }
        for county, _, _ in sql.counties()
    }
    said = rows_of(leading.tables("/overview/map/", sql.code), "结对方")
    assert set(said) == {name for _, _, name in sql.counties()}
    for county, _, name in sql.counties():
        figure, with_, runs, hosts = said[name].values()
        assert figure == rounded(leading.done("projects.funds_in_place", county)), name
        assert (set(str(with_).split("、")) - {"无"}) == partners[county], name
        assert runs == sum(origin == county for origin, _ in sides.values()), name
        assert hosts == sum(host == county for _, host in sides.values()), name


def test_the_trends(leading: Leading, sql: Sql) -> None:
    tables = leading.tables("/overview/trends/", sql.code)
    until, _, _ = sql.part()

    def quarter(year: int, of: int) -> tuple[str, str]:
        end = 30 if of in (2, 3) else 31
        return f"{year}-{3 * of - 2:02}-01", f"{year}-{3 * of:02}-{end}"

    def spans(year: int) -> list[tuple[str, str]]:
        part = [(f"{year}-01-01", f"{year}{str(until)[4:]}")] if until.month < 12 else []
        return [
            *(quarter(year, of) for of in (1, 2, 3, 4)),
            *part,
            (f"{year}-01-01", f"{year}-12-31"),
        ]

    for title, kind in (("到位资金", "funds_in_place"), ("飞地返利", "rebate"), ("税收", "tax")):
        found = rows_of([t for t in tables if t.name == f"{title}各年各季度"], "一季度")
        for year_said, cells in found.items():
            year = int(year_said[:4])
            wanted = [wan(sql.money(kind, *of)) for of in spans(year)]
            assert list(cells.values()) == wanted, (title, year)
    for title, place in (("新签项目", 0), ("其中亿元以上项目", 1)):
        found = rows_of([t for t in tables if t.name == f"{title}各年各季度"], "一季度")
        for year_said, cells in found.items():
            year = int(year_said[:4])
            known = sql.signed(f"{year}-01-01", f"{year}-12-31")[0]
            wanted = [rounded(sql.signed(*of)[place]) if known else None for of in spans(year)]
            if year == sql.year == sql.day.year:  # a quarter that is not over is no nought
                over = (sql.day.month - 1) // 3
                wanted[over:4] = [each or None for each in wanted[over:4]]
            assert list(cells.values()) == wanted, (title, year)
    for title, measure in (
        ("到位资金任务", "projects.funds_in_place"),
        ("项目任务", "projects.counted"),
    ):
        found = rows_of([t for t in tables if t.name.startswith(f"{title}各年")], "完成率")
        for year_said, cells in found.items():
            of = task(leading, sql, measure, int(year_said[:4]))
            done, asked, rate, _ = cells.values()
            wanted = _task(of, 0)
            assert [asked, done, rate] == wanted, (title, year_said)
    found = rows_of([t for t in tables if t.name.startswith("约定返利各年")], "完成率")
    for year_said, cells in found.items():
        year = int(year_said[:4])
        stood = sql.stood(year)
        of = owed(leading, stood, year)
        paid = any(row[2] is not None and leading.due(row[0], year) is not None for row in stood)
        done, asked, rate, _ = cells.values()
        due, met, part = _returned(of, 0)
        assert [asked, done, rate] == [due, met if paid else None, part if paid else None], year


def test_the_enclaves(leading: Leading, sql: Sql) -> None:
    tables = leading.tables("/overview/enclaves/", sql.code)
    said = rows_of(tables, "产业飞地")
    matrix = list(sql.matrix())
    for name, kinds, outbound, inbound in matrix:
        cells = list(said[name].values())
        numbers = [cell_of(re.sub(r"^✕.*", "0", str(each))) for each in cells]
        wanted = [kinds.get(kind, 0) for kind in KINDS if kind != "development" or sql.year >= 2025]
        if sql.year >= 2025:
            wanted += [outbound, inbound]
            assert (cells[-1] == "有") == bool(outbound and inbound), name
        assert numbers[: len(wanted)] == wanted, name
    heading = text_of(leading.browser.get(f"/overview/enclaves/?year={sql.year}&region={sql.code}"))
    told = re.search(
        r"参股飞地的村 (\d+) 个，其中当年分得返利 (\d+) 个，未见分得 (\d+) 个", heading
    )
    assert told is not None
    assert tuple(map(int, told.groups())) == sql.villages()[:3]


def test_the_ranking(leading: Leading, sql: Sql) -> None:
    """Points, places among the whole cards of a class, and how far from their mean; seen by the
    province's leader whatever the stage."""
    cards = {name: rest for _class, name, *rest in sql.standing()}
    tables = leading.tables("/overview/ranking/", "330000", sheet="zj-recipient-county")
    if not cards:
        assert not tables
        return
    seen = 0
    for table in tables:
        for name, cells in rows_of([replace_head(table)], "名次").items():
            total, rank, mean = cards[name]
            (points,) = [value for head, value in cells.items() if "得分（分）" in head]
            assert points == rounded(Fraction(total, 1_000_000)), name
            assert re.findall(r"\d+", str(cells["名次"]))[:1] == ([str(rank)] if rank else []), name
            if cells.get("与均值差（分）") is not None:
                exact = rounded(Fraction(total - Fraction(mean), 1_000_000))
                assert abs(cells["与均值差（分）"] - exact) <= Decimal("0.01"), name
            seen += 1
    assert seen == len(cards)


def replace_head(table: Table) -> Table:
    """With the name first, as `rows_of` wants it."""
    rows = [[row[1], row[0], *row[2:]] for row in table.rows]
    return Table(table.name, [table.heads[1], table.heads[0], *table.heads[2:]], rows)


def test_the_brief(leading: Leading, sql: Sql) -> None:
    """The figures of a quarter: its own days, the year so far, the same part of the year before,
    with the whole year's tasks."""
    quarter = Period(sql.year, quarter=2)
    first, last = quarter.first, quarter.last
    with leading.app.app_context():
        place = db.session.scalars(select(Region).where(Region.code == sql.code)).one()
        brief = brief_of(place, quarter)
    spans = [
        (str(first), str(last)),
        (f"{sql.year}-01-01", str(last)),
        (f"{sql.year - 1}-01-01", f"{sql.year - 1}{str(last)[4:]}"),
    ]
    wanted = {
        "到位资金": [sql.money("funds_in_place", *of) for of in spans],
        "完成投资": [sql.money("completed_investment", *of) for of in spans],
        "飞地返利": [sql.money("rebate", *of) for of in spans],
        "援建资金拨付": [sql.money("aid_sent", *of) for of in spans],
        "新签项目": [sql.signed(*of)[0] or None for of in spans],
        "培训": [sql.people("trainings", "held_on", *of) for of in spans],
    }
    said = {line.label: line for block in brief.blocks for line in block.lines}
    for label, values in wanted.items():
        line = said[label]
        for figure, value in zip((line.own, line.now, line.before), values, strict=True):
            told = None if figure is None else figure.value * (100 if figure.unit == "元" else 1)
            assert told == value, label
        if label in TASKS and line.asked is not None and line.done is not None:
            of = task(leading, sql, TASKS[label][0])
            per = 10_000 if line.asked.unit == "元" else 1
            assert (line.asked.value, line.done.value) == (of["asked"] * per, of["done"] * per)
