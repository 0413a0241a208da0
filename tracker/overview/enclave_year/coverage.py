"""Which counties of the list have enclaves of which kind, and where the holes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.core.quantities.days import last_day
from tracker.records.enclaves.models import Direction, Enclave, EnclaveKind
from tracker.records.places.models import Region

THREE = (EnclaveKind.INDUSTRIAL, EnclaveKind.INNOVATION, EnclaveKind.INCOME)
FIRST_DEVELOPMENT = 2025  # before, there is neither 发展飞地 nor the task of two ways


@dataclass(frozen=True)
class Row:
    """A county with how many enclaves of each kind are its own, run by it elsewhere (`outbound`) or
    by the strong side in it (`inbound`); `unnamed` have no kind yet."""

    place: Region
    numbers: Mapping[EnclaveKind, int]
    unnamed: int
    outbound: int
    inbound: int

    def hole(self, kind: EnclaveKind) -> bool | None:
        """Whether it has none of `kind`; None where one without a kind may be of it."""
        if self.numbers.get(kind):
            return False
        return None if self.unnamed else True

    @property
    def two_ways(self) -> bool:
        """Whether both sides build in the other's land (双向)."""
        return bool(self.outbound and self.inbound)


@dataclass(frozen=True)
class Covered:
    """Of the counties (`number`) how many have an enclave of `kind`, lack one, or may have one."""

    kind: EnclaveKind
    having: Sequence[Row]
    lacking: Sequence[Row]
    unknown: Sequence[Row]

    @property
    def number(self) -> int:
        """All of them."""
        return len(self.having) + len(self.lacking) + len(self.unknown)


def kinds_of(year: int) -> tuple[EnclaveKind, ...]:
    """The kinds that there are in `year`."""
    return (*THREE, EnclaveKind.DEVELOPMENT) if year >= FIRST_DEVELOPMENT else THREE


def mountain_side(enclave: Enclave) -> int:
    """The region (id) of the mountain or island side, whose enclave it is."""
    return enclave.origin_id if enclave.direction is Direction.OUTBOUND else enclave.host_id


def matrix(places: Iterable[Region], enclaves: Iterable[Enclave], year: int) -> list[Row]:
    """The counties `places` with those of `enclaves` that are their own, by the kinds of 31
    December."""
    own: dict[int, list[Enclave]] = {}
    for each in enclaves:
        own.setdefault(mountain_side(each), []).append(each)
    return [_row(place, own.get(place.id, []), year) for place in places]


def _row(place: Region, own: Sequence[Enclave], year: int) -> Row:
    kinds = [each.kind_on(last_day(year)) for each in own]
    return Row(
        place,
        {kind: kinds.count(kind) for kind in EnclaveKind if kind in kinds},
        kinds.count(None),
        sum(each.direction is Direction.OUTBOUND for each in own),
        sum(each.direction is Direction.INBOUND for each in own),
    )


def covered(rows: Sequence[Row], kinds: Iterable[EnclaveKind]) -> list[Covered]:
    """How far each kind covers the counties."""
    return [
        Covered(kind, *([row for row in rows if row.hole(kind) is is_hole] for is_hole in _ANSWERS))
        for kind in kinds
    ]


_ANSWERS = (False, True, None)
