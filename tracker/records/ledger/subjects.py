"""What money may belong to: the five types of subject, each with its kinds of money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from tracker.core.db import db
from tracker.records.accounts.models import User
from tracker.records.enclaves import queries as enclaves
from tracker.records.enclaves.models import Enclave
from tracker.records.ledger.models import (
    DEMONSTRATION_KINDS,
    ENCLAVE_KINDS,
    PAIRING_KINDS,
    PARK_KINDS,
    PROJECT_KINDS,
    EntryKind,
    LedgerEntry,
)
from tracker.records.pairings import queries as pairings
from tracker.records.pairings.models import Pairing
from tracker.records.parks import queries as parks
from tracker.records.parks.models import Park
from tracker.records.places.models import Region
from tracker.records.places.queries import regions_of
from tracker.records.projects import queries as projects
from tracker.records.projects.models import Project
from tracker.records.villages import queries as villages
from tracker.records.villages.models import DemonstrationVillage
from tracker.web.search import found_in

Subject = Project | Enclave | Park | Pairing | DemonstrationVillage


@dataclass(frozen=True)
class SubjectType:
    """`key` names the entry's relationship, `column` its key, `label` is for people; `touching` is
    the condition on `model` that one of some regions (ids) sees it. `owner` is the region whose
    people enter its money: a pairing's is the recipient."""

    key: str
    label: str
    model: type[Any]
    column: InstrumentedAttribute
    kinds: Sequence[EntryKind]
    touching: Callable[[Select[int]], ColumnElement[bool]]
    owner: InstrumentedAttribute
    order: Sequence[SQLColumnExpression]
    load: tuple = ()

    def get(self, user: User, number: int) -> Any | None:
        """The subject `number`; None outside the regions of `user`."""
        return db.session.scalar(self._seen(user).where(self.model.id == number))

    def own(self, user: User, text: str, most: int) -> list[Any]:
        """The first of the user's own subjects that have `text` in a name."""
        statement = self._seen(user).where(self.owner == user.region_id)
        if text:
            statement = statement.where(found_in(text, self._names_here()))
        return list(db.session.scalars(statement.order_by(*self.order).limit(most)))

    def names(self) -> list[SQLColumnExpression[str]]:
        """The names of an entry's subject, as expressions on the entry."""
        return [
            select(name)
            .where(self.model.id == self.column)
            .correlate(LedgerEntry)
            .scalar_subquery()
            for name in self._names_here()
        ]

    def _seen(self, user: User) -> Select:
        return select(self.model).where(self.touching(regions_of(user))).options(*self.load)

    def _names_here(self) -> list[SQLColumnExpression[str]]:
        if self.model is not Pairing:
            return [self.model.name]
        return [_side(Pairing.supporter_id), _side(Pairing.recipient_id)]


def _side(key: InstrumentedAttribute) -> SQLColumnExpression[str]:
    of = aliased(Region)
    return select(of.name).where(of.id == key).correlate(Pairing).scalar_subquery()


TYPES: tuple[SubjectType, ...] = (
    SubjectType(
        "project",
        "项目",
        Project,
        LedgerEntry.project_id,
        PROJECT_KINDS,
        projects.touching,
        Project.region_id,
        (Project.name, Project.id),
    ),
    SubjectType(
        "enclave",
        "飞地",
        Enclave,
        LedgerEntry.enclave_id,
        ENCLAVE_KINDS,
        enclaves.touching,
        Enclave.origin_id,
        (Enclave.code,),
    ),
    SubjectType(
        "park",
        "产业园",
        Park,
        LedgerEntry.park_id,
        PARK_KINDS,
        parks.touching,
        Park.recipient_id,
        (Park.code,),
    ),
    SubjectType(
        "pairing",
        "结对关系",
        Pairing,
        LedgerEntry.pairing_id,
        PAIRING_KINDS,
        pairings.touching,
        Pairing.recipient_id,
        (Pairing.id,),
        (joinedload(Pairing.supporter), joinedload(Pairing.recipient)),
    ),
    SubjectType(
        "demonstration_village",
        "示范点",
        DemonstrationVillage,
        LedgerEntry.demonstration_village_id,
        DEMONSTRATION_KINDS,
        villages.touching_demonstrations,
        DemonstrationVillage.county_id,
        (DemonstrationVillage.code,),
    ),
)


def type_of(subject: Subject) -> SubjectType:
    """The type that `subject` is of."""
    return next(each for each in TYPES if isinstance(subject, each.model))
