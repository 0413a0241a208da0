"""What the map shows of a year: a figure of each county, the pairs in force, the enclaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.quantities.clock import today
from tracker.core.quantities.days import last_day
from tracker.core.quantities.figure import Figure
from tracker.overview.chart import short_name
from tracker.overview.map.drawing import LARGE, SIZE, Mark, Name, arc, names_with_room, radius_of
from tracker.overview.map.groups import Group, groups_of
from tracker.overview.map.outlines import Map, Point
from tracker.overview.progress import ASKED, Progress, counties_in, progress_of
from tracker.records.enclaves.models import Enclave
from tracker.records.enclaves.queries import touching
from tracker.records.enclaves.stood import standing
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.places.models import Region
from tracker.year.measures.catalogue import CATALOGUE
from tracker.year.measures.declare import Measure

# What counties can be coloured by: the measures of the overview's tasks.
CHOICES = [(name, CATALOGUE.measures[name].label) for name in ASKED]
BOTH, PAIRS, ENCLAVES, NEITHER = "both", "pairs", "enclaves", "none"
LAYERS = [
    (BOTH, "结对和飞地"),
    (PAIRS, "结对"),
    (ENCLAVES, "飞地"),
    (NEITHER, "不叠加"),
]


@dataclass(frozen=True)
class Row:
    """A county of the table: its figure (None: none is reported; `asked` says whether a task waits
    for one), the partners of its pairs, how many enclaves it runs and hosts."""

    region: Region
    done: Figure | None
    asked: bool
    group: int | None
    partners: Sequence[str]
    runs: int
    hosts: int
    path: str


@dataclass(frozen=True)
class Bow:
    """A pair as an arc, from who receives to who supports."""

    path: str
    words: str


@dataclass(frozen=True)
class Shown:
    """All of the picture and its table: `few_names` for a phone, `rows` by value, `missing` the
    counties in view that the map lacks, `beyond` the paths of places that are not in view."""

    measure: Measure
    rows: Sequence[Row]
    groups: Sequence[Group]
    names: Sequence[Name]
    few_names: Sequence[Name]
    bows: Sequence[Bow]
    marks: Sequence[Mark]
    missing: Sequence[str]
    beyond: Sequence[str]
    pairs: int
    enclaves: int
    on: date

    @property
    def silent(self) -> int:
        """How many counties have a task and no report."""
        return sum(1 for row in self.rows if row.done is None and row.asked)

    @property
    def without(self) -> int:
        """How many have neither."""
        return sum(1 for row in self.rows if row.done is None and not row.asked)


def shown(regions: Select[int], year: int, name: str, layer: str, land: Map) -> Shown:
    """The map of `year` for the counties among `regions` (ids), coloured by the measure `name`."""
    counties = [each for each in counties_in(regions) if each.abolished_on is None]
    on = min(last_day(year), today())
    found = {one.region.id: one for one in progress_of(counties, year, [name])}
    values = {
        each.code: one.done
        for each in counties
        if each.code and (one := found.get(each.id)) and one.done is not None
    }
    groups = groups_of(values)
    of_group = {code: group.number for group in groups for code in group.codes}
    pairs = _pairs(regions, on)
    enclaves = _enclaves(regions, year)
    rows = _rows(counties, found, of_group, pairs, enclaves, land)
    middles = _middles(land)
    own = {each.code for each in counties}
    return Shown(
        measure=CATALOGUE.measures[name],
        rows=rows,
        groups=groups,
        names=names_with_room(_named(rows, middles), SIZE),
        few_names=names_with_room(_named(rows, middles), LARGE),
        bows=_bows(pairs, middles) if layer in (BOTH, PAIRS) else [],
        marks=_marks(enclaves, middles) if layer in (BOTH, ENCLAVES) else [],
        missing=[each.name for each in counties if each.code not in land.outlines],
        beyond=[each.path for code, each in land.outlines.items() if code not in own],
        pairs=len(pairs),
        enclaves=len(enclaves),
        on=on,
    )


def _pairs(regions: Select[int], on: date) -> list[Pairing]:
    statement = pairings.in_force(on).where(pairings.touching(regions))
    sides = joinedload(Pairing.supporter), joinedload(Pairing.recipient)
    return list(db.session.scalars(statement.options(*sides)))


def _enclaves(regions: Select[int], year: int) -> list[Enclave]:
    statement = select(Enclave).where(touching(regions), *standing(year)).order_by(Enclave.code)
    sides = joinedload(Enclave.origin_region), joinedload(Enclave.host_region)
    return list(db.session.scalars(statement.options(*sides)))


def _rows(
    counties: Iterable[Region],
    found: Mapping[int, Progress],
    of_group: Mapping[str, int],
    pairs: Iterable[Pairing],
    enclaves: Sequence[Enclave],
    land: Map,
) -> list[Row]:
    partners: dict[int, list[str]] = defaultdict(list)
    for pair in pairs:
        partners[pair.recipient_id].append(pair.supporter.name)
        partners[pair.supporter_id].append(pair.recipient.name)
    rows = []
    for each in counties:
        one = found.get(each.id)
        outline = land.outlines.get(each.code or "")
        rows.append(
            Row(
                each,
                one.done if one else None,
                bool(one and one.asked is not None),
                of_group.get(each.code or ""),
                list(dict.fromkeys(partners[each.id])),
                sum(1 for enclave in enclaves if enclave.origin_id == each.id),
                sum(1 for enclave in enclaves if enclave.host_id == each.id),
                outline.path if outline else "",
            )
        )
    return sorted(rows, key=_by_value)


def _by_value(row: Row) -> tuple[bool, Decimal]:
    return row.done is None, Decimal(0) if row.done is None else -row.done.value


def _middles(land: Map) -> dict[str, Point]:
    """The points of counties, and of cities: the mean of those of their counties."""
    middles = {code: each.middle for code, each in land.outlines.items()}
    of_city: dict[str, list[Point]] = defaultdict(list)
    for code, point in middles.items():
        of_city[f"{code[:4]}00"].append(point)
    for code, points in of_city.items():
        xs, ys = zip(*points, strict=True)
        middles[code] = (round(sum(xs) / len(xs)), round(sum(ys) / len(ys)))
    return middles


def _named(rows: Iterable[Row], middles: Mapping[str, Point]) -> Iterable[tuple[str, Point]]:
    for row in rows:
        if point := middles.get(row.region.code or ""):
            yield short_name(row.region.name), point


def _bows(pairs: Iterable[Pairing], middles: Mapping[str, Point]) -> list[Bow]:
    ends: dict[tuple[Point, Point], str] = {}
    for pair in pairs:
        start, end = (middles.get(side.code or "") for side in (pair.recipient, pair.supporter))
        if start and end:
            ends[start, end] = f"{pair.recipient.name}—{pair.supporter.name}"
    return [Bow(arc(*at), words) for at, words in ends.items()]


def _marks(enclaves: Iterable[Enclave], middles: Mapping[str, Point]) -> list[Mark]:
    lying: dict[str, list[Enclave]] = defaultdict(list)
    for each in enclaves:
        code = each.host_region.code
        if code and code in middles:
            lying[code].append(each)
    found = []
    for code, own in lying.items():
        x, y = middles[code]
        names = "、".join(each.name for each in own[:5]) + ("等" if len(own) > 5 else "")
        words = f"{own[0].host_region.name}：{len(own)} 个飞地，{names}"
        found.append(Mark(x, y + 22, radius_of(len(own)), len(own), words))
    return sorted(found, key=lambda mark: -mark.number)
