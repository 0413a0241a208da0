"""The measures of enclaves, from their definitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from tests.year.measures.second.records import (
    WAN,
    Row,
    World,
    by_end,
    days_of,
    in_scope,
    in_year,
    key_of,
    or_filed,
    rounded,
    span,
    wan,
)

ENCLAVE: dict[str, Callable[[World, Row, int], object]] = {}
LARGE = 100_000_000  # 元


def enclave(name: str):
    def enter(function):
        ENCLAVE[name] = function
        return function

    return enter


def filed(world: World, of: Row, year: int) -> bool:
    return world.filed(year, enclave_id=of.id)


def yes(answer: bool | None) -> int | None:
    return None if answer is None else int(answer)


@enclave("capital.agreed")
def _(world, of, year):
    return None if of.total_capital is None else Fraction(of.total_capital) / WAN


@enclave("capital.paid")
def _(world, of, year):
    rows = list(world.money("capital_paid", None, until=date(year, 12, 31), enclave_id=of.id))
    return wan(rows) if rows else None


@enclave("stage.in_use")
def _(world, of, year):
    return None if of.in_use_on is None else int(by_end(of.in_use_on, year))


@enclave("returns.paid")
def _(world, of, year):
    rows = list(world.money("rebate", year, enclave_id=of.id))
    return wan(rows) if rows else None


@enclave("villages.listed")
def _(world, of, year):
    return of.villages


@enclave("villages.paid")
def _(world, of, year):
    """当年返利已分到村的，为收到返利的不同村数；没有分完的取惠及村数最多的一笔；两者取多者。"""
    villages, most = set(), []
    for entry in world.money("rebate", year, enclave_id=of.id):
        if entry.id in world.undone:
            continue
        split = world.of("village_payments", entry_id=entry.id)
        villages |= {row.village_id for row in split}
        if sum(row.amount for row in split) < entry.amount and entry.villages is not None:
            most.append(entry.villages)
    if not villages and not most:
        return None
    return max(len(villages), *most, 0)


def goal(measure: str):
    def read(world, of, year):
        for row in world.of("targets", enclave_id=of.id, year=year, measure=measure):
            return Fraction(row.value)
        return 0

    return read


ENCLAVE["goal.per_village"] = goal("goal.per_village")
ENCLAVE["goal.tax_per_mu"] = goal("goal.tax_per_mu")
ENCLAVE["goal.added_value_per_mu"] = goal("goal.added_value_per_mu")
ENCLAVE["goal.floor_usable"] = goal("goal.floor_usable")


@enclave("villages.fund_ledger")
def _(world, of, year):
    rebates = list(world.money("rebate", year, enclave_id=of.id))
    split = all(world.of("village_payments", entry_id=row.id) for row in rebates)
    return or_filed(rebates, int(split), filed(world, of, year))


@enclave("villages.disclosure")
def _(world, of, year):
    return yes(of.has_village_disclosure)


# 项目.


def in_enclave(world: World, of: Row) -> list[Row]:
    return [r for r in world.of("projects", enclave_id=of.id, category="industry") if in_scope(r)]


def newly_signed(row: Row, year: int) -> bool:
    return in_year(row.signed_on, year) and not in_year(row.terminated_on, year)


def of_projects(counted: Callable[[Row, int], bool]):
    def read(world, of, year):
        rows = in_enclave(world, of)
        return or_filed(rows, sum(counted(row, year) for row in rows), filed(world, of, year))

    return read


def is_large(row: Row) -> bool:
    return row.total_investment is not None and row.total_investment >= LARGE


ENCLAVE["introduced.projects"] = of_projects(newly_signed)
ENCLAVE["introduced.large"] = of_projects(
    lambda row, year: newly_signed(row, year) and is_large(row)
)
ENCLAVE["introduced.in_production"] = of_projects(
    lambda row, year: in_year(row.in_production_on, year)
)


def completed(
    world: World, year: int, kind: str, enclave_id: int, infrastructure: bool = True
) -> list[Row]:
    """飞地台账有记录的以飞地台账为准，没有的为飞地内各项目台账之和。"""
    rows = list(world.money(kind, year, enclave_id=enclave_id))
    return rows or [
        entry
        for project in world.of("projects", enclave_id=enclave_id)
        if in_scope(project) and (infrastructure or project.category != "infrastructure")
        for entry in world.money(kind, year, project_id=project.id)
    ]


@enclave("investment.completed")
def _(world, of, year):
    innovation = of.kind == "innovation" and not by_end(of.development_since, year)
    rows = completed(world, year, "completed_investment", of.id, infrastructure=innovation)
    if innovation:
        rows += world.money("infrastructure_investment", year, enclave_id=of.id)
    return or_filed(rows, wan(rows), filed(world, of, year))


@enclave("infrastructure.completed")
def _(world, of, year):
    rows = list(world.money("infrastructure_investment", year, enclave_id=of.id))
    return or_filed(rows, wan(rows), filed(world, of, year))


def came_back(world: World, of: Row) -> list[Row]:
    """回飞出地落地产业化的项目."""
    rows = world.of("projects", incubated_in_id=of.id, region_id=of.origin_id)
    return [row for row in rows if in_scope(row)]


@enclave("returned.projects")
def _(world, of, year):
    rows = came_back(world, of)
    value = sum(newly_signed(row, year) for row in rows)
    return or_filed(rows, value, filed(world, of, year))


@enclave("returned.investment")
def _(world, of, year):
    rows = [
        entry
        for project in came_back(world, of)
        for entry in world.money("completed_investment", year, project_id=project.id)
    ]
    return or_filed(rows, wan(rows), filed(world, of, year))


# 返利约定.


def terms_of(world: World, of: Row) -> list[Row]:
    return [row for row in world.of("return_terms", enclave_id=of.id) if row.confirmed_at]


def base_of(of: Row, term: Row) -> Fraction | None:
    capital = of.village_capital if term.capital_base == "villages" else of.total_capital
    return None if capital is None else Fraction(capital)


def falls_due(world: World, of: Row, term: Row, first: date, last: date) -> Fraction | None:
    """元 that a term owes for a span within one year."""
    days = Fraction((last - first).days + 1, days_of(first.year))
    if term.kind == "rate_on_capital":
        base = base_of(of, term)
        return None if base is None else base * Fraction(term.rate) * days
    if term.kind in ("fixed_sum", "guaranteed_minimum"):
        return Fraction(term.amount) * days
    kind = "rent" if term.kind == "rent_share" else "retained_tax"
    received = [
        row
        for row in world.money(kind, first.year, enclave_id=of.id)
        if first <= row.occurred_on <= last
    ]
    return sum((Fraction(row.amount) for row in received), Fraction(0)) * Fraction(term.rate)


def returns_due(world: World, of: Row, year: int) -> Fraction | None:
    spans = [
        (term, within)
        for term in terms_of(world, of)
        if (within := span(term.starts_on, term.ends_on, year)) is not None
    ]
    if not terms_of(world, of):
        return None
    floors = [(term, within) for term, within in spans if term.kind == "guaranteed_minimum"]
    others = [(term, within) for term, within in spans if term.kind != "guaranteed_minimum"]
    for term, _ in others:
        kind = {"rent_share": "rent", "tax_share": "retained_tax"}.get(term.kind)
        if kind and not list(world.money(kind, year, enclave_id=of.id)):
            return None
    # Cut where a floor begins or ends; within a piece the floor is compared with the rest.
    due = Fraction(0)
    pieces = [within for _, within in floors]
    for term, (first, last) in others:
        days = Fraction(0)
        whole = falls_due(world, of, term, first, last)
        if whole is None:
            return None
        for start, end in pieces:
            a, b = max(first, start), min(last, end)
            if a <= b:
                days += falls_due(world, of, term, a, b)
        due += whole - days
    for term, (start, end) in floors:
        beneath = sum(
            (
                falls_due(world, of, other, max(first, start), min(last, end))
                for other, (first, last) in others
                if max(first, start) <= min(last, end)
            ),
            Fraction(0),
        )
        due += max(falls_due(world, of, term, start, end), beneath)
    return rounded(due, 2) / WAN


ENCLAVE["returns.due"] = returns_due


def last_rate(world: World, of: Row, year: int) -> Row | None:
    """当年有效的约定收益率中最后生效（起始日期最晚）的."""
    found = [
        (term.starts_on or date.min, term.id, term)
        for term in terms_of(world, of)
        if term.kind == "rate_on_capital" and span(term.starts_on, term.ends_on, year) is not None
    ]
    return max(found, key=lambda entry: entry[:2])[2] if found else None


@enclave("capital.base")
def _(world, of, year):
    bases = {term.capital_base for term in terms_of(world, of)} - {None}
    if "villages" in bases:
        capital = of.village_capital
    elif "total" in bases:
        capital = of.total_capital
    else:
        capital = of.village_capital or of.total_capital
    return None if capital is None else Fraction(capital) / WAN


@enclave("rate.agreed")
def _(world, of, year):
    term = last_rate(world, of, year)
    if term is None:
        return 0 if terms_of(world, of) else None
    return Fraction(term.rate)


@enclave("contract.year_share")
def _(world, of, year):
    if not terms_of(world, of):
        return None
    spans = [span(term.starts_on, term.ends_on, year) for term in terms_of(world, of)]
    day, covered = date(year, 1, 1), 0
    while day.year == year:
        covered += any(within and within[0] <= day <= within[1] for within in spans)
        day += timedelta(1)
    return rounded(Fraction(covered, days_of(year)), 8)


@enclave("contract.return_clause")
def _(world, of, year):
    if terms_of(world, of):
        return 1
    return 0 if texts_of(world, of, "agreement", "plan", "supplement") else None


@enclave("contract.share_list")
def _(world, of, year):
    stakes = [
        row
        for row in world.of("village_stakes", enclave_id=of.id)
        if (row.joined_on is None or by_end(row.joined_on, year)) and not by_end(row.left_on, year)
    ]
    return or_filed(stakes, 1, filed(world, of, year))


@enclave("contract.conversion_clause")
def _(world, of, year):
    """截止日的次日起有后续约定为1，没有为0；都没有截止日的，不需转换，为1。"""
    terms = terms_of(world, of)
    if not terms:
        return None
    fixed = ("rate_on_capital", "fixed_sum", "guaranteed_minimum")
    for term in terms:
        if term.kind not in fixed or term.ends_on is None:
            continue
        after = date.fromordinal(term.ends_on.toordinal() + 1)
        if not any(
            (other.starts_on is None or other.starts_on <= after)
            and (other.ends_on is None or other.ends_on >= after)
            for other in terms
        ):
            return 0
    return 1


def agreement_of(world: World, of: Row) -> Row | None:
    return next(iter(world.of("enclave_agreements", enclave_id=of.id)), None)


def texts_of(world: World, of: Row, *kinds: str) -> list[Row]:
    agreement = agreement_of(world, of)
    documents = world.of("agreement_documents", agreement_id=agreement.id) if agreement else []
    return [row for row in documents if row.kind in kinds]


@enclave("contract.signed")
def _(world, of, year):
    days = [of.signed_on, *(row.signed_on for row in texts_of(world, of, "agreement"))]
    days = [day for day in days if day is not None]
    return int(by_end(min(days), year)) if days else None


def clause(written: Callable[[World, Row, Row], bool]):
    """写明的为1；登记了协议文本而没有该要素的，或者全部文本在年末之后才签订的为0；既没有登记文本、也没有
    填报该要素的为未报。"""

    def read(world, of, year):
        texts = texts_of(world, of, "agreement", "supplement")
        if texts and all(row.signed_on and not by_end(row.signed_on, year) for row in texts):
            return 0
        if written(world, of, agreement_of(world, of)):
            return 1
        return 0 if texts else None

    return read


ENCLAVE["contract.mode"] = clause(
    lambda _, of, agreement: bool(agreement and agreement.building_mode)
)
ENCLAVE["contract.duties"] = clause(lambda _, of, agreement: bool(agreement and agreement.duties))
ENCLAVE["contract.term"] = clause(lambda _, of, agreement: bool(agreement and agreement.ends_on))
ENCLAVE["contract.costs"] = clause(
    lambda _, of, agreement: (
        agreement is not None
        and (agreement.origin_cost_share is not None or agreement.host_cost_share is not None)
    )
)
ENCLAVE["contract.sharing"] = clause(
    lambda world, of, agreement: (
        bool(splits_of(world, of)) or any(term.kind == "tax_share" for term in terms_of(world, of))
    )
)


# 面积和平台.


@enclave("area.planned")
def _(world, of, year):
    return None if of.area_mu is None else Fraction(of.area_mu)


@enclave("host.on_list")
def _(world, of, year):
    platform = world.get("platforms", of.platform_id)
    if platform is None or platform.listed_on is None:
        return None
    end = date(year, 12, 31)
    return int(
        platform.listed_on <= end and (platform.removed_on is None or platform.removed_on > end)
    )


@enclave("land.agreed")
def _(world, of, year):
    agreed = world.of("enclave_spaces", enclave_id=of.id, kind="land", step="agreed")
    rows = [row for row in agreed if row.confirmed_at]
    due = [row for row in rows if by_end(row.due_on or row.on_date, year)]
    return sum((Fraction(row.quantity) for row in due), Fraction(0)) if rows else None


def supplied(world: World, of: Row, year: int) -> list[Row]:
    return [
        row
        for row in world.of("enclave_spaces", enclave_id=of.id, kind="land", step="delivered")
        if by_end(row.on_date, year)
    ]


@enclave("land.supplied")
def _(world, of, year):
    rows = supplied(world, of, year)
    value = sum((Fraction(row.quantity) for row in rows), Fraction(0))
    return or_filed(rows, value, filed(world, of, year))


# 季报.


def quarters(world: World, year: int, item: str, **of: object) -> list[Row]:
    """The quarters that were reported, in order."""
    rows = world.of("operating_figures", **of, year=year, item=item)
    return sorted(rows, key=lambda row: row.quarter)


def year_sum(item: str, column: str = "enclave_id"):
    def read(world, of, year):
        rows = quarters(world, year, item, **{column: of.id})
        return sum((Fraction(row.value) for row in rows), Fraction(0)) if rows else None

    return read


def last_quarter(item: str, column: str = "enclave_id", per: int = 1):
    def read(world, of, year):
        rows = quarters(world, year, item, **{column: of.id})
        return Fraction(rows[-1].value) / per if rows else None

    return read


ENCLAVE["output.value"] = year_sum("output")
ENCLAVE["occupancy.rate"] = last_quarter("occupancy_rate", per=100)
ENCLAVE["floor.usable"] = last_quarter("floor_usable")
ENCLAVE["incubated.projects"] = year_sum("incubated_projects")
ENCLAVE["talents.senior"] = last_quarter("senior_talents")
ENCLAVE["talents.provincial"] = last_quarter("provincial_talents")


@enclave("floor.occupancy")
def _(world, of, year):
    usable = {row.quarter: row for row in quarters(world, year, "floor_usable", enclave_id=of.id)}
    both = [
        (row, usable[row.quarter])
        for row in quarters(world, year, "floor_occupied", enclave_id=of.id)
        if row.quarter in usable
    ]
    if not both or not both[-1][1].value:
        return None
    return rounded(Fraction(both[-1][0].value) / Fraction(both[-1][1].value), 8)


@enclave("tax_per_mu")
def _(world, of, year):
    land = sum((Fraction(row.quantity) for row in supplied(world, of, year)), Fraction(0))
    rows = completed(world, year, "tax", of.id)
    if not rows:
        return 0 if filed(world, of, year) else None
    return rounded(wan(rows) / land, 8) if land else None


@enclave("added_value_per_mu")
def _(world, of, year):
    land = sum((Fraction(row.quantity) for row in supplied(world, of, year)), Fraction(0))
    value = year_sum("value_added")(world, of, year)
    if value is None:
        return None
    if not value:
        return 0
    return rounded(value / land, 8) if land else None


# 分成.


def splits_of(world: World, of: Row) -> list[Row]:
    agreement = agreement_of(world, of)
    splits = world.of("tax_splits", agreement_id=agreement.id) if agreement else []
    return [row for row in splits if row.confirmed_at]


def due_of_shares(world: World, of: Row, year: int) -> Fraction | None:
    splits = splits_of(world, of)
    if not splits:
        return None
    in_force = [
        row
        for row in splits
        if row.from_year <= year and (row.to_year is None or row.to_year >= year)
    ]
    if not in_force:
        return Fraction(0)
    rows = list(world.money("retained_tax", year, enclave_id=of.id))
    if not rows:
        return Fraction(0) if filed(world, of, year) else None
    split = max(in_force, key=lambda row: row.from_year)
    return rounded(wan(rows) * WAN * Fraction(split.origin_share), 2) / WAN


ENCLAVE["shares.due"] = due_of_shares


@enclave("shares.paid_on_time")
def _(world, of, year):
    rows = [
        entry
        for entry in world.money("tax_share", None, enclave_id=of.id)
        if in_year(entry.due_on or entry.occurred_on, year)
    ]
    on_time = [row for row in rows if row.due_on is None or row.occurred_on <= row.due_on]
    return or_filed(rows, wan(on_time), filed(world, of, year))


@enclave("tax.origin")
def _(world, of, year):
    rows = list(world.money("tax_share", year, enclave_id=of.id))
    return or_filed(rows, wan(rows), filed(world, of, year))


def firm_of(row: Row) -> str:
    """同一企业：信用代码相同，没有代码的名称相同."""
    return row.credit_code or key_of(row.name)


@enclave("tenants.new")
def _(world, of, year):
    rows = world.of("tenants", enclave_id=of.id)
    new = [row for row in rows if in_year(row.moved_in_on, year)]
    firms = set(map(firm_of, new))
    return or_filed(rows, len(firms), filed(world, of, year))


def report(kind: str):
    def read(world, of, year):
        return world.on_time(year, kind, enclave_id=of.id)

    return read


for _kind in ("q1", "q2", "q3", "q4", "annual"):
    ENCLAVE[f"enclave_reports.{_kind}"] = report(_kind)


@enclave("operation.entity")
def _(world, of, year):
    agreement = agreement_of(world, of)
    if agreement is not None and agreement.operator:
        return 1
    return 0 if filed(world, of, year) else None


@enclave("operation.staff")
def _(world, of, year):
    agreement = agreement_of(world, of)
    if agreement is not None and agreement.full_time_staff is not None:
        return int(agreement.full_time_staff >= 1)
    return 0 if filed(world, of, year) else None
