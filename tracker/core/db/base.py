"""The declarative base, the session and the migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


AnySession = Session | scoped_session[Any]  # that of a unit, or `db.session` which leads to it


class Base(DeclarativeBase):
    """Base of all models; every constraint has a name, so that an error can be told apart.

    Models inherit it and not `db.Model`, which is made while running and has no type.
    """

    __table__: ClassVar[Table]
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
