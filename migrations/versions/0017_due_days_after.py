"""The day by which a submitted payment was due can be filled in once, when what its contract
promises is confirmed after it: an empty day becomes one, and nothing else of the entry changes.

A downgrade leaves the days that were filled in.
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "ledger_entries"
MESSAGE = "ledger entries are append-only: reverse them"
OTHERS = (
    *("id", "project_id", "enclave_id", "park_id", "pairing_id", "demonstration_village_id"),
    *("kind", "amount", "precision", "occurred_on", "period_from", "cumulative", "purpose"),
    *("villages", "voucher", "note", "reversal_of_id", "source_id", "origin", "entered_at"),
    *("entered_by_id", "submitted_at"),
)
BEFORE = "OLD.submitted_at IS NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(f"{BEFORE} AND NOT ({_filled('IS')})")
    else:
        _guard_postgresql(
            f"IF TG_OP = 'UPDATE' THEN IF {_filled('IS NOT DISTINCT FROM')} "
            "THEN RETURN NEW; END IF; END IF; "
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(BEFORE)
    else:
        _guard_postgresql("")


def _filled(same: str) -> str:
    kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in OTHERS)
    return f"OLD.due_on IS NULL AND NEW.due_on IS NOT NULL AND {kept}"


def _guard_sqlite(when: str) -> None:
    op.execute(f"DROP TRIGGER {TABLE}_no_update")
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def _guard_postgresql(before: str) -> None:
    refuse = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN {refuse} END IF; {before}"
        f"IF {BEFORE} THEN {refuse} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
