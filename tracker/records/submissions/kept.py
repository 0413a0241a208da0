"""What a locked period keeps beside money and operating figures: records of a day or of a year
whose kinds are named here. In one that is opened again their words change; their figures do not
while a later period is locked. The database sees to the same (migration 0027)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.core.db import db
from tracker.records.submissions import locks
from tracker.web.kit.acts import BlockedError
from tracker.web.kit.declared import Blocked
from tracker.web.kit.kinds import Kind

# (value of the field that says when, region) → why nothing changes; "" where it may.
Asked = Callable[[Any, int], str]


def of_day(day: date, region_id: int) -> str:
    """Of what happens on a day."""
    return locks.locked_on(day, region_id, None, locks.REPORTED)


def of_year(year: int, region_id: int) -> str:
    """Of what is told of a year."""
    return locks.locked_year(year, region_id)


def keep(
    kind: Kind,
    when: str,
    owner: Callable[[Any, Mapping[str, Any]], int | None],
    figures: Collection[str],
    *,
    asked: Asked = of_day,
    wholly: Asked = locks.words_locked_on,
    lasting: bool = False,
) -> None:
    """Let a locked period keep the records of `kind`: the field `when` says of which one they are,
    `owner(parent, values)` whose, `figures` what of them (beside `when`) is no words. What is
    `lasting` goes on after its period: all but its figures changes."""
    frozen = (when, *figures)

    def against(
        user: Any, record: Any, parent: Any, values: Mapping[str, Any]
    ) -> tuple[str, str] | None:
        new = {name: values.get(name, getattr(record, name, None)) for name in frozen}
        if record is not None and all(getattr(record, name) == new[name] for name in frozen):
            return None
        region = owner(parent, new)
        said = asked(new[when], region) if region is not None and new[when] else ""
        return (when, said) if said else None

    def stands(record: Any) -> str:
        region = _owner_of(record)
        return asked(getattr(record, when), region) if region is not None else ""

    def _owner_of(record: Any) -> int | None:
        return owner(kind.parent_of(record), {name: getattr(record, name) for name in frozen})

    def blocked(user: Any, record: Any) -> Blocked | None:
        if (said := before.blocked(user, record)) is not None:
            return said
        region = _owner_of(record)
        told = wholly(getattr(record, when), region) if region is not None and not lasting else ""
        return Blocked(told) if told else None

    def remove(user: Any, record: Any, reason: str) -> None:
        if said := stands(record):
            raise BlockedError(said)
        db.session.delete(record)

    before = kind.scope
    kind.scope = replace(before, blocked=blocked, foreign=before.foreign or before.blocked)
    kind.closed = against
    kind.remove = remove
    kind.told.append(lambda record: dict.fromkeys(frozen, said) if (said := stands(record)) else {})
