"""What a feature declares of a kind of record; the pages follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from flask import current_app, g, url_for
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, false, inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db
from tracker.web.forms import Form
from tracker.web.kit.declared import (
    Action,
    Blocked,
    Choices,
    Column,
    Field,
    Filter,
    Scope,
    Section,
    Total,
)
from tracker.web.kit.spans import Span
from tracker.web.plausibility import Doubt


@dataclass(frozen=True)
class Parent:
    """The record that others are entered under: its kind and the child's column (`enclave_id`).

    `fits` says whether a record of the parent's kind has such children at all; `instead` gives the
    address of another page on which they are entered under this one now, "" for their own form.
    `blocked` says why nothing changes under it, where that is not what speaks against changing it.
    """

    kind: Kind
    column: str
    fits: Callable[[Any], bool] = lambda record: True
    instead: Callable[[Any], str] = lambda record: ""
    blocked: Callable[[Any, Any], Blocked | None] | None = None

    def stands_against(self, user: Any, record: Any) -> Blocked | None:
        """Why `user` enters and changes nothing under `record`."""
        return (self.blocked or self.kind.blocked)(user, record)


def _nobodys(user: Any) -> ColumnElement[bool]:
    return false()


_AS_PARENT = Scope(_nobodys, _nobodys, lambda user, record: None)  # where a kind says no scope


@dataclass(eq=False)
class Kind:
    """A kind of record and its pages; see docs/web.md, "Adding a record"."""

    key: str
    model: type[Any]
    label: str
    view: StrEnum
    edit: StrEnum | None = None
    scope: Scope = _AS_PARENT
    parent: Parent | None = None
    name: Callable[[Any], str] = lambda record: record.name
    load: tuple = ()
    load_detail: tuple = ()
    prepare: Callable[[Sequence[Any]], None] | None = None
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    search: Sequence[SQLColumnExpression] = ()
    # Columns of the model with names that keep no sound of their own: found by it all the same.
    heard: Sequence[InstrumentedAttribute[str]] = ()
    search_label: str = "名称"
    order: str = ""
    groups: Sequence[tuple[str, Sequence[str | Field]]] = ()
    subline: Sequence[Field] = ()
    form: type[Form] | None = None
    constraints: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # What speaks against a record as it would stand beside the others: (field, sentence).
    against: Callable[[Any], tuple[str, str] | None] = lambda record: None
    # Rows of one thing that overlap in time are asked about once.
    span: Span | None = None
    choices: Mapping[str, Callable[[Any, Any], Choices]] = field(default_factory=dict)
    defaults: Callable[[Any, Any], Mapping[str, object]] = lambda user, parent: {}
    create: Callable[..., Any] | None = None
    update: Callable[..., None] | None = None
    remove: Callable[..., None] | None = None
    # (record or None, parent, values) → what is unusual of them beside others; asked about once
    doubts: Callable[[Any, Any, Mapping[str, Any]], Sequence[Doubt]] = lambda *about: ()
    ending: str = ""
    changeable: Callable[[Any], bool] = lambda record: True  # whether 修改 and 删除 are offered
    # Why a record is never deleted any more, and what is done instead; "" while it may be.
    stays: Callable[[Any], str] = lambda record: ""
    actions: Sequence[Action] = ()
    sections: Sequence[Section] = ()
    empty: str = ""
    verb: str = "登记"
    # (user, record or None) → fields that are not in the user's form: others set them
    reserved: Callable[[Any, Any], Collection[str]] = lambda user, record: ()
    # (user, record or None, parent, values) → what speaks against values before they are written:
    # (field, sentence)
    closed: Callable[[Any, Any, Any, Mapping[str, Any]], tuple[str, str] | None] = lambda *about: (
        None
    )
    # what of a record is not asked on its form: field → the sentence that stands in its place
    told: list[Callable[[Any], Mapping[str, str]]] = field(default_factory=list)
    # what follows from a record that was made, changed or deleted
    after: Callable[[Any], None] = lambda record: None
    menu: str = ""
    where: ColumnElement[bool] | None = None
    detail_endpoint: str = ""
    list_template: str = "kit/list.html"
    detail_template: str = "kit/detail.html"
    form_template: str = "kit/form.html"
    per_page: int = 50
    sums: Callable[[Select, int], Mapping[str, Total]] | None = None
    # What a person should know of the record as it is kept, in sentences above its form.
    warnings: Callable[[Any], Sequence[str]] | None = None

    def __post_init__(self) -> None:
        if self.scope is _AS_PARENT:
            if self.parent is None:
                raise ValueError(f"{self.key} has neither a scope nor a parent")
            self.scope = _scope_under(self)
        if not self.order and self.columns:
            self.order = next((c.name for c in self.columns if c.sort is not False), "")
        _kinds.append(self)
        _by_model[self.model].append(self)

    def beside(
        self,
        after: str,
        *columns: Column,
        prepare: Callable[[Sequence[Any]], None],
        sums: Callable[[Select, int], Mapping[str, Total]],
    ) -> None:
        """Hang columns of a feature above onto the list, behind the column `after`. `prepare` loads
        what they show for a page of rows; `sums` adds up all records that a statement selects
        (it is told how many) by the names of the columns."""
        at = next(i for i, column in enumerate(self.columns) if column.name == after) + 1
        self.columns = (*self.columns[:at], *columns, *self.columns[at:])
        self.prepare = prepare
        self.sums = sums

    def narrowed_by(self, *filters: Filter) -> None:
        """Hang filters of a feature above behind those of the list."""
        self.filters = (*self.filters, *filters)

    @property
    def under(self) -> Parent:
        """The parent of a kind whose records are entered under another's."""
        assert self.parent is not None, self.key
        return self.parent

    # -- where its pages are

    @property
    def argument(self) -> str:
        """The name of the record's number in addresses: `project_id`."""
        table = self.model.__tablename__
        singular = f"{table[:-3]}y" if table.endswith("ies") else table.removesuffix("s")
        return f"{singular}_id"

    @property
    def section(self) -> str:
        """The entry of the menu that its pages belong to: its own list's unless `menu` names
        another."""
        if self.menu:
            return self.menu
        return self.parent.kind.section if self.parent else f"{self.key}.index"

    @property
    def prefix(self) -> str:
        """The beginning of its addresses."""
        if not self.parent:
            return f"/{self.slug}"
        above = self.parent.kind
        return f"{above.prefix}/{above.slug}" if above.parent else above.prefix

    @property
    def slug(self) -> str:
        """Its own part of its addresses."""
        return self.key.replace("_", "-")

    def detail(self) -> str:
        """The endpoint of a record's page."""
        return self.detail_endpoint or f"{self.key}.detail"

    def address(self, record: Any) -> str:
        """The address of a record's page."""
        before, after = _around(self.detail(), self.argument)
        return f"{before}{record.id}{after}"

    def act_address(self, act: str, record: Any) -> str:
        """The address of `edit` or `delete` of a record."""
        return url_for(f"{self.key}.{act}", **{self.argument: record.id})

    def list_address(self, parent: Any = None, **query: object) -> str:
        """The address of the list; of a parent's list for records that are entered under one."""
        if self.parent:
            query[self.parent.column] = parent.id
        values: dict[str, Any] = query
        return url_for(f"{self.key}.index", **values)

    def new_address(self, parent: Any = None) -> str:
        """The address of the form for a new record."""
        if self.parent and (other := self.parent.instead(parent)):
            return other
        return url_for(
            f"{self.key}.new", **({self.parent.column: parent.id} if self.parent else {})
        )

    # -- reading

    def seen_by(self, user: Any) -> Select:
        """All records that the user may open."""
        return self._all().where(self.scope.seen(user))

    def in_view_of(self, user: Any) -> Select:
        """The records that lists show."""
        return self._all().where(self.scope.in_view(user))

    def get(self, user: Any, record_id: int, options: tuple = ()) -> Any | None:
        """The record `record_id`; None out of the user's sight."""
        wanted = self.seen_by(user).where(self.model.id == record_id)
        return db.session.scalars(wanted.options(*self.load, *options)).unique().one_or_none()

    def parent_of(self, record: Any) -> Any | None:
        """The record that `record` was entered under."""
        if self.parent is None:
            return None
        return db.session.get(self.parent.kind.model, getattr(record, self.parent.column))

    def blocked(self, user: Any, record: Any) -> Blocked | None:
        """Why `user` may not change `record`; None if nothing stands against it."""
        return self.scope.blocked(user, record)

    def foreign(self, user: Any, record: Any) -> Blocked | None:
        """Why `record` is not `user`'s to add to: it belongs to another place."""
        return (self.scope.foreign or self.scope.blocked)(user, record)

    def _all(self) -> Select:
        statement = select(self.model)
        return statement if self.where is None else statement.where(self.where)


_NUMBER = 10**15 + 7  # no record's


def _around(endpoint: str, argument: str) -> tuple[str, str]:
    """What stands before and behind a record's number in its address: the same for all of a page's
    records as long as its links carry the same year and owner, and a list has hundreds."""
    kept = g.setdefault("addresses_around", {})
    key = (endpoint, g.get("carried_year"), g.get("owner_id"))
    if key not in kept:
        values: dict[str, Any] = {argument: _NUMBER}
        before, _, after = url_for(endpoint, **values).partition(str(_NUMBER))
        kept[key] = (before, after)
    return kept[key]


_kinds: list[Kind] = []
_by_model: dict[type[Any], list[Kind]] = defaultdict(list)  # asked for cell after cell


def all_kinds() -> tuple[Kind, ...]:
    """All kinds that were declared."""
    return tuple(_kinds)


def kinds_of(model: type[Any]) -> Sequence[Kind]:
    """The kinds that show records of `model`, in the order of their declaration."""
    return _by_model.get(model, ())


def kind_of(record: Any) -> Kind | None:
    """The kind by which `record` is shown: of several, the one whose parent it has."""
    for kind in kinds_of(type(record)):
        if kind.parent is None or getattr(record, kind.parent.column) is not None:
            return kind
    return None


def place_of(kind: Kind, record: Any) -> int | None:
    """The region (id) whose record it is: by its kind, else by what it was entered under."""
    for path in kind.scope.paths:
        if (found := value_at(record, path)) is not None:
            return found
    above = kind.parent_of(record) if kind.parent else None
    return place_of(kind.under.kind, above) if above is not None else None


def children_of(kind: Kind) -> list[Kind]:
    """The kinds whose records are entered under one of `kind`."""
    return [child for child in _kinds if child.parent and child.parent.kind is kind]


def name_of(record: Any) -> str:
    """What `record` is called in a sentence."""
    kind = kind_of(record)
    if kind is not None:
        return kind.name(record)
    names = (getattr(record, attribute, "") for attribute in ("name", "label", "display_name"))
    return str(next(filter(None, names), record.id))


def link_to(record: Any) -> Markup | str:
    """`record` by name, as a link where the user may open pages of its kind."""
    kind = kind_of(record)
    if kind is None or kind.detail() not in current_app.view_functions:
        return name_of(record)
    if not current_user.may(kind.view):
        return kind.name(record)
    address, name = escape(kind.address(record)), escape(kind.name(record))
    # A list has hundreds, and `Markup.format` takes several times as long.
    return Markup(f'<a href="{address}">{name}</a>')  # noqa: S704 - both are escaped


def through(column: Any, target: Any) -> SQLColumnExpression:
    """An expression to sort or search by: `target` of the record that the key `column` names."""
    (key,) = inspect(column).property.columns[0].foreign_keys
    owner = column.class_
    other = target.class_
    if other is owner:
        raise ValueError("alias the model to look through a key to itself")
    reached = select(target).where(key.column == column)
    return reached.correlate(owner).scalar_subquery()


def value_at(record: Any, path: str) -> Any:
    """The value at the end of a path of attributes; None where it breaks off."""
    for name in path.split("."):
        if record is None:
            return None
        record = getattr(record, name)
    return record


def reader_at(path: str) -> Callable[[Any], Any]:
    """`value_at` of `path`, for many records."""
    if "." in path:
        return lambda record: value_at(record, path)
    return attrgetter(path)


def _scope_under(child: Kind) -> Scope:
    parent, key = child.under.kind, getattr(child.model, child.under.column)

    def within(condition: Callable[[Any], ColumnElement[bool]]) -> Callable:
        def of(user: Any) -> ColumnElement[bool]:
            return key.in_(select(parent.model.id).where(condition(user)))

        return of

    def above(record: Any) -> Any:
        return db.session.get(parent.model, getattr(record, key.key))

    return Scope(
        within(parent.scope.seen),
        within(parent.scope.in_view),
        lambda user, record: child.under.stands_against(user, above(record)),
        foreign=lambda user, record: parent.foreign(user, above(record)),
    )


def iter_fields(groups: Iterable[tuple[str, Sequence[str | Field]]]) -> Iterable[tuple]:
    """(heading, fields) of each group, names as fields."""
    for heading, fields in groups:
        yield heading, [Field(each) if isinstance(each, str) else each for each in fields]
