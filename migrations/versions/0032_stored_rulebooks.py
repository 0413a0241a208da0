"""Sets of rulebooks in the database: drafts, and what was published, which never changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SETS, FILES, ACTS = "rulebook_sets", "rulebook_files", "rulebook_acts"
DONE = "'made', 'file', 'removed', 'line', 'line_removed', 'published', 'discarded'"
KEPT_SETS = "published rulebooks never change: publish anew"
KEPT_FILES = "files of published rulebooks never change: publish anew"
KEPT_ACTS = "acts on rulebooks never change"
SHUT = f"(SELECT state FROM {SETS} WHERE id = {{row}}.set_id) <> 'draft'"


def upgrade() -> None:
    op.create_table(
        SETS,
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("owner_region_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("year BETWEEN 2002 AND 2100", name=op.f(f"ck_{SETS}_year")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'discarded')", name=op.f(f"ck_{SETS}_state")
        ),
        sa.CheckConstraint("status IN ('designed', 'official')", name=op.f(f"ck_{SETS}_status")),
        sa.CheckConstraint("name <> ''", name=op.f(f"ck_{SETS}_name")),
        sa.CheckConstraint(
            "status <> 'official' OR document <> ''", name=op.f(f"ck_{SETS}_official")
        ),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f(f"ck_{SETS}_published"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (sha256 IS NULL)", name=op.f(f"ck_{SETS}_sealed")
        ),
        sa.CheckConstraint(
            "origin IN ('public', 'entered', 'sample')", name=op.f(f"ck_{SETS}_origin")
        ),
        _key(SETS, "owner_region_id", "regions"),
        _key(SETS, "published_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SETS}")),
    )
    op.create_index(op.f(f"ix_{SETS}_owner_region_id"), SETS, ["owner_region_id"])
    op.create_index(op.f(f"ix_{SETS}_year_published_at"), SETS, ["year", "published_at"])
    op.create_table(
        FILES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("path <> ''", name=op.f(f"ck_{FILES}_path")),
        _key(FILES, "set_id", SETS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FILES}")),
    )
    op.create_index("uq_rulebook_files_path", FILES, ["set_id", "path"], unique=True)
    op.create_table(
        ACTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.CheckConstraint(f"act IN ({DONE})", name=op.f(f"ck_{ACTS}_act")),
        _key(ACTS, "set_id", SETS),
        _key(ACTS, "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ACTS}")),
    )
    op.create_index(op.f(f"ix_{ACTS}_set_id"), ACTS, ["set_id"])
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    for act in ("UPDATE", "DELETE"):
        for table, when, words in (
            (SETS, "WHEN OLD.state <> 'draft' ", KEPT_SETS),
            (FILES, f"WHEN {SHUT.format(row='OLD')} ", KEPT_FILES),
            (ACTS, "", KEPT_ACTS),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {FILES}_shut_{act.lower()} BEFORE {act} ON {FILES} "
            f"WHEN {SHUT.format(row='NEW')} BEGIN SELECT RAISE(ABORT, '{KEPT_FILES}'); END"
        )


def _on_postgresql() -> None:
    op.execute(
        f"CREATE FUNCTION {SETS}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_LEVEL = 'ROW' AND OLD.state = 'draft' THEN "
        "RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF; "
        f"RAISE EXCEPTION '{KEPT_SETS}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE FUNCTION {FILES}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_LEVEL = 'STATEMENT' OR (TG_OP <> 'INSERT' AND {SHUT.format(row='OLD')}) "
        f"OR (TG_OP <> 'DELETE' AND {SHUT.format(row='NEW')}) THEN "
        f"RAISE EXCEPTION '{KEPT_FILES}' USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END $$"
    )
    op.execute(
        f"CREATE FUNCTION {ACTS}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{KEPT_ACTS}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in (SETS, FILES, ACTS):
        for name, when in (
            ("kept", f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"),
            ("kept_whole", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            op.execute(f"CREATE TRIGGER {table}_{name} {when} EXECUTE FUNCTION {table}_kept()")
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {FILES}_shut_{act.lower()} BEFORE {act} ON {FILES} FOR EACH ROW "
            f"EXECUTE FUNCTION {FILES}_kept()"
        )


def downgrade() -> None:
    for table in (ACTS, FILES, SETS):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for table in (ACTS, FILES, SETS):
            op.execute(f"DROP FUNCTION {table}_kept()")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
