"""What was unusual of an entry when it was submitted is kept with the reason given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger_entry_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rules <> ''", name=op.f("ck_ledger_doubts_rules")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_ledger_doubts_reason")),
        sa.ForeignKeyConstraint(
            ["ledger_entry_id"],
            ["ledger_entries.id"],
            name=op.f("fk_ledger_doubts_ledger_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_ledger_doubts_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_doubts")),
        sa.UniqueConstraint("ledger_entry_id", name=op.f("uq_ledger_doubts_ledger_entry_id")),
    )


def downgrade() -> None:
    op.drop_table("ledger_doubts")
