"""What is unusual by the rules of 存疑数据 and nobody has answered, of a filing's own records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.records.accounts.permissions import Role, permits
from tracker.records.submissions.checking import Asked, Fault
from tracker.site.outliers import Wanted, outliers
from tracker.web.kit.kinds import name_of

_DAYS = ("occurred_on", "held_on", "bought_on", "visited_on", "met_on", "found_on")


@dataclass(frozen=True)
class _Staff:
    """Sees what the people of a county see, whoever asks."""

    region_id: int

    def may(self, permission: StrEnum) -> bool:
        return permits(Role.STAFF, permission)


def unanswered(asked: Asked) -> Iterator[Fault]:
    """Records of the days checked that are unusual, each with all that is."""
    staff: Any = _Staff(asked.place.id)
    wanted = Wanted(asked.year, region_id=asked.place.id, whole=True)
    for each in outliers(staff, wanted):
        if not _is_of(asked, each.record):
            continue
        about = f"{name_of(each.about)}，" if each.about is not None else ""
        page = {each.kind.argument: each.record.id}
        said = each.words.replace("\n", "")
        yield Fault(f"{about}{each.kind.name(each.record)}", said, each.kind.detail(), page)


def _is_of(asked: Asked, record: Any) -> bool:
    """Whether a record lies in the days of the filing and is of the one that files."""
    enclave = getattr(record, "enclave_id", None)
    if asked.enclave is not None and enclave != asked.enclave.id:
        return False
    for name in _DAYS:
        on = getattr(record, name, None)
        if isinstance(on, date):
            return asked.first <= on <= asked.last
    quarter = getattr(record, "quarter", None)
    return quarter is None or quarter in asked.quarters
