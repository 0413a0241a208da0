"""The measures of counties and cities, from their definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from tests.year.measures.second.enclaves import (
    due_of_shares,
    firm_of,
    returns_due,
    splits_of,
    terms_of,
)
from tests.year.measures.second.records import (
    MU,
    Row,
    World,
    by_end,
    in_year,
    key_of,
    or_filed,
    rounded,
    span,
    total,
    wan,
)

COUNTY: dict[str, Callable[[World, Row, int], object]] = {}
CITY: dict[str, Callable[[World, Row, int], object]] = {}
LARGE = 100_000_000  # 元


def county(name: str):
    def enter(function):
        COUNTY[name] = function
        return function

    return enter


def cooperates(project: Row) -> bool:
    return project.category == "industry" and project.in_scope is True


def counts(project: Row, year: int) -> bool:
    """认定为山海协作项目的产业合作项目（尚未认定的不计），当年签约，或此前三年内签约且当年初仍在续建；年末前终止的不计。"""
    if not cooperates(project):
        return False
    if by_end(project.terminated_on, year) or project.signed_on is None:
        return False
    if project.signed_on.year == year:
        return True
    begins = date(year, 1, 1)
    going_on = all(
        day is None or day >= begins for day in (project.completed_on, project.in_production_on)
    )
    return year - 3 <= project.signed_on.year < year and going_on


def is_large(project: Row) -> bool:
    return project.total_investment is not None and project.total_investment >= LARGE


def has_started(project: Row, year: int) -> bool:
    days = project.started_on, project.completed_on, project.in_production_on
    return any(by_end(day, year) for day in days)


def _own(name: str, marked: Callable[[Row, int], bool]):
    @county(f"projects.{name}")
    def _(world, place, year):
        rows = [row for row in world.of("projects", region_id=place.id) if cooperates(row)]
        value = sum(counts(row, year) and marked(row, year) for row in rows)
        return or_filed(rows, value, world.filed(year, region_id=place.id))


_own("counted", lambda row, year: True)
_own("large", lambda row, year: is_large(row))
_own("started", has_started)
_own("in_production", lambda row, year: by_end(row.in_production_on, year))


@county("projects.funds_in_place")
def _(world, place, year):
    rows = [
        entry
        for project in world.of("projects", region_id=place.id)
        if cooperates(project)
        for entry in world.money("funds_in_place", year, project_id=project.id)
    ]
    return or_filed(rows, wan(rows), world.filed(year, region_id=place.id))


@county("listing.left")
def _(world, place, year):
    left = any(
        in_year(row.left_on, year) for row in world.of("county_listings", region_id=place.id)
    )
    return int(left and not world.listed("county_listings", place.id, date(year, 12, 31)))


def of_known(name: str):
    """没有记录的为0；当年不在名单上、也从未有结对关系的县为未报。"""

    def enter(function):
        def read(world, place, year):
            return function(world, place, year) or (0 if world.known(place, year) else None)

        COUNTY[name] = read
        return function

    return enter


def kind_at_end(enclave: Row, year: int) -> str | None:
    if by_end(enclave.development_since, year):
        return "development"
    return None if enclave.kind == "development" else enclave.kind


def stood(enclave: Row, year: int) -> bool:
    """当年存续."""
    begun = enclave.signed_on is None or by_end(enclave.signed_on, year)
    return begun and (enclave.closed_on is None or enclave.closed_on >= date(year, 1, 1))


def _sent_out(kind: str):
    @county(f"enclaves.{kind}")
    def _(world, place, year):
        registered = [row for row in world.of("enclaves", origin_id=place.id) if stood(row, year)]
        if not registered:
            return None
        return sum(kind_at_end(row, year) == kind for row in registered)


for _kind in ("industrial", "innovation", "income", "development"):
    _sent_out(_kind)


def development(world: World, year: int, direction: str, **of: object) -> int:
    return sum(
        row.direction == direction and stood(row, year) and kind_at_end(row, year) == "development"
        for row in world.of("enclaves", **of)
    )


@of_known("enclaves.development_inbound")
def _(world, place, year):
    return development(world, year, "inbound", host_id=place.id)


@of_known("enclaves.development_outbound")
def _(world, place, year):
    return development(world, year, "outbound", origin_id=place.id)


# 逐对考核.


def chain_pairs(world: World, place: Row, year: int) -> set[tuple[int, int]]:
    end = date(year, 12, 31)
    return {
        (pair.supporter_id, pair.recipient_id)
        for pair in world.pairs_of(place, year)
        if world.listed("industrial_listings", pair.supporter_id, end)
        and world.listed("county_listings", pair.recipient_id, end)
    }


def sides_of(world: World, project: Row, year: int) -> tuple[int, int] | None:
    """Whose a project is: its pairing's sides, else those of the pairing of its two counties."""
    return world.once(("sides", year, project.id), lambda: _sides_of(world, project, year))


def _sides_of(world: World, project: Row, year: int) -> tuple[int, int] | None:
    if project.pairing_id is not None:
        pair = next((p for p in world.pairs(year) if p.id == project.pairing_id), None)
        return pair and (pair.supporter_id, pair.recipient_id)
    if project.partner_id is None:
        return None
    two = {project.region_id, project.partner_id}
    for pair in world.pairs(year):
        if {pair.supporter_id, pair.recipient_id} == two:
            return pair.supporter_id, pair.recipient_id
    return None


def chain_projects(world: World, year: int, sides: tuple[int, int]) -> list[Row]:
    return [
        row
        for row in world.tables["projects"]
        if row.is_chain is True and counts(row, year) and sides_of(world, row, year) == sides
    ]


def _chain(world: World, place: Row, year: int, of_pair: Callable[[list[Row]], int]):
    pairs = chain_pairs(world, place, year)
    if not pairs:
        return 0
    rows = [
        row
        for row in world.tables["projects"]
        if row.is_chain is True and cooperates(row) and sides_of(world, row, year) in pairs
    ]
    of_pairs = [chain_projects(world, year, sides) for sides in pairs]
    return or_filed(rows, sum(map(of_pair, of_pairs)), world.filed(year, region_id=place.id))


@county("goal.chain_pairs")
def _(world, place, year):
    return len(chain_pairs(world, place, year))


@county("chain.projects")
def _(world, place, year):
    return _chain(world, place, year, lambda rows: min(len(rows), 10))


@county("chain.large_pairs")
def _(world, place, year):
    return _chain(world, place, year, lambda rows: int(any(map(is_large, rows))))


def new_park(park: Row, year: int) -> bool:
    return park.kind == "cooperation" and in_year(park.approved_on or park.signed_on, year)


@county("chain.park_pairs")
def _(world, place, year):
    return sum(
        any(
            new_park(park, year)
            for park in world.of("parks", supporter_id=sides[0], recipient_id=sides[1])
        )
        for sides in chain_pairs(world, place, year)
    )


# 援建资金.


def _aid(world: World, place: Row, year: int, kind: str):
    rows = [
        entry
        for pair in world.pairs_of(place, year, "recipient")
        for entry in world.money(kind, year, pairing_id=pair.id)
    ] + [
        entry
        for site in world.of("demonstration_villages", county_id=place.id)
        for entry in world.money(kind, year, demonstration_village_id=site.id)
    ]
    return or_filed(rows, wan(rows), world.filed(year, region_id=place.id))


@county("aid.received")
def _(world, place, year):
    return _aid(world, place, year, "aid_received")


@county("aid.spent")
def _(world, place, year):
    return _aid(world, place, year, "aid_used")


def _demonstrations(world: World, place: Row, year: int, counted: Callable[[Row], bool]):
    sites = world.of("demonstration_villages", county_id=place.id)
    value = sum(site.acceptance_year == year and counted(site) for site in sites)
    return or_filed(sites, value, world.filed(year, region_id=place.id))


@county("demonstrations.planned")
def _(world, place, year):
    return _demonstrations(world, place, year, lambda site: True)


@county("demonstrations.accepted")
def _(world, place, year):
    return _demonstrations(world, place, year, lambda site: by_end(site.accepted_on, year))


@county("village_income.met_share")
def _(world, place, year):
    villages = world.of("villages", county_id=place.id)
    if not villages:
        return None
    incomes = [
        income
        for village in villages
        for income in world.of("village_incomes", village_id=village.id, year=year)
    ]
    if len(incomes) < len(villages) and not world.filed(year, region_id=place.id):
        return None
    met = sum(income.operating >= 500_000 for income in incomes)
    return rounded(Fraction(met, len(villages)), 8)


def _goal(measure: str, column: str):
    def read(world, subject, year):
        for row in world.of("targets", **{column: subject.id}, year=year, measure=measure):
            return Fraction(row.value)
        return 0

    return read


COUNTY["goal.village_income_share"] = _goal("goal.village_income_share", "region_id")


# 往来.


def _met(world: World, place: Row, year: int) -> list[Row]:
    return [
        row
        for pair in world.pairs_of(place, year)
        for row in world.of("joint_meetings", pairing_id=pair.id)
        if in_year(row.met_on, year)
    ]


@county("exchanges.visits")
def _(world, place, year):
    days = [row.met_on for row in _met(world, place, year)] + [
        row.visited_on
        for pair in world.pairs_of(place, year)
        for row in world.of("visits", pairing_id=pair.id)
        if in_year(row.visited_on, year)
    ]
    return or_filed(days, len(set(days)), world.filed(year, region_id=place.id))


@county("exchanges.joint_meeting")
def _(world, place, year):
    return or_filed(_met(world, place, year), 1, world.filed(year, region_id=place.id))


def _report(kind: str):
    def read(world, place, year):
        return world.on_time(year, kind, region_id=place.id)

    return read


for _name in ("plan", "q1", "q2", "q3", "q4"):
    COUNTY[f"reports.{_name}"] = _report(_name)


# 问题与推广.


def _findings(name: str, kind: str, level: str | None):
    @of_known(f"findings.{name}")
    def _(world, place, year):
        rows = list(world.of("findings", region_id=place.id))
        for enclave in world.tables["enclaves"]:
            # In an enclave: of the recipient, which is its origin, or its host if it is inbound.
            recipient = enclave.origin_id if enclave.direction == "outbound" else enclave.host_id
            if recipient == place.id:
                rows += world.of("findings", enclave_id=enclave.id)
        if kind == "false_data":
            for park in world.of("parks", recipient_id=place.id):
                rows += world.of("findings", park_id=park.id)
        else:
            # What a park's sheet deducts is not deducted here; a 产业合作园 has no sheet.
            for park in world.of("parks", recipient_id=place.id, kind="cooperation"):
                rows += world.of("findings", park_id=park.id)
        return sum(
            row.kind == kind
            and (level is None or row.level == level)
            and in_year(row.found_on, year)
            and row.withdrawn_on is None
            for row in rows
        )


_findings("false_data", "false_data", None)
_findings("inspection_central", "inspection", "central")
_findings("inspection_provincial", "inspection", "province")
_findings("case_central", "bad_case", "central")
_findings("case_provincial", "bad_case", "province")
_findings("accidents", "accident", None)


@county("sample.pass_rate")
def _(world, place, year):
    rates = [
        row.pass_rate
        for row in world.of("findings", region_id=place.id, kind="sampling")
        if in_year(row.found_on, year)
        and row.withdrawn_on is None
        and row.measure in ("", "training.placed", "support.training")
    ]
    return rounded(sum(map(Fraction, rates)) / len(rates), 8) if rates else 1


def _titles(world: World, place: Row, level: str, counted: Callable[[date], bool]) -> set[str]:
    return {
        key_of(row.title)
        for row in world.of("adoptions", region_id=place.id, level=level)
        if counted(row.adopted_on)
    }


@of_known("practices.national")
def _(world, place, year):
    return len(_titles(world, place, "central", lambda day: day.year == year))


@county("practices.provincial")
def _(world, place, year):
    national = _titles(world, place, "central", lambda day: day.year <= year)
    provincial = _titles(world, place, "province", lambda day: day.year == year)
    if not provincial and not world.known(place, year):
        return None
    return len(provincial - national)


# 人员、培训、消费, on both sides.


def _both(name: str, mirror: str):
    """Enter a measure of the recipient and the same one of the supporter."""

    def enter(function):
        COUNTY[name] = lambda world, place, year: function(world, place, year, "recipient")
        COUNTY[mirror] = lambda world, place, year: function(world, place, year, "supporter")
        return function

    return enter


def _of_pairs(world: World, place: Row, year: int, side: str, table: str) -> list[Row]:
    return [
        row
        for pair in world.pairs_of(place, year, side)
        for row in world.of(table, pairing_id=pair.id)
    ]


@_both("cadres.posted", "support.cadres")
def _(world, place, year, side):
    persons = set()
    looked_at = []
    for row in _of_pairs(world, place, year, side, "secondments"):
        within = span(row.starts_on, row.ends_on, year)
        if row.sent_by != "supporter" or within is None:
            continue
        looked_at.append(row)
        days = (within[1] - within[0]).days + 1
        if days >= 183 or within[1] == date(year, 12, 31):
            supporter = world.get("pairings", row.pairing_id).supporter_id
            persons.add((supporter, key_of(row.person), key_of(row.from_post)))
    return or_filed(looked_at, len(persons), world.filed(year, region_id=place.id))


@_both("partners.schools_hospitals", "support.partners")
def _(world, place, year, side):
    rows = [
        row
        for row in _of_pairs(world, place, year, side, "institution_pairs")
        if by_end(row.signed_on, year)
    ]
    valid = sum(row.ends_on is None or row.ends_on >= date(year, 12, 31) for row in rows)
    return or_filed(rows, valid, world.filed(year, region_id=place.id))


@_both("training.placed", "support.training")
def _(world, place, year, side):
    rows = [
        row
        for row in _of_pairs(world, place, year, side, "trainings")
        if in_year(row.held_on, year) and row.purpose in ("employment", "skills")
    ]
    return or_filed(rows, total(rows, "people"), world.filed(year, region_id=place.id))


@_both("consumption.sales", "support.consumption")
def _(world, place, year, side):
    rows = [
        row
        for row in _of_pairs(world, place, year, side, "consumption_aids")
        if in_year(row.bought_on, year)
    ]
    return or_filed(rows, wan(rows), world.filed(year, region_id=place.id))


@county("support.specialists")
def _(world, place, year):
    rows = [
        row
        for row in _of_pairs(world, place, year, "supporter", "specialist_postings")
        if in_year(row.starts_on, year)
    ]
    return or_filed(rows, total(rows, "people"), world.filed(year, region_id=place.id))


# 产业园和飞地.

SHEETED = ("industrial", "tourism")


def park_runs(park: Row, year: int) -> bool:
    """年末在运行."""
    begun = park.approved_on or park.signed_on
    return (begun is None or by_end(begun, year)) and not by_end(park.closed_on, year)


@of_known("parks.count")
def _(world, place, year):
    return sum(
        park.kind in SHEETED and park_runs(park, year)
        for park in world.of("parks", recipient_id=place.id)
    )


def _parks_of(world: World, place: Row) -> list[Row]:
    return [
        *world.of("parks", recipient_id=place.id),
        *world.of("parks", supporter_id=place.id),
    ]


@of_known("parks.hundred_yi_first")
def _(world, place, year):
    return sum(
        park.kind in SHEETED and in_year(park.ten_billion_on, year)
        for park in _parks_of(world, place)
    )


@of_known("enclaves.inbound_opened")
def _(world, place, year):
    return sum(
        row.direction == "inbound" and in_year(row.in_use_on, year)
        for row in world.tables["enclaves"]
        if place.id in (row.origin_id, row.host_id)
    )


@of_known("support.cooperation_parks")
def _(world, place, year):
    return sum(
        park.kind == "cooperation" and (in_year(park.approved_on, year) or park_runs(park, year))
        for park in world.of("parks", supporter_id=place.id)
    )


@of_known("support.cooperation_parks_new")
def _(world, place, year):
    return sum(new_park(park, year) for park in world.of("parks", supporter_id=place.id))


def hosted(world: World, place: Row, year: int) -> list[Row]:
    return [row for row in world.of("enclaves", host_id=place.id) if stood(row, year)]


@of_known("support.enclaves")
def _(world, place, year):
    return len(hosted(world, place, year))


def square_metres(row: Row) -> Fraction:
    return Fraction(row.quantity) * (MU if row.kind == "land" else 1)


def agreed_by_end(row: Row, year: int) -> bool:
    confirmed = row.step == "agreed" and row.confirmed_at
    return bool(confirmed) and by_end(row.due_on or row.on_date, year)


@county("support.space_agreed")
def _(world, place, year):
    rows = [
        row
        for enclave in hosted(world, place, year)
        for row in world.of("enclave_spaces", enclave_id=enclave.id)
        if agreed_by_end(row, year)
    ]
    value = sum(map(square_metres, rows), Fraction(0))
    return or_filed(rows, value, world.filed(year, region_id=place.id))


@county("support.space_delivered")
def _(world, place, year):
    rows = [
        row
        for enclave in hosted(world, place, year)
        for row in world.of("enclave_spaces", enclave_id=enclave.id, step="delivered")
        if by_end(row.on_date, year)
    ]
    value = sum(map(square_metres, rows), Fraction(0))
    return or_filed(rows, value, world.filed(year, region_id=place.id))


@county("support.tenants")
def _(world, place, year):
    rows = [
        row
        for enclave in hosted(world, place, year)
        for row in world.of("tenants", enclave_id=enclave.id)
        if row.moved_in_on is None or by_end(row.moved_in_on, year)
    ]
    firms = {firm_of(row) for row in rows if not by_end(row.moved_out_on, year)}
    return or_filed(rows, len(firms), world.filed(year, region_id=place.id))


@county("support.returns_due")
def _(world, place, year):
    enclaves = hosted(world, place, year)
    if not enclaves:
        return 0 if world.known(place, year) else None
    due = Fraction(0)
    for enclave in enclaves:
        kind = kind_at_end(enclave, year)
        returns, shares = returns_due(world, enclave, year), due_of_shares(world, enclave, year)
        promises = kind == "income" or bool(terms_of(world, enclave))
        splits = kind == "industrial" or bool(splits_of(world, enclave))
        if (promises and returns is None) or (splits and shares is None):
            return None
        due += (returns or 0) + (shares or 0)
    return due


def on_time_in(entry: Row, year: int) -> bool:
    """Due in the year and paid by then; without a day to be paid by, paid in the year."""
    if entry.due_on is None:
        return in_year(entry.occurred_on, year)
    return in_year(entry.due_on, year) and entry.occurred_on <= entry.due_on


def due_in(entry: Row, year: int) -> bool:
    return in_year(entry.due_on or entry.occurred_on, year)


@county("support.returns_on_time")
def _(world, place, year):
    rows = [
        entry
        for enclave in hosted(world, place, year)
        for kind in ("rebate", "tax_share")
        for entry in world.money(kind, None, enclave_id=enclave.id)
        if due_in(entry, year)
    ]
    return or_filed(
        rows,
        wan(row for row in rows if on_time_in(row, year)),
        world.filed(year, region_id=place.id),
    )


def _paid(world: World, place: Row, year: int, kind: str) -> list[Row]:
    return [
        entry
        for pair in world.pairs_of(place, year, "supporter")
        for entry in world.money(kind, year, pairing_id=pair.id)
    ]


@county("support.aid_paid")
def _(world, place, year):
    rows = _paid(world, place, year, "aid_sent")
    return or_filed(rows, wan(rows), world.filed(year, region_id=place.id))


@county("support.aid_on_time")
def _(world, place, year):
    def day(entry: Row) -> date:
        """规定日期依次取该笔的应付日期、结对任务的完成期限、支援县任务的完成期限，都没有的为12月31日。"""
        task = {"year": year, "measure": "support.aid_paid"}
        due = [
            entry.due_on,
            *(row.due_on for row in world.of("targets", pairing_id=entry.pairing_id, **task)),
            *(row.due_on for row in world.of("targets", region_id=place.id, **task)),
        ]
        return next((day for day in due if day is not None), date(year, 12, 31))

    rows = _paid(world, place, year, "aid_sent")
    on_time = [row for row in rows if row.occurred_on <= day(row)]
    return or_filed(rows, wan(on_time), world.filed(year, region_id=place.id))


@county("support.social_aid")
def _(world, place, year):
    rows = _paid(world, place, year, "social_aid")
    return or_filed(rows, wan(rows), world.filed(year, region_id=place.id))


def supported(world: World, place: Row, year: int) -> list[Row]:
    """The projects of a supporter's pairs."""

    def by_supporter() -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in world.tables["projects"]:
            sides = sides_of(world, row, year)
            if sides is not None:
                found[sides[0]].append(row)
        return found

    return world.once(("supported", year), by_supporter).get(place.id, [])


@county("support.projects")
def _(world, place, year):
    rows = [row for row in supported(world, place, year) if cooperates(row)]
    return or_filed(
        rows, sum(counts(row, year) for row in rows), world.filed(year, region_id=place.id)
    )


@county("support.projects_large")
def _(world, place, year):
    rows = [row for row in supported(world, place, year) if cooperates(row)]
    value = sum(counts(row, year) and is_large(row) for row in rows)
    return or_filed(rows, value, world.filed(year, region_id=place.id))


@county("support.funds_in_place")
def _(world, place, year):
    rows = [
        entry
        for project in supported(world, place, year)
        if cooperates(project)
        for entry in world.money("funds_in_place", year, project_id=project.id)
    ]
    return or_filed(rows, wan(rows), world.filed(year, region_id=place.id))


# 设区市.


def _counties_of(world: World, city: Row) -> list[Row]:
    return world.of("regions", parent_id=city.id, level="county")


def city_recipients(world: World, city: Row, year: int) -> int:
    end = date(year, 12, 31)
    return sum(
        world.listed("county_listings", place.id, end)
        or any(in_year(r.left_on, year) for r in world.of("county_listings", region_id=place.id))
        for place in _counties_of(world, city)
    )


def city_supporters(world: World, city: Row, year: int) -> int:
    end = date(year, 12, 31)
    return sum(
        any(world.stands(pair, end) for pair in world.of("pairings", supporter_id=place.id))
        for place in _counties_of(world, city)
    )


CITY["city.recipients"] = city_recipients
CITY["city.supporters"] = city_supporters
