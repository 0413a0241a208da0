"""What was unusual of any record, and why it is right, is kept in one place and for good.

The answers about the ledger's entries move there from `ledger_doubts`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REFUSED = "answers about doubts never change"
_ENTRIES = "ledger_entries"
# Whose record an entry is, by what the money belongs to: (key, table, that one's region).
_OWNERS = (
    ("project_id", "projects", "region_id"),
    ("enclave_id", "enclaves", "origin_id"),
    ("park_id", "parks", "recipient_id"),
    ("pairing_id", "pairings", "recipient_id"),
    ("demonstration_village_id", "demonstration_villages", "county_id"),
)


def upgrade() -> None:
    op.create_table(
        "answered_doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rules <> ''", name=op.f("ck_answered_doubts_rules")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_answered_doubts_reason")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_answered_doubts_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_answered_doubts_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answered_doubts")),
    )
    for columns in (["table_name", "record_id"], ["region_id", "year"]):
        op.create_index(op.f(f"ix_answered_doubts_{'_'.join(columns)}"), "answered_doubts", columns)
    year = (
        "strftime('%Y', entry.occurred_on)"
        if op.get_bind().dialect.name == "sqlite"
        else "EXTRACT(YEAR FROM entry.occurred_on)"
    )
    op.execute(
        "INSERT INTO answered_doubts (table_name, record_id, name, region_id, year, rules, words, "
        "reason, answered_at, answered_by_id) "
        f"SELECT '{_ENTRIES}', entry.id, '台账 ' || entry.id || ' 号', {_region()}, "
        f"CAST({year} AS INTEGER), doubt.rules, doubt.words, "
        "doubt.reason, doubt.answered_at, doubt.answered_by_id "
        "FROM ledger_doubts AS doubt JOIN ledger_entries AS entry "
        "ON entry.id = doubt.ledger_entry_id ORDER BY doubt.id"
    )
    op.drop_table("ledger_doubts")
    _guard()


def _region() -> str:
    return (
        "CASE "
        + " ".join(
            f"WHEN entry.{key} IS NOT NULL THEN "
            f"(SELECT of.{region} FROM {table} AS of WHERE of.id = entry.{key})"
            for key, table, region in _OWNERS
        )
        + " END"
    )


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER answered_doubts_no_{act.lower()} BEFORE {act} ON answered_doubts "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION answered_doubts_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER answered_doubts_kept BEFORE UPDATE OR DELETE ON answered_doubts "
        "FOR EACH ROW EXECUTE FUNCTION answered_doubts_kept()"
    )
    op.execute(
        "CREATE TRIGGER answered_doubts_kept_whole BEFORE TRUNCATE ON answered_doubts "
        "FOR EACH STATEMENT EXECUTE FUNCTION answered_doubts_kept()"
    )


def downgrade() -> None:
    op.create_table(
        "ledger_doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger_entry_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rules <> ''", name=op.f("ck_ledger_doubts_rules")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_ledger_doubts_reason")),
        sa.ForeignKeyConstraint(
            ["ledger_entry_id"],
            ["ledger_entries.id"],
            name=op.f("fk_ledger_doubts_ledger_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_ledger_doubts_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_doubts")),
        sa.UniqueConstraint("ledger_entry_id", name=op.f("uq_ledger_doubts_ledger_entry_id")),
    )
    op.execute(
        "INSERT INTO ledger_doubts (ledger_entry_id, rules, words, reason, answered_at, "
        "answered_by_id) SELECT record_id, substr(rules, 1, 200), words, reason, answered_at, "
        f"answered_by_id FROM answered_doubts WHERE table_name = '{_ENTRIES}' ORDER BY id"
    )
    op.drop_table("answered_doubts")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION answered_doubts_kept()")
