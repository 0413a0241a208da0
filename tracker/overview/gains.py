"""双赢: what each side of a pair gave and got over the years. Nothing of different kinds is added:
a line is one kind of money or of people, and only its own years make its sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from sqlalchemy import ColumnElement, and_, extract, func, or_, select

from tracker.core.db import db
from tracker.core.quantities.days import last_day
from tracker.core.quantities.figure import YUAN, Figure, added
from tracker.records.enclaves.models import Enclave
from tracker.records.exchanges.models import Secondment
from tracker.records.exchanges.models import Side as Sender
from tracker.records.exchanges.sums import by_month
from tracker.records.ledger.between import RECIPIENT, SUPPORTER
from tracker.records.ledger.models import EntryKind, LedgerEntry
from tracker.records.ledger.queries import Sum
from tracker.records.ledger.sums import YEAR, totals
from tracker.records.pairings.models import Pairing
from tracker.records.projects.models import Project


class Group(Enum):
    """Whose line it is and which way; the words are for people."""

    SUPPORTER_GAVE = "支援方给出"
    SUPPORTER_GOT = "支援方得到"
    RECIPIENT_GAVE = "受援方给出"
    RECIPIENT_GOT = "受援方得到"


# Where a line is read: of the pairing itself, of projects or enclaves by the land that they lie in,
# or of what both do together.
PAIRING, PROJECT, ENCLAVE, EXCHANGE, CADRES = "pairing", "project", "enclave", "exchange", "cadres"


@dataclass(frozen=True)
class Line:
    """One thing that a side gave or got. `of` and `key` say where it is read, `land` whose land
    projects and enclaves lie in, or whose cadres they are."""

    group: Group
    label: str
    of: str
    key: str
    land: str = ""
    unit: str = YUAN
    short: str = ""  # four characters, where it stands in the picture

    @property
    def is_money(self) -> bool:
        """Whether it is in 元."""
        return self.unit == YUAN


def _money(
    group: Group, label: str, of: str, kind: EntryKind, land: str = "", short: str = ""
) -> Line:
    return Line(group, label, of, kind.value, land, short=short)


_K = EntryKind
LINES: Sequence[Line] = (
    _money(Group.SUPPORTER_GAVE, "援建资金拨付", PAIRING, _K.AID_SENT),
    _money(Group.SUPPORTER_GAVE, "社会帮扶资金", PAIRING, _K.SOCIAL_AID),
    Line(Group.SUPPORTER_GAVE, "消费帮扶采购", EXCHANGE, "consumption"),
    _money(Group.SUPPORTER_GAVE, "土地指标调剂资金", PAIRING, _K.LAND_QUOTA),
    _money(Group.SUPPORTER_GAVE, "飞地返利兑付", ENCLAVE, _K.REBATE, SUPPORTER),
    _money(Group.SUPPORTER_GAVE, "飞地税收分成", ENCLAVE, _K.TAX_SHARE, SUPPORTER),
    Line(Group.SUPPORTER_GAVE, "新派挂职干部", CADRES, "cadres", SUPPORTER, "人"),
    Line(Group.SUPPORTER_GAVE, "新派专技人才", EXCHANGE, "specialists", unit="人次"),
    _money(
        Group.SUPPORTER_GOT,
        "飞地完成投资",
        ENCLAVE,
        _K.COMPLETED_INVESTMENT,
        SUPPORTER,
        short="飞地投资",
    ),
    _money(
        Group.SUPPORTER_GOT,
        "飞地地方留存税收",
        ENCLAVE,
        _K.RETAINED_TAX,
        SUPPORTER,
        short="地方留存",
    ),
    _money(
        Group.SUPPORTER_GOT, "项目到位资金", PROJECT, _K.FUNDS_IN_PLACE, SUPPORTER, short="项目资金"
    ),
    _money(Group.SUPPORTER_GOT, "土地指标（按调剂资金）", PAIRING, _K.LAND_QUOTA, short="土地指标"),
    _money(Group.SUPPORTER_GOT, "域内飞地返利", ENCLAVE, _K.REBATE, RECIPIENT, short="域内返利"),
    _money(
        Group.SUPPORTER_GOT, "域内飞地税收分成", ENCLAVE, _K.TAX_SHARE, RECIPIENT, short="域内分成"
    ),
    _money(Group.RECIPIENT_GAVE, "飞地出资到位", ENCLAVE, _K.CAPITAL_PAID, SUPPORTER),
    _money(Group.RECIPIENT_GAVE, "土地指标（按调剂资金）", PAIRING, _K.LAND_QUOTA),
    Line(Group.RECIPIENT_GAVE, "新派挂职干部", CADRES, "cadres", RECIPIENT, "人"),
    _money(Group.RECIPIENT_GOT, "援建资金到账", PAIRING, _K.AID_RECEIVED, short="援建资金"),
    _money(Group.RECIPIENT_GOT, "社会帮扶资金", PAIRING, _K.SOCIAL_AID, short="社会帮扶"),
    _money(
        Group.RECIPIENT_GOT, "项目到位资金", PROJECT, _K.FUNDS_IN_PLACE, RECIPIENT, short="项目资金"
    ),
    _money(
        Group.RECIPIENT_GOT,
        "域内飞地完成投资",
        ENCLAVE,
        _K.COMPLETED_INVESTMENT,
        RECIPIENT,
        short="域内投资",
    ),
    _money(Group.RECIPIENT_GOT, "飞地返利", ENCLAVE, _K.REBATE, SUPPORTER, short="飞地返利"),
    _money(Group.RECIPIENT_GOT, "飞地税收分成", ENCLAVE, _K.TAX_SHARE, SUPPORTER, short="税收分成"),
    _money(Group.RECIPIENT_GOT, "土地指标调剂资金", PAIRING, _K.LAND_QUOTA, short="调剂资金"),
    Line(Group.RECIPIENT_GOT, "消费帮扶销售", EXCHANGE, "consumption", short="消费帮扶"),
    Line(Group.RECIPIENT_GOT, "培训", EXCHANGE, "trained", unit="人次"),
    Line(Group.RECIPIENT_GOT, "培训后就业", EXCHANGE, "employed", unit="人次"),
)
_MONEY = [_K(key) for key in {each.key for each in LINES if each.of not in (EXCHANGE, CADRES)}]
Key = tuple[str, str, str]  # of, key, land
ByYear = Mapping[int, Figure]


@dataclass(frozen=True)
class Flow:
    """A line with its years; a year of which nothing is on record is not there."""

    line: Line
    years: ByYear

    @property
    def whole(self) -> Figure | None:
        """All years together; None where nothing is on record."""
        return added(self.years.values())


@dataclass(frozen=True)
class Gains:
    """A pair with all lines of which anything is on record."""

    pairing: Pairing
    flows: Sequence[Flow]

    def of(self, group: Group) -> list[Flow]:
        """The lines of one side and way."""
        return [flow for flow in self.flows if flow.line.group is group]

    def whole(self, group: Group, label: str) -> Figure | None:
        """The sum of one line; None where nothing is on record."""
        flows = (flow for flow in self.of(group) if flow.line.label == label)
        return next((flow.whole for flow in flows), None)

    @property
    def years(self) -> list[int]:
        """The years of which anything is on record."""
        return sorted({year for flow in self.flows for year in flow.years})

    @property
    def both(self) -> bool:
        """Whether it is on record of either side that it got something."""
        return bool(self.of(Group.SUPPORTER_GOT) and self.of(Group.RECIPIENT_GOT))


def gains_of(pairs: Sequence[Pairing], year: int) -> list[Gains]:
    """What the sides of each of `pairs` gave and got until the end of `year`: five statements."""
    found = _read(pairs, last_day(year))
    return [
        Gains(
            pair,
            [
                Flow(line, found[pair.id][line.of, line.key, line.land])
                for line in LINES
                if (line.of, line.key, line.land) in found[pair.id]
            ],
        )
        for pair in pairs
    ]


def _read(pairs: Sequence[Pairing], last: date) -> Mapping[int, Mapping[Key, ByYear]]:
    """Pairing (id) → line → year → figure."""
    parts: dict[int, dict[Key, dict[int, list[Figure]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    ids = [pair.id for pair in pairs]
    sides: dict[tuple[int, int], list[Pairing]] = defaultdict(list)
    for pair in pairs:
        sides[pair.supporter_id, pair.recipient_id].append(pair)
    until = LedgerEntry.occurred_on <= last
    of_kinds = LedgerEntry.kind.in_(_MONEY)

    own = totals(
        LedgerEntry.pairing_id.in_(ids),
        of_kinds,
        until,
        by=(LedgerEntry.pairing_id, YEAR, LedgerEntry.kind),
    )
    for (pairing_id, year, kind), of in own.items():
        parts[pairing_id][PAIRING, kind.value, ""][int(year)].append(of.figure)
    for pair, region_id, year, kind, of in _of_projects(pairs, sides, of_kinds, until):
        land = SUPPORTER if region_id == pair.supporter_id else RECIPIENT
        parts[pair.id][PROJECT, kind.value, land][year].append(of.figure)
    places = {place for both in sides for place in both}
    enclaves = totals(
        LedgerEntry.enclave_id == Enclave.id,
        Enclave.origin_id.in_(places),
        Enclave.host_id.in_(places),
        of_kinds,
        until,
        by=(Enclave.origin_id, Enclave.host_id, YEAR, LedgerEntry.kind),
    )
    for (origin, host, year, kind), of in enclaves.items():
        for pair in sides.get((host, origin), []):
            parts[pair.id][ENCLAVE, kind.value, SUPPORTER][int(year)].append(of.figure)
        for pair in sides.get((origin, host), []):
            parts[pair.id][ENCLAVE, kind.value, RECIPIENT][int(year)].append(of.figure)
    for pairing_id, key, year, _month, amount in by_month(ids, date(1949, 1, 1), last):
        parts[pairing_id][EXCHANGE, key, ""][year].append(amount)
    for pairing_id, sender, year, number in _cadres(ids, last):
        land = SUPPORTER if sender is Sender.SUPPORTER else RECIPIENT
        people = Figure(Decimal(number), "人")
        parts[pairing_id][CADRES, "cadres", land][int(year)].append(people)

    return {
        pair.id: {
            key: {year: whole for year, of in years.items() if (whole := added(of)) is not None}
            for key, years in parts[pair.id].items()
        }
        for pair in pairs
    }


def _of_projects(
    pairs: Sequence[Pairing],
    sides: Mapping[tuple[int, int], Sequence[Pairing]],
    *which: ColumnElement[bool],
) -> Iterable[tuple[Pairing, int, int, EntryKind, Sum]]:
    """(pair, where the project lies, year, kind, sum) of the pairs' projects; see
    `ledger.between.projects_between`."""
    by_id = {pair.id: pair for pair in pairs}
    places = {place for both in sides for place in both}
    unnamed = and_(
        Project.pairing_id.is_(None),
        Project.region_id.in_(places),
        Project.partner_id.in_(places),
    )
    found = totals(
        LedgerEntry.project_id == Project.id,
        or_(Project.pairing_id.in_(by_id), unnamed),
        *which,
        by=(Project.pairing_id, Project.region_id, Project.partner_id, YEAR, LedgerEntry.kind),
    )
    for (pairing_id, region_id, partner_id, year, kind), of in found.items():
        if pairing_id is not None:
            yield by_id[pairing_id], region_id, int(year), kind, of
            continue
        for both in ((region_id, partner_id), (partner_id, region_id)):
            for pair in sides.get(both, []):
                yield pair, region_id, int(year), kind, of


def _cadres(ids: Sequence[int], last: date) -> Iterable[tuple[int, Sender, int, int]]:
    """(pairing, who sent, year, how many were sent anew)."""
    year = extract("year", Secondment.starts_on)
    statement = (
        select(Secondment.pairing_id, Secondment.sent_by, year, func.count())
        .where(Secondment.pairing_id.in_(ids), Secondment.starts_on <= last)
        .group_by(Secondment.pairing_id, Secondment.sent_by, year)
    )
    return [tuple(row) for row in db.session.execute(statement)]  # type: ignore[misc]
