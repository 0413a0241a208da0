"""Planned milestones of projects; supervision orders may be about a line of a scorecard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

PLANS = "project_milestones"
ORDERS = "supervision_orders"
ABOUT, CARD = f"ck_{ORDERS}_about", f"ck_{ORDERS}_card"
SUBJECTS = ("pairing_id", "enclave_id", "park_id", "project_id", "filing_id", "key_work_id")
SNAPSHOT = "snapshot_id"
WORDS = {"card_sheet": 60, "card_subject": 60, "card_line": 40, "card_words": 480}


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
    with op.batch_alter_table(ORDERS) as batch:
        batch.add_column(sa.Column(SNAPSHOT, sa.Integer(), nullable=True))
        for name, length in WORDS.items():
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=True))
        batch.create_foreign_key(op.f(f"fk_{ORDERS}_{SNAPSHOT}"), "snapshots", [SNAPSHOT], ["id"])
    op.create_index(op.f(f"ix_{ORDERS}_{SNAPSHOT}"), ORDERS, [SNAPSHOT])
    _be_about((*SUBJECTS, SNAPSHOT))
    whole = " AND ".join(f"({name} IS NULL) = ({SNAPSHOT} IS NULL)" for name in WORDS)
    with op.batch_alter_table(ORDERS) as batch:
        batch.create_check_constraint(op.f(CARD), whole)


def _be_about(columns: tuple[str, ...]) -> None:
    number = " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in columns)
    with op.batch_alter_table(ORDERS) as batch:
        batch.drop_constraint(op.f(ABOUT), type_="check")
        batch.create_check_constraint(op.f(ABOUT), f"{number} <= 1")


def downgrade() -> None:
    # An order about a line of a card is about its place from now on.
    with op.batch_alter_table(ORDERS) as batch:
        batch.drop_constraint(op.f(CARD), type_="check")
    _be_about(SUBJECTS)
    op.drop_index(op.f(f"ix_{ORDERS}_{SNAPSHOT}"), table_name=ORDERS)
    with op.batch_alter_table(ORDERS) as batch:
        batch.drop_constraint(op.f(f"fk_{ORDERS}_{SNAPSHOT}"), type_="foreignkey")
        batch.drop_column(SNAPSHOT)
        for name in WORDS:
            batch.drop_column(name)
    op.drop_table(PLANS)
