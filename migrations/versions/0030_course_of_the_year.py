"""A year's assessment goes its course in acts that are kept; reviews of cards and gaps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEPT = ("assessment_events", "card_reviews", "gaps")
REFUSED = "what was done to an assessment never changes"


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("stage_at", sa.DateTime(), nullable=False),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_assessments_origin")
        ),
        sa.CheckConstraint(
            "stage <> 'circular' OR document <> ''", name=op.f("ck_assessments_document")
        ),
        sa.CheckConstraint(
            "stage <> 'notice' OR notice_until IS NOT NULL", name=op.f("ck_assessments_notice")
        ),
        sa.CheckConstraint(
            "stage IN ('preparing', 'self', 'city', 'province', 'notice', 'objections', 'final', 'circular')",
            name=op.f("ck_assessments_stage"),
        ),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_assessments_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("year", name=op.f("uq_assessments_year")),
    )
    op.create_table(
        "assessment_days",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_assessment_days_origin")
        ),
        sa.CheckConstraint(
            "stage IN ('self', 'city', 'province', 'notice', 'objections', 'final', 'circular')",
            name=op.f("ck_assessment_days_stage"),
        ),
        sa.CheckConstraint(
            "stated_on <= due_on", name=op.f("ck_assessment_days_stated_on_before_due_on")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_days_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_days")),
    )
    with op.batch_alter_table("assessment_days", schema=None) as batch_op:
        batch_op.create_index("uq_assessment_days_stage", ["assessment_id", "stage"], unique=True)

    op.create_table(
        "card_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_over", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_card_reviews_actor_id")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_card_reviews_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_reviews")),
    )
    with op.batch_alter_table("card_reviews", schema=None) as batch_op:
        batch_op.create_index(
            "ix_card_reviews_card", ["assessment_id", "subject", "subject_code"], unique=False
        )

    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_gaps_reason")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_gaps_actor_id")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_gaps_assessment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    with op.batch_alter_table("gaps", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gaps_line", ["assessment_id", "subject", "subject_code", "line"], unique=False
        )

    op.create_table(
        "assessment_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("from_stage", sa.String(length=24), nullable=False),
        sa.Column("to_stage", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "act IN ('opened', 'begun', 'self_closed', 'city_closed', 'notified', 'notice_ended', 'finalised', 'circulated', 'taken_back', 'reopened')",
            name=op.f("ck_assessment_events_act"),
        ),
        sa.CheckConstraint(
            "from_stage IN ('preparing', 'self', 'city', 'province', 'notice', 'objections', 'final', 'circular')",
            name=op.f("ck_assessment_events_from_stage"),
        ),
        sa.CheckConstraint(
            "reason <> '' OR act NOT IN ('taken_back', 'reopened')",
            name=op.f("ck_assessment_events_reason"),
        ),
        sa.CheckConstraint(
            "snapshot_id IS NOT NULL OR act NOT IN ('self_closed', 'city_closed', 'notified', 'finalised')",
            name=op.f("ck_assessment_events_snapshot"),
        ),
        sa.CheckConstraint(
            "to_stage IN ('preparing', 'self', 'city', 'province', 'notice', 'objections', 'final', 'circular')",
            name=op.f("ck_assessment_events_to_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_assessment_events_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_events_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_assessment_events_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_events")),
    )
    with op.batch_alter_table("assessment_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_events_assessment_id"), ["assessment_id"], unique=False
        )

    _guard()


def _guard() -> None:
    """No act, review or gap is ever changed or taken away."""
    for table in KEPT:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
                )
            continue
        op.execute(
            f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        for name, when in (
            ("kept", f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"),
            ("kept_whole", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE TRIGGER {table}_{name} {when} EXECUTE FUNCTION {table}_kept()")


def downgrade() -> None:
    with op.batch_alter_table("assessment_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_events_assessment_id"))

    op.drop_table("assessment_events")
    with op.batch_alter_table("gaps", schema=None) as batch_op:
        batch_op.drop_index("ix_gaps_line")

    op.drop_table("gaps")
    with op.batch_alter_table("card_reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_card_reviews_card")

    op.drop_table("card_reviews")
    with op.batch_alter_table("assessment_days", schema=None) as batch_op:
        batch_op.drop_index("uq_assessment_days_stage")

    op.drop_table("assessment_days")
    op.drop_table("assessments")
    if op.get_bind().dialect.name != "sqlite":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_kept()")
