"""What every record has: where it comes from, when it was written, and a row version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, event
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from tracker.core.db.codes import LabelledEnum
from tracker.core.db.types import Coded, UtcDateTime
from tracker.core.quantities import precision
from tracker.core.quantities.clock import present


class Origin(LabelledEnum):
    """Where a record comes from."""

    PUBLIC = "public", "公开资料"
    ENTERED = "entered", "填报"
    SAMPLE = "sample", "示例数据"


class Precision(LabelledEnum):
    """How exact a published figure is."""

    EXACT = "exact", precision.EXACT
    AT_LEAST = "at_least", precision.AT_LEAST
    AT_MOST = "at_most", precision.AT_MOST
    ABOUT = "about", precision.ABOUT


def now() -> datetime:
    """The present moment, in UTC."""
    return present()


class RecordMixin:
    """Origin, times and a version that guards against lost updates."""

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[Origin] = mapped_column(Coded(Origin), default=Origin.ENTERED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict:
        return {"version_id_col": cls.version}


@event.listens_for(RecordMixin, "instrument_class", propagate=True)
def _check_origin(_mapper: Mapper, model: type[Any]) -> None:
    """Every record's origin is one of the list, said once for all of them."""
    model.__table__.append_constraint(
        CheckConstraint(f"origin IN ({Origin.sql_values()})", name="origin")
    )
