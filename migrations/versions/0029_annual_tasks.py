"""The yearly task list: tasks, what each level gives to the one below, and who issued what; files
can prove what a part was done by.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ORIGINS = "origin IN ('public', 'entered', 'sample')"
KEPT = "events of task lists never change"
LINKS = "evidence_links"
NO_FACT = {"id", "file_id", "linked_by_id", "withdrawn_by_id"}


def upgrade() -> None:
    op.create_table(
        "task_lists",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), server_default="draft", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        *_of_a_record(),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_task_lists_year")),
        sa.CheckConstraint("state IN ('draft', 'issued')", name=op.f("ck_task_lists_state")),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_task_lists_revision")),
        sa.CheckConstraint(
            "(revision > 0) = (state = 'issued')", name=op.f("ck_task_lists_issued")
        ),
        sa.CheckConstraint(ORIGINS, name=op.f("ck_task_lists_origin")),
        _key("task_lists", "region_id", "regions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_lists")),
    )
    op.create_index("uq_task_lists_year_region", "task_lists", ["year", "region_id"], unique=True)
    op.create_index(op.f("ix_task_lists_region_id"), "task_lists", ["region_id"])
    op.create_table(
        "annual_tasks",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lead", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("issued_total", sa.BigInteger(), nullable=True),
        sa.Column("issued_due_on", sa.Date(), nullable=True),
        *_of_a_record(),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_annual_tasks_year")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_annual_tasks_total")),
        sa.CheckConstraint("issued_total >= 0", name=op.f("ck_annual_tasks_issued_total")),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name=op.f("ck_annual_tasks_number")),
        sa.CheckConstraint("measure <> ''", name=op.f("ck_annual_tasks_measure")),
        sa.CheckConstraint(
            "measure IS NOT NULL OR (total IS NULL AND issued_total IS NULL)",
            name=op.f("ck_annual_tasks_milestone"),
        ),
        sa.CheckConstraint(ORIGINS, name=op.f("ck_annual_tasks_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_tasks")),
    )
    op.create_index("uq_annual_tasks_number", "annual_tasks", ["year", "number"], unique=True)
    op.create_index("uq_annual_tasks_measure", "annual_tasks", ["year", "measure"], unique=True)
    _parts()
    _events()
    with op.batch_alter_table(LINKS) as batch:
        batch.add_column(sa.Column("task_part_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f(f"fk_{LINKS}_task_part_id"), "task_parts", ["task_part_id"], ["id"]
        )
    _prove_one_fact()
    op.create_index(op.f(f"ix_{LINKS}_task_part_id"), LINKS, ["task_part_id"])


def _parts() -> None:
    op.create_table(
        "task_parts",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("bureau", sa.String(length=60), nullable=True),
        sa.Column("drafted", sa.Boolean(), nullable=False),
        sa.Column("draft_value", sa.BigInteger(), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=400), nullable=False),
        *_of_a_record(),
        sa.CheckConstraint(
            "CASE WHEN region_id IS NULL THEN 0 ELSE 1 END + "
            "CASE WHEN bureau IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_task_parts_one_receiver"),
        ),
        sa.CheckConstraint("bureau <> ''", name=op.f("ck_task_parts_bureau")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_task_parts_value")),
        sa.CheckConstraint("draft_value >= 0", name=op.f("ck_task_parts_draft_value")),
        sa.CheckConstraint("value IS NULL OR given", name=op.f("ck_task_parts_given")),
        sa.CheckConstraint("draft_value IS NULL OR drafted", name=op.f("ck_task_parts_drafted")),
        sa.CheckConstraint("done_on IS NULL OR given", name=op.f("ck_task_parts_done")),
        sa.CheckConstraint(
            "target_id IS NULL OR region_id IS NOT NULL", name=op.f("ck_task_parts_target")
        ),
        sa.CheckConstraint(ORIGINS, name=op.f("ck_task_parts_origin")),
        _key("task_parts", "list_id", "task_lists"),
        _key("task_parts", "task_id", "annual_tasks"),
        _key("task_parts", "region_id", "regions"),
        _key("task_parts", "target_id", "targets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_parts")),
        sa.UniqueConstraint("target_id", name=op.f("uq_task_parts_target_id")),
    )
    op.create_index("uq_task_parts_region", "task_parts", ["task_id", "region_id"], unique=True)
    op.create_index(
        "uq_task_parts_bureau", "task_parts", ["list_id", "task_id", "bureau"], unique=True
    )
    for column in ("list_id", "region_id"):
        op.create_index(op.f(f"ix_task_parts_{column}"), "task_parts", [column])


def _events() -> None:
    op.create_table(
        "task_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "act IN ('issued', 'adjusted', 'done', 'reopened')", name=op.f("ck_task_events_act")
        ),
        sa.CheckConstraint(
            "(part_id IS NOT NULL) = (act IN ('done', 'reopened'))",
            name=op.f("ck_task_events_part"),
        ),
        sa.CheckConstraint(
            "(revision IS NOT NULL) = (act IN ('issued', 'adjusted'))",
            name=op.f("ck_task_events_revision"),
        ),
        sa.CheckConstraint(
            "(content IS NOT NULL) = (revision IS NOT NULL)", name=op.f("ck_task_events_content")
        ),
        sa.CheckConstraint("reason <> '' OR act = 'issued'", name=op.f("ck_task_events_reason")),
        _key("task_events", "list_id", "task_lists"),
        _key("task_events", "part_id", "task_parts"),
        _key("task_events", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_events")),
    )
    op.create_index("uq_task_events_revision", "task_events", ["list_id", "revision"], unique=True)
    op.create_index(op.f("ix_task_events_part_id"), "task_events", ["part_id"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER task_events_no_{act.lower()} BEFORE {act} ON task_events "
                f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION task_events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", "BEFORE UPDATE OR DELETE ON task_events FOR EACH ROW"),
        ("kept_whole", "BEFORE TRUNCATE ON task_events FOR EACH STATEMENT"),
    ):
        op.execute(f"CREATE TRIGGER task_events_{name} {when} EXECUTE FUNCTION task_events_kept()")


def _prove_one_fact() -> None:
    """Let a link prove exactly one of the facts for which there is a column now."""
    columns = sa.inspect(op.get_bind()).get_columns(LINKS)
    facts = [c["name"] for c in columns if c["name"].endswith("_id") and c["name"] not in NO_FACT]
    one = " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in facts)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(f"ck_{LINKS}_one_fact"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{LINKS}_one_fact"), f"{one} = 1")


def downgrade() -> None:
    op.execute(f"DELETE FROM {LINKS} WHERE task_part_id IS NOT NULL")
    op.drop_index(op.f(f"ix_{LINKS}_task_part_id"), table_name=LINKS)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(f"ck_{LINKS}_one_fact"), type_="check")
        batch.drop_constraint(op.f(f"fk_{LINKS}_task_part_id"), type_="foreignkey")
        batch.drop_column("task_part_id")
        batch.create_check_constraint(op.f(f"ck_{LINKS}_one_fact"), "file_id IS NOT NULL")
    _prove_one_fact()
    for table in ("task_events", "task_parts", "annual_tasks", "task_lists"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION task_events_kept()")


def _of_a_record() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
