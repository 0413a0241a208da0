"""Names are compared by a key and found by their whole pinyin; a form is taken once.

Columns are added, never batch-altered; see 0003. Names that read alike (twins) are listed and left
as they are.
"""

from __future__ import annotations

import unicodedata

import click
import sqlalchemy as sa
from alembic import op

from tracker.core.db.searchable import initials_of, pinyin_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Table → what two names must share to be twins.
NAMED = {
    "demonstration_villages": ("county_id",),
    "enclaves": ("origin_id", "host_id"),
    "organisations": (),
    "parks": (),
    "platforms": (),
    "projects": ("region_id",),
    "regions": ("level", "parent_id", "abolished_on"),
    "villages": ("county_id", "town_id"),
}


def upgrade() -> None:
    for name, within in NAMED.items():
        for column, length in (("name_key", 800), ("name_pinyin", 1200)):
            made = sa.Column(column, sa.String(length), nullable=False, server_default="")
            op.add_column(name, made)
        _fill(name, within)
        op.create_index(op.f(f"ix_{name}_name_key"), name, ["name_key"])
    key = sa.Column("username_key", sa.String(256), nullable=False, server_default="")
    op.add_column("users", key)
    _fill("users", (), "username")
    op.create_index(op.f("ix_users_username_key"), "users", ["username_key"])
    op.create_table(
        "sent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sent_forms_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_forms")),
        sa.UniqueConstraint("token", name=op.f("uq_sent_forms_token")),
    )
    op.create_index(op.f("ix_sent_forms_at"), "sent_forms", ["at"])
    op.create_index(op.f("ix_sent_forms_user_id"), "sent_forms", ["user_id"])


def downgrade() -> None:
    op.drop_table("sent_forms")
    op.drop_index(op.f("ix_users_username_key"), table_name="users")
    op.drop_column("users", "username_key")
    for name in NAMED:
        op.drop_index(op.f(f"ix_{name}_name_key"), table_name=name)
        op.drop_column(name, "name_pinyin")
        op.drop_column(name, "name_key")


def _fill(name: str, within: tuple[str, ...], named: str = "name") -> None:
    """Give the rows that are there their keys, and tell which of them are twins."""
    keys = (
        ("username_key",) if named == "username" else ("name_initials", "name_key", "name_pinyin")
    )
    columns = [sa.column(each) for each in ("id", named, *within, *keys)]
    table = sa.table(name, *columns)
    connection = op.get_bind()
    rows = connection.execute(sa.select(*columns[: 2 + len(within)]).order_by(table.c.id)).all()
    if not rows:
        return
    values = [_values(row[1], named) for row in rows]
    connection.execute(
        sa.update(table)
        .where(table.c.id == sa.bindparam("of"))
        .values({key: sa.bindparam(f"new_{key}") for key in keys}),
        [
            {"of": row.id, **{f"new_{key}": value[key] for key in keys}}
            for row, value in zip(rows, values, strict=True)
        ],
    )
    first: dict[tuple, sa.Row] = {}
    for row, value in zip(rows, values, strict=True):
        key = (value[keys[0] if named == "username" else "name_key"], *row[2:])
        twin = first.setdefault(key, row)
        if twin is not row:
            said = f"{name}：编号 {row.id}“{row[1]}”与编号 {twin.id}“{twin[1]}”同名，请核对"
            click.echo(said, err=True)


def _values(name: str, named: str) -> dict[str, str]:
    if named == "username":
        return {"username_key": _key_of(name)[:256]}
    # Pinyin is for searching alone: nothing rests on it, and the newest readings are the best.
    return {
        "name_initials": initials_of(name),
        "name_key": _key_of(name),
        "name_pinyin": pinyin_of(name),
    }


def _key_of(name: str) -> str:
    """What names were compared by when this was written; it does not follow the program's."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    nothing = "\u115f\u1160\u3164\uffa0"  # letters of nothing, besides the blanks
    return "".join(
        char
        for char in folded
        if char not in nothing and unicodedata.category(char) not in ("Zs", "Zl", "Zp", "Cc", "Cf")
    )[:800]
