"""The database itself refuses to change or delete ledger entries and snapshots.

A reversal must mirror an entry that is not itself a reversal: same subject, kind and day, the
opposite amount.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "ledger_entries": "ledger entries are append-only: reverse them",
    "snapshots": "snapshots never change",
}

MIRRORED = """
    SELECT 1 FROM ledger_entries AS reversed
    WHERE reversed.id = NEW.reversal_of_id
      AND reversed.reversal_of_id IS NULL
      AND reversed.kind = NEW.kind
      AND reversed.occurred_on = NEW.occurred_on
      AND reversed.cumulative = NEW.cumulative
      AND reversed.amount = -NEW.amount
      AND COALESCE(reversed.project_id, 0) = COALESCE(NEW.project_id, 0)
      AND COALESCE(reversed.enclave_id, 0) = COALESCE(NEW.enclave_id, 0)
      AND COALESCE(reversed.pairing_id, 0) = COALESCE(NEW.pairing_id, 0)
"""
NO_MIRROR = "a reversal must mirror its entry"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, message in APPEND_ONLY.items():
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
        op.execute(
            "CREATE TRIGGER ledger_entries_mirror BEFORE INSERT ON ledger_entries "
            f"WHEN NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({MIRRORED}) "
            f"BEGIN SELECT RAISE(ABORT, '{NO_MIRROR}'); END"
        )
        return
    for table, message in APPEND_ONLY.items():
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
    op.execute(
        "CREATE FUNCTION ledger_entries_mirror() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({MIRRORED}) THEN "
        f"RAISE EXCEPTION '{NO_MIRROR}' USING ERRCODE = 'restrict_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entries_mirror BEFORE INSERT ON ledger_entries "
        "FOR EACH ROW EXECUTE FUNCTION ledger_entries_mirror()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute("DROP TRIGGER ledger_entries_mirror")
        return
    op.execute("DROP TRIGGER ledger_entries_mirror ON ledger_entries")
    op.execute("DROP FUNCTION ledger_entries_mirror()")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP FUNCTION {table}_append_only()")
