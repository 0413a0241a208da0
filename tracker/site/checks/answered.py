"""What was unusual of the sums and figures of a filing when they were entered, and why they are
right, as the clerk said then: the reviewer reads it with the filing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.core.db.doubted import AnsweredDoubt
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import LedgerEntry
from tracker.records.operations.models import OperatingFigure
from tracker.records.parks.models import Park
from tracker.records.submissions.checking import Asked, also_answered
from tracker.site.checks.scope import in_days, own_enclaves, own_entries, own_parks


@also_answered
def of_the_days(asked: Asked) -> Iterator[AnsweredDoubt]:
    """The answers about the entries and the operating figures that `asked` is about."""
    entries = select(LedgerEntry.id).where(own_entries(asked), in_days(asked))
    figures = select(OperatingFigure.id).where(
        OperatingFigure.year == asked.year,
        OperatingFigure.quarter.in_(asked.quarters),
        or_(
            OperatingFigure.enclave_id.in_(select(Enclave.id).where(own_enclaves(asked))),
            OperatingFigure.park_id.in_(select(Park.id).where(own_parks(asked))),
        ),
    )
    about = (
        and_(AnsweredDoubt.table_name == table, AnsweredDoubt.record_id.in_(ids))
        for table, ids in (
            (LedgerEntry.__tablename__, entries),
            (OperatingFigure.__tablename__, figures),
        )
    )
    wanted = select(AnsweredDoubt).where(or_(*about)).order_by(AnsweredDoubt.id)
    yield from db.session.scalars(wanted.options(joinedload(AnsweredDoubt.answered_by)))
