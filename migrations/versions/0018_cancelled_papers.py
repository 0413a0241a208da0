"""What was not printed yet when somebody stopped an issue is cancelled, and keeps its number; years
that were asked to be scored."""

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
    op.create_table(
        "scorings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_scorings_state")
        ),
        sa.CheckConstraint("(state = 'failed') = (reason <> '')", name=op.f("ck_scorings_reason")),
        sa.CheckConstraint(
            "(state = 'done') = (snapshot_id IS NOT NULL)", name=op.f("ck_scorings_snapshot")
        ),
        sa.CheckConstraint(
            "(holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_scorings_lease")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_scorings_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_scorings_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorings")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_scorings_waiting",
        "scorings",
        ["year"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("scorings")
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
