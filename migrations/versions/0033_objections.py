"""Objections to lines of cards, with what was done with them; files can prove them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KEPT = ("objection_claims", "objection_events", "objection_rulings")
REFUSED = "what was done with an objection never changes"
LINKS = "evidence_links"
ONE_FACT = f"ck_{LINKS}_one_fact"
NO_FACT = {"id", "file_id", "linked_by_id", "withdrawn_by_id"}
OPEN, FILED, OVER = "state = 'open'", "act = 'filed'", "act <> 'filed'"


def upgrade() -> None:
    op.create_table(
        "objections",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("line_name", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f("ck_objections_origin")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'partly', 'refused', 'withdrawn')",
            name=op.f("ck_objections_state"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_objections_words")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_objections_{column}"))
            for column, table in (
                ("assessment_id", "assessments"),
                ("region_id", "regions"),
                ("snapshot_id", "snapshots"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    for column in ("assessment_id", "region_id"):
        op.create_index(op.f(f"ix_objections_{column}"), "objections", [column])
    _once(
        "uq_objections_line", "objections", OPEN, "assessment_id", "subject", "subject_code", "line"
    )
    op.create_table(
        "objection_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objections.id"], name=op.f("fk_objection_claims_objection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_claims")),
    )
    op.create_index(
        "uq_objection_claims_measure", "objection_claims", ["objection_id", "measure"], unique=True
    )
    op.create_table(
        "objection_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "act IN ('filed', 'withdrawn', 'granted', 'partly', 'refused')",
            name=op.f("ck_objection_events_act"),
        ),
        sa.CheckConstraint(
            "act = 'filed' OR reason <> ''", name=op.f("ck_objection_events_reason")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_objection_events_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objections.id"], name=op.f("fk_objection_events_objection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_events")),
    )
    op.create_index(op.f("ix_objection_events_objection_id"), "objection_events", ["objection_id"])
    _once("uq_objection_events_filed", "objection_events", FILED, "objection_id")
    _once("uq_objection_events_over", "objection_events", OVER, "objection_id")
    op.create_table(
        "objection_rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("determination_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["determination_id"],
            ["determinations.id"],
            name=op.f("fk_objection_rulings_determination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["objection_events.id"], name=op.f("fk_objection_rulings_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_rulings")),
        sa.UniqueConstraint("determination_id", name=op.f("uq_objection_rulings_determination_id")),
    )
    op.create_index(op.f("ix_objection_rulings_event_id"), "objection_rulings", ["event_id"])
    with op.batch_alter_table(LINKS) as batch:
        batch.add_column(sa.Column("objection_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f(f"fk_{LINKS}_objection_id"), "objections", ["objection_id"], ["id"]
        )
    _prove_one_fact()
    op.create_index(op.f(f"ix_{LINKS}_objection_id"), LINKS, ["objection_id"])
    _guard()


def _once(name: str, table: str, where: str, *columns: str) -> None:
    op.create_index(
        name,
        table,
        list(columns),
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _prove_one_fact() -> None:
    """Let a link prove exactly one of the facts for which there is a column now."""
    columns = sa.inspect(op.get_bind()).get_columns(LINKS)
    facts = [c["name"] for c in columns if c["name"].endswith("_id") and c["name"] not in NO_FACT]
    one = " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in facts)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.create_check_constraint(op.f(ONE_FACT), f"{one} = 1")


def _guard() -> None:
    """No claim, act or ruling of an objection is ever changed or taken away."""
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
    op.execute(f"DELETE FROM {LINKS} WHERE objection_id IS NOT NULL")
    op.drop_index(op.f(f"ix_{LINKS}_objection_id"), table_name=LINKS)
    with op.batch_alter_table(LINKS) as batch:
        batch.drop_constraint(op.f(ONE_FACT), type_="check")
        batch.drop_constraint(op.f(f"fk_{LINKS}_objection_id"), type_="foreignkey")
        batch.drop_column("objection_id")
        batch.create_check_constraint(op.f(ONE_FACT), "file_id IS NOT NULL")
    _prove_one_fact()
    for table in ("objection_rulings", "objection_events", "objection_claims", "objections"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_kept()")
