"""Reading stored sets of rulebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.core.db import db
from tracker.records.accounts.owners import of
from tracker.year.rulebooks.models import SetState, StoredAct, StoredFile, StoredSet


def in_force(owner: int | None = None, at: datetime | None = None) -> Mapping[int, tuple[int, str]]:
    """The sets of `owner` in force, now or `at` a moment, by year: number and sha256 of the one
    published last."""
    statement = (
        select(StoredSet.year, StoredSet.id, StoredSet.sha256)
        .where(StoredSet.state == SetState.PUBLISHED, of(StoredSet.owner_region_id, owner))
        .order_by(StoredSet.published_at, StoredSet.id)
    )
    if at is not None:
        statement = statement.where(StoredSet.published_at <= at)
    found = db.session.execute(statement)
    return {year: (set_id, sha256 or "") for year, set_id, sha256 in found}


def owners_with_books(year: int) -> frozenset[int]:
    """The cities (ids) that published rulebooks of their own for `year`."""
    statement = select(StoredSet.owner_region_id).where(
        StoredSet.state == SetState.PUBLISHED, StoredSet.year == year
    )
    return frozenset(each for each in db.session.scalars(statement) if each is not None)


def texts(set_id: int) -> dict[str, str]:
    """The texts of a set by path, `set.toml` among them."""
    statement = select(StoredFile.path, StoredFile.text).where(StoredFile.set_id == set_id)
    rows = db.session.execute(statement.order_by(StoredFile.path))
    return {row.path: row.text for row in rows}


def files(set_id: int) -> Sequence[StoredFile]:
    """The files of a set by path."""
    return db.session.scalars(
        select(StoredFile).filter_by(set_id=set_id).order_by(StoredFile.path)
    ).all()


def sets(owner: int | None = None) -> Sequence[StoredSet]:
    """All sets of `owner`, the latest year and the latest made first."""
    return db.session.scalars(
        select(StoredSet)
        .where(of(StoredSet.owner_region_id, owner))
        .options(joinedload(StoredSet.published_by))
        .order_by(StoredSet.year.desc(), StoredSet.id.desc())
    ).all()


def get(set_id: int) -> StoredSet | None:
    """One set."""
    return db.session.get(StoredSet, set_id)


def get_file(file_id: int) -> StoredFile | None:
    """One file with its set."""
    return db.session.get(StoredFile, file_id, options=[joinedload(StoredFile.set)])


def acts(set_id: int) -> Sequence[StoredAct]:
    """What was done to a set, the latest first."""
    return db.session.scalars(
        select(StoredAct)
        .filter_by(set_id=set_id)
        .options(joinedload(StoredAct.actor))
        .order_by(StoredAct.at.desc(), StoredAct.id.desc())
    ).all()
