"""Trials of the running year, with what each county and city would have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("rulebook_year", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("rulebook_year <= year", name=op.f("ck_trials_rulebook_year")),
        sa.CheckConstraint("length(facts_sha256) = 64", name=op.f("ck_trials_facts_sha256")),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["users.id"], name=op.f("fk_trials_frozen_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
    )
    op.create_index("uq_trials_month", "trials", ["year", "month"], unique=True)
    op.create_table(
        "trial_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("county_class", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("unscorable", sa.Integer(), nullable=False),
        sa.Column("best_grade", sa.String(length=20), nullable=False),
        sa.Column("best_at", sa.BigInteger(), nullable=False),
        sa.Column("best_quota", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_trial_cards_region_id")
        ),
        sa.ForeignKeyConstraint(["trial_id"], ["trials.id"], name=op.f("fk_trial_cards_trial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_cards")),
    )
    op.create_index(
        "uq_trial_cards_subject", "trial_cards", ["trial_id", "sheet", "subject_code"], unique=True
    )
    op.create_index(op.f("ix_trial_cards_region_id"), "trial_cards", ["region_id"])


def downgrade() -> None:
    op.drop_table("trial_cards")
    op.drop_table("trials")
