"""Records that are about one of several things: a place, an enclave, a park, a pair, a village.

Exactly one of a record's keys names it (the CHECK `one_subject`). Who sees it sees the record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload

from tracker.records.places.queries import regions_in_view, regions_of
from tracker.records.places.scopes import is_province, own_regions
from tracker.records.places.viewers import Viewer
from tracker.web.kit import Column, Filter, RecordForm, looks
from tracker.web.kit.declared import Blocked, Scope
from tracker.web.kit.kinds import Kind
from tracker.web.kit.listing import kind_of_table

KEYS = {
    "region_id": "地方",
    "enclave_id": "飞地",
    "park_id": "产业园",
    "pairing_id": "结对关系",
    "demonstration_village_id": "示范点",
}


# Whose record it is by what it is about.
_OWNERS = {
    "region_id": "region_id",
    "enclave_id": "enclave.origin_id",
    "park_id": "park.recipient_id",
    "pairing_id": "pairing.recipient_id",
    "demonstration_village_id": "demonstration_village.county_id",
}


def subject_of(record: Any) -> Any | None:
    """What `record` is about."""
    return getattr(record, _key(record).removesuffix("_id"))


def subject_column(**options: Any) -> Column:
    """The column of a list that leads to what a record is about."""
    return Column("subject", "对象", value=subject_of, look=looks.link, **options)


def subject_filter(model: type[Any]) -> Filter:
    """By the sort of thing that records are about."""
    return Filter(
        "about",
        "对象类别",
        [(key.removesuffix("_id"), KEYS[key]) for key in keys_of(model)],
        lambda value: getattr(model, f"{value}_id").is_not(None) if value else None,
    )


def load_subject(model: type[Any]) -> tuple:
    """The loading options of what records of `model` are about."""
    found: list[Any] = []
    for key in keys_of(model):
        link = joinedload(getattr(model, key.removesuffix("_id")))
        found.append(link)
        if key == "pairing_id":
            sides = model.pairing.property.mapper.class_
            found += [link.joinedload(sides.supporter), link.joinedload(sides.recipient)]
    return tuple(found)


def keys_of(model: type[Any]) -> list[str]:
    """The keys of `model` that may name its subject."""
    return [key for key in KEYS if hasattr(model, key)]


def subject_scope(
    model: type[Any], blocked: Callable[[Any, Any], Blocked | None] | None = None
) -> Scope:
    """The scope of records of `model`: a thing's own people may change what is about it, the
    province's all. `blocked` may forbid more."""

    def seen(user: Viewer) -> ColumnElement[bool]:
        return true() if is_province(user) else _about(model, user, regions_of(user), "seen")

    def in_view(user: Viewer) -> ColumnElement[bool]:
        narrowed = has_request_context() and g.get("region_id") is not None
        return _about(model, user, regions_in_view(user), "in_view") if narrowed else seen(user)

    def foreign(user: Viewer, record: Any) -> Blocked | None:
        key = _key(record)
        if is_province(user) or (key == "region_id" and record.region_id == user.region_id):
            return None
        if key == "region_id":
            return Blocked(f"这条记录属于{record.region.name}，不能由您修改。")
        kind = _kind_of_key(model, key)
        return kind.foreign(user, subject_of(record)) if kind else Blocked("这条记录不能由您修改。")

    def stands_against(user: Viewer, record: Any) -> Blocked | None:
        return foreign(user, record) or (blocked(user, record) if blocked else None)

    paths = tuple(_OWNERS[key] for key in keys_of(model))
    return Scope(seen, in_view, stands_against, owners=own_regions, foreign=foreign, paths=paths)


class OneSubject(RecordForm):
    """A form that asks what the record is about, in a field for each sort of thing."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Each field, then that exactly one of these is chosen."""
        good = super().validate(extra_validators)
        keys = [key for key in KEYS if key in self]
        chosen = [key for key in keys if self[key].data]
        if len(chosen) == 1:
            return good
        if not any(self[key].errors for key in keys):
            names = "、".join(self[key].label.text for key in keys)
            word = "只能选一项，请清除其余" if chosen else "请选一项"
            self.add_error((chosen or keys)[-1 if chosen else 0], f"{names}之中{word}。")
        return False


def _about(
    model: type[Any], user: Viewer, regions: Select[int], condition: str
) -> ColumnElement[bool]:
    conditions = []
    for key in keys_of(model):
        column = getattr(model, key)
        if key == "region_id":
            conditions.append(column.in_(regions))
        elif (kind := _kind_of_key(model, key)) is not None:
            seen = getattr(kind.scope, condition)(user)
            conditions.append(column.in_(select(kind.model.id).where(seen)))
    return or_(*conditions)


def _key(record: Any) -> str:
    return next(key for key in keys_of(type(record)) if getattr(record, key) is not None)


def _kind_of_key(model: type[Any], key: str) -> Kind | None:
    (to,) = model.__table__.c[key].foreign_keys
    return kind_of_table(to.column.table.name)
