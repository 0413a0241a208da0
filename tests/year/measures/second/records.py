"""A world of plain records, as they are exported: rows by table, and what several definitions ask
of them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta, timezone
from fractions import Fraction
from functools import cached_property
from types import SimpleNamespace
from typing import Any

Row = SimpleNamespace
BEIJING = timezone(timedelta(hours=8))
MU = Fraction("666.67")  # m² of a 亩
WAN = 10_000  # 元 of a 万元


class World:
    """Rows by table; names are those of the tables and columns of the data dictionary."""

    def __init__(self, tables: Mapping[str, Iterable[Mapping[str, object]]], today: date) -> None:
        self.tables = {name: [Row(**row) for row in rows] for name, rows in tables.items()}
        self.today = today
        self._by: dict[tuple[str, str], dict[object, list[Row]]] = {}
        self._once: dict[object, Any] = {}

    def of(self, table: str, **fields: object) -> list[Row]:
        """The rows of a table with these values; the first one is looked up in an index."""
        if not fields:
            return self.tables[table]
        (column, value), *others = fields.items()
        if (table, column) not in self._by:
            index: dict[object, list[Row]] = defaultdict(list)
            for row in self.tables[table]:
                index[getattr(row, column)].append(row)
            self._by[table, column] = index
        return [
            row
            for row in self._by[table, column].get(value, ())
            if all(getattr(row, name) == wanted for name, wanted in others)
        ]

    def get(self, table: str, number: int | None) -> Row | None:
        return next(iter(self.of(table, id=number)), None)

    # Money.

    def money(self, kind: str, year: int | None, until: date | None = None, **of: object):
        """Entries that count: neither drafts nor totals over years nor what was reversed, with its
        reversal; of a year, or all up to a day."""
        for row in self.of("ledger_entries", **of):
            if row.kind != kind or row.submitted_at is None or row.cumulative:
                continue
            if row.id in self.undone:
                continue
            if year is not None and row.occurred_on.year != year:
                continue
            if until is not None and row.occurred_on > until:
                continue
            yield row

    @cached_property
    def undone(self) -> set[int]:
        """Entries that were reversed, and the reversals."""
        found = set()
        for row in self.tables["ledger_entries"]:
            if row.reversal_of_id is not None:
                found |= {row.id, row.reversal_of_id}
        return found

    # Pairs.

    @cached_property
    def rounds_of(self) -> dict[int, set[int]]:
        """The rounds that name a pairing."""
        found: dict[int, set[int]] = defaultdict(set)
        for citation in self.tables["pairing_citations"]:
            if citation.round_id is not None:
                found[citation.pairing_id].add(citation.round_id)
        return found

    def stands(self, pairing: Row, day: date) -> bool:
        """Whether a pairing is in force on a day: from its first day to its last; one that a round
        named and that has no last day, until a later round of its scheme names others for the
        recipient."""
        if pairing.since is not None and pairing.since > day:
            return False
        if pairing.until is not None:
            return pairing.until >= day
        own = self._named(pairing, day)
        if not own:
            return True  # no round names it, so none ended it
        return not any(
            max(theirs) > max(own)
            for other in self.of("pairings", recipient_id=pairing.recipient_id)
            if other.scheme == pairing.scheme and (theirs := self._named(other, day))
        )

    def _named(self, pairing: Row, day: date) -> list[date]:
        """When rounds of its own scheme began that name a pairing, up to a day."""
        rounds = [self.get("pairing_rounds", number) for number in self.rounds_of[pairing.id]]
        return [
            row.starts_on for row in rounds if row.scheme == pairing.scheme and row.starts_on <= day
        ]

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once."""
        if key not in self._once:
            self._once[key] = make()
        return self._once[key]

    def pairs(self, year: int) -> list[Row]:
        """In force at the beginning or at the end of the year (rule R19)."""
        days = date(year, 1, 1), date(year, 12, 31)
        return self.once(
            ("pairs", year),
            lambda: [
                row for row in self.tables["pairings"] if any(self.stands(row, d) for d in days)
            ],
        )

    def pairs_of(self, county: Row, year: int, side: str = "either") -> list[Row]:
        columns = ("supporter", "recipient") if side == "either" else (side,)
        return [
            row
            for row in self.pairs(year)
            if any(getattr(row, f"{column}_id") == county.id for column in columns)
        ]

    # Lists.

    def listed(self, table: str, region_id: int, day: date) -> bool:
        return any(
            (row.joined_on is None or row.joined_on <= day)
            and (row.left_on is None or row.left_on > day)
            for row in self.of(table, region_id=region_id)
        )

    def known(self, county: Row, year: int) -> bool:
        """On the list of 山区海岛县 in the year (also if it left in it), or ever paired."""
        paired = any(
            county.id in (row.supporter_id, row.recipient_id) for row in self.tables["pairings"]
        )
        return paired or any(
            (row.joined_on is None or row.joined_on <= date(year, 12, 31))
            and (row.left_on is None or row.left_on >= date(year, 1, 1))
            for row in self.of("county_listings", region_id=county.id)
        )

    # Filings.

    def filed(self, year: int, **of: object) -> bool:
        """Whether the year's last quarterly report or its annual one was filed."""
        return any(
            row.kind in ("q4", "annual") and row.filed_at is not None
            for row in self.of("filings", **of, year=year)
        )

    def on_time(self, year: int, kind: str, **of: object) -> int | None:
        for row in self.of("filings", **of, year=year, kind=kind):
            if row.filed_at is None:
                return 0 if row.due_on < self.today else None
            return int(row.filed_at.astimezone(BEIJING).date() <= row.due_on)
        return None


def total(rows: Iterable[Row], column: str = "amount") -> Fraction:
    return sum((Fraction(getattr(row, column)) for row in rows), Fraction(0))


def wan(rows: Iterable[Row]) -> Fraction:
    """元 of the rows as 万元."""
    return total(rows) / WAN


def rounded(value: Fraction, places: int) -> Fraction:
    unit = Fraction(1, 10**places)
    quotient = abs(value) / unit
    whole = int(quotient + Fraction(1, 2))
    return (whole if value >= 0 else -whole) * unit


def in_year(day: date | None, year: int) -> bool:
    return day is not None and day.year == year


def in_scope(project: Row) -> bool:
    """注明不属于山海协作的项目不计."""
    return project.in_scope is not False


def key_of(name: str | None) -> str:
    """What two names are compared by: NFKC, letter case folded, without blanks."""
    folded = unicodedata.normalize("NFKC", name or "").casefold()
    return "".join(folded.split())


def by_end(day: date | None, year: int) -> bool:
    return day is not None and day <= date(year, 12, 31)


def days_of(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def span(starts: date | None, ends: date | None, year: int) -> tuple[date, date] | None:
    """The part of a span that lies in the year, both days counted."""
    first = max(starts or date.min, date(year, 1, 1))
    last = min(ends or date.max, date(year, 12, 31))
    return (first, last) if first <= last else None


def or_filed(rows: list, value: object, filed: bool) -> object | None:
    """当年没有记录的，已报送第四季度季报或年报的为0，否则为未报。"""
    if rows:
        return value
    return 0 if filed else None
