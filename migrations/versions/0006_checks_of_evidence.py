"""What the last look at each stored file found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("modified_ns", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('sound', 'missing', 'altered', 'unreadable')",
            name=op.f("ck_evidence_checks_state"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["evidence_files.id"], name=op.f("fk_evidence_checks_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_checks")),
        sa.UniqueConstraint("file_id", name=op.f("uq_evidence_checks_file_id")),
    )


def downgrade() -> None:
    op.drop_table("evidence_checks")
