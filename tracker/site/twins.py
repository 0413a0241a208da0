"""同名记录: records and accounts whose names read alike within one parent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tracker.core.db import Base, Searchable, db
from tracker.records.accounts.models import User
from tracker.web.kit.words import table_label

ADVICE = (
    "逐组核对：同一件事登记了两次的，保留一条，将另一条名下的记录改挂后删除；"
    "确是两件事的，在名称中写明区别。处理之前两条都照常使用；同名的第三条不能再登记。"
)


@dataclass(frozen=True)
class Twins:
    """Records of one table whose names read alike within one parent, `place`, the first one first;
    accounts are of no place."""

    table: str
    place: str
    records: tuple[Any, ...]

    @property
    def label(self) -> str:
        """What such records are called."""
        return table_label(self.table)


def all_twins() -> list[Twins]:
    """All groups of twins, table by table; what `tracker twins` prints."""
    models = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, Searchable)]
    found = [twins for model in models for twins in _of(model, "name_key", model.name_within)]
    found += _of(User, "username_key", ())
    return sorted(found, key=lambda each: (each.table, each.records[0].id))


def _of(model: type[Any], key: str, within: tuple[str, ...]) -> Iterator[Twins]:
    columns = [getattr(model, each) for each in (key, *within)]
    several = select(*columns).where(columns[0] != "").group_by(*columns)
    for values in db.session.execute(several.having(func.count() > 1)).all():
        same = (column == value for column, value in zip(columns, values, strict=True))
        records = db.session.scalars(select(model).where(*same).order_by(model.id)).all()
        yield Twins(model.__tablename__, _place(records[0], within), tuple(records))


def _place(record: Any, within: tuple[str, ...]) -> str:
    """What the twins have in common, in words: 缙云县五云街道."""
    paths = (each.removesuffix("_id") for each in within if each.endswith("_id"))
    places = (getattr(record, f"{path}_region", getattr(record, path, None)) for path in paths)
    return "—".join(place.name for place in places if place is not None)


def called(record: Any) -> str:
    """The name that a twin goes by, as it is spelled."""
    return record.username if isinstance(record, User) else record.name
