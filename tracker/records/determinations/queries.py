"""What stands: the rulings on the facts of a year, column by column."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from tracker.core.db import aside, db
from tracker.core.db.reading import Shelf
from tracker.records.accounts.owners import same_owner
from tracker.records.determinations.models import (
    Determination,
    Ruling,
    RulingAnswer,
    RulingLevel,
)
from tracker.records.ledger.subjects import TYPES

LEVELS = list(RulingLevel)
SUBJECTS = ("region_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id")


@dataclass(frozen=True)
class Standing:
    """What a column says of a fact.

    `value` is None for a fact that nobody reported; a refused one counts 0. `ruling` is None
    while nobody has ruled (未核定). `changed`: the records say something else than the ruling was
    made on (裁定后记录有变); it stands all the same until somebody rules anew.
    """

    value: Decimal | None
    ruling: Determination | None
    changed: bool = False


def standing(
    column: RulingLevel, reported: Decimal | None, rulings: Iterable[Determination]
) -> Standing:
    """What `column` takes: the latest ruling of its level, else of the next level below.

    A ruling that later records contradict stands, with the figure that was accepted or put in
    place: else a payment of one 元 would bring back what was corrected away, and one more entry
    take away what was accepted.
    """
    rulings = list(rulings)
    if not rulings:
        return Standing(reported, None)
    for level in reversed(LEVELS[: LEVELS.index(column) + 1]):
        of_level = [ruling for ruling in rulings if ruling.level is level]
        if of_level:
            latest = max(of_level, key=lambda ruling: (ruling.ruled_at, ruling.id))
            return Standing(_value(latest), latest, changed=latest.reported != reported)
    return Standing(reported, None)


def _value(ruling: Determination) -> Decimal | None:
    if ruling.ruling is Ruling.CORRECTED:
        return ruling.value
    return ruling.reported if ruling.ruling is Ruling.ACCEPTED else Decimal(0)


def about(regions: Select[int]) -> ColumnElement[bool]:
    """Whether a ruling is on a figure that the people of one of `regions` (ids) enter, and answer
    for: their place, or an enclave, park, pair or village of theirs."""
    below = (
        getattr(Determination, f"{of.key}_id").in_(select(of.model.id).where(of.owner.in_(regions)))
        for of in TYPES
        if f"{of.key}_id" in SUBJECTS
    )
    return or_(Determination.region_id.in_(regions), *below)


def latest() -> ColumnElement[bool]:
    """Whether nobody of the same level has ruled anew since in the same assessment."""
    later = aliased(Determination)
    same = (getattr(later, name) == getattr(Determination, name) for name in SUBJECTS)
    return ~exists().where(
        later.id > Determination.id,
        later.year == Determination.year,
        later.measure == Determination.measure,
        later.level == Determination.level,
        same_owner(later.owner_region_id, Determination.owner_region_id),
        or_(*same),
    )


def unanswered() -> tuple[ColumnElement[bool], ...]:
    """The corrections and refusals that stand and nobody answered, whosever assessment they are
    of."""
    return (
        Determination.ruling != Ruling.ACCEPTED,
        latest(),
        ~exists().where(RulingAnswer.determination_id == Determination.id),
    )


def objected(level: RulingLevel) -> tuple[ColumnElement[bool], ...]:
    """The rulings of a level that stand and against which the last answer speaks, whosever
    assessment they are of."""
    newer = aliased(RulingAnswer)
    against = select(RulingAnswer.determination_id).where(
        RulingAnswer.agrees.is_(False),
        ~exists().where(
            newer.determination_id == RulingAnswer.determination_id,
            newer.id > RulingAnswer.id,
        ),
    )
    # Few are answered and many ruled on: begun from the answers.
    return Determination.id.in_(against), aside(Determination.level) == level, latest()


def objected_below(years: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """The rulings of cities on facts of `years` that stand and against which the last answer
    speaks, as long as the province has not ruled on the fact itself."""
    above = aliased(Determination)
    same = (getattr(above, name) == getattr(Determination, name) for name in SUBJECTS)
    ruled = exists().where(
        above.level == RulingLevel.PROVINCE,
        above.year == Determination.year,
        above.measure == Determination.measure,
        same_owner(above.owner_region_id, Determination.owner_region_id),
        or_(*same),
    )
    return *objected(RulingLevel.CITY), Determination.year.in_(years), ~ruled


def counting_for(owner: int | None) -> ColumnElement[bool]:
    """The rulings that the assessments of `owner` go by: the province's go by its own; a city's by
    its own and by the 初审 that it gave for the province, never by what the province decided."""
    if owner is None:
        return Determination.owner_region_id.is_(None)
    below = Determination.owner_region_id.is_(None) & (Determination.level != RulingLevel.PROVINCE)
    return (Determination.owner_region_id == owner) | below


FEW = 200  # subjects that a statement names one by one


def rulings_of_year(
    year: int,
    subject: str,
    of: Collection[int] | None = None,
    owner: int | None = None,
    *,
    whole: bool = False,
) -> dict[tuple[int, str], list[Determination]]:
    """All rulings of `year` on subjects of one kind (a column of SUBJECTS), by the subject's id and
    the measure's name: one statement for all. `of`: the subjects (ids) that are asked about; where
    they are more than a few, all are read. `owner`: in whose assessment they count. They are only
    read (see `Shelf`), unless `whole`: of these one may ask who ruled and what was answered."""
    column = getattr(Determination, subject)
    found: dict[tuple[int, str], list[Determination]] = {}
    statement = select(Determination).where(
        Determination.year == year, column.is_not(None), counting_for(owner)
    )
    if of is not None and len(of) <= FEW:
        statement = statement.where(column.in_(of))
    statement = statement.order_by(Determination.id)
    for ruling in db.session.scalars(statement) if whole else Shelf().those(statement):
        found.setdefault((getattr(ruling, subject), ruling.measure), []).append(ruling)
    return found
