"""Names are found by their pinyin initials, and the audit trail keeps the reason of an act.

Columns are added, never batch-altered: on SQLite that would drop the audit trail's triggers, and
tables that others refer to would be made anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.core.db.searchable import initials_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMED = (
    "demonstration_villages",
    "enclaves",
    "organisations",
    "parks",
    "platforms",
    "projects",
    "regions",
    "villages",
)


def upgrade() -> None:
    for name in NAMED:
        column = sa.Column("name_initials", sa.String(200), nullable=False, server_default="")
        op.add_column(name, column)
        _fill(name)
        op.create_index(op.f(f"ix_{name}_name_initials"), name, ["name_initials"])
    op.add_column("audit_entries", sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    # SQLite drops a column of a table with triggers in place.
    op.drop_column("audit_entries", "reason")
    for name in NAMED:
        op.drop_index(op.f(f"ix_{name}_name_initials"), table_name=name)
        op.drop_column(name, "name_initials")


def _fill(name: str) -> None:
    """Give the rows that are there their initials."""
    table = sa.table(name, sa.column("id"), sa.column("name"), sa.column("name_initials"))
    connection = op.get_bind()
    rows = connection.execute(sa.select(table.c.id, table.c.name)).all()
    if rows:
        connection.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("of"))
            .values(name_initials=sa.bindparam("initials")),
            [{"of": row.id, "initials": initials_of(row.name)} for row in rows],
        )
