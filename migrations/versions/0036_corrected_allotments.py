"""Allotments that were entered wrong are put right: an event names the one that it stands for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLE = "application_events"
AMOUNT = f"ck_{TABLE}_amount"
CORRECTS = f"ck_{TABLE}_corrects"
KEY = f"fk_{TABLE}_corrects_id"
ONCE = f"uq_{TABLE}_corrects"
GIVEN = "amount IS NOT NULL AND amount > 0 AND act IN ('granted', 'allotted')"
BEFORE = f"{GIVEN} OR amount IS NULL AND act <> 'allotted'"
AFTER = f"{GIVEN} OR amount IS NULL AND (act <> 'allotted' OR corrects_id IS NOT NULL)"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(KEY), TABLE, ["corrects_id"], ["id"])
        batch.drop_constraint(op.f(AMOUNT), type_="check")
        batch.create_check_constraint(op.f(AMOUNT), AFTER)
        batch.create_check_constraint(
            op.f(CORRECTS), "corrects_id IS NULL OR act = 'allotted' AND reason <> ''"
        )
        batch.create_index(op.f(ONCE), ["corrects_id"], unique=True)


def downgrade() -> None:
    # What was put right cannot be told any more: the sums of before would stand beside the new
    # ones. Nobody loses what was entered.
    found = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {TABLE} WHERE corrects_id > 0"))
    if found:
        raise RuntimeError(f"{found} 笔资金下达已更正，降级会使更正前后的金额并存，不能降级。")
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_index(op.f(ONCE))
        batch.drop_constraint(op.f(CORRECTS), type_="check")
        batch.drop_constraint(op.f(AMOUNT), type_="check")
        batch.create_check_constraint(op.f(AMOUNT), BEFORE)
        batch.drop_constraint(op.f(KEY), type_="foreignkey")
        batch.drop_column("corrects_id")
