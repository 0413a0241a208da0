"""The list of 工业大县, and which projects are 产业链 projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "industrial_listings",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_industrial_listings_origin")
        ),
        sa.CheckConstraint(
            "joined_on < left_on", name=op.f("ck_industrial_listings_joined_before_left")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_industrial_listings_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_industrial_listings_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industrial_listings")),
    )
    op.create_index(
        "uq_industrial_listings_region_id_joined_on",
        "industrial_listings",
        ["region_id", "joined_on"],
        unique=True,
    )
    op.add_column("projects", sa.Column("is_chain", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("projects", "is_chain")
    op.drop_table("industrial_listings")
