"""Key work of four lists with its milestones and what was said of it; files prove it, and
supervision orders may be about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KEPT = "key_work_events"
REFUSED = "what was said of a key work never changes"
LINKS = "evidence_links"
ORDERS = "supervision_orders"
ONE_FACT = f"ck_{LINKS}_one_fact"
NO_FACT = {"id", "file_id", "linked_by_id", "withdrawn_by_id"}
ABOUT = f"ck_{ORDERS}_about"
SUBJECTS = ("pairing_id", "enclave_id", "park_id", "project_id", "filing_id")
WORK = "key_work_id"


def _kept() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "key_works",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        *_kept(),
        sa.CheckConstraint("name <> ''", name=op.f("ck_key_works_name")),
        sa.CheckConstraint("responsible <> ''", name=op.f("ck_key_works_responsible")),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_key_works_origin")
        ),
        sa.CheckConstraint(
            "sheet IN ('task', 'lever', 'reform', 'practice')", name=op.f("ck_key_works_sheet")
        ),
        sa.CheckConstraint("starts_on <= due_on", name=op.f("ck_key_works_starts_before_due")),
        sa.CheckConstraint(
            "starts_on <= finished_on", name=op.f("ck_key_works_starts_before_finished")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_key_works_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_works")),
    )
    op.create_index(op.f("ix_key_works_due_on"), "key_works", ["due_on"])
    op.create_index(
        "uq_key_works_work", "key_works", ["region_id", "sheet", "name", "starts_on"], unique=True
    )
    op.create_table(
        "key_work_milestones",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        *_kept(),
        sa.CheckConstraint("name <> ''", name=op.f("ck_key_work_milestones_name")),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_key_work_milestones_origin")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["key_works.id"], name=op.f("fk_key_work_milestones_work_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_work_milestones")),
    )
    op.create_index(
        "uq_key_work_milestones_name", "key_work_milestones", ["work_id", "name"], unique=True
    )
    op.create_table(
        KEPT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(day IS NOT NULL) = (milestone_id IS NOT NULL OR act = 'finished')",
            name=op.f(f"ck_{KEPT}_day"),
        ),
        sa.CheckConstraint(
            "act IN ('reported', 'finished', 'reopened')", name=op.f(f"ck_{KEPT}_act")
        ),
        sa.CheckConstraint(
            "milestone_id IS NULL OR act = 'reported'", name=op.f(f"ck_{KEPT}_milestone")
        ),
        sa.CheckConstraint("words <> ''", name=op.f(f"ck_{KEPT}_words")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f(f"fk_{KEPT}_actor_id")),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["key_work_milestones.id"], name=op.f(f"fk_{KEPT}_milestone_id")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["key_works.id"], name=op.f(f"fk_{KEPT}_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{KEPT}")),
    )
    op.create_index(op.f(f"ix_{KEPT}_work_id"), KEPT, ["work_id"])

    for table in (LINKS, ORDERS):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(WORK, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_{table}_{WORK}"), "key_works", [WORK], ["id"])
        op.create_index(op.f(f"ix_{table}_{WORK}"), table, [WORK])
    _prove_one_fact()
    _be_about((*SUBJECTS, WORK))
    _guard()


def _prove_one_fact() -> None:
    """Let a link prove exactly one of the facts for which there is a column now."""
    columns = sa.inspect(op.get_bind()).get_columns(LINKS)
    facts = [c["name"] for c in columns if c["name"].endswith("_id") and c["name"] not in NO_FACT]
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.create_check_constraint(op.f(ONE_FACT), f"{_number(facts)} = 1")


def _be_about(columns: tuple[str, ...]) -> None:
    with op.batch_alter_table(ORDERS) as batch:
        batch.drop_constraint(op.f(ABOUT), type_="check")
        batch.create_check_constraint(op.f(ABOUT), f"{_number(columns)} <= 1")


def _number(columns: list[str] | tuple[str, ...]) -> str:
    return " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in columns)


def _guard() -> None:
    """Nothing that was said of a work is ever changed or taken away."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {KEPT}_no_{act.lower()} BEFORE {act} ON {KEPT} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {KEPT}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", f"BEFORE UPDATE OR DELETE ON {KEPT} FOR EACH ROW"),
        ("kept_whole", f"BEFORE TRUNCATE ON {KEPT} FOR EACH STATEMENT"),
    ):
        op.execute(f"CREATE TRIGGER {KEPT}_{name} {when} EXECUTE FUNCTION {KEPT}_kept()")


def downgrade() -> None:
    # Files of a work stay, without the link; an order about one is about its place from now on.
    op.execute(f"DELETE FROM {LINKS} WHERE {WORK} IS NOT NULL")
    _be_about(SUBJECTS)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.create_check_constraint(op.f(ONE_FACT), "file_id IS NOT NULL")
    for table in (LINKS, ORDERS):
        op.drop_index(op.f(f"ix_{table}_{WORK}"), table_name=table)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_{WORK}"), type_="foreignkey")
            batch.drop_column(WORK)
    _prove_one_fact()
    op.drop_table(KEPT)
    op.drop_table("key_work_milestones")
    op.drop_table("key_works")
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {KEPT}_kept()")
