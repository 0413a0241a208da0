"""What people are reminded of, how each reminder is sent, and where they want it sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_addresses",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("by_webhook", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_reminder_addresses_origin")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reminder_addresses_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_addresses")),
        sa.UniqueConstraint("user_id", name=op.f("uq_reminder_addresses_user_id")),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("over_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reminders_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    op.create_index(op.f("ix_reminders_over_at"), "reminders", ["over_at"], unique=False)
    op.create_index(
        op.f("ix_reminders_user_id_over_at_read_at"),
        "reminders",
        ["user_id", "over_at", "read_at"],
        unique=False,
    )
    op.create_index(
        "uq_reminders_told", "reminders", ["user_id", "occasion", "subject", "stage"], unique=True
    )
    op.create_table(
        "reminder_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_reminder_deliveries_sent")
        ),
        sa.CheckConstraint(
            "channel IN ('mail', 'webhook')", name=op.f("ck_reminder_deliveries_channel")
        ),
        sa.CheckConstraint(
            "state = 'waiting' OR lease_until IS NULL", name=op.f("ck_reminder_deliveries_lease")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'dropped')",
            name=op.f("ck_reminder_deliveries_state"),
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_reminder_deliveries_tries")),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminders.id"], name=op.f("fk_reminder_deliveries_reminder_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_deliveries")),
    )
    op.create_index(
        op.f("ix_reminder_deliveries_state_next_at"),
        "reminder_deliveries",
        ["state", "next_at"],
        unique=False,
    )
    op.create_index(
        "uq_reminder_deliveries_reminder_id_channel",
        "reminder_deliveries",
        ["reminder_id", "channel"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("uq_reminder_deliveries_reminder_id_channel", table_name="reminder_deliveries")
    op.drop_index(op.f("ix_reminder_deliveries_state_next_at"), table_name="reminder_deliveries")
    op.drop_table("reminder_deliveries")
    op.drop_index("uq_reminders_told", table_name="reminders")
    op.drop_index(op.f("ix_reminders_user_id_over_at_read_at"), table_name="reminders")
    op.drop_index(op.f("ix_reminders_over_at"), table_name="reminders")
    op.drop_table("reminders")
    op.drop_table("reminder_addresses")
