"""What a kind of record is declared with: its fields, columns, filters, acts, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, SQLColumnExpression

Look = Callable[[Any, Any], "Markup | str"]  # (value, record) → what stands on the page
Choices = Sequence[tuple[object, str]]


@dataclass(frozen=True)
class SameForAll:
    """What a link of a kind offers to a user, the same whatever the record is: looked up once for
    many rows."""

    find: Callable[[Any], Choices]

    def __call__(self, user: Any, record: Any = None) -> Choices:
        return self.find(user)


class Show(StrEnum):
    """From which width of the screen a column of a list is shown."""

    ALWAYS = "always"
    DESK = "desk"  # 1280 px
    WIDE = "wide"  # 1920 px


@dataclass(frozen=True)
class Blocked:
    """Why an act is not possible now, and what to do; a sentence for the person. `status`: 403
    where it is not the person's to do, 409 where things do not stand so."""

    reason: str
    status: int = 403


@dataclass(frozen=True)
class Field:
    """A figure of a record: the attribute `name`, or a path of them ("enclave.origin_region").

    Label and look follow from the column's words and type unless given. `value` computes what no
    attribute holds. Where `applies` says no, 不适用 stands. `unit` is what the figures of a look of
    one's own are in: it stands in a list's head, and the look gives bare figures. `number`: that
    what `value` computes is one.
    """

    name: str
    label: str = ""
    value: Callable[[Any], Any] | None = None
    look: Look | None = None
    applies: Callable[[Any], bool] | None = None
    unit: str = ""
    number: bool = False


@dataclass(frozen=True)
class Column(Field):
    """A column of a list.

    `sort`: True for the attribute itself, else an expression or several (see `through`). `phone`:
    whether a phone's card has it; the first three after the title unless said. `total`: that the
    list ends with the sum of the attribute over all that it was narrowed to, of every page.
    `bounded`: that its figures may carry ≥, ≤ or ≈, which a file keeps in a column behind it.
    """

    sort: bool | SQLColumnExpression | tuple[SQLColumnExpression, ...] = False
    show: Show = Show.ALWAYS
    phone: bool | None = None
    total: bool = False
    bounded: bool = False


@dataclass(frozen=True)
class Total:
    """What a column adds up to: `value` is a Figure, or a number as its attribute is kept; None
    where nothing is known. `unknown` of the records have no figure and are not in it."""

    value: Any
    unknown: int = 0


@dataclass(frozen=True)
class Filter:
    """A choice above a list, kept in the address as `?name=value`.

    `narrow` gives the condition of a value that is among the choices, or of "" where nothing was
    chosen; None narrows nothing. Values that are not offered count as nothing chosen. `year_of`
    gives what it holds against the year in view: a day or a year, NULL where it is of no year.
    """

    name: str
    label: str
    choices: Choices | Callable[[Any], Choices]
    narrow: Callable[[str], ColumnElement[bool] | None]
    blank: str | Callable[[], str] = "全部"
    year_of: Callable[[], ColumnElement[Any]] | None = None

    def offered(self, user: Any) -> list[tuple[str, str]]:
        """The choices as text, by (value, label)."""
        found = self.choices(user) if callable(self.choices) else self.choices
        return [(str(value), label) for value, label in found]


@dataclass(frozen=True)
class Section:
    """A part of a record's page: `data(record)` for `template`; None leaves the section out."""

    heading: str
    template: str
    data: Callable[[Any], Mapping[str, object] | None]
    anchor: str


@dataclass(frozen=True)
class Action:
    """Something to do with a record: shown to those who have `permission` where `fits` says that
    it makes sense at all; grey with its reason where `blocked` gives one."""

    label: str
    icon: str
    permission: StrEnum
    address: Callable[[Any], str]
    blocked: Callable[[Any, Any], Blocked | None] = lambda user, record: None
    primary: bool = False
    fits: Callable[[Any, Any], bool] = lambda user, record: True


@dataclass(frozen=True)
class Scope:
    """Whose records are whose: conditions on the model, and who may change one.

    `seen` for a record by its address, `in_view` for lists (narrowed by the switch at the top).
    `owner` is the path to the region that the record belongs to ("region_id"); a new record gets
    the user's own region there unless the form asks for it, from `owners(user)`. `foreign` says
    why a record is not the user's by its place alone, whatever its state; as `blocked` unless
    given.
    """

    seen: Callable[[Any], ColumnElement[bool]]
    in_view: Callable[[Any], ColumnElement[bool]]
    blocked: Callable[[Any, Any], Blocked | None]
    owner: str = ""
    owners: Callable[[Any], Choices] | None = None
    foreign: Callable[[Any, Any], Blocked | None] | None = None
    paths: tuple[str, ...] = ()  # of the regions of which the first that there is owns a record
