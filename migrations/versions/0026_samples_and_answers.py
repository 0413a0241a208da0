"""Samples of reported figures, drawn by a published seed, with what a look at each gave; and the
answers of places to rulings on their figures. All of it is added to, never changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KEPT = {
    "samplings": "samplings never change",
    "sampled_facts": "what was drawn never changes",
    "sample_checks": "checks of samples never change",
    "ruling_answers": "answers to rulings never change",
}


def upgrade() -> None:
    op.create_table(
        "samplings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("level IN ('city', 'province')", name=op.f("ck_samplings_level")),
        sa.CheckConstraint("seed <> ''", name=op.f("ck_samplings_seed")),
        sa.CheckConstraint("size BETWEEN 1 AND population", name=op.f("ck_samplings_size")),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f("ck_samplings_year")),
        _key("samplings", "snapshot_id", "snapshots"),
        _key("samplings", "region_id", "regions"),
        _key("samplings", "drawn_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samplings")),
    )
    op.create_index(op.f("ix_samplings_year_region_id"), "samplings", ["year", "region_id"])
    op.create_index(op.f("ix_samplings_snapshot_id"), "samplings", ["snapshot_id"])
    op.create_table(
        "sampled_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sampling_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("subject_code", sa.String(length=60), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("reported", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("place >= 1", name=op.f("ck_sampled_facts_place")),
        _key("sampled_facts", "sampling_id", "samplings"),
        _key("sampled_facts", "region_id", "regions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_facts")),
    )
    op.create_index(
        "uq_sampled_facts_place", "sampled_facts", ["sampling_id", "place"], unique=True
    )
    op.create_index(op.f("ix_sampled_facts_region_id"), "sampled_facts", ["region_id"])
    op.create_table(
        "sample_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sampled_fact_id", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("passed OR note <> ''", name=op.f("ck_sample_checks_note")),
        _key("sample_checks", "sampled_fact_id", "sampled_facts"),
        _key("sample_checks", "checked_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_checks")),
    )
    op.create_index(op.f("ix_sample_checks_sampled_fact_id"), "sample_checks", ["sampled_fact_id"])
    op.create_table(
        "ruling_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("determination_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("agrees OR words <> ''", name=op.f("ck_ruling_answers_words")),
        _key("ruling_answers", "determination_id", "determinations"),
        _key("ruling_answers", "answered_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling_answers")),
    )
    op.create_index(
        op.f("ix_ruling_answers_determination_id"), "ruling_answers", ["determination_id"]
    )
    for table, refused in KEPT.items():
        _guard(table, refused)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _guard(table: str, refused: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{refused}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, when in (
        ("kept", f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"),
        ("kept_whole", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
    ):
        op.execute(f"CREATE TRIGGER {table}_{name} {when} EXECUTE FUNCTION {table}_kept()")


def downgrade() -> None:
    for table in reversed(list(KEPT)):
        op.drop_table(table)
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_kept()")
