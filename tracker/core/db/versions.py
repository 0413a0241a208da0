"""Whether the database's schema is the one that this program was written for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click
from sqlalchemy import Connection, column, inspect, select, table

from tracker.core.db.base import MIGRATIONS, db
from tracker.core.told import ToldError

_VERSION = table("alembic_version", column("version_num"))


class SchemaState(StrEnum):
    """How the schema fits, in the words of `/healthz`."""

    RIGHT = "ok"
    NONE = "no schema"
    OLD = "schema too old"
    NEW = "schema too new"
    LOST = "schema version lost"


@dataclass(frozen=True)
class Schema:
    """`found`: the database's version, "" where it has none; `wanted`: the program's."""

    state: SchemaState
    found: str
    wanted: str

    @property
    def title(self) -> str:
        """What is wrong, for a person; "" where nothing is."""
        return {
            SchemaState.RIGHT: "",
            SchemaState.NONE: "数据库尚未建表",
            SchemaState.OLD: f"数据库的版本（{self.found}）旧于程序（{self.wanted}）",
            SchemaState.NEW: f"数据库的版本（{self.found}）新于程序（{self.wanted}）",
            SchemaState.LOST: "数据库有表而没有版本记录",
        }[self.state]

    @property
    def advice(self) -> str:
        """What the person who runs the program has to do."""
        return {
            SchemaState.RIGHT: "",
            SchemaState.NONE: "请先运行 tracker db upgrade",
            SchemaState.OLD: "请先运行 tracker db upgrade",
            SchemaState.NEW: "请改用新版本的程序",
            SchemaState.LOST: "请从备份恢复数据库",
        }[self.state]


class SchemaError(ToldError, click.ClickException):
    """The schema is not the program's; a line in Chinese says so and what to do."""

    status = 500

    def __init__(self, schema: Schema) -> None:
        super().__init__(f"{schema.title}，{schema.advice}")


def schema_of(connection: Connection, migrations: Path = MIGRATIONS) -> Schema:
    """What `connection`'s database has, beside what the program wants, which is the newest of
    `migrations`. Raises SQLAlchemyError."""
    known = sorted(path.name[:4] for path in (migrations / "versions").glob("[0-9]*_*.py"))
    wanted = known[-1]
    has_table = inspect(connection).has_table(_VERSION.name)
    found = sorted(connection.scalars(select(_VERSION.c.version_num))) if has_table else []
    if not found:
        lost = inspect(connection).has_table("users")
        return Schema(SchemaState.LOST if lost else SchemaState.NONE, "", wanted)
    if found == [wanted]:
        return Schema(SchemaState.RIGHT, wanted, wanted)
    # What this program does not know, a later one has made.
    state = SchemaState.OLD if set(found) <= set(known) else SchemaState.NEW
    return Schema(state, "、".join(found), wanted)


def present_schema() -> Schema:
    """The schema of the application's database. Raises SQLAlchemyError."""
    with db.engine.connect() as connection:
        return schema_of(connection)


def require_schema() -> None:
    """Raises SchemaError unless the schema is the program's."""
    schema = present_schema()
    if schema.state is not SchemaState.RIGHT:
        raise SchemaError(schema)
