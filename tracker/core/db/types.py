"""Column types that keep figures exact on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

_LARGEST = 2**63 - 1


class Scaled(TypeDecorator):
    """A decimal with a fixed number of places, stored as an integer of its smallest unit.

    Python side: `Decimal`. Raises ValueError for a value with more places than the column has,
    or one that does not fit; nothing is rounded on its way into the database.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | None, dialect: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, float):
            raise ValueError("a float is not exact; give a Decimal")
        units = Decimal(value).scaleb(self.places)
        if not units.is_finite() or units != units.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimal places")
        if abs(units) > _LARGEST:
            raise ValueError(f"{value} is too large")
        return int(units)

    def process_result_value(self, value: int | Decimal | None, dialect: object) -> Decimal | None:
        if value is None:
            return None
        return Decimal(int(value)).scaleb(-self.places)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable | None:
        """As `process_result_value`, for each of some hundred thousand values of a year."""
        places = -self.places

        def read(value: int | Decimal | None) -> Decimal | None:
            return None if value is None else Decimal(int(value)).scaleb(places)

        return read


class Money(Scaled):
    """An amount of money: 分 in the database, `Decimal` 元 in Python."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(2)


class Coded(TypeDecorator):
    """A member of a coded list, stored by its value."""

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__(max(24, *(len(member.value) for member in members)))
        self.members = members
        self._by_value = {member.value: member for member in members}

    def process_bind_param(self, value: StrEnum | str | None, dialect: object) -> str | None:
        return None if value is None else self._member(value).value

    def process_result_value(self, value: str | None, dialect: object) -> StrEnum | None:
        return None if value is None else self._member(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable | None:
        """As `process_result_value`, for each of some hundred thousand values of a year."""
        known, member = self._by_value, self._member

        def read(value: str | None) -> StrEnum | None:
            return None if value is None else known.get(value) or member(value)

        return read

    def _member(self, value: str) -> StrEnum:
        # A year has hundreds of thousands of them: calling an enum takes ten times as long.
        return self._by_value.get(value) or self.members(value)


class UtcDateTime(TypeDecorator):
    """A moment, always with a time zone in Python; stored in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)
