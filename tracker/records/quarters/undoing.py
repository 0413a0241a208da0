"""Taking back what an act did to the cells of the quarter's grid: what stood in each before is
handed to whoever acted, signed, and laid back where nobody has touched the cell since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from tracker.records.quarters.cells import Cell, Sheet
from tracker.records.quarters.models import QuarterCell
from tracker.records.quarters.reading import BlockError

_LASTS = 12 * 3600  # seconds: as long as a session at most


@dataclass(frozen=True)
class Stood:
    """What stood in a cell: the text, whether it was of the year so far, and since when it was
    posted, if it was."""

    typed: str = ""
    cumulative: bool = False
    posted_at: str | None = None

    @classmethod
    def of(cls, draft: QuarterCell | None) -> Stood:
        if draft is None:
            return cls()
        posted = draft.posted_at.isoformat() if draft.posted_at else None
        return cls(draft.typed, draft.cumulative, posted)

    @property
    def posting(self) -> datetime | None:
        """Since when it was posted."""
        return datetime.fromisoformat(self.posted_at) if self.posted_at else None


@dataclass(frozen=True)
class Change:
    """What an act did to the cell `address`."""

    address: str
    before: Stood
    after: Stood


def together(changes: Iterable[Change]) -> list[Change]:
    """Changes one after another as one of each cell."""
    found: dict[str, Change] = {}
    for each in changes:
        first = found.get(each.address)
        found[each.address] = Change(
            each.address, first.before if first else each.before, each.after
        )
    return list(found.values())


def _whose(user_id: int, sheet: Sheet) -> list[Any]:
    return [user_id, sheet.region.id, sheet.year, sheet.quarter]


def _signer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None, "sessions need it"
    return URLSafeTimedSerializer(current_app.secret_key, salt="quarter-undo")


def sealed(user_id: int, sheet: Sheet, changes: Sequence[Change]) -> str:
    """What takes `changes` back, for nobody but this user and this grid; "" of none."""
    if not changes:
        return ""
    told = [[each.address, astuple(each.before), astuple(each.after)] for each in together(changes)]
    return _signer().dumps([_whose(user_id, sheet), told])


def opened(user_id: int, sheet: Sheet, text: str) -> list[Change]:
    """The changes that `sealed` made `text` of. Raises BlockError where it is not one of this user
    and grid, or too old."""
    try:
        whose, told = _signer().loads(text, max_age=_LASTS)
    except BadData:
        whose, told = None, []
    if whose != _whose(user_id, sheet):
        raise BlockError("没有可以撤销的操作，或者时间过长，不能再撤销。")
    return [Change(address, Stood(*before), Stood(*after)) for address, before, after in told]


def is_as_left(cell: Cell, change: Change, user_id: int) -> bool:
    """Whether nobody, nor a posting, has touched the cell since."""
    draft = cell.draft
    return (
        draft is not None
        and draft.edited_by_id == user_id
        and Stood.of(draft) == change.after
        and not cell.blocked
    )
