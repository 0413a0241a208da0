"""Parts of filings that bureaus see to, by when, and when they came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PARTS = (
    "'whole', 'projects', 'enclaves', 'enclave_figures', 'parks', 'pairs', 'exchanges', "
    "'villages', 'indicators'"
)


def upgrade() -> None:
    op.create_table(
        "filing_parts",
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("bureau", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_filing_parts_origin")
        ),
        sa.CheckConstraint(f"part IN ({PARTS})", name=op.f("ck_filing_parts_part")),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name=op.f("fk_filing_parts_filing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_parts")),
    )
    op.create_index(op.f("ix_filing_parts_back_on_due_on"), "filing_parts", ["back_on", "due_on"])
    op.create_index(
        "uq_filing_parts_bureau", "filing_parts", ["filing_id", "part", "bureau"], unique=True
    )


def downgrade() -> None:
    op.drop_table("filing_parts")
