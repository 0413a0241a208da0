"""As `test_leaders`, of the pages that list records: kinds of enclaves, 双赢, 调度, 重点工作, 督办,
名单监测, 首页, and the pages of one place, pair, enclave, park and project."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

from tests.exchange.sampledata.leading import (
    Leading,
    number,
    owed,
    rounded,
    rows_of,
    wan,
)
from tests.exchange.sampledata.plain_records import Sql
from tests.exchange.sampledata.plain_sql import LARGE
from tests.web.pages import text_of

# Kinds of money by the words of the pages.
MONEY = {
    "到位资金": "funds_in_place",
    "完成投资": "completed_investment",
    "政府投资": "government_investment",
    "社会投资": "social_investment",
    "基础设施投资": "infrastructure_investment",
    "资本金到位": "capital_paid",
    "援建资金拨付": "aid_sent",
    "援建资金到账": "aid_received",
    "援建资金使用": "aid_used",
    "社会帮扶资金": "social_aid",
    "返利": "rebate",
    "租金": "rent",
    "税收": "tax",
    "地方留存": "retained_tax",
    "税收分成": "tax_share",
    "土地指标调剂": "land_quota",
    "省级奖补": "provincial_award",
}


def in_wan(fen: int | None) -> Fraction | None:
    return None if fen is None else Fraction(fen, 1_000_000)


def said(leading: Leading, sql: Sql, address: str) -> str:
    """The words of a page of the year for the place."""
    mark = "&" if "?" in address else "?"
    answer = leading.browser.get(f"{address}{mark}year={sql.year}&region={sql.code}")
    assert answer.status_code == 200, address
    return re.sub(r"\s", "", text_of(answer))


def days_of(head: str, year: int) -> tuple[str, str]:
    """The days of a column: 2025, 2025 至今, 2025 至 09-30."""
    of = head[:4]
    until = re.search(r"至 ?(\d\d-\d\d)", head)
    return f"{of}-01-01", f"{of}-{until[1] if until else '12-31'}"


def test_the_kinds_of_enclaves(leading: Leading, sql: Sql) -> None:
    """Each enclave's own figures; their sums over those that tell them."""
    facts = {
        "完成投资（万元）": "investment.completed",
        "新签产业项目（个）": "introduced.projects",
        "亿元以上（个）": "introduced.large",
        "孵化（个）": "incubated.projects",
        "回流（个）": "returned.projects",
        "回流完成投资（万元）": "returned.investment",
        "飞出地分得（万元）": "tax.origin",
        "已到位（万元）": "capital.paid",
    }
    columns = {"总出资（万元）": "total_capital", "村集体出资（万元）": "village_capital"}
    taxes = {"税收（万元）": "tax", "地方留存（万元）": "retained_tax"}
    year = f"{sql.year}-01-01", f"{sql.year}-12-31"
    for kind in ("industrial", "innovation", "income", "development"):
        stood = {row[0]: row for row in sql.stood() if row[1] == kind}
        tables = leading.tables(f"/overview/enclaves/{kind}", sql.code)
        if not stood:
            assert not tables
            continue
        found = rows_of(tables, "飞地")
        whole = found.pop("合计")
        assert len(found) == len(stood)
        by_name = {leading.enclave(each).name: each for each in stood}
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for name, cells in found.items():
            enclave_id = by_name[name.split("\n")[0]]
            due, paid = leading.due(enclave_id), stood[enclave_id][2]
            exact: dict[str, Fraction | None] = {
                **{head: leading.fact(measure, enclave_id) for head, measure in facts.items()},
                **{
                    head: in_wan(sql.one(f"SELECT {of} FROM enclaves WHERE id = ?", enclave_id))
                    for head, of in columns.items()
                },
                **{
                    head: in_wan(sql.kinds_of(*year, f"enclave_id = {enclave_id}").get(of))
                    for head, of in taxes.items()
                },
                "应返（万元）": due,
                "实返（万元）": in_wan(paid),
            }
            for head, value in exact.items():
                if head in cells:
                    assert cells[head] == rounded(value), (name, head)
                    if value is not None:
                        sums[head] += value
        for head in exact:
            if head in whole:
                assert whole[head] == (rounded(sums[head]) if head in sums else None), (kind, head)
        if "应返（万元）" in whole and kind != "industrial":
            of = owed(leading, stood.values())
            if of.number:
                assert whole["应返（万元）"] == rounded(of.due)
                (owing,) = [head for head in whole if head.startswith(("尚欠", "尚未返"))]
                assert whole[owing] == rounded(of.owing)


def test_both_sides_gains(leading: Leading, sql: Sql) -> None:
    last = f"{sql.year}-12-31"
    names = dict(sql.all("SELECT id, name FROM regions"))
    found = rows_of(leading.tables("/overview/gains/", sql.code), "双方所得")
    pairs = {
        f"{names[supporter]}—{names[recipient]}": (pair, supporter, recipient)
        for pair, supporter, recipient in sql.in_force(sql.then)
    }
    assert {name.split("\n")[0] for name in found} == set(pairs)
    for name, cells in found.items():
        pair, supporter, recipient = pairs[name.split("\n")[0]]
        wanted = {
            "支援方给出：援建资金拨付（万元）": sql.given(pair, "aid_sent", last),
            "受援方得到：项目到位资金（万元）": sql.of_projects(pair, supporter, recipient, last),
            **{
                f"{side}：{label}（万元）": sql.of_enclaves(supporter, recipient, kind, last)
                for side, label, kind in (
                    ("受援方得到", "飞地返利", "rebate"),
                    ("受援方得到", "飞地税收分成", "tax_share"),
                    ("支援方得到", "飞地完成投资", "completed_investment"),
                    ("支援方得到", "飞地地方留存税收", "retained_tax"),
                )
            },
            "支援方得到：土地指标（按调剂资金）（万元）": sql.given(pair, "land_quota", last),
        }
        for head, value in wanted.items():
            assert cells[head] == wan(value), (name, head)


def test_the_large_projects(leading: Leading, sql: Sql) -> None:
    lights = sql.lights()
    order = ("red", "yellow", "green", "done", "unknown")
    if not lights:
        assert "没有登记总投资1亿元以上" in said(leading, sql, "/overview/dispatch/")
        return
    tables = leading.tables("/overview/dispatch/", sql.code)
    found = rows_of([t for t in tables if "红灯（个）" in t.heads], "红灯")
    whole = found.pop("合计")
    assert {name: [int(str(each)) for each in cells.values()] for name, cells in found.items()} == {
        name: [*(of.get(key, 0) for key in order), sum(of.values())] for name, of in lights.items()
    }
    total = sum(sum(of.values()) for of in lights.values())
    assert list(whole.values())[-1] == total
    words = said(leading, sql, "/overview/dispatch/")
    assert f"有计划节点的{sql.planned()}个，没有的{total - sql.planned()}个" in words


def test_the_key_work(leading: Leading, sql: Sql) -> None:
    works = sql.works()
    if not works:
        assert "没有列入清单的重点工作" in said(leading, sql, "/overview/works/")
        return
    order = ("red", "yellow", "green", "done")
    labels = {
        "task": "重点任务",
        "lever": "突破性抓手",
        "reform": "重大改革",
        "practice": "最佳实践",
    }
    tables = leading.tables("/overview/works/", sql.code)
    by_list = rows_of([t for t in tables if "清单" in t.heads and "合计" in t.heads], "红灯")
    by_place = rows_of([t for t in tables if "承担地方" in t.heads and "合计" in t.heads], "红灯")

    def wanted(which: str, place: int) -> list[int]:
        numbers = [
            sum(n for *keys, light, n in works if keys[place] == which and light == key)
            for key in order
        ]
        return [*numbers, sum(numbers)]

    for sheet, label in labels.items():
        assert list(by_list[label].values()) == wanted(sheet, 0), label
    assert set(by_place) == {place for _, place, _, _ in works}
    for place, cells in by_place.items():
        assert list(cells.values()) == wanted(place, 1), place


def test_the_orders(leading: Leading, sql: Sql) -> None:
    seen = "(county_id IN inside OR helper_id IN inside OR issuer_id IN inside)"
    total, open_, overdue, answered, done = sql.orders(seen)
    words = said(leading, sql, "/supervision/")
    if not total:
        assert "目前没有督办单" in words
    elif not open_:
        assert f"下达的{total}件督办都已办结" in words
    else:
        late = f"逾期未答复{overdue}件" if overdue else "没有逾期"
        wait = f"，待审核{answered}件" if answered else ""
        assert f"未办结{open_}件，其中{late}{wait}；已办结{done}件。" in words


def test_the_list_of_counties(leading: Leading, sql: Sql) -> None:
    """The last GDP that is told until the year, the income of the same year, and the distances."""
    found = (
        {
            name.split("\n")[0]: cells
            for name, cells in rows_of(leading.tables("/overview/listed/", sql.code), "GDP").items()
        }
        if sql.all("SELECT 1 FROM listed")
        else {}
    )
    gdp = "('GDP', '地区生产总值', '生产总值')"
    for county, name, _ in sql.all("SELECT * FROM listed"):
        told = sql.all(
            f"""SELECT year, value, unit FROM county_indicators WHERE region_id = ?
            AND indicator IN {gdp} AND year <= ? ORDER BY year DESC LIMIT 1""",
            county,
            sql.year,
        )
        if not told:
            assert name not in found
            continue
        (_year, value, unit) = told[0]
        cells = list(found[name].values())
        exact = Fraction(value, 1_000_000) / (1 if unit == "亿元" else 10_000)
        assert cells[0] == rounded(exact), name
        for cell, limit in zip(cells[1:3], (400, 500), strict=True):
            words = str(cell)
            gap = number(words.removeprefix("差 ").removeprefix("超 "))
            assert gap == abs(rounded(limit - exact) or 0), (name, limit)


def test_the_first_page(leading: Leading, sql: Sql) -> None:
    """How many counties keep up: the tasks of the overview, by what the days let expect."""
    words = said(leading, sql, "/")
    filed = sql.late_filings()
    if count := filed.get(sql.year):
        assert f"报送{count}件" in words
    measures = (
        "projects.funds_in_place", "projects.counted", "training.placed", "consumption.sales",
        "support.funds_in_place", "support.aid_paid", "support.training",
    )  # fmt: skip
    first, last = date(sql.year, 1, 1), date(sql.year, 12, 31)
    days = min(max((sql.day - first).days + 1, 0), (last - first).days + 1)
    passed = Fraction(days, (last - first).days + 1)
    asked: dict[int, list[str]] = {}
    for measure in measures:
        for county, value in sql.targets(measure).items():
            task, done = Fraction(value, 1_000_000), leading.done(measure, county)
            if done is None:
                stands = "silent"
            elif task and done / task < Fraction(8, 10) * passed:
                stands = "behind"
            elif passed == 1 and task and done / task < 1:
                stands = "short"
            else:
                stands = "on"
            asked.setdefault(county, []).append(stands)
    order = ("behind", "silent", "short", "on")
    if sql.all("SELECT 1 FROM regions WHERE code = ? AND level = 'county'", sql.code):
        each = [[one] for of in asked.values() for one in of]
    else:
        each = list(asked.values())
    numbers = Counter(next(key for key in order if key in of) for of in each)
    unit = "项任务" if len(asked) == 1 and each and len(each[0]) == 1 else "县"
    verb = "完成" if passed == 1 else "跟得上进度"
    assert f"{numbers['on']}{unit}{verb}" in words
    for key, end in (
        ("short", "没有完成但差距不大"),
        ("behind", "差距大"),
        ("silent", "没有报完成数"),
    ):
        assert (f"{numbers[key]}{unit}{end}" in words) == bool(numbers[key]), key


def test_the_page_of_a_place(leading: Leading, sql: Sql) -> None:
    if sql.code == "330000":
        return
    tables = leading.tables(f"/counties/{sql.code}", sql.code)
    money = rows_of(tables[0:0] or [t for t in tables if t.heads[0].startswith("资金类型")], "资金")
    heads = list(next(iter(money.values())))
    by_days = {head: sql.kinds_of(*days_of(head, sql.year)) for head in heads}
    for label, cells in money.items():
        for head in heads:
            assert cells[head] == wan(by_days[head].get(MONEY[label])), (label, head)
    kinds = {kind for of in by_days.values() for kind in of}
    assert kinds == {MONEY[label] for label in money}
    people = rows_of([t for t in tables if t.heads[0] == "内容"], "内容")
    for head in next(iter(people.values())):
        wanted = sql.exchanges(*days_of(head, sql.year))
        for label, cells in people.items():
            value = wanted.get(re.sub(r"（.*", "", label))
            told = wan(value) if "万元" in label else rounded(value)
            assert cells[head] == told, (label, head)
    returns = rows_of([t for t in tables if "应返（万元）" in t.heads], "应返")
    by_name = {leading.enclave(row[0]).name: row for row in sql.stood()}
    for name, cells in returns.items():
        row = by_name[name.split("\n")[0].removesuffix("未足额").strip()]
        assert cells["应返（万元）"] == rounded(leading.due(row[0])), name
        assert cells["实返（万元）"] == wan(row[2]), name
    words = said(leading, sql, f"/counties/{sql.code}")
    number_, large = sql.one(
        f"SELECT count(*), coalesce(sum(total_investment >= {LARGE}), 0) FROM my_projects"
    )
    assert f"目前{number_}个，其中亿元以上{large}个" in words


def test_the_pages_of_records(leading: Leading, sql: Sql) -> None:
    """The money of a pair, an enclave, a park and a project by year, of one each."""
    for table, owner, address in (
        ("my_enclaves", "enclave_id", "/enclaves/"),
        ("my_parks", "park_id", "/parks/"),
        ("my_projects", "project_id", "/projects/"),
    ):
        richest = sql.all(
            f"""SELECT {owner} FROM stands WHERE {owner} IN (SELECT id FROM {table})
            GROUP BY 1 ORDER BY count(DISTINCT kind) DESC, 1 LIMIT 1"""
        )
        for (one,) in richest:
            tables = leading.tables(f"{address}{one}", sql.code)
            found = rows_of([t for t in tables if re.match("年度.*（万元）", t.heads[0])], "年度")
            of_years = {label: cells for label, cells in found.items() if label[:4].isdecimal()}
            assert of_years, address
            for label, cells in of_years.items():
                wanted = sql.kinds_of(*days_of(label, sql.year), f"{owner} = {one}")
                for head, value in cells.items():
                    assert value == wan(wanted.get(MONEY[head])), (address, one, label, head)
    for enclave_id, _kind, _paid in sql.stood()[:3]:
        tables = leading.tables(f"/enclaves/{enclave_id}", sql.code)
        of = [t for t in tables if "差额（万元）" in t.heads]
        for label, cells in (rows_of(of, "差额") if of else {}).items():
            year = int(label[:4])
            paid = sql.kinds_of(f"{year}-01-01", f"{year}-12-31", f"enclave_id = {enclave_id}")
            assert cells["应返（万元）"] == rounded(leading.due(enclave_id, year)), label
            assert cells["实返（万元）"] == wan(paid.get("rebate")), label
