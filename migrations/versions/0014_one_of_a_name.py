"""One record of a name within its parent, kept so by the database.

The names that are there keep what they are called: the later ones of several of one key get a
number in `…_twin` and are left out of the index, so that any further one is refused all the same.
They are listed here, and afterwards by `tracker twins`.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import click
import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Table → its column of keys, the names, and what two of them must share to be twins: the columns
# that always hold something, and those that may be empty. Two that are empty are alike.
NAMED = {
    "demonstration_villages": ("name_key", "name", ("county_id",), ()),
    "enclaves": ("name_key", "name", ("origin_id", "host_id"), ()),
    "organisations": ("name_key", "name", (), ()),
    "parks": ("name_key", "name", (), ()),
    "platforms": ("name_key", "name", (), ()),
    "projects": ("name_key", "name", ("region_id",), ()),
    "regions": ("name_key", "name", ("level",), ("parent_id", "abolished_on")),
    "users": ("username_key", "username", (), ()),
    "villages": ("name_key", "name", ("county_id",), ("town_id",)),
}


def upgrade() -> None:
    for table, (key, name, within, optional) in NAMED.items():
        twin = key.replace("_key", "_twin")
        op.add_column(table, sa.Column(twin, sa.Integer(), nullable=False, server_default="0"))
        _number(table, key, name, twin, (*within, *optional))
        for index, empty in _indexes(table, key, optional):
            standing = [f"{twin} = 0", f"{key} != ''", *(f"{each} IS NULL" for each in empty)]
            where = sa.text(" AND ".join(standing))
            op.create_index(
                op.f(index),
                table,
                [*within, *(each for each in optional if each not in empty), key],
                unique=True,
                sqlite_where=where,
                postgresql_where=where,
            )


def downgrade() -> None:
    for table, (key, _, _, optional) in NAMED.items():
        for index, _ in _indexes(table, key, optional):
            op.drop_index(op.f(index), table_name=table)
        op.drop_column(table, key.replace("_key", "_twin"))


def _indexes(table: str, key: str, optional: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The name of each index, with the columns that are empty in its rows."""
    return [
        ("_".join([f"uq_{table}_{key}", *(f"no_{each}" for each in empty)]), empty)
        for count in range(len(optional) + 1)
        for empty in combinations(optional, count)
    ]


def _number(table: str, key: str, name: str, twin: str, within: tuple[str, ...]) -> None:
    """Number the later ones of several of one key, and tell of them."""
    rows = sa.table(table, *map(sa.column, ("id", key, name, twin, *within)))
    connection = op.get_bind()
    shared = [rows.c[each] for each in (key, *within)]
    several = (
        sa.select(*shared).where(rows.c[key] != "").group_by(*shared).having(sa.func.count() > 1)
    ).subquery()
    same = (several.c[c.name].is_not_distinct_from(c) for c in shared)
    found = connection.execute(
        sa.select(rows.c.id, rows.c[name], *shared)
        .where(sa.exists().where(*same))
        .order_by(rows.c.id)
    ).all()
    numbers: Counter[tuple] = Counter()
    first: dict[tuple, sa.Row] = {}
    for row in found:
        twins = tuple(row[2:])
        of = first.setdefault(twins, row)
        if number := numbers[twins]:
            connection.execute(sa.update(rows).where(rows.c.id == row.id).values({twin: number}))
            said = f"{table}：编号 {row.id}“{row[1]}”与编号 {of.id}“{of[1]}”同名，请核对"
            click.echo(said, err=True)
        numbers[twins] += 1
