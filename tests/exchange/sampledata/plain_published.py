"""As `plain_sql`, of a pair over the years and of what is published: incomes, goals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.exchange.sampledata.plain_sql import Seen

ROUNDING = {"at_least": ROUND_FLOOR, "at_most": ROUND_CEILING}
OTHER_NAMES = {
    "人均GDP": "人均地区生产总值",
    "城镇化率": "常住人口城镇化率",
    "城乡居民人均可支配收入比值": "城乡居民收入倍差",
    "全体居民人均可支配收入": "居民人均可支配收入",
    "全体常住居民人均可支配收入": "居民人均可支配收入",
}


@dataclass(frozen=True)
class Known:
    """A figure as published: exact, or a bound of it."""

    value: Fraction
    unit: str
    precision: str = "exact"

    def rounded(self, places: int = 2) -> Decimal:
        return bounded(self.value, self.precision, places)

    def may_be(self) -> tuple[Fraction | None, Fraction | None] | None:
        """The least and the most that it may be; None where nobody can tell."""
        if self.precision == "about":
            return None
        return (
            None if self.precision == "at_most" else self.value,
            None if self.precision == "at_least" else self.value,
        )


def bounded(value: Fraction, precision: str, places: int = 2) -> Decimal:
    """Rounded so that what is at least that much stays it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUNDING.get(precision, ROUND_HALF_UP))


# -- 双赢

BY_YEAR = "CAST(substr({day}, 1, 4) AS INTEGER)"


Pair = tuple[int, int, int]  # (id, supporter, recipient)
SIDES = ("pair", "sea", "mountain")
OF_PAIR = "pairing_id = :pair"
IN_SEA = "enclave_id IN (SELECT id FROM enclaves WHERE host_id = :sea AND origin_id = :mountain)"
IN_MOUNTAIN = (
    "enclave_id IN (SELECT id FROM enclaves WHERE host_id = :mountain AND origin_id = :sea)"
)
PROJECT = """project_id IN (SELECT id FROM projects WHERE region_id {lies} :sea
  AND (pairing_id = :pair OR pairing_id IS NULL
    AND ((region_id = :sea AND partner_id = :mountain)
      OR (region_id = :mountain AND partner_id = :sea))))"""


def _money(sql: Seen, pair: Pair, owned: str, kind: str) -> dict[int, int]:
    """Year → 分 of a kind, of the entries that `owned` says."""
    words = {"kind": kind, "last": f"{sql.year}-12-31", **dict(zip(SIDES, pair, strict=True))}
    statement = f"""SELECT {BY_YEAR.format(day="occurred_on")}, sum(amount) FROM stands
        WHERE kind = :kind AND occurred_on <= :last AND {owned} GROUP BY 1"""
    return dict(sql.asked(statement, words))


def _counted(sql: Seen, pair: Pair, table: str, day: str, of: str, where: str = "1"):
    return dict(
        sql.all(
            f"""SELECT {BY_YEAR.format(day=day)}, {of} FROM {table}
            WHERE pairing_id = ? AND {day} <= ? AND {where} GROUP BY 1""",
            pair[0],
            f"{sql.year}-12-31",
        )
    )


Flows = dict[tuple[str, str], dict[int, int]]


def flows(sql: Seen, pair: Pair) -> Flows:
    """(whose and which way, line) → year → 分 or people, of lines of which anything is known."""
    gave, got, sea, mountain = "给出", "得到", "支援方", "受援方"
    money = [
        (sea + gave, "援建资金拨付", OF_PAIR, "aid_sent"),
        (sea + gave, "社会帮扶资金", OF_PAIR, "social_aid"),
        (sea + gave, "土地指标调剂资金", OF_PAIR, "land_quota"),
        (sea + gave, "飞地返利兑付", IN_SEA, "rebate"),
        (sea + gave, "飞地税收分成", IN_SEA, "tax_share"),
        (sea + got, "飞地完成投资", IN_SEA, "completed_investment"),
        (sea + got, "飞地地方留存税收", IN_SEA, "retained_tax"),
        (sea + got, "项目到位资金", PROJECT.format(lies="="), "funds_in_place"),
        (sea + got, "土地指标（按调剂资金）", OF_PAIR, "land_quota"),
        (sea + got, "域内飞地返利", IN_MOUNTAIN, "rebate"),
        (sea + got, "域内飞地税收分成", IN_MOUNTAIN, "tax_share"),
        (mountain + gave, "飞地出资到位", IN_SEA, "capital_paid"),
        (mountain + gave, "土地指标（按调剂资金）", OF_PAIR, "land_quota"),
        (mountain + got, "援建资金到账", OF_PAIR, "aid_received"),
        (mountain + got, "社会帮扶资金", OF_PAIR, "social_aid"),
        (mountain + got, "项目到位资金", PROJECT.format(lies="<>"), "funds_in_place"),
        (mountain + got, "域内飞地完成投资", IN_MOUNTAIN, "completed_investment"),
        (mountain + got, "飞地返利", IN_SEA, "rebate"),
        (mountain + got, "飞地税收分成", IN_SEA, "tax_share"),
        (mountain + got, "土地指标调剂资金", OF_PAIR, "land_quota"),
    ]
    found = {(side, label): _money(sql, pair, own, kind) for side, label, own, kind in money}
    bought = _counted(sql, pair, "consumption_aids", "bought_on", "sum(amount)")
    found |= {
        (sea + gave, "消费帮扶采购"): bought,
        (mountain + got, "消费帮扶销售"): bought,
        (sea + gave, "新派专技人才（人次）"): _counted(
            sql, pair, "specialist_postings", "starts_on", "sum(people)"
        ),
        (mountain + got, "培训（人次）"): _counted(
            sql, pair, "trainings", "held_on", "sum(people)"
        ),
        (mountain + got, "培训后就业（人次）"): _counted(
            sql, pair, "trainings", "held_on", "sum(employed)", "employed IS NOT NULL"
        ),
    }
    for side, sender in ((sea, "supporter"), (mountain, "recipient")):
        found[side + gave, "新派挂职干部（人）"] = _counted(
            sql, pair, "secondments", "starts_on", "count(*)", f"sent_by = '{sender}'"
        )
    return {line: years for line, years in found.items() if years}


# -- 名单监测、重点指标


def published(sql: Seen, place: int, name: str, year: int | None = None) -> list[tuple]:
    """(year, `Known`) of an indicator of a place, the latest first; of one year where it is given.
    Of two names of one indicator, the usual one comes first."""
    names = [name, *(other for other, usual in OTHER_NAMES.items() if usual == name)]
    marks = ", ".join("?" * len(names))
    order = " ".join(f"WHEN '{each}' THEN {place_}" for place_, each in enumerate(names))
    return [
        (of, Known(Fraction(value, 1_000_000), unit, precision))
        for of, value, unit, precision in sql.all(
            f"""SELECT year, value, unit, precision FROM county_indicators WHERE region_id = ?
            AND indicator IN ({marks}) AND year BETWEEN ? AND ?
            ORDER BY year DESC, CASE indicator {order} END""",
            place,
            *names,
            0 if year is None else year,
            sql.year if year is None else year,
        )
    ]


def country(sql: Seen, name: str, year: int) -> Fraction | None:
    found = sql.all(
        """SELECT value FROM published_totals WHERE scope = '全国' AND indicator = ? AND year = ?
        ORDER BY id DESC LIMIT 1""",
        name,
        year,
    )
    return Fraction(found[0][0], 1_000_000) if found else None


@dataclass(frozen=True)
class Goal:
    """A goal of a plan as it is written."""

    year: int
    operator: str | None
    value: Fraction | None
    text: str
    unit: str
    scope: str


@dataclass
class Wanted:
    """What a row of the table of key indicators has to say."""

    title: str
    unit: str
    own: dict[int, Goal]
    others: dict[int, list[Goal]]


def usual(name: str) -> str:
    """One name for an indicator: no 其中, no unit, the usual one of several."""
    short = name.removeprefix("其中:").replace("（", "(").replace("）", ")")
    head, paren, unit = short.rpartition("(")
    short = head if paren and unit.endswith(")") and head else short
    return OTHER_NAMES.get(short, short)


def goals(sql: Seen) -> dict[str, Wanted]:
    """Usual name of an indicator → its goals, of the place and, of a county, those of its city and
    of all counties of the list together."""
    rows = sql.all(
        """SELECT g.indicator, g.number, g.unit, g.year, g.operator, g.value, g.text, g.scope,
          g.region_id IS r.id AS own
        FROM plan_goals g JOIN regions r ON r.code = ?
        WHERE g.year IS NOT NULL AND (g.region_id IS r.id OR r.level = 'county'
          AND (g.region_id = r.parent_id OR g.region_id IS NULL AND g.scope = '山区海岛县'))
        ORDER BY g.id""",
        sql.code,
    )
    found: dict[str, Wanted] = {}
    for name, _number, unit, year, operator, value, text, scope, own in rows:
        goal = Goal(
            year, operator, None if value is None else Fraction(value, 10**6), text, unit, scope
        )
        row = found.setdefault(usual(name), Wanted(name, unit, {}, {}))
        if own:
            row.title, row.unit = name, unit
            row.own[year] = goal
        else:
            row.others.setdefault(year, []).append(goal)
    return found


def indicator(sql: Seen, place: int, name: str, year: int) -> Known | None:
    """What is told of an indicator in a year, by its own name or as it follows from others."""
    rows = sql.all(
        """SELECT indicator, value, unit, precision FROM county_indicators
        WHERE region_id = ? AND year = ? ORDER BY id""",
        place,
        year,
    )
    for called, value, unit, precision in rows:
        if usual(called) == name:
            return Known(Fraction(value, 1_000_000), unit, precision)
    income, per_head = "居民人均可支配收入", "人均地区生产总值"
    (province,) = sql.one("SELECT id, 0 FROM regions WHERE level = 'province'")[:1]
    over = {
        "城乡居民收入倍差": (place, "城镇" + income, place, "农村" + income),
        "居民人均可支配收入与全省平均之比": (place, income, province, income),
        "居民人均可支配收入与人均GDP之比": (place, income, place, per_head),
    }
    if name in over:
        upper, of, lower, by = over[name]
        return _ratio(indicator(sql, upper, of, year), indicator(sql, lower, by, year))
    spread = {"地区人均GDP最高最低倍差": per_head, "地区人均可支配收入最高最低倍差": income}
    if name in spread:
        counties = sql.all(
            "SELECT id, 0 FROM regions WHERE parent_id = ? AND abolished_on IS NULL", place
        )
        told = [indicator(sql, each, spread[name], year) for each, _ in counties]
        known = sorted((each for each in told if each), key=lambda each: each.value)
        if len(told) == len(known) > 1 and all(each.precision == "exact" for each in known):
            return _ratio(known[-1], known[0])
    return None


def _ratio(over: Known | None, under: Known | None) -> Known | None:
    if over is None or under is None or {over.precision, under.precision} != {"exact"}:
        return None
    return Known(_in_yuan(over) / _in_yuan(under), "")


def _in_yuan(of: Known) -> Fraction:
    return of.value * {"万元": 10_000, "亿元": 100_000_000}.get(of.unit, 1)
