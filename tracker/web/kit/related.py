"""What refers to a record: records of other kinds that name it and that the user sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, func, or_, select

from tracker.core.db import db
from tracker.web.kit.declared import Section
from tracker.web.kit.kinds import Kind, all_kinds, link_to

SHOWN = 5


@dataclass(frozen=True)
class Related:
    """The first records of a kind that name a record, as links, and how many there are."""

    kind: Kind
    links: Sequence[object]
    total: int

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.total - len(self.links)


def related_to(record: Any, user: Any) -> list[Related]:
    """Kind by kind what names `record`; what is entered under it has its own part of the page.

    At most three statements for each kind that can name it.
    """
    found = []
    for kind in _kinds_naming(record):
        if not user.may(kind.view) or kind.detail() not in current_app.view_functions:
            continue
        wanted = kind.seen_by(user).where(_names(kind, record))
        number = select(func.count()).select_from(
            wanted.with_only_columns(kind.model.id).subquery()
        )
        total = db.session.scalar(number)
        if total:
            rows = wanted.options(*kind.load).order_by(kind.model.id.desc()).limit(SHOWN)
            found.append(
                Related(kind, _links(kind, db.session.scalars(rows).unique().all()), total)
            )
    return found


def related_section(heading: str = "相关记录") -> Section:
    """The part of a page that shows `related_to`."""

    def data(record: Any) -> Mapping[str, object]:
        return {"related": related_to(record, current_user)}

    return Section(heading, "kit/related.html", data, "related")


def _links(kind: Kind, records: Sequence[Any]) -> list[Markup | str]:
    """The records by name, after what they were entered under."""
    if kind.parent is None:
        return [link_to(each) for each in records]
    above, column = kind.parent.kind, kind.parent.column
    ids = {getattr(each, column) for each in records}
    wanted = select(above.model).where(above.model.id.in_(ids)).options(*above.load)
    parents = {each.id: above.name(each) for each in db.session.scalars(wanted).unique()}
    named = Markup("{}：{}")
    return [named.format(parents[getattr(each, column)], link_to(each)) for each in records]


def _kinds_naming(record: Any) -> list[Kind]:
    found: dict[type, Kind] = {}
    for kind in all_kinds():
        under = kind.parent is not None and kind.parent.kind.model is type(record)
        if not under and _keys(kind, record):
            found.setdefault(kind.model, kind)
    return list(found.values())


def _keys(kind: Kind, record: Any) -> list[Any]:
    table = kind.model.__table__
    return [key.parent for key in table.foreign_keys if key.references(record.__table__)]


def _names(kind: Kind, record: Any) -> ColumnElement[bool]:
    return or_(*(column == record.id for column in _keys(kind, record)))
