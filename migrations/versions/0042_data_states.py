"""The count of units that changed what pages show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_data_states_single")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_data_states_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_states")),
    )
    op.execute("INSERT INTO data_states (id, number) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("data_states")
