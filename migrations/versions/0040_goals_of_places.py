"""A goal of a plan names the place that it is set for, and the page that publishes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "plan_goals"
LISHUI_PLAN = "丽水市公布的指标表（67项）"
PLACES = ((f"plan = '{LISHUI_PLAN}'", "331100"), ("scope = '全省'", "330000"))


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("region_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(f"fk_{TABLE}_region_id"), "regions", ["region_id"], ["id"])
        batch.create_foreign_key(op.f(f"fk_{TABLE}_source_id"), "sources", ["source_id"], ["id"])
        batch.create_index(op.f(f"ix_{TABLE}_region_id"), ["region_id"])
    for which, code in PLACES:
        op.execute(
            f"UPDATE {TABLE} SET region_id = (SELECT id FROM regions WHERE code = '{code}') "
            f"WHERE {which}"
        )


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_index(op.f(f"ix_{TABLE}_region_id"))
        batch.drop_constraint(op.f(f"fk_{TABLE}_region_id"), type_="foreignkey")
        batch.drop_constraint(op.f(f"fk_{TABLE}_source_id"), type_="foreignkey")
        batch.drop_column("source_id")
        batch.drop_column("region_id")
