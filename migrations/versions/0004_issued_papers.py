"""Issued papers: what was numbered stays as it is, and a batch knows what of it is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = "kind IN ('scorecard', 'province', 'city', 'pair', 'enclave')"
KEPT = {
    "paper_issues": "issues of papers never change",
    "issued_papers": "issued papers never change",
    "issued_paper_regions": "who may see an issued paper never changes",
}


def upgrade() -> None:
    op.create_table(
        "paper_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_checks")),
    )
    op.create_index(op.f("ix_paper_checks_address_at"), "paper_checks", ["address", "at"])
    op.create_table(
        "paper_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_paper_issues_ordinal")),
        sa.CheckConstraint("(ordinal > 1) = (reason <> '')", name=op.f("ck_paper_issues_reason")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_paper_issues_snapshot_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["users.id"], name=op.f("fk_paper_issues_started_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_issues")),
        sa.UniqueConstraint("snapshot_id", name=op.f("uq_paper_issues_snapshot_id")),
    )
    op.create_index(
        "uq_paper_issues_year_ordinal", "paper_issues", ["year", "ordinal"], unique=True
    )
    op.create_table(
        "issued_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("verify_text", sa.String(length=300), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_issued_papers_kind")),
        sa.CheckConstraint("number <> ''", name=op.f("ck_issued_papers_number")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_issued_papers_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_issued_papers_size")),
        sa.CheckConstraint("pages > 0", name=op.f("ck_issued_papers_pages")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["paper_issues.id"], name=op.f("fk_issued_papers_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["issued_papers.id"], name=op.f("fk_issued_papers_supersedes_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["users.id"], name=op.f("fk_issued_papers_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_papers")),
        sa.UniqueConstraint("number", name=op.f("uq_issued_papers_number")),
        sa.UniqueConstraint("sha256", name=op.f("uq_issued_papers_sha256")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_issued_papers_supersedes_id")),
    )
    op.create_index(
        "uq_issued_papers_place", "issued_papers", ["issue_id", "position"], unique=True
    )
    op.create_index(
        op.f("ix_issued_papers_year_kind_sheet_subject_code"),
        "issued_papers",
        ["year", "kind", "sheet", "subject_code"],
    )
    op.create_table(
        "issued_paper_regions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["issued_papers.id"], name=op.f("fk_issued_paper_regions_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_issued_paper_regions_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_paper_regions")),
    )
    op.create_index(
        op.f("ix_issued_paper_regions_region_id"), "issued_paper_regions", ["region_id"]
    )
    op.create_index(
        "uq_issued_paper_regions_pair",
        "issued_paper_regions",
        ["paper_id", "region_id"],
        unique=True,
    )
    op.create_table(
        "paper_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_paper_tasks_kind")),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed', 'refused')", name=op.f("ck_paper_tasks_state")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (running IS NULL)", name=op.f("ck_paper_tasks_running")
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'failed') OR reason <> ''", name=op.f("ck_paper_tasks_reason")
        ),
        sa.CheckConstraint(
            "(holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_paper_tasks_lease")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["paper_issues.id"], name=op.f("fk_paper_tasks_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["issued_papers.id"], name=op.f("fk_paper_tasks_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_tasks")),
    )
    op.create_index("uq_paper_tasks_place", "paper_tasks", ["issue_id", "position"], unique=True)
    op.create_index("uq_paper_tasks_running", "paper_tasks", ["issue_id", "running"], unique=True)
    op.create_index("ix_paper_tasks_state", "paper_tasks", ["issue_id", "state", "position"])
    _guard()


def _guard() -> None:
    """Let the database refuse to change or delete what was issued."""
    for table, message in KEPT.items():
        if op.get_bind().dialect.name == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
            continue
        op.execute(
            f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
        )


def downgrade() -> None:
    # A table takes its triggers along; PostgreSQL keeps their functions.
    for table in ("paper_tasks", "issued_paper_regions", "issued_papers", "paper_issues"):
        op.drop_table(table)
        if table in KEPT and op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_kept()")
    op.drop_table("paper_checks")
