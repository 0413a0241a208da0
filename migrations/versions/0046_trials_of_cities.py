"""Trials have an owner: cities try their own counties by rulebooks of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

OWNER = "owner_region_id"
PROVINCES = f"{OWNER} IS NULL"
MONTH = "uq_trials_month"


def upgrade() -> None:
    with op.batch_alter_table("trials") as batch:
        batch.add_column(sa.Column(OWNER, sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(f"fk_trials_{OWNER}"), "regions", [OWNER], ["id"])
    op.drop_index(MONTH, table_name="trials")
    op.create_index(
        MONTH,
        "trials",
        ["year", "month"],
        unique=True,
        sqlite_where=sa.text(PROVINCES),
        postgresql_where=sa.text(PROVINCES),
    )
    op.create_index("uq_trials_owner_month", "trials", [OWNER, "year", "month"], unique=True)


def downgrade() -> None:
    # Nothing rests on a trial; without its owner a city's would be taken for the province's.
    op.execute(
        "DELETE FROM trial_cards WHERE trial_id IN "
        f"(SELECT id FROM trials WHERE {OWNER} IS NOT NULL)"
    )
    op.execute(f"DELETE FROM trials WHERE {OWNER} IS NOT NULL")
    op.drop_index("uq_trials_owner_month", table_name="trials")
    op.drop_index(MONTH, table_name="trials")
    with op.batch_alter_table("trials") as batch:
        batch.drop_constraint(op.f(f"fk_trials_{OWNER}"), type_="foreignkey")
        batch.drop_column(OWNER)
    op.create_index(MONTH, "trials", ["year", "month"], unique=True)
