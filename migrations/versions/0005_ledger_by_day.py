"""The ledger is read by day, whatever the kind of money."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_ledger_entries_occurred_on"), "ledger_entries", ["occurred_on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_ledger_entries_occurred_on"), table_name="ledger_entries")
