"""One kind of row for all work that somebody asked for, and the files that come of it; years that
were asked to be scored move there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
STATES = "'waiting', 'done', 'failed', 'cancelled'"
ROLES = "'staff', 'reviewer', 'assessor', 'leader', 'administrator'"


def upgrade() -> None:
    _make_jobs()
    _make_chunks()
    # When a scoring ended was not kept, nor what those who asked were then.
    op.execute(
        sa.text(
            "INSERT INTO background_jobs (kind, arguments, owner, title, asked_at, asked_by_id, "
            "state, step, done, total, reason, holder, lease_until, tries, result_id) "
            "SELECT 'scoring', '[' || CAST(year AS VARCHAR(10)) || ']', 0, "
            "CAST(year AS VARCHAR(10)) || ' 年度计分', asked_at, asked_by_id, state, step, 0, 0, "
            "reason, holder, lease_until, 0, snapshot_id FROM scorings ORDER BY id"
        )
    )
    op.drop_table("scorings")


def downgrade() -> None:
    _make_scorings()
    # Of the other kinds there is nothing that could not be asked for again.
    op.execute(
        sa.text(
            "INSERT INTO scorings (year, asked_at, asked_by_id, state, step, reason, holder, "
            "lease_until, snapshot_id) "
            "SELECT CAST(substr(arguments, 2, length(arguments) - 2) AS INTEGER), asked_at, "
            "asked_by_id, CASE state WHEN 'cancelled' THEN 'failed' ELSE state END, step, "
            "CASE state WHEN 'cancelled' THEN '已取消' ELSE reason END, holder, lease_until, "
            "result_id FROM background_jobs WHERE kind = 'scoring' ORDER BY id"
        )
    )
    op.drop_table("background_chunks")
    op.drop_table("background_jobs")


def _make_jobs() -> None:
    op.create_table(
        "background_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.String(length=400), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_role", sa.String(length=24), nullable=True),
        sa.Column("asked_region_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=True),
        sa.Column("file_type", sa.String(length=100), nullable=True),
        sa.Column("file_size", sa.Integer(), nullable=True),
        sa.Column("kept_until", sa.DateTime(), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_background_jobs_state")),
        sa.CheckConstraint(f"asked_role IN ({ROLES})", name=op.f("ck_background_jobs_asked_role")),
        sa.CheckConstraint(
            "(state = 'failed') = (reason <> '')", name=op.f("ck_background_jobs_reason")
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR ended_at IS NULL", name=op.f("ck_background_jobs_ended")
        ),
        sa.CheckConstraint(
            "(holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_background_jobs_lease")
        ),
        sa.CheckConstraint(
            "state = 'waiting' OR holder IS NULL", name=op.f("ck_background_jobs_holder")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_background_jobs_done")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_background_jobs_tries")),
        sa.CheckConstraint(
            "(file_name IS NULL) = (file_type IS NULL) AND (file_name IS NULL) = "
            "(file_size IS NULL)",
            name=op.f("ck_background_jobs_file"),
        ),
        sa.CheckConstraint(
            "file_name IS NULL OR state = 'done'", name=op.f("ck_background_jobs_file_of_done")
        ),
        sa.CheckConstraint(
            "file_name IS NULL OR kept_until IS NOT NULL",
            name=op.f("ck_background_jobs_file_kept"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_background_jobs_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_region_id"], ["regions.id"], name=op.f("fk_background_jobs_asked_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_jobs")),
    )
    op.create_index(
        "uq_background_jobs_waiting",
        "background_jobs",
        ["kind", "arguments", "owner"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(
        op.f("ix_background_jobs_kind_arguments_id"),
        "background_jobs",
        ["kind", "arguments", "id"],
    )
    op.create_index(
        op.f("ix_background_jobs_asked_by_id_id"), "background_jobs", ["asked_by_id", "id"]
    )
    op.create_index(op.f("ix_background_jobs_kept_until"), "background_jobs", ["kept_until"])


def _make_chunks() -> None:
    op.create_table(
        "background_chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("place >= 0", name=op.f("ck_background_chunks_place")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["background_jobs.id"], name=op.f("fk_background_chunks_job_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_chunks")),
    )
    op.create_index(
        "uq_background_chunks_place", "background_chunks", ["job_id", "given", "place"], unique=True
    )


def _make_scorings() -> None:
    """As 0018 made them."""
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
    op.create_index(
        "uq_scorings_waiting",
        "scorings",
        ["year"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
