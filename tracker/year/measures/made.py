"""What a value is made of: exactly the records that made it, and why the others did not.

A measure's function may return a bare number: then every row made it. Where it looks at more than
it counts, it returns a `Made`. Whatever shows, proves or rules on a fact reads what is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Row

Rows = Mapping[str, Sequence[Row]]
NOT_COUNTED = "不符合本项口径"
ONLY_PROOF = "只看附在上面的佐证"  # of what a record belongs to: a file there proves it too


class Share(NamedTuple):
    """A row of a table and what it contributed, in whatever unit orders the rows of its table."""

    table: str
    row: Row
    weight: Decimal | int


@dataclass(frozen=True)
class Made:
    """A value with the rows that made it, `shares`.

    `alike` are rows that tell the same as a counted one (the same person, the same day): they add
    nothing, but a file on one of them proves what was counted. `why` says of any other row of the
    statements why it was not counted, in Chinese.
    """

    value: Decimal | int
    shares: Sequence[Share]
    alike: Sequence[tuple[str, Row]] = ()
    why: Callable[[str, Row], str] = field(default=lambda table, row: NOT_COUNTED)


_WEIGHTS = ("amount", "people", "quantity")


def weight_of(row: Row) -> Decimal | int:
    """What a row contributes by the usual columns: an amount, a number of people, else itself."""
    for name in _WEIGHTS:
        if (weight := getattr(row, name, None)) is not None:
            return weight
    return 1


def shares(
    table: str, rows: Iterable[Row], weight: Callable[[Row], Decimal | int] | None = None
) -> list[Share]:
    """`rows` of `table`, all counted, by their usual weight unless `weight` gives another."""
    counted = list(rows)
    if weight is None:
        # The rows of a table are of one statement, and have the same columns.
        weighed = counted and any(name in counted[0]._fields for name in _WEIGHTS)
        weight = weight_of if weighed else _one
    return [Share(table, row, weight(row)) for row in counted]


def _one(row: Row) -> int:
    return 1


def all_of(rows: Rows) -> list[Share]:
    """Every row of every table, all counted."""
    return [share for table, of_table in rows.items() for share in shares(table, of_table)]


def count(
    rows: Rows, table: str, counts: Callable[[Row], bool], why: Callable[[Row], str] | None = None
) -> Made:
    """How many rows of `table` count; `why` says of one of the others why it does not."""
    counted = [row for row in rows[table] if counts(row)]
    return Made(
        len(counted),
        shares(table, counted, lambda row: 1),
        why=lambda _, row: why(row) if why else NOT_COUNTED,
    )


def distinct(
    rows: Rows,
    tables: Iterable[str],
    key: Callable[[Row], object],
    counts: Callable[[Row], bool] = lambda row: True,
    *,
    same: str,
    why: Callable[[Row], str] | None = None,
) -> Made:
    """How many different keys the rows that count have; of several rows of one key the first is
    counted, and the others are alike, for the reason `same`."""
    first: dict[object, Share] = {}
    alike = []
    for table in tables:
        # A database gives rows in any order: the first is the one that was entered first.
        for row in sorted(rows[table], key=lambda row: getattr(row, "record_id", 0)):
            if not counts(row):
                continue
            if key(row) in first:
                alike.append((table, row))
            else:
                first[key(row)] = Share(table, row, 1)
    again = {id(row) for _, row in alike}

    def reason(table: str, row: Row) -> str:
        if id(row) in again:
            return same
        return why(row) if why else NOT_COUNTED

    return Made(len(first), list(first.values()), alike, reason)


def only(
    value: Decimal | int, table: str, row: Row, *others: tuple[str, Row], why: str = NOT_COUNTED
) -> Made:
    """A value that one row gives; `others` tell the same."""
    return Made(value, [Share(table, row, 1)], others, lambda *_: why)
