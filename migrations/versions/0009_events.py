"""Events stand in the trail beside the changes, and the trail is read by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFUSED = "events never change"
# What narrows the trail down is followed by the time, so that a page of it is read from its index.
TRAIL = (["at"], ["actor_id", "at"], ["table_name", "at"], ["action", "at"])


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("set_aside", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "kind IN ('signed_in', 'signed_out', 'locked', 'unlocked', 'scored', 'issued', "
            "'downloaded')",
            name=op.f("ck_events_kind"),
        ),
        sa.CheckConstraint(
            "(table_name IS NULL) = (record_id IS NULL)", name=op.f("ck_events_record")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_events_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("set_aside", name=op.f("uq_events_set_aside")),
    )
    for columns in (["at"], ["actor_id", "at"], ["kind", "at"], ["table_name", "record_id"]):
        op.create_index(op.f(f"ix_events_{'_'.join(columns)}"), "events", columns)
    for columns in TRAIL:
        op.create_index(op.f(f"ix_audit_entries_{'_'.join(columns)}"), "audit_entries", columns)
    op.drop_index(op.f("ix_audit_entries_actor_id"), table_name="audit_entries")
    _guard()


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{act.lower()} BEFORE {act} ON events "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_kept BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION events_kept()"
    )
    op.execute(
        "CREATE TRIGGER events_kept_whole BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_kept()"
    )


def downgrade() -> None:
    op.create_index(op.f("ix_audit_entries_actor_id"), "audit_entries", ["actor_id"])
    for columns in reversed(TRAIL):
        op.drop_index(op.f(f"ix_audit_entries_{'_'.join(columns)}"), table_name="audit_entries")
    op.drop_table("events")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION events_kept()")
