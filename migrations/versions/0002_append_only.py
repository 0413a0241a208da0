"""What is written once stays: the database itself refuses to change or delete it.

Ledger entries, and the villages' shares of them, from the moment they are submitted; rulings,
snapshots, evidence files and the audit trail at once. A reversal must mirror a submitted entry that
is not itself a reversal: same subject, kind and day, the opposite amount. A draft never becomes a
reversal, and a payment that was submitted gets no further shares.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SHARE_OF_SUBMITTED = (
    "EXISTS (SELECT 1 FROM ledger_entries WHERE id = {row}.entry_id AND submitted_at IS NOT NULL)"
)
MOVED_SHARE = SHARE_OF_SUBMITTED.format(row="NEW")
# table → (what is refused, when a row is kept)
KEPT = {
    "ledger_entries": (
        "ledger entries are append-only: reverse them",
        "OLD.submitted_at IS NOT NULL",
    ),
    "village_payments": (
        "shares of a submitted payment never change",
        SHARE_OF_SUBMITTED.format(row="OLD"),
    ),
    "determinations": ("determinations are append-only: rule anew", "true"),
    "snapshots": ("snapshots never change", "true"),
    "evidence_files": ("evidence files never change", "true"),
    "audit_entries": ("the audit trail never changes", "true"),
}
# trigger → (table, on what, what is refused, when)
GUARDS = {
    "ledger_entries_no_turning": (
        "ledger_entries",
        "UPDATE",
        "a draft does not become a reversal, nor another entry",
        "NEW.reversal_of_id IS NOT NULL OR NEW.id <> OLD.id",
    ),
    "village_payments_no_late_share": (
        "village_payments",
        "INSERT",
        "shares of a submitted payment never change",
        MOVED_SHARE,
    ),
    "village_payments_no_moving": (
        "village_payments",
        "UPDATE",
        "shares of a submitted payment never change",
        MOVED_SHARE,
    ),
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
      AND reversed.precision = NEW.precision
      AND COALESCE(reversed.period_from, reversed.occurred_on)
        = COALESCE(NEW.period_from, NEW.occurred_on)
      AND COALESCE(reversed.purpose, '') = COALESCE(NEW.purpose, '')
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
    for trigger, (table, act, message, when) in GUARDS.items():
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {act} ON {table} WHEN {when} "
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
    for trigger, (table, act, message, when) in GUARDS.items():
        op.execute(
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {act} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {trigger}()"
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
        for trigger in (*GUARDS, "ledger_entries_mirror"):
            op.execute(f"DROP TRIGGER {trigger}")
        return
    guarded = {trigger: table for trigger, (table, *_) in GUARDS.items()}
    for trigger, table in {**guarded, "ledger_entries_mirror": "ledger_entries"}.items():
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION {trigger}()")
    for table in KEPT:
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute(f"DROP TRIGGER {table}_kept_whole ON {table}")
        op.execute(f"DROP FUNCTION {table}_kept()")
