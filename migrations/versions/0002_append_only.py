"""What is written once stays: the database itself refuses to change or delete it.

Ledger entries, and the villages' shares of them, from the moment they are submitted; rulings,
snapshots, evidence files and the audit trail at once. A reversal must mirror a submitted entry that
is not itself a reversal: same subject, kind and day, the opposite amount.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SUBMITTED_ENTRY = (
    "EXISTS (SELECT 1 FROM ledger_entries WHERE id = OLD.entry_id AND submitted_at IS NOT NULL)"
)
# table → (what is refused, when it is refused)
KEPT = {
    "ledger_entries": (
        "ledger entries are append-only: reverse them",
        "OLD.submitted_at IS NOT NULL",
    ),
    "village_payments": ("shares of a submitted payment never change", SUBMITTED_ENTRY),
    "determinations": ("determinations are append-only: rule anew", "true"),
    "snapshots": ("snapshots never change", "true"),
    "evidence_files": ("evidence files never change", "true"),
    "audit_entries": ("the audit trail never changes", "true"),
}
SUBJECTS = ("project_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id")
MIRRORED = f"""
    SELECT 1 FROM ledger_entries AS reversed
    WHERE reversed.id = NEW.reversal_of_id
      AND reversed.reversal_of_id IS NULL
      AND reversed.submitted_at IS NOT NULL
      AND reversed.kind = NEW.kind
      AND reversed.occurred_on = NEW.occurred_on
      AND reversed.cumulative = NEW.cumulative
      AND reversed.amount = -NEW.amount
      AND {" AND ".join(f"COALESCE(reversed.{s}, 0) = COALESCE(NEW.{s}, 0)" for s in SUBJECTS)}
"""
NO_MIRROR = "a reversal must mirror its entry"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def _upgrade_sqlite() -> None:
    for table, (message, when) in KEPT.items():
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
    op.execute(
        "CREATE TRIGGER ledger_entries_mirror BEFORE INSERT ON ledger_entries "
        f"WHEN NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({MIRRORED}) "
        f"BEGIN SELECT RAISE(ABORT, '{NO_MIRROR}'); END"
    )


def _upgrade_postgresql() -> None:
    for table, (message, when) in KEPT.items():
        refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation';"
        op.execute(
            f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'TRUNCATE' THEN {refuse} END IF; "
            f"IF {when} THEN {refuse} END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
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
        for table in KEPT:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute("DROP TRIGGER ledger_entries_mirror")
        return
    op.execute("DROP TRIGGER ledger_entries_mirror ON ledger_entries")
    op.execute("DROP FUNCTION ledger_entries_mirror()")
    for table in KEPT:
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute(f"DROP TRIGGER {table}_kept_whole ON {table}")
        op.execute(f"DROP FUNCTION {table}_kept()")
