"""Planned milestones of projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0042"
branch_labels = None
depends_on = None

PLANS = "project_milestones"


def upgrade() -> None:
    op.create_table(
        PLANS,
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("first_planned_on", sa.Date(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('signed', 'started', 'completed', 'in_production')",
            name=op.f(f"ck_{PLANS}_stage"),
        ),
        sa.CheckConstraint("responsible <> ''", name=op.f(f"ck_{PLANS}_responsible")),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f(f"ck_{PLANS}_origin")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f(f"fk_{PLANS}_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PLANS}")),
    )
    op.create_index(f"uq_{PLANS}_stage", PLANS, ["project_id", "stage"], unique=True)


def downgrade() -> None:
    op.drop_table(PLANS)
