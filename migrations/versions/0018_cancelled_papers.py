"""What was not printed yet when somebody stopped an issue is cancelled, and keeps its number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = "'waiting', 'done', 'failed', 'refused'"
NAME = "ck_paper_tasks_state"


def upgrade() -> None:
    _let_states_be(f"{BEFORE}, 'cancelled'")


def downgrade() -> None:
    op.execute(
        sa.text(
            "UPDATE paper_tasks SET state = 'failed', reason = '签发已取消' "
            "WHERE state = 'cancelled'"
        )
    )
    _let_states_be(BEFORE)


def _let_states_be(states: str) -> None:
    with op.batch_alter_table("paper_tasks") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"state IN ({states})")
